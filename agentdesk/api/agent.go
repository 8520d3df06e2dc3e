package api

import (
	"context"
	"errors"
	"fmt"

	"linekeeper/agentdesk"
	"linekeeper/agentdesk/api/internal/rest"
	"linekeeper/cdr"
	"linekeeper/queue"
)

// SetAgentState implements the operation setAgentState.
func (s *server) SetAgentState(ctx context.Context, req rest.SetAgentStateRequestObject) (rest.SetAgentStateResponseObject, error) {
	agent, err := s.agentNamed(ctx, req.AgentName)
	if err != nil {
		return nil, err
	}
	privileged, err := allowOn(ctx, agentdesk.SetState, agentdesk.Thing{Agents: []string{agent.ID}, Queues: agent.Queues}, agent.ID)
	if err != nil {
		return nil, err
	}
	to, reason := cdr.AgentState(req.Body.State), deref(req.Body.Reason)
	if to != cdr.NotReady {
		reason = ""
	} else if !s.catalogue().reasons[reason] {
		return nil, errReason
	}
	saved, err := s.deps.Floor.SetState(ctx, agent.ID, to, reason)
	if err != nil {
		return nil, fmt.Errorf("set the state of agent %s: %w", agent.ID, err)
	}
	if privileged {
		s.audit(ctx, string(agentdesk.SetState), agent.ID, string(to)+" "+reason)
	}
	return rest.SetAgentState200JSONResponse(s.agentAs(ctx, agent, saved)), nil
}

// agentNamed finds an agent by ID; `me` is the one who asks.
func (s *server) agentNamed(ctx context.Context, name string) (*queue.Agent, error) {
	if name == "me" {
		if name = who(ctx).viewer.Agent; name == "" {
			return nil, errNotAgent
		}
	}
	if agent := s.catalogue().agents[name]; agent != nil {
		return agent, nil
	}
	return nil, errNoAgent
}

// agentAs is the agent as the floor has it now, with the desk's counts of the
// day: the desk hears of the change a moment later.
func (s *server) agentAs(ctx context.Context, def *queue.Agent, saved queue.SavedAgent) agentdesk.Agent {
	agent, on := s.deps.Desk.Agent(ctx, def.ID)
	if !on {
		agent = agentdesk.Agent{ID: def.ID, Name: def.Name, Queues: append([]string{}, def.Queues...)}
	}
	agent.State, agent.Reason, agent.Since = saved.State, saved.Reason, saved.Since
	agent.Until, agent.Call = saved.Until, saved.Call
	return agent
}

// RejectOffer implements the operation rejectOffer. The floor knows whose the
// offer is; one that is over is rejected enough.
func (s *server) RejectOffer(ctx context.Context, req rest.RejectOfferRequestObject) (rest.RejectOfferResponseObject, error) {
	agent := who(ctx).viewer.Agent
	if agent == "" {
		return nil, errForbidden
	}
	why := ""
	if req.Body != nil {
		why = deref(req.Body.Reason)
	}
	if why != "" && !s.catalogue().rejections[why] {
		return nil, errRejection
	}
	err := s.deps.Floor.Reject(ctx, agent, cdr.OfferID(req.Offer), why)
	var refused *Refused
	if errors.As(err, &refused) && refused.Reason == queue.UnknownOffer {
		err = nil
	}
	if err != nil {
		return nil, fmt.Errorf("reject an offer: %w", err)
	}
	return rest.RejectOffer204Response{}, nil
}

// GetPhone implements the operation getPhone.
func (s *server) GetPhone(ctx context.Context, _ rest.GetPhoneRequestObject) (rest.GetPhoneResponseObject, error) {
	agent := s.catalogue().agents[who(ctx).viewer.Agent]
	if agent == nil {
		return nil, errNoPhone
	}
	uri := "sip:" + agent.ID + "@linekeeper"
	if agent.Phone != queue.PhoneWebRTC || s.deps.SIP == "" {
		return rest.GetPhone200JSONResponse{Kind: rest.Sip, Uri: &uri}, nil
	}
	ask, cancel := context.WithTimeout(ctx, askWithin)
	defer cancel()
	secret, err := s.deps.Phones.Secret(ask, agent.ID)
	switch {
	case errors.Is(err, ErrNotFound):
		return nil, errNoPhone
	case err != nil:
		return nil, fmt.Errorf("read the phone of agent %s: %w", agent.ID, err)
	}
	path := sipPath
	return rest.GetPhone200JSONResponse{Kind: rest.Webrtc, Uri: &uri, User: &agent.ID, Secret: &secret, Path: &path}, nil
}

func deref[T any](p *T) T {
	if p == nil {
		var zero T
		return zero
	}
	return *p
}
