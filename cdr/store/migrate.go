package store

import (
	"context"
	"errors"
	"fmt"
	"io/fs"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/pressly/goose/v3"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"
	"github.com/riverqueue/river/rivermigrate"

	"linekeeper/deploy"
)

// migrationLock is the advisory lock under which one process at a time
// migrates; the number has no meaning but must never change.
const migrationLock = 7108820261121

// Migrate brings the schema to this version: our migrations, then River's. It
// may run in several processes at once; done already, it takes milliseconds.
func Migrate(ctx context.Context, pool *pgxpool.Pool) error {
	unlock, err := lockMigrations(ctx, pool)
	if err != nil {
		return fmt.Errorf("migrate: %w", err)
	}
	err = migrateOurs(ctx, pool)
	if err == nil {
		err = migrateRiver(ctx, pool)
	}
	return errors.Join(err, unlock())
}

// lockMigrations takes the lock on a connection of its own: a session lock on a
// pooled one would belong to whoever gets that connection next.
func lockMigrations(ctx context.Context, pool *pgxpool.Pool) (unlock func() error, err error) {
	conn, err := pgx.ConnectConfig(ctx, pool.Config().ConnConfig)
	if err != nil {
		return nil, err
	}
	if _, err := conn.Exec(ctx, "SELECT pg_advisory_lock($1)", int64(migrationLock)); err != nil {
		return nil, errors.Join(err, conn.Close(context.WithoutCancel(ctx)))
	}
	return func() error { return conn.Close(context.WithoutCancel(ctx)) }, nil
}

func migrateOurs(ctx context.Context, pool *pgxpool.Pool) error {
	files, err := fs.Sub(deploy.Migrations, "migrations")
	if err != nil {
		return fmt.Errorf("migrate: %w", err)
	}
	db := stdlib.OpenDBFromPool(pool)
	goosed, err := goose.NewProvider(goose.DialectPostgres, db, files)
	if err != nil {
		return fmt.Errorf("read migrations: %w", errors.Join(err, db.Close()))
	}
	if _, err := goosed.Up(ctx); err != nil {
		return fmt.Errorf("migrate: %w", errors.Join(err, goosed.Close()))
	}
	return goosed.Close()
}

func migrateRiver(ctx context.Context, pool *pgxpool.Pool) error {
	migrator, err := rivermigrate.New(riverpgxv5.New(pool), nil)
	if err != nil {
		return fmt.Errorf("migrate River: %w", err)
	}
	if _, err := migrator.Migrate(ctx, rivermigrate.DirectionUp, nil); err != nil {
		return fmt.Errorf("migrate River: %w", err)
	}
	return nil
}
