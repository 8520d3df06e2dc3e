package bench

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"time"
)

// What the other benchmarks use of this one.

// LookAround reads the machine; what cannot be read stays empty.
func LookAround() Machine { return lookAround() }

// CPUTime is what a process has used since it began, in all its threads.
func CPUTime(pid int) (time.Duration, error) {
	s, err := readUsage(pid)
	return s.total, err
}

// Number leads to a system's queue in the lab.
func Number(system string) string { return number(system) }

// Verdict writes one target and whether it was met.
func Verdict(b *strings.Builder, target, got string, met bool) { verdict(b, target, got, met) }

// Load makes calls that last: their phones wait to be hung up on. One goroutine
// owns it, but for the calls under way.
type Load struct{ load load }

// firstOfOurs is beyond the lab's own numbers, which look like a caller's to Digits.
const firstOfOurs = 100000

// NewLoad is a load on the lab's Asterisk. Dir takes sipp's files.
func NewLoad(dir string, lab Lab) (*Load, error) {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return nil, fmt.Errorf("make %s: %w", dir, err)
	}
	return &Load{load{dir: dir, sip: lab.SIP, phones: lab.PhonesPort, next: firstOfOurs + int(time.Now().Unix()%800000)}}, nil
}

// Answer starts the phones, in place of those there were. A talk lasts until it is
// hung up on, most at the longest.
func (l *Load) Answer(most time.Duration) error {
	return l.load.answerWith(talk{least: most, most: most, stay: true})
}

// Call makes so many calls to a number, rate of them a second, and waits until all
// have ended, each most at the longest. It returns how many were not led to their end.
func (l *Load) Call(ctx context.Context, number string, calls, rate int, most time.Duration) (lost int, err error) {
	out, err := l.load.call(ctx, batch{number: number, calls: calls, rate: rate, wait: most})
	return out.Lost, err
}

// Stop stops the phones.
func (l *Load) Stop() { l.load.stopAgents() }

// Request is an INVITE or a BYE as it went over the loopback.
type Request struct {
	At       time.Time // the kernel's
	Method   string
	From, To uint16 // UDP ports
	Called   string // user of the request URI
	Caller   string // user of the From header
	Call     string // Call-ID
}

// Listen gives every INVITE and BYE to hear until stop is called, one at a time.
func Listen(ctx context.Context, hear func(Request)) (stop func() error, err error) {
	w, err := openWire()
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithCancel(ctx)
	ended := make(chan error, 1)
	go func() {
		ended <- w.follow(ctx, func(p packet) {
			if r, ok := parse(p.text); ok {
				hear(Request{At: p.at, Method: r.method, From: p.from, To: p.to, Called: r.to, Caller: r.from, Call: r.call})
			}
		})
	}()
	return func() error {
		cancel()
		return errors.Join(<-ended, w.close())
	}, nil
}

// Digits is what is the same in every way of writing a bench caller's number.
func Digits(number string) string { return digits(number) }

// Wait lets a time pass.
func Wait(ctx context.Context, d time.Duration) error {
	select {
	case <-time.After(d):
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
