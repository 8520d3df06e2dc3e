package desk

import (
	"bufio"
	"context"
	"encoding/json"
	"io"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	"linekeeper/cmd/linekeeper/bench"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func small() Plan {
	p := DefaultPlan()
	p.Consoles, p.Watchers, p.Queues, p.Calls = 24, 2, 4, 100
	return p
}

// What the consoles count is what happened: every way, each change reaches
// everyone who may see it, and none earlier than it was made.
func TestEveryChangeIsCounted(t *testing.T) {
	for _, way := range Ways() {
		t.Run(way, func(t *testing.T) {
			p := small()
			ours, theirs := io.Pipe()
			answers, out := io.Pipe()
			served := make(chan error, 1)
			go func() {
				err := p.Serve(t.Context(), way, t.TempDir(), ours, out)
				_ = out.CloseWithError(err)
				served <- err
			}()
			s := &server{in: theirs, out: bufio.NewReader(answers)}
			var h hello
			if err := s.hear(&h); err != nil {
				t.Fatal(err)
			}
			viewers := p.viewers(p.definitions())
			hall, err := open(t.Context(), h.Address, way == WayLinekeeper, viewers)
			if err != nil {
				t.Fatal(err)
			}
			var done Done
			if err := s.ask(sayMark, &done); err != nil {
				t.Fatal(err)
			}
			m := hall.measure()
			want := p.seenBy(viewers)
			if way == WayChat {
				want = float64(p.Consoles)
			}
			enough, cancel := context.WithTimeout(t.Context(), 30*time.Second)
			defer cancel()
			for int(m.received.Load()) < int(20*want) && enough.Err() == nil {
				if err := bench.Wait(enough, 50*time.Millisecond); err != nil {
					t.Fatal(err)
				}
			}
			if err := s.ask(sayStop, &done); err != nil {
				t.Fatal(err)
			}
			settle(t, m, int64(0.8*want*float64(done.Changed)))
			got := float64(m.received.Load()) / float64(done.Changed)
			if got < 0.8*want || got > 1.2*want {
				t.Errorf("each of %d changes was received %.1f times, want about %.1f", done.Changed, got, want)
			}
			times := m.delay.times()
			if times.N != int(m.received.Load()) || times.P50 <= 0 || times.P99 < times.P50 || m.bytes.Load() == 0 {
				t.Errorf("measured %+v of %d received, in %d bytes", times, m.received.Load(), m.bytes.Load())
			}
			hall.close()
			if err := theirs.Close(); err != nil {
				t.Fatal(err)
			}
			if err := <-served; err != nil {
				t.Error(err)
			}
		})
	}
}

// settle waits until nothing comes any more: the slowest way tells each second. On a
// busy machine less than enough may come in one.
func settle(t *testing.T, m *measures, enough int64) {
	t.Helper()
	patient, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	for last := int64(-1); last != m.received.Load() || last < enough; {
		last = m.received.Load()
		if bench.Wait(patient, 1200*time.Millisecond) != nil {
			return // what came is judged
		}
	}
}

func TestHistogram(t *testing.T) {
	var h histogram
	for i := range 1000 {
		h.add(time.Duration(i+1) * time.Millisecond)
	}
	h.add(time.Minute) // out of reach
	if got := h.times(); got.N != 1001 || got.P50 < 499 || got.P50 > 501 || got.P99 < 989 || got.P99 > 991 || got.Max != 60_000 {
		t.Errorf("%+v", got)
	}
	if got := new(histogram).times(); got != (Times{}) {
		t.Errorf("of nothing: %+v", got)
	}
}

// Stamps are counted once each, by their age.
func TestLook(t *testing.T) {
	at := time.Date(2026, 11, 21, 9, 0, 0, 0, time.UTC)
	page, err := json.Marshal(map[string]any{"agents": []map[string]any{
		{"id": "a", "since": at}, {"id": "b", "since": at.Add(time.Second)}, {"id": "c", "since": "nonsense"},
	}})
	if err != nil {
		t.Fatal(err)
	}
	m := &measures{}
	newest := look(page, time.Time{}, at.Add(2*time.Second), m)
	newest = look(page, newest, at.Add(9*time.Second), m)
	if !newest.Equal(at.Add(time.Second)) || m.received.Load() != 2 || m.messages.Load() != 2 {
		t.Errorf("newest %v, %d received in %d messages", newest, m.received.Load(), m.messages.Load())
	}
	if got := m.delay.times(); got.Max != 2000 || got.P50 > 1001 {
		t.Errorf("%+v", got)
	}
}

func TestTable(t *testing.T) {
	r := &Result{Plan: DefaultPlan(), Turns: []Turn{
		{Way: WayLinekeeper, For: time.Minute, Delay: Times{P50: 5, P99: 99, Max: 120}, Heap: 15 * 1024, Received: 90, Expected: 100},
		{Way: WayPolling, For: time.Minute, Delay: Times{P50: 500, P99: 990, Max: 1200}, Heap: 100 * 1024},
	}}
	text := r.Table()
	for _, want := range []string{"held: 99.0 ms", "held: 15.0 KiB", "90.0 %", WayPolling} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is not in\n%s", want, text)
		}
	}
	r.Turns[0].Delay.P99, r.Turns[0].Heap = 101, 65*1024
	if text := r.Table(); strings.Count(text, "MISSED") != 2 {
		t.Errorf("what is missed does not show:\n%s", text)
	}
}

func TestPlansThatCannotBeMeasured(t *testing.T) {
	if err := DefaultPlan().Validate(); err != nil {
		t.Error(err)
	}
	for name, spoil := range map[string]func(*Plan){
		"no agents": func(p *Plan) { p.Watchers = p.Consoles }, "one queue": func(p *Plan) { p.Queues = 1 },
		"no calls": func(p *Plan) { p.Calls = 0 }, "no time": func(p *Plan) { p.For = 0 },
	} {
		p := DefaultPlan()
		spoil(&p)
		if p.Validate() == nil {
			t.Errorf("%s: can be measured", name)
		}
	}
}
