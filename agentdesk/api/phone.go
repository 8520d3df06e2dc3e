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
// besides. A sign-out does not cut it: a call may be going on.
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
	p := &phoneLine{line: id.viewer.Agent, asterisk: asterisk, page: page, refused: func(no error) { s.tellDenied(r, no) }}
	p.carry()
}

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
	line           string // whose it is
	asterisk, page *websocket.Conn
	refused        func(error)

	mu sync.Mutex // over writing to the page
}

// carry ends when one of the two sides does, and ends the other with the same word.
func (p *phoneLine) carry() {
	var both sync.WaitGroup
	both.Go(func() { p.bye(p.page, pass(p.asterisk, p.toPage)) })
	p.bye(p.asterisk, pass(p.page, p.toAsterisk))
	both.Wait()
}

// pass gives on what comes from a side, until there is no more or it cannot be given on.
func pass(from *websocket.Conn, give func(kind int, message []byte) error) error {
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

func (p *phoneLine) toPage(kind int, message []byte) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	return write(p.page, kind, message)
}

// toAsterisk gives on what the line's owner says in their own name. The rest is told,
// and answered here.
func (p *phoneLine) toAsterisk(kind int, message []byte) error {
	err := ownline.Check(message, p.line)
	theirs, is := errors.AsType[*ownline.NotTheirs](err)
	switch {
	case err == nil:
		return write(p.asterisk, kind, message)
	case !is:
		p.refused(&denied{act: usePhone, on: "unreadable", why: errForbidden})
		goodbye(p.page, websocket.ClosePolicyViolation, err.Error())
		return err
	case theirs.Answer == nil:
		return nil
	}
	p.refused(&denied{act: usePhone, on: browserName(theirs.Error()), why: errForbidden})
	return p.toPage(kind, theirs.Answer)
}

func write(to *websocket.Conn, kind int, message []byte) error {
	_ = to.SetWriteDeadline(time.Now().Add(sipWithin))
	return to.WriteMessage(kind, message)
}

// bye ends a side for the reason that the other one ended.
func (p *phoneLine) bye(side *websocket.Conn, why error) {
	closed, said := errors.AsType[*websocket.CloseError](why)
	if said && closed.Code != websocket.CloseNoStatusReceived && closed.Code != websocket.CloseAbnormalClosure {
		goodbye(side, closed.Code, closed.Text)
		return
	}
	goodbye(side, websocket.CloseGoingAway, "")
}

func goodbye(side *websocket.Conn, code int, text string) {
	_ = side.WriteControl(websocket.CloseMessage, websocket.FormatCloseMessage(code, text), time.Now().Add(time.Second))
	_ = side.Close()
}
