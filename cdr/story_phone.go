package cdr

import "time"

// PhoneLost: the phone of the agent who has the call went in the middle of it, and
// nobody hung up: its page was closed or loaded anew, or fell silent. The caller hears
// music, and the agent's phone is rung again as soon as it is there.
type PhoneLost struct {
	Agent string `json:"agent"`
	Leg   string `json:"leg"`
	Code  int    `json:"code,omitempty"` // Q.850; 0 if it went unseen
}

// PhoneBack: the agent's phone was picked up again, and the two hear each other.
type PhoneBack struct {
	Agent string        `json:"agent"`
	Leg   string        `json:"leg"`
	Away  time.Duration `json:"away_ns"`
}
