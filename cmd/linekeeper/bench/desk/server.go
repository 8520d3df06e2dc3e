package desk

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"runtime"
	"sync"
	"time"

	"linekeeper/agentdesk"
	"linekeeper/agentdesk/live"
	"linekeeper/cdr"
	"linekeeper/cdr/ledger"
	"linekeeper/cmd/internal/boot"
)

// The words the measuring process says to the serving one, a line each, and what
// it answers.
const (
	sayMemory = "memory" // answered by a Memory
	sayGo     = "go"     // calls begin to come
	sayMark   = "mark"   // answered by Done, counted from here on
	sayStop   = "stop"   // no more calls; answered by Done
)

// hello is the first line the serving process writes.
type hello struct {
	Address string `json:"address"`
}

// Memory is what the serving process holds after a collection, in bytes.
type Memory struct {
	Heap   uint64 `json:"heap"`
	Stacks uint64 `json:"stacks"`
}

// Done is what happened on the floor.
type Done struct {
	Calls   int `json:"calls"`
	Facts   int `json:"facts"`
	Changed int `json:"changed"` // agents' states
}

// desk serves consoles one way.
type desk interface {
	serve(w http.ResponseWriter, r *http.Request, viewer agentdesk.Viewer)
	stop(ctx context.Context) error
}

// Serve is the serving process: it writes its address, then does what it reads
// until in ends. Dir holds its ledger.
func (p Plan) Serve(ctx context.Context, way, dir string, in io.Reader, out io.Writer) (err error) {
	log := slog.New(slog.DiscardHandler)
	nats, err := boot.NewNATS(boot.NATSConfig{}, dir, log)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, within(ctx, nats.Stop)) }()
	facts, err := ledger.Open(ctx, nats.Conn, ledger.Config{Log: log})
	if err != nil {
		return err
	}
	writer := ledger.NewWriter(facts)
	writer.Start()
	defer func() { err = errors.Join(err, within(ctx, writer.Stop)) }()
	s := &serving{plan: p, floor: newMadeUp(p.definitions(), writer)}
	s.floor.signIn()
	if err := writer.Flush(ctx); err != nil {
		return err
	}
	if s.desk, err = p.desk(ctx, way, s.floor, facts); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, within(ctx, s.desk.stop)) }()
	return s.run(ctx, in, out)
}

// stopWithin bounds the stop of each part.
const stopWithin = 10 * time.Second

func within(ctx context.Context, stop func(context.Context) error) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), stopWithin)
	defer cancel()
	return stop(ctx)
}

// desk makes the way's server.
func (p Plan) desk(ctx context.Context, way string, floor *madeUp, facts *ledger.Ledger) (desk, error) {
	switch way {
	case WayLinekeeper:
		hub := live.New(live.Config{
			Definitions: floor.defs, Location: time.UTC, Facts: facts,
			Popped: func(context.Context, string, cdr.OfferID) {}, Log: slog.New(slog.DiscardHandler),
		})
		return hubDesk{hub}, hub.Start(ctx)
	case WayPolling:
		return newNaive(floor.defs, facts, false), nil
	case WayChat:
		return newNaive(floor.defs, facts, true), nil
	default:
		return nil, fmt.Errorf("there is no way %q", way)
	}
}

// hubDesk is the product.
type hubDesk struct{ hub *live.Hub }

func (d hubDesk) serve(w http.ResponseWriter, r *http.Request, viewer agentdesk.Viewer) {
	d.hub.Serve(context.WithoutCancel(r.Context()), w, r, viewer)
}

func (d hubDesk) stop(ctx context.Context) error { return d.hub.Stop(ctx) }

// serving is the serving process at work.
type serving struct {
	plan    Plan
	floor   *madeUp
	desk    desk
	pause   context.CancelFunc // ends the floor's calls; nil: none come
	running sync.WaitGroup
	marked  Done
}

func (s *serving) run(ctx context.Context, in io.Reader, out io.Writer) error {
	viewers := map[string]agentdesk.Viewer{}
	for _, v := range s.plan.viewers(s.floor.defs) {
		viewers[v.Account] = v
	}
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return fmt.Errorf("listen: %w", err)
	}
	server := &http.Server{ReadHeaderTimeout: time.Minute, Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.desk.serve(w, r, viewers[r.URL.Query().Get("viewer")])
	})}
	go func() { _ = server.Serve(listener) }()
	defer func() { _ = server.Close() }() // its sockets are closed by now
	defer s.quiet()
	answer := json.NewEncoder(out)
	if err := answer.Encode(hello{listener.Addr().String()}); err != nil {
		return err
	}
	for lines := bufio.NewScanner(in); lines.Scan(); {
		if err := s.do(ctx, lines.Text(), answer); err != nil {
			return err
		}
	}
	return nil
}

func (s *serving) do(ctx context.Context, word string, answer *json.Encoder) error {
	switch word {
	case sayMemory:
		return answer.Encode(memory())
	case sayGo:
		ctx, s.pause = context.WithCancel(ctx)
		s.running.Go(func() { s.floor.run(ctx, s.plan.Calls) })
		return nil
	case sayMark, sayStop:
		before := s.marked
		s.quiet()
		s.marked = Done{Calls: s.floor.calls, Facts: s.floor.facts, Changed: s.floor.changed}
		if word == sayMark {
			if err := s.do(ctx, sayGo, nil); err != nil {
				return err
			}
		}
		return answer.Encode(Done{
			Calls: s.marked.Calls - before.Calls, Facts: s.marked.Facts - before.Facts, Changed: s.marked.Changed - before.Changed,
		})
	default:
		return fmt.Errorf("nobody knows the word %q", word)
	}
}

// quiet ends the floor's calls, for its counts to be read.
func (s *serving) quiet() {
	if s.pause != nil {
		s.pause()
		s.running.Wait()
		s.pause = nil
	}
}

// memory collects first: twice, for what pools hold on to.
func memory() Memory {
	runtime.GC()
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return Memory{Heap: m.HeapAlloc, Stacks: m.StackInuse}
}
