package call

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"linekeeper/queue/mailbox"
)

// commandWait bounds one command; Asterisk answers in milliseconds.
const commandWait = 5 * time.Second

// lane carries out one call's commands, in order, outside its actor.
type lane struct {
	sw  Switch
	log *slog.Logger
	box *mailbox.Box[Command]
	// done is told how each command went.
	done func(Command, error)
}

func newLane(sw Switch, log *slog.Logger, done func(Command, error)) *lane {
	return &lane{sw: sw, log: log, box: mailbox.New[Command](), done: done}
}

func (l *lane) do(cmd Command) { l.box.Put(cmd) }

// run carries commands out until ctx ends, and then the rest: an actor ends
// after its last command was given, not after it was carried out. ctx cuts no
// command off; each has its own time.
func (l *lane) run(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			l.carryOut(context.WithoutCancel(ctx), l.box.Close())
			return
		case <-l.box.Ready():
			l.carryOut(context.WithoutCancel(ctx), l.box.Take())
		}
	}
}

func (l *lane) carryOut(ctx context.Context, cmds []Command) {
	for _, cmd := range cmds {
		cmdCtx, cancel := context.WithTimeout(ctx, commandWait)
		err := l.sw.Do(cmdCtx, cmd)
		cancel()
		if err != nil && !errors.Is(err, ErrGone) {
			l.log.Warn("command failed", "command", nameOf(cmd), "err", err)
		}
		l.done(cmd, err)
	}
}
