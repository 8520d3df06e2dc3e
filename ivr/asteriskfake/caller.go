package asteriskfake

import "slices"

// Caller is a person who dialled. Asterisk chose the channel's ID.
type Caller struct {
	ID string // of the channel

	server *Server
	ch     *channel // guarded by server.mu, with what follows
	number string
	inside bool // entered the application
	ended  bool
	cause  int
}

// Call dials number. The call enters the application if a controller holds it,
// and otherwise waits in the dialplan until one does.
func (s *Server) Call(number, callerNumber, callerName string) *Caller {
	s.mu.Lock()
	defer s.mu.Unlock()
	endpoint := "callers"
	if s.phones[callerNumber] != nil {
		endpoint = callerNumber // an agent's phone dials by itself
	}
	ch := s.newChannel("", endpoint)
	c := &Caller{ID: ch.ID, server: s, ch: ch, number: number}
	ch.caller, ch.State = c, "Ring"
	ch.Caller = wireID{Name: callerName, Number: callerNumber}
	ch.Dialplan = wireDialplan{Context: "arrive", Exten: number, Priority: 2}
	if s.socket != nil {
		c.enter()
	} else {
		c.waitInDialplan()
	}
	s.touch()
	return c
}

func (c *Caller) enter() {
	c.inside = true
	c.server.enter(c.ch, App+",arrive,"+c.number)
}

// waitInDialplan is what the dialplan does while the controller is away: it
// answers and plays music.
func (c *Caller) waitInDialplan() {
	c.ch.State = "Up"
	c.ch.Dialplan.AppName, c.ch.Dialplan.AppData = "MusicOnHold", "default,2"
}

// enterWaiting is the dialplan's next try. The lock is held.
func (s *Server) enterWaiting() {
	for _, id := range slices.Clone(s.order) {
		if c := s.channels[id].caller; c != nil && !c.inside {
			c.enter()
		}
	}
}

// Press presses keys, one after the other.
func (c *Caller) Press(digits string) {
	c.server.mu.Lock()
	defer c.server.mu.Unlock()
	for _, d := range digits {
		if !c.ended && c.ch.stasis {
			c.server.send("ChannelDtmfReceived", fields{
				"digit": string(d), "duration_ms": 100, "channel": c.ch.view(),
			})
			c.server.keyOnTape(c.ch, string(d))
		}
	}
}

// HangUp ends the call from the caller's side: CANCEL before the answer, BYE
// after it.
func (c *Caller) HangUp() {
	c.server.mu.Lock()
	defer c.server.mu.Unlock()
	if c.ended {
		return
	}
	if c.ch.State == "Up" {
		c.server.hangUp(c.ch, ending{cause: causeNormal})
	} else {
		c.server.hangUp(c.ch, ending{cause: causeOther, tech: 487})
	}
}

func (c *Caller) wait(what string, cond func() bool) {
	c.server.t.Helper()
	c.server.wait("caller "+c.ID+" "+what, cond)
}

// WaitAnswered waits until the call is answered.
func (c *Caller) WaitAnswered() {
	c.server.t.Helper()
	c.wait("answered", func() bool { return c.ch.State == "Up" })
}

// WaitPlaying waits until the caller hears media.
func (c *Caller) WaitPlaying(media string) {
	c.server.t.Helper()
	c.wait("hears "+media, func() bool {
		return len(c.ch.queue) > 0 && c.ch.queue[0].media[c.ch.queue[0].at] == media
	})
}

// WaitMusic waits until the caller hears music of a class.
func (c *Caller) WaitMusic(class string) {
	c.server.t.Helper()
	c.wait("hears music "+class, func() bool { return c.ch.music == class })
}

// WaitRinging waits until the caller hears somebody else's phone ring, WaitQuiet
// until not any more.
func (c *Caller) WaitRinging() {
	c.server.t.Helper()
	c.wait("hears it ring", func() bool { return c.ch.ringing })
}

// WaitQuiet waits for the end of what WaitRinging waits for.
func (c *Caller) WaitQuiet() {
	c.server.t.Helper()
	c.wait("hears no ringing", func() bool { return !c.ch.ringing })
}

// WaitTalkingTo waits until caller and phone are in one bridge, both answered.
func (c *Caller) WaitTalkingTo(p *Phone) {
	c.server.t.Helper()
	c.wait("talks to "+p.ID, func() bool {
		other := p.leg
		return c.ch.bridge != nil && other != nil && other.bridge == c.ch.bridge &&
			c.ch.State == "Up" && other.State == "Up"
	})
}

// WaitEnded waits for the call's end and gives its Q.850 cause.
func (c *Caller) WaitEnded() int {
	c.server.t.Helper()
	c.wait("ended", func() bool { return c.ended })
	c.server.mu.Lock()
	defer c.server.mu.Unlock()
	return c.cause
}

// Ended tells whether the call is over, without waiting.
func (c *Caller) Ended() bool {
	c.server.mu.Lock()
	defer c.server.mu.Unlock()
	return c.ended
}
