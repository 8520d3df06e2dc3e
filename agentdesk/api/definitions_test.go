package api

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"linekeeper/queue"
)

// inForce is the revision of the test's definitions.
const inForce = "00000000000000aa"

// site is definitions in force, whose text says what becomes of them.
type site struct {
	*house
	mu      sync.Mutex
	current *queue.Definitions
}

func newSite(h *house) *site {
	d := defs()
	return &site{house: h, current: &d}
}

func (s *site) Current() *queue.Definitions {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.current
}

func (s *site) set(d queue.Definitions) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.current = &d
}

func (s *site) InForce() Applied {
	return Applied{
		Version: 2, Revision: inForce, At: time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC), By: "admin",
		Files: map[string]string{"floor.yaml": "old"},
	}
}

func (s *site) Version(_ context.Context, version int64) (Applied, error) {
	if version != 1 {
		return Applied{}, fmt.Errorf("version %d: %w", version, ErrNotFound)
	}
	return Applied{Version: 1, Files: map[string]string{"floor.yaml": "older"}}, nil
}

func (s *site) Apply(_ context.Context, a Application) (Outcome, error) {
	text := a.Files["floor.yaml"]
	switch {
	case a.Base != inForce:
		return Outcome{}, &StaleBase{Now: s.InForce()}
	case text == "bad":
		return Outcome{}, &WrongDefinitions{Problems: []DefinitionProblem{{File: "floor.yaml", Line: 2, Column: 5, Snippet: ">", Reason: "it is bad", Do: "mend it"}}}
	case text == "no n1":
		return Outcome{}, &QueueInUse{Queue: "n1", Waiting: 3, Why: "give it an overflow"}
	case text == "no disk":
		return Outcome{}, fmt.Errorf("%w: disk full", ErrNotKept)
	case a.DryRun:
		s.do("%s tries %s", a.By, text)
	default:
		s.do("%s applies %s", a.By, text)
	}
	return Outcome{Version: 3, Revision: inForce, Changes: []DefinitionChange{
		{Act: "changed", Kind: "queue", ID: "n1", Fields: []FieldChange{{Field: "ring", From: "20s", To: "30s"}}},
	}}, nil
}

// Who is signed in stays so, and sees the new names and is of the new queues.
func TestOtherDefinitionsCountAtOnce(t *testing.T) {
	h := newHouse()
	d := h.deps()
	site := newSite(h)
	d.Site = site
	srv := serve(t, d)
	alice := as(t, srv, "alice")
	if got := alice.do("GET", "/api/v1/catalogue", nil).expect(t, 200, ""); strings.Contains(got.body, "night") {
		t.Errorf("the night shift is there before it was applied: %s", got)
	}
	next := defs()
	next.Queues = append(next.Queues, queue.Definition{Label: queue.Label{ID: "night", FR: "Nuit", EN: "Night"}})
	next.Reasons = nil
	next.Agents = next.Agents[:1]
	site.set(next)
	if got := alice.do("GET", "/api/v1/catalogue", nil).expect(t, 200, ""); !strings.Contains(got.body, "night") {
		t.Errorf("the night shift is not there: %s", got)
	}
	alice.do("PUT", "/api/v1/agents/me/state", m{"state": "not-ready", "reason": "lunch"}).expect(t, 400, "unknown-reason")
	alice.do("PUT", "/api/v1/agents/bruno/state", m{"state": "ready"}).expect(t, 404, "unknown-agent")
	as(t, srv, "bruno").do("GET", "/api/v1/phone", nil).expect(t, 404, "no-phone")
}

// Definitions are larger than any other body, and bounded too.
func TestSizeOfDefinitions(t *testing.T) {
	h := newHouse()
	admin := open(t, serve(t, h.deps()))
	admin.token = "lab"
	large := strings.Repeat("a", 2*largestBody)
	admin.do("PUT", "/api/v1/definitions?base="+inForce, m{"floor.yaml": "new", "directory.yaml": large}).expect(t, 200, "")
	admin.do("PUT", "/api/v1/session/language", m{"language": large}).expect(t, 413, "too-large")
	admin.do("PUT", "/api/v1/definitions?base="+inForce, m{"directory.yaml": strings.Repeat("a", largestDefinitions)}).expect(t, 413, "too-large")
}

// A controller without a site says so.
func TestFixedDefinitions(t *testing.T) {
	d := newHouse().deps()
	d.Site, d.Definitions = nil, defs()
	admin := open(t, serve(t, d))
	admin.token = "lab"
	admin.do("GET", "/api/v1/definitions", nil).expect(t, 503, "definitions-fixed")
	admin.do("PUT", "/api/v1/definitions?base="+inForce, m{}).expect(t, 503, "definitions-fixed")
	admin.do("GET", "/api/v1/catalogue", nil).expect(t, 200, "")
}
