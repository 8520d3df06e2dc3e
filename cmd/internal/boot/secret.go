package boot

import (
	"log/slog"
	"net/url"
	"regexp"
)

// hidden stands where a secret was. It says that one is set, and no more.
const hidden = "(hidden)"

// Secret is a configuration value that no log, dump or error may show: a
// password, a token. Printed in any way it reads "(hidden)", or "" when unset.
// Convert it with string(s) at the one place that sends it.
type Secret string

// String hides the value.
func (s Secret) String() string {
	if s == "" {
		return ""
	}
	return hidden
}

// GoString hides the value from %#v.
func (s Secret) GoString() string { return s.String() }

// LogValue hides the value from slog.
func (s Secret) LogValue() slog.Value { return slog.StringValue(s.String()) }

// MarshalYAML hides the value from dumps.
func (s Secret) MarshalYAML() (any, error) { return s.String(), nil }

// MarshalJSON hides the value from JSON.
func (s Secret) MarshalJSON() ([]byte, error) { return []byte(`"` + s.String() + `"`), nil }

// DSN is a PostgreSQL connection string, URL or key=value form. Printed in any
// way it shows everything but the password. Convert it with string(d) to
// connect.
type DSN string

var dsnPassword = regexp.MustCompile(`(?i)((?:ssl)?password\s*=\s*)('(?:[^'\\]|\\.)*'|[^\s&]+)`)

// String shows the DSN without its password.
func (d DSN) String() string {
	text := string(d)
	if u, err := url.Parse(text); err == nil && u.Host+u.Path != text {
		if _, set := u.User.Password(); set {
			u.User = url.UserPassword(u.User.Username(), "xxxxx")
		}
		text = u.String()
	}
	return dsnPassword.ReplaceAllString(text, "${1}xxxxx")
}

// GoString hides the password from %#v.
func (d DSN) GoString() string { return d.String() }

// LogValue hides the password from slog.
func (d DSN) LogValue() slog.Value { return slog.StringValue(d.String()) }

// MarshalYAML hides the password from dumps.
func (d DSN) MarshalYAML() (any, error) { return d.String(), nil }
