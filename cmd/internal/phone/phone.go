package phone

import (
	"context"
	"fmt"
	"log/slog"
	"maps"
	"net"
	"slices"
	"strconv"
	"sync"
	"time"

	"github.com/emiago/sipgo"
	"github.com/emiago/sipgo/sip"
)

// loopback is the only address a phone listens on.
const loopback = "127.0.0.1"

// closeWithin bounds the last words of a phone that is closed.
const closeWithin = 2 * time.Second

// Config says who the phone is.
type Config struct {
	// User and Secret are its registration; a caller needs no Secret.
	User   string
	Secret string
	// Display is the name shown to whom it calls.
	Display string
	// Asterisk is where it registers and calls, "127.0.0.1:5060".
	Asterisk string
	// Port to listen on; 0 for any.
	Port int
}

// Phone is one telephone, or all those behind a trunk: it answers to any number.
// Its methods are safe for concurrent use.
type Phone struct {
	cfg    Config
	port   int
	socket net.PacketConn
	ua     *sipgo.UserAgent
	server *sipgo.Server
	client *sipgo.Client
	dialog *sipgo.DialogUA

	rings   chan *Ring
	closing chan struct{}
	reading sync.WaitGroup // the socket's reader
	serving sync.WaitGroup // requests being answered

	closeOnce sync.Once

	mu        sync.Mutex
	closed    bool
	calls     map[string]*Call // by SIP Call-ID
	referrals map[string]*Call // whose transfer is asked for, by SIP Call-ID
}

// New is a phone that listens on loopback. Close it.
func New(cfg Config) (*Phone, error) {
	socket, err := net.ListenPacket("udp4", net.JoinHostPort(loopback, strconv.Itoa(cfg.Port)))
	if err != nil {
		return nil, fmt.Errorf("open phone %s: %w", cfg.User, err)
	}
	p := &Phone{
		cfg: cfg, port: socket.LocalAddr().(*net.UDPAddr).Port, socket: socket,
		rings: make(chan *Ring), closing: make(chan struct{}),
		calls: map[string]*Call{}, referrals: map[string]*Call{},
	}
	if err := p.open(); err != nil {
		_ = socket.Close()
		return nil, fmt.Errorf("open phone %s: %w", cfg.User, err)
	}
	return p, nil
}

func (p *Phone) open() (err error) {
	quiet := slog.New(slog.DiscardHandler)
	p.ua, err = sipgo.NewUA(
		sipgo.WithUserAgent(p.cfg.User), sipgo.WithUserAgentHostname(loopback),
		sipgo.WithUserAgentTransportLayerOptions(sip.WithTransportLayerLogger(quiet)),
		sipgo.WithUserAgentTransactionLayerOptions(
			sip.WithTransactionLayerLogger(quiet),
			sip.WithTransactionLayerUnhandledResponseHandler(func(*sip.Response) {}), // repeated ones; else logged
		),
	)
	if err != nil {
		return err
	}
	p.client, err = sipgo.NewClient(p.ua, sipgo.WithClientLogger(quiet),
		sipgo.WithClientAddr(p.Addr()), sipgo.WithClientConnectionAddr(p.Addr()))
	if err != nil {
		return err
	}
	if p.server, err = sipgo.NewServer(p.ua, sipgo.WithServerLogger(quiet)); err != nil {
		return err
	}
	p.dialog = &sipgo.DialogUA{Client: p.client, ContactHDR: sip.ContactHeader{
		Address: sip.Uri{Scheme: "sip", User: p.cfg.User, Host: loopback, Port: p.port},
	}}
	p.server.OnInvite(p.while(p.onInvite))
	p.server.OnAck(p.while(p.onAck))
	p.server.OnBye(p.while(p.onBye))
	p.server.OnNotify(p.while(p.onNotify))
	p.server.OnOptions(p.while(p.onOptions))
	// ServeUDP puts the socket into the pool too, but later: a request sent
	// before that would try to bind the port a second time.
	p.ua.TransportLayer().Pool("udp").Add(p.Addr(), &sip.UDPConnection{
		PacketConn: p.socket, PacketAddr: p.Addr(), Listener: true,
	})
	p.reading.Go(func() { _ = p.server.ServeUDP(p.socket) })
	return nil
}

// while counts a request in while it is answered, so that Close can wait for
// it: sipgo answers each in a goroutine nobody waits for.
func (p *Phone) while(answer sipgo.RequestHandler) sipgo.RequestHandler {
	return func(req *sip.Request, tx sip.ServerTransaction) {
		p.mu.Lock()
		if p.closed {
			p.mu.Unlock()
			return
		}
		p.serving.Add(1)
		p.mu.Unlock()
		defer p.serving.Done()
		answer(req, tx)
	}
}

// Addr is where the phone listens.
func (p *Phone) Addr() string { return net.JoinHostPort(loopback, strconv.Itoa(p.port)) }

// Close ends the phone within a few seconds: its calls are hung up, what rings
// is told that nobody is there. It may be called twice.
func (p *Phone) Close() { p.closeOnce.Do(p.close) }

func (p *Phone) close() {
	p.mu.Lock()
	p.closed = true
	calls := slices.Collect(maps.Values(p.calls))
	p.mu.Unlock()
	close(p.closing)
	ctx, cancel := context.WithTimeout(context.Background(), closeWithin)
	defer cancel()
	var hangingUp sync.WaitGroup
	for _, c := range calls {
		hangingUp.Go(func() { _ = c.HangUp(ctx) })
	}
	hangingUp.Wait()
	// Whoever still waits for a word of the other side is told to stop.
	late := time.AfterFunc(closeWithin, p.ua.TransactionLayer().Close)
	p.serving.Wait()
	late.Stop()
	_ = p.ua.Close()
	_ = p.socket.Close()
	p.reading.Wait()
}

// asterisk is where the phone registers and calls.
func (p *Phone) asterisk() (host string, port int, err error) {
	host, text, err := net.SplitHostPort(p.cfg.Asterisk)
	if err == nil {
		port, err = strconv.Atoi(text)
	}
	if err != nil {
		return "", 0, fmt.Errorf("address of Asterisk %q: %w", p.cfg.Asterisk, err)
	}
	return host, port, nil
}

// onOptions says that the phone is there.
func (p *Phone) onOptions(req *sip.Request, tx sip.ServerTransaction) {
	_ = tx.Respond(sip.NewResponseFromRequest(req, sip.StatusOK, "OK", nil))
}
