package main

import (
	"context"
	"errors"
	"fmt"

	"linekeeper/agentdesk"
	"linekeeper/agentdesk/api"
	"linekeeper/cdr"
	"linekeeper/ivr/call"
)

// Act has an agent's act done in a call.
func (p callsPort) Act(ctx context.Context, id cdr.CallID, agent string, do api.Doing) error {
	act, err := actOf(do)
	if err != nil {
		return err
	}
	return notDone(p.calls.Act(ctx, id, agent, act))
}

// actOf is what is done in a call, in the call's words.
func actOf(do api.Doing) (call.Act, error) {
	to := call.Target{Kind: do.To.Kind, To: do.To.To, Needs: do.To.Needs}
	switch do.Act {
	case agentdesk.DoHold:
		return call.Hold{Party: do.Party}, nil
	case agentdesk.DoResume:
		return call.Resume{Party: do.Party}, nil
	case agentdesk.DoMute:
		return call.SetMute{On: do.On}, nil
	case agentdesk.DoKeys:
		return call.PressKeys{Digits: do.Digits}, nil
	case agentdesk.DoTransfer:
		return call.Transfer{To: to}, nil
	case agentdesk.DoInvite:
		return call.Invite{To: to, Consult: do.Consult}, nil
	case agentdesk.DoSwap:
		return call.Swap{}, nil
	case agentdesk.DoMerge:
		return call.Merge{}, nil
	case agentdesk.DoComplete:
		return call.Complete{Party: do.Party}, nil
	case agentdesk.DoRecord:
		return call.Recording{Do: call.RecordingDo(do.Record)}, nil
	case agentdesk.DoDrop:
		return call.Drop{Party: do.Party}, nil
	case agentdesk.DoSupport:
		return call.Support{Tool: do.Tool, Code: do.Code, How: do.How}, nil
	case agentdesk.DoHangUp: // is asked for as such
	}
	return nil, fmt.Errorf("no act %q is known in a call", do.Act)
}

// notDone turns a call's no into the API's.
func notDone(err error) error {
	for ours, theirs := range map[error]error{
		call.ErrNotTheirs: api.ErrNotTalking, call.ErrNoParty: api.ErrNoParty, call.ErrTooMany: api.ErrTooMany,
		call.ErrNobody: api.ErrNobody, call.ErrNowhere: api.ErrNowhere, call.ErrNotNow: api.ErrNotNow,
		call.ErrNotRecorded: api.ErrNotRecorded, call.ErrRecorded: api.ErrRecorded,
	} {
		if errors.Is(err, ours) {
			return fmt.Errorf("%w: %w", theirs, err)
		}
	}
	return err
}

// FollowUp has a promised call made.
func (p callsPort) FollowUp(ctx context.Context, f api.FollowUp) (cdr.CallID, error) {
	id, err := p.calls.FollowUp(ctx, call.FollowUp(f))
	return id, notDone(err)
}

// Dial has an agent call a number.
func (p callsPort) Dial(ctx context.Context, agent, queue, number string) (cdr.CallID, error) {
	id, err := p.calls.Dial(ctx, agent, queue, number)
	return id, notDone(err)
}
