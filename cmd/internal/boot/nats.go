package boot

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"strconv"
	"time"

	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go"
)

// natsSync is how often JetStream forces its files to disk; see NewNATS.
const natsSync = time.Second

// NATSConfig says which NATS carries facts, call snapshots and leases.
type NATSConfig struct {
	// URL of an external cluster. Empty runs a server inside this process.
	URL string `yaml:"url"`
	// Listen is the loopback address on which the embedded server also takes
	// other clients (the lab's inspection). It asks for no password, so any
	// other address is refused. Empty: this process only, no socket at all.
	Listen string `yaml:"listen"`
}

// NATS is this process's connection, and its server when that is embedded.
type NATS struct {
	// Conn is the connection of the process; in process it is a pipe.
	Conn   *nats.Conn
	server *server.Server // nil with an external cluster
	closed chan struct{}  // closed when Conn has ended and runs no goroutine
}

// NewNATS starts the embedded server with its JetStream files in dir and
// connects to it, or connects to the external cluster.
//
// What a crash may cost the embedded server: an acknowledged message has been
// handed to the kernel, so kill -9 of the process loses nothing (tested). A
// power loss or kernel crash may lose what was acknowledged in the last second
// (natsSync); the server's own default would be two minutes, and syncing every
// write would cap it at the disk's fsync rate. Whoever cannot bear that second
// runs a cluster of three and sets URL. After such a loss the stream's last
// sequence can be lower than one a reader remembers: readers must compare.
//
// An external cluster that is away does not fail the start: the connection is
// tried for ever and operations on it fail until it is there.
func NewNATS(config NATSConfig, dir string, log *slog.Logger) (*NATS, error) {
	n := &NATS{closed: make(chan struct{})}
	options := n.options(log)
	address := config.URL
	if address == "" {
		if err := n.embed(config.Listen, dir, log); err != nil {
			return nil, err
		}
		options = append(options, nats.InProcessServer(n.server))
	} else {
		options = append(options, nats.RetryOnFailedConnect(true))
	}
	conn, err := nats.Connect(address, options...)
	if err != nil {
		n.shutdown()
		return nil, fmt.Errorf("connect to NATS: %w", err)
	}
	n.Conn = conn
	return n, nil
}

// options name the connection and keep it trying for ever.
func (n *NATS) options(log *slog.Logger) []nats.Option {
	return []nats.Option{
		nats.Name("linekeeper"),
		nats.MaxReconnects(-1),
		nats.ReconnectWait(250 * time.Millisecond),
		nats.ClosedHandler(func(*nats.Conn) { close(n.closed) }),
		nats.DisconnectErrHandler(func(_ *nats.Conn, err error) {
			if err != nil { // nil when we closed it ourselves
				log.Warn("NATS is away", "error", err)
			}
		}),
		nats.ReconnectHandler(func(*nats.Conn) { log.Info("NATS is back") }),
		nats.ErrorHandler(func(_ *nats.Conn, sub *nats.Subscription, err error) {
			subject := ""
			if sub != nil {
				subject = sub.Subject
			}
			log.Error("NATS reports", "error", err, "subject", subject)
		}),
	}
}

// embed starts the server and waits until its store is recovered.
func (n *NATS) embed(listen, dir string, log *slog.Logger) error {
	options := &server.Options{
		ServerName:    "linekeeper",
		JetStream:     true,
		StoreDir:      dir,
		SyncInterval:  natsSync,
		DontListen:    listen == "",
		NoSigs:        true, // signals are Run's
		MaxPayload:    1 << 20,
		WriteDeadline: 5 * time.Second,
	}
	if listen != "" {
		host, port, err := loopback(listen)
		if err != nil {
			return err
		}
		options.Host, options.Port = host, port
	}
	s, err := server.NewServer(options)
	if err != nil {
		return fmt.Errorf("embedded NATS: %w", err)
	}
	fatal := make(chan string, 1)
	s.SetLoggerV2(natsLog{log, fatal}, false, false, false)
	n.server = s
	began := time.Now()
	s.Start() // returns when the store is recovered and clients are taken, or on a fatal error
	select {
	case why := <-fatal:
		n.shutdown()
		return fmt.Errorf("embedded NATS in %s: %s", dir, why)
	default:
		log.Info("embedded NATS is up", "took", time.Since(began), "dir", dir)
		return nil
	}
}

// loopback splits an address and refuses any that others could reach.
func loopback(listen string) (string, int, error) {
	host, text, err := net.SplitHostPort(listen)
	if err != nil {
		return "", 0, fmt.Errorf("nats listen address: %w", err)
	}
	port, err := strconv.Atoi(text)
	if ip := net.ParseIP(host); err != nil || port < 0 || port > 65535 || ip == nil || !ip.IsLoopback() {
		return "", 0, fmt.Errorf("nats listen address %q: want a loopback IP and a port (it has no password)", listen)
	}
	if port == 0 {
		port = server.RANDOM_PORT
	}
	return host, port, nil
}

// ClientURL is where other processes reach the embedded server; empty when it
// does not listen or is not embedded.
func (n *NATS) ClientURL() string {
	if n.server == nil || n.server.Addr() == nil {
		return ""
	}
	return n.server.ClientURL()
}

// Stop sends what is buffered, closes the connection and, if embedded, shuts
// the server down with its files in order. Nobody may publish any more.
func (n *NATS) Stop(ctx context.Context) error {
	var err error
	if n.Conn.IsConnected() {
		if err = n.Conn.FlushWithContext(ctx); err != nil {
			err = fmt.Errorf("flush NATS: %w", err)
		}
	}
	n.Conn.Close()
	down := make(chan struct{})
	go func() {
		<-n.closed // Close has been called, so its handler comes
		n.shutdown()
		close(down)
	}()
	select {
	case <-down:
		return err
	case <-ctx.Done():
		return errors.Join(err, fmt.Errorf("shut NATS down: %w", ctx.Err()))
	}
}

func (n *NATS) shutdown() {
	if n.server != nil {
		n.server.Shutdown()
		n.server.WaitForShutdown()
	}
}

// natsLog carries the server's own log to ours; notices are of no interest.
type natsLog struct {
	log   *slog.Logger
	fatal chan<- string
}

func (l natsLog) Warnf(format string, v ...any) { l.log.Warn("NATS: " + fmt.Sprintf(format, v...)) }

func (l natsLog) Errorf(format string, v ...any) { l.log.Error("NATS: " + fmt.Sprintf(format, v...)) }

// Fatalf reports why the server gave up. In the server's own program this
// would end the process; here start fails with the reason.
func (l natsLog) Fatalf(format string, v ...any) {
	text := fmt.Sprintf(format, v...)
	l.log.Error("NATS: " + text)
	select {
	case l.fatal <- text:
	default:
	}
}
func (l natsLog) Noticef(string, ...any) {}
func (l natsLog) Debugf(string, ...any)  {}
func (l natsLog) Tracef(string, ...any)  {}
