package call

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"go.uber.org/goleak"

	"linekeeper/cdr"
	"linekeeper/queue"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// world is everything around the calls, in memory. What it keeps outlives a
// controller, as Asterisk, ledger and snapshots do.
type world struct {
	mu        sync.Mutex
	commands  []string
	facts     []cdr.Fact
	snapshots map[string][]byte
	floor     []queue.Event
	contact   func(ctx context.Context, number string) (cdr.Contact, bool, error)
	doErr     func(Command) error
	console   bool
	ids       int
	puts      int // savings
	// holdLedger keeps facts from being confirmed: the ledger is away.
	holdLedger bool
}

func (w *world) Do(_ context.Context, cmd Command) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.doErr != nil {
		if err := w.doErr(cmd); err != nil {
			return err
		}
	}
	w.commands = append(w.commands, nameOf(cmd))
	return nil
}

// Append stores each ID once, as the ledger does.
func (w *world) Append(stored func(), facts ...cdr.Fact) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, f := range facts {
		if !slices.ContainsFunc(w.facts, func(old cdr.Fact) bool { return old.ID == f.ID }) {
			w.facts = append(w.facts, f)
		}
	}
	if !w.holdLedger {
		go stored()
	}
}

func (w *world) Put(_ context.Context, key string, value []byte) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.snapshots[key] = slices.Clone(value)
	w.puts++
	return nil
}

func (w *world) Delete(_ context.Context, key string) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	delete(w.snapshots, key)
	return nil
}

func (w *world) All(context.Context) (map[string][]byte, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return maps.Clone(w.snapshots), nil
}

func (w *world) Tell(ev queue.Event) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.floor = append(w.floor, ev)
}

func (w *world) Lookup(ctx context.Context, number string) (cdr.Contact, bool, error) {
	return w.contact(ctx, number)
}

func (w *world) Open(string) bool { return w.console }

func (w *world) newID() cdr.CallID {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.ids++
	return cdr.CallID(fmt.Sprintf("01890000-0000-7000-8000-%012d", w.ids))
}

// told are the kinds of the facts so far.
func (w *world) told() string {
	w.mu.Lock()
	defer w.mu.Unlock()
	kinds := make([]string, len(w.facts))
	for i, f := range w.facts {
		kinds[i] = string(f.Kind())
	}
	return strings.Join(kinds, " ")
}

func (w *world) done() string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return strings.Join(w.commands, " ")
}

// controller is one life of a controller in the world.
func (w *world) controller(most int) *Calls {
	return NewCalls(Deps{
		Switch: w, Floor: w, Ledger: w, Snapshots: w, Directory: w, Consoles: w,
		Rules: testRules(), NewID: w.newID, Most: most, Log: slog.New(slog.DiscardHandler),
	})
}

func newWorld() *world {
	return &world{
		snapshots: map[string][]byte{},
		contact:   func(context.Context, string) (cdr.Contact, bool, error) { return cdr.Contact{}, false, nil },
	}
}

func stop(t *testing.T, c *Calls) {
	t.Helper()
	if err := c.Stop(t.Context()); err != nil {
		t.Error(err)
	}
}

func incoming(channel ChannelID, number string) Incoming {
	return Incoming{Node: "lab", Channel: channel, Number: number, Caller: cdr.Caller{Number: "0199001001", Name: "Marie"}}
}

// settle waits until every call has done what it was told, with a floor that says
// nothing.
func settle() {
	time.Sleep(floorWait)
	synctest.Wait()
}

func want(t *testing.T, what, got, wanted string) {
	t.Helper()
	if got != wanted {
		t.Errorf("%s:\n got %s\nwant %s", what, got, wanted)
	}
}

func offerOf(call cdr.CallID, n int) queue.Offer {
	return queue.Offer{ID: queue.OfferName(call, n), Call: call, Agent: "alice", Queue: "support", Stay: 1, Ring: 20 * time.Second}
}

// A call from ring to record leaves its facts in the ledger and nothing else.
func TestCallLeavesOnlyItsStory(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld()
		c := w.controller(0)
		c.SwitchEvent(Inventory{Node: "lab", Began: time.Now()})
		c.SwitchEvent(incoming("ch1", "3"))
		settle()
		id := theCall
		c.Offer(offerOf(id, 1))
		settle()
		leg := LegID(queue.OfferName(id, 1))
		c.SwitchEvent(Answered{Channel: leg})
		c.SwitchEvent(LegReady{Channel: leg})
		settle()
		want(t, "commands", w.done(), "Adopt Answer StartMusic CreateLeg CreateBridge StopMusic Join")
		c.SwitchEvent(Gone{Channel: leg, Code: 16, Cause: cdr.EndHangup})
		c.SwitchEvent(Gone{Channel: "ch1", Code: 16, Cause: cdr.EndHangup})
		settle()

		want(t, "facts", w.told(), "arrived flow-started queue-entered offered rung offer-ended queue-left connected talk-ended ended")
		if w.count("HangUp") != 1 || w.count("DestroyBridge") != 1 {
			t.Errorf("commands: %s", w.done())
		}
		if len(w.snapshots) != 0 || c.Live() != 0 {
			t.Errorf("left behind: %d snapshots, %d calls", len(w.snapshots), c.Live())
		}
		stop(t, c)
	})
}

// The number is written as E.164 and the name made harmless before anybody sees them.
func TestCallerIsCleaned(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld()
		c := w.controller(0)
		in := incoming("ch1", "3")
		in.Caller.Name = "<b>Ma\x00rie</b>\"\r\n" + strings.Repeat("x", 300)
		c.SwitchEvent(in)
		settle()
		caller := w.facts[0].Story.(cdr.Arrived).Caller
		if caller.Number != "+33199001001" {
			t.Errorf("number is %q", caller.Number)
		}
		if strings.ContainsAny(caller.Name, "\x00\r\n") || len(caller.Name) > 255 {
			t.Errorf("name is %q", caller.Name)
		}
		stop(t, c)
	})
}

// Facts the ledger has not confirmed are appended again by the next controller,
// under the same names, and the call goes on.
func TestNextControllerTakesTheCallBack(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld()
		w.holdLedger = true
		first := w.controller(0)
		first.SwitchEvent(incoming("ch1", "3"))
		settle()
		stop(t, first)
		entered := w.floor[0].(queue.Enter).EnteredAt
		// The ledger lost what it had not confirmed.
		w.facts, w.floor, w.holdLedger = nil, nil, false

		time.Sleep(time.Minute) // fake time: the controller is away
		second := w.controller(0)
		if err := second.Restore(t.Context()); err != nil {
			t.Fatal(err)
		}
		settle()
		want(t, "facts before the inventory", w.told(), "arrived flow-started queue-entered")
		second.SwitchEvent(Inventory{Node: "lab", Began: time.Now(), Channels: []ChannelSeen{{Channel: "ch1", Call: theCall, Up: true}}})
		settle()
		want(t, "facts after it", w.told(), "arrived flow-started queue-entered reclaimed")
		enter, ok := w.floor[0].(queue.Enter)
		if !ok || !enter.EnteredAt.Equal(entered) {
			t.Errorf("the caller lost the place: %+v, entered at %s", w.floor, entered)
		}
		if _, ok := w.floor[1].(queue.Reclaimed); !ok {
			t.Errorf("the floor was not told that all calls are back: %+v", w.floor)
		}
		second.SwitchEvent(Gone{Channel: "ch1", Code: 16, Cause: cdr.EndHangup})
		settle()
		if len(w.snapshots) != 0 {
			t.Error("the ended call is still saved")
		}
		stop(t, second)
	})
}

// What an agent's phone dials in mid-call is that call's, also of a controller that finds
// it dialled; and so is its end. What anybody else dials is not, nor is a number that
// calls come in on.
func TestAPhoneDialsWithinItsCall(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld()
		first := w.controller(0)
		first.SwitchEvent(incoming("ch1", "3"))
		settle()
		leg := LegID(queue.OfferName(theCall, 1))
		first.Offer(offerOf(theCall, 1))
		settle()
		first.SwitchEvent(Answered{Channel: leg})
		first.SwitchEvent(LegReady{Channel: leg})
		settle()
		for _, in := range []Incoming{
			{Node: "lab", Channel: "own", Number: "3", Phone: "alice"},
			{Node: "lab", Channel: "david's", Number: "emma", Phone: "david"},
		} {
			first.SwitchEvent(in)
		}
		settle()
		if w.ids != 3 {
			t.Errorf("%d calls, want three", w.ids)
		}
		stop(t, first)

		second, dialled := w.controller(0), Incoming{Node: "lab", Channel: "second", Number: "emma", Phone: "alice"}
		if err := second.Restore(t.Context()); err != nil {
			t.Fatal(err)
		}
		w.floor = nil
		second.SwitchEvent(Inventory{Node: "lab", Began: time.Now(), Channels: []ChannelSeen{
			{Channel: "ch1", Call: theCall, Up: true},
			{Channel: leg, Call: theCall, Up: true},
			{Channel: "second", Incoming: &dialled},
		}})
		settle()
		if !slices.ContainsFunc(w.floor, func(ev queue.Event) bool {
			b, is := ev.(queue.Borrow)
			return is && b.Agent == "emma" && b.Call == theCall
		}) {
			t.Errorf("emma is not asked into the call: %+v", w.floor)
		}
		if w.ids != 3 {
			t.Errorf("%d calls, want no more than there were", w.ids)
		}
		w.commands = nil
		second.SwitchEvent(Gone{Channel: "second", Code: 16, Cause: cdr.EndHangup})
		second.SwitchEvent(Gone{Channel: "ch1", Code: 16, Cause: cdr.EndHangup})
		second.SwitchEvent(Gone{Channel: leg, Code: 16, Cause: cdr.EndHangup})
		settle()
		if strings.Count(w.told(), "ended") < 1 || strings.Contains(w.done(), "AnswerTransfer") {
			t.Errorf("%s; %s", w.told(), w.done())
		}
		stop(t, second)
	})
}

// Whoever came while nobody was looking is led in; what belongs to no call is
// swept away; and the channel of a call just ended is neither.
func TestInventoryFindsStrangers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld()
		c := w.controller(0)
		c.SwitchEvent(incoming("old", "3"))
		c.SwitchEvent(Gone{Channel: "old", Code: 16, Cause: cdr.EndHangup})
		settle()
		w.commands = nil
		in, old := incoming("new", "3"), incoming("old", "3")
		lost := cdr.CallID("01890000-0000-7000-8000-000000000099")
		c.SwitchEvent(Inventory{
			Node: "lab", Began: time.Now(),
			Channels: []ChannelSeen{
				{Channel: "new", Incoming: &in},
				{Channel: "old", Incoming: &old},
				{Channel: LegID(queue.OfferName(lost, 1)), Call: lost},
			},
			Bridges: []BridgeSeen{{Bridge: BridgeFor(lost)}},
		})
		settle()
		if c.Live() != 1 {
			t.Errorf("%d calls are live, want the newcomer alone", c.Live())
		}
		for _, sweep := range []string{"HangUp", "DestroyBridge"} {
			if strings.Count(w.done(), sweep) != 1 {
				t.Errorf("want one %s: %s", sweep, w.done())
			}
		}
		stop(t, c)
	})
}

// More calls than may be are refused, with a sign, and those accepted stay.
func TestOverloadRefusesNewCallsOnly(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld()
		c := w.controller(1)
		c.SwitchEvent(incoming("ch1", "3"))
		c.SwitchEvent(incoming("ch2", "3"))
		settle()
		if c.Live() != 1 || strings.Count(w.done(), "HangUp") != 1 {
			t.Errorf("%d live, commands %s", c.Live(), w.done())
		}
		stop(t, c)
	})
}

// While the line from Asterisk runs late nobody new is let in, with a sign; who waited
// while no controller was there is, however long it was.
func TestALateLineRefusesNewCallsOnly(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld()
		c := w.controller(0)
		c.SwitchEvent(incoming("ch1", "3"))
		settle()
		late := incoming("ch2", "3")
		late.Late = latest + time.Millisecond
		c.SwitchEvent(late)
		settle()
		if c.Live() != 1 || strings.Count(w.done(), "HangUp") != 1 {
			t.Errorf("%d live, commands %s", c.Live(), w.done())
		}
		bearable := incoming("ch3", "3")
		bearable.Late = latest
		c.SwitchEvent(bearable)
		settle()
		if c.Live() != 2 {
			t.Errorf("%d live", c.Live())
		}
		stop(t, c)
	})
}

// A directory that does not answer delays nothing; its answer, late, is told.
func TestSlowDirectoryDelaysNothing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld()
		w.contact = func(ctx context.Context, number string) (cdr.Contact, bool, error) {
			select {
			case <-time.After(time.Second):
				return cdr.Contact{ID: "c1", Name: "Marie Dupont"}, number == "+33199001001", nil
			case <-ctx.Done():
				return cdr.Contact{}, false, ctx.Err()
			}
		}
		c := w.controller(0)
		c.SwitchEvent(incoming("ch1", "1"))
		settle()
		want(t, "commands at once", w.done(), "Adopt Answer Play")
		time.Sleep(2 * time.Second)
		want(t, "facts", w.told(), "arrived flow-started identified")
		stop(t, c)
	})
}

// A console that does not show the pop holds the phone up for PopWait, no longer.
func TestPhoneWaitsForThePopButNotForEver(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld()
		w.console = true
		c := w.controller(0)
		c.SwitchEvent(incoming("ch1", "3"))
		settle()
		c.Offer(offerOf(theCall, 1))
		c.SwitchEvent(LegReady{Channel: LegID(queue.OfferName(theCall, 1))})
		time.Sleep(testRules().PopWait - time.Millisecond)
		synctest.Wait()
		if strings.Contains(w.done(), "DialLeg") {
			t.Error("the phone rings before the pop was shown")
		}
		time.Sleep(2 * time.Millisecond)
		settle()
		if !strings.Contains(w.done(), "DialLeg") {
			t.Error("the phone does not ring")
		}
		stop(t, c)
	})
}

// An offer for a call that is no more goes straight back to the floor.
func TestOfferForACallThatIsNoMore(t *testing.T) {
	w := newWorld()
	c := w.controller(0)
	c.Offer(offerOf(theCall, 1))
	c.Withdraw(queue.Withdraw{Offer: queue.OfferName(theCall, 2), Call: theCall, Outcome: cdr.OfferRingNoAns})
	for i, ev := range w.floor {
		if over, ok := ev.(queue.OfferOver); !ok || over.Outcome != cdr.OfferCallerGone {
			t.Errorf("answer %d is %+v", i, ev)
		}
	}
	if len(w.floor) != 2 {
		t.Errorf("the floor was told %d times", len(w.floor))
	}
	stop(t, c)
}

// A phone that cannot be rung gives the offer back; the caller stays in line.
func TestUnreachablePhone(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld()
		w.doErr = func(cmd Command) error {
			if _, is := cmd.(CreateLeg); is {
				return errors.New("500: unknown endpoint")
			}
			return nil
		}
		c := w.controller(0)
		c.SwitchEvent(incoming("ch1", "3"))
		settle()
		c.Offer(offerOf(theCall, 1))
		settle()
		last := w.floor[len(w.floor)-1]
		if over, ok := last.(queue.OfferOver); !ok || over.Outcome != cdr.OfferUnreachable {
			t.Errorf("the floor was told %+v", last)
		}
		if c.Live() != 1 {
			t.Error("the caller was lost")
		}
		stop(t, c)
	})
}
