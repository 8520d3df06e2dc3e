package phone

import (
	"context"
	"fmt"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/emiago/sipgo/sip"
)

// The keys of a desk phone: hold and transfer.

// Hold presses the hold key, or takes the call back, and returns when the other side
// has agreed (RFC 3264 §8.4). Who holds says nothing.
func (c *Call) Hold(ctx context.Context, on bool) error {
	c.media.hold(on)
	req := c.request(sip.INVITE)
	req.AppendHeader(sip.NewHeader("Content-Type", "application/sdp"))
	req.SetBody(c.media.describe())
	res, err := c.ask(ctx, req)
	if err == nil && res.IsSuccess() {
		err = c.write(c.request(sip.ACK))
	} else if err == nil {
		err = &Refusal{Code: res.StatusCode, Reason: res.Reason}
	}
	if err != nil {
		return fmt.Errorf("phone %s: hold %t: %w", c.phone.cfg.User, on, err)
	}
	return nil
}

// Transfer presses the transfer key and dials to (REFER, RFC 3515). other, if not
// nil, is this phone's other call, which is to be joined to this one (RFC 3891). It
// returns with the SIP status that the phone is told of the transfer; the call itself
// goes on until somebody hangs up. A transfer that is not even tried is a *Refusal.
func (c *Call) Transfer(ctx context.Context, to string, other *Call) (status int, err error) {
	status, err = c.transfer(ctx, to, other)
	if err != nil {
		return 0, fmt.Errorf("phone %s: transfer to %s: %w", c.phone.cfg.User, to, err)
	}
	return status, nil
}

func (c *Call) transfer(ctx context.Context, to string, other *Call) (status int, err error) {
	refer := "sip:" + to + "@" + c.phone.cfg.Asterisk
	if other != nil {
		refer += "?Replaces=" + url.QueryEscape(other.replaces())
	}
	req := c.request(sip.REFER)
	req.AppendHeader(sip.NewHeader("Refer-To", "<"+refer+">"))
	req.AppendHeader(sip.NewHeader("Referred-By", "<"+c.phone.dialog.ContactHDR.Address.String()+">"))
	c.phone.expectReferral(c, true)
	defer c.phone.expectReferral(c, false)
	res, err := c.ask(ctx, req)
	switch {
	case err != nil:
		return 0, err
	case !res.IsSuccess():
		return 0, &Refusal{Code: res.StatusCode, Reason: res.Reason}
	}
	select {
	case status := <-c.referred:
		return status, nil
	case <-c.ended:
		return c.lateReferral()
	case <-ctx.Done():
		return 0, ctx.Err()
	}
}

// behindBye is how long a NOTIFY that was sent before the BYE may be read after it:
// requests are read beside each other.
const behindBye = 2 * time.Second

// lateReferral is what the phone was told before its call ended.
func (c *Call) lateReferral() (status int, err error) {
	select {
	case status := <-c.referred:
		return status, nil
	case <-time.After(behindBye):
		return 0, ErrOver
	}
}

// expectReferral keeps a call to be found by what is told of its transfer: that
// subscription outlives the call itself (RFC 5057 §3).
func (p *Phone) expectReferral(c *Call, expect bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if expect {
		p.referrals[c.id] = c
	} else {
		delete(p.referrals, c.id)
	}
}

func (p *Phone) findReferral(req *sip.Request) *Call {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.referrals[req.CallID().Value()]
}

// replaces names the call to whoever is on it (RFC 3891 §6.1), from the other side's
// view: its own tag first.
func (c *Call) replaces() string {
	theirs, ours := "", ""
	if c.server != nil {
		theirs, _ = c.server.InviteRequest.From().Params.Get("tag")
		ours, _ = c.server.InviteResponse.To().Params.Get("tag")
	} else {
		theirs, _ = c.client.InviteResponse.To().Params.Get("tag")
		ours, _ = c.client.InviteRequest.From().Params.Get("tag")
	}
	return c.id + ";to-tag=" + theirs + ";from-tag=" + ours
}

// request begins a request within the call, to where the other side wants it.
func (c *Call) request(method sip.RequestMethod) *sip.Request {
	contact := (*sip.ContactHeader)(nil)
	if c.server != nil {
		contact = c.server.InviteRequest.Contact()
	} else {
		contact = c.client.InviteResponse.Contact()
	}
	return sip.NewRequest(method, contact.Address)
}

func (c *Call) ask(ctx context.Context, req *sip.Request) (*sip.Response, error) {
	if c.server != nil {
		return c.server.Do(ctx, req)
	}
	return c.client.Do(ctx, req)
}

func (c *Call) write(req *sip.Request) error {
	if c.server != nil {
		return c.server.WriteRequest(req)
	}
	return c.client.WriteRequest(req)
}

// onNotify hears of a transfer: a line of SIP in a body (RFC 3420). The last word is
// a final status.
func (p *Phone) onNotify(req *sip.Request, tx sip.ServerTransaction) {
	c := p.findReferral(req)
	if c == nil && p.find(req) == nil {
		_ = tx.Respond(sip.NewResponseFromRequest(req, sip.StatusCallTransactionDoesNotExists, "No Such Call", nil))
		return
	}
	// In a call that goes on a word too many is taken, too: 481 would end the call.
	_ = tx.Respond(sip.NewResponseFromRequest(req, sip.StatusOK, "OK", nil))
	if status := readStatus(string(req.Body())); c != nil && status >= sip.StatusOK {
		select {
		case c.referred <- status:
		default: // said already
		}
	}
}

// readStatus reads "SIP/2.0 200 OK", 0 if it is none.
func readStatus(fragment string) int {
	words := strings.Fields(fragment)
	if len(words) < 2 || words[0] != "SIP/2.0" {
		return 0
	}
	status, err := strconv.Atoi(words[1])
	if err != nil || status < 100 || status > 699 {
		return 0
	}
	return status
}
