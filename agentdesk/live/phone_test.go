package live

import (
	"testing"
	"testing/synctest"
	"time"

	"linekeeper/agentdesk"
	"linekeeper/cdr"
)

// opens a page of alice's and reads its snapshot and where the phone is.
func (f *floor) opens(tab, phone string) *page {
	f.t.Helper()
	p := f.dial("alice", "?tab="+tab)
	p.read()
	p.expect(phone)
	return p
}

// reloads closes the page and opens it again with the ID it kept.
func (f *floor) reloads(p *page, tab, since string) *page {
	f.t.Helper()
	p.close()
	again := f.dial(p.name, "?tab="+tab+"&since="+since+"&epoch="+p.epoch)
	again.epoch = p.epoch
	return again
}

// talks has alice talk on call c1.
func (f *floor) talks() {
	f.tape.append("c1", arrived(), cdr.QueueEntered{Queue: "n1"}, offered("alice"))
	synctest.Wait()
	f.tape.append("c1", cdr.QueueLeft{Queue: "n1", Cause: cdr.LeftAnswered}, cdr.Connected{Offer: "c1-1", Agent: "alice", Queue: "n1"})
	f.tape.append("", cdr.AgentChanged{Agent: "alice", From: cdr.OfferedTo, To: cdr.OnCall, Call: "c1"})
	time.Sleep(time.Second)
}

// An agent has the phone in one page. A second page, perhaps on another machine,
// asks for it and has it; the first is told that it was taken.
func TestTakeOver(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := start(t, nil)
		home := f.opens("home", "phone 0 here")
		office := f.opens("office", "phone 0")
		office.say(`{"type":"take"}`)
		home.expect("phone 0 taken")
		office.expect("phone 0 here")
		office.say(`{"type":"take"}`) // has it
		synctest.Wait()
		home.say(`{"type":"take"}`)
		office.expect("phone 0 taken")
		home.expect("phone 0 here")
		home.close()
		office.close()
		f.stop()
	})
}

// Taking over in mid-call says nothing to anybody about the call: no message to
// the page that has the audio but where the phone is from now on.
func TestTakingOverInMidCallLeavesTheCall(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := start(t, nil)
		f.talks()
		home := f.opens("home", "phone 0 here")
		office := f.opens("office", "phone 0")
		office.say(`{"type":"take"}`)
		home.expect("phone 0 taken")
		office.expect("phone 0 here")
		if live, on := f.hub.Live(t.Context(), "c1"); !on || live.Call.State != agentdesk.Connected {
			t.Errorf("the call is %+v", live)
		}
		f.together("c1", cdr.TalkEnded{Agent: "alice"}, cdr.Ended{})
		home.expect("delta 8 n1:0 c1:wrap-up") // both see its end
		office.expect("delta 8 n1:0 c1:wrap-up")
		home.close()
		office.close()
		f.stop()
	})
}

// A page that is reloaded in mid-call has the phone and the call back with its
// first two messages, whoever else is open.
func TestReloadInMidCall(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := start(t, nil)
		home := f.opens("home", "phone 0 here")
		office := f.opens("office", "phone 0")
		f.talks()
		for _, p := range []*page{home, office} { // an agent's own call, told as it came
			for p.read().Seq < 6 {
			}
		}
		home.close()
		time.Sleep(5 * time.Second)
		home = f.dial("alice", "?tab=home")
		got := home.expect("snapshot 6 alice:connected bruno:offline n1:0 c1:connected")
		if got.Calls[0].Agent != "alice" {
			t.Errorf("the call is %s's", got.Calls[0].Agent)
		}
		home.expect("phone 0 here")
		home = f.reloads(home, "home", "6")
		home.expect("delta 6")
		home.expect("phone 0 here")
		home.close()
		office.close()
		f.stop()
	})
}

// The phone of a page that is gone for good goes to the one that has waited
// longest; an agent with no other page open leaves it free.
func TestThePhoneOfAGonePage(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := start(t, nil)
		home := f.opens("home", "phone 0 here")
		office := f.opens("office", "phone 0")
		third := f.opens("third", "phone 0")
		began := time.Now()
		home.close()
		office.expect("phone 0 here")
		if took := time.Since(began); took < keepsPhone || took > keepsPhone+lookEvery {
			t.Errorf("the phone came after %v", took)
		}
		home = f.opens("home", "phone 0") // too late
		for _, p := range []*page{home, office, third} {
			p.close()
		}
		time.Sleep(keepsPhone + lookEvery)
		next := f.opens("next", "phone 0 here")
		next.close()
		f.stop()
	})
}

// The page that had the phone has it after a restart of the controller, even when
// another one is back before it.
func TestThePhoneOverARestart(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := start(t, nil)
		home := f.opens("home", "phone 0 here")
		office := f.opens("office", "phone 0")
		office.say(`{"type":"take"}`)
		home.expect("phone 0 taken")
		office.expect("phone 0 here")
		synctest.Wait()
		killed := f.shelf.copy() // saved at once, not at the next turn
		home.close()
		office.close()
		f.stop()
		f.shelf = killed
		f.run(nil)
		home = f.opens("home", "phone 0")
		office = f.opens("office", "phone 0 here")
		home.close()
		office.close()
		f.stop()
	})
}

// A console that gave itself no name, or nonsense, is told nothing of the phone
// and cannot take it; nor can one whose account takes no calls.
func TestWhoCannotHaveThePhone(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := start(t, nil)
		home := f.opens("home", "phone 0 here")
		for _, query := range []string{"", "?tab=", "?tab=a%20b", "?tab=%00"} {
			p := f.dial("alice", query)
			p.read()
			p.say(`{"type":"take"}`)
			p.expect("beat 0")
			p.close()
		}
		hugo := f.dial("hugo", "?tab=desk")
		hugo.read()
		hugo.say(`{"type":"take"}`)
		hugo.expect("beat 0")
		hugo.close()
		home.close()
		f.stop()
	})
}
