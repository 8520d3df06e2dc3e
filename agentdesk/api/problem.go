package api

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"math"
	"net/http"
	"strconv"
	"time"

	"linekeeper/agentdesk"
	"linekeeper/agentdesk/api/internal/rest"
	"linekeeper/queue"
)

// problem is an error that carries its own answer (RFC 9457). Code is a stable
// word for programs; the console puts it in words. Nothing internal is in it.
type problem struct {
	status int
	code   string
	title  string
	detail string
	retry  time.Duration // Retry-After, 0: none
	list   []rest.DefinitionProblem
	note   *agentdesk.CallNote
	says   *rest.Says
}

func (p *problem) Error() string { return p.code + ": " + p.title }

func (p *problem) because(detail string) *problem {
	with := *p
	with.detail = detail
	return &with
}

// in is the problem with another time to wait.
func (p *problem) in(retry time.Duration) *problem {
	with := *p
	with.retry = retry
	return &with
}

// showing is the problem with the note that stands there.
func (p *problem) showing(note agentdesk.CallNote) *problem {
	with := *p
	with.note = &note
	return &with
}

// The problems of the desk.
var (
	errBadRequest   = &problem{status: 400, code: "bad-request", title: "The request is not as the contract has it."}
	errCharacters   = &problem{status: 400, code: "control-characters", title: "Control characters are not allowed here."}
	errReason       = &problem{status: 400, code: "unknown-reason", title: "Being not ready needs a reason of the catalogue."}
	errRejection    = &problem{status: 400, code: "unknown-rejection", title: "The reason is no rejection of the catalogue."}
	errDisposition  = &problem{status: 400, code: "unknown-disposition", title: "The disposition is not in the catalogue."}
	errTicketBody   = &problem{status: 400, code: "ticket-or-link", title: "Give the subject of a new ticket, or the number of one to link; not both."}
	errSignIn       = &problem{status: 401, code: "signed-out", title: "Sign in first."}
	errPassword     = &problem{status: 401, code: "wrong-password", title: "Name and password do not fit."}
	errForbidden    = &problem{status: 403, code: "forbidden", title: "This is not yours to see or do."}
	errNoPasswords  = &problem{status: 403, code: "no-passwords", title: "Sign in by single sign-on."}
	errMustChange   = &problem{status: 403, code: "password-must-change", title: "Change your password first."}
	errOldPassword  = &problem{status: 403, code: "wrong-password", title: "The old password is another one."}
	errSamePassword = &problem{status: 400, code: "same-password", title: "The new password is the old one, or your name: choose another."}
	errNotBySession = &problem{status: 403, code: "no-session", title: "This is for people who have signed in by password."}
	errNoSession    = &problem{status: 404, code: "unknown-session", title: "No such session; it may be over."}
	errNoPerson     = &problem{status: 404, code: "unknown-person", title: "No such account."}
	errOwnRight     = &problem{status: 400, code: "own-right", title: "Nobody changes their own right: ask another administrator."}
	errScope        = &problem{status: 400, code: "scoped-administrator", title: "An administrator's right holds for all queues: name none."}
	errQueueNames   = &problem{status: 400, code: "unknown-queue-name", title: "A queue or group is not known."}
	errOrigin       = &problem{status: 403, code: "other-origin", title: "The request comes from another site."}
	errNoPath       = &problem{status: 404, code: "not-found", title: "There is nothing here."}
	errMethod       = &problem{status: 405, code: "method", title: "This cannot be done here."}
	errNoCall       = &problem{status: 404, code: "unknown-call", title: "No such call."}
	errNoQueue      = &problem{status: 404, code: "unknown-queue", title: "No such queue."}
	errNoAgent      = &problem{status: 404, code: "unknown-agent", title: "No such agent."}
	errNotAgent     = &problem{status: 404, code: "no-agent", title: "This account takes no calls."}
	errNoPhone      = &problem{status: 404, code: "no-phone", title: "This account has no phone."}
	errNoArticle    = &problem{status: 404, code: "unknown-article", title: "No such article."}
	errNoteChanged  = &problem{status: 409, code: "note-changed", title: "The note was saved from another page since; it is in the answer."}
	errNoTicket     = &problem{status: 404, code: "unknown-ticket", title: "The ticket system has no such ticket."}
	errNotWrapUp    = &problem{status: 409, code: "not-in-wrap-up", title: "The call is not in your wrap-up (any more)."}
	errNotInLine    = &problem{status: 409, code: "not-in-line", title: "The call does not wait in line (any more)."}
	errNoCallback   = &problem{status: 409, code: "no-callback", title: "The call waits for no callback (any more)."}
	errPeriod       = &problem{status: 400, code: "bad-period", title: "The period ends before it begins."}
	errSignedOut    = &problem{status: 409, code: "agent-signed-out", title: "The agent is not signed in."}
	errTooLarge     = &problem{status: 413, code: "too-large", title: "The request is too large."}
	errMediaType    = &problem{status: 415, code: "media-type", title: "Send application/json."}
	errUpgrade      = &problem{status: 426, code: "websocket", title: "Open a websocket here."}
	errSlowDown     = &problem{status: 429, code: "slow-down", title: "Too many wrong passwords: wait before the next try."}
	errSockets      = &problem{status: 429, code: "too-many-sockets", title: "This account has too many pages open: close one.", retry: 10 * time.Second}
	errTicketsDown  = &problem{status: 502, code: "ticket-system-down", title: "The ticket system does not answer."}
	errNoTickets    = &problem{status: 502, code: "no-ticket-system", title: "No ticket system is connected."}
	errPhonesDown   = &problem{status: 502, code: "phones-down", title: "Asterisk does not answer."}
	errUnavailable  = &problem{status: 503, code: "unavailable", title: "This is not available at the moment.", retry: 2 * time.Second}
	errBusy         = &problem{status: 503, code: "busy", title: "Too many people sign in at this moment.", retry: time.Second}
	errInternal     = &problem{status: 500, code: "internal", title: "Something went wrong here; it is in the log."}
	refusalProblems = map[queue.Refusal]*problem{
		queue.UnknownAgent: errNoAgent,
		queue.NotTheirs:    errForbidden,
		queue.NotInWrapUp:  errNotWrapUp,
		queue.NotTalking:   errNotWrapUp,
		queue.SignedOut:    errSignedOut,
		queue.UnknownCall:  errNotInLine,
		queue.UnknownQueue: errNoQueue,
	}
)

// problemOf finds the answer to an error, and whether it is a fault of ours
// that the log should have.
func problemOf(err error) (p *problem, fault bool) {
	var refused *Refused
	var dial *queue.DialRefusal
	var large *http.MaxBytesError
	switch {
	case errors.As(err, &p):
		return p, false
	case errors.As(err, &large):
		return errTooLarge, false
	case errors.As(err, &refused):
		if p, known := refusalProblems[refused.Reason]; known {
			return p, false
		}
		return errInternal, true
	case errors.As(err, &dial):
		return dialProblem(dial), false
	case actProblem(err) != nil:
		return actProblem(err), false
	case errors.Is(err, ErrNoCallback):
		return errNoCallback, false
	case errors.Is(err, ErrTicketsDown):
		return errTicketsDown, true
	case errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		return errUnavailable, true
	default:
		return errInternal, true
	}
}

// fail answers with the problem of an error.
func (s *server) fail(w http.ResponseWriter, r *http.Request, err error) {
	p, fault := problemOf(err)
	s.tellDenied(r, err)
	if fault && r.Context().Err() == nil {
		s.log.LogAttrs(r.Context(), slog.LevelWarn, "a desk's request failed",
			slog.String("method", r.Method), slog.String("path", r.URL.Path),
			slog.Int("status", p.status), slog.Any("error", err))
	}
	p.write(w)
}

func (p *problem) write(w http.ResponseWriter) {
	body := rest.Problem{Title: p.title, Status: p.status, Code: &p.code}
	if p.detail != "" {
		body.Detail = &p.detail
	}
	if p.list != nil {
		body.Problems = &p.list
	}
	body.Note, body.Says = p.note, p.says
	w.Header().Set("Content-Type", "application/problem+json")
	if p.retry > 0 {
		w.Header().Set("Retry-After", strconv.Itoa(int(math.Ceil(p.retry.Seconds()))))
	}
	w.WriteHeader(p.status)
	_ = json.NewEncoder(w).Encode(body) // the desk may have gone
}
