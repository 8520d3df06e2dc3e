package api

import (
	"context"
	"errors"
	"fmt"

	"linekeeper/agentdesk"
	"linekeeper/agentdesk/api/internal/rest"
)

// actDial is what a number is wanted for that an agent calls.
const actDial agentdesk.CallAct = "dial"

// MakeCall implements the operation makeCall.
func (s *server) MakeCall(ctx context.Context, req rest.MakeCallRequestObject) (rest.MakeCallResponseObject, error) {
	agent, queue := who(ctx).viewer.Agent, req.Body.Queue
	if err := plain(queue); err != nil {
		return nil, err
	}
	if _, err := allowOf(ctx, agentdesk.CallOut, queue); err != nil {
		return nil, err
	}
	switch {
	case agent == "":
		return nil, errForbidden
	case !s.catalogue().queues[queue]:
		return nil, errNowhere
	}
	if err := plain(req.Body.Number); err != nil {
		return nil, err
	}
	number, err := s.number(ctx, "", actDial, req.Body.Number)
	if err != nil {
		return nil, err
	}
	ask, cancel := context.WithTimeout(ctx, actWithin)
	defer cancel()
	id, err := s.deps.Calls.Dial(ask, agent, queue, number)
	switch {
	case errors.Is(err, ErrNobody):
		return nil, errNotFree
	case err != nil:
		return nil, fmt.Errorf("call %s for %s: %w", number, agent, err)
	}
	return rest.MakeCall201JSONResponse{Call: string(id)}, nil
}
