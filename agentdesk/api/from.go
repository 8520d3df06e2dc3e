package api

import (
	"net"
	"net/http"
	"net/netip"
	"slices"
	"strings"
)

// from is the network address a request came from. A proxy that is known says whom
// it asks for: it appends the address to X-Forwarded-For, so that the last one that
// is no proxy of ours is the one to believe, whatever stands before it.
func (s *server) from(r *http.Request) string {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		return r.RemoteAddr
	}
	if !s.proxied(host) {
		return host
	}
	hops := strings.Split(strings.Join(r.Header.Values("X-Forwarded-For"), ","), ",")
	for _, hop := range slices.Backward(hops) {
		addr, err := netip.ParseAddr(strings.TrimSpace(hop))
		if err != nil {
			break // nothing before it can be believed
		}
		host = addr.Unmap().WithZone("").String()
		if !s.proxied(host) {
			break
		}
	}
	return host
}

// proxied says that an address is one of our proxies.
func (s *server) proxied(host string) bool {
	addr, err := netip.ParseAddr(host)
	return err == nil && slices.ContainsFunc(s.deps.Proxies, func(p netip.Prefix) bool { return p.Contains(addr.Unmap()) })
}
