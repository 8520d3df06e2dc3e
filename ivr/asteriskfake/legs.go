package asteriskfake

import (
	"encoding/json"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// createChannel is create: a leg in state Down that enters the application by
// itself a moment later, and may be dialled only then.
func (s *Server) createChannel(r *asked) (int, any) {
	ch, status, said := s.makeLeg(r, r.text("channelId"))
	if ch != nil {
		data := stasisData(r)
		ch.timer = time.AfterFunc(time.Millisecond, func() { s.enterLeg(ch, data) })
	}
	return status, said
}

// originateChannel makes a channel and rings it in one. It enters the application
// with its answer: by itself if the request names the application, and by the
// dialplan, which tries again while the application is away, if it names that.
func (s *Server) originateChannel(r *asked) (int, any) {
	ch, status, said := s.makeLeg(r, r.PathValue("channel"))
	if ch == nil {
		return status, said
	}
	ch.dialplan = r.text("app") == ""
	if ch.data = App + ",leg"; !ch.dialplan {
		ch.data = stasisData(r)
	}
	s.dial(r, ch)
	return status, said
}

// stasisData is what a request has a channel enter the application with.
func stasisData(r *asked) string {
	if args := r.text("appArgs"); args != "" {
		return App + "," + args
	}
	return App
}

// arrive brings a leg that was rung in one request, and is answered, into the
// application.
func (s *Server) arrive(ch *channel) {
	if ch.data == "" || ch.stasis {
		return
	}
	ch.timer = time.AfterFunc(time.Millisecond, func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		switch {
		case s.channels[ch.ID] != ch:
			return
		case s.socket != nil:
			s.enter(ch, ch.data)
		case ch.dialplan:
			s.arrive(ch)
		default:
			s.hangUp(ch, ending{cause: causeNormal, ours: true})
		}
		s.touch()
	})
}

// makeLeg makes the channel of a leg, or says why not.
func (s *Server) makeLeg(r *asked, id string) (ch *channel, status int, said any) {
	if s.channels[id] != nil {
		return nil, http.StatusConflict, says("Channel with given unique ID already exists")
	}
	name, pjsip := strings.CutPrefix(r.text("endpoint"), "PJSIP/")
	phone := s.phones[name]
	if number, outside := strings.CutSuffix(name, trunk); phone == nil && outside {
		phone = s.outside(number)
	}
	if !pjsip || phone == nil || phone.offline {
		return nil, http.StatusInternalServerError, map[string]string{"error": "Allocation failed"}
	}
	ch = s.newChannel(id, name)
	ch.State, ch.phone = "Down", phone
	ch.Dialplan = wireDialplan{Context: "agents", Exten: "s", Priority: 1}
	var vars map[string]string
	if raw, ok := r.body["variables"]; ok && json.Unmarshal(raw, &vars) == nil {
		for k, v := range vars {
			s.assign(ch, k, v)
		}
	}
	created := ch.view()
	s.tellEndpoint(name)
	s.send("ChannelCreated", fields{"channel": created})
	return ch, http.StatusOK, created
}

func (s *Server) enterLeg(ch *channel, data string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.channels[ch.ID] != ch {
		return
	}
	s.enter(ch, data)
	s.touch()
}

// enter is Stasis(): the channel is the application's from here on.
func (s *Server) enter(ch *channel, data string) {
	ch.stasis = true
	ch.Dialplan.AppName, ch.Dialplan.AppData = "Stasis", data
	s.send("StasisStart", fields{"args": strings.Split(data, ",")[1:], "channel": ch.view()})
}

func (s *Server) dialChannel(r *asked, ch *channel) (int, any) {
	if ch.State != "Down" {
		return http.StatusConflict, says("Channel is not in the 'Down' state")
	}
	if ch.dialled {
		// An INVITE is under way and the phone has not said a word: Asterisk
		// accepts the second dial, fails at it, and hangs up.
		s.hangUp(ch, ending{cause: causeNormal, ours: true})
		return http.StatusNoContent, nil
	}
	s.dial(r, ch)
	return http.StatusNoContent, nil
}

// dial is the INVITE, and its timer.
func (s *Server) dial(r *asked, ch *channel) {
	ch.dialled = true
	s.sendDial(ch, "")
	if seconds, err := strconv.Atoi(r.text("timeout")); err == nil && seconds > 0 {
		ch.timer = time.AfterFunc(time.Duration(seconds)*time.Second, func() { s.ranOut(ch) })
	}
	ch.phone.invited(ch)
}

func (s *Server) sendDial(ch *channel, status string) {
	dialled := ""
	if status == "" {
		dialled = ch.phone.ID
	}
	s.send("Dial", fields{"dialstatus": status, "forward": "", "dialstring": dialled, "peer": ch.view()})
}

// ranOut is the dial timer.
func (s *Server) ranOut(ch *channel) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.channels[ch.ID] != ch || ch.State == "Up" {
		return
	}
	s.hangUp(ch, ending{cause: causeNoAnswer, tech: 480, ours: true})
}
