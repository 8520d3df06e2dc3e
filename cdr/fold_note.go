package cdr

import "slices"

// wrapUp folds the end of a wrap-up. One that nobody wrote a note in (it ran out,
// or the page was gone) has the note the agent had typed by then.
func (r *Record) wrapUp(f Fact, s WrappedUp) {
	note := s.Note
	if n := r.noteOf(s.Agent); n != nil && note == "" {
		note = n.Text
	}
	r.WrapUps = append(r.WrapUps, WrapUpNote{Offer: s.Offer, Agent: s.Agent, Disposition: s.Disposition, Note: note, At: f.At, Took: s.Took})
}

// write folds an agent's note. After the wrap-up it is the last word on it; before
// it, it waits for the wrap-up.
func (r *Record) write(f Fact, s Noted) {
	n := r.noteOf(s.Agent)
	if n == nil {
		r.Notes = append(r.Notes, AgentNote{Agent: s.Agent})
		n = &r.Notes[len(r.Notes)-1]
	}
	*n = AgentNote{Agent: s.Agent, Text: s.Text, Script: s.Script, Checks: slices.Clone(s.Checks), At: f.At, Seq: f.Seq}
	last, open := -1, 0
	for _, t := range r.Talks {
		if t.Agent == s.Agent {
			open++
		}
	}
	for i, w := range r.WrapUps {
		if w.Agent == s.Agent {
			last = i
			open--
		}
	}
	if last >= 0 && open <= 0 {
		r.WrapUps[last].Note = s.Text
	}
}

func (r *Record) noteOf(agent string) *AgentNote {
	for i := range r.Notes {
		if r.Notes[i].Agent == agent {
			return &r.Notes[i]
		}
	}
	return nil
}

// Unnoted is the ledger sequence of the newest agent's note that has come or
// changed since the record stood on the ticket, 0 when none has.
func (r *Record) Unnoted(t *Ticket) (seq uint64) {
	for _, n := range r.Notes {
		if n.Seq > t.NotedSeq {
			seq = max(seq, n.Seq)
		}
	}
	return seq
}
