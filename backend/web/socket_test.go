package web_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"

	"github.com/coder/websocket"

	"sotto/backend/relay"
	"sotto/backend/relay/relaytest"
	"sotto/backend/web"
	"sotto/wasm/wire"
)

func TestTwoTalkOverWebSockets(t *testing.T) {
	w := newWorld(t, nil)
	alice, bob := people()[0], people()[1]
	d := relaytest.Between(alice, bob)
	a, b := w.connect(), w.connect()
	a.Register(d.Low)
	b.Register(d.High)
	a.Open(d, d.Low)
	sizes := []int{1, 100, 125, 126, 1000, 65_000, 66_000, 120_000}
	for g, size := range sizes {
		relaytest.Do[wire.Stored](a, d.Message(d.Low, uint64(g), size))
	}
	for i := range len(sizes) + 1 {
		push := b.Event()
		if push.Event.Position != a.Event().Event.Position || int(push.Event.Position) != i+1 {
			t.Errorf("push %d has position %d", i, push.Event.Position)
		}
	}
	page := relaytest.Do[wire.Page](b, wire.Fetch{Conversation: d.ID})
	if len(page.Events) != len(sizes)+1 {
		t.Errorf("%d events", len(page.Events))
	}
}

// reason reads on until the server closes and gives its code and reason.
func reason(t *testing.T, ws *websocket.Conn) (int, string) {
	t.Helper()
	for {
		_, _, err := ws.Read(context.Background())
		var closed websocket.CloseError
		if errors.As(err, &closed) {
			return int(closed.Code), closed.Reason
		}
		if err != nil {
			t.Fatal(err)
		}
	}
}

func TestCloseReasons(t *testing.T) {
	w := newWorld(t, nil)
	cases := map[string]struct {
		kind   websocket.MessageType
		data   []byte
		code   int
		reason wire.Reason
	}{
		"text":           {websocket.MessageText, []byte("hello"), 1003, wire.ReasonMalformed},
		"no frame":       {websocket.MessageBinary, []byte("hello"), 1003, wire.ReasonMalformed},
		"empty":          {websocket.MessageBinary, nil, 1003, wire.ReasonMalformed},
		"too large":      {websocket.MessageBinary, make([]byte, 1<<16), 1009, wire.ReasonTooLarge},
		"much too large": {websocket.MessageBinary, make([]byte, 4<<20), 1009, wire.ReasonTooLarge},
	}
	for name, c := range cases {
		ws, _, err := w.dial()
		must(t, err)
		_ = ws.Write(t.Context(), c.kind, c.data) // may fail when the server has closed before the end
		if code, reason := reason(t, ws); code != c.code || reason != string(c.reason) {
			t.Errorf("%s: closed with %d %q", name, code, reason)
		}
	}
}

func TestClosing(t *testing.T) {
	w := newWorld(t, nil)
	ws, _, err := w.dial()
	must(t, err)
	w.server.Drain()
	if r := w.ask("GET", "/readyz"); r.StatusCode != http.StatusServiceUnavailable {
		t.Errorf("ready while closing: %d", r.StatusCode)
	}
	if _, response, err := w.dial(); err == nil || response.StatusCode != http.StatusServiceUnavailable {
		t.Errorf("a new socket while closing: %v", err)
	}
	closed := make(chan struct{})
	go func() {
		w.relay.Close()
		close(closed)
	}()
	if code, reason := reason(t, ws); code != 1001 || reason != "closing" {
		t.Errorf("closed with %d %q", code, reason)
	}
	<-closed
}

// TestEarlyFrame sends a frame together with the handshake.
func TestEarlyFrame(t *testing.T) {
	w := newWorld(t, nil)
	conn, err := net.Dial("tcp", w.host)
	must(t, err)
	defer func() { _ = conn.Close() }()
	frame := wire.Encode(7, wire.Lookup{Handle: "bob"})
	masked := append([]byte{0x82, 0x80 | byte(len(frame)), 0, 0, 0, 0}, frame...) // a mask of zeros
	handshake := fmt.Sprintf("GET /ws HTTP/1.1\r\nHost: %s\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"+
		"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Protocol: sotto.v1\r\n\r\n", w.host)
	_, err = io.WriteString(conn, handshake+string(masked))
	must(t, err)
	r := bufio.NewReader(conn)
	response, err := http.ReadResponse(r, nil)
	must(t, err)
	if response.StatusCode != http.StatusSwitchingProtocols {
		t.Fatalf("status %d", response.StatusCode)
	}
	for _, want := range []wire.Kind{wire.KindHello, wire.KindError} {
		head := make([]byte, 2)
		_, err = io.ReadFull(r, head)
		must(t, err)
		size := int(head[1])
		if size == 126 {
			_, err = io.ReadFull(r, head)
			must(t, err)
			size = int(head[0])<<8 | int(head[1])
		}
		data := make([]byte, size)
		_, err = io.ReadFull(r, data)
		must(t, err)
		if f, err := wire.Decode(data); err != nil || f.Kind != want {
			t.Errorf("frame of kind %d %v, want %d", f.Kind, err, want)
		}
	}
}

// TestBrokenHandshakes must each be answered and leave the server well.
func TestBrokenHandshakes(t *testing.T) {
	w := newWorld(t, nil)
	for _, line := range []string{
		"GET /ws HTTP/1.1\r\nHost: x\r\n\r\n",
		"GET /ws HTTP/1.0\r\n\r\n",
		"GET /ws HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Protocol: sotto.v1\r\n\r\n",
		"BREW /ws HTTP/1.1\r\nHost: localhost\r\n\r\n",
		"GET /" + strings.Repeat("a", 20_000) + " HTTP/1.1\r\nHost: localhost\r\n\r\n",
		"no HTTP at all\r\n\r\n",
	} {
		conn, err := net.Dial("tcp", w.host)
		must(t, err)
		_, err = io.WriteString(conn, line)
		must(t, err)
		response, err := http.ReadResponse(bufio.NewReader(conn), nil)
		if err != nil || response.StatusCode < 400 {
			t.Errorf("%.40q: %v %v", line, response, err)
		}
		_ = conn.Close()
	}
	w.connect()
}

func TestManySessionsEnd(t *testing.T) {
	w := newWorld(t, func(_ *web.Options, o *relay.Options) { o.Limits.Address = relay.Rate{} })
	var all []*websocket.Conn
	for range 50 {
		ws, _, err := w.dial()
		must(t, err)
		relaytest.NewClient(t, end{ws})
		all = append(all, ws)
	}
	if n := w.relay.Stats().Sessions; n != 50 {
		t.Errorf("%d sessions", n)
	}
	for i, ws := range all {
		if i%2 == 0 {
			_ = ws.CloseNow() // as a network that is gone
		} else {
			_ = ws.Close(websocket.StatusNormalClosure, "")
		}
	}
	for w.relay.Stats().Sessions > 0 {
		_ = w.ask("GET", "/healthz") // until the relay has seen them all end
	}
}
