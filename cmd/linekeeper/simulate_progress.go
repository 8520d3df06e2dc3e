package main

import (
	"fmt"
	"io"
	"strings"
	"time"
)

// progress is a bar on a terminal, and nothing anywhere else. It is owned by one
// goroutine at a time.
type progress struct {
	out      io.Writer
	what     string
	total    int
	terminal bool
	drawn    time.Time
}

const (
	barWidth = 40
	barEvery = 100 * time.Millisecond
)

func newProgress(out io.Writer, what string, total int) *progress {
	return &progress{out: out, what: what, total: max(total, 1), terminal: isTerminal(out)}
}

// at shows that so many are done.
func (p *progress) at(done int) {
	if !p.terminal || done < p.total && time.Since(p.drawn) < barEvery {
		return
	}
	p.drawn = time.Now()
	fmt.Fprintf(p.out, "\r%s", p.bar(done))
}

// bar is the bar as text.
func (p *progress) bar(done int) string {
	full := barWidth * done / p.total
	return fmt.Sprintf("%s [%s%s] %3d %%", p.what, strings.Repeat("=", full), strings.Repeat(" ", barWidth-full), 100*done/p.total)
}

// close takes the bar away. It may be closed twice.
func (p *progress) close() {
	if p.terminal && !p.drawn.IsZero() {
		fmt.Fprint(p.out, "\r\x1b[K")
		p.drawn = time.Time{}
	}
}
