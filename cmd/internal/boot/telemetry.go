package boot

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"
	"go.opentelemetry.io/contrib/bridges/otelslog"
	"go.opentelemetry.io/contrib/instrumentation/runtime"
	"go.opentelemetry.io/otel"
	otelprom "go.opentelemetry.io/otel/exporters/prometheus"
	"go.opentelemetry.io/otel/metric"
	sdklog "go.opentelemetry.io/otel/sdk/log"
	sdkmetric "go.opentelemetry.io/otel/sdk/metric"
	"go.opentelemetry.io/otel/sdk/resource"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/trace"
	"go.opentelemetry.io/otel/trace/noop"
)

// TelemetryConfig says where traces, metrics and logs are sent.
type TelemetryConfig struct {
	// OTLP is the collector's OTLP/HTTP address, such as
	// http://127.0.0.1:4318. Empty sends nothing; /metrics is served all the
	// same.
	OTLP string `yaml:"otlp"`
}

// Telemetry is the process's OpenTelemetry: providers to make spans and
// instruments with, and the page Prometheus reads. Nothing in it ever waits
// for a collector: queues are bounded and drop what does not fit, and Stop
// gives a dead collector about a second.
type Telemetry struct {
	// Tracer makes spans; without OTLP it makes none at no cost.
	Tracer trace.TracerProvider
	// Meter makes instruments; they are always readable at Metrics.
	Meter metric.MeterProvider
	// Metrics serves the Prometheus page.
	Metrics http.Handler

	ids   sdktrace.IDGenerator   // nil: the SDK's own
	logs  *sdklog.LoggerProvider // nil without OTLP
	name  string
	stops []func(context.Context) error
}

// NewTelemetry builds the telemetry of service name at version. ids makes the IDs
// of traces and spans; nil leaves that to the SDK. It opens no connection. It
// refuses only an OTLP address that is not an HTTP URL.
func NewTelemetry(ctx context.Context, name, version string, config TelemetryConfig, ids sdktrace.IDGenerator, log *slog.Logger) (*Telemetry, error) {
	t := &Telemetry{name: name, ids: ids, Tracer: noop.NewTracerProvider()}
	about, err := describe(ctx, name, version)
	if err != nil {
		return nil, err
	}
	page := prometheus.NewRegistry()
	// A page of its own keeps libraries' global collectors out; the process
	// collector gives resident memory and open files, which OTel's does not.
	page.MustRegister(collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	t.Metrics = promhttp.HandlerFor(page, promhttp.HandlerOpts{ErrorLog: slog.NewLogLogger(log.Handler(), slog.LevelWarn)})
	reader, err := otelprom.New(otelprom.WithRegisterer(page))
	if err != nil {
		return nil, fmt.Errorf("telemetry: prometheus page: %w", err)
	}
	options := []sdkmetric.Option{sdkmetric.WithResource(about), sdkmetric.WithReader(reader)}
	if config.OTLP != "" {
		push, err := t.export(ctx, about, config.OTLP)
		if err != nil {
			return nil, err
		}
		options = append(options, sdkmetric.WithReader(push))
		otel.SetErrorHandler(quietly(log, time.Minute))
	}
	meter := sdkmetric.NewMeterProvider(options...)
	t.Meter, t.stops = meter, append(t.stops, meter.Shutdown)
	if err := runtime.Start(runtime.WithMeterProvider(meter)); err != nil {
		return nil, fmt.Errorf("telemetry: runtime metrics: %w", err)
	}
	return t, nil
}

// describe names this process to whoever reads its telemetry.
func describe(ctx context.Context, name, version string) (*resource.Resource, error) {
	about, err := resource.New(ctx, resource.WithFromEnv(), resource.WithHost(), resource.WithProcessPID(),
		resource.WithTelemetrySDK(), resource.WithAttributes(serviceName.String(name), serviceVersion.String(version)))
	if err != nil {
		return nil, fmt.Errorf("telemetry: describe this process: %w", err)
	}
	return about, nil
}

// Install makes the providers the global ones, for libraries that ask there.
func (t *Telemetry) Install() {
	otel.SetTracerProvider(t.Tracer)
	otel.SetMeterProvider(t.Meter)
}

// Log returns a logger that writes to log and, when OTLP is configured, sends
// the same lines to the collector.
func (t *Telemetry) Log(log *slog.Logger) *slog.Logger {
	if t.logs == nil {
		return log
	}
	return fanOut(log, otelslog.NewHandler(t.name, otelslog.WithLoggerProvider(t.logs)))
}

// Stop sends what is queued and ends the exporters. It returns within about a
// second, or by ctx's deadline if that is sooner; what a dead collector did
// not take by then is dropped, which is reported but does no harm.
func (t *Telemetry) Stop(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, exportTimeout)
	defer cancel()
	errs := make(chan error, len(t.stops))
	for _, stop := range t.stops { // together: one second for all, not for each
		go func() { errs <- stop(ctx) }()
	}
	var all []error
	for range t.stops {
		all = append(all, <-errs)
	}
	return errors.Join(all...)
}
