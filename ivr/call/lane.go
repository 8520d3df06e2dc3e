package call

import (
	"context"
	"errors"
	"log/slog"
	"slices"
	"time"

	"linekeeper/queue/mailbox"
)

// commandWait bounds one command; Asterisk answers in milliseconds.
const commandWait = 5 * time.Second

// The lanes of a call.
const (
	forCaller = iota // the caller's channel: answer, music, prompts, the bridge they talk in
	forOthers        // agents' phones, numbers outside, the bridge itself
)

// lanesOf chooses a lane for each of a step's commands. A bridge that the caller
// is to come into at once is made before that, in the caller's lane.
func lanesOf(cmds []Command, caller ChannelID) []int {
	joins := slices.ContainsFunc(cmds, func(cmd Command) bool {
		_, joins := cmd.(Join)
		return joins && concerns(cmd, caller)
	})
	lanes := make([]int, len(cmds))
	for i, cmd := range cmds {
		_, makes := cmd.(CreateBridge)
		if forCallerToo := makes && joins; !forCallerToo && !concerns(cmd, caller) {
			lanes[i] = forOthers
		}
	}
	return lanes
}

// concerns says whether a command is about the caller's channel.
func concerns(cmd Command, caller ChannelID) bool {
	switch cmd := cmd.(type) {
	case Join:
		return slices.Contains(cmd.Channels, caller)
	case Part:
		return slices.Contains(cmd.Channels, caller)
	case StartMusic:
		return cmd.Channel == caller
	case StopMusic:
		return cmd.Channel == caller
	case SendDigits:
		return cmd.Channel == caller
	case HangUp:
		return cmd.Channel == caller
	case StartRinging:
		return cmd.Channel == caller
	case StopRinging:
		return cmd.Channel == caller
	case Answer: // else an agent's second line
		return cmd.Channel == caller
	case CreateLeg, CreateOutsideLeg, DialLeg, CreateBridge, DestroyBridge, Mute, AnswerTransfer, StartTracks, StopTracks:
		return false
	default: // Adopt, prompts, music, recordings: there is nobody else to hear them
		return true
	}
}

// lane carries out one call's commands, in order, outside its actor.
type lane struct {
	sw  Switch
	log *slog.Logger
	box *mailbox.Box[given]
	// done is told how each command went.
	done func(Command, error)
}

// given is a command and what it waits for, of which nil is nothing. carriedOut, if
// any, is closed after it. Without a command it only marks how far the lane has come.
type given struct {
	cmd        Command
	after      []<-chan struct{}
	carriedOut chan<- struct{}
}

func newLane(sw Switch, log *slog.Logger, done func(Command, error)) *lane {
	return &lane{sw: sw, log: log, box: mailbox.New[given](), done: done}
}

func (l *lane) do(g given) { l.box.Put(g) }

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

func (l *lane) carryOut(ctx context.Context, all []given) {
	for _, g := range all {
		for _, after := range g.after {
			if after != nil {
				<-after // the other lane carries everything out, whatever ends
			}
		}
		if g.cmd == nil {
			close(g.carriedOut)
			continue
		}
		cmd := g.cmd
		cmdCtx, cancel := context.WithTimeout(ctx, commandWait)
		err := l.sw.Do(cmdCtx, cmd)
		cancel()
		if err != nil && !errors.Is(err, ErrGone) {
			l.log.Warn("command failed", "command", nameOf(cmd), "err", err)
		}
		l.done(cmd, err)
		if g.carriedOut != nil {
			close(g.carriedOut)
		}
	}
}
