package asteriskfake

import (
	"maps"
	"net/http"
	"slices"
	"strings"
)

// wireEndpoint is a phone's endpoint in events and answers.
type wireEndpoint struct {
	Technology string   `json:"technology"`
	Resource   string   `json:"resource"`
	State      string   `json:"state"`
	ChannelIDs []string `json:"channel_ids"`
}

// endpoint is as Asterisk tells it: online with a contact, and with all channels
// of its own, whoever made them.
func (s *Server) endpoint(id string) wireEndpoint {
	e := wireEndpoint{Technology: "PJSIP", Resource: id, State: "offline", ChannelIDs: []string{}}
	contact := slices.ContainsFunc(s.dynamic["aor/"+id], func(a attribute) bool { return a.Attribute == "contact" })
	if p := s.phones[id]; contact || p != nil && !p.offline {
		e.State = "online"
	}
	for _, name := range s.order {
		if endpointOf(s.channels[name].wireChannel) == id {
			e.ChannelIDs = append(e.ChannelIDs, name)
		}
	}
	return e
}

// endpointOf reads a channel's name, "PJSIP/alice-00000001".
func endpointOf(ch wireChannel) string {
	id, _ := strings.CutPrefix(ch.Name, "PJSIP/")
	return id[:max(0, strings.LastIndexByte(id, '-'))]
}

func (s *Server) listEndpoints(*asked) (int, any) {
	list := []wireEndpoint{}
	for name := range s.dynamic {
		if id, ok := strings.CutPrefix(name, "endpoint/"); ok {
			list = append(list, s.endpoint(id))
		}
	}
	return http.StatusOK, list
}

func (s *Server) getEndpoint(r *asked) (int, any) {
	if _, there := s.dynamic["endpoint/"+r.PathValue("id")]; !there {
		return http.StatusNotFound, says("Endpoint not found")
	}
	return http.StatusOK, s.endpoint(r.PathValue("id"))
}

// tellEndpoint tells those who watch that a contact or a channel has come or gone.
func (s *Server) tellEndpoint(id string) {
	if s.watched["PJSIP/"+id] {
		s.send("EndpointStateChange", fields{"endpoint": s.endpoint(id)})
	}
}

// application is what subscriptions answer.
func (s *Server) application() map[string]any {
	return map[string]any{
		"name": App, "channel_ids": []string{}, "bridge_ids": []string{}, "device_names": []string{},
		"endpoint_ids": slices.Sorted(maps.Keys(s.watched)),
	}
}

func (s *Server) getApplication(*asked) (int, any) {
	if s.socket == nil {
		return http.StatusNotFound, says("Application not found")
	}
	return http.StatusOK, s.application()
}

// watch subscribes to all endpoints asked for, or to none.
func (s *Server) watch(r *asked) (int, any) {
	if s.socket == nil {
		return http.StatusNotFound, says("Application not found")
	}
	names := endpointSources(r)
	for _, name := range names {
		id, _ := strings.CutPrefix(name, "PJSIP/")
		if _, there := s.dynamic["endpoint/"+id]; !there {
			return http.StatusUnprocessableEntity, says("Event source does not exist")
		}
	}
	for _, name := range names {
		if _, again := s.watched[name]; !again {
			s.watched[name] = true
		}
	}
	return http.StatusOK, s.application()
}

func (s *Server) unwatch(r *asked) (int, any) {
	if s.socket == nil {
		return http.StatusNotFound, says("Application not found")
	}
	names := endpointSources(r)
	for _, name := range names {
		if _, there := s.watched[name]; !there {
			return http.StatusUnprocessableEntity, says("Event source was not subscribed to")
		}
	}
	for _, name := range names {
		delete(s.watched, name)
	}
	return http.StatusOK, s.application()
}

func endpointSources(r *asked) []string {
	names := r.list("eventSource")
	for i, source := range names {
		names[i] = strings.TrimPrefix(source, "endpoint:")
	}
	return names
}

// copies is how often Asterisk tells an event: what happens on a channel of a
// watched phone comes once for the channel and once for the phone; what happens
// on a channel that is none of the application's comes for the phone only.
func (s *Server) copies(kind string, f fields) int {
	about, _ := f["channel"].(wireChannel)
	if peer, ok := f["peer"].(wireChannel); ok {
		about = peer
	}
	if by, ok := f["referred_by"].(fields); ok {
		about, _ = by["source_channel"].(wireChannel)
	}
	ch := s.channels[about.ID]
	if ch == nil {
		return 1
	}
	watched := s.watched["PJSIP/"+endpointOf(ch.wireChannel)]
	switch {
	case (ch.others || kind == "ChannelCreated") && !watched:
		return 0
	case ch.others || !watched:
		return 1
	}
	switch kind {
	case "Dial", "ChannelStateChange", "ChannelDialplan", "ChannelVarset", "ChannelDtmfReceived",
		"ChannelHangupRequest", "ChannelDestroyed", "ChannelHold", "ChannelUnhold", "ChannelTransfer":
		return 2
	}
	return 1
}
