package deskclient

import (
	"context"
	"net/http"
	"net/url"
	"time"

	"linekeeper/agentdesk"
	"linekeeper/cdr"
)

// Line are the places of a queue, in the order of service.
func (c *Client) Line(ctx context.Context, queue string) ([]agentdesk.Standing, error) {
	var out struct{ Places []agentdesk.Standing }
	_, err := c.ask(ctx, "ask who waits", http.MethodGet, "/queues/"+url.PathEscape(queue)+"/line", nil, &out)
	return out.Places, err
}

// Callbacks are the callers who wait to be called back.
func (c *Client) Callbacks(ctx context.Context) ([]agentdesk.Standing, error) {
	var out struct{ Places []agentdesk.Standing }
	_, err := c.ask(ctx, "ask who is to be called back", http.MethodGet, "/callbacks", nil, &out)
	return out.Places, err
}

// CancelCallback gives a callback up. A Problem with code no-callback says that
// the call waits for none, or no more.
func (c *Client) CancelCallback(ctx context.Context, call cdr.CallID) error {
	_, err := c.ask(ctx, "cancel the callback", http.MethodDelete, "/callbacks/"+url.PathEscape(string(call)), nil, nil)
	return err
}

// SetPriority gives a waiting call another priority, 0 to 9. A Problem with code
// not-in-line says that it waits no more.
func (c *Client) SetPriority(ctx context.Context, call cdr.CallID, priority int) error {
	_, err := c.ask(ctx, "set the priority", http.MethodPut, callPath(call, "/priority"), map[string]int{"priority": priority}, nil)
	return err
}

// Move puts a waiting call into another queue.
func (c *Client) Move(ctx context.Context, call cdr.CallID, queue string) error {
	_, err := c.ask(ctx, "move the call", http.MethodPost, callPath(call, "/move"), map[string]string{"queue": queue}, nil)
	return err
}

// Why says why a call waits and how its offers were decided.
func (c *Client) Why(ctx context.Context, call cdr.CallID) (agentdesk.Explanation, error) {
	var why agentdesk.Explanation
	_, err := c.ask(ctx, "ask why", http.MethodGet, callPath(call, "/why"), nil, &why)
	return why, err
}

// Waits hold the waits told against those that came, by queue; a zero end is now.
func (c *Client) Waits(ctx context.Context, from, to time.Time) ([]agentdesk.WaitAccuracy, error) {
	query := url.Values{"from": {from.UTC().Format(time.RFC3339)}}
	if !to.IsZero() {
		query.Set("to", to.UTC().Format(time.RFC3339))
	}
	var out struct{ Waits []agentdesk.WaitAccuracy }
	_, err := c.ask(ctx, "ask how true the waits were", http.MethodGet, "/reports/waits?"+query.Encode(), nil, &out)
	return out.Waits, err
}
