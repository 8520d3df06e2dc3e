package dial

import (
	"cmp"
	"context"
	"log/slog"
	"sync"
	"time"

	"go.opentelemetry.io/otel"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/metric"

	"linekeeper/cdr"
	"linekeeper/cdr/numbers"
	"linekeeper/queue"
)

// window is what a limit is counted over.
const window = time.Minute

// unlisted is how many numbers a minute are judged of who may dial none: enough for
// mistakes, too few to fill a log.
const unlisted = 10

var meter = otel.Meter("linekeeper/ivr/dial")

// dials counts numbers asked for, by what was said: allowed, or the verdict.
var dials, _ = meter.Int64Counter("linekeeper.dials",
	metric.WithDescription("Numbers outside that somebody wanted dialled"))

// Asked is a number somebody wants dialled.
type Asked struct {
	By     string     // agent or account, or the call of a caller, whose limit it counts to
	Role   string     // or queue.DialCallbacks
	Call   cdr.CallID // if it is known
	Act    string     // what for, as in cdr.DialRefused
	Number string     // as it was written
}

// Refused is a number that is not to be dialled, and why.
type Refused struct {
	Asked
	As  string // the number as cdr.DialRefused has it
	Why queue.DialVerdict
}

// Door judges numbers. It is safe for concurrent use.
type Door struct {
	// Immutable.

	rules func() *queue.Dialling
	tell  func(Refused)
	log   *slog.Logger

	mu    sync.Mutex
	tries map[string]*tries // by who asks
}

// tries are when somebody asked within the last window, oldest first.
type tries struct {
	at   []time.Time
	told bool // that they are too many, since they last were not
}

// New is a door with the rules in force. tell hears what is refused, each number
// once and too many of them once until they are fewer; it must not block.
func New(rules func() *queue.Dialling, tell func(Refused), log *slog.Logger) *Door {
	return &Door{rules: rules, tell: tell, log: log, tries: make(map[string]*tries)}
}

// May returns a number in E.164 if it may be dialled, else a *queue.DialRefusal, which
// it tells.
func (d *Door) May(ctx context.Context, a Asked) (string, error) {
	e164, no := d.Judge(ctx, a)
	if no == nil {
		return e164, nil
	}
	if !no.Quiet {
		d.tell(Refused{Asked: a, As: no.Number, Why: no.Why})
	}
	return "", no
}

// Judge is May for a call, which tells a refusal itself, in its own story. What is no
// number counts to no limit and is told nobody: it is a slip.
func (d *Door) Judge(ctx context.Context, a Asked) (string, *queue.DialRefusal) {
	rules := d.rules()
	n := Read(a.Number, rules.Region)
	no := &queue.DialRefusal{Number: cmp.Or(n.E164, n.Keys), Why: rules.Allows(a.Role, n)}
	switch {
	case no.Why == queue.DialNotNumber:
		no.Quiet = true
	case no.Why == queue.DialAllowed && rules.IsInternal(n.E164):
	default:
		if again, told := d.count(a.By, rules.Roles[a.Role].PerMinute, time.Now()); again > 0 {
			no.Why, no.Again, no.Quiet = queue.DialTooMany, again, told
		}
	}
	d.counted(ctx, no.Why)
	if no.Why == queue.DialAllowed {
		return n.E164, nil
	}
	if !no.Quiet {
		d.logged(ctx, a, no)
	}
	return "", no
}

// Read reads a number as a region writes it.
func Read(number, region string) queue.Dialled {
	n := queue.Dialled{}
	n.Keys, _ = numbers.Keys(number)
	if e164, ok := numbers.E164(number, region); ok {
		n.E164, n.Premium = e164, numbers.Premium(e164)
	}
	return n
}

// count counts a try in. If it is one too many, again says in how long the next may
// come, and told whether that has been told already; it then counts no more itself.
func (d *Door) count(by string, limit int, now time.Time) (again time.Duration, told bool) {
	if limit <= 0 {
		limit = unlisted
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	t := d.tries[by]
	if t == nil {
		d.forget(now)
		t = &tries{}
		d.tries[by] = t
	}
	t.since(now.Add(-window))
	if len(t.at) >= limit {
		told, t.told = t.told, true
		return t.at[len(t.at)-limit].Add(window).Sub(now), told
	}
	t.at, t.told = append(t.at, now), false
	return 0, false
}

// since forgets what was before.
func (t *tries) since(from time.Time) {
	old := 0
	for old < len(t.at) && !t.at[old].After(from) {
		old++
	}
	t.at = append(t.at[:0], t.at[old:]...)
}

// forget forgets who has asked for nothing for a while.
func (d *Door) forget(now time.Time) {
	for by, t := range d.tries {
		if t.since(now.Add(-window)); len(t.at) == 0 {
			delete(d.tries, by)
		}
	}
}

func (d *Door) counted(ctx context.Context, v queue.DialVerdict) {
	outcome := string(v)
	if v == queue.DialAllowed {
		outcome = "allowed"
	}
	dials.Add(ctx, 1, metric.WithAttributes(attribute.String("outcome", outcome)))
}

func (d *Door) logged(ctx context.Context, a Asked, no *queue.DialRefusal) {
	d.log.LogAttrs(ctx, slog.LevelWarn, "a number is not to be dialled",
		slog.String("call", string(a.Call)), slog.String("by", a.By), slog.String("role", a.Role),
		slog.String("act", a.Act), slog.String("number", no.Number), slog.String("why", string(no.Why)))
}
