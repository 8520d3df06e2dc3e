package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"linekeeper/cdr/store/internal/db"
)

// Definitions keeps every version of the definitions that was put in force. Safe
// for concurrent use; additions take turns, across processes too.
type Definitions struct{ pool *pgxpool.Pool }

// NewDefinitions returns the definitions kept in pool.
func NewDefinitions(pool *pgxpool.Pool) *Definitions { return &Definitions{pool: pool} }

// DefinitionsVersion is one version of the definitions.
type DefinitionsVersion struct {
	Version  int64 // from 1
	At       time.Time
	Account  string // who applied it
	Revision string // of the files' contents, 16 hexadecimal digits
	Files    map[string]string
}

// Add keeps v as the version after the newest one, and after v.Version, which is
// the version in force where it is applied. Before anything is final, keep is
// told the version and keeps it elsewhere; if it fails nothing is added. An error
// after keep has succeeded wraps ErrKeptElsewhere: then Put brings it in later.
func (d *Definitions) Add(ctx context.Context, v DefinitionsVersion, keep func(DefinitionsVersion) error) (DefinitionsVersion, error) {
	kept := false
	err := pgx.BeginFunc(ctx, d.pool, func(tx pgx.Tx) error {
		q := db.New(tx)
		if err := q.LockDefinitions(ctx); err != nil {
			return err
		}
		newest, err := q.NewestDefinitions(ctx)
		if err != nil {
			return err
		}
		v.Version = max(newest, v.Version) + 1
		if _, err := put(ctx, q, v); err != nil {
			return err
		}
		if err := keep(v); err != nil {
			return err
		}
		kept = true
		return nil
	})
	switch {
	case err != nil && kept:
		return v, fmt.Errorf("add definitions version %d: %w: %w", v.Version, ErrKeptElsewhere, err)
	case err != nil:
		return v, fmt.Errorf("add definitions: %w", err)
	}
	return v, nil
}

// ErrKeptElsewhere says that a version is in force and not yet in the database.
var ErrKeptElsewhere = errors.New("kept elsewhere, not here yet")

// Put keeps a version as it is, and is no error when it is there already. Newest
// is the newest version there is afterwards.
func (d *Definitions) Put(ctx context.Context, v DefinitionsVersion) (newest int64, err error) {
	q := db.New(d.pool)
	if _, err := put(ctx, q, v); err != nil {
		return 0, fmt.Errorf("put definitions version %d: %w", v.Version, err)
	}
	return d.Newest(ctx)
}

// Newest is the newest version there is, 0 before the first.
func (d *Definitions) Newest(ctx context.Context) (int64, error) {
	newest, err := db.New(d.pool).NewestDefinitions(ctx)
	if err != nil {
		return 0, fmt.Errorf("read the newest definitions: %w", err)
	}
	return newest, nil
}

// Version returns a version, or ErrNotFound.
func (d *Definitions) Version(ctx context.Context, version int64) (DefinitionsVersion, error) {
	row, err := db.New(d.pool).DefinitionsVersion(ctx, version)
	if errors.Is(err, pgx.ErrNoRows) {
		err = ErrNotFound
	}
	v := DefinitionsVersion{Version: row.Version, At: row.AppliedAt, Account: row.Account, Revision: row.Revision}
	if err == nil {
		err = json.Unmarshal(row.Files, &v.Files)
	}
	if err != nil {
		return DefinitionsVersion{}, fmt.Errorf("read definitions version %d: %w", version, err)
	}
	return v, nil
}

// PutConfigured keeps the files of a revision that is in force without having been
// applied, as of now. It is no error when they are kept already.
func (d *Definitions) PutConfigured(ctx context.Context, revision string, files map[string]string, now time.Time) error {
	data, err := json.Marshal(files)
	if err == nil {
		err = db.New(d.pool).PutConfiguredDefinitions(ctx, db.PutConfiguredDefinitionsParams{Revision: revision, Now: now, Files: jsonb(data)})
	}
	if err != nil {
		return fmt.Errorf("put configured definitions %s: %w", revision, err)
	}
	return nil
}

// Files returns the files of a revision that was in force, applied or not, or
// ErrNotFound.
func (d *Definitions) Files(ctx context.Context, revision string) (map[string]string, error) {
	data, err := db.New(d.pool).DefinitionFiles(ctx, revision)
	if errors.Is(err, pgx.ErrNoRows) {
		err = ErrNotFound
	}
	var files map[string]string
	if err == nil {
		err = json.Unmarshal(data, &files)
	}
	if err != nil {
		return nil, fmt.Errorf("read definitions of revision %s: %w", revision, err)
	}
	return files, nil
}

func put(ctx context.Context, q *db.Queries, v DefinitionsVersion) (int64, error) {
	data, err := json.Marshal(v.Files)
	if err != nil {
		return 0, err
	}
	return q.PutDefinitions(ctx, db.PutDefinitionsParams{
		Version: v.Version, AppliedAt: v.At, Account: text(v.Account), Revision: v.Revision, Files: jsonb(data),
	})
}

// ForgetContacts removes contacts the definitions no longer have. Records keep
// what they say of them.
func (d *Directory) ForgetContacts(ctx context.Context, ids []string) error {
	if err := db.New(d.pool).ForgetContacts(ctx, ids); err != nil {
		return fmt.Errorf("forget %d contacts: %w", len(ids), err)
	}
	return nil
}
