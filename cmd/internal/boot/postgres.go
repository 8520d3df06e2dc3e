package boot

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/exaring/otelpgx"
	"github.com/jackc/pgx/v5/pgxpool"
	"go.opentelemetry.io/otel/metric"
	"go.opentelemetry.io/otel/trace"
)

// PostgresConfig says where definitions, people, records and ticket jobs lie.
type PostgresConfig struct {
	// DSN is a URL or key=value string. Pool sizes and session settings in it
	// (pool_max_conns, statement_timeout, …) win over ours.
	DSN DSN `yaml:"dsn"`
}

// sessionSettings bound what one statement may hold up. Migrations and long
// reports set their own with SET LOCAL.
var sessionSettings = map[string]string{
	"application_name":                    "linekeeper",
	"timezone":                            "UTC",
	"statement_timeout":                   "10s",
	"lock_timeout":                        "3s",
	"idle_in_transaction_session_timeout": "30s",
}

// Pool returns a pool that connects when first asked to: start never waits for
// the database, and while it is away every use fails within two seconds or by
// its own context. Statements become spans under whatever span their context
// carries, and the pool's figures become metrics.
func Pool(ctx context.Context, config PostgresConfig, tracer trace.TracerProvider, meter metric.MeterProvider) (*pgxpool.Pool, error) {
	if config.DSN == "" {
		return nil, errors.New("postgres: no dsn is configured")
	}
	pc, err := pgxpool.ParseConfig(string(config.DSN))
	if err != nil {
		// pgx hides a URL's password in this error but not every other form.
		return nil, fmt.Errorf("postgres: dsn %s cannot be read", config.DSN)
	}
	for name, value := range sessionSettings {
		if _, set := pc.ConnConfig.RuntimeParams[name]; !set {
			pc.ConnConfig.RuntimeParams[name] = value
		}
	}
	if !strings.Contains(string(config.DSN), "connect_timeout") {
		pc.ConnConfig.ConnectTimeout = 2 * time.Second
	}
	if !strings.Contains(string(config.DSN), "pool_max_conns") {
		pc.MaxConns = 16 // not one a core: most of a statement's time is its commit
	}
	pc.MaxConnIdleTime = 5 * time.Minute
	pc.ConnConfig.Tracer = otelpgx.NewTracer(otelpgx.WithTracerProvider(tracer), otelpgx.WithMeterProvider(meter),
		otelpgx.WithDisableConnectionDetailsInAttributes())
	pool, err := pgxpool.NewWithConfig(ctx, pc)
	if err != nil {
		return nil, fmt.Errorf("postgres: %w", err)
	}
	if err := otelpgx.RecordStats(pool, otelpgx.WithStatsMeterProvider(meter)); err != nil {
		pool.Close()
		return nil, fmt.Errorf("postgres: pool metrics: %w", err)
	}
	return pool, nil
}

// ClosePool adapts a pool to Stack: Close waits for connections in use, so it
// is left behind at the deadline.
func ClosePool(pool *pgxpool.Pool) func(context.Context) error {
	return func(context.Context) error {
		pool.Close()
		return nil
	}
}
