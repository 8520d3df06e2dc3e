package call

import (
	"context"
	"time"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/metric"

	"linekeeper/cdr"
	"linekeeper/cdr/numbers"
	"linekeeper/ivr/identify"
	"linekeeper/queue"
)

// The channels of ended calls are remembered for pastFor. For the first pastFresh
// of it an inventory may be older than the end; after that a channel that is
// still there was not hung up, whatever we were told.
const (
	pastFor   = 10 * time.Minute
	pastFresh = 10 * time.Second
)

// SwitchEvent gives an event to the call it concerns. It implements SwitchSink:
// it never blocks and is called from one goroutine for each node.
func (c *Calls) SwitchEvent(ev SwitchEvent) {
	if c.ctx.Err() != nil {
		return // stopped: the next controller reads it from its inventory
	}
	switch ev := ev.(type) {
	case Incoming:
		c.incoming(ev)
	case Inventory:
		c.inventory(ev)
	case PhoneSeen:
		c.deps.Floor.Tell(queue.PhoneChange{Agent: ev.Agent, Desk: ev.Desk, Phone: ev.Phone})
		if a := c.waitingFor(ev.Agent); a != nil {
			a.box.Put(fromSwitch{ev})
		}
	case NodeLost:
		for _, a := range c.onNode(ev.Node) {
			a.box.Put(fromSwitch{ev})
		}
	default:
		if a := c.byEvent(ev); a != nil {
			a.box.Put(fromSwitch{ev})
		}
	}
}

// byEvent finds the call of a channel's event.
func (c *Calls) byEvent(ev SwitchEvent) *actor {
	ch := ev.about()
	if id, ours := CallOf(ch); ours {
		return c.find(id)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.byChannel[ch]
}

// incoming begins a call, unless its channel has one already, or is an agent's who
// dials somebody in mid-call.
func (c *Calls) incoming(in Incoming) {
	c.mu.Lock()
	_, known := c.byChannel[in.Channel]
	_, gone := c.past[in.Channel]
	full := c.deps.Most > 0 && len(c.byChannel) >= c.deps.Most
	talk := c.inHandOn(in)
	if talk != nil && !known && !gone {
		c.hasLine(talk, in.Channel)
	}
	c.mu.Unlock()
	switch {
	case known || gone:
	case talk != nil:
		talk.box.Put(fromSwitch{in})
	case full:
		c.shed(in, "as many calls as may be are live", "full")
	case in.Late > latest:
		c.shed(in, "what Asterisk tells comes too late for anybody to be led well", "late")
	default:
		in.Caller = cleaned(in.Caller)
		a := newActor(c, State{Call: c.deps.NewID(), Node: in.Node, Channel: in.Channel})
		a.box.Put(fromSwitch{in})
		c.launch(a)
	}
}

// latest is how late the line from Asterisk may run for a new caller to be let in.
// They would wait so long for the first sound, and so would who is in line for theirs;
// without a bound the line runs later with each who comes.
const latest = 4 * time.Second

// shed refuses a new caller with congestion (SIP 503), so that those who are in keep
// what they have.
func (c *Calls) shed(in Incoming, why, reason string) {
	c.log.Warn("call refused: "+why, "number", in.Number, "live", c.Live(), "late", in.Late)
	shed.Add(c.ctx, 1, metric.WithAttributes(attribute.String("reason", reason)))
	c.sweep(HangUp{Channel: in.Channel, Reason: Congestion})
}

// inHandOn is the call in hand on the phone that dials. What it dials belongs to that
// call, unless calls come in on that number. The lock is held.
func (c *Calls) inHandOn(in Incoming) *actor {
	if _, routed := c.rules.Load().Routes[in.Number]; routed || in.Phone == "" {
		return nil
	}
	return c.talking[in.Phone]
}

// cleaned makes what the network says about the caller harmless, and its number
// one the directory can find where it can be read as a number. One that is withheld is
// none: else all who withhold theirs would be known by the word that stands for it, as
// one caller.
func cleaned(c cdr.Caller) cdr.Caller {
	if identify.Withheld(c.Number) {
		c.Number = ""
		if identify.Withheld(c.Name) {
			c.Name = ""
		}
	}
	c.Name = identify.Clean(c.Name)
	if e164, ok := numbers.E164(c.Number, homeRegion); ok {
		c.Number = e164
		return c
	}
	c.Number = identify.Clean(c.Number)
	return c
}

// homeRegion is where numbers without a country code are at home.
const homeRegion = "FR"

// inventory lets every call of the node be held against it, then sees to what
// no call knows: a caller who came while nobody was looking is led in, anything
// else is swept away.
func (c *Calls) inventory(inv Inventory) {
	actors := c.onNode(inv.Node)
	for _, a := range actors {
		a.box.Put(fromSwitch{inv})
	}
	c.forgetPast(inv.Began)
	var stray []Command
	for _, seen := range inv.Channels {
		if c.knows(seen.Channel, inv.Began) {
			continue
		}
		if seen.Incoming != nil && !c.isPast(seen.Channel) {
			c.incoming(*seen.Incoming)
			continue
		}
		stray = append(stray, HangUp{Channel: seen.Channel, Reason: Normal})
	}
	for _, b := range inv.Bridges {
		if id, ours := CallOf(b.Bridge); ours && c.find(id) == nil {
			stray = append(stray, DestroyBridge{Bridge: b.Bridge})
		}
	}
	c.sweep(stray...)
	c.nothingToReclaim()
}

// knows says whether a channel is a live call's, or was shortly before now.
func (c *Calls) knows(ch ChannelID, now time.Time) bool {
	if id, ours := CallOf(ch); ours {
		return c.find(id) != nil
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	_, live := c.byChannel[ch]
	ended, past := c.past[ch]
	return live || past && now.Sub(ended) < pastFresh
}

// isPast says whether a channel was the caller's of a call that has ended.
func (c *Calls) isPast(ch ChannelID) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	_, past := c.past[ch]
	return past
}

func (c *Calls) forgetPast(now time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for ch, at := range c.past {
		if now.Sub(at) > pastFor {
			delete(c.past, ch)
		}
	}
}

// sweep removes what belongs to no call.
func (c *Calls) sweep(cmds ...Command) {
	for _, cmd := range cmds {
		c.wg.Go(func() {
			ctx, cancel := context.WithTimeout(context.WithoutCancel(c.ctx), commandWait)
			defer cancel()
			orphans.Add(ctx, 1)
			c.log.Warn("orphan removed", "command", nameOf(cmd), "what", cmd)
			if err := c.deps.Switch.Do(ctx, cmd); err != nil {
				c.log.Warn("orphan not removed", "command", nameOf(cmd), "err", err)
			}
		})
	}
}

// onNode are the actors of a node's calls.
func (c *Calls) onNode(node string) []*actor {
	c.mu.Lock()
	defer c.mu.Unlock()
	actors := make([]*actor, 0, len(c.byCall))
	for _, a := range c.byCall {
		if a.node == node {
			actors = append(actors, a)
		}
	}
	return actors
}

// reclaimedOne counts a restored call that has told the floor where it stands.
func (c *Calls) reclaimedOne() {
	c.mu.Lock()
	c.unclaimed--
	last := c.unclaimed == 0
	if last {
		c.unclaimed = -1
	}
	c.mu.Unlock()
	if last {
		c.deps.Floor.Tell(queue.Reclaimed{})
	}
}

// nothingToReclaim tells the floor at the first inventory when no call was
// restored.
func (c *Calls) nothingToReclaim() {
	c.mu.Lock()
	none := c.unclaimed == 0
	if none {
		c.unclaimed = -1
	}
	c.mu.Unlock()
	if none {
		c.deps.Floor.Tell(queue.Reclaimed{})
	}
}
