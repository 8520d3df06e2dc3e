package api

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"linekeeper/agentdesk"
	"linekeeper/agentdesk/api/internal/rest"
	"linekeeper/cdr"
	"linekeeper/queue"
)

// GetLine implements the operation getLine. The floor says who stands where, the
// board who they are.
func (s *server) GetLine(ctx context.Context, req rest.GetLineRequestObject) (rest.GetLineResponseObject, error) {
	if _, err := allowOf(ctx, agentdesk.SeeLine, req.Queue); err != nil {
		return nil, err
	}
	ask, cancel := context.WithTimeout(ctx, askWithin)
	defer cancel()
	places, err := s.deps.Floor.Waiting(ask, req.Queue)
	if err != nil {
		return nil, fmt.Errorf("read the line of queue %s: %w", req.Queue, err)
	}
	return rest.GetLine200JSONResponse{Places: list(s.standings(ctx, places))}, nil
}

// ListCallbacks implements the operation listCallbacks.
func (s *server) ListCallbacks(ctx context.Context, _ rest.ListCallbacksRequestObject) (rest.ListCallbacksResponseObject, error) {
	v := who(ctx).viewer
	if v.Role == agentdesk.RoleAgent && len(v.Queues) == 0 {
		return nil, &denied{act: agentdesk.SeeLine, why: errForbidden}
	}
	ask, cancel := context.WithTimeout(ctx, askWithin)
	defer cancel()
	places, err := s.deps.Floor.Callbacks(ask)
	if err != nil {
		return nil, fmt.Errorf("list callbacks: %w", err)
	}
	seen := make([]queue.Standing, 0, len(places))
	for _, p := range places {
		if ok, _ := agentdesk.MayOf(v, agentdesk.SeeLine, p.Queue); ok {
			seen = append(seen, p)
		}
	}
	return rest.ListCallbacks200JSONResponse{Places: list(s.standings(ctx, seen))}, nil
}

// standings are places as the viewer may see them. A call that the board has not
// heard of yet, or no more, shows its place alone.
func (s *server) standings(ctx context.Context, places []queue.Standing) []agentdesk.Standing {
	ids := make([]cdr.CallID, len(places))
	for i, p := range places {
		ids[i] = p.Call
	}
	calls := s.deps.Desk.Calls(ctx, ids)
	out := make([]agentdesk.Standing, len(places))
	for i, p := range places {
		out[i] = agentdesk.Standing{
			Call: p.Call, Queue: p.Queue, Place: p.Rank, EnteredAt: p.EnteredAt, Priority: p.Priority, KeptFor: p.KeptFor,
		}
		if c, on := calls[p.Call]; on {
			v := who(ctx).viewer
			tellCall(&out[i], c, v.Supervises(p.Queue) || c.FollowUp != nil && c.FollowUp.Agent == v.Agent)
		}
	}
	return out
}

// tellCall adds what the board knows of a place's call: who calls, only to who
// may see the call.
func tellCall(p *agentdesk.Standing, c agentdesk.Call, all bool) {
	p.Wait, p.OfferedTo, p.Callback = c.Wait, c.OfferedTo, c.Callback
	if all {
		p.Caller, p.Contact, p.FollowUp = &c.Caller, c.Contact, c.FollowUp
		return
	}
	if p.Callback != nil {
		unnumbered := *p.Callback
		unnumbered.Number = ""
		p.Callback = &unnumbered
	}
}

// CancelCallback implements the operation cancelCallback.
func (s *server) CancelCallback(ctx context.Context, req rest.CancelCallbackRequestObject) (rest.CancelCallbackResponseObject, error) {
	id := cdr.CallID(req.CallName.String())
	if err := s.supervise(ctx, agentdesk.CancelCallback, id); err != nil {
		return nil, err
	}
	ask, cancel := context.WithTimeout(ctx, askWithin)
	defer cancel()
	if err := s.deps.Calls.CancelCallback(ask, id); err != nil {
		return nil, fmt.Errorf("cancel the callback of call %s: %w", id, err)
	}
	s.audit(ctx, string(agentdesk.CancelCallback), string(id), "")
	return rest.CancelCallback204Response{}, nil
}

// SetPriority implements the operation setPriority.
func (s *server) SetPriority(ctx context.Context, req rest.SetPriorityRequestObject) (rest.SetPriorityResponseObject, error) {
	id, priority := cdr.CallID(req.CallName.String()), req.Body.Priority
	if err := s.supervise(ctx, agentdesk.SetPriority, id); err != nil {
		return nil, err
	}
	ask, cancel := context.WithTimeout(ctx, askWithin)
	defer cancel()
	if err := s.deps.Floor.SetPriority(ask, id, priority, who(ctx).viewer.Account); err != nil {
		return nil, fmt.Errorf("set the priority of call %s: %w", id, err)
	}
	s.audit(ctx, string(agentdesk.SetPriority), string(id), fmt.Sprint(priority))
	return rest.SetPriority204Response{}, nil
}

// MoveCall implements the operation moveCall.
func (s *server) MoveCall(ctx context.Context, req rest.MoveCallRequestObject) (rest.MoveCallResponseObject, error) {
	id, to := cdr.CallID(req.CallName.String()), req.Body.Queue
	if err := s.supervise(ctx, agentdesk.MoveCall, id); err != nil {
		return nil, err
	}
	if _, err := allowOf(ctx, agentdesk.MoveCall, to); err != nil {
		return nil, err
	}
	ask, cancel := context.WithTimeout(ctx, askWithin)
	defer cancel()
	if err := s.deps.Floor.Move(ask, id, to); err != nil {
		return nil, fmt.Errorf("move call %s: %w", id, err)
	}
	s.audit(ctx, string(agentdesk.MoveCall), string(id), to)
	return rest.MoveCall204Response{}, nil
}

// supervise lets a supervisor do an act on a live call of their queues. Who may
// not does not learn whether there is such a call.
func (s *server) supervise(ctx context.Context, act agentdesk.Act, id cdr.CallID) error {
	live, on := s.deps.Desk.Live(ctx, id)
	thing := agentdesk.Thing{Queues: live.Now}
	if f := live.Call.FollowUp; f != nil && act == agentdesk.CancelCallback {
		thing.Agents = []string{f.Agent}
	}
	if _, err := allowOn(ctx, act, thing, string(id)); err != nil {
		return err
	}
	if !on {
		return errNoCall
	}
	return nil
}

// ReportWaits implements the operation reportWaits.
func (s *server) ReportWaits(ctx context.Context, req rest.ReportWaitsRequestObject) (rest.ReportWaitsResponseObject, error) {
	v := who(ctx).viewer
	if _, err := allowOn(ctx, agentdesk.SeeReports, agentdesk.Thing{Queues: v.Scope}, ""); err != nil {
		return nil, err
	}
	from, to := req.Params.From, deref(req.Params.To)
	if !to.IsZero() && to.Before(from) {
		return nil, errPeriod
	}
	ask, cancel := context.WithTimeout(ctx, recordsWithin)
	defer cancel()
	waits, err := s.deps.Records.Waits(ask, from, to)
	if err != nil {
		s.log.WarnContext(ctx, "the accuracy of waits cannot be read", "error", err)
		return nil, errUnavailable
	}
	waits = slices.DeleteFunc(waits, func(w agentdesk.WaitAccuracy) bool { return !v.Supervises(w.Queue) })
	return rest.ReportWaits200JSONResponse{Waits: list(waits)}, nil
}

// GetWhy implements the operation getWhy: the floor says what keeps the call from
// its agents now, its record how its offers were decided and why queues that it left
// offered it to nobody. An agent of the queue it waits in may ask the first.
func (s *server) GetWhy(ctx context.Context, req rest.GetWhyRequestObject) (rest.GetWhyResponseObject, error) {
	id := cdr.CallID(req.CallName.String())
	out := agentdesk.Explanation{Call: id, Offers: []agentdesk.OfferTold{}}
	live, on := s.deps.Desk.Live(ctx, id)
	ofLine, _ := agentdesk.MayOf(who(ctx).viewer, agentdesk.SeeLine, live.Call.Queue)
	k, err := s.see(ctx, req.CallName, true)
	switch {
	case err == nil:
		out.Offers, out.Left = offersTold(k.record), leftTold(k.record)
	case !on || !ofLine:
		return nil, err
	}
	if !on || !ofLine {
		return rest.GetWhy200JSONResponse(out), nil
	}
	ask, cancel := context.WithTimeout(ctx, askWithin)
	defer cancel()
	now, more, err := s.deps.Floor.Explain(ask, id)
	var refused *Refused
	switch {
	case errors.As(err, &refused): // not in line
	case err != nil:
		return nil, fmt.Errorf("explain call %s: %w", id, err)
	default:
		now = list(now)
		out.Queue, out.Now, out.More = live.Call.Queue, &now, more
	}
	return rest.GetWhy200JSONResponse(out), nil
}

// leftTold are the stays of a record that ended without an offer, newest first.
func leftTold(r cdr.Record) (out []agentdesk.LeftTold) {
	for i := len(r.Visits) - 1; i >= 0; i-- {
		if v := &r.Visits[i]; len(v.Why) > 0 && !v.LeftAt.IsZero() {
			out = append(out, agentdesk.LeftTold{Queue: v.Queue, At: v.LeftAt, Cause: v.Cause, Why: v.Why, More: v.More})
		}
	}
	return out
}

// offersTold are the offers of a record, newest first.
func offersTold(r cdr.Record) []agentdesk.OfferTold {
	out := make([]agentdesk.OfferTold, 0, len(r.Offers))
	for i := len(r.Offers) - 1; i >= 0; i-- {
		o := &r.Offers[i]
		out = append(out, agentdesk.OfferTold{
			ID: o.Offer, Agent: o.Agent, Queue: o.Queue, At: o.At, Outcome: o.Outcome, Reason: o.Reason,
			Callback: o.Callback, Why: o.Why, More: o.More, Passed: o.Passed,
		})
	}
	return out
}
