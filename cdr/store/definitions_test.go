package store_test

import (
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"linekeeper/cdr"
	"linekeeper/cdr/store"
	"linekeeper/cdr/store/storetest"
)

func someDefinitions(by string) store.DefinitionsVersion {
	return store.DefinitionsVersion{
		At: time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC), Account: by, Revision: "0123456789abcdef",
		Files: map[string]string{"floor.yaml": "queues: []\n", "directory.yaml": "# \x00 \u00e9\n"},
	}
}

func keepNowhere(store.DefinitionsVersion) error { return nil }

func TestDefinitionsVersions(t *testing.T) {
	d := store.NewDefinitions(storetest.Pool(t))
	if newest, err := d.Newest(t.Context()); err != nil || newest != 0 {
		t.Fatalf("newest of none: %d, %v", newest, err)
	}
	var kept []int64
	keep := func(v store.DefinitionsVersion) error { kept = append(kept, v.Version); return nil }
	first, err := d.Add(t.Context(), someDefinitions("admin"), keep)
	if err != nil {
		t.Fatal(err)
	}
	// A data folder that has seen more than this database goes on from its own.
	ahead := someDefinitions("admin")
	ahead.Version = 7
	second, err := d.Add(t.Context(), ahead, keep)
	if err != nil || first.Version != 1 || second.Version != 8 || !slices.Equal(kept, []int64{1, 8}) {
		t.Fatalf("versions %d and %d, kept %v: %v", first.Version, second.Version, kept, err)
	}
	got, err := d.Version(t.Context(), 8)
	second.Files["directory.yaml"] = "# \ufffd \u00e9\n" // PostgreSQL keeps no NUL
	if diff := cmp.Diff(second, got); err != nil || diff != "" {
		t.Errorf("%v %s", err, diff)
	}
	if _, err := d.Version(t.Context(), 2); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("version 2: %v", err)
	}
}

// What cannot be kept beside the controller is not in the database either.
func TestDefinitionsNotKeptElsewhere(t *testing.T) {
	d := store.NewDefinitions(storetest.Pool(t))
	full := errors.New("disk full")
	_, err := d.Add(t.Context(), someDefinitions("admin"), func(store.DefinitionsVersion) error { return full })
	if !errors.Is(err, full) || errors.Is(err, store.ErrKeptElsewhere) {
		t.Errorf("add: %v", err)
	}
	if newest, err := d.Newest(t.Context()); err != nil || newest != 0 {
		t.Errorf("newest: %d, %v", newest, err)
	}
}

// A commit that fails after the folder has the version says so, and the version
// comes in later, once.
func TestDefinitionsKeptButNotCommitted(t *testing.T) {
	pool := storetest.Pool(t)
	d := store.NewDefinitions(pool)
	cut := func(store.DefinitionsVersion) error {
		_, err := pool.Exec(t.Context(), "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()")
		return err
	}
	v, err := d.Add(t.Context(), someDefinitions("admin"), cut)
	if !errors.Is(err, store.ErrKeptElsewhere) {
		t.Fatalf("add: %v", err)
	}
	for range 2 {
		if newest, err := d.Put(t.Context(), v); err != nil || newest != 1 {
			t.Errorf("put: %d, %v", newest, err)
		}
	}
}

// Applies that race get a version each.
func TestDefinitionsRace(t *testing.T) {
	d := store.NewDefinitions(storetest.Pool(t))
	var wg sync.WaitGroup
	versions, errs := make([]int64, 8), make([]error, 8)
	for i := range versions {
		wg.Go(func() {
			v, err := d.Add(t.Context(), someDefinitions(fmt.Sprint("admin", i)), keepNowhere)
			versions[i], errs[i] = v.Version, err
		})
	}
	wg.Wait()
	slices.Sort(versions)
	if err := errors.Join(errs...); err != nil || !slices.Equal(versions, []int64{1, 2, 3, 4, 5, 6, 7, 8}) {
		t.Errorf("versions %v: %v", versions, err)
	}
}

func TestDefinitionsAreNeverRewritten(t *testing.T) {
	pool := storetest.Pool(t)
	if _, err := store.NewDefinitions(pool).Add(t.Context(), someDefinitions("admin"), keepNowhere); err != nil {
		t.Fatal(err)
	}
	for _, sql := range []string{"UPDATE definitions SET account = 'x'", "DELETE FROM definitions", "TRUNCATE definitions"} {
		if _, err := pool.Exec(t.Context(), sql); err == nil {
			t.Errorf("%s was let through", sql)
		}
	}
}

func TestForgetContacts(t *testing.T) {
	d := store.NewDirectory(storetest.Pool(t))
	entries := []store.Entry{
		{Contact: cdr.Contact{ID: "marie", Name: "Marie"}, Numbers: []string{"+33199001001"}},
		{Contact: cdr.Contact{ID: "paul", Name: "Paul"}, Numbers: []string{"+33199001002"}},
	}
	if err := d.UpsertContacts(t.Context(), entries); err != nil {
		t.Fatal(err)
	}
	if err := d.ForgetContacts(t.Context(), []string{"marie", "nobody"}); err != nil {
		t.Fatal(err)
	}
	_, marie, err := d.Lookup(t.Context(), "+33199001001")
	_, paul, err2 := d.Lookup(t.Context(), "+33199001002")
	if marie || !paul || err != nil || err2 != nil {
		t.Errorf("marie %v, paul %v: %v %v", marie, paul, err, err2)
	}
}
