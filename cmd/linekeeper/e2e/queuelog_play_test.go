package e2e

import (
	"errors"
	"fmt"
	"os"
	"strings"
	"testing"

	"linekeeper/cmd/internal/phone"
)

// play is one story on one of the two sides.
type play struct {
	*besides
	acd
	from    int      // how long the log was before
	numbers []string // of the callers, as they came
}

// told plays a story on a side and gives what stands in its queue_log of it.
func (b *besides) told(t *testing.T, on acd, story func(*testing.T, *play)) []string {
	t.Helper()
	p := &play{besides: b, acd: on}
	p.from = len(p.text(t))
	story(t, p)
	for _, number := range p.numbers {
		until(t, "the call of "+number+" has its last line", patient, func() error { return p.hasLeft(t, number) })
	}
	b.nothingLeft(t)
	// What is written from here on is none of the story's.
	end := len(p.text(t))
	p.comes(t, b.jules)
	text := p.text(t)
	end += strings.Index(text[end:], "|NONE|NONE|PJSIP/jules|UNPAUSEALL|")
	end = strings.LastIndex(text[:end], "\n") + 1
	p.goes(t, b.jules)
	return p.lines(t, text[p.from:end])
}

// text is all that the side's queue_log has.
func (p *play) text(t testing.TB) string {
	t.Helper()
	text, err := os.ReadFile(p.file())
	if err != nil && !os.IsNotExist(err) {
		t.Fatal(err)
	}
	return string(text)
}

// await waits until the story has so many lines that say something.
func (p *play) await(t testing.TB, says string, times int) {
	t.Helper()
	p.awaitSince(t, p.from, says, times)
}

func (p *play) awaitSince(t testing.TB, from int, says string, times int) {
	t.Helper()
	until(t, "queue_log says "+says, patient, func() error {
		if text := p.text(t)[from:]; strings.Count(text, says) < times {
			return errors.New("it says\n" + text)
		}
		return nil
	})
}

// calls has somebody call into a queue, and returns when they are in line.
func (p *play) calls(t testing.TB, queue string) *phone.Call {
	t.Helper()
	number := customer()
	p.numbers = append(p.numbers, number)
	ctx, cancel := soon()
	defer cancel()
	c, err := p.handset(t, number).Dial(ctx, p.number(queue))
	if err != nil {
		t.Fatal(err)
	}
	p.await(t, "|ENTERQUEUE||"+number+"|", 1)
	return c
}

// comes has an agent take calls in every queue, and goes in none.
func (p *play) comes(t testing.TB, a *agent) { p.turn(t, a, "UNPAUSE", p.ready) }
func (p *play) goes(t testing.TB, a *agent)  { p.turn(t, a, "PAUSE", p.pause) }

// turn returns when queue_log says so for each queue.
func (p *play) turn(t testing.TB, a *agent, event string, act func(testing.TB, *agent)) {
	t.Helper()
	from := len(p.text(t))
	act(t, a)
	p.awaitSince(t, from, "|PJSIP/"+a.name+"|"+event+"|", len(p.queues))
}

// isPaused waits until the queue has paused an agent everywhere.
func (p *play) isPaused(t testing.TB, a *agent) {
	t.Helper()
	p.await(t, "|PJSIP/"+a.name+"|PAUSE|Auto-Pause", len(p.queues))
}

// hasLeft says whether the newest stay of a caller is over.
func (p *play) hasLeft(t testing.TB, number string) error {
	own := p.own(p.text(t)[p.from:], number)
	if len(own) > 0 && leaves[own[len(own)-1][eventField]] {
		return nil
	}
	return fmt.Errorf("it has %v", own)
}

// passes waits until seconds of music or talk have been heard.
func passes(t testing.TB, c *phone.Call, seconds int) {
	t.Helper()
	const second = 50 // packets
	from := c.Heard()
	until(t, fmt.Sprintf("%d s pass", seconds), patient, func() error {
		if n := c.Heard() - from; n < seconds*second {
			return fmt.Errorf("%d packets", n)
		}
		return nil
	})
}

func press(t testing.TB, c *phone.Call, key rune) {
	t.Helper()
	if err := c.Press(key); err != nil {
		t.Fatal(err)
	}
}
