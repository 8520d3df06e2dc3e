package asterisk_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"linekeeper/cdr"
	"linekeeper/ivr/asterisk"
	"linekeeper/ivr/asteriskfake"
	"linekeeper/ivr/call"
)

func puts(fake *asteriskfake.Server) int {
	n := 0
	for _, r := range fake.Requests() {
		if r.Method == "PUT" && strings.Contains(r.Path, "/dynamic/") {
			n++
		}
	}
	return n
}

func TestPhonesOfEachKind(t *testing.T) {
	fake := asteriskfake.Start(t)
	n, _ := startNode(t, fakeConfig(fake), never())
	phones := []asterisk.Phone{
		{ID: "alice", Secret: "s", WebRTC: true, Language: "fr"},
		{ID: "bruno", Secret: "s"},
		{ID: "fixed", Secret: "s", Contact: "sip:fixed@192.0.2.1"},
		{ID: "bench001", Contact: "sip:bench001@127.0.0.1:5170"},
		{ID: "bare"},
	}
	if err := n.PushPhones(t.Context(), phones); err != nil {
		t.Fatal(err)
	}
	for object, want := range map[string]string{
		"auth alice username": "alice", "auth alice password": "s",
		"aor alice max_contacts": "1", "aor alice remove_existing": "yes",
		"endpoint alice webrtc": "yes", "endpoint alice allow": "!all,ulaw,alaw,opus",
		"endpoint alice rtp_timeout": "5", "endpoint alice auth": "alice", "endpoint alice language": "fr",
		"endpoint bruno webrtc": "", "endpoint bruno allow": "!all,ulaw,alaw", "endpoint bruno rtp_timeout": "",
		"auth bench001 username": "", "endpoint bench001 auth": "",
		"aor bench001 contact":   "sip:bench001@127.0.0.1:5170",
		"endpoint bench001 aors": "bench001", "endpoint bench001 context": "agents",
		"endpoint bench001 allow_transfer": "yes",
		"aor fixed contact":                "sip:fixed@192.0.2.1", "aor fixed max_contacts": "", "auth fixed password": "s",
	} {
		part := strings.Fields(object)
		if got := strings.Join(fake.Dynamic(part[0], part[1], part[2]), "|"); got != want {
			t.Errorf("%s: %q, want %q", object, got, want)
		}
	}
	// Nobody is a phone by its name alone: it has its secret, or is known by no name.
	for _, ph := range phones {
		auth, by := fake.Dynamic("endpoint", ph.ID, "auth"), fake.Dynamic("endpoint", ph.ID, "identify_by")
		if !slices.Equal(auth, []string{ph.ID}) && !slices.Equal(by, []string{"ip"}) || len(auth) > 0 && fake.Dynamic("auth", ph.ID, "password") == nil {
			t.Errorf("%s: auth %q, identified by %q", ph.ID, auth, by)
		}
	}
}

// What this life of Asterisk has is not pushed again; what it lost is.
func TestPhonesArePushedOnceForEachLife(t *testing.T) {
	fake := asteriskfake.Start(t)
	n, h := startNode(t, fakeConfig(fake), never())
	phones := make([]asterisk.Phone, 300)
	for i := range phones {
		phones[i] = asterisk.Phone{ID: fmt.Sprintf("bench%03d", i), Contact: "sip:x@127.0.0.1:5170"}
	}
	for range 2 {
		if err := n.PushPhones(t.Context(), phones); err != nil {
			t.Fatal(err)
		}
	}
	if got := puts(fake); got != 600 {
		t.Errorf("%d requests", got)
	}
	fake.Kill()
	if err := fake.Restart(); err != nil {
		t.Fatal(err)
	}
	next(t, h, reborn)
	if err := n.PushPhones(t.Context(), phones[:1]); err != nil {
		t.Fatal(err)
	}
	if got := puts(fake); got != 602 {
		t.Errorf("%d requests after a restart", got)
	}
}

// A phone that changes is not a mixture of what it was and is.
func TestAChangedPhoneIsMadeAnew(t *testing.T) {
	fake := asteriskfake.Start(t)
	first, _ := startNode(t, fakeConfig(fake), never())
	push(t, first, asterisk.Phone{ID: "alice", Secret: "s", WebRTC: true})
	push(t, first, asterisk.Phone{ID: "bruno", Contact: "sip:bruno@127.0.0.1:1"})
	second, _ := startNode(t, fakeConfig(fake), never()) // knows nothing of the first
	push(t, second, asterisk.Phone{ID: "alice", Contact: "sip:alice@127.0.0.1:2"})
	push(t, second, asterisk.Phone{ID: "bruno", Contact: "sip:bruno@127.0.0.1:3"})
	got := [][]string{
		fake.Dynamic("endpoint", "alice", "webrtc"), fake.Dynamic("endpoint", "alice", "auth"),
		fake.Dynamic("endpoint", "alice", "rtp_timeout"), fake.Dynamic("aor", "bruno", "contact"),
	}
	want := [][]string{nil, nil, nil, {"sip:bruno@127.0.0.1:3"}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

// A new controller finds the phones as it would push them, and pushes nothing.
func TestAPushKeepsWhatIsThere(t *testing.T) {
	fake := asteriskfake.Start(t)
	fake.Phone("alice")
	phones := []asterisk.Phone{
		{ID: "alice", Secret: "s", WebRTC: true}, {ID: "bruno", Contact: "sip:bruno@127.0.0.1:1"},
	}
	first, _ := startNode(t, fakeConfig(fake), never())
	if err := first.PushPhones(t.Context(), phones); err != nil {
		t.Fatal(err)
	}
	before := len(fake.Requests())
	second, _ := startNode(t, fakeConfig(fake), never())
	if err := second.PushPhones(t.Context(), phones); err != nil {
		t.Fatal(err)
	}
	for _, r := range fake.Requests()[before:] {
		if strings.Contains(r.Path, "/dynamic/") && r.Method != "GET" {
			t.Errorf("%s %s", r.Method, r.Path)
		}
	}
}

// A phone whose secret changes stays registered, and is still watched.
func TestAChangedSecretKeepsTheRegistration(t *testing.T) {
	fake := asteriskfake.Start(t)
	p := fake.Phone("alice")
	n, h := startNode(t, fakeConfig(fake), never())
	push(t, n, asterisk.Phone{ID: "alice", Secret: "s", Watch: true})
	next[call.PhoneSeen](t, h)
	push(t, n, asterisk.Phone{ID: "alice", Secret: "t", Watch: true})
	if seen := next[call.PhoneSeen](t, h); seen.Phone != cdr.PhoneThere {
		t.Errorf("after the change: %+v", seen)
	}
	p.Offline()
	if seen := next[call.PhoneSeen](t, h); seen.Phone != cdr.PhoneAway {
		t.Errorf("after it went: %+v", seen)
	}
	if got := fake.Dynamic("auth", "alice", "password"); !slices.Equal(got, []string{"t"}) {
		t.Errorf("secret %q", got)
	}
}

// What was told of a phone while it was being read is newer than the reading.
func TestAPhoneThatChangesWhileItIsRead(t *testing.T) {
	fake := asteriskfake.Start(t)
	p := fake.Phone("alice")
	n, h := startNode(t, fakeConfig(fake), asterisk.InventoryEvery(20*time.Millisecond))
	push(t, n, asterisk.Phone{ID: "alice", Watch: true})
	next[call.PhoneSeen](t, h)
	for range 20 {
		p.Offline()
		if seen := next[call.PhoneSeen](t, h); seen.Phone != cdr.PhoneAway {
			t.Fatalf("away is told as %q", seen.Phone)
		}
		p.Online()
		if seen := next[call.PhoneSeen](t, h); seen.Phone != cdr.PhoneThere {
			t.Fatalf("there is told as %q", seen.Phone)
		}
	}
}

// One phone that cannot be pushed stops no other.
func TestAFailedPhoneStopsNoOther(t *testing.T) {
	fake := asteriskfake.Start(t)
	n, _ := startNode(t, fakeConfig(fake), never())
	fake.Inject(asteriskfake.Fault{Path: "/aor/alice", Status: 400})
	phones := []asterisk.Phone{{ID: "alice"}, {ID: "bruno"}, {}}
	err := n.PushPhones(t.Context(), phones)
	var refused *asterisk.Error
	if !errors.As(err, &refused) || refused.Status != 400 || !strings.Contains(err.Error(), "push phone alice") ||
		!strings.Contains(err.Error(), "no ID") {
		t.Errorf("push: %v", err)
	}
	if fake.Dynamic("endpoint", "bruno", "aors") == nil {
		t.Error("bruno has no phone")
	}
	if err := n.PushPhones(t.Context(), phones[:1]); err != nil {
		t.Errorf("again: %v", err)
	}
}

// A desk phone beside a console is a phone of its own, and told as its agent's.
func TestADeskPhoneBesideAConsole(t *testing.T) {
	fake := asteriskfake.Start(t)
	beside := fake.Phone("alice-desk")
	fake.Phone("alice")
	n, h := startNode(t, fakeConfig(fake), never())
	if err := n.PushPhones(t.Context(), []asterisk.Phone{
		{ID: "alice", Secret: "s", WebRTC: true, Watch: true},
		{ID: "alice-desk", Desk: "alice", Secret: "t", Watch: true},
	}); err != nil {
		t.Fatal(err)
	}
	for object, want := range map[string]string{
		"auth alice-desk username": "alice-desk", "auth alice-desk password": "t", "auth alice password": "s",
		"endpoint alice-desk webrtc": "", "endpoint alice webrtc": "yes",
	} {
		part := strings.Fields(object)
		if got := strings.Join(fake.Dynamic(part[0], part[1], part[2]), "|"); got != want {
			t.Errorf("%s: %q, want %q", object, got, want)
		}
	}
	told := []call.PhoneSeen{next[call.PhoneSeen](t, h), next[call.PhoneSeen](t, h)}
	slices.SortFunc(told, func(a, _ call.PhoneSeen) int {
		if a.Desk {
			return 1
		}
		return -1
	})
	if want := []call.PhoneSeen{{Agent: "alice"}, {Agent: "alice", Desk: true}}; !slices.Equal(told, want) {
		t.Errorf("told: %+v, want %+v", told, want)
	}
	beside.Offline()
	if seen := next[call.PhoneSeen](t, h); seen != (call.PhoneSeen{Agent: "alice", Desk: true, Phone: cdr.PhoneAway}) {
		t.Errorf("unplugged: %+v", seen)
	}
}
