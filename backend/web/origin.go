package web

import (
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"slices"
	"strings"
)

// ParseOrigin checks a public origin: a scheme, a host and, if it is not the scheme's own, a port, as browsers show
// it: "https://chat.example.org".
func ParseOrigin(s string) (string, error) {
	u, err := url.Parse(s)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" {
		return "", fmt.Errorf("origin %q: want something like https://chat.example.org", s)
	}
	if origin := u.Scheme + "://" + bare(u.Scheme, u.Host); origin != s {
		return "", fmt.Errorf("origin %q: write it as browsers do: %s", s, origin)
	}
	return s, nil
}

// bare gives a host in lower case without the port that its scheme has anyway.
func bare(scheme, host string) string {
	port := map[string]string{"http": ":80", "https": ":443"}[scheme]
	return strings.TrimSuffix(strings.ToLower(host), port)
}

// scheme is how the client reached the server, or the trusted proxy before it.
func (s *Server) scheme(r *http.Request) string {
	if r.TLS != nil || s.fromProxy(r) && r.Header.Get("X-Forwarded-Proto") == "https" {
		return "https"
	}
	return "http"
}

// fromProxy says whether the request came from a trusted proxy.
func (s *Server) fromProxy(r *http.Request) bool {
	from, err := netip.ParseAddrPort(r.RemoteAddr)
	return err == nil && slices.ContainsFunc(s.proxies, func(p netip.Prefix) bool { return p.Contains(from.Addr().Unmap()) })
}

// origin gives the origin that a login from this request must name. Without configured origins that is the host the
// request names, which is believed on this machine only: elsewhere anyone's DNS could point at this server.
func (s *Server) origin(r *http.Request) (string, error) {
	own := s.scheme(r) + "://" + bare(s.scheme(r), r.Host)
	said := r.Header.Get("Origin") // of a page in a browser; other clients need not say
	switch {
	case said == "":
		said = own
	case len(s.origins) == 0 && said != own:
		return "", fmt.Errorf("this page is not from here")
	}
	if len(s.origins) == 0 {
		if !local(r.Host) {
			return "", fmt.Errorf("this server has no public origin: start it with --origin")
		}
		return said, nil
	}
	if !slices.Contains(s.origins, said) {
		return "", fmt.Errorf("this server is at %s", strings.Join(s.origins, ", "))
	}
	return said, nil
}

// local says whether a host can be nothing but this machine, as browsers see it.
func local(host string) bool {
	if name, _, err := net.SplitHostPort(host); err == nil {
		host = name
	}
	if addr, err := netip.ParseAddr(strings.Trim(host, "[]")); err == nil {
		return addr.IsLoopback()
	}
	host = strings.ToLower(host)
	return host == "localhost" || strings.HasSuffix(host, ".localhost")
}
