package call

import (
	"strconv"
	"time"

	"linekeeper/cdr"
	"linekeeper/queue"
)

// Dialogue is the talk with a caller about being called back: pure, a key or a
// silence in, a turn out. Its states:
//
//	    number to be called back on      none known, or none to be
//	               │                              │
//	               ▼        2: another number     ▼
//	     ┌───▶ confirm ───────────────────────▶ number ◀──┐ no number to be
//	     │        │ 1: yes                        │       │ called back on
//	     │        ▼                               └───────┤
//	     │     windows to choose from?                    │
//	     └──────────────────────────────── #, or silence ─┘
//	no │                │ yes
//	   │                ▼
//	   │             window ── 1: at my turn, 2…: a time of day
//	   ▼                │
//	 asked ◀────────────┘
//
// The star key, and saying nothing three times, decline.
//
// Who has asked already, in an earlier call, is asked something else (AskKept): whether
// they still need us. They wait on unless they say no by key 9; any other key is one
// pressed in line.
type Dialogue struct {
	Queue string `json:"queue"`
	By    string `json:"by"` // the words of cdr.CallbackAsked
	State Asking `json:"state"`
	Heard int    `json:"heard,omitempty"` // questions without an answer, in a row
	Keyed string `json:"keyed,omitempty"`
	// Number is the one to be confirmed, E.164.
	Number string `json:"number,omitempty"`
	// Place is the place to be taken; nil while the call has it.
	Place *Line `json:"place,omitempty"`
	// Cause is why the queue gave the call up, and To where it goes if the caller
	// declines.
	Cause cdr.LeaveCause  `json:"cause,omitempty"`
	To    *queue.Overflow `json:"to,omitempty"`
	// InFlow: the flow asked for it, and goes on if the caller declines.
	InFlow bool `json:"in_flow,omitempty"`
}

// Who asks for a callback.
const (
	byKey  = "key"
	byRule = "rule"
)

// Asking is what the caller is being asked.
type Asking string

// The questions.
const (
	AskConfirm Asking = "confirm" // is this the number?
	AskNumber  Asking = "number"  // which number?
	AskWindow  Asking = "window"  // when?
	AskKept    Asking = "kept"    // asked for in an earlier call: is it still needed?
)

// dialogueRules are what a dialogue goes by: its queue's rule and its site's.
type dialogueRules struct {
	windows []queue.Window // the times of day to choose from
	// may reads a number, and says whether the caller may be called back on it.
	may func(number string) (e164 string, ok bool)
}

// turn is what a dialogue says next. With neither field set it waits.
type turn struct {
	prompts []string
	// asked: the caller wants it, at a time of day if window is not nil.
	asked    bool
	window   *queue.Window
	declined bool
	// pressed is a key that was meant for the line.
	pressed string
	// givenUp: the caller needs no callback any more, and no place.
	givenUp bool
}

// giveUpKey gives a callback up.
const giveUpKey = "9"

// The pauses a caller may make.
const (
	thinking   = 5 * time.Second // after a question
	betweenKey = 4 * time.Second // between two digits
	mostUnsaid = 3               // questions without an answer
	mostDigits = 20
)

// begin asks the first question.
func (d *Dialogue) begin(r dialogueRules) turn {
	if d.Number != "" && d.takes(d.Number, r) {
		return d.question(AskConfirm)
	}
	return d.question(AskNumber)
}

// takes makes a number the one to be confirmed, if the caller may be called back on it.
func (d *Dialogue) takes(number string, r dialogueRules) bool {
	e164, ok := r.may(number)
	if ok {
		d.Number = e164
	}
	return ok
}

// question asks, and what was asked before is over.
func (d *Dialogue) question(q Asking) turn {
	if d.State != q {
		d.Heard = 0
	}
	d.State, d.Keyed = q, ""
	switch q {
	case AskConfirm:
		return turn{prompts: confirmPrompts(d.Number)}
	case AskKept:
		return turn{prompts: []string{"callback-kept"}}
	default:
		return turn{prompts: []string{"callback-ask-number"}}
	}
}

// wait is how long the caller may take now.
func (d *Dialogue) wait() time.Duration {
	if d.Keyed != "" {
		return betweenKey
	}
	return thinking
}

// key follows a key pressed.
func (d *Dialogue) key(digit string, r dialogueRules) turn {
	switch d.State {
	case AskNumber:
		return d.numberKey(digit, r)
	case AskWindow:
		return d.windowKey(digit, r.windows)
	case AskKept:
		return keptKey(digit)
	default:
		return d.confirmKey(digit, r.windows)
	}
}

func (d *Dialogue) confirmKey(digit string, windows []queue.Window) turn {
	switch digit {
	case "1":
		return d.confirmed(windows)
	case "2":
		return d.question(AskNumber)
	case "*":
		return turn{declined: true}
	}
	return d.again("invalid", windows)
}

// numberKey takes one digit of a number. The star key starts it over, or
// declines if nothing stands yet.
func (d *Dialogue) numberKey(digit string, r dialogueRules) turn {
	switch {
	case digit == "*" && d.Keyed == "":
		return turn{declined: true}
	case digit == "*":
		return d.question(AskNumber)
	case digit == "#":
		return d.judge(r)
	case digit >= "0" && digit <= "9":
		d.Keyed += digit
		if len(d.Keyed) >= mostDigits {
			return d.judge(r)
		}
	}
	return turn{}
}

// judge reads the number keyed in.
func (d *Dialogue) judge(r dialogueRules) turn {
	if d.takes(d.Keyed, r) {
		return d.question(AskConfirm)
	}
	d.Keyed = ""
	return d.again("invalid", nil)
}

// keptKey gives the callback up, or goes on waiting in line.
func keptKey(digit string) turn {
	if digit == giveUpKey {
		return turn{givenUp: true}
	}
	return turn{declined: true, pressed: digit}
}

// confirmed goes on from the number to the time, if there are times.
func (d *Dialogue) confirmed(windows []queue.Window) turn {
	if len(windows) == 0 {
		return turn{asked: true}
	}
	d.State, d.Heard = AskWindow, 0
	return turn{prompts: windowPrompts(windows)}
}

func (d *Dialogue) windowKey(digit string, windows []queue.Window) turn {
	if digit == "*" {
		return turn{declined: true}
	}
	n, err := strconv.Atoi(digit)
	switch {
	case err != nil || n < 1 || n > 1+min(len(windows), queue.MostWindows):
		return d.again("invalid", windows)
	case n == 1:
		return turn{asked: true}
	default:
		return turn{asked: true, window: &windows[n-2]}
	}
}

// silence follows a pause that was too long. It ends a number.
func (d *Dialogue) silence(r dialogueRules) turn {
	switch {
	case d.State == AskKept:
		return turn{declined: true}
	case d.Keyed != "":
		return d.judge(r)
	}
	return d.again("no-input", r.windows)
}

// again asks the question again, unless that was often enough.
func (d *Dialogue) again(because string, windows []queue.Window) turn {
	if d.Heard++; d.Heard >= mostUnsaid {
		return turn{declined: true}
	}
	return turn{prompts: append([]string{because}, d.repeat(windows).prompts...)}
}

// repeat is the present question.
func (d *Dialogue) repeat(windows []queue.Window) turn {
	if d.State == AskWindow {
		return turn{prompts: windowPrompts(windows)}
	}
	return d.question(d.State)
}
