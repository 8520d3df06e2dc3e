package queue

import (
	"time"

	"linekeeper/cdr"
)

// place is one call in line. The memory of a place that is no more is used again
// for another, from the next step on.
type place struct {
	call      cdr.CallID
	stay      int    // of the call's places, this one
	caller    string // number, empty if withheld
	number    string // asked to be called back on
	line      *line
	enteredAt time.Time
	entered   int64 // the same, as the floor counts
	joined    int64 // when it came into this queue
	priority  int
	needs     []need
	language  int16
	offers    int  // made so far
	offered   bool // to anybody in this queue, or its customer dialled for them

	// Where it stands.
	key       int64 // what it is ordered by (order.go)
	tree      branch
	stage     int16 // of widening
	bound     int16 // of tiers
	nextStage int64 // when the next of either is reached
	class     *class
	pile      *pile // of the class, nil while it may not be offered
	slot      int

	// Who it is kept for, and who rings for it.
	prefs  []preference
	kept   bool // for one of prefs: nobody else may have it now
	loans  []*loan
	more   int64  // ring-progressively: when one more phone may ring
	won    bool   // an offer is answered elsewhere: its answer is on the way
	tried  *agent // whose try has just failed
	moveTo *line  // once no phone rings any more
	gone   bool   // it has no place any more; open loans are on their way out
	asked  bool   // it never had one: its agent was asked for by name (borrow.go); gone, too

	callback
	telling
	timer timer
}

// offerable says whether the call may be offered to somebody now.
func (p *place) offerable(now int64) bool {
	switch {
	case p.gone || p.won || p.moveTo != nil || p.line.closed:
		return false
	case p.virtual && (p.dialling || p.notBefore > now):
		return false
	case len(p.loans) == 0:
		return true
	}
	if p.virtual {
		return false // one agent at a time: only one customer can be dialled
	}
	return p.line.Strategy == RingAll || p.line.Strategy == RingProgressively && p.more <= now
}

// stand puts a place into its line.
func (f *Floor) stand(p *place) {
	l := p.line
	f.places[p.call] = p
	f.chances++
	p.tree.chance = uint32(mix(f.chances))
	f.widen(p)
	p.rekey()
	l.order.insert(p)
	if !p.virtual {
		l.callers++
	}
	f.classify(p)
	f.attach(p)
	f.rekeep(p)
	f.schedule(p)
}

// drop takes a place out of line. Its open loans live on until their offers are
// over.
func (f *Floor) drop(p *place) {
	if p.gone {
		return
	}
	l := p.line
	f.unsort(p)
	f.declassify(p)
	p.gone = true
	delete(f.places, p.call)
	l.order.remove(p)
	f.detach(p)
	f.forgetPreferences(p)
	if !p.virtual {
		l.callers--
	}
	f.stopDialling(p)
	f.due.stop(&p.timer)
	for _, ln := range p.loans {
		f.due.stop(&ln.timer)
	}
	if len(p.loans) == 0 {
		f.recycle(p)
	}
}

// tellOut takes a place away and says why, and where the call goes.
func (f *Floor) tellOut(p *place, cause cdr.LeaveCause) {
	f.tellNotOffered(p, cause)
	out := Out{Call: p.call, Queue: p.line.ID, Stay: p.stay, Cause: cause}
	if to, defined := p.line.OverflowFor(cause); defined {
		f.made.overflows = append(f.made.overflows, to)
		out.To = &f.made.overflows[len(f.made.overflows)-1]
	}
	emit(f, &f.made.outs, out)
}

func (f *Floor) sendAway(p *place, cause cdr.LeaveCause) {
	f.tellOut(p, cause)
	f.drop(p)
}

// leave takes a call out of line. Open offers end with it.
func (f *Floor) leave(e *Leave) {
	p := f.places[e.Call]
	if p == nil {
		return
	}
	if e.Cutoff {
		f.remember(p)
	}
	f.tellNotOffered(p, e.Cause)
	f.drop(p)
	for len(p.loans) > 0 {
		ln := p.loans[0]
		f.giveBack(ln)
		f.settle(ln.agent, string(cdr.OfferCallerGone))
	}
}

// rest is what becomes of a place when an offer is over and it is still in line.
func (f *Floor) rest(p *place) {
	if p.gone {
		return
	}
	if len(p.loans) > 0 {
		f.sort(p)
		f.rearm(p)
		return
	}
	p.won = false
	switch cause := f.overdue(p); {
	case p.moveTo != nil:
		f.moveNow(p)
		return
	case cause != "":
		f.sendAway(p, cause)
		return
	}
	f.sort(p)
	f.serve(p)
	f.settled(p)
}

// overdue says why a place nobody rings for is over.
func (f *Floor) overdue(p *place) cdr.LeaveCause {
	switch {
	case f.held || p.dialling || len(p.loans) > 0:
		return ""
	case p.line.closed:
		return cdr.LeftClosed
	case p.virtual && p.expires <= f.t:
		return cdr.LeftExpired
	case f.maxWait(p) <= f.t:
		return cdr.LeftMaxWait
	}
	return ""
}

// maxWait is when a call has waited for the longest allowed in this queue.
func (f *Floor) maxWait(p *place) int64 {
	if p.line.MaxWait <= 0 || p.virtual {
		return never
	}
	return p.joined + int64(p.line.MaxWait)
}

// rearm sets a place's timer to whatever comes next. What may not happen while a
// phone rings is not waited for while one does.
func (f *Floor) rearm(p *place) {
	if p.gone || f.held {
		f.due.stop(&p.timer)
		return
	}
	at := min(p.nextStage, p.preferredUntil())
	if len(p.loans) > 0 {
		if p.line.Strategy == RingProgressively && p.more > f.t {
			at = min(at, p.more)
		}
	} else if p.virtual && !p.dialling {
		at = min(at, p.expires)
		if p.notBefore > f.t {
			at = min(at, p.notBefore)
		}
	} else if !p.virtual {
		at = min(at, f.maxWait(p), p.nextTold())
	}
	f.due.set(&p.timer, at)
}

// placeDue lets happen what is due of a place.
func (f *Floor) placeDue(p *place) {
	f.advance(p)
	if cause := f.overdue(p); cause != "" {
		f.sendAway(p, cause)
		return
	}
	f.sort(p)
	f.serve(p)
	if p.gone {
		return
	}
	f.announce(p)
	f.settled(p)
}

// advance brings a place to where its waiting time has brought it: further stages
// and bounds, and nobody preferred any more whose time is over.
func (f *Floor) advance(p *place) {
	f.endPreferences(p)
	f.rekeep(p)
	if f.t < p.nextStage {
		return
	}
	f.unsort(p)
	p.line.order.remove(p)
	f.widen(p)
	p.rekey()
	p.line.order.insert(p)
	f.classify(p)
}

// withdrawAll asks for all offers of a place back.
func (f *Floor) withdrawAll(p *place) {
	for _, ln := range p.loans {
		f.withdraw(ln, cdr.OfferWithdrawn)
	}
}
