package e2e

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"linekeeper/cdr"
)

// TestAnAgentCallsFromTheConsole: Alice types a number as it stands in a letter, her
// page takes her own phone up, she hears it ring, talks, promises to call again,
// finds her promise in the list, and gives it up; her supervisor has it among the
// callbacks of the week, hears the recording and deletes it. The next number is busy, and
// she is told.
func TestAnAgentCallsFromTheConsole(t *testing.T) {
	s := begin(t)
	outside := s.outside(t)
	alice := s.console(t, "alice")
	alice.await(id("phone-status")+"[data-status=registered]", "")
	alice.click("ready")
	alice.await(id("state")+"[data-state=ready]", "")

	number := stranger()
	call := alice.dials(number)
	ring := rings(t, outside)
	alice.await(id("dialling-head")+"[data-rings=true]", "ça sonne")
	alice.shows(id("pop-number"), spaced(number))
	alice.shot("agent-dials")
	alice.accessible()
	if n := call.count(cdr.KindReached); n != 0 {
		t.Error("reached was told while it rang")
	}
	customer := pickUp(t, ring)
	alice.await(id("connected"), "")
	call.await(t, cdr.KindConnected)
	hears(t, "the customer", customer)
	alice.hears()
	alice.click("record")
	call.await(t, cdr.KindRecordingBegan)
	for range 2 { // half a second each
		hears(t, "the customer", customer)
	}

	alice.click("hangup")
	over(t, "the customer", customer)
	alice.await(id("wrap-up"), "")
	promise, asked := alice.promises(call, "Redemander si le VPN tient.", func() { alice.check("quick-hour") })
	if ahead := time.Until(asked.At); ahead < 50*time.Minute || ahead > time.Hour {
		t.Errorf("in an hour is in %s", ahead)
	}
	closeCall(alice, "follow-up", "Rappelé, à suivre.")
	call.await(t, cdr.KindWrappedUp)
	r := s.record(t, call)
	if r.Direction != cdr.Outward || r.By != "alice" || r.Caller.Number != number || r.Outcome != cdr.OutcomeAnswered || r.EndedBy != cdr.ByAgent {
		t.Errorf("the record: %s by %q to %s, %s by %s", r.Direction, r.By, r.Caller.Number, r.Outcome, r.EndedBy)
	}
	if len(r.Talks) != 1 || r.Talks[0].Agent != "alice" || len(r.Visits) != 0 || len(r.Recordings) != 1 {
		t.Errorf("the record: talks %+v, visits %+v, recordings %+v", r.Talks, r.Visits, r.Recordings)
	}
	alice.await(id("recent")+" "+id("direction")+"[data-direction=out]", "Sortant")
	alice.gives(promise)
	call.await(t, cdr.KindRecordingKept)
	hugo := s.console(t, "hugo")
	hugo.countsCallback(s.record(t, promise))
	hugo.hearsRecording(call)

	busy := stranger()
	again := alice.dials(busy)
	ctx, cancel := soon()
	defer cancel()
	if err := rings(t, outside).Reject(ctx); err != nil {
		t.Fatal(err)
	}
	again.await(t, cdr.KindEnded)
	alice.await(id("said"), spaced(busy))
	alice.await(id("idle"), "")
	if r := s.record(t, again); r.Outcome != cdr.OutcomeNotReached || len(r.Talks) != 0 {
		t.Errorf("the record of the call that was not reached: %s, talks %+v", r.Outcome, r.Talks)
	}
}

// dials types a number the French way into the page's dial box, and calls it.
func (p *page) dials(number string) visit {
	p.t.Helper()
	since := p.s.ledger.last()
	p.await(id("dial-box"), "")
	p.fill(id("dial-number"), "0"+strings.ReplaceAll(strings.TrimPrefix(spaced(number), "+33 "), " ", "."))
	p.await(id("dialled-as"), spaced(number))
	p.click("dial-call")
	f := p.s.ledger.await(p.t, "the call to "+number, since, func(f cdr.Fact) bool {
		d, is := f.Story.(cdr.Dialled)
		return is && d.Agent == p.name && d.Number == number
	})
	return visit{p.s.ledger, f.Call}
}

// spaced is a French number as the console shows it.
func spaced(e164 string) string {
	n := strings.TrimPrefix(e164, "+33")
	return fmt.Sprintf("+33 %s %s %s %s %s", n[:1], n[1:3], n[3:5], n[5:7], n[7:9])
}

// hears waits until sound comes to the page, and goes from it.
func (p *page) hears() {
	p.t.Helper()
	p.await(id("audio")+"[data-status=on]", "")
	first := evaluate[audio](p, audioNow)
	until(p.t, p.name+" hears something", patient, func() error {
		now := evaluate[audio](p, audioNow)
		if now.In-first.In < 25 || now.Out-first.Out < 25 || now.OutEnergy <= first.OutEnergy {
			return fmt.Errorf("%+v after %+v", now, first)
		}
		return nil
	})
}

// playing plays the recording of the record that is open for a moment.
const playing = `(async () => {
	const sound = document.querySelector("[data-testid=recording-player]");
	await sound.play();
	await new Promise((ok, no) => {
		sound.ontimeupdate = () => sound.currentTime > 0.1 && ok();
		sound.onerror = () => no(new Error("it does not play"));
	});
	sound.pause();
	return sound.duration;
})()`

// hearsRecording has a supervisor hear what was recorded of a call, and delete it.
func (p *page) hearsRecording(of visit) {
	p.t.Helper()
	p.click("nav-calls")
	row := id("call-" + string(of.id))
	p.await(row, "Sortant")
	p.do("click", map[string]any{"at": row + " " + id("call-open")})
	p.await(id("recording-1")+"[data-sound=there]", "Alice Moreau")
	p.accessible()
	if s := evaluate[float64](p, playing); s < 0.5 {
		p.t.Errorf("the recording lasts %.1f s", s)
	}
	if h := of.await(p.t, cdr.KindRecordingHeard).Story.(cdr.RecordingHeard); h.By != p.name || h.Part != 1 {
		p.t.Errorf("heard: %+v", h)
	}
	p.click("recording-delete")
	p.click("recording-delete-sure")
	if d := of.await(p.t, cdr.KindRecordingDeleted).Story.(cdr.RecordingDeleted); d.By != p.name || d.Part != 1 {
		p.t.Errorf("deleted: %+v", d)
	}
	p.await(id("recording-1")+"[data-sound=deleted]", "effacé")
}

// countsCallback has a supervisor find one that was given up among the reports of the week.
func (p *page) countsCallback(r cdr.Record) {
	p.t.Helper()
	if b := r.Callback; b == nil || b.Outcome != cdr.CallbackCancelled {
		p.t.Fatalf("the callback of call %s is %+v", r.Call, b)
	}
	p.click("nav-reports")
	p.check("period-week") // midnight may have passed since it was promised
	p.await(id("period-week")+":checked", "")
	p.await(id("reports-read")+"[data-asked=ready]", "du ")
	var asked, cancelled int
	ctx, stop := soon()
	defer stop()
	err := p.s.pool.QueryRow(ctx, `SELECT count(*), count(*) FILTER (WHERE outcome = 'cancelled') FROM callbacks WHERE queue = $1`, r.Callback.Queue).Scan(&asked, &cancelled)
	if err != nil || cancelled == 0 {
		p.t.Fatalf("of %d callbacks of %s %d were given up, %v", asked, r.Callback.Queue, cancelled, err)
	}
	row := id("callbacks-"+r.Callback.Queue) + " "
	if a, c := p.text(row+id("asked")), p.text(row+id("cancelled")); a != fmt.Sprint(asked) || c != fmt.Sprint(cancelled) {
		p.t.Errorf("the page shows %s callbacks of %s, %s given up; there are %d, %d", a, r.Callback.Queue, c, asked, cancelled)
	}
	p.accessible()
	p.shot("supervisor-reports")
}

// promises has the agent who wraps a call up promise another, at a time that is chosen
// in the form, and returns the promise and what the ledger has of it.
func (p *page) promises(of visit, note string, choose func()) (visit, cdr.FollowUpAsked) {
	p.t.Helper()
	p.click("followUp")
	choose()
	p.fill(id("follow-up-note"), note)
	p.accessible()
	p.click("follow-up-send")
	p.await(id("said"), "Rappel promis")
	f := of.follower.await(p.t, "the promise of call "+string(of.id), 0, func(f cdr.Fact) bool {
		s, is := f.Story.(cdr.FollowUpAsked)
		return is && s.Of == of.id
	})
	s := f.Story.(cdr.FollowUpAsked)
	if s.Agent != p.name || s.Note != note || !s.Mine {
		p.t.Errorf("promised was %+v", s)
	}
	return visit{of.follower, f.Call}, s
}

// gives a promise up that the page lists.
func (p *page) gives(promise visit) {
	p.t.Helper()
	row := id("promised-" + string(promise.id))
	p.await(row, "Redemander si le VPN tient.")
	p.click("promise-cancel")
	p.click("promise-cancel-sure")
	promise.await(p.t, cdr.KindEnded)
	p.await(id("said"), "Rappel annulé")
}
