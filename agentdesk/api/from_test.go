package api

import (
	"net/http"
	"net/netip"
	"strings"
	"testing"
)

// proxies are a server that stands behind two.
func proxies() *server {
	return &server{deps: Deps{Proxies: []netip.Prefix{netip.MustParsePrefix("127.0.0.1/32"), netip.MustParsePrefix("10.0.0.0/8")}}}
}

func TestFrom(t *testing.T) {
	for _, c := range []struct{ remote, forwarded, want string }{
		{"192.0.2.1:5", "", "192.0.2.1"},
		{"192.0.2.1:5", "198.51.100.1", "192.0.2.1"}, // says so itself
		{"127.0.0.1:5", "", "127.0.0.1"},
		{"127.0.0.1:5", "198.51.100.1", "198.51.100.1"},
		{"127.0.0.1:5", "6.6.6.6, 198.51.100.1", "198.51.100.1"}, // what stands before is theirs to make up
		{"127.0.0.1:5", "198.51.100.1, 10.1.2.3", "198.51.100.1"},
		{"127.0.0.1:5", "10.1.2.3", "10.1.2.3"},
		{"127.0.0.1:5", "nonsense, 10.1.2.3", "10.1.2.3"},
		{"127.0.0.1:5", "6.6.6.6, nonsense", "127.0.0.1"},
		{"127.0.0.1:5", "2001:db8::1", "2001:db8::1"},
		{"[::ffff:127.0.0.1]:5", "::ffff:198.51.100.1", "198.51.100.1"},
		{"@", "198.51.100.1", "@"},
	} {
		r := &http.Request{RemoteAddr: c.remote, Header: http.Header{}}
		if c.forwarded != "" {
			r.Header.Set("X-Forwarded-For", c.forwarded)
		}
		if got := proxies().from(r); got != c.want {
			t.Errorf("%s, forwarded %q: from %s, want %s", c.remote, c.forwarded, got, c.want)
		}
	}
}

// Whatever is claimed, the address is one, and never one that a stranger chose.
func FuzzFrom(f *testing.F) {
	f.Add("127.0.0.1:5", "6.6.6.6,198.51.100.1")
	f.Fuzz(func(t *testing.T, remote, forwarded string) {
		r := &http.Request{RemoteAddr: remote, Header: http.Header{"X-Forwarded-For": {forwarded, "203.0.113.9"}}}
		s := proxies()
		got := s.from(r)
		if s.proxied(strings.TrimSuffix(remote, ":5")) && strings.HasSuffix(remote, ":5") && got != "203.0.113.9" {
			t.Fatalf("from %q, not what our proxy says", got)
		}
	})
}
