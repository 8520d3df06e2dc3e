package lab

import (
	"context"
	"errors"
	"syscall"
	"time"
)

// launch is how a part of the lab comes up.
type launch struct {
	task
	called  string // as it is told to people
	pidFile string
	mark    string // of what it was started with
	limit   time.Duration
	ready   func(context.Context) bool
	stop    func(context.Context) error
}

// start starts the part and returns when it is ready. What does not get ready is
// stopped again.
func (l launch) start(ctx context.Context) error {
	child, err := spawn(l.task)
	if err != nil {
		return err
	}
	child.id.Mark = l.mark
	if err := savePID(l.pidFile, child.id); err != nil {
		return errors.Join(err, child.id.stop(ctx, syscall.SIGTERM, 5*time.Second))
	}
	if err := waitReady(ctx, l.called, child, l.log, l.limit, l.ready); err != nil {
		return errors.Join(err, l.stop(context.WithoutCancel(ctx)))
	}
	return nil
}
