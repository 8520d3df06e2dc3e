package api

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"time"

	"linekeeper/agentdesk"
	"linekeeper/agentdesk/api/internal/rest"
	"linekeeper/cdr"
)

const (
	// contextWithin bounds each source of a screen pop. The pop itself stands on
	// the page already, from the live board: this fills it up.
	contextWithin = 300 * time.Millisecond
	// categoryAttribute is the attribute a flow keeps the call's category in.
	categoryAttribute = "category"
)

// GetContext implements the operation getContext. All sources are asked at once;
// one that is slow or down is missing, and holds up none of the others.
func (s *server) GetContext(ctx context.Context, req rest.GetContextRequestObject) (rest.GetContextResponseObject, error) {
	k, err := s.see(ctx, req.CallName, false)
	if err != nil {
		return nil, err
	}
	question := s.question(ctx, &k, req.Params.Language)
	history := within(ctx, contextWithin, func(ctx context.Context) ([]agentdesk.PastCall, error) {
		return s.past(ctx, k.who)
	})
	numbers := within(ctx, contextWithin, func(ctx context.Context) ([]string, error) { return s.numbers(ctx, k.who.Contact) })
	note := within(ctx, contextWithin, func(ctx context.Context) (agentdesk.CallNote, error) { return s.note(ctx, &k) })
	c := agentdesk.CallContext{
		Call: k.who.Call, Caller: k.caller(), Contact: k.who.Contact, Category: question.Category, Script: s.script(&k, who(ctx).viewer.Agent),
		History: []agentdesk.PastCall{}, Articles: []agentdesk.FoundArticle{}, Missing: []agentdesk.Missing{},
		Note: agentdesk.CallNote{Done: []string{}, Others: []agentdesk.AgentNote{}},
	}
	if s.deps.Articles != nil {
		found, missing := s.deps.Articles.Search(ctx, question, contextWithin)
		c.Articles, c.Missing = shown(found), list(missing)
	}
	if past, err := history(); err != nil {
		c.Missing = append(c.Missing, s.missing(ctx, k.who.Call, "history", err))
	} else {
		c.History = past
	}
	if c.Numbers, err = numbers(); err != nil {
		c.Missing = append(c.Missing, s.missing(ctx, k.who.Call, "numbers", err))
	}
	if written, err := note(); err != nil {
		c.Missing = append(c.Missing, s.missing(ctx, k.who.Call, "note", err))
	} else {
		c.Note = written
	}
	c.Verified, c.VerifiedBy = verified(&c, who(ctx).viewer.Agent)
	return rest.GetContext200JSONResponse(c), nil
}

// numbers are all those of a contact, none of nobody.
func (s *server) numbers(ctx context.Context, of *cdr.Contact) ([]string, error) {
	if s.deps.Directory == nil || of == nil {
		return nil, nil
	}
	return s.deps.Directory.Numbers(ctx, of.ID)
}

// within starts ask and returns what waits for its answer, for at most d from
// now. An ask that ends later is not waited for.
func within[T any](ctx context.Context, d time.Duration, ask func(context.Context) (T, error)) (wait func() (T, error)) {
	type answer struct {
		value T
		err   error
	}
	ctx, cancel := context.WithTimeout(ctx, d)
	done := make(chan answer, 1)
	go func() {
		defer cancel()
		v, err := ask(ctx)
		done <- answer{v, err}
	}()
	return func() (T, error) {
		select {
		case a := <-done:
			return a.value, a.err
		case <-ctx.Done():
		}
		select {
		case a := <-done: // it came as the time was up
			return a.value, a.err
		default:
			var none T
			return none, ctx.Err()
		}
	}
}

// missing is a source that did not answer, told in the log too.
func (s *server) missing(ctx context.Context, call cdr.CallID, source string, err error) agentdesk.Missing {
	s.log.WarnContext(ctx, "a screen pop lacks a source", "call", call, "missing", source, "error", err)
	reason := agentdesk.MissingDown
	if errors.Is(err, context.DeadlineExceeded) {
		reason = agentdesk.MissingSlow
	}
	return agentdesk.Missing{Source: source, Reason: reason}
}

// script is that of the queue an agent took the call of; for who did not talk, of
// the queue it is in, or was in last.
func (s *server) script(k *known, agent string) *agentdesk.Script {
	if s.deps.Scripts == nil {
		return nil
	}
	for i := len(k.record.Talks) - 1; i >= 0; i-- {
		if t := &k.record.Talks[i]; t.Agent == agent && !k.on {
			return s.deps.Scripts.Script(t.Queue)
		}
	}
	return s.deps.Scripts.Script(cmp.Or(k.live.Took[agent], k.queue()))
}

// verified says how sure it is who calls: an agent's tick counts most, the
// viewer's own first.
func verified(c *agentdesk.CallContext, viewer string) (agentdesk.Verified, string) {
	checks := func(done []string) bool {
		return c.Script != nil && slices.ContainsFunc(c.Script.Steps, func(step agentdesk.ScriptStep) bool {
			return step.Verifies && slices.Contains(done, step.ID)
		})
	}
	if checks(c.Note.Done) {
		return agentdesk.VerifiedByAgent, viewer
	}
	for _, o := range c.Note.Others {
		if checks(o.Done) {
			return agentdesk.VerifiedByAgent, o.Agent
		}
	}
	if c.Contact != nil {
		return agentdesk.VerifiedByNumber, ""
	}
	return agentdesk.NotVerified, ""
}

// queue is the one the call is in, or was in last.
func (k *known) queue() string {
	switch {
	case k.on:
		return k.live.Call.Queue
	case len(k.record.Visits) == 0:
		return k.record.Queue
	}
	return k.record.Visits[len(k.record.Visits)-1].Queue
}

func (k *known) caller() cdr.Caller {
	if k.on {
		return k.live.Call.Caller
	}
	return k.record.Caller
}
