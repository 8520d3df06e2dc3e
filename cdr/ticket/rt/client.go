package rt

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"syscall"
	"time"

	"go.opentelemetry.io/contrib/instrumentation/net/http/otelhttp"

	"linekeeper/cdr/ticket"
)

const (
	apiPath = "/REST/2.0"
	// requestTime bounds one request; RT answers in tens of milliseconds.
	requestTime = 20 * time.Second
	// maxAnswer is the longest answer read; a page of tickets has some 10 kB.
	maxAnswer = 4 << 20
	// adminTime is how soon we look again after a failure that a person has to
	// mend: a bad token, a missing right.
	adminTime = 5 * time.Minute
)

// client sends requests and turns failures into verdicts.
type client struct {
	base  string
	token string
	http  *http.Client
}

func newClient(base, token string) client {
	transport := http.DefaultTransport.(*http.Transport).Clone()
	transport.Proxy = nil // the ticket system is ours; a token must not leave by a proxy
	return client{
		base: strings.TrimRight(base, "/"), token: token,
		http: &http.Client{
			Transport: otelhttp.NewTransport(transport),
			Timeout:   requestTime,
			CheckRedirect: func(*http.Request, []*http.Request) error {
				return http.ErrUseLastResponse // RT's API has none: it would be a login page
			},
		},
	}
}

func (c client) close() { c.http.CloseIdleConnections() }

// get reads path into answer.
func (c client) get(ctx context.Context, act, path string, query url.Values, answer any) error {
	if len(query) > 0 {
		path += "?" + query.Encode()
	}
	return c.do(ctx, act, http.MethodGet, path, nil, false, answer)
}

// post sends body to path and reads the answer. writes says that it changes
// something, so that a lost answer leaves us in the dark.
func (c client) post(ctx context.Context, act, path string, body any, writes bool, answer any) error {
	data, err := json.Marshal(body)
	if err != nil {
		return fail(act, ticket.Permanent, err)
	}
	return c.do(ctx, act, http.MethodPost, path, data, writes, answer)
}

// put changes what is at path.
func (c client) put(ctx context.Context, act, path string, body, answer any) error {
	data, err := json.Marshal(body)
	if err != nil {
		return fail(act, ticket.Permanent, err)
	}
	return c.do(ctx, act, http.MethodPut, path, data, true, answer)
}

func (c client) do(ctx context.Context, act, method, path string, body []byte, writes bool, answer any) error {
	req, err := http.NewRequestWithContext(ctx, method, c.base+apiPath+path, bytes.NewReader(body))
	if err != nil {
		return fail(act, ticket.Permanent, err)
	}
	req.Header.Set("Authorization", "token "+c.token)
	req.Header.Set("Accept", "application/json")
	if method != http.MethodGet {
		req.Header.Set("Content-Type", "application/json")
		req.GetBody = nil // a lost answer is ours to judge, never silently sent again
	}
	resp, err := c.http.Do(req)
	if err != nil {
		return fail(act, lost(err, writes), err)
	}
	defer resp.Body.Close()
	data, err := io.ReadAll(io.LimitReader(resp.Body, maxAnswer))
	if err != nil {
		return fail(act, lost(err, writes), err)
	}
	if resp.StatusCode != http.StatusOK && resp.StatusCode != http.StatusCreated {
		return refusal(act, resp, data, writes)
	}
	if err := json.Unmarshal(data, answer); err != nil {
		e := fail(act, ticket.Retryable, fmt.Errorf("the answer is no JSON of RT's: %w", err))
		e.After = adminTime
		if writes {
			e.Verdict = ticket.Unknown
		}
		return e
	}
	return nil
}

func fail(act string, v ticket.Verdict, err error) *ticket.Error {
	return &ticket.Error{Verdict: v, Act: act, Err: err}
}

// lost judges a request without an answer: a write may have happened, unless it
// never left us.
func lost(err error, writes bool) ticket.Verdict {
	var op *net.OpError
	unsent := errors.As(err, &op) && op.Op == "dial" || errors.Is(err, syscall.ECONNREFUSED)
	if writes && !unsent {
		return ticket.Unknown
	}
	return ticket.Retryable
}

// refusal judges an answer that is no success.
func refusal(act string, resp *http.Response, body []byte, writes bool) error {
	var said struct {
		Message string `json:"message"`
	}
	if json.Unmarshal(body, &said) != nil || said.Message == "" {
		said.Message = http.StatusText(resp.StatusCode)
	}
	e := fail(act, ticket.Permanent, fmt.Errorf("RT says %d: %s", resp.StatusCode, said.Message))
	switch code := resp.StatusCode; {
	case code == http.StatusUnauthorized, code == http.StatusForbidden, code < 400:
		e.Verdict, e.After = ticket.Retryable, adminTime // bad token, missing right or unknown queue, login page
	case code == http.StatusTooManyRequests, code == http.StatusServiceUnavailable:
		e.Verdict, e.After = ticket.Retryable, retryAfter(resp)
	case code >= 500 && writes:
		e.Verdict = ticket.Unknown
	case code >= 500, code == http.StatusRequestTimeout:
		e.Verdict = ticket.Retryable
	}
	return e
}

// retryAfter reads the header of RFC 9110, 10.2.3, in its form in seconds.
func retryAfter(resp *http.Response) time.Duration {
	s, err := strconv.Atoi(resp.Header.Get("Retry-After"))
	if err != nil || s < 0 {
		return 0
	}
	return min(time.Duration(s)*time.Second, time.Hour)
}
