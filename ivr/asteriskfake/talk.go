package asteriskfake

import (
	"maps"
	"net/http"
	"slices"
	"strings"
)

// removeChannels takes all or none out, as Asterisk does.
func (s *Server) removeChannels(r *asked) (int, any) {
	b := s.bridges[r.PathValue("bridge")]
	if b == nil {
		return http.StatusNotFound, says("Bridge not found")
	}
	ids := r.list("channel")
	for _, id := range ids {
		switch ch := s.channels[id]; {
		case ch == nil:
			return http.StatusBadRequest, says("Channel not found")
		case !ch.stasis:
			return http.StatusUnprocessableEntity, says("Channel not in Stasis application")
		}
	}
	for _, id := range ids {
		if s.channels[id].bridge != b {
			return http.StatusUnprocessableEntity, says("Channel not in this bridge")
		}
	}
	for _, id := range ids {
		s.leaveBridge(s.channels[id])
	}
	return http.StatusNoContent, nil
}

func (s *Server) muteChannel(r *asked, ch *channel) (int, any) {
	if direction := r.text("direction"); direction != "in" {
		return http.StatusBadRequest, says("fake asterisk mutes in, not %s", direction)
	}
	ch.muted = r.Method == http.MethodPost
	return http.StatusNoContent, nil
}

func (s *Server) sendDTMF(r *asked, ch *channel) (int, any) {
	if ch.State != "Up" {
		return http.StatusConflict, says("Channel is not in the 'Up' state")
	}
	if r.text("dtmf") == "" {
		return http.StatusBadRequest, says("DTMF is required")
	}
	ch.keys += r.text("dtmf")
	return http.StatusNoContent, nil
}

// transferAnswers are the states that may be said of a transfer, and what SIP
// status the phone is told.
var transferAnswers = map[string]int{
	"channel_progress": 100, "channel_answered": 200, "channel_unavailable": 503, "channel_declined": 603,
}

// transferProgress answers a phone's REFER. Asterisk tells the application of it
// once more, with the state that it has itself chosen.
func (s *Server) transferProgress(r *asked, ch *channel) (int, any) {
	state := r.text("states")
	status, known := transferAnswers[state]
	if !known {
		return http.StatusBadRequest, says("Invalid states value")
	}
	if p := ch.phone; p != nil && p.asks != nil {
		f := maps.Clone(p.asks)
		f["state"] = state
		s.send("ChannelTransfer", f)
		if status >= http.StatusOK {
			p.asks, p.told = nil, status
		}
	}
	return http.StatusNoContent, nil
}

// Hold presses the phone's hold key, or takes the call back.
func (p *Phone) Hold(on bool) {
	p.set(func() {
		ch := p.leg
		if ch == nil || ch.State != "Up" || ch.holds == on {
			return
		}
		ch.holds = on
		if on {
			p.server.send("ChannelHold", fields{"channel": ch.view()})
		} else {
			p.server.send("ChannelUnhold", fields{"channel": ch.view()})
		}
	})
}

// Transfer presses the phone's transfer key and dials to; other, if not nil, is the
// phone's own other call, which is to be joined to this one.
func (p *Phone) Transfer(to string, other *Caller) {
	p.set(func() {
		ch := p.leg
		if ch == nil || ch.State != "Up" {
			return
		}
		wanted := fields{"destination": to}
		referTo := fields{"requested_destination": wanted}
		if other != nil {
			wanted["protocol_id"] = other.ch.ProtocolID
			referTo["destination_channel"] = other.ch.view()
		}
		from := fields{"source_channel": ch.view()}
		if ch.bridge != nil {
			from["bridge"] = ch.bridge.view()
		}
		p.asks, p.told = fields{"refer_to": referTo, "referred_by": from}, 0
		p.server.send("ChannelTransfer", p.asks)
	})
}

// WaitTransferred waits for the answer to a transfer asked for: a SIP status.
func (p *Phone) WaitTransferred() int {
	p.server.t.Helper()
	p.server.wait("phone "+p.ID+" hears of its transfer", func() bool { return p.told != 0 })
	p.server.mu.Lock()
	defer p.server.mu.Unlock()
	return p.told
}

// heardBy lists the voices that a channel hears, sorted: of who speaks in its
// bridge. The lock is held.
func (s *Server) heardBy(ch *channel) (voices []int) {
	if ch == nil || ch.bridge == nil || ch.State != "Up" || s.onHold(ch) {
		return nil
	}
	for _, id := range ch.bridge.members {
		if other := s.channels[id]; other != ch && other.voice != 0 && !other.muted && !other.holds && other.State == "Up" {
			voices = append(voices, other.voice)
		}
	}
	slices.Sort(voices)
	return voices
}

// onHold says that the phone at the other end of the bridge holds: Asterisk plays
// music to the one who is with it, as long as they are two.
func (s *Server) onHold(ch *channel) bool {
	return ch.bridge != nil && len(ch.bridge.members) == 2 &&
		slices.ContainsFunc(ch.bridge.members, func(id string) bool { return id != ch.ID && s.channels[id].holds })
}

// person is one who speaks and listens on a channel that may change.
type person struct {
	server *Server
	name   string
	on     func() *channel
}

func (c *Caller) person() person {
	return person{c.server, "caller " + c.ID, func() *channel { return c.ch }}
}

func (p *Phone) person() person {
	return person{p.server, "phone " + p.ID, func() *channel { return p.leg }}
}

func (p person) say(voice int) {
	p.server.mu.Lock()
	defer p.server.mu.Unlock()
	if ch := p.on(); ch != nil {
		ch.voice = voice
	}
	p.server.touch()
}

func (p person) waitHears(voices []int) {
	p.server.t.Helper()
	p.wait("hears others", func(ch *channel) bool {
		return slices.Equal(p.server.heardBy(ch), slices.Sorted(slices.Values(voices)))
	})
}

func (p person) waitMusic() {
	p.server.t.Helper()
	p.wait("hears music", func(ch *channel) bool { return ch.music != "" || p.server.onHold(ch) })
}

func (p person) waitKeys(keys string) {
	p.server.t.Helper()
	p.wait("hears keys "+keys, func(ch *channel) bool { return ch.keys == keys })
}

func (p person) wait(what string, cond func(*channel) bool) {
	p.server.t.Helper()
	p.server.wait(strings.Join([]string{p.name, what}, " "), func() bool { ch := p.on(); return ch != nil && cond(ch) })
}

// Say speaks from now on, with a voice that others know by its number, above 0.
func (c *Caller) Say(voice int) { c.person().say(voice) }

// WaitHears waits until the caller hears just these voices; none: nobody.
func (c *Caller) WaitHears(voices ...int) {
	c.server.t.Helper()
	c.person().waitHears(voices)
}

// WaitAnyMusic waits until the caller hears music, of whatever class and from
// whomever: a phone that holds has Asterisk's played to who is with it.
func (c *Caller) WaitAnyMusic() {
	c.server.t.Helper()
	c.person().waitMusic()
}

// WaitKeys waits until just these keys have been pressed towards the caller.
func (c *Caller) WaitKeys(keys string) {
	c.server.t.Helper()
	c.person().waitKeys(keys)
}

// Say speaks from now on; see Caller.Say.
func (p *Phone) Say(voice int) { p.person().say(voice) }

// WaitHears waits until the phone hears just these voices; none: nobody.
func (p *Phone) WaitHears(voices ...int) {
	p.server.t.Helper()
	p.person().waitHears(voices)
}

// WaitMusic waits until the phone hears music.
func (p *Phone) WaitMusic() {
	p.server.t.Helper()
	p.person().waitMusic()
}

// WaitKeys waits until just these keys have been pressed towards the phone.
func (p *Phone) WaitKeys(keys string) {
	p.server.t.Helper()
	p.person().waitKeys(keys)
}
