package main

import (
	"context"
	"errors"
	"time"

	"github.com/google/uuid"

	"linekeeper/agentdesk"
	"linekeeper/agentdesk/api"
	"linekeeper/cdr"
	"linekeeper/ivr"
	"linekeeper/ivr/call"
	"linekeeper/ivr/dial"
	"linekeeper/queue"
)

// actPhoneTransfer is what a number is wanted for that somebody keyed in on their
// phone.
const actPhoneTransfer = "phone-transfer"

// newDoor is the one door to numbers outside, by the definitions in force. What it
// refuses is a fact: the board shows it to who supervises the agent.
func newDoor(a *app) *dial.Door {
	rules := func() *queue.Dialling { return &a.site.Current().Dialling }
	return dial.New(rules, func(r dial.Refused) { a.writer.Append(nil, refusedFact(r)) }, a.log)
}

func refusedFact(r dial.Refused) cdr.Fact {
	return cdr.Fact{
		ID: uuid.Must(uuid.NewV7()).String(), At: time.Now(), Call: r.Call,
		Story: cdr.DialRefused{Agent: r.By, Number: r.As, Why: string(r.Why), Act: r.Act},
	}
}

// diallerPort is the door as the API asks at it.
type diallerPort struct{ door *dial.Door }

func (p diallerPort) May(ctx context.Context, d api.Dial) (string, error) {
	return p.door.May(ctx, dial.Asked{By: d.Account, Role: string(d.Role), Call: d.Call, Act: string(d.Act), Number: d.Number})
}

// phoneDials is the door as calls ask at it, for a transfer by a phone's own key. A
// phone knows no account: whoever has it dials as an agent. The no goes into the
// audit log as one to the API does.
func phoneDials(door *dial.Door, audit func(api.AuditLine)) func(agent, number string) (string, error) {
	return func(agent, number string) (string, error) {
		e164, err := door.May(context.Background(), dial.Asked{
			By: agent, Role: string(agentdesk.RoleAgent), Act: actPhoneTransfer, Number: number,
		})
		var no *queue.DialRefusal
		if errors.As(err, &no) && no.Why != queue.DialNotNumber {
			audit(deniedLine(agent, no, actPhoneTransfer))
		}
		return e164, err
	}
}

// callbackDials is the door as calls ask at it for a callback. It is a caller's asking,
// who has no account; a number of tries is a call's, for many people may show one number.
func callbackDials(door *dial.Door, audit func(api.AuditLine)) func(id cdr.CallID, number string) (string, *queue.DialRefusal) {
	return func(id cdr.CallID, number string) (string, *queue.DialRefusal) {
		e164, no := door.Judge(context.Background(), dial.Asked{
			By: string(id), Role: queue.DialCallbacks, Call: id, Act: call.ActCallback, Number: number,
		})
		if no != nil && !no.Quiet {
			audit(deniedLine("", no, call.ActCallback))
		}
		return e164, no
	}
}

// deniedLine is the audit log's of a number that is not dialled.
func deniedLine(account string, no *queue.DialRefusal, act string) api.AuditLine {
	return api.AuditLine{
		At: time.Now(), Account: account, Act: api.ActDialOut, On: no.Number, Outcome: cdr.AuditDenied,
		Detail: string(no.Why) + ", " + act,
	}
}

// rulesOf are definitions as calls need them.
func (a *app) rulesOf(d *definitions, versions map[string]*ivr.Flow) *call.Rules {
	rules := d.rules(versions)
	audit := auditPort{writer: a.writer}.Tell
	rules.MayDial, rules.MayCallBack = phoneDials(a.door, audit), callbackDials(a.door, audit)
	return rules
}
