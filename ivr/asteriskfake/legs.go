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
	id := r.text("channelId")
	if s.channels[id] != nil {
		return http.StatusConflict, says("Channel with given unique ID already exists")
	}
	name, pjsip := strings.CutPrefix(r.text("endpoint"), "PJSIP/")
	phone := s.phones[name]
	if number, outside := strings.CutSuffix(name, trunk); phone == nil && outside {
		phone = s.outside(number)
	}
	if !pjsip || phone == nil || phone.offline {
		return http.StatusInternalServerError, map[string]string{"error": "Allocation failed"}
	}
	ch := s.newChannel(id, name)
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
	data := App
	if args := r.text("appArgs"); args != "" {
		data += "," + args
	}
	ch.timer = time.AfterFunc(time.Millisecond, func() { s.enterLeg(ch, data) })
	return http.StatusOK, created
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
	ch.dialled = true
	s.sendDial(ch, "")
	if seconds, err := strconv.Atoi(r.text("timeout")); err == nil && seconds > 0 {
		ch.timer = time.AfterFunc(time.Duration(seconds)*time.Second, func() { s.ranOut(ch) })
	}
	ch.phone.invited(ch)
	return http.StatusNoContent, nil
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
