package cdr

import "time"

// RecordingPart is a part of a call's recording. EndedAt is zero while it lasts,
// KeptAt until its sound is in the store.
type RecordingPart struct {
	Part      int            `json:"part"`
	Agent     string         `json:"agent"`
	Queue     string         `json:"queue"`
	Name      string         `json:"name"` // of the file in Asterisk
	BeganAt   time.Time      `json:"began_at"`
	EndedAt   time.Time      `json:"ended_at,omitzero"`
	Why       RecordingCause `json:"why,omitempty"`
	Length    time.Duration  `json:"length_ns"`
	KeptAt    time.Time      `json:"kept_at,omitzero"`
	Bytes     int64          `json:"bytes,omitempty"`
	Heard     int            `json:"heard,omitempty"` // how often; by whom is in the ledger
	DeletedAt time.Time      `json:"deleted_at,omitzero"`
	DeletedBy string         `json:"deleted_by,omitempty"` // account; empty: its time was up
}

// applyRecording folds a fact about what was recorded.
func (r *Record) applyRecording(f Fact) {
	switch s := f.Story.(type) {
	case RecordingBegan:
		if r.Recording(s.Part) == nil {
			r.Recordings = append(r.Recordings, RecordingPart{Part: s.Part, Agent: s.Agent, Queue: s.Queue, Name: s.Name, BeganAt: f.At})
		}
	case RecordingEnded:
		if p := r.Recording(s.Part); p != nil {
			if p.EndedAt.IsZero() {
				p.EndedAt, p.Length = f.At, s.Length
			}
			p.Why = s.Why
		}
	case RecordingKept:
		if p := r.Recording(s.Part); p != nil {
			p.KeptAt, p.Length, p.Bytes = f.At, s.Length, s.Bytes
		}
	case RecordingHeard:
		if p := r.Recording(s.Part); p != nil {
			p.Heard++
		}
	case RecordingDeleted:
		if p := r.Recording(s.Part); p != nil && p.DeletedAt.IsZero() {
			p.DeletedAt, p.DeletedBy = f.At, s.By
		}
	}
}

// Recording is a part of the call's recording, nil if there is none of that number.
func (r *Record) Recording(part int) *RecordingPart {
	for i := range r.Recordings {
		if r.Recordings[i].Part == part {
			return &r.Recordings[i]
		}
	}
	return nil
}
