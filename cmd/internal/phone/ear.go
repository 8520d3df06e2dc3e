package phone

import (
	"math"
	"sync"
)

// earful is how many samples an ear keeps: a tenth of a second, in which pitches that
// are multiples of 40 Hz do not disturb one another.
const earful = 800

// ear keeps what was heard last, so that voices can be told apart by their pitch.
type ear struct {
	mu   sync.Mutex
	last []byte // PCMU
}

func (e *ear) hear(payload []byte) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.last = append(e.last, payload...)
	if n := len(e.last) - earful; n > 0 {
		e.last = append(e.last[:0], e.last[n:]...)
	}
}

// strength is the amplitude of a pitch in what was heard last.
func (e *ear) strength(pitch int) float64 {
	e.mu.Lock()
	defer e.mu.Unlock()
	var re, im float64
	for i, b := range e.last {
		sin, cos := math.Sincos(2 * math.Pi * float64(pitch*i) / 8000)
		x := float64(sample(b))
		re, im = re+x*cos, im+x*sin
	}
	return math.Hypot(re, im) * 2 / earful
}

// Hears says whether somebody who hums at a pitch (Hum) has been heard in the last
// tenth of a second. Who does not hum is 440.
func (c *Call) Hears(pitch int) bool { return c.media.ear.strength(pitch) > amplitude/2 }
