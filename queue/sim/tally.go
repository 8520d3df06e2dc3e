package sim

import (
	"time"

	"linekeeper/cdr"
	"linekeeper/queue"
	"linekeeper/queue/wait"
)

// slice is the length of time for which the textbook's figures are taken: in a
// shorter one calls are too few to tell a rate from, in a longer one it is not
// steady.
const slice = time.Hour

// tally counts what happens on a floor, played or told by facts.
type tally struct {
	from, to time.Time
	queues   map[string]*queueTally
	agents   map[string]*agentTally
}

type queueTally struct {
	queue.Definition
	entered, answered, within, counted, abandoned, short, sentOn int

	waits    []time.Duration // of calls answered
	waited   time.Duration   // of all that left
	arrivals []int           // by slice
	busy     time.Duration   // of agents, with its calls
	told     wait.Accuracy
}

type agentTally struct {
	queue.Agent
	state    cdr.AgentState
	since    time.Time
	queue    string // of the call in hand
	answered int
	missed   int
	busy     time.Duration
	ready    time.Duration
	present  []time.Duration // by slice
}

func newTally(s *Scenario) *tally {
	t := &tally{from: s.From.Add(s.Warm), to: s.To, queues: map[string]*queueTally{}, agents: map[string]*agentTally{}}
	for _, q := range s.Definitions.Queues {
		t.queues[q.ID] = &queueTally{Definition: q, arrivals: make([]int, t.slices())}
	}
	for _, a := range s.Definitions.Agents {
		at := &agentTally{Agent: a, state: cdr.Offline, since: s.From, present: make([]time.Duration, t.slices())}
		if a.AlwaysReady {
			at.state = cdr.Ready
		}
		t.agents[a.ID] = at
	}
	return t
}

func (t *tally) slices() int { return int((t.to.Sub(t.from) + slice - 1) / slice) }

func (t *tally) entered(k *call) {
	if q := t.queues[k.Queue]; q != nil && k.counted {
		q.entered++
		if n := int(k.At.Sub(t.from) / slice); n >= 0 && n < len(q.arrivals) {
			q.arrivals[n]++
		}
	}
}

func (t *tally) answered(k *call, waited time.Duration) {
	if a := t.agents[k.talk]; a != nil && k.counted {
		a.answered++
	}
	q := t.queues[k.Queue]
	if q == nil || !k.counted {
		return
	}
	q.answered++
	q.waits = append(q.waits, waited)
	q.waited += waited
	q.told.Answered(k.low, k.high, waited)
	q.counted++
	if q.InTime(waited) {
		q.within++
	}
}

// offered books the agent's time from now on with a queue.
func (t *tally) offered(agent, queue string) {
	if a := t.agents[agent]; a != nil {
		a.queue = queue
	}
}

// left counts a call that was not answered.
func (t *tally) left(k *call, cause cdr.LeaveCause, waited time.Duration) {
	q := t.queues[k.Queue]
	if q == nil || !k.counted {
		return
	}
	short := waited < q.ShortAbandon
	if q.Counts(cause, waited, short) {
		q.counted++
	}
	switch {
	case sentOn(cause) || cause == cdr.LeftKey || cause == cdr.LeftMoved:
		q.sentOn++
		return
	case short:
		q.short++
	default:
		q.abandoned++
	}
	q.waited += waited
	q.told.Gone(k.low, k.high, waited)
}

// changed counts how long an agent was what they were until now.
func (t *tally) changed(now time.Time, s cdr.AgentChanged) {
	a := t.agents[s.Agent]
	if a == nil {
		return
	}
	t.spent(a, now)
	if s.From == cdr.OfferedTo && s.To == cdr.NotReady && missed(s.Cause) {
		a.missed++
	}
	a.state, a.since = s.To, now
}

// spent books the time from the last change to now. What a call takes counts for
// its queue to the end, however late; an agent's own time counts until To.
func (t *tally) spent(a *agentTally, now time.Time) {
	begin := latest(a.since, t.from)
	if q := t.queues[a.queue]; q != nil && inHand(a.state) && now.After(begin) {
		q.busy += now.Sub(begin)
	}
	end := now
	if end.After(t.to) {
		end = t.to
	}
	if !end.After(begin) {
		return
	}
	switch {
	case inHand(a.state):
		a.busy += end.Sub(begin)
	case a.state == cdr.Ready:
		a.ready += end.Sub(begin)
	default:
		return
	}
	for begin.Before(end) {
		n := int(begin.Sub(t.from) / slice)
		next := t.from.Add(time.Duration(n+1) * slice)
		if next.After(end) {
			next = end
		}
		a.present[n] += next.Sub(begin)
		begin = next
	}
}

// close books what lasts until the end.
func (t *tally) close(now time.Time) {
	for _, a := range t.agents {
		t.spent(a, now)
		a.since = now
	}
}
