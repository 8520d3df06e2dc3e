package trace

import (
	"context"

	"linekeeper/cdr"
)

// apply folds one fact.
func (f *Follower) apply(fact cdr.Fact) {
	record, complete := f.fold(fact)
	if fact.Seq <= f.told {
		return // read again only for the calls that are not complete
	}
	f.metrics.count(fact, record)
	if complete {
		f.tell(record)
	}
}

// fold takes the fact into its call's record and its agent's standing. It
// returns the record, and whether the fact made it complete; the call is not
// kept any longer then.
func (f *Follower) fold(fact cdr.Fact) (record *cdr.Record, complete bool) {
	f.stand(fact)
	f.mu.Lock()
	defer f.mu.Unlock()
	f.seq, f.at = fact.Seq, fact.At
	if fact.Call == "" {
		return new(cdr.Record), false
	}
	c, known := f.calls[fact.Call]
	if !known {
		c = &call{record: cdr.Record{Call: fact.Call}, first: fact.Seq}
		if begins(fact.Story) { // else: what follows a complete call, or the rest of one begun before us
			f.calls[fact.Call] = c
		}
	}
	c.record.Apply(fact)
	if s, ok := fact.Story.(cdr.QueueEntered); ok {
		f.queues[s.Queue] = true
	}
	c.at = fact.At
	if known && c.record.Complete() {
		delete(f.calls, fact.Call)
		return &c.record, true
	}
	return &c.record, false
}

// stand takes a fact about an agent, unless a newer one is known.
func (f *Follower) stand(fact cdr.Fact) {
	s, ok := fact.Story.(cdr.AgentChanged)
	if !ok {
		return
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	if fact.Seq >= f.staff[s.Agent].seq {
		f.staff[s.Agent] = standing{state: s.To, seq: fact.Seq}
	}
}

func (f *Follower) tell(r *cdr.Record) { emit(f.tracer, r) }

// forget tells the calls that will never be complete, as far as they are known.
func (f *Follower) forget() {
	var lost []*call
	f.mu.Lock()
	for id, c := range f.calls {
		if f.at.Sub(c.at) > f.cfg.Forget {
			lost = append(lost, c)
			delete(f.calls, id)
		}
	}
	f.mu.Unlock()
	for _, c := range lost {
		f.cfg.Log.Warn("a call never became complete", "call", c.record.Call)
		f.tell(&c.record)
	}
}

// waiting implements gauges.
func (f *Follower) waiting() map[string]int64 {
	f.mu.Lock()
	defer f.mu.Unlock()
	n := make(map[string]int64, len(f.queues))
	for queue := range f.queues {
		n[queue] = 0
	}
	for _, c := range f.calls {
		for _, v := range c.record.Visits {
			if v.LeftAt.IsZero() && c.record.EndedAt.IsZero() {
				n[v.Queue]++
			}
		}
	}
	return n
}

// agents implements gauges.
func (f *Follower) agents() map[cdr.AgentState]int64 {
	f.mu.Lock()
	defer f.mu.Unlock()
	n := map[cdr.AgentState]int64{
		cdr.Offline: 0, cdr.Ready: 0, cdr.NotReady: 0, cdr.OfferedTo: 0, cdr.OnCall: 0, cdr.WrapUp: 0,
	}
	for _, s := range f.staff {
		n[s.state]++
	}
	return n
}

// position implements gauges.
func (f *Follower) position() uint64 {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.seq
}

// last implements gauges.
func (f *Follower) last(ctx context.Context) (uint64, error) { return f.facts.Last(ctx) }

// begins says whether a story is the first of a call's.
func begins(s cdr.Story) bool {
	switch s.(type) {
	case cdr.Arrived, cdr.FollowUpAsked, cdr.Dialled:
		return true
	}
	return false
}
