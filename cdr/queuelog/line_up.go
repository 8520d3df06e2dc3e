package queuelog

import (
	"slices"
	"time"

	"linekeeper/cdr"
)

// entered takes the call into its line. ENTERQUEUE waits for the position.
func (f *fold) entered(fact cdr.Fact, c *caller, s cdr.QueueEntered) {
	f.release(fact.Call)
	if c.Visit != nil { // a story without its leaving
		f.left(fact, c, cdr.QueueLeft{Queue: c.Visit.Queue, Cause: cdr.LeftMoved})
	}
	c.Key = ""
	c.Visit = &visit{
		Queue: s.Queue, Priority: s.Priority, Since: s.EnteredAt.UnixNano(),
		Held: !c.Callback, Away: c.Callback, Asked: fact.At.UnixNano(),
	}
	f.stand(fact.Call, c.Visit)
	c.Visit.Orig = f.rank(fact.Call, c.Visit) // until the floor tells
	if c.Visit.Held {
		f.hold(fact.Call)
	}
}

// stand puts the call into the line where it would stand by priority and age,
// until the floor says better.
func (f *fold) stand(id cdr.CallID, v *visit) {
	calls := f.Queues[v.Queue]
	i := slices.IndexFunc(calls, func(other cdr.CallID) bool {
		o := f.Calls[other].Visit
		return o.Priority < v.Priority || (o.Priority == v.Priority && o.Since > v.Since)
	})
	if i < 0 {
		i = len(calls)
	}
	f.Queues[v.Queue] = slices.Insert(calls, i, id)
}

// placed moves the call to the rank the floor told; the first one is the
// original position.
func (f *fold) placed(id cdr.CallID, c *caller, s cdr.WaitEstimated) {
	v := c.Visit
	if v == nil || v.Queue != s.Queue {
		return
	}
	if s.Place > 0 {
		calls := f.Queues[v.Queue]
		if i := slices.Index(calls, id); i >= 0 {
			calls = slices.Delete(calls, i, i+1)
			f.Queues[v.Queue] = slices.Insert(calls, min(s.Place-1, len(calls)), id)
		}
		if v.Held {
			v.Orig = s.Place
		}
	}
	f.release(id)
}

// reprioritised moves the call to where its priority puts it now. app_queue has no
// line for that; the position at leaving counts from here.
func (f *fold) reprioritised(id cdr.CallID, c *caller, s cdr.Reprioritised) {
	v := c.Visit
	if v == nil || v.Queue != s.Queue || v.Priority == s.Priority {
		return
	}
	v.Priority = s.Priority
	if i := slices.Index(f.Queues[v.Queue], id); i >= 0 {
		f.Queues[v.Queue] = slices.Delete(f.Queues[v.Queue], i, i+1)
		f.stand(id, v)
	}
}

// rank is the call's position in its line, 1 is next or taken out already.
func (f *fold) rank(id cdr.CallID, v *visit) int {
	return max(slices.Index(f.Queues[v.Queue], id)+1, 1)
}

// leaveLine takes the call out of its line and gives the position it had.
func (f *fold) leaveLine(id cdr.CallID, v *visit) int {
	calls := f.Queues[v.Queue]
	i := slices.Index(calls, id)
	if i < 0 {
		return 1 // answered already
	}
	if calls = slices.Delete(calls, i, i+1); len(calls) == 0 {
		delete(f.Queues, v.Queue)
	} else {
		f.Queues[v.Queue] = calls
	}
	return i + 1
}

// writeEnter writes ENTERQUEUE: url, caller's number, position[, caller's name].
func (f *fold) writeEnter(c *caller) {
	v := c.Visit
	v.Held = false
	data := []string{"", c.Number, number(v.Orig)}
	if f.style.CallerNames {
		data = append(data, c.Name)
	}
	v.Entered = f.write(time.Unix(0, v.Asked), line{callid: c.Unique, queue: v.Queue, event: enterQueue, data: data})
}

// left ends the stay with the line its cause has.
func (f *fold) left(fact cdr.Fact, c *caller, s cdr.QueueLeft) {
	v := c.Visit
	if v == nil || v.Queue != s.Queue {
		return
	}
	if v.Held && neverIn(s.Cause) {
		v.Held, v.Away = false, true
		f.Waiting = slices.DeleteFunc(f.Waiting, func(id cdr.CallID) bool { return id == fact.Call })
	}
	f.release(fact.Call)
	pos := f.leaveLine(fact.Call, v)
	if s.Cause == cdr.LeftAnswered {
		return // CONNECT tells it
	}
	c.Visit = nil
	if v.Away {
		return
	}
	e := &exit{Queue: v.Queue, Pos: pos, Orig: v.Orig, Wait: f.now(fact.At) - v.Entered, At: fact.At.UnixNano()}
	if s.Cause == cdr.LeftKey {
		c.Exit = e
		if c.Key != "" {
			f.writeExit(c, e)
			return
		}
		f.hold(fact.Call)
		return
	}
	l := line{callid: c.Unique, queue: v.Queue, data: []string{number(pos), number(v.Orig), number(e.Wait)}}
	if l.event = leaving(s.Cause); l.event == withdraw {
		l.data = append(l.data, cut(string(s.Cause), infoLimit))
	}
	f.write(fact.At, l)
}

// neverIn says that a call which leaves for a cause at once was not let in.
func neverIn(cause cdr.LeaveCause) bool {
	return cause == cdr.LeftFull || cause == cdr.LeftJoinEmpty || cause == cdr.LeftClosed
}

// leaving is the event of a cause that has no data of its own.
func leaving(cause cdr.LeaveCause) event {
	switch cause {
	case cdr.LeftAbandoned, cdr.LeftLost:
		return abandon
	case cdr.LeftEmpty, cdr.LeftJoinEmpty:
		return exitEmpty
	case cdr.LeftMaxWait:
		return exitWithTimeout
	default:
		return withdraw
	}
}

// overflowed learns the exit digit, before the leaving or after.
func (f *fold) overflowed(id cdr.CallID, c *caller, s cdr.Overflowed) {
	if s.Cause != cdr.LeftKey {
		return
	}
	c.Key = s.Key
	if c.Exit != nil {
		f.release(id)
	}
}

// writeExit writes EXITWITHKEY: key, position, original position, wait.
func (f *fold) writeExit(c *caller, e *exit) {
	f.write(time.Unix(0, e.At), line{
		callid: c.Unique, queue: e.Queue, event: exitWithKey,
		data: []string{c.Key, number(e.Pos), number(e.Orig), number(e.Wait)},
	})
	c.Exit, c.Key = nil, ""
}

// callbackAsked: the caller goes, the place stays.
func (f *fold) callbackAsked(fact cdr.Fact, c *caller, s cdr.CallbackAsked) {
	f.release(fact.Call)
	c.Callback, c.Number = true, s.Number
	v := c.Visit
	if v == nil || v.Away {
		return
	}
	v.Away = true
	f.write(fact.At, line{callid: c.Unique, queue: v.Queue, event: withdraw, data: []string{
		number(f.rank(fact.Call, v)), number(v.Orig), number(f.now(fact.At) - v.Entered), "callback",
	}})
}

// callbackReached: the customer is on the line again, on another channel.
func (f *fold) callbackReached(fact cdr.Fact, c *caller) {
	if c.Dialled != "" {
		c.Unique = c.Dialled
	}
	c.Callback, c.Dialled = false, ""
	if v := c.Visit; v != nil && v.Away {
		v.Away, v.Asked, v.Orig = false, fact.At.UnixNano(), f.rank(fact.Call, v)
		f.writeEnter(c)
	}
}
