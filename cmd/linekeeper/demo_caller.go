package main

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"time"

	"linekeeper/cmd/internal/phone"
)

// How simulated callers behave. Shares are of 1.
const (
	knownCallers = 0.75 // of calls are from the directory
	hangsInMenu  = 0.07
	pressesOne   = 0.7 // the others press 2
	// answerWithin is how long a caller hears it ring before they hang up.
	answerWithin = 30 * time.Second
)

// The lab's numbers.
const (
	numberFrench  = "0199000001"
	numberEnglish = "0199000002"
	numberDirect  = "0199000003" // no menu
)

// callIn has callers call in, one independent of the other (a Poisson process),
// until ctx ends, and waits until all have hung up.
func (p *play) callIn(ctx context.Context, c *chance) {
	var calling sync.WaitGroup
	defer calling.Wait()
	lines := &lines{free: p.flags.most, taken: map[string]bool{}}
	for {
		between := time.Duration(c.ExpFloat64() * float64(time.Minute) / p.flags.rate)
		if !settles(ctx, between, nil) {
			return
		}
		caller := p.someone(c)
		if !lines.take(caller.number) {
			continue // all lines are busy, or this very person is calling already
		}
		calling.Go(func() {
			defer lines.release(caller.number)
			p.score.add(func(t *tally) { t.called++; t.live++ })
			defer p.score.add(func(t *tally) { t.live-- })
			p.score.note(ctx, caller.call(ctx))
		})
	}
}

// lines bounds how many call at once, and has nobody call twice at once. Its
// methods are safe for concurrent use.
type lines struct {
	mu    sync.Mutex
	free  int
	taken map[string]bool
}

func (l *lines) take(number string) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.free == 0 || l.taken[number] {
		return false
	}
	l.free--
	l.taken[number] = true
	return true
}

func (l *lines) release(number string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.free++
	delete(l.taken, number)
}

// demoCaller is one simulated caller and their one call.
type demoCaller struct {
	play   *play
	number string // of theirs, E.164
	name   string // as their phone says
	dials  string
	chance *chance
}

// someone is a person of the directory, or a stranger.
func (p *play) someone(c *chance) *demoCaller {
	d := &demoCaller{play: p, chance: c.fork(), number: fmt.Sprintf("+331990%05d", 2000+c.IntN(1000)), dials: numberFrench}
	language := ""
	if contacts := p.defs.Contacts; c.once(knownCallers) && len(contacts) > 0 {
		who := oneOf(c, contacts)
		d.number, d.name, language = oneOf(c, who.Numbers), who.Name, who.Language
	}
	switch way := c.Float64(); {
	case language == "en" && way < 0.8, language == "" && way < 0.15:
		d.dials = numberEnglish
	case way > 0.8:
		d.dials = numberDirect
	}
	return d
}

// call is the whole visit. It ends with the call, or when ctx does.
func (d *demoCaller) call(ctx context.Context) error {
	p, err := phone.New(phone.Config{User: d.number, Display: d.name, Asterisk: d.play.sip})
	if err != nil {
		return err
	}
	defer p.Close() // hangs up
	dialling, cancel := context.WithTimeout(ctx, answerWithin)
	call, err := p.Dial(dialling, d.dials)
	cancel()
	if err != nil {
		return err
	}
	if d.dials != numberDirect && !d.passMenu(ctx, call) {
		return nil
	}
	agent := d.wait(ctx, call)
	if agent == "" {
		return nil
	}
	d.play.score.add(func(t *tally) { t.talked++ })
	talk := d.chance.between(8*time.Second, 40*time.Second)
	if !d.play.isSimulated(agent) { // a person needs time to look around
		talk = d.chance.between(time.Minute, 4*time.Minute)
	}
	settles(ctx, talk, call.Ended())
	return nil
}

// passMenu listens and presses a key; false when the caller is out.
func (d *demoCaller) passMenu(ctx context.Context, call *phone.Call) bool {
	if !settles(ctx, d.chance.between(3*time.Second, 9*time.Second), call.Ended()) {
		return false
	}
	if d.chance.once(hangsInMenu) {
		d.play.score.add(func(t *tally) { t.leftMenu++ })
		return false
	}
	key := '2'
	if d.chance.once(pressesOne) {
		key = '1'
	}
	return call.Press(key) == nil
}

// wait stands in line until an agent talks, and names them; "" when patience or
// the call was over first. Of an answer the caller hears nothing but a voice:
// the supervisor's eyes stand in for their ears.
func (d *demoCaller) wait(ctx context.Context, call *phone.Call) (agent string) {
	patience := time.NewTimer(d.chance.between(25*time.Second, 2*time.Minute))
	defer patience.Stop()
	for {
		changed, state := d.play.live.Changed(), d.play.live.State()
		if agent := talksTo(state, d.number); agent != "" {
			return agent
		}
		select {
		case <-changed:
		case <-patience.C:
			d.play.score.add(func(t *tally) { t.abandoned++ })
			return ""
		case <-call.Ended():
			return ""
		case <-ctx.Done():
			return ""
		}
	}
}

// sameNumber compares numbers written with and without their country code.
func sameNumber(a, b string) bool {
	const national = 9 // digits of a French number after +33 or 0
	tail := func(s string) string { return s[max(0, len(s)-national):] }
	return strings.TrimLeft(a, "+") != "" && tail(a) == tail(b)
}
