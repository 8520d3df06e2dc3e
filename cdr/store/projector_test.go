package store_test

import (
	"context"
	"errors"
	"fmt"
	"net"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"linekeeper/cdr"
	"linekeeper/cdr/ledger/ledgertest"
	"linekeeper/cdr/store"
	"linekeeper/cdr/store/storetest"
)

// wishes notes what the projector asked of the ticket worker, inside its
// transaction, so that an undone one leaves none.
type wishes struct{}

func (wishes) NoteLate(ctx context.Context, tx pgx.Tx, call cdr.CallID, t cdr.Ticket, seq uint64) error {
	_, err := tx.Exec(ctx, "INSERT INTO wishes (call, ticket) VALUES ($1, $2)", string(call), fmt.Sprintf("%s up to %d", t.Ticket, seq))
	return err
}

func (wishes) NoteRecord(ctx context.Context, tx pgx.Tx, call cdr.CallID, t cdr.Ticket) error {
	_, err := tx.Exec(ctx, "INSERT INTO wishes (call, ticket) VALUES ($1, $2)", string(call), t.Ticket)
	return err
}

func wished(t *testing.T, pool *pgxpool.Pool) []string {
	t.Helper()
	rows, err := pool.Query(t.Context(), "SELECT ticket FROM wishes ORDER BY n")
	if err != nil {
		t.Fatal(err)
	}
	tickets, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		t.Fatal(err)
	}
	return tickets
}

func newPool(t *testing.T) *pgxpool.Pool {
	t.Helper()
	pool := storetest.Pool(t)
	if _, err := pool.Exec(t.Context(), "CREATE TABLE wishes (n serial, call text, ticket text)"); err != nil {
		t.Fatal(err)
	}
	return pool
}

// quick is a projector that does not linger.
func quick(t *testing.T, pool *pgxpool.Pool, facts store.Facts) *store.Projector {
	t.Helper()
	p := store.NewProjector(pool, facts, wishes{}, store.ProjectorConfig{Linger: time.Millisecond})
	p.Start(t.Context())
	t.Cleanup(p.Stop)
	return p
}

// folded is what the record should be: cdr's own fold of the same facts.
func folded(facts []cdr.Fact, seq uint64) cdr.Record {
	var r cdr.Record
	for i, f := range facts {
		f.Seq = seq + uint64(i)
		r.Apply(f)
	}
	return r
}

func TestARealLedgerBecomesRecords(t *testing.T) {
	pool, l := newPool(t), ledgertest.Ledger(t)
	p := quick(t, pool, l)
	s := newStory().untilEnd().wrapUp()
	if err := l.Append(t.Context(), s.facts...); err != nil {
		t.Fatal(err)
	}
	waitFor(t, "records", p.Applied, uint64(len(s.facts)))
	got, err := store.NewHistory(pool).Call(t.Context(), s.call)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(folded(s.facts, 1), got); diff != "" {
		t.Error(diff)
	}
	var row []string
	err = pool.QueryRow(t.Context(), `SELECT ARRAY[number, caller_number, contact_id, queue, agent, outcome, cause, ended_by,
		disposition, language, waited_ms::text, talked_ms::text, wrap_up_ms::text, offers::text, complete::text] FROM calls`).Scan(&row)
	if err != nil {
		t.Fatal(err)
	}
	want := "0199000001 +33612345678 marie support-n1 alice answered hangup caller resolved fr 20000 180000 30000 1 true"
	if got := strings.Join(row, " "); got != want {
		t.Errorf("the row says\n%s, want\n%s", got, want)
	}
}

func TestTicketIsNotedOnceTheRecordIsComplete(t *testing.T) {
	pool, l := newPool(t), newMemoryLedger("one")
	p := quick(t, pool, l)
	s := newStory().untilEnd().link("7")
	waitFor(t, "ended", p.Applied, l.append(s.facts...))
	if got := wished(t, pool); len(got) != 0 {
		t.Errorf("before the wrap-up the note was asked for on %v", got)
	}
	s.facts = nil
	waitFor(t, "wrapped up", p.Applied, l.append(s.wrapUp().facts...))
	if diff := cmp.Diff([]string{"7"}, wished(t, pool)); diff != "" {
		t.Error("after the wrap-up:", diff)
	}
	s.facts = nil
	s.add(0, cdr.TicketNoted{System: "rt", Ticket: "7", Key: "k"}).link("9") // linked after the end
	waitFor(t, "linked again", p.Applied, l.append(s.facts...))
	if diff := cmp.Diff([]string{"7", "9"}, wished(t, pool)); diff != "" {
		t.Error("a second ticket:", diff)
	}
	calls, err := store.NewHistory(pool).LastCalls(t.Context(), "", "marie", "", 5)
	if err != nil {
		t.Fatal(err)
	}
	if len(calls) != 1 || len(calls[0].Tickets) != 2 || calls[0].Tickets[0].NotedAt.IsZero() || !calls[0].Tickets[1].NotedAt.IsZero() {
		t.Errorf("the last calls are %+v", calls)
	}
}

// Two projectors on one database, stopped and started at will, write each fact
// once between them.
func TestRivalProjectorsWriteEachFactOnce(t *testing.T) {
	pool, l := newPool(t), newMemoryLedger("one")
	var stories []*story
	rivals := []*store.Projector{quick(t, pool, l), quick(t, pool, l)}
	for range 40 {
		s := newStory().untilEnd().link("1").wrapUp()
		stories = append(stories, s)
		for i, f := range s.facts {
			l.append(f)
			if i == 5 {
				rivals = append(rivals, quick(t, pool, l))
				rivals[0].Stop()
				rivals = rivals[1:]
			}
		}
	}
	last := l.append()
	waitFor(t, "all", rivals[len(rivals)-1].Applied, last)
	for i, s := range stories {
		got, err := store.NewHistory(pool).Call(t.Context(), s.call)
		if err != nil {
			t.Fatal(err)
		}
		want := folded(s.facts, uint64(i*len(s.facts)+1))
		if diff := cmp.Diff(want, got); diff != "" {
			t.Fatal(diff)
		}
	}
	if got := len(wished(t, pool)); got != 40 {
		t.Errorf("%d notes were asked for, want 40", got)
	}
}

func TestANewLedgerStartsOver(t *testing.T) {
	pool := newPool(t)
	first, second := newMemoryLedger("one"), newMemoryLedger("two")
	a, b := newStory().untilEnd(), newStory().untilAnswer()
	p := quick(t, pool, first)
	waitFor(t, "the first ledger", p.Applied, first.append(a.facts...))
	p.Stop()
	p = quick(t, pool, second)
	waitFor(t, "the second ledger", p.Applied, second.append(b.facts...))
	for _, s := range []*story{a, b} {
		if _, err := store.NewHistory(pool).Call(t.Context(), s.call); err != nil {
			t.Error(err)
		}
	}
}

func TestBadFactsNeverStopTheRest(t *testing.T) {
	pool, l := newPool(t), newMemoryLedger("one")
	p := quick(t, pool, l)
	nasty := "\x00\xff<script>'\"\\u0000 " + strings.Repeat("é", 3000)
	odd := newStory().
		add(0, cdr.Arrived{Number: nasty, Caller: cdr.Caller{Number: nasty, Name: nasty}}).
		add(0, cdr.Identified{Contact: cdr.Contact{ID: nasty, Name: nasty}}).
		add(0, cdr.QueueEntered{Queue: nasty, Attributes: map[string]string{nasty: nasty}}).
		add(0, cdr.WaitEstimated{Queue: nasty, Place: -4, Low: 3 * time.Minute, High: time.Minute}).
		add(0, cdr.CallbackAsked{Queue: nasty, Number: nasty, Mode: cdr.CallbackMode(nasty), By: nasty}).
		add(0, cdr.CallbackDialled{Try: -5, Number: nasty}).
		add(0, cdr.QueueLeft{Queue: nasty, Waited: -time.Hour}).
		add(0, cdr.Overflowed{Queue: nasty, To: cdr.OverflowKind(nasty), Target: nasty}).
		add(0, cdr.Connected{Agent: nasty, Queue: nasty}).
		add(0, cdr.TalkEnded{Agent: nasty, Talked: -time.Hour}).
		add(0, cdr.WrappedUp{Agent: nasty, Took: -time.Hour}).
		add(0, cdr.TicketLinked{System: "rt", Ticket: nasty}).
		add(0, cdr.TicketLinked{System: "rt", Ticket: ""}). // the schema refuses this one
		add(0, cdr.Ended{Code: -1 << 40})
	impossible := newStory().add(0, cdr.Arrived{})
	impossible.facts[0].At = time.Date(12026, 1, 1, 0, 0, 0, 0, time.UTC) // beyond RFC 3339
	noCall := cdr.Fact{ID: "x", At: day, Call: "not-a-uuid\x00", Story: cdr.Ended{}}
	good := newStory().untilEnd()
	l.append(odd.facts...)
	l.append(impossible.facts...)
	l.append(noCall, cdr.Fact{ID: "alice/1", At: day, Story: cdr.AgentChanged{Agent: "alice"}})
	waitFor(t, "all", p.Applied, l.append(good.facts...))
	h := store.NewHistory(pool)
	if _, err := h.Call(t.Context(), good.call); err != nil {
		t.Error(err)
	}
	r, err := h.Call(t.Context(), odd.call)
	if err != nil {
		t.Fatal(err)
	}
	clean := "��<script>'\"\\u0000 " + strings.Repeat("é", 3000)
	if r.Caller.Name != clean {
		t.Errorf("the name came back as %.40q, want %.40q", r.Caller.Name, clean)
	}
	calls, err := h.LastCalls(t.Context(), nasty, "", "", 1)
	if err != nil || len(calls) != 1 || calls[0].Call != odd.call {
		t.Errorf("looked up by its number: %v, %v", calls, err)
	}
	var parts string
	err = pool.QueryRow(t.Context(), `SELECT concat_ws(' ', v.low_ms, v.high_ms, v.place, v.waited_ms, length(v.overflow_target), b.tries, t.talked_ms, t.wrap_up_ms)
		FROM queue_visits v JOIN callbacks b USING (call_id) JOIN talks t USING (call_id)`).Scan(&parts)
	if want := "60000 60000 0 0 " + itoa(uint16(len([]rune(clean)))) + " 0 0 0"; err != nil || parts != want {
		t.Errorf("its parts: %q, %v; want %q", parts, err, want)
	}
	if _, err := h.Call(t.Context(), impossible.call); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("the impossible call: %v, want ErrNotFound", err)
	}
}

// faultyProxy stands between a pool and PostgreSQL and can cut every
// connection, also in the middle of a transaction.
type faultyProxy struct {
	net.Listener
	to string

	mu    sync.Mutex
	down  bool
	conns []net.Conn
	wg    sync.WaitGroup
}

func newFaultyProxy(t *testing.T, to string) *faultyProxy {
	t.Helper()
	lis, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	p := &faultyProxy{Listener: lis, to: to}
	p.wg.Go(p.serve)
	t.Cleanup(func() { lis.Close(); p.set(true); p.wg.Wait() })
	return p
}

func (p *faultyProxy) set(down bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.down = down
	if down {
		for _, c := range p.conns {
			c.Close()
		}
		p.conns = nil
	}
}

func (p *faultyProxy) serve() {
	for {
		in, err := p.Accept()
		if err != nil {
			return
		}
		p.mu.Lock()
		out, err := net.Dial("tcp", p.to)
		if p.down || err != nil {
			in.Close()
			if err == nil {
				out.Close()
			}
		} else {
			p.conns = append(p.conns, in, out)
			p.wg.Go(func() { pipe(in, out) })
			p.wg.Go(func() { pipe(out, in) })
		}
		p.mu.Unlock()
	}
}

func pipe(from, to net.Conn) {
	buf := make([]byte, 32<<10)
	for {
		n, err := from.Read(buf)
		if err != nil {
			to.Close()
			return
		}
		if _, err := to.Write(buf[:n]); err != nil {
			from.Close()
			return
		}
	}
}

func TestDatabaseOutageLosesAndDoublesNothing(t *testing.T) {
	direct := newPool(t)
	cfg := direct.Config()
	proxy := newFaultyProxy(t, net.JoinHostPort(cfg.ConnConfig.Host, itoa(cfg.ConnConfig.Port)))
	host, port, _ := net.SplitHostPort(proxy.Addr().String())
	cfg.ConnConfig.Host, cfg.ConnConfig.Port = host, atoi(port)
	cfg.ConnConfig.Fallbacks = nil
	pool, err := pgxpool.NewWithConfig(t.Context(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(pool.Close)
	l := newMemoryLedger("one")
	p := quick(t, pool, l)
	var stories []*story
	for n := range 30 {
		s := newStory().untilEnd().link("1").wrapUp()
		stories = append(stories, s)
		for i, f := range s.facts {
			seq := l.append(f)
			if n%10 == 5 && i == n%7 {
				proxy.set(true)
			}
			if n%10 == 7 && i == 0 {
				proxy.set(false)
				waitFor(t, "after the outage", p.Applied, seq)
			}
		}
	}
	waitFor(t, "all", p.Applied, l.append())
	h := store.NewHistory(direct)
	for i, s := range stories {
		got, err := h.Call(t.Context(), s.call)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(folded(s.facts, uint64(i*len(s.facts)+1)), got, cmpopts.EquateEmpty()); diff != "" {
			t.Fatal(diff)
		}
	}
	if got := len(wished(t, direct)); got != 30 {
		t.Errorf("%d notes were asked for, want 30", got)
	}
}

func TestStopBeforeAnythingIsThere(t *testing.T) {
	pool, err := pgxpool.New(t.Context(), "postgres://nobody@127.0.0.1:1/none?connect_timeout=1")
	if err != nil {
		t.Fatal(err)
	}
	defer pool.Close()
	p := store.NewProjector(pool, newMemoryLedger("one"), nil, store.ProjectorConfig{})
	p.Start(t.Context())
	p.Stop()
	p.Stop()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := p.Applied(ctx, 1); !errors.Is(err, context.Canceled) {
		t.Errorf("waiting on a stopped projector: %v", err)
	}
}
