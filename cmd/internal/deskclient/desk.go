package deskclient

import (
	"context"
	"errors"
	"net/http"
	"net/url"

	"linekeeper/agentdesk"
	"linekeeper/cdr"
	"linekeeper/queue"
)

// ErrLater says that the ticket system does not answer and the ticket will be
// made when it does; it then shows on the call.
var ErrLater = errors.New("the ticket will be made later")

// Session is who is signed in.
type Session struct {
	Name        string         `json:"name"`
	DisplayName string         `json:"display_name"`
	Role        agentdesk.Role `json:"role"`
	Language    string         `json:"language"`
	Agent       string         `json:"agent"` // empty: takes no calls
}

// SignIn opens a session; its cookie is kept in the client.
func (c *Client) SignIn(ctx context.Context, name, password string) (Session, error) {
	var s Session
	_, err := c.ask(ctx, "sign "+name+" in", http.MethodPost, "/session", map[string]string{"name": name, "password": password}, &s)
	return s, err
}

// Session is who is signed in.
func (c *Client) Session(ctx context.Context) (Session, error) {
	var s Session
	_, err := c.ask(ctx, "ask who is signed in", http.MethodGet, "/session", nil, &s)
	return s, err
}

// SignOut ends the session; an agent goes offline, a call going on is not cut.
func (c *Client) SignOut(ctx context.Context) error {
	_, err := c.ask(ctx, "sign out", http.MethodDelete, "/session", nil, nil)
	return err
}

// Phone is how the signed-in agent's phone registers.
type Phone struct {
	Kind   string `json:"kind"` // webrtc or sip
	URI    string `json:"uri"`
	User   string `json:"user"`
	Secret string `json:"secret"`
	Path   string `json:"path"` // of the websocket, on this origin
}

// Phone asks for the signed-in agent's phone.
func (c *Client) Phone(ctx context.Context) (Phone, error) {
	var p Phone
	_, err := c.ask(ctx, "ask for the phone", http.MethodGet, "/phone", nil, &p)
	return p, err
}

// Catalogue are the names the desk knows, in both languages.
type Catalogue struct {
	Queues       []queue.Label `json:"queues"`
	Dispositions []queue.Label `json:"dispositions"`
	Reasons      []queue.Label `json:"reasons"`
}

// Catalogue asks for the names of queues, dispositions and reasons.
func (c *Client) Catalogue(ctx context.Context) (Catalogue, error) {
	var names Catalogue
	_, err := c.ask(ctx, "ask for the catalogue", http.MethodGet, "/catalogue", nil, &names)
	return names, err
}

// SetState has an agent, "me" for the one signed in, be ready, not ready with a
// reason, or offline.
func (c *Client) SetState(ctx context.Context, agent string, state cdr.AgentState, reason string) (agentdesk.Agent, error) {
	body := map[string]string{"state": string(state)}
	if reason != "" {
		body["reason"] = reason
	}
	var a agentdesk.Agent
	_, err := c.ask(ctx, "set the state to "+string(state), http.MethodPut, "/agents/"+url.PathEscape(agent)+"/state", body, &a)
	return a, err
}

// Reject says no to an offer; one that is over is no error.
func (c *Client) Reject(ctx context.Context, offer cdr.OfferID) error {
	_, err := c.ask(ctx, "reject the offer", http.MethodPost, "/offers/"+url.PathEscape(string(offer))+"/reject", nil, nil)
	return err
}

// WrapUp closes a call.
type WrapUp struct {
	Disposition string         `json:"disposition"`
	Note        string         `json:"note,omitempty"`
	Next        cdr.AgentState `json:"next,omitempty"`   // ready or not-ready; empty: as chosen in the call, else ready
	Reason      string         `json:"reason,omitempty"` // of not-ready
}

// WrapUp closes the signed-in agent's wrap-up of a call. A Problem with code
// not-in-wrap-up says that its time had run out.
func (c *Client) WrapUp(ctx context.Context, call cdr.CallID, w WrapUp) error {
	_, err := c.ask(ctx, "wrap the call up", http.MethodPost, callPath(call, "/wrap-up"), w, nil)
	return err
}

// HangUp ends a call.
func (c *Client) HangUp(ctx context.Context, call cdr.CallID) error {
	_, err := c.ask(ctx, "hang up", http.MethodPost, callPath(call, "/hangup"), nil, nil)
	return err
}

// NewTicket is a ticket to make (Subject, Text) or one that is there (Link).
type NewTicket struct {
	Subject string `json:"subject,omitempty"`
	Text    string `json:"text,omitempty"`
	Link    string `json:"link,omitempty"`
}

// AddTicket makes or links a call's ticket. A repeated create answers the first
// one's ticket. ErrLater says that it will be made.
func (c *Client) AddTicket(ctx context.Context, call cdr.CallID, t NewTicket) (agentdesk.Ticket, error) {
	var made agentdesk.Ticket
	status, err := c.ask(ctx, "add a ticket", http.MethodPost, callPath(call, "/tickets"), t, &made)
	if err == nil && status == http.StatusAccepted {
		err = ErrLater
	}
	return made, err
}

// Tickets are the caller's open tickets and the call's own.
func (c *Client) Tickets(ctx context.Context, call cdr.CallID) ([]agentdesk.Ticket, error) {
	var out struct{ Tickets []agentdesk.Ticket }
	_, err := c.ask(ctx, "ask for the caller's tickets", http.MethodGet, callPath(call, "/tickets"), nil, &out)
	return out.Tickets, err
}

// Context is what a screen pop shows beside the live call and its tickets.
func (c *Client) Context(ctx context.Context, call cdr.CallID) (agentdesk.CallContext, error) {
	var out agentdesk.CallContext
	_, err := c.ask(ctx, "ask for the call's context", http.MethodGet, callPath(call, "/context"), nil, &out)
	return out, err
}

// History are the caller's last calls, newest first.
func (c *Client) History(ctx context.Context, call cdr.CallID) ([]agentdesk.PastCall, error) {
	var out struct{ Calls []agentdesk.PastCall }
	_, err := c.ask(ctx, "ask for the caller's history", http.MethodGet, callPath(call, "/history"), nil, &out)
	return out.Calls, err
}

// Call is a call's record, as far as it is known. A Problem with code
// unknown-call says that it is not known yet.
func (c *Client) Call(ctx context.Context, call cdr.CallID) (cdr.Record, error) {
	var r cdr.Record
	_, err := c.ask(ctx, "ask for the record", http.MethodGet, callPath(call, ""), nil, &r)
	return r, err
}

// Calls are records, newest first; query holds limit, before, queue, agent and
// number as the contract has them.
func (c *Client) Calls(ctx context.Context, query url.Values) ([]cdr.Record, error) {
	var out struct{ Calls []cdr.Record }
	_, err := c.ask(ctx, "ask for records", http.MethodGet, "/calls?"+query.Encode(), nil, &out)
	return out.Calls, err
}

func callPath(call cdr.CallID, rest string) string {
	return "/calls/" + url.PathEscape(string(call)) + rest
}
