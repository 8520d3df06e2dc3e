package main

import (
	"errors"
	"fmt"
	"net"
	"net/url"
	"os"
	"path/filepath"

	"linekeeper/cmd/internal/boot"
	"linekeeper/ivr/asterisk"
)

// Config is the configuration of one controller: the file of --config, with
// LINEKEEPER_… environment variables over it (LINEKEEPER_HTTP_LISTEN sets
// http.listen). Unknown keys are refused.
type Config struct {
	// HTTP is where consoles, programs and Prometheus come in.
	HTTP HTTPConfig `yaml:"http"`
	// Data is the folder of the embedded NATS: the ledger and the saved calls.
	// It is what must not be lost.
	Data string `yaml:"data"`
	// Postgres holds accounts, the directory, records and ticket jobs.
	Postgres boot.PostgresConfig `yaml:"postgres"`
	// NATS is embedded unless a URL is given.
	NATS boot.NATSConfig `yaml:"nats"`
	// Asterisk is the telephone side.
	Asterisk AsteriskConfig `yaml:"asterisk"`
	// SignIn says how people sign in.
	SignIn SignInConfig `yaml:"sign_in"`
	// Definitions is the folder with floor.yaml, directory.yaml and flows/.
	Definitions string `yaml:"definitions"`
	// Tickets is the ticket system.
	Tickets TicketsConfig `yaml:"tickets"`
	// Telemetry says where traces, metrics and logs go besides /metrics and
	// standard error.
	Telemetry boot.TelemetryConfig `yaml:"telemetry"`
	// QueueLog is Asterisk's queue_log, for reports that read it.
	QueueLog QueueLogConfig `yaml:"queue_log"`
	// Recordings is where recorded talks are kept.
	Recordings RecordingsConfig `yaml:"recordings"`
	// Log says how much is logged.
	Log boot.LogConfig `yaml:"log"`
	// Calls bounds how many calls may be live; more hear the busy tone. 0 is no
	// limit.
	Calls CallsConfig `yaml:"calls"`
	// Realtime leads calls before what else the machine does, as Asterisk's own
	// highpriority has it. Where the system does not allow it, a warning says so.
	Realtime bool `yaml:"realtime"`
	// Bench adds agents for load tests.
	Bench BenchConfig `yaml:"bench"`
}

// HTTPConfig is the HTTP listener.
type HTTPConfig struct {
	// Listen is the address, "127.0.0.1:8080".
	Listen string `yaml:"listen"`
	// Secure says that desks reach us by TLS, through a proxy in front of us:
	// cookies are then sent by TLS only.
	Secure bool `yaml:"secure"`
	// Proxies are the addresses or networks of the proxies in front of us: what
	// they say in X-Forwarded-For is believed.
	Proxies []string `yaml:"proxies"`
}

// AsteriskConfig is one Asterisk.
type AsteriskConfig struct {
	Node     string      `yaml:"node"` // its name in facts and logs
	URL      string      `yaml:"url"`  // of its HTTP server, without /ari
	User     string      `yaml:"user"`
	Password boot.Secret `yaml:"password"`
	App      string      `yaml:"app"` // as the dialplan's Stasis() names it
	// Trunk is how it dials a number outside, {number} standing for it:
	// "PJSIP/{number}@trunk". Empty: no call leaves the house.
	Trunk string `yaml:"trunk"`
	// Registrar is where desk phones register, "192.0.2.10:5060"; it is only told
	// to who sets one up. Empty: the host of url, port 5060.
	Registrar string `yaml:"registrar"`
}

// registrar is where desk phones register.
func (c AsteriskConfig) registrar() string {
	if c.Registrar != "" {
		return c.Registrar
	}
	u, err := url.Parse(c.URL)
	if err != nil {
		return ""
	}
	return net.JoinHostPort(u.Hostname(), "5060")
}

// TicketsConfig is the ticket system.
type TicketsConfig struct {
	// System is "rt", or empty for none.
	System string      `yaml:"system"`
	URL    string      `yaml:"url"`
	Token  boot.Secret `yaml:"token"`
	// Queue takes new tickets.
	Queue string `yaml:"queue"`
}

// CallsConfig bounds the load.
type CallsConfig struct {
	Most int `yaml:"most"`
}

// BenchConfig adds agents bench001… who are always ready.
type BenchConfig struct {
	Agents int `yaml:"agents"`
	// Contact is where their phones listen; default 127.0.0.1:5170.
	Contact string `yaml:"contact"`
}

// recordingsDir is the folder of recorded talks.
func (c Config) recordingsDir() string {
	if c.Recordings.Dir != "" {
		return c.Recordings.Dir
	}
	return filepath.Join(c.Data, "recordings")
}

func defaultConfig() Config {
	return Config{
		HTTP:     HTTPConfig{Listen: "127.0.0.1:8080"},
		Asterisk: AsteriskConfig{Node: "asterisk", App: "linekeeper"},
		SignIn:   defaultSignIn(),
		Tickets:  TicketsConfig{Queue: "Support"},
		Realtime: true,
		Bench:    BenchConfig{Contact: "127.0.0.1:5170"},
	}
}

// loadConfig reads and checks the configuration. Its errors say which key, why,
// and what to do.
func loadConfig(path string) (Config, error) {
	c, err := boot.LoadConfig(path, defaultConfig(), os.Environ())
	if err != nil {
		return c, boot.Refuse(err)
	}
	if err := c.validate(); err != nil {
		return c, boot.Refuse(fmt.Errorf("configuration %s: %w", path, err))
	}
	return c, nil
}

func (c Config) validate() error {
	errs := []error{c.asterisk().Validate(), c.QueueLog.validate(), c.SignIn.validate(), c.HTTP.validate(), c.Recordings.validate()}
	need := func(ok bool, says string) {
		if !ok {
			errs = append(errs, errors.New(says))
		}
	}
	need(c.HTTP.Listen != "", `http.listen is empty: give an address such as "127.0.0.1:8080"`)
	need(c.Data != "" || c.NATS.URL != "", "data is empty: give the folder the ledger is kept in, or nats.url for an external cluster")
	need(c.Postgres.DSN != "", `postgres.dsn is empty: give one such as "postgres://linekeeper@/linekeeper"`)
	need(c.Definitions != "", "definitions is empty: give the folder with floor.yaml and flows/")
	need(c.Tickets.System == "" || c.Tickets.System == "rt", fmt.Sprintf("tickets.system %q is unknown: it is \"rt\", or empty for none", c.Tickets.System))
	need(c.Tickets.System == "" || c.Tickets.URL != "", "tickets.url is empty: give the address of the ticket system")
	need(c.Calls.Most >= 0, "calls.most is negative: it is a number of calls, 0 for no limit")
	need(c.Bench.Agents >= 0 && c.Bench.Agents <= 999, "bench.agents is a number from 0 to 999")
	return errors.Join(errs...)
}

// asterisk is the adapter's view of the configuration.
func (c Config) asterisk() asterisk.Config {
	return asterisk.Config{
		Node: c.Asterisk.Node, URL: c.Asterisk.URL, User: c.Asterisk.User,
		Password: string(c.Asterisk.Password), App: c.Asterisk.App,
		Trunk: c.Asterisk.Trunk,
	}
}
