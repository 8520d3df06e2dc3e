// Package storetest gives tests a real PostgreSQL with our schema: one private
// server for each test binary, one database for each test, cloned from a
// migrated template in some 30 ms. It never appears in the product. Tests of
// every room may call it; their TestMain must call Main.
//
// With LINEKEEPER_TEST_DSN set, its databases are made on that server instead.
package storetest

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"os"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"go.uber.org/goleak"

	"linekeeper/cdr/store"
	"linekeeper/deploy/lab"
)

// server is this test binary's PostgreSQL, started by the first test that asks.
var server struct {
	once sync.Once
	err  error
	dsn  string // of the maintenance database
	stop func() error
	dir  string
}

var databases atomic.Int64

// Main runs the tests, stops the server, checks for goroutines left behind, and
// exits.
func Main(m *testing.M) {
	code := m.Run()
	if err := shutdown(); err != nil {
		fmt.Fprintln(os.Stderr, "stop the tests' PostgreSQL:", err)
		code = max(code, 1)
	}
	if code == 0 {
		if err := goleak.Find(); err != nil {
			fmt.Fprintln(os.Stderr, err)
			code = 1
		}
	}
	os.Exit(code)
}

func shutdown() error {
	if server.stop == nil {
		return nil
	}
	return errors.Join(server.stop(), os.RemoveAll(server.dir))
}

// Pool returns a pool on a new database with our schema, for this test alone.
func Pool(tb testing.TB) *pgxpool.Pool {
	tb.Helper()
	pool, err := pgxpool.New(tb.Context(), DSN(tb))
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(pool.Close)
	return pool
}

// DSN is the connection string of a new database with our schema, which is
// dropped at the end of the test.
func DSN(tb testing.TB) string {
	tb.Helper()
	server.once.Do(func() { server.err = start() })
	if server.err != nil {
		tb.Fatalf("start the tests' PostgreSQL: %v", server.err)
	}
	name := fmt.Sprintf("test_%d_%d", os.Getpid(), databases.Add(1))
	if err := admin("CREATE DATABASE " + name + " TEMPLATE " + template()); err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() {
		if err := admin("DROP DATABASE " + name + " WITH (FORCE)"); err != nil {
			tb.Error(err)
		}
	})
	return withDatabase(name)
}

func template() string { return fmt.Sprintf("template_%d", os.Getpid()) }

func start() error {
	ctx := context.Background()
	server.dsn = os.Getenv("LINEKEEPER_TEST_DSN")
	if server.dsn == "" {
		var err error
		if server.dir, err = os.MkdirTemp("", "linekeeper-pg"); err != nil {
			return err
		}
		if server.dsn, server.stop, err = lab.StartPostgres(ctx, server.dir, 0); err != nil {
			return errors.Join(err, os.RemoveAll(server.dir))
		}
	}
	if err := admin("CREATE DATABASE " + template()); err != nil {
		return err
	}
	if server.stop == nil { // somebody else's server: leave nothing on it
		server.stop = func() error { return admin("DROP DATABASE " + template()) }
	}
	pool, err := pgxpool.New(ctx, withDatabase(template()))
	if err != nil {
		return err
	}
	defer pool.Close()
	return store.Migrate(ctx, pool)
}

// admin runs one statement on the maintenance database.
func admin(sql string) error {
	ctx := context.Background()
	conn, err := pgx.Connect(ctx, server.dsn)
	if err != nil {
		return fmt.Errorf("%s: %w", sql, err)
	}
	_, err = conn.Exec(ctx, sql)
	return errors.Join(err, conn.Close(ctx))
}

func withDatabase(name string) string {
	u, err := url.Parse(server.dsn)
	if err != nil {
		panic(err) // pgx has parsed it before
	}
	u.Path = "/" + name
	return u.String()
}
