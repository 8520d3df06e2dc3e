package deskclient

import (
	"context"
	"net/http"
	"net/url"
	"time"

	"linekeeper/cdr"
)

// CallOut calls a number, as people write it, on behalf of a queue: the signed-in
// agent's own phone rings first. A Problem with code not-free says that they have a
// call in hand or no phone, number-refused that the number is not to be dialled.
func (c *Client) CallOut(ctx context.Context, queue, number string) (cdr.CallID, error) {
	return c.begin(ctx, "call "+number, "/calls", map[string]string{"queue": queue, "number": number})
}

// Promise is a call that the customer of another is promised.
type Promise struct {
	At     time.Time `json:"at"`               // not before
	Until  time.Time `json:"until,omitzero"`   // not after
	Number string    `json:"number,omitempty"` // the caller's, if empty
	Note   string    `json:"note,omitempty"`
	Mine   bool      `json:"mine,omitempty"` // for a while for who promises it
}

// FollowUp promises the customer of a call another one, and names it. It waits as a
// callback does, and CancelCallback gives it up.
func (c *Client) FollowUp(ctx context.Context, call cdr.CallID, p Promise) (cdr.CallID, error) {
	return c.begin(ctx, "promise a call", callPath(call, "/follow-up"), p)
}

func (c *Client) begin(ctx context.Context, act, path string, body any) (cdr.CallID, error) {
	var out struct{ Call cdr.CallID }
	_, err := c.ask(ctx, act, http.MethodPost, path, body, &out)
	return out.Call, err
}

// SupportLink is the link of a remote-support tool. Later: the ticket system does not
// answer now, and the reply with it will be written.
type SupportLink struct {
	URL   string `json:"url"`
	Later bool   `json:"later"`
}

// Support uses a remote-support tool of the catalogue with a code: its link is opened,
// sent by the call's ticket, or the code read out.
func (c *Client) Support(ctx context.Context, call cdr.CallID, tool, code string, how cdr.SupportHow) (SupportLink, error) {
	var out SupportLink
	body := map[string]string{"tool": tool, "code": code, "how": string(how)}
	_, err := c.ask(ctx, "use a support tool", http.MethodPost, callPath(call, "/support"), body, &out)
	return out, err
}

// RejectFor says no to an offer for a reason of the catalogue.
func (c *Client) RejectFor(ctx context.Context, offer cdr.OfferID, reason string) error {
	path := "/offers/" + url.PathEscape(string(offer)) + "/reject"
	_, err := c.ask(ctx, "reject the offer", http.MethodPost, path, map[string]string{"reason": reason}, nil)
	return err
}
