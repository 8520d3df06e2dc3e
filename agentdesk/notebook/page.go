package notebook

import (
	"slices"
	"time"

	"linekeeper/agentdesk"
	"linekeeper/cdr"
)

// page is all that is written on one call: what is kept under its key.
type page struct {
	Notes map[string]note `json:"notes"` // by agent
}

// note is one agent's.
type note struct {
	Revision int         `json:"revision"` // from 1
	Told     int         `json:"told"`     // revision the ledger knows
	At       time.Time   `json:"at"`
	Text     string      `json:"text"`
	Done     []string    `json:"done"`
	Script   string      `json:"script,omitempty"`
	Checks   []cdr.Check `json:"checks,omitempty"`
	Writer   string      `json:"writer,omitempty"`
	Save     int         `json:"save,omitempty"`
}

// verdict is what becomes of a save.
type verdict int

const (
	refused verdict = iota // another has saved meanwhile
	over                   // it came through before, or a later one of the journal did
	taken
)

// judge says what becomes of a save on the note that stands there.
func (n *note) judge(s *agentdesk.NoteSave) verdict {
	own := s.Writer != "" && s.Writer == n.Writer
	switch {
	case own && s.Save <= n.Save:
		return over
	case own, s.Revision == n.Revision:
		return taken
	case s.Text == n.Text && (s.Done == nil || slices.Equal(*s.Done, n.Done)):
		return over
	}
	return refused
}

// take is the note after the save. Its time is later than that of the save before
// on any clock, for the fact of a save is named by it.
func (n *note) take(s *agentdesk.NoteSave, now time.Time) note {
	if !now.After(n.At) {
		now = n.At.Add(time.Microsecond)
	}
	next := note{
		Revision: n.Revision + 1, Told: n.Told, At: now, Text: s.Text, Done: n.Done,
		Script: n.Script, Checks: n.Checks, Writer: s.Writer, Save: s.Save,
	}
	if s.Done != nil {
		next.Done = slices.Clone(*s.Done)
		slices.Sort(next.Done)
		next.Done = slices.Compact(next.Done)
		next.Script, next.Checks = checks(s.Script, next.Done)
	}
	return next
}

// checks are the boxes of a script with what is ticked. A tick of a step the
// script has no more is kept by its ID.
func checks(script *agentdesk.Script, done []string) (id string, all []cdr.Check) {
	if script != nil {
		id = script.ID
		for _, s := range script.Steps {
			if s.Check {
				all = append(all, cdr.Check{Step: s.ID, FR: s.FR, EN: s.EN, Done: slices.Contains(done, s.ID)})
			}
		}
	}
	for _, step := range done {
		if !slices.ContainsFunc(all, func(c cdr.Check) bool { return c.Step == step }) {
			all = append(all, cdr.Check{Step: step, Done: true})
		}
	}
	return id, all
}

// show is an agent's note as desks show it, with those of the others.
func (p *page) show(agent string) agentdesk.CallNote {
	own := p.Notes[agent]
	out := agentdesk.CallNote{
		Revision: own.Revision, Text: own.Text, Done: list(own.Done), SavedAt: own.At,
		Writer: own.Writer, Save: own.Save, Others: []agentdesk.AgentNote{},
	}
	for name, n := range p.Notes {
		if name != agent {
			out.Others = append(out.Others, agentdesk.AgentNote{Agent: name, Text: n.Text, Done: list(n.Done), SavedAt: n.At})
		}
	}
	slices.SortFunc(out.Others, func(a, b agentdesk.AgentNote) int { return b.SavedAt.Compare(a.SavedAt) })
	return out
}

// settled says that the ledger knows all of the page.
func (p *page) settled() bool {
	for _, n := range p.Notes {
		if n.Told < n.Revision {
			return false
		}
	}
	return true
}

// list is never null in JSON.
func list(items []string) []string {
	if items == nil {
		return []string{}
	}
	return slices.Clone(items)
}
