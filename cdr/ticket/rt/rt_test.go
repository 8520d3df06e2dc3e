package rt_test

import (
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"linekeeper/cdr/ticket"
	"linekeeper/cdr/ticket/rt"
	"linekeeper/cdr/ticket/rtfake"
)

func verdict(t *testing.T, what string, err error, want ticket.Verdict, after time.Duration) {
	t.Helper()
	var e *ticket.Error
	if !errors.As(err, &e) || e.Verdict != want || e.After != after {
		t.Errorf("%s: %v, want %s after %s", what, err, want, after)
	}
	if err != nil && strings.Contains(err.Error(), rtfake.Token) {
		t.Errorf("%s: the error tells the token: %v", what, err)
	}
}

const admin = 5 * time.Minute

func TestFaultsOfACreationHaveTheirVerdict(t *testing.T) {
	for fault, want := range map[rtfake.Fault]struct {
		verdict ticket.Verdict
		after   time.Duration
		made    int
	}{
		rtfake.Dropped:    {ticket.Unknown, 0, 0}, // as far as we can know
		rtfake.Lost:       {ticket.Unknown, 0, 1},
		rtfake.Broken:     {ticket.Unknown, 0, 0},
		rtfake.BrokenLate: {ticket.Unknown, 0, 1},
		rtfake.Busy:       {ticket.Retryable, 7 * time.Second, 0},
		rtfake.Login:      {ticket.Retryable, admin, 0},
		rtfake.Page:       {ticket.Unknown, admin, 0},
	} {
		t.Run(string(fault), func(t *testing.T) {
			fake, r := newFake(t)
			call := ticket.New{Call: newCall(), Subject: "x"}
			fake.Fail(http.MethodPost, fault)
			_, err := r.Create(t.Context(), "key", call)
			verdict(t, "create", err, want.verdict, want.after)
			if got := fake.Tickets(); got != want.made {
				t.Errorf("%d tickets were made, want %d", got, want.made)
			}
			made, err := r.Create(t.Context(), "key", call)
			if err != nil || made.ID != "1" || fake.Tickets() != 1 {
				t.Errorf("the second try: %+v, %v, %d tickets", made, err, fake.Tickets())
			}
		})
	}
}

func TestFaultsOfANoteHaveTheirVerdict(t *testing.T) {
	for fault, want := range map[rtfake.Fault]ticket.Verdict{
		rtfake.Dropped: ticket.Unknown, rtfake.Lost: ticket.Unknown, rtfake.BrokenLate: ticket.Unknown,
		rtfake.Ignored: ticket.NotApplied,
	} {
		t.Run(string(fault), func(t *testing.T) {
			fake, r := newFake(t)
			if _, err := r.Create(t.Context(), "key", ticket.New{Call: newCall()}); err != nil {
				t.Fatal(err)
			}
			fake.Fail(http.MethodPost, fault)
			verdict(t, "note", r.AddNote(t.Context(), "k", "1", ticket.Note{Text: "x"}), want, 0)
			if err := r.AddNote(t.Context(), "k", "1", ticket.Note{Text: "x", Took: 95 * time.Second}); err != nil {
				t.Error("the second try:", err)
			}
			if got := fake.Notes(1); len(got) != 1 || got[0].Key != "k" {
				t.Errorf("the notes are %+v", got)
			}
		})
	}
}

func TestReadsThatFailMayBeRepeated(t *testing.T) {
	fake, r := newFake(t)
	fake.Fail(http.MethodGet, rtfake.Broken)
	_, err := r.FindByCall(t.Context(), newCall())
	verdict(t, "find", err, ticket.Retryable, 0)
}

func TestDeadServer(t *testing.T) {
	r := connect(t, "http://127.0.0.1:1", "x")
	_, err := r.Create(t.Context(), "key", ticket.New{Call: newCall()})
	verdict(t, "create", err, ticket.Retryable, 0)
}

func TestCheckNamesTheMissingFields(t *testing.T) {
	fake, r := newFake(t)
	fake.AddQueue("Support", []string{"CallID"}, nil)
	err := r.Check(t.Context())
	verdict(t, "check", err, ticket.Permanent, 0)
	for _, name := range []string{"CallQueue", "WaitSeconds", "TxnCallID"} {
		if err == nil || !strings.Contains(err.Error(), name) {
			t.Errorf("%v does not name %s", err, name)
		}
	}
}

func TestNoteFollowsAMergedTicket(t *testing.T) {
	fake, r := newFake(t)
	for range 2 {
		if _, err := r.Create(t.Context(), "key", ticket.New{Call: newCall()}); err != nil {
			t.Fatal(err)
		}
	}
	fake.Merge(1, 2)
	for range 2 {
		if err := r.AddNote(t.Context(), "k", "1", ticket.Note{Text: "x"}); err != nil {
			t.Fatal(err)
		}
	}
	if got := fake.Notes(2); len(got) != 1 {
		t.Errorf("the notes are %+v, want one", got)
	}
}

// A ticket in a queue without the note's field: the note counts as written, or
// it would be written again for ever.
func TestNoteWithoutItsKeyIsDone(t *testing.T) {
	fake, r := newFake(t)
	fake.AddQueue("Support", []string{"CallID"}, nil)
	if _, err := r.Create(t.Context(), "key", ticket.New{Call: newCall()}); err != nil {
		t.Fatal(err)
	}
	if err := r.AddNote(t.Context(), "k", "1", ticket.Note{Text: "x"}); err != nil {
		t.Error(err)
	}
}

func TestRequesterAndFieldsReachTheTicket(t *testing.T) {
	fake, r := newFake(t)
	_, err := r.Create(t.Context(), "key", ticket.New{
		Call: newCall(), Requester: ticket.Requester{Email: "Marie <marie@example.fr>"}, Queue: "support-n1",
	})
	if err != nil {
		t.Fatal(err)
	}
	if who, queue := fake.Requestor(1); who != "marie@example.fr" || len(queue) != 1 || queue[0] != "support-n1" {
		t.Errorf("the requestor is %q, the queue %q", who, queue)
	}
	fake.Resolve(1)
	if open, err := r.OpenTickets(t.Context(), ticket.Requester{Email: "marie@example.fr"}, 5); err != nil || len(open) != 0 {
		t.Errorf("a resolved ticket is open: %v, %v", open, err)
	}
}

func TestContactsByNumber(t *testing.T) {
	fake, r := newFake(t)
	fake.AddUser("marie", "Marie Curie", "marie@example.fr", "+33612345678")
	fake.AddUser("paul", "", "paul@example.fr", "")
	got, err := r.FindContacts(t.Context(), "+33612345678")
	if err != nil || len(got) != 1 || got[0] != (ticket.Contact{ID: "marie", Name: "Marie Curie", Email: "marie@example.fr"}) {
		t.Errorf("found %+v, %v", got, err)
	}
	if _, err := r.Create(t.Context(), "key", ticket.New{Call: newCall(), Requester: ticket.Requester{Email: "marie@example.fr"}}); err != nil {
		t.Fatal(err)
	}
	if open, err := r.OpenTickets(t.Context(), ticket.Requester{E164: "+33612345678"}, 5); err != nil || len(open) != 1 {
		t.Errorf("open tickets by number: %+v, %v", open, err)
	}
}

func TestConfigurationIsRefused(t *testing.T) {
	for _, cfg := range []rt.Config{{}, {URL: "rt.example.fr", Queue: "Support"}, {URL: "ftp://rt", Queue: "Support"}, {URL: "http://rt"}} {
		if _, err := rt.New(cfg); err == nil {
			t.Errorf("%+v was taken", cfg)
		}
	}
}
