package ticket_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5/pgxpool"

	"linekeeper/cdr"
	"linekeeper/cdr/ledger"
	"linekeeper/cdr/ledger/ledgertest"
	"linekeeper/cdr/store"
	"linekeeper/cdr/store/storetest"
	"linekeeper/cdr/ticket"
	"linekeeper/cdr/ticket/rt"
	"linekeeper/cdr/ticket/rtfake"
)

func TestMain(m *testing.M) { storetest.Main(m) }

// desk is all that stands between a ledger and a ticket system.
type desk struct {
	*ledger.Ledger
	pool     *pgxpool.Pool
	fake     *rtfake.Fake
	rt       *rt.RT
	delivery *ticket.Delivery
	history  *store.History
	// failAppends is how many of the delivery's facts get lost on the way.
	failAppends atomic.Int32
}

func newDesk(t *testing.T) *desk {
	t.Helper()
	d := &desk{Ledger: ledgertest.Ledger(t), pool: storetest.Pool(t), fake: rtfake.New()}
	server := httptest.NewServer(d.fake)
	t.Cleanup(server.Close)
	var err error
	if d.rt, err = rt.New(rt.Config{URL: server.URL, Token: rtfake.Token, Queue: "Support"}); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(d.rt.Close)
	d.history = store.NewHistory(d.pool)
	d.delivery = newDelivery(t, d)
	d.delivery.Start(t.Context())
	t.Cleanup(func() { stop(t, d.delivery) })
	p := store.NewProjector(d.pool, d.Ledger, d.delivery, store.ProjectorConfig{Linger: time.Millisecond})
	p.Start(t.Context())
	t.Cleanup(p.Stop)
	return d
}

func newDelivery(t *testing.T, d *desk) *ticket.Delivery {
	t.Helper()
	delivery, err := ticket.NewDelivery(d.pool, d.history, facts{d}, ticket.Config{Late: time.Millisecond}, d.rt)
	if err != nil {
		t.Fatal(err)
	}
	return delivery
}

func stop(t *testing.T, delivery *ticket.Delivery) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	if err := delivery.Stop(ctx); err != nil {
		t.Error(err)
	}
}

// facts is the ledger as the delivery sees it.
type facts struct{ d *desk }

func (f facts) Append(ctx context.Context, facts ...cdr.Fact) error {
	if f.d.failAppends.Add(-1) >= 0 {
		return errors.New("the ledger is away")
	}
	return f.d.Append(ctx, facts...)
}

func newCall() cdr.CallID { return cdr.CallID(uuid.Must(uuid.NewV7()).String()) }

// complete appends a short complete call with a linked ticket.
func (d *desk) complete(t *testing.T, call cdr.CallID, id string) {
	t.Helper()
	var all []cdr.Fact
	for _, s := range []cdr.Story{
		cdr.Arrived{Number: "0199000001", Caller: cdr.Caller{Number: "+33612345678"}, Language: "fr"},
		cdr.Connected{Agent: "alice"},
		cdr.TicketLinked{System: "rt", Ticket: id},
		cdr.TalkEnded{Agent: "alice", Talked: time.Minute},
		cdr.Ended{Cause: cdr.EndHangup},
		cdr.WrappedUp{Agent: "alice", Disposition: "résolu"},
	} {
		all = append(all, cdr.Fact{ID: string(call) + "/" + string(s.Kind()), At: time.Now(), Call: call, Story: s})
	}
	if err := d.Append(t.Context(), all...); err != nil {
		t.Fatal(err)
	}
}

// until waits for a fact of a kind about a call.
func (d *desk) until(t *testing.T, call cdr.CallID, kind cdr.Kind) cdr.Fact {
	t.Helper()
	return d.untilWhere(t, call, func(f cdr.Fact) bool { return f.Kind() == kind })
}

func (d *desk) untilWhere(t *testing.T, call cdr.CallID, fits func(cdr.Fact) bool) cdr.Fact {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 60*time.Second)
	defer cancel()
	var got cdr.Fact
	found := errors.New("found")
	err := d.Read(ctx, 1, func(f cdr.Fact) error {
		if f.Call == call && fits(f) {
			got = f
			return found
		}
		return nil
	})
	if !errors.Is(err, found) {
		t.Fatalf("waiting for a fact: %v", err)
	}
	return got
}

func TestRecordReachesItsTicketOnce(t *testing.T) {
	d := newDesk(t)
	call := newCall()
	made, err := d.delivery.Create(t.Context(), "rt", ticket.New{Call: call, Subject: "Appel"})
	if err != nil {
		t.Fatal(err)
	}
	d.complete(t, call, made.ID)
	noted := d.until(t, call, cdr.KindTicketNoted)
	if got := noted.Story.(cdr.TicketNoted); got.Ticket != "1" || got.Key != string(call)+"/record" {
		t.Errorf("the ledger says %+v", got)
	}
	notes := d.fake.Notes(1)
	if len(notes) != 1 || notes[0].Key != string(call)+"/record" || !strings.Contains(notes[0].Content, "Saisie post-appel : alice, résolu") || notes[0].Minutes != "1" {
		t.Errorf("the notes are %+v", notes)
	}
}

// What an agent writes after the record stood on the ticket comes there too, and
// only the last of it.
func TestLateNoteReachesItsTicketOnce(t *testing.T) {
	d := newDesk(t)
	call := newCall()
	made, err := d.delivery.Create(t.Context(), "rt", ticket.New{Call: call, Subject: "Appel"})
	if err != nil {
		t.Fatal(err)
	}
	d.complete(t, call, made.ID)
	d.until(t, call, cdr.KindTicketNoted)
	var all []cdr.Fact
	for _, text := range []string{"câ", "câble débranché"} {
		all = append(all, cdr.Fact{ID: string(call) + "/note/" + text, At: time.Now(), Call: call, Story: cdr.Noted{Agent: "alice", Text: text}})
	}
	if err := d.Append(t.Context(), all...); err != nil {
		t.Fatal(err)
	}
	late := d.untilWhere(t, call, func(f cdr.Fact) bool {
		s, ok := f.Story.(cdr.TicketNoted)
		return ok && s.Key != string(call)+"/record"
	})
	notes := d.fake.Notes(1)
	if len(notes) != 2 || notes[1].Key != late.Story.(cdr.TicketNoted).Key || !strings.Contains(notes[1].Content, "Note complétée après l'appel : alice") || !strings.Contains(notes[1].Content, "  câble débranché\n") {
		t.Errorf("the notes are %+v", notes)
	}
}

// The worst order of things: the note is written and the answer lost; then it
// is found, but the fact cannot be told; then the fact is told.
func TestFailuresAlongTheWayDoubleNothing(t *testing.T) {
	d := newDesk(t)
	call := newCall()
	if _, err := d.delivery.Create(t.Context(), "rt", ticket.New{Call: call}); err != nil {
		t.Fatal(err)
	}
	d.fake.Fail(http.MethodPost, rtfake.Lost)
	d.failAppends.Store(1)
	d.complete(t, call, "1")
	d.until(t, call, cdr.KindTicketNoted)
	if got := d.fake.Notes(1); len(got) != 1 {
		t.Errorf("the notes are %+v, want one", got)
	}
	story, err := d.Story(t.Context(), call)
	if err != nil || len(story) != 7 {
		t.Errorf("the story has %d facts, %v; want 7", len(story), err)
	}
}

func TestAMissingTicketHoldsNobodyUp(t *testing.T) {
	d := newDesk(t)
	lost, good := newCall(), newCall()
	if _, err := d.delivery.Create(t.Context(), "rt", ticket.New{Call: good}); err != nil {
		t.Fatal(err)
	}
	d.complete(t, lost, "4711")
	d.complete(t, good, "1")
	d.until(t, good, cdr.KindTicketNoted)
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	for state := ""; state != "cancelled"; {
		err := d.pool.QueryRow(ctx, "SELECT state FROM river_job WHERE args->>'ticket' = '4711'").Scan(&state)
		if err != nil {
			t.Fatal(err)
		}
	}
}

func TestTwoWishesAtOnceMakeOneTicket(t *testing.T) {
	d := newDesk(t)
	call := newCall()
	var wg sync.WaitGroup
	for range 5 {
		wg.Go(func() {
			made, err := d.delivery.Create(t.Context(), "rt", ticket.New{Call: call})
			if err != nil || made.ID != "1" {
				t.Errorf("created %+v, %v", made, err)
			}
		})
	}
	wg.Wait()
	if got := d.fake.Tickets(); got != 1 {
		t.Errorf("%d tickets, want one", got)
	}
}

// The agent is told "later"; the job finds the ticket that was made after all.
func TestTicketMadeInTheDarkIsFoundAndLinked(t *testing.T) {
	d := newDesk(t)
	call := newCall()
	d.fake.Fail(http.MethodPost, rtfake.BrokenLate)
	for range 2 { // and asked twice
		_, err := d.delivery.Create(t.Context(), "rt", ticket.New{Call: call, Subject: "Appel", Agent: "alice"})
		if err == nil {
			continue
		}
		if !errors.Is(err, ticket.ErrLater) {
			t.Fatalf("created: %v, want ErrLater", err)
		}
	}
	linked := d.until(t, call, cdr.KindTicketLinked).Story.(cdr.TicketLinked)
	if linked.Ticket != "1" || linked.Agent != "alice" || !linked.Created || linked.Subject != "Appel" {
		t.Errorf("linked %+v", linked)
	}
	if got := d.fake.Tickets(); got != 1 {
		t.Errorf("%d tickets, want one", got)
	}
}

func TestTicketThatCanNeverBe(t *testing.T) {
	d := newDesk(t)
	if _, err := d.delivery.Create(t.Context(), "glpi", ticket.New{Call: newCall()}); !errors.Is(err, ticket.ErrLater) {
		t.Errorf("a system not configured: %v, want ErrLater", err)
	}
}

func TestStartAndStopWithoutADatabase(t *testing.T) {
	pool, err := pgxpool.New(t.Context(), "postgres://nobody@127.0.0.1:1/none?connect_timeout=1")
	if err != nil {
		t.Fatal(err)
	}
	defer pool.Close()
	delivery, err := ticket.NewDelivery(pool, store.NewHistory(pool), nil, ticket.Config{})
	if err != nil {
		t.Fatal(err)
	}
	stop(t, delivery) // before the start
	delivery.Start(t.Context())
	stop(t, delivery)
	stop(t, delivery)
}

func TestVerdictOf(t *testing.T) {
	for _, c := range []struct {
		err  error
		want ticket.Verdict
	}{
		{nil, ""},
		{errors.New("x"), ticket.Retryable},
		{errors.Join(errors.New("x"), &ticket.Error{Verdict: ticket.Unknown, Err: errors.New("y")}), ticket.Unknown},
	} {
		if got := ticket.VerdictOf(c.err); got != c.want {
			t.Errorf("%v is %q, want %q", c.err, got, c.want)
		}
	}
}
