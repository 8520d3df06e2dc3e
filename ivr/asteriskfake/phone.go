package asteriskfake

// Phone is an agent's phone, registered from the start. Dialled, it rings until
// the test answers, refuses or lets it ring; see Behave for phones that act by
// themselves.
type Phone struct {
	ID string // of the endpoint: "PJSIP/<ID>"

	server  *Server
	offline bool
	act     func(*Phone) // run in a goroutine of its own at each ring
	leg     *channel     // the one that rings or talks
	shown   wireID
	rings   int
	cause   int    // of the last end
	asks    fields // the transfer asked for and not answered
	told    int    // SIP status of the last answer to one
	dead    bool
	unknown bool // a number outside that nobody has
}

// Phone registers a phone, or gives the one registered before.
func (s *Server) Phone(id string) *Phone {
	s.mu.Lock()
	defer s.mu.Unlock()
	p := s.phones[id]
	if p == nil {
		p = &Phone{ID: id, server: s}
		s.phones[id] = p
	}
	return p
}

// trunk is the endpoint to numbers outside: "PJSIP/+33199000100@trunk".
const trunk = "@trunk"

// Outside gives the phone of a customer outside, whom the trunk rings. A number
// that no phone was asked for is unknown there (404).
func (s *Server) Outside(number string) *Phone {
	s.mu.Lock()
	defer s.mu.Unlock()
	p := s.outside(number)
	p.unknown = false
	return p
}

func (s *Server) outside(number string) *Phone {
	p := s.phones[number+trunk]
	if p == nil {
		p = &Phone{ID: number + trunk, server: s, unknown: true}
		s.phones[p.ID] = p
	}
	return p
}

// Offline unregisters the phone; a leg to it cannot be made any more.
func (p *Phone) Offline() {
	p.set(func() { p.offline = true; p.server.tellEndpoint(p.ID) })
}

// Online registers it again.
func (p *Phone) Online() {
	p.set(func() { p.offline = false; p.server.tellEndpoint(p.ID) })
}

// RungByOthers lets a call that is none of the application's ring the phone.
func (p *Phone) RungByOthers() {
	p.set(func() {
		s := p.server
		ch := s.newChannel("", p.ID)
		ch.State, ch.phone, ch.others = "Down", p, true
		s.tellEndpoint(p.ID)
		s.send("ChannelCreated", fields{"channel": ch.view()})
		p.invited(ch)
	})
}

// Unplug makes the phone reachable and mute: an INVITE gets no answer at all.
func (p *Phone) Unplug() { p.set(func() { p.dead = true }) }

func (p *Phone) set(change func()) {
	p.server.mu.Lock()
	defer p.server.mu.Unlock()
	change()
	p.server.touch()
}

// Behave makes the phone act by itself at every ring: (*Phone).Answer, or a
// function of the test's. It runs in a goroutine that ends before the test.
func (p *Phone) Behave(act func(*Phone)) { p.set(func() { p.act = act }) }

// invited is the INVITE. The lock is held.
func (p *Phone) invited(ch *channel) {
	if p.dead {
		return
	}
	s := p.server
	switch {
	case p.unknown:
		s.hangUp(ch, ending{cause: 1, tech: 404})
		return
	case p.leg != nil: // one line
		s.hangUp(ch, ending{cause: 17, tech: 486})
		return
	}
	p.leg, p.shown = ch, ch.Connected
	p.rings++
	s.setState(ch, "Ringing")
	s.sendDial(ch, "RINGING")
	if act := p.act; act != nil {
		s.acts.Go(func() { act(p) })
	}
}

// Answer picks up, if it rings.
func (p *Phone) Answer() {
	p.set(func() {
		if ch := p.leg; ch != nil && ch.State == "Ringing" {
			ch.forget()
			p.server.setState(ch, "Up")
			p.server.sendDial(ch, "ANSWER")
			p.server.arrive(ch)
		}
	})
}

// refusals are the Q.850 causes of SIP refusals.
var refusals = map[int]int{404: 1, 480: 19, 486: 17, 603: 21}

// Refuse turns the ring down with a SIP status: 486 busy, 603 decline, 480, 404.
func (p *Phone) Refuse(status int) {
	p.set(func() {
		if p.leg != nil && p.leg.State == "Ringing" {
			p.server.hangUp(p.leg, ending{cause: refusals[status], tech: status})
		}
	})
}

// HangUp ends the talk from the agent's side.
func (p *Phone) HangUp() {
	p.set(func() {
		if p.leg != nil && p.leg.State == "Up" {
			p.server.hangUp(p.leg, ending{cause: causeNormal})
		}
	})
}

// ended is told by the server. The lock is held.
func (p *Phone) ended(ch *channel, e ending) {
	if p.leg == ch {
		p.leg, p.cause = nil, e.cause
	}
}

// WaitRinging waits until the phone rings and gives what it shows of the caller.
func (p *Phone) WaitRinging() (number, name string) {
	p.server.t.Helper()
	p.server.wait("phone "+p.ID+" rings", func() bool { return p.leg != nil && p.leg.State == "Ringing" })
	p.server.mu.Lock()
	defer p.server.mu.Unlock()
	return p.shown.Number, p.shown.Name
}

// WaitIdle waits until the phone neither rings nor talks, and gives the Q.850
// cause of its last leg's end.
func (p *Phone) WaitIdle() int {
	p.server.t.Helper()
	p.server.wait("phone "+p.ID+" idle", func() bool { return p.leg == nil })
	p.server.mu.Lock()
	defer p.server.mu.Unlock()
	return p.cause
}

// Rings counts how often the phone has rung.
func (p *Phone) Rings() int {
	p.server.mu.Lock()
	defer p.server.mu.Unlock()
	return p.rings
}
