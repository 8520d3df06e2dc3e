package cdr

import "time"

// RecordingRule says whether talks of a queue are recorded.
type RecordingRule string

// The rules of recording.
const (
	RecordNever  RecordingRule = "never"
	RecordAsked  RecordingRule = "asked"  // the agent begins it
	RecordAlways RecordingRule = "always" // it begins with the talk; the agent may pause it, not end it
)

// RecordingCause is why a part of a recording is over.
type RecordingCause string

// The causes of a part's end.
const (
	RecordingPaused      RecordingCause = "paused" // by the agent, or for a consultation
	RecordingStopped     RecordingCause = "stopped"
	RecordingTalkOver    RecordingCause = "talk-over"
	RecordingTransferred RecordingCause = "transferred" // the next agent's part follows, if it is to go on
	RecordingLost        RecordingCause = "lost"        // the phone's leg or Asterisk was lost; the sound until then is kept
	RecordingMissing     RecordingCause = "missing"     // told afterwards: Asterisk has no file of it
)

// RecordingBegan: from now on what is said is written. Parts are counted within the
// call; what is said between two of them is written nowhere.
type RecordingBegan struct {
	Agent string `json:"agent"`
	Queue string `json:"queue"`
	Part  int    `json:"part"`
	Name  string `json:"name"` // of the file in Asterisk
}

// RecordingEnded: the part is over and its file complete. A part that was paused and
// is then stopped for good is told a second time.
type RecordingEnded struct {
	Agent  string         `json:"agent"`
	Part   int            `json:"part"`
	Name   string         `json:"name"`
	Why    RecordingCause `json:"why"`
	Length time.Duration  `json:"length_ns"`
}

// RecordingKept: the part's file is in the store, and no longer in Asterisk.
type RecordingKept struct {
	Part   int           `json:"part"`
	Name   string        `json:"name"`
	Length time.Duration `json:"length_ns"`
	Bytes  int64         `json:"bytes"`
}

// RecordingHeard: an account has had a part's sound.
type RecordingHeard struct {
	Part int    `json:"part"`
	By   string `json:"by"`
}

// RecordingDeleted: a part's sound is no more. By is empty when its time was up.
type RecordingDeleted struct {
	Part int    `json:"part"`
	By   string `json:"by,omitempty"`
}

// Kind implements Story.
func (RecordingBegan) Kind() Kind { return KindRecordingBegan }

// Kind implements Story.
func (RecordingEnded) Kind() Kind { return KindRecordingEnded }

// Kind implements Story.
func (RecordingKept) Kind() Kind { return KindRecordingKept }

// Kind implements Story.
func (RecordingHeard) Kind() Kind { return KindRecordingHeard }

// Kind implements Story.
func (RecordingDeleted) Kind() Kind { return KindRecordingDeleted }
