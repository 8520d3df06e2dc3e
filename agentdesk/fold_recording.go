package agentdesk

import (
	"time"

	"linekeeper/cdr"
)

// RecordingState is what becomes of what is said.
type RecordingState string

// The states of a recording; one that is off is not shown.
const (
	RecordingOn     RecordingState = "on"
	RecordingPaused RecordingState = "paused"
)

// TalkRecording says that the talk is being recorded, or is and pauses.
type TalkRecording struct {
	State RecordingState `json:"state"`
	Since time.Time      `json:"since"` // in State
}

// foldRecording folds a fact about what is recorded, and says whether it changed
// anything. A part's end is told when its file is complete, which may be after the
// next agent's part began.
func (c *call) foldRecording(f cdr.Fact) bool {
	switch s := f.Story.(type) {
	case cdr.RecordingBegan:
		c.Recording, c.RecordedPart = &TalkRecording{State: RecordingOn, Since: f.At}, s.Part
		return true
	case cdr.RecordingEnded:
		if c.Recording == nil || c.RecordedPart != s.Part || s.Why == cdr.RecordingMissing {
			return false
		}
		c.Recording = nil
		if s.Why == cdr.RecordingPaused {
			c.Recording = &TalkRecording{State: RecordingPaused, Since: f.At}
		}
		return true
	}
	return false
}
