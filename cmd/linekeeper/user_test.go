package main

import (
	"strings"
	"testing"
)

// A desk phone is told its secret; other phones need none.
func TestWhoHasADeskPhone(t *testing.T) {
	c := defaultConfig()
	c.Definitions = "../../deploy/lab/seed/definitions"
	for name, says := range map[string]string{
		"bruno":  "",
		"gaelle": "",
		"alice":  "no desk phone",
		"nobody": `no agent "nobody"`,
	} {
		_, err := deskPhoneOf(c, name)
		if (err == nil) != (says == "") || err != nil && !strings.Contains(err.Error(), says) {
			t.Errorf("%s: %v, want %q", name, err, says)
		}
	}
}

func TestWhereADeskPhoneRegisters(t *testing.T) {
	for _, tc := range []struct{ given, url, want string }{
		{"", "http://192.0.2.10:8088", "192.0.2.10:5060"},
		{"", "https://[2001:db8::1]:8089/", "[2001:db8::1]:5060"},
		{"sip.example.org", "http://127.0.0.1:8088", "sip.example.org"},
	} {
		if got := (AsteriskConfig{Registrar: tc.given, URL: tc.url}).registrar(); got != tc.want {
			t.Errorf("registrar %q of %s: %q, want %q", tc.given, tc.url, got, tc.want)
		}
	}
}
