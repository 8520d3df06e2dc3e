package rt_test

import (
	"errors"
	"fmt"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"go.uber.org/goleak"

	"linekeeper/cdr"
	"linekeeper/cdr/ticket"
	"linekeeper/cdr/ticket/rt"
	"linekeeper/cdr/ticket/rtfake"
	"linekeeper/deploy/lab"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func connect(t *testing.T, url, token string) *rt.RT {
	t.Helper()
	r, err := rt.New(rt.Config{URL: url, Token: token, Queue: "Support"})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(r.Close)
	return r
}

func newFake(t *testing.T) (*rtfake.Fake, *rt.RT) {
	t.Helper()
	fake := rtfake.New()
	fake.AddQueue("Escalade", []string{"CallID", "CallQueue", "WaitSeconds"}, []string{"TxnCallID"})
	server := httptest.NewServer(fake)
	t.Cleanup(server.Close)
	return fake, connect(t, server.URL, rtfake.Token)
}

// The contract is one suite over the fake and the real thing, so that the fake
// cannot drift into a world of its own.
func TestContractWithTheFake(t *testing.T) {
	_, r := newFake(t)
	contract(t, r)
}

func TestContractWithRequestTracker(t *testing.T) {
	url, token, stop, err := lab.StartRT(t.Context(), t.TempDir(), 0)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := stop(); err != nil {
			t.Error(err)
		}
	})
	contract(t, connect(t, url, token))
}

func newCall() cdr.CallID { return cdr.CallID(uuid.Must(uuid.NewV7()).String()) }

// nasty holds what a caller may put into a name.
const nasty = `O'Brien \' OR Subject LIKE '%' "<b>&` + "\u202e\t é 🙂"

func contract(t *testing.T, r *rt.RT) {
	ctx := t.Context()
	if err := r.Check(ctx); err != nil {
		t.Fatal(err)
	}
	email := fmt.Sprintf("o'brien.%d@example.fr", time.Now().UnixNano())
	call := newCall()
	want := ticket.New{
		Call: call, Requester: ticket.Requester{Email: email}, Subject: "Appel\nde " + nasty,
		Text: "ligne 1\nligne 2 " + nasty, Queue: "support-n1", Waited: 42 * time.Second,
	}

	t.Run("create is found, not doubled", func(t *testing.T) {
		made, err := r.Create(ctx, "key", want)
		if err != nil {
			t.Fatal(err)
		}
		again, err := r.Create(ctx, "key", want)
		if err != nil || again.ID != made.ID {
			t.Errorf("created again: %v, %v; want %s", again.ID, err, made.ID)
		}
		if made.System != "rt" || made.Queue != "Support" || made.Owner != "" || made.Status != "new" ||
			!strings.HasPrefix(made.Subject, "Appel de O'Brien") || !strings.HasSuffix(made.URL, "/Ticket/Display.html?id="+made.ID) ||
			time.Since(made.CreatedAt).Abs() > time.Minute {
			t.Errorf("made %+v", made)
		}
		found, err := r.FindByCall(ctx, call)
		if err != nil || len(found) != 1 || found[0].ID != made.ID || found[0].Subject != made.Subject {
			t.Errorf("found by call: %+v, %v", found, err)
		}
		read, err := r.Ticket(ctx, made.ID)
		if err != nil || read.Subject != made.Subject || read.Queue != "Support" {
			t.Errorf("read: %+v, %v", read, err)
		}
	})

	t.Run("open tickets of a requester, newest first", func(t *testing.T) {
		second := want
		second.Call, second.Subject = newCall(), "second"
		made, err := r.Create(ctx, "key", second)
		if err != nil {
			t.Fatal(err)
		}
		open, err := r.OpenTickets(ctx, ticket.Requester{Email: email}, 5)
		if err != nil || len(open) != 2 {
			t.Fatalf("open: %+v, %v; want 2", open, err)
		}
		one, err := r.OpenTickets(ctx, ticket.Requester{Email: email}, 1)
		if err != nil || len(one) != 1 {
			t.Errorf("at most one: %+v, %v", one, err)
		}
		if ids := open[0].ID + " " + open[1].ID; !strings.Contains(ids, made.ID) {
			t.Errorf("open are %s, without %s", ids, made.ID)
		}
		for _, nobody := range []ticket.Requester{{}, {Email: "nobody@example.fr"}, {Email: nasty}, {E164: "+33199000199"}} {
			if open, err := r.OpenTickets(ctx, nobody, 5); err != nil || len(open) != 0 {
				t.Errorf("open tickets of %q: %v, %v", nobody, open, err)
			}
		}
	})

	t.Run("notes are written once each", func(t *testing.T) {
		made, err := r.Create(ctx, "key", want)
		if err != nil {
			t.Fatal(err)
		}
		note := ticket.Note{Text: "Appel du 21/11\nnote: " + nasty, Took: 3*time.Minute + 25*time.Second}
		for _, key := range []string{"a/record", "a/record", "b/re'cord", "b/re'cord", "a/record"} {
			if err := r.AddNote(ctx, key, made.ID, note); err != nil {
				t.Fatal(err)
			}
		}
		if n := notes(t, r, made.ID); n != 2 {
			t.Errorf("%d notes stand on the ticket, want 2", n)
		}
	})

	t.Run("a reply is written once", func(t *testing.T) {
		made, err := r.Create(ctx, "key", ticket.New{Call: newCall(), Requester: want.Requester, Subject: "Aide"})
		if err != nil {
			t.Fatal(err)
		}
		for range 2 {
			if err := r.Reply(ctx, "a/reply/1", made.ID, "Ouvrez ce lien : anydesk:123456789"); err != nil {
				t.Fatal(err)
			}
		}
		if n, err := rt.CountNotes(ctx, r, "a/reply/1", made.ID); n != 1 || err != nil {
			t.Errorf("there are %d replies, %v; want 1", n, err)
		}
		if err := r.Reply(ctx, "a/reply/1", "999999", "x"); !errors.Is(err, ticket.ErrNoTicket) {
			t.Errorf("on no ticket: %v", err)
		}
	})
	t.Run("a ticket goes to another queue", func(t *testing.T) {
		moved := want
		moved.Call = newCall()
		made, err := r.Create(ctx, "key", moved)
		if err != nil {
			t.Fatal(err)
		}
		for range 2 { // the second time it is there
			if err := r.Move(ctx, made.ID, "Escalade"); err != nil {
				t.Fatal(err)
			}
		}
		if read, err := r.Ticket(ctx, made.ID); err != nil || read.Queue != "Escalade" || read.Owner != "" {
			t.Errorf("moved: %+v, %v", read, err)
		}
		if found, err := r.FindByCall(ctx, moved.Call); err != nil || len(found) != 1 {
			t.Errorf("the call has lost its ticket: %v, %v", found, err)
		}
		if err := r.Move(ctx, made.ID, "Nowhere"); !errors.Is(err, ticket.ErrNoQueue) || ticket.VerdictOf(err) != ticket.Permanent {
			t.Errorf("to a queue that is none: %v", err)
		}
		if err := r.Move(ctx, "99999", "Escalade"); !errors.Is(err, ticket.ErrNoTicket) {
			t.Errorf("a ticket that is none: %v", err)
		}
	})

	t.Run("tickets that are none", func(t *testing.T) {
		for _, id := range []string{"99999", "0", "-1", "", "1 OR 1=1", "../queue/Support"} {
			_, err := r.Ticket(ctx, id)
			if !errors.Is(err, ticket.ErrNoTicket) || ticket.VerdictOf(err) != ticket.Permanent {
				t.Errorf("ticket %q: %v", id, err)
			}
			if err := r.AddNote(ctx, "k", id, ticket.Note{Text: "x"}); ticket.VerdictOf(err) != ticket.Permanent {
				t.Errorf("note on ticket %q: %v", id, err)
			}
		}
		for _, call := range []cdr.CallID{newCall(), "", nasty} {
			if found, err := r.FindByCall(ctx, call); err != nil || len(found) != 0 {
				t.Errorf("found by call %q: %v, %v", call, found, err)
			}
		}
	})

	t.Run("a requester who is no address", func(t *testing.T) {
		odd := want
		odd.Call, odd.Requester = newCall(), ticket.Requester{Email: "not an address", E164: "+33612345678"}
		if _, err := r.Create(ctx, "key", odd); err != nil {
			t.Error(err)
		}
	})

	t.Run("numbers of nobody", func(t *testing.T) {
		for _, number := range []string{"", "+33199000198", nasty} {
			if found, err := r.FindContacts(ctx, number); err != nil || len(found) != 0 {
				t.Errorf("%q belongs to %v, %v", number, found, err)
			}
		}
	})

	t.Run("a bad token, a missing queue", func(t *testing.T) {
		bad := connect(t, rt.Base(r), "1-14-bad")
		if err := bad.Check(ctx); ticket.VerdictOf(err) != ticket.Retryable {
			t.Errorf("a bad token: %v", err)
		}
		elsewhere, err := rt.New(rt.Config{URL: rt.Base(r), Token: rt.Token(r), Queue: "Nowhere"})
		if err != nil {
			t.Fatal(err)
		}
		defer elsewhere.Close()
		if err := elsewhere.Check(ctx); err == nil {
			t.Error("a missing queue passes the check")
		}
		lost := want
		lost.Call = newCall()
		if _, err := elsewhere.Create(ctx, "key", lost); ticket.VerdictOf(err) != ticket.Retryable {
			t.Errorf("a ticket in a missing queue: %v", err)
		}
	})
}

// notes counts the comments on a ticket by the protocol, not by the connector.
func notes(t *testing.T, r *rt.RT, id string) int {
	t.Helper()
	n := 0
	for _, key := range []string{"a/record", "b/re'cord"} {
		got, err := rt.CountNotes(t.Context(), r, key, id)
		if err != nil {
			t.Fatal(err)
		}
		n += got
	}
	return n
}
