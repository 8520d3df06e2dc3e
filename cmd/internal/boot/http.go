package boot

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"time"

	"golang.org/x/net/netutil"
)

const (
	// maxConnections bounds sockets, open websockets included: 2,000 consoles
	// with a console and a phone socket each, and as many again.
	maxConnections = 8192
	// headerTimeout is for clients that connect and say little.
	headerTimeout = 5 * time.Second
	// bodyTimeout bounds reading one request. It ends at hijack, so it does not
	// touch websockets.
	bodyTimeout = 30 * time.Second
	// answerTimeout bounds writing one answer. A route that streams for longer
	// (exports, recordings) sets its own by http.ResponseController.
	answerTimeout = 60 * time.Second
	idleTimeout   = 90 * time.Second
)

// HTTPConfig says where the console, the API and /metrics are served.
type HTTPConfig struct {
	Listen string `yaml:"listen"` // host:port
}

// HTTP is a running listener.
type HTTP struct {
	server *http.Server
	addr   net.Addr
	end    context.CancelCauseFunc // ends the requests still running after Stop
	served chan error
}

// ErrStopped is the cause of a request's context when the process is stopping
// and did not wait for it any longer.
var ErrStopped = errors.New("the server has stopped")

// Listen opens address, so that "address in use" is known before anything else
// starts.
func Listen(ctx context.Context, config HTTPConfig) (net.Listener, error) {
	l, err := (&net.ListenConfig{}).Listen(ctx, "tcp", config.Listen)
	if err != nil {
		return nil, fmt.Errorf("listen for HTTP: %w", err)
	}
	return l, nil
}

// Serve serves handler on l until Stop, at most 8,192 connections at a time;
// more wait in the kernel's backlog. A panic in the handler ends its own
// request only.
func Serve(l net.Listener, handler http.Handler, log *slog.Logger) *HTTP {
	base, end := context.WithCancelCause(context.Background())
	h := &HTTP{addr: l.Addr(), end: end, served: make(chan error, 1)}
	h.server = &http.Server{
		Handler:           handler,
		ReadHeaderTimeout: headerTimeout,
		ReadTimeout:       bodyTimeout,
		WriteTimeout:      answerTimeout,
		IdleTimeout:       idleTimeout,
		MaxHeaderBytes:    32 << 10,
		ErrorLog:          slog.NewLogLogger(log.Handler(), slog.LevelWarn),
		BaseContext:       func(net.Listener) context.Context { return base },
	}
	go func() { h.served <- h.server.Serve(netutil.LimitListener(l, maxConnections)) }()
	return h
}

// Addr is where the server listens, with the port the kernel chose for port 0.
func (h *HTTP) Addr() net.Addr { return h.addr }

// OnStop registers f to run when Stop begins, in its own goroutine. Websockets
// are none of Stop's business once upgraded: their owner closes them here.
func (h *HTTP) OnStop(f func()) { h.server.RegisterOnShutdown(f) }

// Stop takes no new connection, lets running requests finish until ctx ends,
// then cuts them off. In the end every request's context is ended, those of
// upgraded connections too.
func (h *HTTP) Stop(ctx context.Context) error {
	defer h.end(ErrStopped)
	err := h.server.Shutdown(ctx)
	if err != nil {
		err = errors.Join(fmt.Errorf("drain HTTP: %w", err), h.server.Close())
	}
	if served := <-h.served; !errors.Is(served, http.ErrServerClosed) {
		err = errors.Join(err, fmt.Errorf("serve HTTP: %w", served))
	}
	return err
}

// Shed lets at most limit requests into next at a time and answers the rest
// 503 with Retry-After, so that overload shows at once and what was accepted
// stays quick. Upgrades to websocket pass uncounted: they last a whole shift
// and are bounded by the connections.
func Shed(limit int, next http.Handler) http.Handler {
	places := make(chan struct{}, limit)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.EqualFold(r.Header.Get("Upgrade"), "websocket") {
			next.ServeHTTP(w, r)
			return
		}
		select {
		case places <- struct{}{}:
			defer func() { <-places }()
			next.ServeHTTP(w, r)
		default:
			w.Header().Set("Retry-After", "1")
			http.Error(w, "overloaded, try again in a second", http.StatusServiceUnavailable)
		}
	})
}
