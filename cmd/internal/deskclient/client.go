package deskclient

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/cookiejar"
	"strings"
	"time"
)

const (
	base = "/api/v1"
	// askWithin bounds one request whose context has no deadline of its own.
	askWithin = 15 * time.Second
	// largest bounds an answer, in bytes.
	largest = 16 << 20
)

// Client is one account's way into a desk. Its methods are safe for concurrent
// use.
type Client struct {
	url   string
	token string
	http  *http.Client
}

// Dial is a client of the desk at a URL such as "http://127.0.0.1:8080". Nothing
// is sent before it is used. Sign in, or give it a Token. Close it.
func Dial(url string) *Client {
	jar, _ := cookiejar.New(nil) // has no error to give
	transport := http.DefaultTransport.(*http.Transport).Clone()
	transport.Proxy = nil
	return &Client{
		url:  strings.TrimSuffix(url, "/"),
		http: &http.Client{Jar: jar, Transport: transport, Timeout: askWithin},
	}
}

// Token has the client speak as the account of a bearer token from now on, and
// returns it. Call it before anything else.
func (c *Client) Token(token string) *Client {
	c.token = token
	return c
}

// Close lets go of the connections. It does not sign out.
func (c *Client) Close() { c.http.CloseIdleConnections() }

// Problem is the desk's no (RFC 9457).
type Problem struct {
	Status int    `json:"status"`
	Code   string `json:"code"` // a stable word: wrong-password, not-in-wrap-up …
	Title  string `json:"title"`
	Detail string `json:"detail"`
}

// Error implements error.
func (p *Problem) Error() string {
	text := fmt.Sprintf("%d %s: %s", p.Status, p.Code, p.Title)
	if p.Detail != "" {
		text += " " + p.Detail
	}
	return text
}

// Code returns the code of the Problem in an error, or "".
func Code(err error) string {
	if p, ok := errors.AsType[*Problem](err); ok {
		return p.Code
	}
	return ""
}

// ask sends in as JSON, unless it is nil, and reads the answer into out, unless
// that is nil or the answer is empty. act is what to call it in errors.
func (c *Client) ask(ctx context.Context, act, method, path string, in, out any) (status int, err error) {
	defer func() {
		if err != nil {
			err = fmt.Errorf("%s: %w", act, err)
		}
	}()
	var body io.Reader
	if in != nil {
		data, err := json.Marshal(in)
		if err != nil {
			return 0, err
		}
		body = bytes.NewReader(data)
	}
	req, err := http.NewRequestWithContext(ctx, method, c.url+base+path, body)
	if err != nil {
		return 0, err
	}
	if in != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	c.authorize(req.Header)
	resp, err := c.http.Do(req)
	if err != nil {
		return 0, err
	}
	defer resp.Body.Close()
	data, err := io.ReadAll(io.LimitReader(resp.Body, largest))
	if err != nil {
		return 0, err
	}
	if resp.StatusCode >= 300 {
		return resp.StatusCode, problem(resp.StatusCode, data)
	}
	if out == nil || len(data) == 0 {
		return resp.StatusCode, nil
	}
	return resp.StatusCode, json.Unmarshal(data, out)
}

func (c *Client) authorize(h http.Header) {
	if c.token != "" {
		h.Set("Authorization", "Bearer "+c.token)
	}
}

// problem reads a problem; what is none, as of a proxy, becomes one.
func problem(status int, data []byte) error {
	var p Problem
	if json.Unmarshal(data, &p) != nil || p.Title == "" {
		p.Title = http.StatusText(status)
	}
	p.Status = status
	return &p
}
