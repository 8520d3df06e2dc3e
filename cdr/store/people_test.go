package store_test

import (
	"crypto/sha256"
	"errors"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"linekeeper/cdr"
	"linekeeper/cdr/store"
	"linekeeper/cdr/store/storetest"
)

func itoa(port uint16) string { return strconv.Itoa(int(port)) }

func atoi(port string) uint16 {
	n, err := strconv.ParseUint(port, 10, 16)
	if err != nil {
		panic(err)
	}
	return uint16(n)
}

func TestMigrateTwiceAndAtOnce(t *testing.T) {
	pool := storetest.Pool(t)
	var wg sync.WaitGroup
	for range 3 {
		wg.Go(func() {
			if err := store.Migrate(t.Context(), pool); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
}

func TestDirectoryFindsWhoCalls(t *testing.T) {
	d := store.NewDirectory(storetest.Pool(t))
	marie := cdr.Contact{ID: "marie", Name: "Marie \x00Curie", Email: "m@example.fr", Site: "Paris", Language: "fr", VIP: true}
	paul := cdr.Contact{ID: "paul", Name: "Paul"}
	for range 2 { // loaded again at each start
		err := d.UpsertContacts(t.Context(), []store.Entry{{marie, []string{"+33612345678", "+33199000100"}}, {paul, nil}})
		if err != nil {
			t.Fatal(err)
		}
	}
	lookup := func(number string) string {
		c, ok, err := d.Lookup(t.Context(), number)
		if err != nil || ok != (c.ID != "") {
			t.Errorf("look %q up: %+v, %t, %v", number, c, ok, err)
		}
		return c.ID
	}
	if got := lookup("+33612345678") + lookup("+33199000100"); got != "mariemarie" {
		t.Errorf("found %q", got)
	}
	for _, unknown := range []string{"", "+33", "0612345678", "'; DROP TABLE contacts; --", "\x00\xff"} {
		if got := lookup(unknown); got != "" {
			t.Errorf("%q belongs to %q", unknown, got)
		}
	}
	err := d.UpsertContacts(t.Context(), []store.Entry{{paul, []string{"+33612345678"}}})
	if err != nil {
		t.Fatal(err)
	}
	if got := lookup("+33612345678"); got != "paul" {
		t.Errorf("the number that moved belongs to %q, want paul", got)
	}
	if err := d.UpsertContacts(t.Context(), []store.Entry{{marie, []string{"0612345678"}}}); err == nil {
		t.Error("a number that is not E.164 was taken")
	}
	if got := lookup("+33199000100"); got != "marie" {
		t.Errorf("after a refused write the number belongs to %q, want marie", got)
	}
}

const phc = "$argon2id$v=19$m=65536,t=1,p=2$c2FsdA$aGFzaA"

func TestAccountsAndTokens(t *testing.T) {
	a := store.NewAccounts(storetest.Pool(t))
	alice := store.Account{Name: "alice", DisplayName: "Alice", Role: store.RoleAgent, PasswordHash: phc}
	if err := a.Create(t.Context(), alice); err != nil {
		t.Fatal(err)
	}
	if err := a.Create(t.Context(), alice); !errors.Is(err, store.ErrExists) {
		t.Errorf("creating twice: %v", err)
	}
	for name, bad := range map[string]store.Account{
		"no name":   {Role: store.RoleAgent, PasswordHash: phc},
		"odd role":  {Name: "x", Role: "root", PasswordHash: phc},
		"clear":     {Name: "x", Role: store.RoleAgent, PasswordHash: "secret"},
		"odd words": {Name: "x", Role: store.RoleAgent, PasswordHash: phc, Language: "de"},
	} {
		if err := a.Create(t.Context(), bad); err == nil {
			t.Errorf("%s: was created", name)
		}
	}
	got, err := a.ByName(t.Context(), "alice")
	if err != nil {
		t.Fatal(err)
	}
	alice.Language = "fr"
	if diff := cmp.Diff(alice, got, cmpopts.IgnoreFields(store.Account{}, "CreatedAt", "UpdatedAt", "PasswordAt")); diff != "" {
		t.Error(diff)
	}
	if _, err := a.ByName(t.Context(), "\x00"); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("an unknown name: %v", err)
	}

	first, err := a.CreateToken(t.Context(), "alice", "lab", time.Time{})
	if err != nil {
		t.Fatal(err)
	}
	second, err := a.CreateToken(t.Context(), "alice", "lab", time.Now().Add(time.Hour))
	if err != nil {
		t.Fatal(err)
	}
	old, err := a.CreateToken(t.Context(), "alice", "old", time.Now().Add(-time.Second))
	if err != nil {
		t.Fatal(err)
	}
	for token, want := range map[string]bool{first: false, second: true, old: false, "": false, "lk_": false} {
		acc, err := a.ByToken(t.Context(), sha256.Sum256([]byte(token)))
		if want != (err == nil && acc.Name == "alice") || !want && !errors.Is(err, store.ErrNotFound) {
			t.Errorf("token %q: %v, %v; want %t", token, acc.Name, err, want)
		}
	}
	if err := a.SetDisabled(t.Context(), "alice", true); err != nil {
		t.Fatal(err)
	}
	if _, err := a.ByToken(t.Context(), sha256.Sum256([]byte(second))); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("the token of a closed account: %v", err)
	}
	if err := a.SetPassword(t.Context(), "nobody", phc, false); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("the password of nobody: %v", err)
	}
}

func TestPhoneSecretIsMadeOnce(t *testing.T) {
	a := store.NewAccounts(storetest.Pool(t))
	secrets := make([]string, 8)
	var wg sync.WaitGroup
	for i := range secrets {
		wg.Go(func() {
			s, err := a.PhoneSecret(t.Context(), "alice")
			if err != nil {
				t.Error(err)
			}
			secrets[i] = s
		})
	}
	wg.Wait()
	for _, s := range secrets {
		if s != secrets[0] || len(s) < 24 {
			t.Errorf("secrets are %q", secrets)
		}
	}
	if s, err := a.PhoneSecret(t.Context(), "bruno"); err != nil || s == secrets[0] {
		t.Errorf("bruno has alice's secret, or %v", err)
	}
}
