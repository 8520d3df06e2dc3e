// Package ledgertest starts a broker inside the test process for tests that
// need a real ledger. It never appears in the product: cmd/internal/boot starts
// the product's broker. Tests of every room may call it.
package ledgertest

import (
	"net"
	"sync"
	"testing"
	"time"

	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go"

	"linekeeper/cdr/ledger"
)

// startWait is how long the broker may take to come up: 20 ms on a free machine.
const startWait = 20 * time.Second

// reconnectWait is how long a connection waits before it looks for the broker
// again.
const reconnectWait = 10 * time.Millisecond

// Broker is an in-process NATS server with JetStream in a folder of its own.
type Broker struct {
	dir string

	mu     sync.Mutex
	server *server.Server
}

// Start starts a broker that ends with the test.
func Start(tb testing.TB) *Broker {
	tb.Helper()
	b := &Broker{dir: tb.TempDir()}
	b.Up(tb)
	tb.Cleanup(b.Down)
	return b
}

// Up starts the broker again after Down, on the same files.
func (b *Broker) Up(tb testing.TB) {
	tb.Helper()
	s, err := server.NewServer(&server.Options{
		ServerName: "test", DontListen: true, JetStream: true, StoreDir: b.dir, NoSigs: true, NoLog: true,
	})
	if err != nil {
		tb.Fatalf("start the test broker: %v", err)
	}
	s.Start()
	if !s.ReadyForConnections(startWait) {
		tb.Fatalf("the test broker is not ready after %s", startWait)
	}
	b.mu.Lock()
	b.server = s
	b.mu.Unlock()
}

// Down stops the broker and keeps its files. Connections to it are cut.
func (b *Broker) Down() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.server.Shutdown()
	b.server.WaitForShutdown()
}

// InProcessConn implements nats.InProcessConnProvider, so that connections find
// the broker again after Down and Up.
func (b *Broker) InProcessConn() (net.Conn, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.server.InProcessConn()
}

// Conn connects to the broker; the connection ends with the test.
func (b *Broker) Conn(tb testing.TB) *nats.Conn {
	tb.Helper()
	nc, err := nats.Connect("", nats.InProcessServer(b), nats.MaxReconnects(-1),
		nats.ReconnectWait(reconnectWait), nats.ReconnectJitter(0, 0), nats.ReconnectBufSize(-1))
	if err != nil {
		tb.Fatalf("connect to the test broker: %v", err)
	}
	tb.Cleanup(nc.Close)
	return nc
}

// Ledger starts a broker and opens a ledger on it.
func Ledger(tb testing.TB) *ledger.Ledger {
	tb.Helper()
	return Start(tb).Ledger(tb, ledger.Config{})
}

// Ledger opens a ledger on the broker by a connection of its own.
func (b *Broker) Ledger(tb testing.TB, cfg ledger.Config) *ledger.Ledger {
	tb.Helper()
	l, err := ledger.Open(tb.Context(), b.Conn(tb), cfg)
	if err != nil {
		tb.Fatal(err)
	}
	return l
}

// Snapshots opens the buckets on the broker by a connection of its own.
func (b *Broker) Snapshots(tb testing.TB) *ledger.Snapshots {
	tb.Helper()
	s, err := ledger.OpenSnapshots(tb.Context(), b.Conn(tb), ledger.Config{})
	if err != nil {
		tb.Fatal(err)
	}
	return s
}
