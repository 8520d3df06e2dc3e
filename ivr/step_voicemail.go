package ivr

import "time"

// VoicemailStep lets the caller leave a message.
type VoicemailStep struct {
	// Prompts are played first; empty plays the usual ones.
	Prompts []string
	// Most is how long the message may be.
	Most time.Duration
	// Next is where the call goes then; empty thanks the caller and ends it.
	Next string
}

// Kind implements Step.
func (*VoicemailStep) Kind() string { return "voicemail" }

// Exits implements Step. A message ends by itself.
func (s *VoicemailStep) Exits() []Exit {
	if s.Next == "" {
		return nil
	}
	return []Exit{{Label: "next", To: s.Next, Silent: true}}
}

func (s *VoicemailStep) enter(r *run) {
	r.become(Aside)
	r.Ahead = ""
	r.Message = &TakeMessage{Prompts: s.Prompts, Most: s.Most, Last: s.Next == ""}
	r.emit(*r.Message)
}

func (s *VoicemailStep) on(r *run, ev Event) {
	if _, back := ev.(Back); !back {
		return
	}
	r.Message = nil
	if s.Next == "" {
		r.end(End{Cause: EndFlow, Reason: HangupNormal, Detail: "message taken"})
		return
	}
	r.goTo(s.Next)
}
