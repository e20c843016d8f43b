package web_test

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"sync"
	"testing"

	"sotto/backend/relay"
	"sotto/backend/web"
	"sotto/wasm/wire"
)

// output is where a log goes.
type output struct {
	mu   sync.Mutex
	text bytes.Buffer
}

// Write implements [io.Writer].
func (o *output) Write(p []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.text.Write(p)
}

func (o *output) String() string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.text.String()
}

// FuzzSocket sends whatever comes after a handshake, below the frames of package wire. The server must end the
// connection, log nothing and be as well as before.
func FuzzSocket(f *testing.F) {
	var logged output
	w := newWorld(f, func(wo *web.Options, ro *relay.Options) {
		log := slog.New(slog.NewTextHandler(&logged, nil))
		wo.Log, ro.Log, ro.Limits.Address = log, log, relay.Rate{}
	})
	masked := func(first, length byte, body []byte) []byte {
		return append([]byte{first, 0x80 | length, 0, 0, 0, 0}, body...)
	}
	request := wire.Encode(1, wire.Lookup{Handle: "bob"})
	for _, data := range [][]byte{
		nil, {0x82}, {0xff, 0xff}, []byte("GET / HTTP/1.1\r\n\r\n"),
		masked(0x82, byte(len(request)), request),
		append([]byte{0x82, byte(len(request))}, request...),             // not masked
		masked(0x81, byte(len(request)), request),                        // text
		masked(0x02, byte(len(request)), request),                        // to be continued
		masked(0x80, 0, nil), masked(0x83, 0, nil), masked(0xc2, 0, nil), // continuation of nothing, opcode, reserved bit
		masked(0x89, 4, []byte("ping")), masked(0x8a, 4, []byte("pong")), masked(0x09, 0, nil),
		masked(0x88, 0, nil), masked(0x88, 1, []byte{3}), masked(0x88, 2, []byte{3, 232}), masked(0x88, 2, []byte{0, 0}),
		{0x82, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0, 0, 0, 0, 1, 2, 3}, // 2^64-1 bytes
		{0x82, 0xff, 0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0, 0, 0, 0, 1, 2, 3}, // 2^63-1 bytes
		{0x89, 0xfe, 0x01, 0x00, 0, 0, 0, 0},                                              // a ping of 256 bytes
	} {
		f.Add(data)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		exchange(t, w.host, data)
		if text := logged.String(); text != "" {
			t.Fatalf("logged %q", text)
		}
	})
}

// exchange shakes hands, sends data and no more, and reads until the server ends the connection.
func exchange(t *testing.T, host string, data []byte) {
	conn, err := net.Dial("tcp", host)
	must(t, err)
	defer func() { _ = conn.Close() }()
	go func() {
		_, _ = fmt.Fprintf(conn, "GET /ws HTTP/1.1\r\nHost: %s\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"+
			"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Protocol: sotto.v1\r\n\r\n", host)
		_, _ = conn.Write(data)
		_ = conn.(*net.TCPConn).CloseWrite()
	}()
	r := bufio.NewReader(conn)
	response, err := http.ReadResponse(r, nil)
	must(t, err)
	if response.StatusCode != http.StatusSwitchingProtocols {
		t.Fatalf("status %d", response.StatusCode)
	}
	_, _ = io.Copy(io.Discard, r)
}
