package call

import (
	"maps"

	"linekeeper/cdr"
	"linekeeper/ivr"
	"linekeeper/ivr/identify"
)

// OpenTicket is a ticket of the caller's that nobody has closed, as the ticket system
// tells it.
type OpenTicket struct {
	ID      string `json:"id"` // as people use it
	Subject string `json:"subject,omitempty"`
	Queue   string `json:"queue,omitempty"` // the ticket system's, not ours
}

// mostTicketText bounds what is read of a ticket's texts, in characters: more than
// ivr.CutValue leaves of them.
const mostTicketText = 1024

// clean is the ticket without what has no place in a line of text, and no longer than
// a flow's attributes may be. Anybody who writes to the helpdesk makes up a subject.
func (t OpenTicket) clean() OpenTicket {
	text := func(s string) string { return ivr.CutValue(identify.CleanTo(s, mostTicketText)) }
	return OpenTicket{ID: identify.Clean(t.ID), Subject: text(t.Subject), Queue: text(t.Queue)}
}

// beside are the ticket's attributes for a call that has others from its flow. A
// flow's win; one that names another ticket leaves no room for the subject of this.
// An empty one is told too: it may take the place of an older ticket's.
func (t *OpenTicket) beside(flows map[string]string) map[string]string {
	if t == nil {
		return nil
	}
	if named, names := flows[cdr.AttrTicket]; names && named != t.ID {
		return nil
	}
	told := map[string]string{cdr.AttrTicket: t.ID, cdr.AttrTicketSubject: t.Subject, cdr.AttrTicketQueue: t.Queue}
	maps.DeleteFunc(told, func(name, _ string) bool { _, has := flows[name]; return has })
	return told
}

// knowTicket keeps the caller's newest open ticket. Known before the call's first
// place, it is told with that; else at once, also if an agent has the call by now.
func (s *step) knowTicket(t *OpenTicket) {
	if t == nil {
		return
	}
	known := t.clean()
	if known.ID == "" || s.Ticket != nil && *s.Ticket == known {
		return
	}
	s.Ticket = &known
	if told := known.beside(s.Flow.Attributes); s.Stays > 0 && len(told) > 0 {
		s.tell(cdr.Attributed{Attributes: told})
	}
}

// attributes are those the call has in line: its flow's, and its ticket's beside them.
func (s *step) attributes() map[string]string {
	all := s.Ticket.beside(s.Line.Attributes)
	if len(all) == 0 {
		return s.Line.Attributes
	}
	maps.Copy(all, s.Line.Attributes)
	return all
}
