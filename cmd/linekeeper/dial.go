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
	number := r.E164
	if number == "" {
		number = dial.Read(r.Number, "").Keys
	}
	return cdr.Fact{
		ID: uuid.Must(uuid.NewV7()).String(), At: time.Now(), Call: r.Call,
		Story: cdr.DialRefused{Agent: r.By, Number: number, Why: string(r.Why), Act: r.Act},
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
			audit(api.AuditLine{
				At: time.Now(), Account: agent, Act: api.ActDialOut, On: no.Number, Outcome: cdr.AuditDenied,
				Detail: string(no.Why) + ", " + actPhoneTransfer,
			})
		}
		return e164, err
	}
}

// rulesOf are definitions as calls need them.
func (a *app) rulesOf(d *definitions, versions map[string]*ivr.Flow) *call.Rules {
	rules := d.rules(versions)
	rules.MayDial = phoneDials(a.door, auditPort{writer: a.writer}.Tell)
	return rules
}
