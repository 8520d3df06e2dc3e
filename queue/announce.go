package queue

import "time"

// telling is when a caller in line is told something next, and what was told.
type telling struct {
	tell   int64 // place and wait
	prompt int64 // the next periodic prompt
	offer  int64 // to be called back
	turn   int   // of the periodic prompts
	told   int   // the place told last, 0 for none
}

// nextTold is when the caller is told something next.
func (p *place) nextTold() int64 { return min(p.tell, p.prompt, p.offer) }

// schedule sets when a caller is told something, from when the call came into the
// queue. What was due in the past was told, or is not worth telling any more.
func (f *Floor) schedule(p *place) {
	p.tell, p.prompt, p.offer = never, never, never
	a := &p.line.Announce
	if a.First > 0 && (a.Place || a.Wait) {
		p.tell = following(p.joined+int64(a.First), a.Every, f.t)
	}
	if a.PeriodicEvery > 0 && len(a.Periodic) > 0 {
		p.prompt = following(p.joined+int64(a.PeriodicEvery), a.PeriodicEvery, f.t)
		p.turn = int((p.prompt-p.joined)/int64(a.PeriodicEvery)) - 1
	}
	if c := p.line.Callback; c != nil && c.OfferAfter > 0 && !p.reached {
		p.offer = following(p.joined+int64(c.OfferAfter), c.Every, f.t)
	}
}

// following is the first time after now of one that repeats, never if it does not.
func following(at int64, every time.Duration, now int64) int64 {
	switch {
	case at > now:
		return at
	case every <= 0:
		return never
	}
	return at + ((now-at)/int64(every)+1)*int64(every)
}

// announce tells a caller what is due. While a phone rings nothing is told: it
// stays due until the offer is over.
func (f *Floor) announce(p *place) {
	if f.held || p.virtual || len(p.loans) > 0 {
		return
	}
	said := Announce{Call: p.call, Queue: p.line.ID, Stay: p.stay}
	rules := &p.line.Announce
	if p.tell <= f.t {
		p.tell = following(p.tell, rules.Every, f.t)
		f.tellPlaceAndWait(p, &said)
	}
	if p.prompt <= f.t {
		p.prompt = following(p.prompt, rules.PeriodicEvery, f.t)
		said.Prompt = rules.Periodic[p.turn%len(rules.Periodic)]
		p.turn++
	}
	if p.offer <= f.t {
		c := p.line.Callback
		p.offer = following(p.offer, c.Every, f.t)
		said.Callback = c.OfferAbove <= 0 || f.expect(p).High > c.OfferAbove
	}
	if said.Place > 0 || said.Wait != (Wait{}) || said.Prompt != "" || said.Callback {
		emit(f, &f.made.announcements, said)
	}
}

func (f *Floor) tellPlaceAndWait(p *place, said *Announce) {
	rules := &p.line.Announce
	if rules.Wait {
		said.Wait = f.expect(p)
	}
	if !rules.Place {
		return
	}
	rank := p.line.order.rank(p)
	if rules.PlaceMost > 0 && rank > rules.PlaceMost || rules.PlaceOnlyUp && p.told > 0 && rank >= p.told {
		return
	}
	said.Place, p.told = rank, rank
}

// tellPlaced tells a call the place it has.
func (f *Floor) tellPlaced(p *place, r Resumption) {
	emit(f, &f.made.placed, Placed{
		Call: p.call, Queue: p.line.ID, Stay: p.stay, EnteredAt: p.enteredAt, Rank: p.line.order.rank(p),
		Wait: f.expect(p), Resumption: r,
	})
}
