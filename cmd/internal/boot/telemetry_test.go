package boot

import (
	"context"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/metric"
)

func discard() *slog.Logger { return slog.New(slog.DiscardHandler) }

func TestMetricsPageNeedsNoCollector(t *testing.T) {
	tel, err := NewTelemetry(t.Context(), "linekeeper", "1.2.3", TelemetryConfig{}, nil, discard())
	if err != nil {
		t.Fatal(err)
	}
	calls, err := tel.Meter.Meter("test").Int64Counter("linekeeper.calls", metric.WithUnit("{call}"))
	if err != nil {
		t.Fatal(err)
	}
	calls.Add(t.Context(), 3, metric.WithAttributes(attribute.String("queue", "support-n1")))
	page := httptest.NewRecorder()
	tel.Metrics.ServeHTTP(page, httptest.NewRequest(http.MethodGet, "/metrics", nil))
	for _, want := range []string{
		`linekeeper_calls_total{`, `queue="support-n1"`, "process_resident_memory_bytes", "go_goroutine_count", `service_version="1.2.3"`,
	} {
		if !strings.Contains(page.Body.String(), want) {
			t.Errorf("page lacks %s", want)
		}
	}
	_, span := tel.Tracer.Tracer("test").Start(t.Context(), "call")
	if span.IsRecording() {
		t.Error("spans are recorded though nobody is there to take them")
	}
	if log := discard(); tel.Log(log) != log {
		t.Error("the log is doubled though nobody is there to take it")
	}
	if err := tel.Stop(t.Context()); err != nil {
		t.Error(err)
	}
}

func TestTelemetryReachesTheCollector(t *testing.T) {
	var mu sync.Mutex
	got := map[string]string{}
	collector := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		mu.Lock()
		defer mu.Unlock()
		got[r.URL.Path] += string(body)
	}))
	defer collector.Close()
	tel, err := NewTelemetry(t.Context(), "linekeeper", "1.2.3", TelemetryConfig{OTLP: collector.URL + "/tenant"}, nil, discard())
	if err != nil {
		t.Fatal(err)
	}
	_, span := tel.Tracer.Tracer("test").Start(t.Context(), "call-span")
	span.End()
	local, out := logTo(t)
	tel.Log(local).With("call", "c1").WithGroup("g").Info("log-line", "k", "v")
	tel.Log(local).Debug("too-low")
	if err := tel.Stop(t.Context()); err != nil {
		t.Error(err)
	}
	mu.Lock()
	defer mu.Unlock()
	if !strings.Contains(got["/tenant/v1/traces"], "call-span") {
		t.Errorf("traces: %q", got["/tenant/v1/traces"])
	}
	if !strings.Contains(got["/tenant/v1/logs"], "log-line") || strings.Contains(got["/tenant/v1/logs"], "too-low") {
		t.Errorf("logs: %q", got["/tenant/v1/logs"])
	}
	if !strings.Contains(got["/tenant/v1/metrics"], "go.goroutine.count") {
		t.Errorf("metrics: %q", got["/tenant/v1/metrics"])
	}
	if !strings.Contains(out.String(), "log-line") {
		t.Errorf("local log: %s", out)
	}
}

// blackHole accepts connections and never answers.
func blackHole(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	var held sync.WaitGroup
	held.Go(func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			held.Go(func() { _, _ = io.Copy(io.Discard, c); _ = c.Close() })
		}
	})
	t.Cleanup(func() { _ = l.Close(); held.Wait() })
	return "http://" + l.Addr().String()
}

func TestDeadCollectorCostsNothing(t *testing.T) {
	closed := httptest.NewServer(http.NotFoundHandler())
	closed.Close()
	for name, address := range map[string]string{"accepts and never answers": blackHole(t), "refuses": closed.URL} {
		t.Run(name, func(t *testing.T) {
			began := time.Now()
			tel, err := NewTelemetry(t.Context(), "linekeeper", "dev", TelemetryConfig{OTLP: address}, nil, discard())
			if err != nil {
				t.Fatal(err)
			}
			if took := time.Since(began); took > 500*time.Millisecond {
				t.Errorf("start took %s", took)
			}
			// Not discard(): a log that nobody reads is not exported either.
			local, _, err := NewLog(io.Discard, LogConfig{})
			if err != nil {
				t.Fatal(err)
			}
			log, tracer := tel.Log(local), tel.Tracer.Tracer("test")
			began = time.Now()
			for range 3 * exportQueue { // three times what fits
				_, span := tracer.Start(t.Context(), "call")
				span.End()
				log.Error("line")
			}
			if took := time.Since(began); took > 2*time.Second {
				t.Errorf("%d spans took %s", 3*exportQueue, took)
			}
			began = time.Now()
			ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
			defer cancel()
			_ = tel.Stop(ctx) // says that spans were dropped, or nothing
			if took := time.Since(began); took > 2*exportTimeout {
				t.Errorf("stop took %s", took)
			}
		})
	}
}

func TestTelemetryRefusesWhatIsNoAddress(t *testing.T) {
	for _, address := range []string{"127.0.0.1:4318", "grpc://collector:4317", "http://", "::"} {
		if _, err := NewTelemetry(t.Context(), "linekeeper", "dev", TelemetryConfig{OTLP: address}, nil, discard()); err == nil {
			t.Errorf("%q was accepted", address)
		}
	}
}

func TestDeadCollectorIsNamedOnceInAWhile(t *testing.T) {
	log, out := logTo(t)
	report := quietly(log, time.Hour)
	for range 100 {
		report.Handle(context.DeadlineExceeded)
	}
	if n := strings.Count(out.String(), "not getting through"); n != 1 {
		t.Errorf("logged %d times", n)
	}
}
