package asteriskfake

import (
	"maps"
	"net/http"
	"slices"
	"time"
)

type bridge struct {
	id      string
	created time.Time
	members []string
}

func (b *bridge) view() wireBridge {
	return wireBridge{
		ID: b.id, Technology: "simple_bridge", BridgeType: "mixing", BridgeClass: "stasis", Creator: "Stasis",
		Channels: append([]string{}, b.members...), CreationTime: stamp(b.created), VideoMode: "talker",
	}
}

func (s *Server) listBridges(*asked) (int, any) {
	list := []wireBridge{}
	for _, id := range slices.Sorted(maps.Keys(s.bridges)) {
		list = append(list, s.bridges[id].view())
	}
	return http.StatusOK, list
}

func (s *Server) createBridge(r *asked) (int, any) {
	id := r.PathValue("bridge")
	if s.bridges[id] != nil {
		return http.StatusConflict, says("Bridge with id '%s' already exists", id)
	}
	b := &bridge{id: id, created: time.Now()}
	s.bridges[id] = b
	return http.StatusOK, b.view()
}

// deleteBridge removes a bridge; its members stay up, in the application.
func (s *Server) deleteBridge(r *asked) (int, any) {
	b := s.bridges[r.PathValue("bridge")]
	if b == nil {
		return http.StatusNotFound, says("Bridge not found")
	}
	for _, id := range slices.Clone(b.members) {
		s.leaveBridge(s.channels[id])
	}
	delete(s.bridges, b.id)
	s.send("BridgeDestroyed", fields{"bridge": b.view()})
	return http.StatusNoContent, nil
}

// addChannels adds all or none. A string in a body is one channel, commas and all.
func (s *Server) addChannels(r *asked) (int, any) {
	b := s.bridges[r.PathValue("bridge")]
	if b == nil {
		return http.StatusNotFound, says("Bridge not found")
	}
	ids := r.list("channel")
	for _, id := range ids {
		if s.channels[id] == nil {
			return http.StatusBadRequest, says("Channel not found")
		}
		if !s.channels[id].stasis {
			return http.StatusUnprocessableEntity, says("Channel not in Stasis application")
		}
	}
	for _, id := range ids {
		ch := s.channels[id]
		if ch.bridge == b {
			continue
		}
		s.leaveBridge(ch)
		ch.bridge, ch.bridged, ch.music = b, true, ""
		b.members = append(b.members, id)
		s.send("ChannelEnteredBridge", fields{"bridge": b.view(), "channel": ch.view()})
	}
	return http.StatusNoContent, nil
}

func (s *Server) leaveBridge(ch *channel) {
	b := ch.bridge
	if b == nil {
		return
	}
	ch.bridge = nil
	b.members = slices.DeleteFunc(b.members, func(id string) bool { return id == ch.ID })
	s.send("ChannelLeftBridge", fields{"bridge": b.view(), "channel": ch.view()})
}
