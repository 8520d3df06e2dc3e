package boot

import (
	"net"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgproto3"
	metricnoop "go.opentelemetry.io/otel/metric/noop"
	"go.opentelemetry.io/otel/trace/noop"
)

func TestPoolStartsWhileTheDatabaseIsAway(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0") // accepts by the kernel, never answers
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	began := time.Now()
	pool, err := Pool(t.Context(), PostgresConfig{DSN: DSN("postgres://lk:pw@" + l.Addr().String() + "/lk?sslmode=disable")},
		noop.NewTracerProvider(), metricnoop.NewMeterProvider())
	if err != nil {
		t.Fatal(err)
	}
	if took := time.Since(began); took > time.Second {
		t.Errorf("start took %s", took)
	}
	began = time.Now()
	if err := pool.Ping(t.Context()); err == nil {
		t.Error("nobody answered, yet it is well")
	}
	if took := time.Since(began); took > 5*time.Second {
		t.Errorf("use failed only after %s", took)
	}
	if err := ClosePool(pool)(t.Context()); err != nil {
		t.Error(err)
	}
}

func TestPoolBoundsItsSessions(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	sent := make(chan map[string]string, 1)
	go func() { // the server's side of the start-up, as far as its first answer
		conn, err := l.Accept()
		if err != nil {
			return
		}
		defer conn.Close()
		backend := pgproto3.NewBackend(conn, conn)
		if message, err := backend.ReceiveStartupMessage(); err == nil {
			sent <- message.(*pgproto3.StartupMessage).Parameters
		}
		backend.Send(&pgproto3.ErrorResponse{Severity: "FATAL", Code: "57P03", Message: "starting up"})
		_ = backend.Flush()
	}()
	pool, err := Pool(t.Context(), PostgresConfig{DSN: DSN("postgres://lk@" + l.Addr().String() + "/lk?sslmode=disable&lock_timeout=1s")},
		noop.NewTracerProvider(), metricnoop.NewMeterProvider())
	if err != nil {
		t.Fatal(err)
	}
	defer pool.Close()
	if err := pool.Ping(t.Context()); err == nil || !strings.Contains(err.Error(), "starting up") {
		t.Errorf("Ping = %v", err)
	}
	got := <-sent
	for name, want := range map[string]string{"statement_timeout": "10s", "lock_timeout": "1s", "application_name": "linekeeper", "timezone": "UTC"} {
		if got[name] != want {
			t.Errorf("%s = %q, want %q", name, got[name], want)
		}
	}
}

func TestPoolRefusesBadDSNWithoutShowingIt(t *testing.T) {
	for _, dsn := range []DSN{"", "postgres://lk:hunter2@db:nan/lk", "host=db password=hunter2 port=nan", "nonsense hunter2="} {
		_, err := Pool(t.Context(), PostgresConfig{DSN: dsn}, noop.NewTracerProvider(), metricnoop.NewMeterProvider())
		if err == nil {
			t.Errorf("%q was accepted", string(dsn))
			continue
		}
		if strings.Contains(err.Error(), "hunter2") && strings.Contains(string(dsn), "pass") {
			t.Errorf("error shows the password: %v", err)
		}
	}
}
