package restart

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"linekeeper/cmd/linekeeper/bench"
)

// Lab is the lab that is measured, and what is done to it.
type Lab struct {
	bench.Lab
	HTTP, NATS string // the controller's
	ARI        string // Asterisk's HTTP server
	User       string // of ARI
	Password   string

	// Kill ends the controller by SIGKILL; Start starts it, returns when it is up, and
	// says when its process began and when that was.
	Kill  func(context.Context) error
	Start func(context.Context) (began, up time.Time, err error)
	// KillAsterisk and StartAsterisk are the same for Asterisk.
	KillAsterisk  func(context.Context) error
	StartAsterisk func(context.Context) (began, up time.Time, err error)
}

// Plan is what is measured.
type Plan struct {
	Talking int           `json:"talking"` // calls that talk
	Waiting int           `json:"waiting"` // calls in line
	Freed   int           `json:"freed"`   // more calls that talk, whose agent hangs up while there is no controller
	Rate    int           `json:"rate"`    // calls a second, until all are there
	Away    time.Duration `json:"away_ns"` // from the kill to the start
	Rounds  int           `json:"rounds"`
	Beside  bool          `json:"beside"` // app_queue too
	Dir     string        `json:"-"`      // takes sipp's files
	Out     io.Writer     `json:"-"`      // progress, a line for each step
}

// DefaultPlan is the one whose figures are published; it takes about two minutes.
func DefaultPlan() Plan {
	return Plan{Talking: 200, Waiting: 100, Freed: 5, Rate: 40, Away: time.Second, Rounds: 3, Beside: true}
}

// Agents is how many phones it takes: one for each call that talks, so that the
// others wait.
func (p Plan) Agents() int { return p.Talking + p.Freed }

func (p Plan) calls() int { return p.Agents() + p.Waiting }

// Validate says what cannot be measured.
func (p Plan) Validate() error {
	switch {
	case p.Talking < 1 || p.Waiting < 1 || p.Agents() > 999 || p.calls() > 1500:
		return errors.New("there is at least one call of each kind, 999 talk at most, and 1500 are live at most")
	case p.Freed < 1 || p.Freed > p.Waiting:
		return fmt.Errorf("%d agents become free: at least one, and for each there is one of the %d who wait", p.Freed, p.Waiting)
	case p.Rate < 1 || p.Rate > 200:
		return errors.New("the rate is from 1 to 200 calls a second")
	case p.Rounds < 1 || p.Rounds > 20:
		return errors.New("there are from 1 to 20 rounds")
	case p.Away < 0 || p.Away > 20*time.Second:
		return errors.New("the controller is away for 20 s at most: callers are sent elsewhere at last")
	}
	return nil
}

func (p Plan) say(format string, args ...any) {
	if p.Out != nil {
		fmt.Fprintf(p.Out, format+"\n", args...)
	}
}

// What each step may take. None is repeated until it goes well.
const (
	fillMore   = time.Minute      // beyond the time the calls take to be made
	backWithin = time.Minute      // until control is back
	overWithin = 2 * time.Minute  // until all calls are over
	longest    = 10 * time.Minute // a call: beyond all that
	settle     = 2 * time.Second  // between loading and measuring
)

func (p Plan) fillWithin() time.Duration {
	return time.Duration(p.calls())*time.Second/time.Duration(p.Rate) + fillMore
}
