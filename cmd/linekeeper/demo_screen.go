package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"linekeeper/agentdesk"
	"linekeeper/cdr"
	"linekeeper/cmd/internal/deskclient"
	"linekeeper/queue"
)

const (
	redrawEvery = 500 * time.Millisecond // on a terminal
	lineEvery   = 5 * time.Second        // elsewhere
	screenWidth = 79                     // runes; a line that wraps could not be redrawn
)

// tongue is the language of the person at the terminal.
type tongue string

// demoTongue is English where the locale says so, French elsewhere.
func demoTongue() tongue {
	for _, name := range []string{"LC_ALL", "LC_MESSAGES", "LANG"} {
		if v := os.Getenv(name); v != "" {
			if strings.HasPrefix(v, "en") {
				return "en"
			}
			return "fr"
		}
	}
	return "fr"
}

func (t tongue) say(fr, en string) string {
	if t == "en" {
		return en
	}
	return fr
}

func (t tongue) label(labels []queue.Label, id string) string {
	for _, l := range labels {
		if l.ID == id {
			return t.say(l.FR, l.EN)
		}
	}
	return id
}

func (t tongue) state(s cdr.AgentState) string {
	switch s {
	case cdr.Offline:
		return t.say("déconnecté", "offline")
	case cdr.Ready:
		return t.say("disponible", "ready")
	case cdr.NotReady:
		return t.say("en pause", "not ready")
	case cdr.OfferedTo:
		return t.say("appel proposé", "offered a call")
	case cdr.OnCall:
		return t.say("en ligne", "connected")
	case cdr.WrapUp:
		return t.say("saisie post-appel", "wrapping up")
	}
	return string(s)
}

// welcome says where to go, who one can be, and what to try.
func (p *play) welcome() string {
	t := p.tongue
	var b strings.Builder
	fmt.Fprintf(&b, "\n%s  %s\n\n", t.say("Console :", "Console:"), p.url)
	row := "  %-9s %-15s %s\n"
	fmt.Fprintf(&b, row, t.say("nom", "name"), t.say("mot de passe", "password"), t.say("rôle", "role"))
	for _, a := range p.defs.Floor.Agents {
		role := a.Name + ", "
		if p.isSimulated(a.ID) {
			role += t.say("agent simulé", "simulated agent")
		} else {
			role += t.say("agent, téléphone dans la console", "agent, phone in the console")
		}
		fmt.Fprintf(&b, row, a.ID, labPassword(a.ID), role)
	}
	fmt.Fprintf(&b, row, supervisor, labPassword(supervisor), t.say("superviseur : files et agents en direct", "supervisor: queues and agents live"))
	fmt.Fprintf(&b, row, "admin", labPassword("admin"), t.say("administrateur", "administrator"))
	b.WriteString(t.say(`
À essayer : ouvrez la console, connectez-vous comme alice, autorisez le micro,
cliquez Disponible. La fiche de l'appelant s'affiche avant que cela sonne.
Dans un second navigateur : hugo, pour voir le plateau. Ctrl-C arrête tout.

`, `
To try: open the console, sign in as alice, allow the microphone, click Ready.
The caller's screen pop is there before it rings. In a second browser: hugo,
to see the floor. Ctrl-C ends it all.

`))
	return b.String()
}

// demoScreen shows the floor in the terminal.
type demoScreen struct {
	out      io.Writer
	tongue   tongue
	terminal bool
	drawn    int // lines on the terminal that the next drawing replaces
}

func newDemoScreen(out io.Writer, t tongue) *demoScreen {
	return &demoScreen{out: out, tongue: t, terminal: isTerminal(out)}
}

func isTerminal(out io.Writer) bool {
	file, ok := out.(*os.File)
	if !ok || os.Getenv("TERM") == "" || os.Getenv("TERM") == "dumb" {
		return false
	}
	info, err := file.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}

// follow shows what goes on until ctx ends.
func (s *demoScreen) follow(ctx context.Context, p *play) {
	every := lineEvery
	if s.terminal {
		every = redrawEvery
	}
	tick := time.NewTicker(every)
	defer tick.Stop()
	for {
		count, trouble := p.score.read()
		now, state := time.Now(), p.live.State()
		if s.terminal {
			s.redraw(s.table(now, state, p.names, count, trouble))
		} else {
			fmt.Fprintln(s.out, s.line(now, state, p.names, count, trouble))
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

// redraw puts lines in the place of those drawn last.
func (s *demoScreen) redraw(lines []string) {
	var b strings.Builder
	if s.drawn > 0 {
		fmt.Fprintf(&b, "\x1b[%dA\x1b[J", s.drawn)
	}
	for _, line := range lines {
		b.WriteString(cut(line, screenWidth) + "\n")
	}
	s.drawn = len(lines)
	_, _ = io.WriteString(s.out, b.String())
}

// table is the floor in full.
func (s *demoScreen) table(now time.Time, state deskclient.State, names deskclient.Catalogue, count tally, trouble string) []string {
	t := s.tongue
	row := "%-20s %10s %10s %9s %9s %9s %6s"
	lines := []string{fmt.Sprintf(row, t.say("File", "Queue"), t.say("attente", "waiting"), t.say("depuis", "longest"),
		t.say("en ligne", "talking"), t.say("répondus", "answered"), t.say("abandons", "abandoned"), t.say("QS", "SL"))}
	for _, q := range shownQueues(state) {
		lines = append(lines, fmt.Sprintf(row, cut(t.label(names.Queues, q.ID), 20), fmt.Sprint(q.Waiting), waits(now, q),
			fmt.Sprint(q.Talking), fmt.Sprint(q.Answered), fmt.Sprint(q.Abandoned), level(q)))
	}
	lines = append(lines, "")
	for _, id := range state.AgentOrder {
		if a := state.Agents[id]; a.State != cdr.Offline {
			lines = append(lines, "  "+fmt.Sprintf("%-22s %-20s %6s  %s", cut(a.Name, 22), t.state(a.State), clock(now.Sub(a.Since)), t.label(names.Reasons, a.Reason)))
		}
	}
	lines = append(lines, "", fmt.Sprintf(
		t.say("Appelants simulés : %d, en cours %d, servis %d, partis %d, lassés %d, rappelés %d", "Simulated callers: %d, now %d, served %d, left %d, gave up %d, called back %d"),
		count.called, count.live, count.talked, count.leftMenu, count.abandoned, count.calledBack))
	return append(lines, s.warnings(state, trouble)...)
}

func (s *demoScreen) warnings(state deskclient.State, trouble string) (lines []string) {
	if !state.Connected {
		lines = append(lines, s.tongue.say("Le contrôleur ne répond pas ; les communications restent établies.", "The controller does not answer; calls go on."))
	}
	if trouble != "" {
		lines = append(lines, s.tongue.say("Dernier souci : ", "Last trouble: ")+trouble)
	}
	return lines
}

// line is the floor in one line.
func (s *demoScreen) line(now time.Time, state deskclient.State, names deskclient.Catalogue, count tally, trouble string) string {
	t := s.tongue
	parts := []string{}
	for _, q := range shownQueues(state) {
		parts = append(parts, fmt.Sprintf(t.say("%s : attente %d (%s), en ligne %d, répondus %d, abandons %d, QS %s", "%s: waiting %d (%s), talking %d, answered %d, abandoned %d, SL %s"),
			t.label(names.Queues, q.ID), q.Waiting, waits(now, q), q.Talking, q.Answered, q.Abandoned, level(q)))
	}
	agents := map[cdr.AgentState]int{}
	for _, a := range state.Agents {
		agents[a.State]++
	}
	var staff []string
	for _, is := range []cdr.AgentState{cdr.Ready, cdr.OfferedTo, cdr.OnCall, cdr.WrapUp, cdr.NotReady} {
		if agents[is] > 0 {
			staff = append(staff, fmt.Sprintf("%s %d", t.state(is), agents[is]))
		}
	}
	if len(staff) > 0 {
		parts = append(parts, strings.Join(staff, ", "))
	}
	parts = append(parts, fmt.Sprintf(t.say("appelants %d/%d", "callers %d/%d"), count.live, count.called))
	return now.Format(time.TimeOnly) + " " + strings.Join(append(parts, s.warnings(state, trouble)...), " | ")
}

// shownQueues are the queues that have anything to show.
func shownQueues(state deskclient.State) []agentdesk.Queue {
	var out []agentdesk.Queue
	for _, id := range state.QueueOrder {
		if q := state.Queues[id]; q.Offered+q.Waiting+q.Talking > 0 || len(out) == 0 {
			out = append(out, q)
		}
	}
	return out
}

func waits(now time.Time, q agentdesk.Queue) string {
	if q.Waiting == 0 || q.Oldest.IsZero() {
		return "–"
	}
	return clock(now.Sub(q.Oldest))
}

func level(q agentdesk.Queue) string {
	if q.Level.Percent == nil {
		return "–"
	}
	return fmt.Sprintf("%.0f %%", *q.Level.Percent)
}

// clock is a duration as m:ss.
func clock(d time.Duration) string {
	s := int(max(0, d).Seconds())
	return fmt.Sprintf("%d:%02d", s/60, s%60)
}

// cut is the first n runes of a text, on one line.
func cut(text string, n int) string {
	r := []rune(strings.ReplaceAll(text, "\n", " "))
	if len(r) > n {
		r = append(r[:n-1], '…')
	}
	return string(r)
}
