package api

import (
	"context"

	"linekeeper/agentdesk/api/internal/rest"
	"linekeeper/cdr"
	"linekeeper/queue"
)

// catalogue is the definitions as operations look them up. It never changes:
// other definitions make another.
type catalogue struct {
	of           *queue.Definitions
	shown        rest.Catalogue
	agents       map[string]*queue.Agent
	queues       map[string]bool
	reasons      map[string]bool
	dispositions map[string]bool
	rejections   map[string]bool
	support      map[string]*queue.SupportTool
	skills       map[string]bool
	flows        map[string]bool
}

// catalogue is that of the definitions in force.
func (s *server) catalogue() *catalogue {
	defs := s.definitions()
	if c := s.current.Load(); c != nil && c.of == defs {
		return c
	}
	c := newCatalogue(defs)
	s.current.Store(c)
	return c
}

func newCatalogue(defs *queue.Definitions) *catalogue {
	c := &catalogue{of: defs, agents: make(map[string]*queue.Agent, len(defs.Agents))}
	colleagues := make([]rest.Colleague, 0, len(defs.Agents))
	for i := range defs.Agents {
		a := &defs.Agents[i]
		c.agents[a.ID] = a
		colleagues = append(colleagues, rest.Colleague{Id: a.ID, Name: a.Name})
	}
	c.shown.Agents = &colleagues
	queues := make([]queue.Label, 0, len(defs.Queues))
	recorded := make(map[string]rest.CatalogueRecorded)
	for _, q := range defs.Queues {
		queues = append(queues, q.Label)
		if q.Recording == cdr.RecordAsked || q.Recording == cdr.RecordAlways {
			recorded[q.ID] = rest.CatalogueRecorded(q.Recording)
		}
	}
	c.shown.Recorded = &recorded
	if len(defs.TicketQueues) > 0 {
		c.shown.TicketQueues = &defs.TicketQueues
	}
	if defs.Dialling.Region != "" {
		c.shown.Region = &defs.Dialling.Region
	}
	c.shown.Queues, c.queues = labels(queues)
	reasons := make([]queue.Label, 0, len(defs.Reasons))
	for _, r := range defs.Reasons {
		reasons = append(reasons, r.Label)
	}
	c.shown.Reasons, c.reasons = labels(reasons)
	c.shown.Dispositions, c.dispositions = labels(defs.Dispositions)
	rejections, may := labels(defs.Rejections)
	c.shown.Rejections, c.rejections = &rejections, may
	c.addSupport(defs.Support)
	skills, known := labels(defs.Skills)
	c.shown.Skills, c.skills = &skills, known
	flows := append([]string{}, defs.Flows...)
	c.shown.Flows, c.flows = &flows, make(map[string]bool, len(flows))
	for _, f := range flows {
		c.flows[f] = true
	}
	return c
}

func labels(from []queue.Label) (shown []rest.Label, ids map[string]bool) {
	shown, ids = make([]rest.Label, 0, len(from)), make(map[string]bool, len(from))
	for _, l := range from {
		shown = append(shown, rest.Label{Id: l.ID, Fr: l.FR, En: l.EN})
		ids[l.ID] = true
	}
	return shown, ids
}

// GetCatalogue implements the operation getCatalogue.
func (s *server) GetCatalogue(context.Context, rest.GetCatalogueRequestObject) (rest.GetCatalogueResponseObject, error) {
	return rest.GetCatalogue200JSONResponse(s.catalogue().shown), nil
}
