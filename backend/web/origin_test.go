package web_test

import (
	"fmt"
	"net/http"
	"net/netip"
	"testing"

	"github.com/coder/websocket"

	"sotto/backend/relay"
	"sotto/backend/relay/relaytest"
	"sotto/backend/web"
	"sotto/wasm/wire"
)

// TestOrigins asks for a WebSocket as pages from here and elsewhere do. want is the origin in the relay's hello,
// empty for a refusal.
func TestOrigins(t *testing.T) {
	proxies := []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}
	chat := []string{"https://chat.example", "http://localhost:8080"}
	cases := []struct {
		name    string
		options web.Options
		headers []string
		want    string
	}{
		{"here", web.Options{}, []string{"Host", "localhost:8080", "Origin", "http://localhost:8080"}, "http://localhost:8080"},
		{"no browser", web.Options{}, []string{"Host", "localhost:8080"}, "http://localhost:8080"},
		{"capitals", web.Options{}, []string{"Host", "LocalHost:8080"}, "http://localhost:8080"},
		{"port 80", web.Options{}, []string{"Host", "localhost:80", "Origin", "http://localhost"}, "http://localhost"},
		{"IPv6", web.Options{}, []string{"Host", "[::1]:8080", "Origin", "http://[::1]:8080"}, "http://[::1]:8080"},
		{"below localhost", web.Options{}, []string{"Host", "sotto.localhost:8080"}, "http://sotto.localhost:8080"},
		{"another port", web.Options{}, []string{"Host", "localhost:8080", "Origin", "http://localhost:9090"}, ""},
		{"another host", web.Options{}, []string{"Host", "localhost:8080", "Origin", "http://evil.example"}, ""},
		{"sandboxed page", web.Options{}, []string{"Host", "localhost:8080", "Origin", "null"}, ""},
		{"name that points here", web.Options{}, []string{"Host", "evil.example:8080", "Origin", "http://evil.example:8080"}, ""},
		{"name like localhost", web.Options{}, []string{"Host", "localhost.evil.example"}, ""},
		{"address in the LAN", web.Options{}, []string{"Host", "192.168.1.5:8080"}, ""},
		{"https said by a stranger", web.Options{}, []string{"Host", "localhost:8080", "Origin", "https://localhost:8080", "X-Forwarded-Proto", "https"}, ""},

		{"configured", web.Options{Origins: chat}, []string{"Host", "chat.example", "Origin", "https://chat.example"}, "https://chat.example"},
		{"configured, the second", web.Options{Origins: chat}, []string{"Host", "localhost:8080", "Origin", "http://localhost:8080"}, "http://localhost:8080"},
		{"configured, by http", web.Options{Origins: chat}, []string{"Host", "chat.example", "Origin", "http://chat.example"}, ""},
		{"configured, elsewhere", web.Options{Origins: chat}, []string{"Host", "chat.example", "Origin", "https://evil.example"}, ""},
		{"configured, no browser behind the proxy", web.Options{Origins: chat, Proxies: proxies}, []string{"Host", "chat.example", "X-Forwarded-Proto", "https"}, "https://chat.example"},
		{"configured, no browser by http", web.Options{Origins: chat}, []string{"Host", "chat.example"}, ""},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			w := newWorld(t, func(o *web.Options, _ *relay.Options) { o.Origins, o.Proxies = c.options.Origins, c.options.Proxies })
			ws, response, err := w.dial(c.headers...)
			if c.want == "" {
				if err == nil || response.StatusCode != http.StatusForbidden {
					t.Errorf("got in: %v", err)
				}
				return
			}
			must(t, err)
			if hello := relaytest.NewClient(t, end{ws}).Hello; hello.Origin != c.want {
				t.Errorf("the relay is at %q, want %q", hello.Origin, c.want)
			}
		})
	}
}

func TestParseOrigin(t *testing.T) {
	for _, good := range []string{"https://chat.example", "http://localhost:8080", "https://chat.example:8443", "http://[::1]:8080"} {
		if _, err := web.ParseOrigin(good); err != nil {
			t.Error(err)
		}
	}
	for _, bad := range []string{"", "chat.example", "https://", "https://chat.example/", "https://chat.example/x", "ftp://chat.example",
		"https://Chat.example", "https://chat.example:443", "http://chat.example:80", "https://u@chat.example", "https://chat.example?x"} {
		if _, err := web.ParseOrigin(bad); err == nil {
			t.Errorf("%q was taken", bad)
		}
	}
}

func TestSubprotocolIsRequired(t *testing.T) {
	w := newWorld(t, nil)
	for _, offer := range [][]string{nil, {"sotto.v2"}, {"Sotto.v1"}} {
		_, response, err := websocket.Dial(t.Context(), "ws://"+w.host+"/ws", &websocket.DialOptions{Subprotocols: offer})
		if err == nil || response.StatusCode != http.StatusBadRequest {
			t.Errorf("offering %q: %v", offer, err)
		}
	}
	ws, _, err := websocket.Dial(t.Context(), "ws://"+w.host+"/ws", &websocket.DialOptions{Subprotocols: []string{"x", wire.Subprotocol}})
	must(t, err)
	if ws.Subprotocol() != wire.Subprotocol {
		t.Errorf("speaks %q", ws.Subprotocol())
	}
	_ = ws.CloseNow()
}

// TestAddresses counts connections by address: that of the connection, or the one that a trusted proxy names.
func TestAddresses(t *testing.T) {
	for _, c := range []struct {
		proxies  string
		admitted int // of four that say to be from two addresses
	}{{"127.0.0.0/8", 2}, {"10.0.0.0/8", 1}} {
		w := newWorld(t, func(o *web.Options, ro *relay.Options) {
			o.Proxies = []netip.Prefix{netip.MustParsePrefix(c.proxies)}
			ro.Limits.Address = relay.Rate{PerSecond: 0.0001, Burst: 1}
		})
		admitted := 0
		for i := range 4 {
			_, response, err := w.dial("X-Forwarded-For", fmt.Sprintf("203.0.113.%d", 1+i%2))
			switch {
			case err == nil:
				admitted++
			case response.StatusCode != http.StatusTooManyRequests:
				t.Error(err)
			}
		}
		if admitted != c.admitted {
			t.Errorf("trusting %s: %d were admitted, want %d", c.proxies, admitted, c.admitted)
		}
	}
}
