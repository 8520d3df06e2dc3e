package live

import (
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

func (t *told) CanAnswer(agent string, can bool) { t.say("%s can answer: %v", agent, can) }

const (
	fine    = `{"type":"health","microphone":"ready","line":"registered","network":"good"}`
	deafOne = `{"type":"health","microphone":"denied","line":"registered"}`
)

func startWithPhones(t *testing.T) *floor {
	f := &floor{t: t, tape: newTape(), shelf: &shelf{}}
	f.run(func(c *Config) { c.Phones = &f.told })
	return f
}

// A browser takes the microphone away: the supervisor sees it and since when, the
// floor hears that this phone cannot answer, and both hear when it is back.
func TestMicrophoneTakenAway(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := startWithPhones(t)
		hugo := f.dial("hugo", "")
		hugo.read()
		alice, bruno := f.opens("home", "phone 0 here"), f.dial("bruno", "?tab=b")
		bruno.read()
		bruno.expect("phone 0 here")
		alice.say(fine)
		synctest.Wait()
		f.told.heard()
		alice.say(deafOne)
		if got := hugo.expect("consoles 0 alice:denied"); !got.Consoles[0].Since.Equal(time.Now()) {
			t.Errorf("since %v, now is %v", got.Consoles[0].Since, time.Now())
		}
		late := f.dial("hugo", "")
		late.read()
		late.expect("consoles 0 alice:denied")
		late.close()
		if got := f.told.heard(); got != "[alice can answer: false]" {
			t.Errorf("the floor heard %s", got)
		}
		alice.say(fine)
		hugo.expect("consoles 0")
		if got := f.told.heard(); got != "[alice can answer: true]" {
			t.Errorf("the floor heard %s", got)
		}
		bruno.expect("beat 0") // a colleague's microphone is none of his business
		for _, p := range []*page{alice, bruno, hugo} {
			p.close()
		}
		f.stop()
	})
}

// A network gone bad, or a registration refused, is shown; the phone is tried all
// the same.
func TestPoorNetworkIsShownOnly(t *testing.T) {
	isShownOnly(t, `{"type":"health","microphone":"ready","line":"refused","network":"poor"}`, "alice:refusedpoor",
		`{"type":"health"}`) // knows nothing
}

// A page that uses another microphone than the chosen one says so; it is heard.
func TestAnotherMicrophoneIsShownOnly(t *testing.T) {
	isShownOnly(t, `{"type":"health","microphone":"other","line":"registered"}`, "alice:other", fine)
}

// isShownOnly has a page say how it is, and then that it is well again: a supervisor
// sees both, and the floor hears of neither.
func isShownOnly(t *testing.T, health, shown, well string) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		f := startWithPhones(t)
		hugo := f.dial("hugo", "")
		hugo.read()
		alice := f.opens("home", "phone 0 here")
		f.told.heard()
		alice.say(health)
		hugo.expect("consoles 0 " + shown)
		alice.say(well)
		hugo.expect("consoles 0")
		if got := f.told.heard(); strings.Contains(got, "can answer") {
			t.Errorf("the floor heard %s", got)
		}
		alice.close()
		hugo.close()
		f.stop()
	})
}

// Only the page that has the phone counts: a second page without a microphone
// keeps nobody from being rung, until it takes the phone.
func TestHealthOfThePageThatHasThePhone(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := startWithPhones(t)
		home := f.opens("home", "phone 0 here")
		home.say(fine)
		office := f.opens("office", "phone 0")
		office.say(deafOne)
		synctest.Wait()
		f.told.heard()
		office.say(`{"type":"take"}`)
		office.expect("phone 0 here")
		home.expect("phone 0 taken")
		if got := f.told.heard(); got != "[alice can answer: false]" {
			t.Errorf("the floor heard %s", got)
		}
		office = f.reloads(office, "office", "0") // a moment away, and not yet told how it is
		office.expect("delta 0")
		office.expect("phone 0 here")
		office.close()
		time.Sleep(keepsPhone - lookEvery)
		synctest.Wait()
		if got := f.told.heard(); got != "[]" {
			t.Errorf("the floor heard %s of a page that was reloaded", got)
		}
		home.expect("phone 0 here") // gone for good: the other page has it again, and is well
		if got := f.told.heard(); got != "[alice can answer: true]" {
			t.Errorf("the floor heard %s", got)
		}
		home.close()
		f.stop()
	})
}

// A tab that the browser froze, or a machine that went to sleep: pings are
// answered, the page is not there. It is not rung, and back within a second of
// its waking.
func TestSleepingPage(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := startWithPhones(t)
		hugo := f.dial("hugo", "")
		hugo.read()
		alice := f.opens("home", "phone 0 here")
		alice.say(fine)
		synctest.Wait()
		f.told.heard()
		began := time.Now()
		asleep := make(chan struct{})
		go func() { // reads, so that pings are answered, and says nothing
			defer close(asleep)
			for range 3 {
				alice.expect("beat 0")
			}
		}()
		hugo.expect("beat 0")
		hugo.expect("beat 0")
		hugo.expect("consoles 0 alice:asleep")
		if took := time.Since(began); took < 25*time.Second || took > 26*time.Second {
			t.Errorf("noticed after %v", took)
		}
		if got := f.told.heard(); got != "[alice can answer: false]" {
			t.Errorf("the floor heard %s", got)
		}
		<-asleep
		hugo.expect("beat 0")
		woke := time.Now()
		alice.say(fine)
		hugo.expect("consoles 0")
		if took := time.Since(woke); took > lookEvery {
			t.Errorf("awake after %v", took)
		}
		if got := f.told.heard(); got != "[alice can answer: true]" {
			t.Errorf("the floor heard %s", got)
		}
		alice.close()
		hugo.close()
		f.stop()
	})
}

// lives has a page read on its own from now on, and answer each beat. It gives the
// number of beats once the page is closed.
func (p *page) lives(answer string) <-chan int {
	beats := make(chan int, 1)
	go func() {
		n := 0
		defer func() { beats <- n }()
		for {
			_, data, err := p.ws.ReadMessage()
			if err != nil {
				return
			}
			if answer != "" && strings.Contains(string(data), `"beat"`) {
				n++
				p.say(answer)
			}
		}
	}()
	return beats
}

// A page that answers every beat stays awake for hours; one of an older console,
// which never speaks of its health, is not judged.
func TestAwakePages(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := startWithPhones(t)
		alice, old := f.opens("home", "phone 0 here"), f.dial("bruno", "?tab=old")
		old.read()
		old.expect("phone 0 here")
		alice.say(fine)
		synctest.Wait()
		f.told.heard()
		awake, idle := alice.lives(fine), old.lives("")
		time.Sleep(3 * time.Hour)
		synctest.Wait()
		if got := f.told.heard(); got != "[]" {
			t.Errorf("the floor heard %s", got)
		}
		alice.close()
		old.close()
		if beats := <-awake; beats != 3*360-1 && beats != 3*360 {
			t.Errorf("alice's page answered %d beats", beats)
		}
		<-idle
		f.stop()
	})
}

// When a network fails it fails for many: supervisors get few lists.
func TestListsAreFew(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := startWithPhones(t)
		hugo := f.dial("hugo", "")
		hugo.read()
		alice, bruno := f.opens("home", "phone 0 here"), f.dial("bruno", "?tab=b")
		bruno.read()
		bruno.expect("phone 0 here")
		alice.say(deafOne)
		hugo.expect("consoles 0 alice:denied")
		began := time.Now()
		alice.say(`{"type":"health","microphone":"missing"}`)
		bruno.say(deafOne)
		hugo.expect("consoles 0 alice:missing bruno:denied")
		if took := time.Since(began); took != listEvery {
			t.Errorf("the second list came after %v", took)
		}
		for _, p := range []*page{alice, bruno, hugo} {
			p.close()
		}
		f.stop()
	})
}
