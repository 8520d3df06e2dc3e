package queue

import (
	"math"
	"time"

	"linekeeper/cdr"
)

// What a callback may do when the queue's definition does not say.
const (
	triesByDefault = 1
	retryByDefault = time.Minute
)

// callback is the part of a place whose caller has gone and is to be called back.
// The place keeps its entered-at and goes on ageing; nobody is announced
// anything, and it is neither abandoned nor sent on.
//
// Customer first: when an agent who may take the call is free and it is the
// call's turn, the customer is dialled (DialBack). The agent is not held back for
// it: they may take another call meanwhile, and the customer, once reached, is at
// the head of the line. So that not everybody is dialled for one free agent, no
// more customers of a queue are dialled at a time than agents are free for them.
type callback struct {
	virtual   bool
	dialling  bool // the customer is being dialled, customer first
	mode      cdr.CallbackMode
	notBefore int64
	expires   int64         // the end of the window or of the queue's patience
	tries     int           // made so far
	reached   bool          // the customer has been called back and waits on the line
	wish      CallbackPlace // as it was asked for; AskedAt is set
	known     [2]knownBy
}

// await makes a place a callback's, asked for at a time if it does not say when.
func (p *place) await(f *Floor, c CallbackPlace, asked time.Time) {
	if c.AskedAt.IsZero() {
		c.AskedAt = asked
	}
	p.virtual, p.mode, p.tries, p.wish = true, c.Mode, c.Tries, c
	p.notBefore, p.expires = math.MinInt64, never
	if !c.NotBefore.IsZero() {
		p.notBefore = f.at(c.NotBefore)
	}
	if !c.NotAfter.IsZero() {
		p.expires = f.at(c.NotAfter)
	}
	if rule := p.line.Callback; rule != nil && rule.Expires > 0 {
		p.expires = min(p.expires, max(f.at(c.AskedAt), p.notBefore)+int64(rule.Expires))
	}
}

// dials says that the customer is to be dialled before any agent.
func (p *place) dials() bool { return p.virtual && p.mode == cdr.CustomerFirst }

// askCallback: the caller goes, the place stays. Phones that ring are called off,
// for nobody would be there. A callback on the same number, asked for before this
// call came, was the same person's: it is over, and the older of the places counts.
func (f *Floor) askCallback(ev Event, e *AskCallback) {
	p := f.places[e.Call]
	if p == nil {
		f.refuse(ev, UnknownCall)
		return
	}
	if p.virtual {
		return
	}
	f.withdrawAll(p)
	f.unsort(p)
	f.declassify(p)
	p.line.callers--
	p.number = e.Number
	p.await(f, e.CallbackPlace, f.now)
	p.line.order.remove(p)
	resumed := f.resume(p)
	if resumed.Resumed != "" {
		f.widen(p)
		p.rekey()
	}
	p.line.order.insert(p)
	f.attach(p)
	f.classify(p)
	f.sort(p)
	if resumed.Resumed != "" {
		f.tellPlaced(p, resumed)
	}
	f.serve(p)
	f.rearm(p)
}

// dialBack has the customer of a callback dialled.
func (f *Floor) dialBack(p *place) {
	p.dialling, p.offered = true, true // somebody was free for it
	p.line.dialled++
	f.sort(p)
	f.rearm(p)
	emit(f, &f.made.dials, DialBack{Call: p.call, Queue: p.line.ID, Stay: p.stay, Try: p.tries + 1})
}

// stopDialling ends that the customer is being dialled.
func (f *Floor) stopDialling(p *place) {
	if p.dialling {
		p.dialling = false
		p.line.dialled--
		f.redial = append(f.redial, p.line)
	}
}

// mayDial says whether one more customer of the class may be dialled: somebody is
// free for them.
func (l *line) mayDial(c *class) bool { return common(c.may, l.ready) > l.dialled }

// dialMore dials customers who wait for a dialling to be over.
func (f *Floor) dialMore() {
	for i := 0; i < len(f.redial); i++ {
		l := f.redial[i]
		for !f.held {
			var first *place
			for _, c := range l.open {
				if len(c.dialled) > 0 && l.mayDial(c) && (first == nil || before(c.dialled[0], first)) {
					first = c.dialled[0]
				}
			}
			if first == nil {
				break
			}
			f.dialBack(first)
		}
	}
	f.redial = f.redial[:0]
}

// withDialled ends the dialling of a customer and runs act on the place, or
// refuses the event.
func (f *Floor) withDialled(ev Event, call cdr.CallID, act func(*place)) {
	switch p := f.places[call]; {
	case p == nil:
		f.refuse(ev, UnknownCall)
	case !p.dialling:
		f.refuse(ev, NotThere)
	default:
		f.stopDialling(p)
		act(p)
	}
}

// callbackReached: the customer is on the line; the place is an ordinary one, at
// the head of those that came later.
func (f *Floor) callbackReached(p *place) {
	f.detach(p)
	f.unsort(p)
	f.declassify(p)
	p.virtual, p.reached, p.joined = false, true, f.t
	p.line.callers++
	f.classify(p)
	f.schedule(p)
	f.rest(p)
}

// missedCustomer tries a customer who did not answer again later, or gives the
// place up.
func (f *Floor) missedCustomer(p *place) {
	tries, again := triesByDefault, retryByDefault
	if rule := p.line.Callback; rule != nil {
		tries = max(rule.Tries, triesByDefault)
		if rule.RetryAfter > 0 {
			again = rule.RetryAfter
		}
	}
	p.tries++
	p.notBefore = f.t + int64(again)
	if p.tries >= tries || p.notBefore >= p.expires {
		p.expires = f.t
	}
	f.withdrawAll(p)
	f.rest(p)
}
