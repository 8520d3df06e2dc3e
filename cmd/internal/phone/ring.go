package phone

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync/atomic"
	"time"

	"github.com/emiago/sipgo"
	"github.com/emiago/sipgo/sip"
)

// Why an answer may come to nothing.
var (
	// ErrOver is what a decision finds that comes after the ring has ended.
	ErrOver = errors.New("it rings no more")
	// errClosed is for whoever uses a phone that is closed.
	errClosed = errors.New("the phone is closed")
	// errNoACK is a caller's silence after the answer (RFC 3261 §13.3.1.4).
	errNoACK = errors.New("the answer was not confirmed")
)

// Ring is a call that rings the phone. Its methods are safe for concurrent use;
// the first decision counts.
type Ring struct {
	// At is when the INVITE arrived.
	At time.Time
	// Number and Name are who calls, as the phone would show them.
	Number string
	Name   string
	// Dialled is whom the INVITE asks for: on a phone that stands for many numbers,
	// the one that rings.
	Dialled string

	phone   *Phone
	req     *sip.Request
	tx      sip.ServerTransaction
	dialog  *sipgo.DialogServerSession
	media   *media
	decided chan decision
	over    chan struct{} // closed when it rings no more
	why     atomic.Pointer[string]
}

// decision is what the person at the phone wants.
type decision struct {
	answer  bool
	ctx     context.Context // of the person; when it ends nobody wants the call
	outcome chan outcome    // unbuffered: a call nobody takes is hung up
}

type outcome struct {
	call *Call
	err  error
}

// Rings gives the calls that ring the phone, as long as they ring. One that
// nobody takes from the channel goes on ringing until its caller gives up.
func (p *Phone) Rings() <-chan *Ring { return p.rings }

// Over is closed when it rings no more: answered, rejected or cancelled.
func (r *Ring) Over() <-chan struct{} { return r.over }

// TakenBack is why the caller's side took the ring back, as its CANCEL says it: the
// Reason header fields (RFC 3326), one a line. It is empty while nobody has.
func (r *Ring) TakenBack() string {
	if why := r.why.Load(); why != nil {
		return *why
	}
	return ""
}

// Answer picks up and returns when the caller has confirmed. The error is
// ErrOver when the caller was faster.
func (r *Ring) Answer(ctx context.Context) (*Call, error) {
	c, err := r.decide(ctx, true)
	if err != nil {
		return nil, fmt.Errorf("phone %s: answer: %w", r.phone.cfg.User, err)
	}
	return c, nil
}

// Reject says no, with 486 Busy Here.
func (r *Ring) Reject(ctx context.Context) error {
	if _, err := r.decide(ctx, false); err != nil {
		return fmt.Errorf("phone %s: reject: %w", r.phone.cfg.User, err)
	}
	return nil
}

func (r *Ring) decide(ctx context.Context, answer bool) (*Call, error) {
	d := decision{answer: answer, ctx: ctx, outcome: make(chan outcome)}
	select {
	case r.decided <- d:
	case <-r.over:
		return nil, ErrOver
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	select {
	case o := <-d.outcome:
		return o.call, o.err
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// onInvite lets the phone ring until somebody decides or the caller gives up.
// The transaction lives as long as this does.
func (p *Phone) onInvite(req *sip.Request, tx sip.ServerTransaction) {
	if c := p.find(req); c != nil {
		c.reinvited(req, tx)
		return
	}
	r := &Ring{
		At: time.Now(), Dialled: req.Recipient.User, phone: p, req: req, tx: tx,
		decided: make(chan decision), over: make(chan struct{}),
	}
	tx.OnCancel(r.takenBack) // before the dialog's own
	dialog, err := p.dialog.ReadInvite(req, tx)
	if err != nil {
		return
	}
	m, err := newMedia()
	if err == nil {
		err = m.hearFrom(req.Body())
	}
	if err != nil {
		m.close()
		_ = dialog.Respond(sip.StatusNotAcceptableHere, "Not Acceptable Here", nil)
		return
	}
	r.dialog, r.media = dialog, m
	if from := req.From(); from != nil {
		r.Number, r.Name = from.Address.User, unquoted.Replace(from.DisplayName)
	}
	defer close(r.over)
	_ = dialog.Respond(sip.StatusRinging, "Ringing", nil)
	r.ringing()
}

func (r *Ring) takenBack(cancel *sip.Request) {
	var why []string
	for _, h := range cancel.GetHeaders("Reason") {
		why = append(why, h.Value())
	}
	said := strings.Join(why, "\n")
	r.why.Store(&said)
}

// ringing shows the ring to whoever looks at the phone, and waits for its end.
func (r *Ring) ringing() {
	shown := r.phone.rings
	for {
		select {
		case shown <- r:
			shown = nil
		case d := <-r.decided:
			r.carryOut(d)
			return
		case <-r.dialog.Context().Done():
			r.media.close()
			return
		case <-r.phone.closing:
			r.media.close()
			_ = r.dialog.Respond(sip.StatusTemporarilyUnavailable, "Temporarily Unavailable", nil)
			return
		}
	}
}

func (r *Ring) carryOut(d decision) {
	var o outcome
	if d.answer {
		o.call, o.err = r.take()
	} else {
		r.media.close()
		o.err = r.dialog.Respond(sip.StatusBusyHere, "Busy Here", nil)
	}
	select {
	case d.outcome <- o:
	case <-d.ctx.Done():
		if o.call != nil {
			ctx, cancel := context.WithTimeout(context.Background(), closeWithin)
			defer cancel()
			_ = o.call.HangUp(ctx)
		}
	}
}

// take answers. The answer is repeated until it is confirmed (RFC 3261
// §13.3.1.4); sipgo's own loop for this never gives up.
func (r *Ring) take() (*Call, error) {
	c := newCall(r.phone, r.req, r.media)
	c.server = r.dialog
	if !r.phone.keep(c) {
		c.end()
		return nil, errClosed
	}
	res := sip.NewSDPResponseFromRequest(r.dialog.InviteRequest, r.media.describe())
	res.AppendHeader(sip.HeaderClone(&r.phone.dialog.ContactHDR))
	r.dialog.InviteResponse = res
	giveUp := time.After(64 * sip.T1)
	for again := sip.T1; ; again = min(2*again, sip.T2) {
		err := r.tx.Respond(res)
		if err == nil {
			select {
			case <-c.confirmed:
				r.media.start()
				return c, nil
			case <-time.After(again):
				continue
			case <-c.ended:
				err = ErrOver
			case <-r.dialog.Context().Done():
				err = ErrOver
			case <-r.phone.closing:
				err = errClosed
			case <-giveUp:
				err = errNoACK
			}
		}
		c.end()
		return nil, err
	}
}

func (p *Phone) onAck(req *sip.Request, tx sip.ServerTransaction) {
	if c := p.find(req); c != nil && c.server != nil && c.server.ReadAck(req, tx) == nil {
		c.confirm()
	}
}

func (p *Phone) onBye(req *sip.Request, tx sip.ServerTransaction) {
	c := p.find(req)
	if c == nil {
		_ = tx.Respond(sip.NewResponseFromRequest(req, sip.StatusCallTransactionDoesNotExists, "No Such Call", nil))
		return
	}
	if c.server != nil {
		_ = c.server.ReadBye(req, tx)
	} else {
		_ = c.client.ReadBye(req, tx)
	}
	c.end()
}
