package phone

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"time"

	"github.com/emiago/sipgo"
	"github.com/emiago/sipgo/sip"
)

// registered is how long a registration lasts.
const registered = time.Hour

// Refusal is a final answer of the other side that is no yes: a registration or
// a call was refused.
type Refusal struct {
	Code   int // SIP status code: 401, 404, 486 …
	Reason string
}

// Error implements error.
func (r *Refusal) Error() string {
	text := fmt.Sprintf("%d %s", r.Code, r.Reason)
	if r.Code == sip.StatusUnauthorized || r.Code == sip.StatusProxyAuthRequired {
		text += ": wrong user or secret"
	}
	return text
}

// Register signs the phone in for an hour (RFC 3261 §10). It may be repeated,
// which makes the hour begin anew. A wrong secret is a *Refusal.
func (p *Phone) Register(ctx context.Context) error {
	if err := p.register(ctx, registered); err != nil {
		return fmt.Errorf("register phone %s: %w", p.cfg.User, err)
	}
	return nil
}

// Unregister signs it out.
func (p *Phone) Unregister(ctx context.Context) error {
	if err := p.register(ctx, 0); err != nil {
		return fmt.Errorf("sign phone %s out: %w", p.cfg.User, err)
	}
	return nil
}

func (p *Phone) register(ctx context.Context, life time.Duration) error {
	host, port, err := p.asterisk()
	if err != nil {
		return err
	}
	req := sip.NewRequest(sip.REGISTER, sip.Uri{Scheme: "sip", Host: host, Port: port})
	me := sip.Uri{Scheme: "sip", User: p.cfg.User, Host: host, Port: port}
	from := &sip.FromHeader{Address: me, Params: sip.NewParams()}
	from.Params.Add("tag", sip.GenerateTagN(16))
	req.AppendHeader(from)
	req.AppendHeader(&sip.ToHeader{Address: me, Params: sip.NewParams()})
	req.AppendHeader(sip.HeaderClone(&p.dialog.ContactHDR))
	req.AppendHeader(sip.NewHeader("Expires", strconv.Itoa(int(life.Seconds()))))
	res, err := p.client.Do(ctx, req)
	if err == nil && challenged(res) {
		res, err = p.client.DoDigestAuth(ctx, req, res, sipgo.DigestAuth{Username: p.cfg.User, Password: p.cfg.Secret})
	}
	if err != nil {
		return err
	}
	if !res.IsSuccess() {
		return &Refusal{Code: res.StatusCode, Reason: res.Reason}
	}
	return nil
}

func challenged(res *sip.Response) bool {
	return res.StatusCode == sip.StatusUnauthorized || res.StatusCode == sip.StatusProxyAuthRequired
}

// refusal makes a Refusal of sipgo's error if it is one.
func refusal(err error) error {
	if no, ok := errors.AsType[*sipgo.ErrDialogResponse](err); ok {
		return &Refusal{Code: no.Res.StatusCode, Reason: no.Res.Reason}
	}
	return err
}
