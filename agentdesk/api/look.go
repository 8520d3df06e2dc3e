package api

import (
	"context"
	"sync"
	"time"

	"linekeeper/agentdesk"
)

// look is what one sign-in sees or hears of a thing: told of once, however often it is
// asked for meanwhile.
type look struct {
	account, session string // the session's key; empty with a bearer token
	act              agentdesk.Act
	on               string // as the audit log names it
}

func lookOf(ctx context.Context, act agentdesk.Act, on string) look {
	id := who(ctx)
	return look{account: id.account.Name, session: id.key(), act: act, on: on}
}

// looked writes into the audit log that who asks has read a thing that is not their
// own: once a session; a program's lasts as long as one.
func (s *server) looked(ctx context.Context, act agentdesk.Act, on string) {
	now, until := s.now(), who(ctx).until
	if until.IsZero() {
		until = now.Add(sessionLife)
	}
	_ = s.looks.once(ctx, lookOf(ctx, act, on), now, until, func() error { // the audit log never fails
		s.audit(ctx, string(act), on, "")
		return nil
	})
}

// looks are those going on. Only what was told is known here, and nowhere else: after a
// crash, at another controller, or when there are too many, one is told of once more, and
// none is ever not told of. It is safe for concurrent use.
type looks struct {
	mu sync.Mutex
	on map[look]*telling
}

// telling is a look on its way into a log, and then one that goes on.
type telling struct {
	done  chan struct{} // closed with the log's answer
	until time.Time     // zero before it; under the mutex
}

// once tells of a look, unless it goes on already. Who asks meanwhile waits, and tells
// of it if the first could not.
func (l *looks) once(ctx context.Context, who look, now, until time.Time, tell func() error) error {
	for {
		mine, others := l.begin(who, now)
		switch {
		case mine != nil:
			err := tell()
			l.told(who, mine, until, err)
			return err
		case others == nil:
			return nil
		}
		select {
		case <-others.done:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// begin returns the telling that is the asker's to do, else that of others to wait for;
// neither when the look goes on.
func (l *looks) begin(who look, now time.Time) (mine, others *telling) {
	l.mu.Lock()
	defer l.mu.Unlock()
	over := func(t *telling) bool { return !t.until.IsZero() && !now.Before(t.until) }
	switch t := l.on[who]; {
	case t == nil || over(t):
	case t.until.IsZero():
		return nil, t
	default:
		return nil, nil
	}
	if l.on == nil {
		l.on = map[look]*telling{}
	}
	if len(l.on) >= triedAtMost {
		makeRoom(l.on, over)
	}
	mine = &telling{done: make(chan struct{})}
	l.on[who] = mine
	return mine, nil
}

// told notes the log's answer.
func (l *looks) told(who look, mine *telling, until time.Time, err error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	mine.until = until
	if err != nil && l.on[who] == mine {
		delete(l.on, who)
	}
	close(mine.done)
}
