package api

import (
	"context"
	"errors"
	"slices"
	"time"

	"linekeeper/agentdesk"
	"linekeeper/agentdesk/api/internal/rest"
	"linekeeper/cdr"
)

// noteWithin bounds the keeping of a note. It is kept beside the live calls, not
// in PostgreSQL, so it waits for a disk at most.
const noteWithin = 3 * time.Second

// GetNote implements the operation getNote.
func (s *server) GetNote(ctx context.Context, req rest.GetNoteRequestObject) (rest.GetNoteResponseObject, error) {
	k, err := s.see(ctx, req.CallName, false)
	if err != nil {
		return nil, err
	}
	note, err := s.note(ctx, &k)
	if err != nil {
		s.log.WarnContext(ctx, "a note cannot be read", "call", k.who.Call, "error", err)
		return nil, errUnavailable
	}
	return rest.GetNote200JSONResponse(note), nil
}

// PutNote implements the operation putNote. Agents write on calls they have or
// had; nobody writes in another's place.
func (s *server) PutNote(ctx context.Context, req rest.PutNoteRequestObject) (rest.PutNoteResponseObject, error) {
	b := req.Body
	if err := text(b.Text); err != nil {
		return nil, err
	}
	if err := plain(append(deref(b.Done), deref(b.Writer))...); err != nil {
		return nil, err
	}
	k, _, err := s.find(ctx, cdr.CallID(req.CallName.String()), agentdesk.WriteNote, false)
	if err != nil {
		return nil, err
	}
	if s.deps.Notes == nil {
		return nil, errUnavailable
	}
	agent := who(ctx).viewer.Agent
	ask, cancel := context.WithTimeout(ctx, noteWithin)
	defer cancel()
	note, err := s.deps.Notes.Save(ask, agentdesk.NoteSave{
		Call: k.who.Call, Agent: agent, Revision: b.Revision, Text: b.Text, Done: b.Done,
		Writer: deref(b.Writer), Save: deref(b.Save), Script: s.script(&k, agent),
		Now: !slices.Contains(k.live.Talking, agent),
	})
	s.named(note.Others)
	switch {
	case errors.Is(err, agentdesk.ErrNoteChanged):
		return nil, errNoteChanged.showing(note)
	case err != nil:
		s.log.WarnContext(ctx, "a note was not kept", "call", k.who.Call, "error", err)
		return nil, errUnavailable
	}
	return rest.PutNote200JSONResponse(note), nil
}

// note is the viewer's note on a call and the others'. What the notebook has
// forgotten long after the call, the record has.
func (s *server) note(ctx context.Context, k *known) (agentdesk.CallNote, error) {
	none := agentdesk.CallNote{Done: []string{}, Others: []agentdesk.AgentNote{}}
	if s.deps.Notes == nil {
		return none, nil
	}
	agent := who(ctx).viewer.Agent
	ask, cancel := context.WithTimeout(ctx, noteWithin)
	defer cancel()
	note, err := s.deps.Notes.Note(ask, k.who.Call, agent)
	if err != nil {
		return none, err
	}
	for _, n := range k.record.Notes {
		recalled := agentdesk.AgentNote{Agent: n.Agent, Text: n.Text, Done: ticked(n.Checks), SavedAt: n.At}
		switch {
		case n.Agent == agent && note.Revision == 0:
			note.Text, note.Done, note.SavedAt = recalled.Text, recalled.Done, recalled.SavedAt
		case n.Agent != agent && !slices.ContainsFunc(note.Others, func(o agentdesk.AgentNote) bool { return o.Agent == n.Agent }):
			note.Others = append(note.Others, recalled)
		}
	}
	s.named(note.Others)
	return note, nil
}

// named puts the agents' names beside their IDs.
func (s *server) named(notes []agentdesk.AgentNote) {
	for i := range notes {
		notes[i].Name = notes[i].Agent
		if a := s.catalogue().agents[notes[i].Agent]; a != nil {
			notes[i].Name = a.Name
		}
	}
}

func ticked(checks []cdr.Check) []string {
	done := []string{}
	for _, c := range checks {
		if c.Done {
			done = append(done, c.Step)
		}
	}
	return done
}

// closeNote brings the note of a wrap-up together with the one typed: a text
// given is the last word, without one the note saved is it. A notebook that does
// not answer holds up no wrap-up: what was saved is told when it does.
func (s *server) closeNote(ctx context.Context, call cdr.CallID, agent string, given *string) string {
	if s.deps.Notes == nil {
		return deref(given)
	}
	ask, cancel := context.WithTimeout(ctx, noteWithin)
	defer cancel()
	text, err := s.deps.Notes.Close(ask, call, agent, given)
	if err != nil {
		s.log.WarnContext(ctx, "a note was not told before its wrap-up", "call", call, "error", err)
		return deref(given)
	}
	return text
}
