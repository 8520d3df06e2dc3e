package trace_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"
	sdkmetric "go.opentelemetry.io/otel/sdk/metric"
	"go.opentelemetry.io/otel/sdk/metric/metricdata"
	sdk "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/sdk/trace/tracetest"
	oteltrace "go.opentelemetry.io/otel/trace"
	"go.uber.org/goleak"

	"linekeeper/cdr"
	"linekeeper/cdr/ledger"
	"linekeeper/cdr/ledger/ledgertest"
	"linekeeper/cdr/trace"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

var day = time.Date(2026, 11, 21, 9, 0, 0, 0, time.UTC)

// lab is a ledger with a follower's surroundings.
type lab struct {
	*ledger.Ledger
	positions *ledger.Bucket
	spans     *tracetest.SpanRecorder
	provider  *sdk.TracerProvider
	reader    *sdkmetric.ManualReader
}

func newLab(t *testing.T) *lab {
	t.Helper()
	b := ledgertest.Start(t)
	l := &lab{
		Ledger: b.Ledger(t, ledger.Config{}), positions: b.Snapshots(t).Bucket(ledger.Positions),
		spans: tracetest.NewSpanRecorder(), reader: sdkmetric.NewManualReader(),
	}
	l.provider = sdk.NewTracerProvider(sdk.WithIDGenerator(trace.IDs()), sdk.WithSpanProcessor(l.spans))
	return l
}

// follow starts a follower as after a start of the process.
func (l *lab) follow(t *testing.T, cfg trace.Config) (stop func()) {
	t.Helper()
	l.reader = sdkmetric.NewManualReader()
	cfg.TracerProvider, cfg.MeterProvider = l.provider, sdkmetric.NewMeterProvider(sdkmetric.WithReader(l.reader))
	f, err := trace.NewFollower(l.Ledger, l.positions, cfg)
	if err != nil {
		t.Fatal(err)
	}
	f.Start(t.Context())
	return func() {
		if err := f.Stop(); err != nil {
			t.Error(err)
		}
	}
}

func newCall() cdr.CallID { return cdr.CallID(uuid.Must(uuid.NewV7()).String()) }

// tell appends stories of a call, a second apart, from its n-th second on.
func (l *lab) tell(t *testing.T, call cdr.CallID, n int, stories ...cdr.Story) {
	t.Helper()
	for i, s := range stories {
		f := cdr.Fact{ID: fmt.Sprintf("%s/%d", call, n+i), At: day.Add(time.Duration(n+i) * time.Second), Call: call, Story: s}
		if _, agent := s.(cdr.AgentChanged); agent {
			f.Call = ""
		}
		if err := l.Append(t.Context(), f); err != nil {
			t.Fatal(err)
		}
	}
}

func fullCall() (begin, end []cdr.Story) {
	begin = []cdr.Story{
		cdr.Arrived{Node: "lab", Number: "0199000001", Caller: cdr.Caller{Number: "+33612345678", Name: "Marie"}},
		cdr.FlowStarted{Flow: "helpdesk", Version: "1"},
		cdr.MenuChosen{Menu: "main", Digit: "1"},
		cdr.QueueEntered{Queue: "n1", EnteredAt: day.Add(3 * time.Second)},
		cdr.Offered{Offer: "o1", Agent: "bruno", Queue: "n1"},
		cdr.OfferEnded{Offer: "o1", Agent: "bruno", Queue: "n1", Outcome: cdr.OfferRingNoAns},
		cdr.Offered{Offer: "o2", Agent: "alice", Queue: "n1"},
		cdr.Popped{Offer: "o2", Agent: "alice"},
	}
	end = []cdr.Story{
		cdr.Rung{Offer: "o2", Agent: "alice", Popped: true},
		cdr.OfferEnded{Offer: "o2", Agent: "alice", Queue: "n1", Outcome: cdr.OfferAnswered},
		cdr.QueueLeft{Queue: "n1", Cause: cdr.LeftAnswered, Waited: 7 * time.Second},
		cdr.Connected{Offer: "o2", Agent: "alice", Queue: "n1"},
		cdr.TalkEnded{Agent: "alice", Talked: time.Second, By: cdr.ByCaller},
		cdr.Ended{Cause: cdr.EndHangup, By: cdr.ByCaller},
		cdr.WrappedUp{Agent: "alice", Took: time.Second},
	}
	return begin, end
}

// until waits for the spans of n calls.
func (l *lab) until(t *testing.T, n int) []sdk.ReadOnlySpan {
	t.Helper()
	deadline := time.After(20 * time.Second)
	for {
		ended := l.spans.Ended()
		roots := 0
		for _, s := range ended {
			if s.Name() == "call" {
				roots++
			}
		}
		if roots >= n {
			return ended
		}
		select {
		case <-deadline:
			t.Fatalf("%d calls were told, want %d", roots, n)
		case <-time.After(5 * time.Millisecond): // the recorder has no signal
		}
	}
}

// drawn writes spans as a tree: name, from and to in seconds, events.
func drawn(spans []sdk.ReadOnlySpan) string {
	var lines []string
	names := make(map[oteltrace.SpanID]string)
	for _, s := range spans {
		names[s.SpanContext().SpanID()] = s.Name()
	}
	for _, s := range spans {
		var events []string
		for _, e := range s.Events() {
			events = append(events, fmt.Sprintf(" %s@%.0f", e.Name, e.Time.Sub(day).Seconds()))
		}
		lines = append(lines, fmt.Sprintf("%02.0f-%02.0f %s<%s%s", s.StartTime().Sub(day).Seconds(), s.EndTime().Sub(day).Seconds(),
			names[s.Parent().SpanID()], s.Name(), strings.Join(events, "")))
	}
	slices.Sort(lines)
	return strings.Join(lines, "\n")
}

func TestOneCallIsOneTrace(t *testing.T) {
	l := newLab(t)
	stop := l.follow(t, trace.Config{})
	defer stop()
	call := newCall()
	begin, end := fullCall()
	l.tell(t, call, 0, append(begin, end...)...)
	spans := l.until(t, 1)
	want := strings.Join([]string{
		"00-03 call<flow menu-chosen@2",
		"00-13 <call",
		"03-10 call<queue",
		"04-05 queue<offer",
		"06-09 queue<offer popped@7 rung@8",
		"11-12 call<talk",
		"13-14 call<wrap-up",
	}, "\n")
	if diff := cmp.Diff(want, drawn(spans)); diff != "" {
		t.Error(diff)
	}
	id := strings.ReplaceAll(string(call), "-", "")
	for _, s := range spans {
		if got := s.SpanContext().TraceID().String(); got != id {
			t.Errorf("span %s is in trace %s, want %s", s.Name(), got, id)
		}
		for _, a := range s.Attributes() {
			if strings.Contains(a.Value.String(), "+336") || strings.Contains(a.Value.String(), "Marie") {
				t.Errorf("span %s tells who called: %s", s.Name(), a.Value.String())
			}
		}
	}
	_, delivery := l.provider.Tracer("x").Start(trace.ContextOf(context.Background(), call), "ticket_note")
	delivery.End()
	last := l.spans.Ended()
	if got := drawn(last); !strings.Contains(got, "call<ticket_note") {
		t.Errorf("the delivery is not part of the call:\n%s", got)
	}
}

// What happened in a talk is inside of it: a hold, a phone that went and came back,
// or did not, parts of the recording, a support link. A call of ours says so, and
// what it follows.
func TestWhatHappensInATalk(t *testing.T) {
	l := newLab(t)
	stop := l.follow(t, trace.Config{})
	defer stop()
	first, call := newCall(), newCall()
	l.tell(t, call, 0,
		cdr.FollowUpAsked{Of: first, Agent: "alice", Queue: "n1", Number: "+33612345678", From: "0199000001", Note: "Marie"},
		cdr.Connected{Offer: "o1", Agent: "alice", Queue: "n1"},
		cdr.RecordingBegan{Agent: "alice", Queue: "n1", Part: 1, Name: "lk-1-r1"},
		cdr.HoldBegan{Agent: "alice"},
		cdr.HoldEnded{Agent: "alice", Held: time.Second},
		cdr.SupportLinked{Agent: "alice", Tool: "anydesk", Code: "123456", How: cdr.SupportSent},
		cdr.PhoneLost{Agent: "alice", Code: 41},
		cdr.PhoneBack{Agent: "alice", Away: time.Second},
		cdr.RecordingEnded{Agent: "alice", Part: 1, Why: cdr.RecordingTransferred},
		cdr.TalkEnded{Agent: "alice", Talked: 8 * time.Second},
		cdr.Connected{Offer: "o2", Agent: "bruno", Queue: "n1"},
		cdr.PhoneLost{Agent: "bruno", Code: 41},
		cdr.TalkEnded{Agent: "bruno", Talked: 2 * time.Second},
		cdr.Ended{Cause: cdr.EndHangup, By: cdr.ByCaller},
		cdr.WrappedUp{Agent: "alice"},
		cdr.WrappedUp{Agent: "bruno"},
	)
	spans := l.until(t, 1)
	want := strings.Join([]string{
		"00-13 <call",
		"01-09 call<talk support-linked@5",
		"02-08 talk<recording",
		"03-04 talk<hold",
		"06-07 talk<phone-lost",
		"10-12 call<talk",
		"11-12 talk<phone-lost",
		"14-14 call<wrap-up",
		"15-15 call<wrap-up",
	}, "\n")
	if diff := cmp.Diff(want, drawn(spans)); diff != "" {
		t.Error(diff)
	}
	said := ""
	for _, s := range spans {
		for _, a := range s.Attributes() {
			said += string(a.Key) + "=" + a.Value.String() + " "
		}
		for _, e := range s.Events() {
			said += fmt.Sprint(e.Attributes)
		}
		if s.Name() == "call" && (len(s.Links()) != 1 || s.Links()[0].SpanContext.TraceID().String() != strings.ReplaceAll(string(first), "-", "")) {
			t.Errorf("linked to %v, want %s", s.Links(), first)
		}
	}
	if !strings.Contains(said, "linekeeper.direction=out") || strings.Contains(said, "123456") || strings.Contains(said, "+336") || strings.Contains(said, "Marie") {
		t.Errorf("the spans say %s", said)
	}
	got := l.values(t)
	for name, n := range map[string]float64{
		"linekeeper.calls.made{as=follow-up,queue=n1}": 1, "linekeeper.phone.losses{queue=n1}": 2,
		"linekeeper.calls.ended{cause=hangup,direction=out,outcome=answered}": 1,
	} {
		if got[name] != n {
			t.Errorf("%s is %g, want %g: %v", name, got[name], n, got)
		}
	}
}

func ids(spans []sdk.ReadOnlySpan) map[string]string {
	all := make(map[string]string)
	for _, s := range spans {
		all[s.SpanContext().SpanID().String()] = s.Name()
	}
	return all
}

// A restart in the middle of calls: those told stay told, those open are told
// whole, those that ended meanwhile are told once.
func TestRestartNeitherRepeatsNorLosesSpans(t *testing.T) {
	l := newLab(t)
	stop := l.follow(t, trace.Config{})
	before, open, meanwhile := newCall(), newCall(), newCall()
	begin, end := fullCall()
	l.tell(t, open, 0, begin...)
	l.tell(t, before, 0, append(slices.Clone(begin), end...)...)
	l.until(t, 1)
	stop()
	l.tell(t, meanwhile, 0, append(slices.Clone(begin), end...)...)
	stop = l.follow(t, trace.Config{})
	l.tell(t, open, len(begin), end...)
	l.until(t, 3)
	stop()
	stop = l.follow(t, trace.Config{}) // and once more, with nothing new
	stop()
	ended := l.spans.Ended()
	if got, want := len(ended), 3*7; got != want || len(ids(ended)) != want {
		t.Errorf("%d spans with %d IDs, want %d:\n%s", got, len(ids(ended)), want, drawn(ended))
	}
}

func TestSpansAreTheSameOnEveryReplay(t *testing.T) {
	call := newCall()
	begin, end := fullCall()
	var told [2]map[string]string
	for i := range told {
		l := newLab(t)
		stop := l.follow(t, trace.Config{})
		l.tell(t, call, 0, append(slices.Clone(begin), end...)...)
		told[i] = ids(l.until(t, 1))
		stop()
	}
	if diff := cmp.Diff(told[0], told[1]); diff != "" || len(told[0]) != 7 {
		t.Error(told[0], diff)
	}
}

func TestACallThatNeverCompletesIsToldInTheEnd(t *testing.T) {
	l := newLab(t)
	stop := l.follow(t, trace.Config{Save: time.Millisecond, Forget: time.Hour})
	defer stop()
	begin, _ := fullCall()
	l.tell(t, newCall(), 0, begin...)
	l.tell(t, newCall(), 3700, cdr.Arrived{})
	l.until(t, 1)
}

// values reads the metrics as "name{labels} value".
func (l *lab) values(t *testing.T) map[string]float64 {
	t.Helper()
	var got metricdata.ResourceMetrics
	if err := l.reader.Collect(t.Context(), &got); err != nil {
		t.Fatal(err)
	}
	all := make(map[string]float64)
	for _, s := range got.ScopeMetrics {
		for _, m := range s.Metrics {
			switch d := m.Data.(type) {
			case metricdata.Sum[int64]:
				for _, p := range d.DataPoints {
					all[m.Name+p.Attributes.Encoded(encoder{})] = float64(p.Value)
				}
			case metricdata.Gauge[int64]:
				for _, p := range d.DataPoints {
					all[m.Name+p.Attributes.Encoded(encoder{})] = float64(p.Value)
				}
			case metricdata.Histogram[float64]:
				for _, p := range d.DataPoints {
					all[m.Name+p.Attributes.Encoded(encoder{})] = p.Sum
				}
			}
		}
	}
	return all
}

func TestMetricsCountOnceAndGaugesKnowWhatWas(t *testing.T) {
	l := newLab(t)
	begin, end := fullCall()
	stop := l.follow(t, trace.Config{})
	waiting, talked := newCall(), newCall()
	l.tell(t, waiting, 0, begin...)
	l.tell(t, talked, 0, append(slices.Clone(begin), end...)...)
	l.tell(t, "alice", 0, cdr.AgentChanged{Agent: "alice", To: cdr.Ready})
	l.tell(t, "bruno", 0, cdr.AgentChanged{Agent: "bruno", To: cdr.Ready}, cdr.AgentChanged{Agent: "bruno", To: cdr.NotReady})
	l.until(t, 1)
	l.caughtUp(t)
	first := l.values(t)
	want := map[string]float64{
		"linekeeper.calls.arrived": 2, "linekeeper.calls.ended{cause=hangup,direction=in,outcome=answered}": 1,
		"linekeeper.offers{outcome=answered,queue=n1}": 1, "linekeeper.offers{outcome=ring-no-answer,queue=n1}": 2,
		"linekeeper.queue.wait{cause=answered,queue=n1}": 7, "linekeeper.talk.time{queue=n1}": 1, "linekeeper.wrapup.time": 1,
		"linekeeper.queue.waiting{queue=n1}": 1, "linekeeper.ledger.sequence": 26, "linekeeper.ledger.lag": 0,
		"linekeeper.agents{state=ready}": 1, "linekeeper.agents{state=not-ready}": 1, "linekeeper.agents{state=offline}": 0,
		"linekeeper.agents{state=offered}": 0, "linekeeper.agents{state=connected}": 0, "linekeeper.agents{state=wrap-up}": 0,
	}
	if diff := cmp.Diff(want, first); diff != "" {
		t.Error("before the restart:", diff)
	}
	stop()
	stop = l.follow(t, trace.Config{})
	defer stop()
	l.tell(t, waiting, len(begin), cdr.QueueLeft{Queue: "n1", Cause: cdr.LeftAbandoned, Waited: 60 * time.Second}, cdr.Ended{Cause: cdr.EndHangup})
	l.until(t, 2)
	l.caughtUp(t)
	want = map[string]float64{
		"linekeeper.calls.ended{cause=hangup,direction=in,outcome=abandoned}": 1, "linekeeper.queue.wait{cause=abandoned,queue=n1}": 60,
		"linekeeper.queue.waiting{queue=n1}": 0, "linekeeper.ledger.sequence": 28, "linekeeper.ledger.lag": 0,
		"linekeeper.agents{state=ready}": 1, "linekeeper.agents{state=not-ready}": 1, "linekeeper.agents{state=offline}": 0,
		"linekeeper.agents{state=offered}": 0, "linekeeper.agents{state=connected}": 0, "linekeeper.agents{state=wrap-up}": 0,
	}
	if diff := cmp.Diff(want, l.values(t)); diff != "" {
		t.Error("after the restart:", diff)
	}
}

// caughtUp waits until telemetry has read the whole ledger.
func (l *lab) caughtUp(t *testing.T) {
	t.Helper()
	deadline := time.Now().Add(20 * time.Second)
	for l.values(t)["linekeeper.ledger.lag"] != 0 {
		if time.Now().After(deadline) {
			t.Fatal("telemetry does not catch up")
		}
	}
}
