package boot

import (
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

type testConfig struct {
	HTTP struct {
		Listen string `yaml:"listen"`
	} `yaml:"http"`
	Data     string `yaml:"data"`
	Postgres struct {
		DSN DSN `yaml:"dsn"`
	} `yaml:"postgres"`
	Tickets struct {
		Token     Secret        `yaml:"token"`
		RetryFor  time.Duration `yaml:"retry-for"`
		MaxOpen   int           `yaml:"max_open"`
		Languages []string      `yaml:"languages"`
	} `yaml:"tickets"`
}

func write(t *testing.T, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "linekeeper.yaml")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestConfigLayersDefaultsFileEnvironment(t *testing.T) {
	path := write(t, "http: {listen: \"127.0.0.1:8080\"}\ntickets: {retry-for: 90s, languages: [fr, en]}\n")
	var defaults testConfig
	defaults.Data = "/var/lib/linekeeper"
	defaults.HTTP.Listen = "unused"
	got, err := LoadConfig(path, defaults, []string{
		"LINEKEEPER_HTTP_LISTEN=127.0.0.1:9090",
		"LINEKEEPER_TICKETS_TOKEN=s3cret",
		"LINEKEEPER_TICKETS_MAX_OPEN=7",
		"LINEKEEPER_CACHE=/somewhere", // tooling, not configuration
		"HOME=/root",
	})
	if err != nil {
		t.Fatal(err)
	}
	var want testConfig
	want.HTTP.Listen = "127.0.0.1:9090"
	want.Data = "/var/lib/linekeeper"
	want.Tickets.Token = "s3cret"
	want.Tickets.RetryFor = 90 * time.Second
	want.Tickets.MaxOpen = 7
	want.Tickets.Languages = []string{"fr", "en"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("configuration (-want +got):\n%s", diff)
	}
}

func TestConfigRefusesWithFileLineAndSnippet(t *testing.T) {
	for name, c := range map[string]struct{ text, line, says string }{
		"unknown key":  {"data: x\nhttp:\n  lisen: y\n", ":3:3:", `unknown field "lisen"`},
		"wrong type":   {"data: x\ntickets:\n  max_open: many\n", ":3:13:", "max_open: many"},
		"doubled key":  {"data: x\ndata: y\n", ":2:1:", "data: y"},
		"broken YAML":  {"data: [x\nhttp: y\n", ":2:1: ',' or ']' must", "data: [x"},
		"not a struct": {"- data\n", ":1:1:", "- data"},
	} {
		t.Run(name, func(t *testing.T) {
			path := write(t, c.text)
			_, err := LoadConfig(path, testConfig{}, nil)
			if err == nil {
				t.Fatal("accepted")
			}
			if !strings.HasPrefix(err.Error(), path+c.line) || !strings.Contains(err.Error(), c.says) {
				t.Errorf("error should begin %q and show %q, got:\n%v", path+c.line, c.says, err)
			}
		})
	}
}

func TestConfigRefusesMistypedVariable(t *testing.T) {
	_, err := LoadConfig("", testConfig{}, []string{"LINEKEEPER_HTTP_LISTN=x", "LINEKEEPER_TICKETS_RETRY_FOR=1s"})
	if err == nil || !strings.Contains(err.Error(), "LINEKEEPER_HTTP_LISTN: no such setting") {
		t.Errorf("error = %v", err)
	}
	_, err = LoadConfig("", testConfig{}, []string{"LINEKEEPER_TICKETS_MAX_OPEN=many"})
	if err == nil || !strings.Contains(err.Error(), "max_open") {
		t.Errorf("error = %v", err)
	}
}

func TestConfigMissingFile(t *testing.T) {
	if _, err := LoadYAML[testConfig]("/nonexistent.yaml"); !os.IsNotExist(unwrap(err)) {
		t.Errorf("error = %v", err)
	}
}

func unwrap(err error) error {
	if u, ok := err.(interface{ Unwrap() error }); ok {
		return u.Unwrap()
	}
	return err
}

func TestNothingPrintsASecret(t *testing.T) {
	var c testConfig
	c.HTTP.Listen = "127.0.0.1:8080"
	c.Tickets.Token = "hunter2"
	for _, dsn := range []DSN{
		"postgres://lk:hunter2@db/linekeeper?sslmode=disable",
		"postgres://lk@db/linekeeper?password=hunter2&sslmode=disable",
		"host=db user=lk password=hunter2",
		"host=db user=lk password = 'hunter2 hunter2'",
		"host=db sslpassword=hunter2 user=lk",
	} {
		c.Postgres.DSN = dsn
		log, out := logTo(t)
		log.LogAttrs(t.Context(), slog.LevelInfo, "starting", slog.Any("config", c), slog.Any("dsn", dsn), slog.Any("token", c.Tickets.Token))
		for how, text := range map[string]string{
			"Redacted": Redacted(c), "%v": fmt.Sprint(c), "%+v": fmt.Sprintf("%+v", c), "%#v": fmt.Sprintf("%#v", c), "slog": out.String(),
		} {
			if strings.Contains(text, "hunter2") {
				t.Errorf("%s shows the secret of %s:\n%s", how, c.Postgres.DSN, text)
			}
		}
	}
	if text := Redacted(c); !strings.Contains(text, "token: (hidden)") || !strings.Contains(text, "listen: 127.0.0.1:8080") {
		t.Errorf("dump:\n%s", text)
	}
}
