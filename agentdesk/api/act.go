package api

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"linekeeper/agentdesk"
	"linekeeper/agentdesk/api/internal/rest"
	"linekeeper/cdr"
)

// What an agent does in the call in hand. Who may is decided here, by what the
// board shows; whether it can be done, by the call.

// inHand is a live call and the agent something is done for.
type inHand struct {
	id         cdr.CallID
	live       agentdesk.Live
	agent      string // who talks on it
	privileged bool   // asked by somebody else
}

// take finds the call and lets only those act on it who may. Who may not does not
// learn whether there is such a call.
func (s *server) take(ctx context.Context, name rest.CallName, act agentdesk.Act) (inHand, error) {
	h := inHand{id: cdr.CallID(name.String())}
	var on bool
	h.live, on = s.deps.Desk.Live(ctx, h.id)
	h.agent = who(ctx).viewer.Agent
	if h.agent != "" && slices.Contains(h.live.Holders, h.agent) && !slices.Contains(h.live.Talking, h.agent) {
		return h, errNotTalking
	}
	var err error
	h.privileged, err = allowOn(ctx, act, agentdesk.Thing{Agents: h.live.Talking, Queues: h.live.Now}, string(h.id))
	switch {
	case err != nil:
		return h, err
	case !on:
		return h, errNoCall
	case len(h.live.Talking) == 0:
		return h, errNotNow
	case h.privileged:
		h.agent = h.live.Talking[len(h.live.Talking)-1]
	}
	return h, nil
}

// do has an act done, and noted if it is a privilege.
func (s *server) do(ctx context.Context, h inHand, act agentdesk.Act, do Doing) error {
	ask, cancel := context.WithTimeout(ctx, actWithin)
	defer cancel()
	if err := s.deps.Calls.Act(ask, h.id, h.agent, do); err != nil {
		return fmt.Errorf("%s in call %s: %w", do.Act, h.id, err)
	}
	if h.privileged {
		s.audit(ctx, string(act), string(h.id), fmt.Sprintf("%s %s%s", do.Act, do.Party, do.To.To))
	}
	return nil
}

// use does an act of who talks on the call.
func (s *server) use(ctx context.Context, name rest.CallName, do Doing) error {
	h, err := s.take(ctx, name, agentdesk.UseCall)
	if err != nil {
		return err
	}
	return s.do(ctx, h, agentdesk.UseCall, do)
}

// HoldCall implements the operation holdCall.
func (s *server) HoldCall(ctx context.Context, req rest.HoldCallRequestObject) (rest.HoldCallResponseObject, error) {
	return rest.HoldCall204Response{}, s.use(ctx, req.CallName, Doing{Act: agentdesk.DoHold, Party: partyOf(req.Body)})
}

// ResumeCall implements the operation resumeCall.
func (s *server) ResumeCall(ctx context.Context, req rest.ResumeCallRequestObject) (rest.ResumeCallResponseObject, error) {
	return rest.ResumeCall204Response{}, s.use(ctx, req.CallName, Doing{Act: agentdesk.DoResume, Party: partyOf(req.Body)})
}

func partyOf(body *rest.PartyOf) string {
	if body == nil {
		return ""
	}
	return deref(body.Party)
}

// MuteCall implements the operation muteCall.
func (s *server) MuteCall(ctx context.Context, req rest.MuteCallRequestObject) (rest.MuteCallResponseObject, error) {
	return rest.MuteCall204Response{}, s.use(ctx, req.CallName, Doing{Act: agentdesk.DoMute, On: req.Body.On})
}

// PressKeys implements the operation pressKeys. What is pressed may be a secret: it
// is written nowhere.
func (s *server) PressKeys(ctx context.Context, req rest.PressKeysRequestObject) (rest.PressKeysResponseObject, error) {
	return rest.PressKeys204Response{}, s.use(ctx, req.CallName, Doing{Act: agentdesk.DoKeys, Digits: req.Body.Digits})
}

// SwapParties implements the operation swapParties.
func (s *server) SwapParties(ctx context.Context, req rest.SwapPartiesRequestObject) (rest.SwapPartiesResponseObject, error) {
	return rest.SwapParties204Response{}, s.use(ctx, req.CallName, Doing{Act: agentdesk.DoSwap})
}

// MergeParties implements the operation mergeParties.
func (s *server) MergeParties(ctx context.Context, req rest.MergePartiesRequestObject) (rest.MergePartiesResponseObject, error) {
	return rest.MergeParties204Response{}, s.use(ctx, req.CallName, Doing{Act: agentdesk.DoMerge})
}

// CompleteTransfer implements the operation completeTransfer.
func (s *server) CompleteTransfer(ctx context.Context, req rest.CompleteTransferRequestObject) (rest.CompleteTransferResponseObject, error) {
	return rest.CompleteTransfer204Response{}, s.use(ctx, req.CallName, Doing{Act: agentdesk.DoComplete, Party: req.Body.Party})
}

// DropParty implements the operation dropParty.
func (s *server) DropParty(ctx context.Context, req rest.DropPartyRequestObject) (rest.DropPartyResponseObject, error) {
	h, err := s.take(ctx, req.CallName, agentdesk.DropParty)
	if err != nil {
		return nil, err
	}
	return rest.DropParty204Response{}, s.do(ctx, h, agentdesk.DropParty, Doing{Act: agentdesk.DoDrop, Party: req.Party})
}

// InviteParty implements the operation inviteParty.
func (s *server) InviteParty(ctx context.Context, req rest.InvitePartyRequestObject) (rest.InvitePartyResponseObject, error) {
	h, err := s.take(ctx, req.CallName, agentdesk.UseCall)
	if err != nil {
		return nil, err
	}
	do := Doing{Act: agentdesk.DoInvite, Consult: deref(req.Body.Consult)}
	if do.To, err = s.target(ctx, h, do.Act, cdr.PartyKind(req.Body.Kind), req.Body.To, nil); err != nil {
		return nil, err
	}
	return rest.InviteParty204Response{}, s.do(ctx, h, agentdesk.UseCall, do)
}

// TransferCall implements the operation transferCall.
func (s *server) TransferCall(ctx context.Context, req rest.TransferCallRequestObject) (rest.TransferCallResponseObject, error) {
	h, err := s.take(ctx, req.CallName, agentdesk.GiveCall)
	if err != nil {
		return nil, err
	}
	b, do := req.Body, Doing{Act: agentdesk.DoTransfer}
	if do.To, err = s.target(ctx, h, do.Act, cdr.PartyKind(b.Kind), b.To, deref(b.Needs)); err != nil {
		return nil, err
	}
	if err := s.addNote(ctx, h, deref(b.Note)); err != nil {
		return nil, err
	}
	return rest.TransferCall204Response{}, s.do(ctx, h, agentdesk.GiveCall, do)
}

// goAgain takes out of a call the viewer, if they were only asked into it: to hang
// up ends their part, not the call.
func (s *server) goAgain(ctx context.Context, live *agentdesk.Live) (gone bool, err error) {
	agent := who(ctx).viewer.Agent
	at := slices.IndexFunc(live.Call.Parties, func(p agentdesk.CallParty) bool {
		return p.Kind == cdr.PartyAgent && p.Target == agent && agent != ""
	})
	if at < 0 || len(live.Talking) == 0 || slices.Contains(live.Talking, agent) {
		return false, nil
	}
	h := inHand{id: live.Call.ID, agent: live.Talking[len(live.Talking)-1]}
	err = s.do(ctx, h, agentdesk.HangUp, Doing{Act: agentdesk.DoDrop, Party: live.Call.Parties[at].ID})
	if errors.Is(err, ErrNoParty) || errors.Is(err, ErrNotTalking) {
		err = nil // gone already
	}
	return true, err
}
