package api

import (
	"context"
	"errors"
	"strings"
	"time"
	"unicode/utf8"

	"linekeeper/agentdesk"
	"linekeeper/cdr"
	"linekeeper/queue"
)

const (
	// actWithin bounds an act: an agent asked for by name is looked for on the floor,
	// and what is decided is kept on a disk.
	actWithin = 5 * time.Second
	// longestNote is the contract's, in characters.
	longestNote = 8000
	// noteTries is how often an addition to a note is tried that is being typed.
	noteTries = 3
)

// ActDialOut is the audit log's word for a number that was not to be dialled, by
// whatever way it was asked for.
const ActDialOut = "dial-out"

// target is where a call is to go, or who is to be asked in, if there is such a one
// and it is allowed.
func (s *server) target(ctx context.Context, h inHand, act agentdesk.CallAct, kind cdr.PartyKind, to string, needs []cdr.Need) (Target, error) {
	t := Target{Kind: kind, To: to, Needs: needs}
	if err := plain(to); err != nil {
		return t, err
	}
	if len(needs) > 0 && kind != cdr.PartyQueue {
		return t, errNeeds
	}
	c, known := s.catalogue(), false
	switch kind {
	case cdr.PartyAgent:
		if to == h.agent {
			return t, errToSelf
		}
		known = c.agents[to] != nil
	case cdr.PartyQueue:
		known = c.queues[to]
		for _, n := range needs {
			if !c.skills[n.Skill] {
				return t, errSkill
			}
		}
	case cdr.PartyFlow:
		known = c.flows[to]
	case cdr.PartyNumber:
		var err error
		t.To, err = s.number(ctx, h.id, act, to)
		return t, err
	}
	if !known {
		return t, errNowhere
	}
	return t, nil
}

// number is a number in E.164 that may be dialled, or the no, which the audit log
// has as well.
func (s *server) number(ctx context.Context, call cdr.CallID, act agentdesk.CallAct, written string) (string, error) {
	who := who(ctx)
	refusal := &queue.DialRefusal{Number: written, Why: queue.DialNotListed}
	err := error(refusal)
	if s.deps.Dialler != nil {
		var e164 string
		e164, err = s.deps.Dialler.May(ctx, Dial{
			Account: who.account.Name, Role: who.viewer.Role, Call: call, Act: act, Number: written,
		})
		if err == nil {
			return e164, nil
		}
	}
	if errors.As(err, &refusal) && refusal.Why != queue.DialNotNumber && s.paces.allow(who.account.Name, s.now()) {
		s.auditAs(ctx, ActDialOut, refusal.Number, cdr.AuditDenied, string(refusal.Why)+", call "+string(call))
	}
	return "", err
}

// addNote adds to the agent's note on the call, so that whoever gets it knows what
// was said. Adding the same again changes nothing.
func (s *server) addNote(ctx context.Context, h inHand, added string) error {
	added = strings.TrimSpace(added)
	switch {
	case added == "":
		return nil
	case h.privileged:
		return errNoteOfOthers
	case s.deps.Notes == nil:
		return errUnavailable
	}
	if err := text(added); err != nil {
		return err
	}
	ask, cancel := context.WithTimeout(ctx, noteWithin)
	defer cancel()
	k := known{who: Who{Call: h.id}, live: h.live, on: true}
	err := agentdesk.ErrNoteChanged
	for range noteTries {
		if err = s.joinNote(ask, &k, h.agent, added); !errors.Is(err, agentdesk.ErrNoteChanged) {
			break
		}
	}
	var told *problem
	if err == nil || errors.As(err, &told) {
		return err
	}
	s.log.WarnContext(ctx, "a note was not kept", "call", h.id, "error", err)
	return errUnavailable
}

// joinNote puts an addition under the note as it stands.
func (s *server) joinNote(ctx context.Context, k *known, agent, added string) error {
	note, err := s.deps.Notes.Note(ctx, k.who.Call, agent)
	if err != nil {
		return err
	}
	joined := strings.TrimRight(note.Text, " \r\n\t")
	switch {
	case strings.HasSuffix(joined, added):
	case joined == "":
		joined = added
	default:
		joined += "\n" + added
	}
	if utf8.RuneCountInString(joined) > longestNote {
		return errNoteLength
	}
	_, err = s.deps.Notes.Save(ctx, agentdesk.NoteSave{
		Call: k.who.Call, Agent: agent, Revision: note.Revision, Text: joined, Script: s.script(k, agent), Now: true,
	})
	return err
}
