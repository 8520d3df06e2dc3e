package asteriskfake

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"time"
)

// channel is one leg. All of it is guarded by the server's lock.
type channel struct {
	wireChannel
	vars    map[string]string // all that were set, reported or not
	stasis  bool              // in the application now
	bridged bool              // ever in a bridge
	bridge  *bridge
	music   string
	ringing bool        // hears a ringing tone
	voice   int         // of who speaks on it, 0 for nobody
	muted   bool        // what it says is kept from all
	holds   bool        // by the phone's own key
	keys    string      // pressed towards it
	tracks  string      // both sides are recorded under that name
	tape    *recording  // made, or to be made when the queue is empty
	queue   []*playback // the first one plays
	playing *time.Timer
	dialled bool
	data    string // what it enters the application with once answered, and
	// dialplan says by which way
	dialplan bool
	timer    *time.Timer // entry into the application, then the dial timer

	caller *Caller // whose channel it is, or
	phone  *Phone  // which phone it rings
	others bool    // none of the application's: somebody else rings the phone
}

// forget stops what a channel of a killed server would still do.
func (ch *channel) forget() {
	for _, timer := range []*time.Timer{ch.playing, ch.timer} {
		if timer != nil {
			timer.Stop()
		}
	}
	if ch.tape != nil && ch.tape.timer != nil {
		ch.tape.timer.Stop()
	}
}

// newChannel adds a channel; "" asks for an ID like Asterisk's own.
func (s *Server) newChannel(id, endpoint string) *channel {
	if id == "" {
		id = fmt.Sprintf("%d.%d", s.boot.Unix(), s.count)
	}
	now := time.Now()
	ch := &channel{vars: map[string]string{}, wireChannel: wireChannel{
		ID: id, Name: fmt.Sprintf("PJSIP/%s-%08x", endpoint, s.count),
		ProtocolID:   fmt.Sprintf("%d-%d@fake", now.UnixNano(), s.count),
		CreationTime: stamp(now), Language: "en",
	}}
	s.count++
	s.channels[id] = ch
	s.order = append(s.order, id)
	return ch
}

// view is the channel as Asterisk tells it at this moment.
func (ch *channel) view() wireChannel { return ch.wireChannel }

func (s *Server) listChannels(*asked) (int, any) {
	list := []wireChannel{}
	for _, id := range s.order {
		list = append(list, s.channels[id].view())
	}
	return http.StatusOK, list
}

// onChannel answers 404 for a channel that is not there.
func (s *Server) onChannel(do func(*asked, *channel) (int, any)) answer {
	return func(r *asked) (int, any) {
		ch := s.channels[r.PathValue("channel")]
		if ch == nil {
			return http.StatusNotFound, says("Channel not found")
		}
		return do(r, ch)
	}
}

// inStasis answers 409 besides, for a channel outside the application.
func (s *Server) inStasis(do func(*asked, *channel) (int, any)) answer {
	return s.onChannel(func(r *asked, ch *channel) (int, any) {
		if !ch.stasis {
			return http.StatusConflict, says("Channel not in Stasis application")
		}
		return do(r, ch)
	})
}

func (s *Server) getChannel(_ *asked, ch *channel) (int, any) { return http.StatusOK, ch.view() }

func (s *Server) answerChannel(_ *asked, ch *channel) (int, any) {
	if ch.State != "Up" {
		s.setState(ch, "Up")
	}
	return http.StatusNoContent, nil
}

func (s *Server) setState(ch *channel, state string) {
	ch.State = state
	s.send("ChannelStateChange", fields{"channel": ch.view()})
}

// setVariables sets each variable of the body: a string, or an object that may ask
// for the variable to be reported in events.
func (s *Server) setVariables(r *asked, ch *channel) (int, any) {
	var vars map[string]json.RawMessage
	if json.Unmarshal(r.body["variables"], &vars) != nil || len(vars) == 0 {
		return http.StatusBadRequest, says("Variables are required")
	}
	reported := maps.Clone(ch.ChannelVars)
	for name, raw := range vars {
		var v struct {
			Value  string `json:"value"`
			Report bool   `json:"report_events"`
		}
		if json.Unmarshal(raw, &v.Value) != nil && json.Unmarshal(raw, &v) != nil {
			return http.StatusBadRequest, says("Variable %s is no string", name)
		}
		s.assign(ch, name, v.Value)
		if v.Report {
			if reported == nil {
				reported = map[string]string{}
			}
			reported[name] = v.Value
		}
	}
	ch.ChannelVars = reported
	for _, name := range slices.Sorted(maps.Keys(vars)) {
		s.send("ChannelVarset", fields{"variable": name, "value": ch.vars[name], "channel": ch.view()})
	}
	return http.StatusNoContent, nil
}

func (s *Server) getVariable(r *asked, ch *channel) (int, any) {
	if r.URL.Query().Get("variable") == "CHANNEL(pjsip,call-id)" {
		return http.StatusOK, fields{"value": ch.ProtocolID}
	}
	value, set := ch.vars[r.URL.Query().Get("variable")]
	if !set {
		return http.StatusNotFound, says("Provided variable was not found")
	}
	return http.StatusOK, fields{"value": value}
}

// assign sets a variable or one of the dialplan functions that matter here.
func (s *Server) assign(ch *channel, name, value string) {
	ch.vars[name] = value
	switch name {
	case "CHANNEL(language)":
		ch.Language = value
	case "CONNECTEDLINE(num,i)":
		ch.Connected.Number = value
	case "CONNECTEDLINE(name,i)":
		ch.Connected.Name = value
	}
}

func (s *Server) startMusic(r *asked, ch *channel) (int, any) {
	if ch.music = r.text("mohClass"); ch.music == "" {
		ch.music = "default"
	}
	return http.StatusNoContent, nil
}

func (s *Server) stopMusic(_ *asked, ch *channel) (int, any) {
	ch.music = ""
	return http.StatusNoContent, nil
}

// startRinging plays the tone to a channel that is up, and sends 180 to one that
// is not.
func (s *Server) startRinging(_ *asked, ch *channel) (int, any) {
	ch.ringing = true
	return http.StatusNoContent, nil
}

func (s *Server) stopRinging(_ *asked, ch *channel) (int, any) {
	ch.ringing = false
	return http.StatusNoContent, nil
}

func (s *Server) deleteChannel(r *asked, ch *channel) (int, any) {
	cause, err := strconv.Atoi(r.text("reason_code"))
	if err != nil {
		cause = causeNormal
	}
	s.hangUp(ch, ending{cause: cause, ours: true})
	return http.StatusNoContent, nil
}

// The Q.850 causes that happen here.
const (
	causeNormal   = 16
	causeNoAnswer = 19
	causeOurs     = 32 // of a request made on Asterisk's side
	causeOther    = 127
)

var causeTexts = map[int]string{
	1: "Unallocated (unassigned) number", 16: "Normal Clearing", 17: "User busy",
	19: "User alerting, no answer", 21: "Call Rejected", 26: "Answered elsewhere",
	34: "Circuit/channel congestion",
}

// ending is why a channel ends.
type ending struct {
	cause int
	tech  int  // SIP status, 0 if none
	ours  bool // asked for on Asterisk's side (DELETE, dial timer), not by the peer
}

func (e ending) add(f fields) fields {
	if e.tech != 0 {
		f["tech_cause"] = e.tech
	}
	return f
}

// hangUp ends a channel with the events that Asterisk sends, in its order.
func (s *Server) hangUp(ch *channel, e ending) {
	ch.forget()
	inStasis := ch.stasis
	if inStasis || ch.phone != nil {
		s.sendHangupRequest(ch, e)
	}
	s.failPlaybacks(ch)
	s.endRecording(ch)
	s.keepTracks(ch)
	s.leaveBridge(ch)
	if inStasis {
		ch.stasis = false
		s.send("StasisEnd", fields{"channel": ch.view()})
	}
	// StasisEnd ends the application's subscription to a caller's channel; what
	// a bridge or our own request touched is heard to its end all the same.
	if ch.phone != nil || s.watched["PJSIP/"+endpointOf(ch.wireChannel)] || inStasis && (ch.bridged || e.ours) {
		ch.Dialplan.AppName, ch.Dialplan.AppData = "", ""
		s.send("ChannelDestroyed", e.add(fields{
			"cause": e.cause, "cause_txt": causeTexts[e.cause], "channel": ch.view(),
		}))
	}
	delete(s.channels, ch.ID)
	s.order = slices.DeleteFunc(s.order, func(id string) bool { return id == ch.ID })
	if ch.caller != nil {
		ch.caller.ended, ch.caller.cause = true, e.cause
	}
	if ch.phone != nil {
		ch.phone.ended(ch, e)
		s.tellEndpoint(ch.phone.ID)
	}
	s.touch()
}

func (s *Server) sendHangupRequest(ch *channel, e ending) {
	f := fields{"channel": ch.view()}
	switch {
	case e.ours:
		f["cause"], f["soft"] = causeOurs, true
	case e.tech != 0: // a BYE brings no cause, a refusal does
		f["cause"], f["tech_cause"] = e.cause, e.tech
	}
	s.send("ChannelHangupRequest", f)
}
