package asteriskfake

import (
	"encoding/json"
	"net/http"
	"time"
)

// recording is a channel's, from the request to its end.
type recording struct {
	name, format, finish, state string
	most                        int // seconds, 0 for no limit
	spoken                      time.Duration
	channel                     *channel
	timer                       *time.Timer
}

type wireRecording struct {
	Name      string `json:"name"`
	Format    string `json:"format"`
	State     string `json:"state"`
	TargetURI string `json:"target_uri"`
	Duration  *int   `json:"duration,omitempty"`
}

func (t *recording) view() wireRecording {
	v := wireRecording{Name: t.name, Format: t.format, State: t.state, TargetURI: "channel:" + t.channel.ID}
	if t.state == "done" {
		seconds := int(t.spoken / time.Second)
		v.Duration = &seconds
	}
	return v
}

// record queues a recording behind the channel's playbacks.
func (s *Server) record(r *asked, ch *channel) (int, any) {
	t := &recording{name: r.text("name"), format: r.text("format"), finish: r.text("terminateOn"), state: "queued", channel: ch}
	_, again := s.stored[t.name]
	switch {
	case s.live[t.name] != nil || again:
		return http.StatusConflict, says("Recording '%s' already exists and can not be overwritten", t.name)
	case ch.bridge != nil || ch.tape != nil:
		return http.StatusConflict, says("Channel %s is currently recording or bridged", ch.ID)
	}
	if raw, ok := r.body["maxDurationSeconds"]; ok && json.Unmarshal(raw, &t.most) != nil {
		return http.StatusBadRequest, says("Bad request")
	}
	s.live[t.name], ch.tape = t, t
	queued := t.view()
	s.startTape(ch)
	return http.StatusCreated, queued
}

// startTape begins a channel's recording if nothing is played before it.
func (s *Server) startTape(ch *channel) {
	t := ch.tape
	if t == nil || t.state != "queued" || len(ch.queue) > 0 || s.channels[ch.ID] != ch || !ch.stasis {
		return
	}
	t.state = "recording"
	s.send("RecordingStarted", fields{"recording": t.view()})
	if t.most > 0 {
		t.timer = time.AfterFunc(time.Duration(t.most)*time.Second, func() {
			s.mu.Lock()
			defer s.mu.Unlock()
			if ch.tape == t {
				t.spoken = time.Duration(t.most) * time.Second
				s.endRecording(ch)
				s.touch()
			}
		})
	}
}

// endRecording keeps what was recorded of a channel. One that had not begun goes
// without a word.
func (s *Server) endRecording(ch *channel) {
	t := ch.tape
	if t == nil {
		return
	}
	ch.tape = nil
	delete(s.live, t.name)
	if t.timer != nil {
		t.timer.Stop()
	}
	if t.state == "recording" {
		t.state = "done"
		s.stored[t.name] = t
		s.send("RecordingFinished", fields{"recording": t.view()})
	}
}

// keyOnTape is a key pressed during a recording.
func (s *Server) keyOnTape(ch *channel, key string) {
	if t := ch.tape; t != nil && t.state == "recording" && t.finish == key {
		s.endRecording(ch)
		s.touch()
	}
}

func (s *Server) getLiveRecording(r *asked) (int, any) {
	if t := s.live[r.PathValue("name")]; t != nil {
		return http.StatusOK, t.view()
	}
	return http.StatusNotFound, says("Recording not found")
}

func (s *Server) getStoredRecording(r *asked) (int, any) {
	if t := s.stored[r.PathValue("name")]; t != nil {
		return http.StatusOK, map[string]string{"name": t.name, "format": t.format}
	}
	return http.StatusNotFound, says("Recording not found")
}

func (s *Server) stopLiveRecording(r *asked) (int, any) {
	t := s.live[r.PathValue("name")]
	if t == nil {
		return http.StatusNotFound, says("Recording not found")
	}
	s.endRecording(t.channel)
	return http.StatusNoContent, nil
}

// WaitRecorded waits until what the caller says is recorded.
func (c *Caller) WaitRecorded() {
	c.server.t.Helper()
	c.wait("is recorded", func() bool { return c.ch.tape != nil && c.ch.tape.state == "recording" })
}

// Speak says something that lasts d, without waiting for it, into the recording
// that is being made. Asterisk counts whole seconds.
func (c *Caller) Speak(d time.Duration) {
	c.server.mu.Lock()
	defer c.server.mu.Unlock()
	if t := c.ch.tape; t != nil && t.state == "recording" {
		t.spoken += d
	}
}
