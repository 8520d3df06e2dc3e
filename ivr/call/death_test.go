package call

import (
	"maps"
	"slices"

	"pgregory.net/rapid"
)

// How a controller dies in the small world, and the next goes on.

// crash goes on with the next controller. Some channels went meanwhile, some
// phones were answered.
func (w *smallWorld) crash() {
	for _, ch := range slices.Sorted(maps.Keys(w.channels)) {
		switch rapid.SampledFrom([]string{"same", "same", "same", "gone", "up"}).Draw(w.t, "meanwhile") {
		case "gone":
			delete(w.channels, ch)
			delete(w.made, ch)
			delete(w.tapes.running, ch)
		case "up":
			if w.channels[ch] == "ringing" {
				w.channels[ch] = "up"
			}
		}
	}
	w.restart()
}

// restart is the next controller, which finds everything as it was.
func (w *smallWorld) restart() {
	w.placed = "" // the next floor knows what the call tells it
	clear(w.open)
	w.wanted, w.state.Wanted, w.tapes.told = nil, nil, nil
	w.readings.told = nil
	for ch := range w.dialled {
		if w.state.leg(ch) == nil {
			delete(w.made, ch) // by a controller that did not live to save it
		}
	}
	w.step(func(s *step) { s.reclaim(w.inventory()) })
	w.dialAgain()
}

// dies lets the controller die in its next step: before it is saved, or before it is
// carried out. Legs are made before either.
func (w *smallWorld) dies() {
	w.dying = rapid.SampledFrom([]string{"unsaved", "saved"}).Draw(w.t, "dies")
	w.one(slices.DeleteFunc(slices.Clone(anyKind), func(kind string) bool { return kind == "crash" || kind == "dies" || kind == "node-lost" }))
	w.dying = ""
	w.crash()
}

// lost is what is left of a step in which the controller died.
func (w *smallWorld) lost(cmds []Command, before State) {
	for _, cmd := range cmds {
		if _, makes := cmd.(CreateLeg); makes {
			w.asterisk(cmd)
		}
	}
	if w.dying == "unsaved" {
		w.state = before
		return
	}
	w.facts = append(w.facts, w.state.Pending...)
	w.state.Pending = nil
	w.state = w.saved()
}
