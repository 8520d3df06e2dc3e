package phone

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"time"

	"github.com/emiago/sipgo"
	"github.com/emiago/sipgo/sip"
)

// keyTime is how long a key is held.
const keyTime = 100 * time.Millisecond

// A display name stands between quotes (RFC 3261 §25.1, quoted-string).
var (
	quoted   = strings.NewReplacer(`\`, `\\`, `"`, `\"`)
	unquoted = strings.NewReplacer(`\\`, `\`, `\"`, `"`)
)

// Call is one connected call. Its methods are safe for concurrent use.
type Call struct {
	id     string
	phone  *Phone
	media  *media
	server *sipgo.DialogServerSession // of a call answered
	client *sipgo.DialogClientSession // of a call made

	confirm   func() // closes confirmed, once
	confirmed chan struct{}
	once      sync.Once
	ended     chan struct{}
	referred  chan int // the last word on a transfer asked for
}

func newCall(p *Phone, invite *sip.Request, m *media) *Call {
	c := &Call{id: invite.CallID().Value(), phone: p, media: m, confirmed: make(chan struct{}), ended: make(chan struct{}), referred: make(chan int, 1)}
	c.confirm = sync.OnceFunc(func() { close(c.confirmed) })
	return c
}

// Dial calls a number and returns when it is answered. When ctx ends first the
// call is cancelled, as by somebody who hangs up while it rings; that waits for
// Asterisk's word, up to 32 s when Asterisk is dead. A no is a *Refusal.
func (p *Phone) Dial(ctx context.Context, number string) (*Call, error) {
	c, err := p.dial(ctx, number)
	if err != nil {
		return nil, fmt.Errorf("phone %s: dial %s: %w", p.cfg.User, number, refusal(err))
	}
	return c, nil
}

func (p *Phone) dial(ctx context.Context, number string) (*Call, error) {
	host, port, err := p.asterisk()
	if err != nil {
		return nil, err
	}
	m, err := newMedia()
	if err != nil {
		return nil, err
	}
	from := &sip.FromHeader{
		DisplayName: quoted.Replace(p.cfg.Display), Params: sip.NewParams(),
		Address: sip.Uri{Scheme: "sip", User: p.cfg.User, Host: loopback, Port: p.port},
	}
	from.Params.Add("tag", sip.GenerateTagN(16))
	to := sip.Uri{Scheme: "sip", User: number, Host: host, Port: port}
	dialog, err := p.dialog.Invite(context.WithoutCancel(ctx), to, m.describe(), from, sip.NewHeader("Content-Type", "application/sdp"))
	if err != nil {
		m.close()
		return nil, err
	}
	return p.await(ctx, dialog, m)
}

// await waits for the answer and confirms it.
func (p *Phone) await(ctx context.Context, dialog *sipgo.DialogClientSession, m *media) (*Call, error) {
	err := dialog.WaitAnswer(ctx, sipgo.AnswerOptions{Username: p.cfg.User, Password: p.cfg.Secret})
	if err != nil && (dialog.InviteResponse == nil || !dialog.InviteResponse.IsSuccess()) {
		m.close()
		return nil, err
	}
	// Answered, perhaps in the moment we cancelled: then it is hung up at once.
	c := newCall(p, dialog.InviteRequest, m)
	c.client = dialog
	if !p.keep(c) {
		c.end()
		return nil, errClosed
	}
	err = errors.Join(err, m.hearFrom(dialog.InviteResponse.Body()), dialog.Ack(context.WithoutCancel(ctx)))
	if err != nil {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), closeWithin)
		defer cancel()
		return nil, errors.Join(err, c.HangUp(ctx))
	}
	m.start()
	return c, nil
}

// Ended is closed when the call is over, whoever ended it.
func (c *Call) Ended() <-chan struct{} { return c.ended }

// Press presses one key, 0 to 9, * # A B C D, for a tenth of a second (RFC
// 4733). Keys pressed at once are sent one after the other.
func (c *Call) Press(digit rune) error { return c.media.press(digit, keyTime) }

// Hum changes the tone that the phone sends, by its pitch in Hz: 440 to begin with. It
// is a multiple of 40, so that pitches can be told from one another in any tenth of a
// second.
func (c *Call) Hum(pitch int) { c.media.hum(pitch) }

// Heard is how many packets of audio, of 20 ms each, have arrived.
func (c *Call) Heard() int { return int(c.media.heard.Load()) }

// Said is how many packets of audio and keys have been sent.
func (c *Call) Said() int { return int(c.media.said.Load()) }

// Keys are the keys the other side has pressed so far.
func (c *Call) Keys() string { return c.media.keysHeard() }

// HangUp ends the call. A call that is over stays so, also one that the other side ended
// in the same moment, and therefore no longer knows when our BYE arrives (RFC 3261
// §15.1.1: a 481 ends the dialog).
func (c *Call) HangUp(ctx context.Context) error {
	select {
	case <-c.ended:
		return nil
	default:
	}
	bye := func(ctx context.Context) error { return c.client.Bye(ctx) }
	if c.server != nil {
		bye = c.server.Bye
	}
	err := bye(ctx)
	if no, is := errors.AsType[sipgo.ErrDialogResponse](err); is && no.Res.StatusCode == sip.StatusCallTransactionDoesNotExists {
		err = nil
	}
	select {
	case <-c.ended: // the other side was faster
		return nil
	default:
	}
	c.end()
	if err != nil {
		return fmt.Errorf("phone %s: hang up: %w", c.phone.cfg.User, err)
	}
	return nil
}

// end closes what the call holds, once.
func (c *Call) end() {
	c.once.Do(func() {
		c.media.close()
		c.phone.mu.Lock()
		delete(c.phone.calls, c.id)
		c.phone.mu.Unlock()
		close(c.ended)
	})
}

// reinvited answers an INVITE within the call: its audio may go elsewhere now.
func (c *Call) reinvited(req *sip.Request, tx sip.ServerTransaction) {
	if len(req.Body()) > 0 && c.media.hearFrom(req.Body()) != nil {
		_ = tx.Respond(sip.NewResponseFromRequest(req, sip.StatusNotAcceptableHere, "Not Acceptable Here", nil))
		return
	}
	res := sip.NewSDPResponseFromRequest(req, c.media.describe())
	res.AppendHeader(sip.HeaderClone(&c.phone.dialog.ContactHDR))
	_ = tx.Respond(res)
}

// keep remembers a call for the requests that come in it, unless the phone is
// closed.
func (p *Phone) keep(c *Call) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	if !p.closed {
		p.calls[c.id] = c
	}
	return !p.closed
}

func (p *Phone) find(req *sip.Request) *Call {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.calls[req.CallID().Value()]
}
