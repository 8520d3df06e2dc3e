package asteriskfake

import (
	"encoding/json"
	"maps"
	"time"
)

// stamp is how Asterisk writes times.
func stamp(t time.Time) string { return t.Format("2006-01-02T15:04:05.000-0700") }

// wireChannel is a channel in events and answers, in Asterisk's order.
type wireChannel struct {
	ID           string            `json:"id"`
	Name         string            `json:"name"`
	State        string            `json:"state"`
	ProtocolID   string            `json:"protocol_id"`
	Caller       wireID            `json:"caller"`
	Connected    wireID            `json:"connected"`
	AccountCode  string            `json:"accountcode"`
	Dialplan     wireDialplan      `json:"dialplan"`
	CreationTime string            `json:"creationtime"`
	Language     string            `json:"language"`
	ChannelVars  map[string]string `json:"channelvars,omitempty"`
}

type wireID struct {
	Name   string `json:"name"`
	Number string `json:"number"`
}

type wireDialplan struct {
	Context  string `json:"context"`
	Exten    string `json:"exten"`
	Priority int    `json:"priority"`
	AppName  string `json:"app_name"`
	AppData  string `json:"app_data"`
}

type wireBridge struct {
	ID           string   `json:"id"`
	Technology   string   `json:"technology"`
	BridgeType   string   `json:"bridge_type"`
	BridgeClass  string   `json:"bridge_class"`
	Creator      string   `json:"creator"`
	Name         string   `json:"name"`
	Channels     []string `json:"channels"`
	CreationTime string   `json:"creationtime"`
	VideoMode    string   `json:"video_mode"`
}

type wirePlayback struct {
	ID        string `json:"id"`
	MediaURI  string `json:"media_uri"`
	NextMedia string `json:"next_media_uri,omitempty"`
	TargetURI string `json:"target_uri"`
	Language  string `json:"language"`
	State     string `json:"state"`
}

// fields are what an event has besides type, time and application.
type fields map[string]any

// send puts an event on the application's socket, if there is one. The lock is
// held, so events leave in the order in which things happened.
func (s *Server) send(kind string, f fields) {
	if s.socket == nil || s.filter[kind] {
		return
	}
	event := fields{"type": kind, "timestamp": stamp(time.Now()), "asterisk_id": EntityID, "application": App}
	maps.Copy(event, f)
	frame, err := json.Marshal(event)
	if err != nil {
		s.t.Errorf("fake asterisk: %v", err)
		return
	}
	for range s.copies(kind, f) {
		s.socket.push(frame)
	}
}

// Emit sends a frame of the test's own making, valid JSON or not.
func (s *Server) Emit(frame string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.socket != nil {
		s.socket.push([]byte(frame))
	}
}
