package asterisk

import "testing"

func TestWherePagesPhonesSpeakSIP(t *testing.T) {
	for at, want := range map[string]string{
		"http://127.0.0.1:8088": "ws://127.0.0.1:8088/ws",
		"https://pbx.example/":  "wss://pbx.example/ws",
		"https://pbx.example/a": "wss://pbx.example/a/ws",
		"pbx.example":           "",
	} {
		if got, err := (Config{URL: at}).SIPSocket(); got != want || (err == nil) != (want != "") {
			t.Errorf("%s: %q, %v; want %q", at, got, err, want)
		}
	}
}
