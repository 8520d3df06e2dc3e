package asterisk

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"
)

const (
	// again is the wait before the one repetition of a request that got lost.
	again = 50 * time.Millisecond
	// maxReply bounds an answer: 1 KiB for each of some ten thousand channels.
	maxReply = 32 << 20
)

// Error is a request that Asterisk refused, or that did not reach it.
type Error struct {
	Act     string // what was to be done: "dial leg lk-…"
	Status  int    // HTTP status, 0 if no answer came
	Message string // Asterisk's words
	Err     error  // the transport's error, if no answer came
}

// Error implements error.
func (e *Error) Error() string {
	if e.Status == 0 {
		return fmt.Sprintf("%s: %v", e.Act, e.Err)
	}
	return fmt.Sprintf("%s: asterisk says %d: %s", e.Act, e.Status, e.Message)
}

// Unwrap gives the transport's error.
func (e *Error) Unwrap() error { return e.Err }

// Temporary tells whether the same command may succeed a moment later.
func (e *Error) Temporary() bool { return e.Status == 0 || e.Status == http.StatusServiceUnavailable }

func isStatus(err error, status int) bool {
	var refused *Error
	return errors.As(err, &refused) && refused.Status == status
}

// request is one HTTP exchange with ARI.
type request struct {
	act    string
	method string
	path   string // escaped, from path()
	query  url.Values
	body   any
	once   bool // must not be repeated if its answer got lost
}

// path escapes each part, whatever bytes it holds.
func path(parts ...string) string {
	var b strings.Builder
	b.WriteString("/ari")
	for _, p := range parts {
		b.WriteString("/" + url.PathEscape(p))
	}
	return b.String()
}

// request asks and, if the answer got lost on the way and asking twice is
// harmless, asks once more. out, if not nil, takes the JSON answer.
func (n *Node) request(ctx context.Context, r request, out any) error {
	err := n.ask(ctx, r, out)
	if !lost(err) || r.once || !pause(ctx, again) {
		return err
	}
	return n.ask(ctx, r, out)
}

// lost tells an exchange without an answer.
func lost(err error) bool {
	var e *Error
	return errors.As(err, &e) && e.Status == 0
}

func (n *Node) ask(ctx context.Context, r request, out any) error {
	ctx, cancel := context.WithTimeout(ctx, n.tune.requestTimeout)
	defer cancel()
	req, err := n.httpRequest(ctx, r)
	if err != nil {
		return fmt.Errorf("%s: %w", r.act, err)
	}
	status, answer, err := n.conns.exchange(ctx, req)
	if err != nil {
		return &Error{Act: r.act, Err: err}
	}
	if status >= http.StatusMultipleChoices {
		return &Error{Act: r.act, Status: status, Message: message(answer)}
	}
	if out == nil {
		return nil
	}
	if err := json.Unmarshal(answer, out); err != nil {
		return fmt.Errorf("%s: read the answer: %w", r.act, err)
	}
	return nil
}

func (n *Node) httpRequest(ctx context.Context, r request) (*http.Request, error) {
	var body io.Reader
	if r.body != nil {
		b, err := json.Marshal(r.body)
		if err != nil {
			return nil, err
		}
		body = bytes.NewReader(b)
	}
	target := strings.TrimSuffix(n.base.String(), "/") + r.path
	if len(r.query) > 0 {
		target += "?" + r.query.Encode()
	}
	req, err := http.NewRequestWithContext(ctx, r.method, target, body)
	if err != nil {
		return nil, err
	}
	req.SetBasicAuth(n.cfg.User, n.cfg.Password)
	if body != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	return req, nil
}

// message reads Asterisk's {"message": …} or {"error": …}.
func message(answer []byte) string {
	var m struct{ Message, Error string }
	if json.Unmarshal(answer, &m) == nil && m.Message+m.Error != "" {
		return m.Message + m.Error
	}
	return clip(answer)
}
