package api

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"time"

	"linekeeper/agentdesk"
	"linekeeper/agentdesk/api/internal/rest"
	"linekeeper/cdr"
)

// Recordings are the sounds of recorded talks.
type Recordings interface {
	// Open opens a part's sound, or ErrNotFound when it is not in the store.
	Open(ctx context.Context, call cdr.CallID, part cdr.RecordingPart) (Sound, error)
	// Delete deletes a part's sound; one that is not there is deleted.
	Delete(ctx context.Context, call cdr.CallID, part cdr.RecordingPart) error
}

// Sound is a WAV file. Close it.
type Sound interface {
	io.ReadSeekCloser
}

// Why there is no sound of a part.
var (
	errNoRecording = (&problem{status: 404, code: "unknown-recording", title: "There is no such recording."}).
			saying("Cet enregistrement n’existe pas.", "There is no such recording.")
	errRecordingDeleted = (&problem{status: 404, code: "recording-deleted", title: "The recording was deleted."}).
				saying("Cet enregistrement a été supprimé.", "This recording was deleted.")
	errRecordingExpired = (&problem{status: 404, code: "recording-deleted", title: "The recording was deleted: its time was up."}).
				saying("Cet enregistrement a été supprimé à la fin de sa durée de conservation.", "This recording was deleted when its time was up.")
	errRecordingNotReady = (&problem{status: 404, code: "recording-not-ready", title: "The recording is not in the store yet."}).
				saying("Cet enregistrement n’est pas encore prêt : il l’est peu après la fin de la partie.", "This recording is not ready yet: it is soon after the end of the part.")
	errRecordingMissing = (&problem{status: 404, code: "recording-missing", title: "The recording's file is missing."}).
				saying("Le son de cet enregistrement manque : son fichier est perdu. L’exploitant le trouve dans le journal.", "The sound of this recording is missing: its file is lost. The log says so to who runs the system.")
)

// RecordCall implements the operation recordCall.
func (s *server) RecordCall(ctx context.Context, req rest.RecordCallRequestObject) (rest.RecordCallResponseObject, error) {
	return rest.RecordCall204Response{}, s.use(ctx, req.CallName, Doing{Act: agentdesk.DoRecord, Record: string(req.Body.Do)})
}

// ListRecordings implements the operation listRecordings.
func (s *server) ListRecordings(ctx context.Context, req rest.ListRecordingsRequestObject) (rest.ListRecordingsResponseObject, error) {
	k, err := s.see(ctx, req.CallName, true)
	if err != nil {
		return nil, err
	}
	shown := rest.ListRecordings200JSONResponse{Recordings: []rest.RecordingPart{}}
	for _, p := range k.record.Recordings {
		if ok, _ := who(ctx).viewer.May(agentdesk.HearRecording, ofPart(p)); !ok {
			continue
		}
		shown.Recordings = append(shown.Recordings, rest.RecordingPart{
			Part: p.Part, Agent: p.Agent, Queue: p.Queue, BeganAt: p.BeganAt, LengthMs: p.Length.Milliseconds(),
			Bytes: p.Bytes, Deleted: !p.DeletedAt.IsZero(),
		})
	}
	return shown, nil
}

// ofPart is a part of a recording as rights know it.
func ofPart(p cdr.RecordingPart) agentdesk.Thing {
	return agentdesk.Thing{Agents: []string{p.Agent}, Queues: []string{p.Queue}}
}

// part finds a part that the viewer may do the act on. Who may not does not learn
// whether there is one.
func (s *server) part(ctx context.Context, id cdr.CallID, part int, act agentdesk.Act) (cdr.RecordingPart, error) {
	k, _, err := s.find(ctx, id, agentdesk.SeeCall, true)
	if err != nil {
		return cdr.RecordingPart{}, err
	}
	p := k.record.Recording(part)
	switch {
	case p == nil && k.on && !k.kept:
		return cdr.RecordingPart{}, errUnavailable
	case p == nil:
		return cdr.RecordingPart{}, errNoRecording
	}
	if _, err := allowOn(ctx, act, ofPart(*p), partName(id, part)); err != nil {
		return cdr.RecordingPart{}, err
	}
	switch {
	case !p.DeletedAt.IsZero() && p.DeletedBy == "":
		return cdr.RecordingPart{}, errRecordingExpired
	case !p.DeletedAt.IsZero():
		return cdr.RecordingPart{}, errRecordingDeleted
	case s.deps.Recordings == nil:
		return cdr.RecordingPart{}, errNoRecording
	}
	return *p, nil
}

// partName is a part as the audit log names it.
func partName(id cdr.CallID, part int) string { return fmt.Sprintf("%s/%d", id, part) }

// HearRecording implements the operation hearRecording. Nothing is heard that is not
// in the ledger as heard.
func (s *server) HearRecording(ctx context.Context, req rest.HearRecordingRequestObject) (rest.HearRecordingResponseObject, error) {
	id := cdr.CallID(req.CallName.String())
	p, err := s.part(ctx, id, req.Part, agentdesk.HearRecording)
	if err != nil {
		return nil, err
	}
	sound, err := s.deps.Recordings.Open(ctx, id, p)
	if err != nil {
		return nil, s.noSound(ctx, id, p, err)
	}
	if err := s.tellHearing(ctx, id, p); err != nil {
		_ = sound.Close()
		return nil, errUnavailable
	}
	return heard{sound: sound, asked: deref(req.Params.Range)}, nil
}

// hearingLonger is what pauses and going back may take. A hearing goes on from the first
// request for as long as the part lasts, and this: a player that seeks asks for many
// ranges in it.
const hearingLonger = 10 * time.Minute

// tellHearing writes a hearing into the call's story and the audit log, once.
func (s *server) tellHearing(ctx context.Context, id cdr.CallID, p cdr.RecordingPart) error {
	now := s.now()
	return s.looks.once(ctx, lookOf(ctx, agentdesk.HearRecording, partName(id, p.Part)), now, now.Add(p.Length+hearingLonger), func() error {
		if err := s.tellPart(ctx, id, p, "heard", cdr.RecordingHeard{Part: p.Part, By: who(ctx).account.Name}); err != nil {
			return err
		}
		s.audit(ctx, string(agentdesk.HearRecording), partName(id, p.Part), "")
		return nil
	})
}

// DeleteRecording implements the operation deleteRecording.
func (s *server) DeleteRecording(ctx context.Context, req rest.DeleteRecordingRequestObject) (rest.DeleteRecordingResponseObject, error) {
	id := cdr.CallID(req.CallName.String())
	p, err := s.part(ctx, id, req.Part, agentdesk.DeleteRecording)
	if err != nil {
		return nil, err
	}
	if err := s.deps.Recordings.Delete(ctx, id, p); err != nil {
		return nil, s.noSound(ctx, id, p, err)
	}
	if err := s.tellPart(ctx, id, p, "deleted", cdr.RecordingDeleted{Part: p.Part, By: who(ctx).account.Name}); err != nil {
		return nil, errUnavailable
	}
	s.audit(ctx, string(agentdesk.DeleteRecording), partName(id, p.Part), "")
	s.awaitDeleted(ctx, id, p.Part)
	return rest.DeleteRecording204Response{}, nil
}

// awaitDeleted waits until the record says so too, which it does a moment after the
// ledger: whoever deletes asks for the list next. It does not wait long for a store that
// is away.
func (s *server) awaitDeleted(ctx context.Context, id cdr.CallID, part int) {
	ctx, cancel := context.WithTimeout(ctx, toldWithin)
	defer cancel()
	tick := time.NewTicker(toldAsked)
	defer tick.Stop()
	for {
		record, err := s.deps.Records.Record(ctx, id)
		if p := record.Recording(part); err == nil && p != nil && !p.DeletedAt.IsZero() {
			return
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			return
		}
	}
}

// toldWithin bounds the wait for a record that is behind the ledger, asked every
// toldAsked.
const (
	toldWithin = time.Second
	toldAsked  = 20 * time.Millisecond
)

func (s *server) noSound(ctx context.Context, id cdr.CallID, p cdr.RecordingPart, err error) error {
	switch {
	case !errors.Is(err, ErrNotFound):
	case p.KeptAt.IsZero() && p.Why != cdr.RecordingMissing:
		return errRecordingNotReady
	default:
		s.log.ErrorContext(ctx, "the file of a recording is missing", "call", id, "part", p.Part, "error", err)
		return errRecordingMissing
	}
	s.log.WarnContext(ctx, "a recording cannot be reached", "call", id, "part", p.Part, "error", err)
	return errUnavailable
}

// tellPart writes what was done with a part into the call's story.
func (s *server) tellPart(ctx context.Context, id cdr.CallID, p cdr.RecordingPart, what string, story cdr.Story) error {
	at := s.now()
	err := s.deps.Ledger.Append(ctx, cdr.Fact{
		ID: fmt.Sprintf("%s/r%d/%s/%s/%d", id, p.Part, what, who(ctx).account.Name, at.UnixNano()), At: at, Call: id, Story: story,
	})
	if err != nil {
		s.log.WarnContext(ctx, "what was done with a recording is not in the ledger", "call", id, "part", p.Part, "error", err)
	}
	return err
}

// heard answers with a sound, or the range of it that was asked for.
type heard struct {
	sound Sound
	asked string
}

// VisitHearRecordingResponse implements rest.HearRecordingResponseObject.
func (h heard) VisitHearRecordingResponse(w http.ResponseWriter) error {
	defer func() { _ = h.sound.Close() }()
	r, err := http.NewRequest(http.MethodGet, "/", nil) //nolint:noctx // it only carries the range
	if err != nil {
		return err
	}
	if h.asked != "" {
		r.Header.Set("Range", h.asked)
	}
	w.Header().Set("Content-Type", "audio/wav")
	w.Header().Set("Content-Disposition", "inline; filename="+strconv.Quote("recording.wav"))
	http.ServeContent(w, r, "recording.wav", time.Time{}, h.sound)
	return nil
}
