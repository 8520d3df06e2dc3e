package deskclient

import (
	"context"
	"net/http"
	"net/url"

	"linekeeper/agentdesk"
	"linekeeper/cdr"
)

// What the signed-in agent does in the call in hand. A Problem with code not-talking
// says that it is not theirs (any more), not-now that the call is in no state for it,
// agent-not-ready that the agent asked for cannot be had, number-refused and
// too-many-dials that a number is not to be dialled.

// Target is where a call goes, or who is asked in.
type Target struct {
	Kind cdr.PartyKind `json:"kind"`
	// To is an agent's, a queue's or a flow's ID; or a number, as people write it.
	To    string     `json:"to"`
	Needs []cdr.Need `json:"needs,omitempty"` // with a queue
	Note  string     `json:"note,omitempty"`  // with a transfer: added to the agent's note
}

// Hold lets the caller hear music, or the party named.
func (c *Client) Hold(ctx context.Context, call cdr.CallID, party string) error {
	return c.act(ctx, call, agentdesk.DoHold, partyOf(party))
}

// Resume takes the caller off hold, or the party named.
func (c *Client) Resume(ctx context.Context, call cdr.CallID, party string) error {
	return c.act(ctx, call, agentdesk.DoResume, partyOf(party))
}

// Mute keeps the agent's own voice from the others, or no longer.
func (c *Client) Mute(ctx context.Context, call cdr.CallID, on bool) error {
	return c.act(ctx, call, agentdesk.DoMute, map[string]bool{"on": on})
}

// Record begins ("start"), ends ("stop"), pauses ("pause") or goes on with ("resume")
// the recording of the talk.
func (c *Client) Record(ctx context.Context, call cdr.CallID, do string) error {
	return c.act(ctx, call, "recording", map[string]string{"do": do})
}

// PressKeys presses keys towards the caller.
func (c *Client) PressKeys(ctx context.Context, call cdr.CallID, digits string) error {
	return c.act(ctx, call, agentdesk.DoKeys, map[string]string{"digits": digits})
}

// Transfer gives the call on without a word to whoever gets it.
func (c *Client) Transfer(ctx context.Context, call cdr.CallID, to Target) error {
	return c.act(ctx, call, agentdesk.DoTransfer, to)
}

// Invite asks an agent or a number into the call; to consult them, the caller is put
// on hold first.
func (c *Client) Invite(ctx context.Context, call cdr.CallID, to Target, consult bool) error {
	body := map[string]any{"kind": to.Kind, "to": to.To, "consult": consult}
	_, err := c.ask(ctx, "ask "+to.To+" in", http.MethodPost, callPath(call, "/parties"), body, nil)
	return err
}

// Drop hangs a party up.
func (c *Client) Drop(ctx context.Context, call cdr.CallID, party string) error {
	_, err := c.ask(ctx, "drop a party", http.MethodDelete, callPath(call, "/parties/"+url.PathEscape(party)), nil, nil)
	return err
}

// Swap puts on hold who talks to the agent, and takes back who was on hold.
func (c *Client) Swap(ctx context.Context, call cdr.CallID) error {
	return c.act(ctx, call, agentdesk.DoSwap, nil)
}

// Merge brings all parties together.
func (c *Client) Merge(ctx context.Context, call cdr.CallID) error {
	return c.act(ctx, call, agentdesk.DoMerge, nil)
}

// Complete gives the call to a party, and leaves it.
func (c *Client) Complete(ctx context.Context, call cdr.CallID, party string) error {
	return c.act(ctx, call, agentdesk.DoComplete, partyOf(party))
}

// Escalation hands a call over to a second line.
type Escalation struct {
	Queue       string     `json:"queue"`
	Needs       []cdr.Need `json:"needs,omitempty"`
	Note        string     `json:"note"`                   // what the second line is to know
	Ticket      string     `json:"ticket,omitempty"`       // the call's newest if not given
	TicketQueue string     `json:"ticket_queue,omitempty"` // that of the queue's definition if not given
}

// Escalated is what became of the ticket: Moved is "done", "later" or "failed", and
// empty if it was to stay.
type Escalated struct {
	Ticket string `json:"ticket"`
	Moved  string `json:"moved"`
}

// Escalate hands the call over with a note, and its ticket with it.
func (c *Client) Escalate(ctx context.Context, call cdr.CallID, e Escalation) (Escalated, error) {
	var out Escalated
	_, err := c.ask(ctx, "escalate the call", http.MethodPost, callPath(call, "/escalate"), e, &out)
	return out, err
}

func (c *Client) act(ctx context.Context, call cdr.CallID, act agentdesk.CallAct, body any) error {
	_, err := c.ask(ctx, string(act)+" the call", http.MethodPost, callPath(call, "/"+string(act)), body, nil)
	return err
}

func partyOf(party string) map[string]string {
	if party == "" {
		return map[string]string{}
	}
	return map[string]string{"party": party}
}
