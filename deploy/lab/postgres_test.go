package lab_test

import (
	"net/url"
	"os/exec"
	"strings"
	"testing"

	"linekeeper/deploy/lab"
)

// A test's temp folder is closed to other users, and PostgreSQL refuses root:
// both have to work at once, twice over the same data.
func TestPostgresStartsStopsAndKeepsItsData(t *testing.T) {
	dir := t.TempDir()
	dsn, stop, err := lab.StartPostgres(t.Context(), dir, 0)
	if err != nil {
		t.Fatal(err)
	}
	psql(t, dsn, "CREATE TABLE kept (n int)")
	for range 2 {
		if err := stop(); err != nil {
			t.Fatalf("stop: %v", err)
		}
	}
	if out, err := exec.Command("psql", dsn, "-c", "SELECT 1").CombinedOutput(); err == nil {
		t.Fatalf("still answers after stop: %s", out)
	}

	dsn, stop, err = lab.StartPostgres(t.Context(), dir, 0)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := stop(); err != nil {
			t.Error(err)
		}
	})
	if got := psql(t, dsn, "SELECT count(*) FROM kept"); got != "0" {
		t.Errorf("table after restart: got %q, want 0 rows", got)
	}
	if got := psql(t, dsn, "SHOW listen_addresses"); got != "127.0.0.1" {
		t.Errorf("listens on %q, want loopback only", got)
	}
	wrong := strings.Replace(dsn, url.QueryEscape("linekeeper-lab"), "wrong", 1)
	if out, err := exec.Command("psql", wrong, "-c", "SELECT 1").CombinedOutput(); err == nil {
		t.Errorf("a wrong password was accepted: %s", out)
	}
}

func psql(t *testing.T, dsn, sql string) string {
	t.Helper()
	out, err := exec.Command("psql", dsn, "-qtAc", sql).CombinedOutput()
	if err != nil {
		t.Fatalf("%s: %v: %s", sql, err, out)
	}
	return strings.TrimSpace(string(out))
}
