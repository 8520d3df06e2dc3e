package live

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"runtime"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/gorilla/websocket"
	"go.uber.org/goleak"

	"linekeeper/agentdesk"
	"linekeeper/cdr"
	"linekeeper/cdr/ledger"
	"linekeeper/queue"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func defs() queue.Definitions {
	return queue.Definitions{
		Queues: []queue.Definition{{Label: queue.Label{ID: "n1", FR: "Support", EN: "Support"}, Level: 20 * time.Second}},
		Agents: []queue.Agent{
			{ID: "alice", Name: "Alice", Queues: []string{"n1"}},
			{ID: "bruno", Name: "Bruno", Queues: []string{"n1"}},
		},
	}
}

func viewer(name string) agentdesk.Viewer {
	role := agentdesk.RoleAgent
	if name == "hugo" {
		role = agentdesk.RoleSupervisor
	}
	return agentdesk.NewViewer(defs(), name, role)
}

// tape is a ledger in memory.
type tape struct {
	mu    sync.Mutex
	facts []cdr.Fact
	more  chan struct{}
	id    string
	reads []uint64 // from
}

func newTape() *tape { return &tape{more: make(chan struct{})} }

func (l *tape) append(call string, stories ...cdr.Story) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, s := range stories {
		seq := uint64(len(l.facts) + 1)
		l.facts = append(l.facts, cdr.Fact{ID: fmt.Sprint(seq), Seq: seq, At: time.Unix(1000, 0).UTC(), Call: cdr.CallID(call), Story: s})
	}
	close(l.more)
	l.more = make(chan struct{})
}

func (l *tape) ID() string { return l.id }

func (l *tape) Last(context.Context) (uint64, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return uint64(len(l.facts)), nil
}

func (l *tape) Read(ctx context.Context, from uint64, each func(cdr.Fact) error) error {
	l.mu.Lock()
	l.reads = append(l.reads, from)
	ahead := from > uint64(len(l.facts))+1
	l.mu.Unlock()
	if ahead {
		return fmt.Errorf("read: %w", ledger.ErrAhead)
	}
	for {
		l.mu.Lock()
		facts, more := l.facts[from-1:], l.more
		l.mu.Unlock()
		for _, f := range facts {
			if err := each(f); err != nil {
				return err
			}
			from++
		}
		select {
		case <-more:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// shelf keeps a saved board in memory.
type shelf struct {
	mu   sync.Mutex
	data []byte
	seq  uint64
}

func (s *shelf) copy() *shelf {
	s.mu.Lock()
	defer s.mu.Unlock()
	return &shelf{data: s.data, seq: s.seq}
}

func (s *shelf) Load(context.Context) ([]byte, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.data, nil
}

func (s *shelf) Save(_ context.Context, data []byte, seq uint64) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.data, s.seq = data, seq
	return nil
}

// told writes down what the ports hear.
type told struct {
	mu    sync.Mutex
	words []string
}

func (t *told) say(format string, args ...any) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.words = append(t.words, fmt.Sprintf(format, args...))
}

func (t *told) heard() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	out := fmt.Sprint(t.words)
	t.words = nil
	return out
}

func (t *told) ConsoleBack(agent string) { t.say("back %s", agent) }
func (t *told) ConsoleGone(agent string) { t.say("gone %s", agent) }

// tester is a test, or one try of a property.
type tester interface {
	Helper()
	Error(args ...any)
	Errorf(format string, args ...any)
	Fatal(args ...any)
	Fatalf(format string, args ...any)
	Context() context.Context
}

// floor is a running hub with its surroundings, in a synctest bubble.
type floor struct {
	t     tester
	tape  *tape
	shelf *shelf
	told  told
	hub   *Hub
}

func start(t *testing.T, change func(*Config)) *floor {
	f := &floor{t: t, tape: newTape(), shelf: &shelf{}}
	f.run(change)
	return f
}

func (f *floor) run(change func(*Config)) {
	f.t.Helper()
	cfg := Config{
		Definitions: defs(), Location: time.UTC, Facts: f.tape, Saves: f.shelf, Presence: &f.told,
		Popped: func(_ context.Context, agent string, offer cdr.OfferID) { f.told.say("popped %s %s", agent, offer) },
		Log:    slog.New(slog.DiscardHandler),
	}
	if change != nil {
		change(&cfg)
	}
	f.hub = New(cfg)
	if err := f.hub.Start(f.t.Context()); err != nil {
		f.t.Fatal(err)
	}
	synctest.Wait()
}

func (f *floor) stop() {
	f.t.Helper()
	synctest.Wait() // what was told is heard
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	defer cancel()
	if err := f.hub.Stop(ctx); err != nil {
		f.t.Error(err)
	}
	synctest.Wait()
}

// together appends facts that the owner finds waiting, all at once.
func (f *floor) together(call string, stories ...cdr.Story) {
	f.hub.ask(f.t.Context(), func() {
		f.tape.append(call, stories...)
		for len(f.hub.news) < len(stories) {
			runtime.Gosched()
		}
	})
}

// page is a console's end of the wire.
type page struct {
	t      tester
	name   string
	ws     *websocket.Conn
	out    context.CancelFunc // sign out
	served chan struct{}
	epoch  string // of the newest snapshot
}

// hijacked hands the server its end of a pipe.
type hijacked struct {
	http.ResponseWriter
	conn net.Conn
	brw  *bufio.ReadWriter
}

func (h *hijacked) Hijack() (net.Conn, *bufio.ReadWriter, error) { return h.conn, h.brw, nil }

// dial opens a console over a pipe: nothing is buffered on the way.
func (f *floor) dial(name, query string) *page {
	f.t.Helper()
	return f.dialAs(viewer(name), query)
}

// back opens a console that comes back from what a page has seen up to seq.
func (f *floor) back(p *page, since string) *page {
	f.t.Helper()
	again := f.dial(p.name, "?since="+since+"&epoch="+p.epoch)
	again.epoch = p.epoch
	return again
}

func (f *floor) dialAs(v agentdesk.Viewer, query string) *page {
	f.t.Helper()
	near, far := net.Pipe()
	ctx, out := context.WithCancel(context.Background())
	p := &page{t: f.t, name: v.Account, out: out, served: make(chan struct{})}
	go func() {
		defer close(p.served)
		brw := bufio.NewReadWriter(bufio.NewReader(far), bufio.NewWriter(far))
		r, err := http.ReadRequest(brw.Reader)
		if err != nil {
			return
		}
		f.hub.Serve(ctx, &hijacked{conn: far, brw: brw}, r, v)
	}()
	dialer := websocket.Dialer{
		NetDialContext:    func(context.Context, string, string) (net.Conn, error) { return near, nil },
		EnableCompression: true,
	}
	ws, _, err := dialer.Dial("ws://desk/api/v1/live"+query, nil)
	if err != nil {
		f.t.Fatal(err)
	}
	p.ws = ws
	return p
}

// message is any message of the contract.
type message struct {
	Type     string
	Seq      uint64
	Epoch    string
	Reason   string
	Agents   []agentdesk.Agent
	Queues   []agentdesk.Queue
	Calls    []agentdesk.Call
	Gone     []cdr.CallID
	Here     bool
	Taken    bool
	Consoles []ailing
}

func (p *page) read() message {
	p.t.Helper()
	_, data, err := p.ws.ReadMessage()
	if err != nil {
		p.t.Fatalf("read: %v", err)
	}
	keepsToTheContract(p.t, "tell", data)
	var m message
	if err := json.Unmarshal(data, &m); err != nil {
		p.t.Fatal(err)
	}
	if m.Epoch != "" {
		p.epoch = m.Epoch
	}
	return m
}

// expect reads a message and compares the short form of it.
func (p *page) expect(want string) message {
	p.t.Helper()
	m := p.read()
	if got := m.String(); got != want {
		p.t.Fatalf("told %q, want %q", got, want)
	}
	return m
}

func (m message) String() string {
	s := fmt.Sprintf("%s %d", m.Type, m.Seq)
	for _, a := range m.Agents {
		s += fmt.Sprintf(" %s:%s", a.ID, a.State)
	}
	for _, q := range m.Queues {
		s += fmt.Sprintf(" %s:%d", q.ID, q.Waiting)
	}
	for _, c := range m.Calls {
		s += fmt.Sprintf(" %s:%s", c.ID, c.State)
	}
	for _, id := range m.Gone {
		s += fmt.Sprintf(" -%s", id)
	}
	for _, c := range m.Consoles {
		s += fmt.Sprintf(" %s:%s%s%s", c.Agent, c.Microphone, c.Line, c.Network)
		if c.Asleep {
			s += "asleep"
		}
	}
	if m.Here {
		s += " here"
	}
	if m.Taken {
		s += " taken"
	}
	if m.Reason != "" {
		s += " " + m.Reason
	}
	return s
}

// say sends what the contract lets a console say.
func (p *page) say(text string) {
	p.t.Helper()
	keepsToTheContract(p.t, "hear", []byte(text))
	p.babble(text)
}

// babble sends anything.
func (p *page) babble(text string) {
	p.t.Helper()
	if err := p.ws.WriteMessage(websocket.TextMessage, []byte(text)); err != nil {
		p.t.Fatal(err)
	}
}

// close goes away as a closed tab does.
func (p *page) close() {
	p.ws.Close()
	<-p.served
	p.out()
}

// closed expects the server to have closed.
func (p *page) closed() {
	p.t.Helper()
	if _, data, err := p.ws.ReadMessage(); err == nil {
		p.t.Fatalf("the socket is open: %s", data)
	}
	p.close()
}

// nobody hears of screen pops.
func nobody(context.Context, string, cdr.OfferID) {}
