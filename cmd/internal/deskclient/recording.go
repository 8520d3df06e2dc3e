package deskclient

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"time"

	"linekeeper/cdr"
)

// RecordingPart is a part of a call's recording that the account may hear.
type RecordingPart struct {
	Part     int       `json:"part"`
	Agent    string    `json:"agent"`
	Queue    string    `json:"queue"`
	BeganAt  time.Time `json:"began_at"`
	LengthMs int64     `json:"length_ms"`
	Bytes    int64     `json:"bytes"`
	Deleted  bool      `json:"deleted"`
}

// Sound is a part's WAV file, or some of it.
type Sound struct {
	Data []byte
	// Range is which of its bytes Data is, "bytes 0-43/32044"; empty: all of them.
	Range string
}

// Recordings are the parts of a call's recording.
func (c *Client) Recordings(ctx context.Context, call cdr.CallID) ([]RecordingPart, error) {
	var out struct {
		Recordings []RecordingPart `json:"recordings"`
	}
	_, err := c.ask(ctx, "ask for recordings", http.MethodGet, callPath(call, "/recordings"), nil, &out)
	return out.Recordings, err
}

// Hear fetches a part's sound: the bytes asked for, "0-43", or all of them. Problems
// with the codes recording-not-ready, recording-deleted and recording-missing say that
// there is none, unknown-recording that there is no such part.
func (c *Client) Hear(ctx context.Context, call cdr.CallID, part int, bytes string) (s Sound, err error) {
	defer func() {
		if err != nil {
			err = fmt.Errorf("hear part %d of %s: %w", part, call, err)
		}
	}()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, c.url+base+partPath(call, part), nil)
	if err != nil {
		return Sound{}, err
	}
	if bytes != "" {
		req.Header.Set("Range", "bytes="+bytes)
	}
	c.authorize(req.Header)
	resp, err := c.http.Do(req)
	if err != nil {
		return Sound{}, err
	}
	defer func() { err = errors.Join(err, resp.Body.Close()) }()
	data, err := io.ReadAll(resp.Body)
	switch {
	case err != nil:
		return Sound{}, err
	case resp.StatusCode >= 300:
		return Sound{}, problem(resp.StatusCode, data)
	case resp.StatusCode == http.StatusPartialContent:
		return Sound{Data: data, Range: resp.Header.Get("Content-Range")}, nil
	}
	return Sound{Data: data}, nil
}

// DeleteRecording deletes a part's sound for good.
func (c *Client) DeleteRecording(ctx context.Context, call cdr.CallID, part int) error {
	_, err := c.ask(ctx, "delete a recording", http.MethodDelete, partPath(call, part), nil, nil)
	return err
}

func partPath(call cdr.CallID, part int) string {
	return callPath(call, "/recordings/"+strconv.Itoa(part))
}
