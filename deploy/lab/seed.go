package lab

import (
	"bytes"
	"crypto/sha256"
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"text/template"
)

//go:embed seed
var seed embed.FS

// controllerConfig is linekeeper.yaml. Values are JSON strings, which are YAML.
const controllerConfig = `# Written by the Linekeeper lab. Changes here are lost at the next start.
http:        {listen: {{q .HTTP}}}
data:        {{q .Data}}
postgres:    {dsn: {{q .DSN}}}
nats:        {listen: {{q .NATS}}, url: ""}
asterisk:    {node: lab, url: {{q .ARI}}, user: {{q .ARIUser}}, password: {{q .ARIPassword}}, app: {{q .App}}, trunk: {{q .Trunk}}, registrar: {{q .SIP}}}
definitions: {{q .Definitions}}
recordings:  {dir: {{q .Recordings}}, keep: 90d}
tickets:     {system: rt, url: {{q .RT}}, token: {{q .RTToken}}, queue: Support}
telemetry:   {otlp: ""}
sign_in:
  oidc: {name: "Identité Labo", issuer: {{q .Issuer}}, client_id: {{q .ClientID}}, client_secret: {{q .ClientSecret}}, url: {{q .Console}}, link: true}
bench:       {agents: {{.Bench}}}
`

// writeConfig writes linekeeper.yaml for this lab. RT must have its token.
func writeConfig(o Options) error {
	asJSON := func(s string) (string, error) {
		b, err := json.Marshal(s)
		return string(b), err
	}
	t, err := template.New("linekeeper.yaml").Funcs(template.FuncMap{"q": asJSON}).Parse(controllerConfig)
	if err != nil {
		return err
	}
	var b bytes.Buffer
	err = t.Execute(&b, map[string]any{
		"HTTP": fmt.Sprintf("%s:%d", loopback, o.Ports.HTTP), "NATS": fmt.Sprintf("%s:%d", loopback, o.Ports.NATS),
		"Data": o.in("data"), "Definitions": o.in("definitions"), "Recordings": o.in("recordings"), "DSN": o.postgres().DSN(),
		"ARI": o.asterisk().URL(), "ARIUser": ariUser, "ARIPassword": ariPassword, "App": ariApp,
		"SIP": o.asterisk().SIP(), "Trunk": o.asterisk().Trunk(),
		"RT": o.rt().URL(), "RTToken": o.rt().Token(), "Bench": o.Bench,
		"Issuer": o.issuer().URL(), "ClientID": ClientID, "ClientSecret": ClientSecret, "Console": o.controller().URL,
	})
	if err != nil {
		return fmt.Errorf("render linekeeper.yaml: %w", err)
	}
	return writeFile(o.in("linekeeper.yaml"), b.Bytes(), 0o600)
}

// writeDefinitions brings the seed's definitions into the lab. A file somebody
// has changed since the last time is left alone, and named.
func writeDefinitions(o Options) error {
	record := o.in("controller", "seeded.json")
	written := map[string]string{}
	if b, err := os.ReadFile(record); err == nil {
		if err := json.Unmarshal(b, &written); err != nil {
			return fmt.Errorf("read %s: %w", record, err)
		}
	}
	err := fs.WalkDir(seed, "seed/definitions", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		fresh, err := seed.ReadFile(path)
		if err != nil {
			return err
		}
		name := strings.TrimPrefix(path, "seed/")
		there, err := os.ReadFile(o.in(name))
		switch {
		case err == nil && bytes.Equal(there, fresh):
		case err == nil && written[name] != contentHash(there):
			fmt.Fprintf(o.Out, "lab: %s has been changed by hand and stays as it is\n", o.in(name))
			return nil
		case err != nil && !errors.Is(err, fs.ErrNotExist):
			return err
		default:
			if err := writeFile(filepath.Clean(o.in(name)), fresh, 0o644); err != nil {
				return err
			}
		}
		written[name] = contentHash(fresh)
		return nil
	})
	if err != nil {
		return fmt.Errorf("write the lab's definitions: %w", err)
	}
	b, err := json.Marshal(written)
	if err != nil {
		return err
	}
	return writeFile(record, b, 0o644)
}

func contentHash(b []byte) string { return fmt.Sprintf("%x", sha256.Sum256(b)) }
