package api

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"linekeeper/agentdesk"
	"linekeeper/agentdesk/api/internal/rest"
	"linekeeper/cdr"
)

// What a number is wanted for, beside the acts of a call.
const actFollowUp agentdesk.CallAct = "follow-up"

// A promise is of use within a year; one for now may come a little late.
// And nobody keeps more than mostPromised: each stands in line when it is due.
const (
	mostPromised   = 100 // spelt out in errTooManyPromises
	longestPromise = 366 * 24 * time.Hour
	lateBy         = 5 * time.Minute
)

// PromiseCall implements the operation promiseCall.
func (s *server) PromiseCall(ctx context.Context, req rest.PromiseCallRequestObject) (rest.PromiseCallResponseObject, error) {
	live, on := s.deps.Desk.Live(ctx, cdr.CallID(req.CallName.String()))
	holders := append(slices.Clone(live.Talking), live.Closing...)
	if _, err := allow(ctx, agentdesk.Promise, holders...); err != nil {
		return nil, err
	}
	if !on {
		return nil, errNoCall
	}
	f, err := s.promise(ctx, live, req.Body)
	if err != nil {
		return nil, err
	}
	ask, cancel := context.WithTimeout(ctx, actWithin)
	defer cancel()
	id, err := s.deps.Calls.FollowUp(ask, f)
	if err != nil {
		return nil, fmt.Errorf("follow up call %s: %w", f.Of, err)
	}
	return rest.PromiseCall201JSONResponse{Call: string(id)}, nil
}

// promise reads what is promised, if it can be kept and its number dialled.
func (s *server) promise(ctx context.Context, live agentdesk.Live, b *rest.PromiseCallJSONRequestBody) (FollowUp, error) {
	c, agent := live.Call, who(ctx).viewer.Agent
	f := FollowUp{
		Of: c.ID, Agent: agent, Queue: tookFor(live, agent), Name: c.Caller.Name, Contact: c.Contact, Language: c.Language,
		At: b.At, Until: deref(b.Until), Note: strings.TrimSpace(deref(b.Note)), Mine: deref(b.Mine),
	}
	now := s.now()
	switch {
	case f.At.Before(now.Add(-lateBy)), f.At.After(now.Add(longestPromise)), !f.Until.IsZero() && !f.Until.After(f.At):
		return f, errPromiseTime
	case !s.catalogue().queues[f.Queue]:
		return f, errNowhere
	case s.deps.Desk.Promised(ctx, agent) >= mostPromised:
		return f, errTooManyPromises
	}
	if err := text(f.Note); err != nil {
		return f, err
	}
	number := c.Caller.Number
	if c.Callback != nil {
		number = c.Callback.Number
	}
	if b.Number != nil {
		number = *b.Number
		f.Name, f.Contact = "", nil // who answers there is found by their number
		if number == c.Caller.Number {
			f.Name, f.Contact = c.Caller.Name, c.Contact
		}
	}
	if err := plain(number); err != nil {
		return f, err
	}
	var err error
	f.Number, err = s.number(ctx, c.ID, actFollowUp, number)
	return f, err
}

// tookFor is the queue an agent has a call for.
func tookFor(live agentdesk.Live, agent string) string {
	if queue := live.Took[agent]; queue != "" || len(live.Queues) == 0 {
		return queue
	}
	return live.Queues[0]
}
