package api

import (
	"context"
	"errors"
	"net/http"
	"sync"
	"time"

	"github.com/gorilla/websocket"

	"linekeeper/agentdesk/api/internal/ownline"
)

const (
	// largestSIP bounds a SIP message, in bytes; Asterisk takes no larger one either.
	largestSIP = 64 << 10
	// sipWithin bounds the way to Asterisk, and each message's.
	sipWithin = 10 * time.Second
)

// phone is the door to Asterisk's SIP websocket, so that Asterisk's own port stays
// private and one sign-in gives console and phone. Asterisk asks for the phone's secret
// besides. The end of the session cuts no call that is going on; nothing begins after it.
func (s *server) phone(w http.ResponseWriter, r *http.Request) {
	if s.deps.SIP == "" {
		errNoPhone.write(w)
		return
	}
	id, err := s.enterSocket(r)
	if err == nil && id.viewer.Agent == "" {
		err = &denied{act: usePhone, why: errForbidden}
	}
	r = r.WithContext(context.WithValue(r.Context(), identityKey{}, id))
	if err != nil {
		s.fail(w, r, err)
		return
	}
	err = s.during(r, id, atPhone, func(session context.Context) { s.openLine(session, w, r) })
	if err != nil {
		s.fail(w, r, err)
	}
}

// openLine carries SIP between the page and Asterisk until one of the two ends it.
func (s *server) openLine(session context.Context, w http.ResponseWriter, r *http.Request) {
	asterisk, err := s.reachAsterisk(r)
	if err != nil {
		s.log.WarnContext(r.Context(), "Asterisk's websocket cannot be reached", "error", err)
		errPhonesDown.write(w)
		return
	}
	defer asterisk.Close()
	up := websocket.Upgrader{CheckOrigin: func(*http.Request) bool { return true }} // enterSocket has
	if chosen := asterisk.Subprotocol(); chosen != "" {
		up.Subprotocols = []string{chosen}
	}
	page, err := up.Upgrade(w, r, nil)
	if err != nil {
		return // it has been answered
	}
	defer page.Close()
	p := &phoneLine{
		line: who(r.Context()).viewer.Agent, session: session, refused: func(no error) { s.tellDenied(r, no) },
		asterisk: side{Conn: asterisk}, page: side{Conn: page}, gone: make(chan struct{}),
	}
	p.carry()
}

// longestTalk bounds how long a call goes on after its session.
const longestTalk = sessionLife

// usePhone is the act of the audit log.
const usePhone = "use-phone"

// reachAsterisk opens its websocket, without the desk's secrets.
func (s *server) reachAsterisk(r *http.Request) (*websocket.Conn, error) {
	ctx, cancel := context.WithTimeout(r.Context(), sipWithin)
	defer cancel()
	dialer := websocket.Dialer{Subprotocols: websocket.Subprotocols(r)}
	conn, _, err := dialer.DialContext(ctx, s.deps.SIP, nil) //nolint:bodyclose // websocket.Dialer has read it whole
	return conn, err
}

// phoneLine carries SIP between a page and Asterisk. Each side is read by one goroutine.
type phoneLine struct {
	// Immutable.

	line    string // whose it is
	refused func(error)
	session context.Context // of who opened it

	// Safe for concurrent use.

	asterisk, page side
	calls          ownline.Calls
	gone           chan struct{} // closed with the line
}

// side is a websocket that may be written to by several goroutines.
type side struct {
	*websocket.Conn
	mu sync.Mutex
}

// carry ends when one of the two sides does, and ends the other with the same word.
func (p *phoneLine) carry() {
	var both, last sync.WaitGroup
	last.Go(p.hangUp)
	both.Go(func() { p.bye(&p.page, pass(&p.asterisk, p.toPage)) })
	p.bye(&p.asterisk, pass(&p.page, p.toAsterisk))
	both.Wait()
	close(p.gone)
	last.Wait()
}

// hangUp ends the line after its session, as soon as there is no call on it.
func (p *phoneLine) hangUp() {
	select {
	case <-p.session.Done():
	case <-p.gone:
		return
	}
	late := time.NewTimer(longestTalk)
	defer late.Stop()
	for there, ended := p.calls.Any(); there; there, ended = p.calls.Any() {
		select {
		case <-ended:
			continue
		case <-late.C:
		case <-p.gone:
		}
		break
	}
	goodbye(&p.page, websocket.ClosePolicyViolation, "signed out")
	goodbye(&p.asterisk, websocket.CloseGoingAway, "")
}

func (p *phoneLine) over() bool { return p.session.Err() != nil }

// pass gives on what comes from a side, until there is no more or it cannot be given on.
func pass(from *side, give func(kind int, message []byte) error) error {
	from.SetReadLimit(largestSIP)
	for {
		kind, message, err := from.ReadMessage()
		if err == nil {
			err = give(kind, message)
		}
		if err != nil {
			return err
		}
	}
}

// toPage gives on what Asterisk says. After the session nobody is rung.
func (p *phoneLine) toPage(kind int, message []byte) error {
	if p.over() {
		if no, begins := ownline.Begins(message, "480 Signed Out"); begins {
			return p.asterisk.write(kind, no)
		}
	}
	return p.give(&p.page, kind, message)
}

// toAsterisk gives on what the line's owner says in their own name. The rest is told,
// and answered here.
func (p *phoneLine) toAsterisk(kind int, message []byte) error {
	err := ownline.Check(message, p.line)
	theirs, is := errors.AsType[*ownline.NotTheirs](err)
	switch {
	case err == nil && p.over():
		return p.toAsteriskAfter(kind, message)
	case err == nil:
		return p.give(&p.asterisk, kind, message)
	case !is:
		p.refused(&denied{act: usePhone, on: "unreadable", why: errForbidden})
		goodbye(&p.page, websocket.ClosePolicyViolation, err.Error())
		return err
	case theirs.Answer == nil:
		return nil
	}
	p.refused(&denied{act: usePhone, on: browserName(theirs.Error()), why: errForbidden})
	return p.page.write(kind, theirs.Answer)
}

// toAsteriskAfter is toAsterisk after the session.
func (p *phoneLine) toAsteriskAfter(kind int, message []byte) error {
	no, begins := ownline.Begins(message, "403 Session Over")
	if !begins {
		return p.give(&p.asterisk, kind, message)
	}
	p.refused(&denied{act: usePhone, on: "after the session", why: errForbidden})
	return p.page.write(kind, no)
}

// give gives a message on and keeps the calls: one is there before the other side hears
// of it, and over after that.
func (p *phoneLine) give(to *side, kind int, message []byte) error {
	p.calls.Asked(message)
	err := to.write(kind, message)
	p.calls.Answered(message)
	return err
}

func (s *side) write(kind int, message []byte) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	_ = s.SetWriteDeadline(time.Now().Add(sipWithin))
	return s.WriteMessage(kind, message)
}

// bye ends a side for the reason that the other one ended.
func (p *phoneLine) bye(side *side, why error) {
	closed, said := errors.AsType[*websocket.CloseError](why)
	if said && closed.Code != websocket.CloseNoStatusReceived && closed.Code != websocket.CloseAbnormalClosure {
		goodbye(side, closed.Code, closed.Text)
		return
	}
	goodbye(side, websocket.CloseGoingAway, "")
}

func goodbye(side *side, code int, text string) {
	_ = side.WriteControl(websocket.CloseMessage, websocket.FormatCloseMessage(code, text), time.Now().Add(time.Second))
	_ = side.Close()
}
