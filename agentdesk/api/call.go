package api

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode"

	"linekeeper/agentdesk"
	"linekeeper/agentdesk/api/internal/rest"
	"linekeeper/cdr"
	"linekeeper/queue"
)

const (
	defaultList = 50 // records in a list; the contract's default
	historyList = 10 // lines of a screen pop's history
	// recordsWithin bounds a question to the records.
	recordsWithin = 5 * time.Second
)

// known is a call as far as it is known: live, on record, or both.
type known struct {
	who     Who
	live    agentdesk.Live
	on      bool // on the board
	record  cdr.Record
	kept    bool     // on record
	agents  []string // whose it is or was
	queues  []string // which it is or was of
	tickets []agentdesk.LinkedTicket
}

// find looks a call up and lets only those see it who may. The live board comes
// first: it knows of an offer some milliseconds before the record does, and it
// knows while PostgreSQL is away. withRecord asks for the record as well.
func (s *server) find(ctx context.Context, id cdr.CallID, act agentdesk.Act, withRecord bool) (known, bool, error) {
	k := known{who: Who{Call: id}}
	if k.live, k.on = s.deps.Desk.Live(ctx, id); k.on {
		k.fromLive()
		if privileged, err := allowOn(ctx, act, k.thing(), string(id)); err == nil && !withRecord {
			return k, privileged, nil
		}
	}
	ask, cancel := context.WithTimeout(ctx, recordsWithin)
	defer cancel()
	record, err := s.deps.Records.Record(ask, id)
	switch {
	case err == nil:
		k.record, k.kept = record, true
		k.fromRecord()
	case errors.Is(err, ErrNotFound) && !k.on:
		return k, false, errNoCall
	case !errors.Is(err, ErrNotFound) && !k.on:
		s.log.WarnContext(ctx, "a record cannot be read", "call", id, "error", err)
		return k, false, errUnavailable
	}
	privileged, err := allowOn(ctx, act, k.thing(), string(id))
	return k, privileged, err
}

// see is find for showing what is of a call. Who sees it by privilege is told of.
func (s *server) see(ctx context.Context, name rest.CallName, withRecord bool) (known, error) {
	id := cdr.CallID(name.String())
	k, privileged, err := s.find(ctx, id, agentdesk.SeeCall, withRecord)
	if err == nil && privileged {
		s.looked(ctx, agentdesk.SeeCall, string(id))
	}
	return k, err
}

func (k *known) fromLive() {
	c := &k.live.Call
	k.who.Number, k.who.Contact = c.Caller.Number, c.Contact
	k.agents, k.queues, k.tickets = slices.Clone(k.live.Holders), slices.Clone(k.live.Queues), c.Tickets
}

// thing is the call as rights know it.
func (k *known) thing() agentdesk.Thing { return agentdesk.Thing{Agents: k.agents, Queues: k.queues} }

func (k *known) fromRecord() {
	r := &k.record
	if r.Queue != "" {
		k.queues = append(k.queues, r.Queue)
	}
	for _, v := range r.Visits {
		k.queues = append(k.queues, v.Queue)
	}
	if !k.on {
		k.who.Number, k.who.Contact = r.Caller.Number, r.Contact
	}
	for _, o := range r.Offers {
		k.agents = append(k.agents, o.Agent)
	}
	for _, t := range r.Talks {
		k.agents, k.queues = append(k.agents, t.Agent), append(k.queues, t.Queue)
	}
	for _, t := range r.Tickets {
		if !slices.ContainsFunc(k.tickets, func(l agentdesk.LinkedTicket) bool {
			return l.System == t.System && l.Ticket == t.Ticket
		}) {
			k.tickets = append(k.tickets, agentdesk.LinkedTicket{
				System: t.System, Ticket: t.Ticket, Subject: t.Subject, URL: t.URL, Created: t.Created,
			})
		}
	}
}

// GetCall implements the operation getCall.
func (s *server) GetCall(ctx context.Context, req rest.GetCallRequestObject) (rest.GetCallResponseObject, error) {
	k, err := s.see(ctx, req.CallName, true)
	if err != nil {
		return nil, err
	}
	if !k.kept { // live, and its record has not come to PostgreSQL yet
		c := &k.live.Call
		k.record = cdr.Record{
			Call: c.ID, Number: c.Number, Caller: c.Caller, Contact: c.Contact, Language: c.Language,
			ArrivedAt: c.ArrivedAt, EndedAt: c.EndedAt, Menu: c.Menu, Attrs: c.Attributes, Outcome: cdr.OutcomeOpen,
		}
	}
	return rest.GetCall200JSONResponse(k.record), nil
}

// ListCalls implements the operation listCalls. An agent's list holds their own
// calls only.
func (s *server) ListCalls(ctx context.Context, req rest.ListCallsRequestObject) (rest.ListCallsResponseObject, error) {
	p := req.Params
	f := Filter{
		Limit: defaultList, Before: deref(p.Before),
		Queue: deref(p.Queue), Agent: deref(p.Agent), Number: deref(p.Number),
	}
	if p.Limit != nil {
		f.Limit = *p.Limit
	}
	if err := plain(f.Queue, f.Agent, f.Number); err != nil {
		return nil, err
	}
	privileged, err := listed(ctx, &f)
	if err != nil {
		return nil, err
	}
	ask, cancel := context.WithTimeout(ctx, recordsWithin)
	defer cancel()
	records, err := s.deps.Records.Records(ask, f)
	if err != nil {
		s.log.WarnContext(ctx, "records cannot be listed", "error", err)
		return nil, errUnavailable
	}
	if privileged {
		s.looked(ctx, agentdesk.ListCalls, strings.TrimSpace(f.Queue+" "+f.Agent))
	}
	return rest.ListCalls200JSONResponse{Calls: list(records)}, nil
}

// listed narrows a list to what the viewer may see, or says no: an agent's own
// calls, or those of the queues a supervisor's right holds for.
func listed(ctx context.Context, f *Filter) (privileged bool, err error) {
	v := who(ctx).viewer
	if v.Role == agentdesk.RoleAgent && f.Agent == "" {
		f.Agent = v.Agent
	}
	if ok, privileged := v.May(agentdesk.ListCalls, agentdesk.Thing{Agents: []string{f.Agent}}); ok {
		return privileged, nil
	}
	f.Queues = v.Scope
	on := agentdesk.Thing{Queues: v.Scope}
	if f.Queue != "" {
		on.Queues = []string{f.Queue}
	}
	return allowOn(ctx, agentdesk.ListCalls, on, f.Queue)
}

// GetHistory implements the operation getHistory.
func (s *server) GetHistory(ctx context.Context, req rest.GetHistoryRequestObject) (rest.GetHistoryResponseObject, error) {
	k, err := s.see(ctx, req.CallName, false)
	if err != nil {
		return nil, err
	}
	ask, cancel := context.WithTimeout(ctx, recordsWithin)
	defer cancel()
	past, err := s.past(ask, k.who)
	if err != nil {
		s.log.WarnContext(ctx, "the caller's history cannot be read", "call", k.who.Call, "error", err)
		return nil, errUnavailable
	}
	return rest.GetHistory200JSONResponse{Calls: past}, nil
}

// past are the caller's calls before this one, each as far as the viewer may read it.
func (s *server) past(ctx context.Context, caller Who) ([]agentdesk.PastCall, error) {
	found, err := s.deps.Records.LastCalls(ctx, caller, historyList)
	past := make([]agentdesk.PastCall, len(found))
	for i, p := range found {
		past[i] = who(ctx).viewer.Past(p.PastCall, p.Of)
	}
	return past, err
}

// HangUp implements the operation hangUp. The agent who talks on the call may
// end it, or waits for a number to answer, and supervisors; one who is only offered
// it rejects the offer.
func (s *server) HangUp(ctx context.Context, req rest.HangUpRequestObject) (rest.HangUpResponseObject, error) {
	id := cdr.CallID(req.CallName.String())
	live, on := s.deps.Desk.Live(ctx, id)
	if gone, err := s.goAgain(ctx, &live); gone {
		return rest.HangUp204Response{}, err
	}
	theirs := append(slices.Clone(live.Talking), live.Calling...)
	privileged, err := allowOn(ctx, agentdesk.HangUp, agentdesk.Thing{Agents: theirs, Queues: live.Now}, string(id))
	switch {
	case !on || live.Call.State == agentdesk.Ended || over(ctx, live):
		return rest.HangUp204Response{}, nil
	case err != nil:
		return nil, err
	}
	by := who(ctx)
	if err := s.deps.Calls.HangUp(ctx, id, by.account.Name); err != nil {
		return nil, fmt.Errorf("hang up call %s: %w", id, err)
	}
	if privileged {
		s.audit(ctx, string(agentdesk.HangUp), string(id), "")
	}
	return rest.HangUp204Response{}, nil
}

// over says that the viewer's part in the call is over already.
func over(ctx context.Context, live agentdesk.Live) bool {
	agent := who(ctx).viewer.Agent
	return agent != "" && slices.Contains(live.Closing, agent)
}

// WrapUp implements the operation wrapUp.
func (s *server) WrapUp(ctx context.Context, req rest.WrapUpRequestObject) (rest.WrapUpResponseObject, error) {
	id, b := cdr.CallID(req.CallName.String()), req.Body
	agent := who(ctx).viewer.Agent
	if agent == "" {
		return nil, errForbidden
	}
	done := queue.WrapUpDone{
		Agent: agent, Call: id, Disposition: b.Disposition, Note: deref(b.Note),
		Reason: deref(b.Reason),
	}
	if b.Next != nil {
		done.Next = cdr.AgentState(*b.Next)
	}
	if err := s.checkWrapUp(&done); err != nil {
		return nil, err
	}
	if live, on := s.deps.Desk.Live(ctx, id); on {
		if _, err := allow(ctx, agentdesk.CloseCall, live.Holders...); err != nil {
			return nil, err
		}
		done.Note = s.closeNote(ctx, id, agent, b.Note)
	}
	if err := s.deps.Floor.WrapUp(ctx, done); err != nil {
		return nil, fmt.Errorf("close the wrap-up of call %s: %w", id, err)
	}
	return rest.WrapUp204Response{}, nil
}

func (s *server) checkWrapUp(done *queue.WrapUpDone) error {
	if !s.catalogue().dispositions[done.Disposition] {
		return errDisposition
	}
	if done.Next != cdr.NotReady {
		done.Reason = ""
	} else if !s.catalogue().reasons[done.Reason] {
		return errReason
	}
	return text(done.Note)
}

// plain refuses control characters: in one line there are none.
func plain(lines ...string) error {
	for _, l := range lines {
		if strings.ContainsFunc(l, unicode.IsControl) {
			return errCharacters
		}
	}
	return nil
}

// text refuses control characters but line ends and tabs. PostgreSQL stores no
// NUL, and ticket systems split on the others.
func text(t string) error {
	if strings.ContainsFunc(t, func(r rune) bool { return unicode.IsControl(r) && !strings.ContainsRune("\r\n\t", r) }) {
		return errCharacters
	}
	return nil
}

// list is never null in JSON.
func list[T any](items []T) []T {
	if items == nil {
		return []T{}
	}
	return items
}
