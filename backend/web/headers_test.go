package web_test

import (
	"net/http"
	"net/netip"
	"strings"
	"testing"

	"sotto/backend/relay"
	"sotto/backend/web"
)

// wanted are the headers of every response, word for word as the architecture has them.
var wanted = map[string]string{
	"Content-Security-Policy": "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; worker-src 'self'; " +
		"connect-src 'self'; style-src 'self'; img-src 'self' blob: data:; media-src blob:; font-src 'self'; " +
		"manifest-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; " +
		"require-trusted-types-for 'script'; trusted-types sotto",
	"X-Content-Type-Options":       "nosniff",
	"Referrer-Policy":              "no-referrer",
	"Cross-Origin-Opener-Policy":   "same-origin",
	"Cross-Origin-Embedder-Policy": "require-corp",
	"Cross-Origin-Resource-Policy": "same-origin",
}

func checkHeaders(t *testing.T, name string, r *http.Response) {
	t.Helper()
	for header, want := range wanted {
		if got := r.Header.Values(header); len(got) != 1 || got[0] != want {
			t.Errorf("%s: %s is %q", name, header, got)
		}
	}
	for _, feature := range []string{"camera=()", "microphone=()", "geolocation=()"} {
		if !strings.Contains(r.Header.Get("Permissions-Policy"), feature) {
			t.Errorf("%s: Permissions-Policy lacks %s", name, feature)
		}
	}
	if r.Header.Get("Strict-Transport-Security") != "" {
		t.Errorf("%s: HSTS over http", name)
	}
	if r.Header.Get("Server") != "" || r.Header.Get("X-Powered-By") != "" {
		t.Errorf("%s: names its software", name)
	}
}

func TestHeadersOnEveryResponse(t *testing.T) {
	w := newWorld(t, func(o *web.Options, _ *relay.Options) {
		o.Proxies = []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8")}
	})
	etag := w.ask("GET", "/").Header.Get("ETag")
	cases := []struct {
		method, url string
		headers     []string
		status      int
	}{
		{"GET", "/", nil, http.StatusOK},
		{"HEAD", "/", nil, http.StatusOK},
		{"GET", "/", []string{"If-None-Match", etag}, http.StatusNotModified},
		{"GET", "/a/0123/main.js", nil, http.StatusOK},
		{"GET", "/manifest.json", nil, http.StatusOK},
		{"GET", "/healthz", nil, http.StatusOK},
		{"GET", "/readyz", nil, http.StatusOK},
		{"GET", "/nothing", nil, http.StatusNotFound},
		{"GET", "/index.html", nil, http.StatusNotFound},
		{"GET", "/a/0123/main.js.br", nil, http.StatusNotFound},
		{"GET", "/a/../index.html", nil, http.StatusNotFound},
		{"POST", "/", nil, http.StatusMethodNotAllowed},
		{"DELETE", "/a/0123/main.js", nil, http.StatusMethodNotAllowed},
		{"POST", "/healthz", nil, http.StatusMethodNotAllowed},
		{"POST", "/ws", nil, http.StatusMethodNotAllowed},
		{"POST", "/", []string{"Sec-Fetch-Site", "cross-site"}, http.StatusForbidden},
		{"GET", "http://localhost/ws", nil, http.StatusBadRequest},
		{"GET", "http://localhost/ws", []string{"Sec-WebSocket-Protocol", "sotto.v1"}, http.StatusUpgradeRequired},
		{"GET", "http://elsewhere.example/ws", nil, http.StatusForbidden},
	}
	for _, c := range cases {
		r := w.ask(c.method, c.url, c.headers...)
		if r.StatusCode != c.status {
			t.Errorf("%s %s: %d, want %d", c.method, c.url, r.StatusCode, c.status)
		}
		checkHeaders(t, c.method+" "+c.url, r)
		if r.StatusCode == http.StatusMethodNotAllowed && !strings.Contains(r.Header.Get("Allow"), "GET") {
			t.Errorf("%s %s: Allow is %q", c.method, c.url, r.Header.Get("Allow"))
		}
	}
	_, upgraded, err := w.dial()
	must(t, err)
	checkHeaders(t, "upgrade", upgraded)
}

func TestNotFoundSaysNothingOfThePath(t *testing.T) {
	w := newWorld(t, nil)
	if got := string(body(t, w.ask("GET", "/%3Cscript%3Emarker"))); got != "Not Found\n" {
		t.Errorf("got %q", got)
	}
}

func TestTransportSecurity(t *testing.T) {
	w := newWorld(t, func(o *web.Options, _ *relay.Options) {
		o.Proxies = []netip.Prefix{netip.MustParsePrefix("192.0.2.0/24")} // httptest's client is 192.0.2.1
	})
	if got := w.ask("GET", "/", "X-Forwarded-Proto", "https").Header.Get("Strict-Transport-Security"); got == "" {
		t.Error("no HSTS over https")
	}
	untrusting := newWorld(t, nil)
	if got := untrusting.ask("GET", "/", "X-Forwarded-Proto", "https").Header.Get("Strict-Transport-Security"); got != "" {
		t.Error("a stranger's X-Forwarded-Proto is believed")
	}
}
