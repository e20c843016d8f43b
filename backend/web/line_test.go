package web

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/coder/websocket"

	"sotto/backend/relay"
	"sotto/wasm/wire"
)

// counted counts the writes to a connection.
type counted struct {
	net.Conn
	writes []int
}

func (c *counted) Write(p []byte) (int, error) {
	c.writes = append(c.writes, len(p))
	return c.Conn.Write(p)
}

// pair is a WebSocket whose server side runs over a line on a pipe; far is the client's side, read by read.
func pair(t *testing.T, read func(io.Reader)) (*client, *counted) {
	near, far := net.Pipe()
	c := &counted{Conn: near}
	l := &line{Conn: c, timeout: 10 * time.Second}
	go read(far)
	t.Cleanup(func() { _, _ = near.Close(), far.Close() })
	request := httptest.NewRequest(http.MethodGet, "/ws", nil)
	for name, value := range map[string]string{
		"Connection": "Upgrade", "Upgrade": "websocket", "Sec-WebSocket-Version": "13",
		"Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
	} {
		request.Header.Set(name, value)
	}
	h := &taken{ResponseRecorder: httptest.NewRecorder(), line: l}
	ws, err := websocket.Accept(h, request, nil)
	if err != nil {
		t.Fatal(err)
	}
	return &client{ws: ws, line: l}, c
}

// taken is a response whose connection is a line.
type taken struct {
	*httptest.ResponseRecorder
	line *line
}

// Hijack implements [http.Hijacker].
func (h *taken) Hijack() (net.Conn, *bufio.ReadWriter, error) {
	return h.line, h.line.buffered(), nil
}

// TestSeveralFramesInOneWrite counts the calls to the network.
func TestSeveralFramesInOneWrite(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var got bytes.Buffer
		c, counted := pair(t, func(r io.Reader) { _, _ = io.Copy(&got, r) })
		var frames [][]byte
		for range 40 {
			frames = append(frames, bytes.Repeat([]byte{7}, 1000))
		}
		if err := c.Write(frames); err != nil {
			t.Fatal(err)
		}
		synctest.Wait()
		if want := 40 * (1000 + 4); len(counted.writes) != 1 || got.Len() != want {
			t.Errorf("%d bytes in writes of %v, want %d in one", got.Len(), counted.writes, want)
		}
		large := [][]byte{make([]byte, 10), make([]byte, 1<<20), make([]byte, 10)}
		if err := c.Write(large); err != nil {
			t.Fatal(err)
		}
		if n := len(counted.writes); n > 4 {
			t.Errorf("writes of %v", counted.writes)
		}
	})
}

func TestSlowReader(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, _ := pair(t, func(r io.Reader) { _, _ = r.Read(make([]byte, 100)) }) // and no more
		began := time.Now()
		err := c.Write([][]byte{make([]byte, 1000)})
		if !errors.Is(err, relay.ErrSlow) || time.Since(began) != 10*time.Second {
			t.Errorf("after %v: %v", time.Since(began), err)
		}
		if err := c.Write([][]byte{{1}}); !errors.Is(err, relay.ErrSlow) {
			t.Errorf("a write after that: %v", err)
		}
		c.Close(1013, wire.ReasonSlow) // returns although the client does not read
		if _, err := c.Read(100); err == nil {
			t.Error("the connection lives on")
		}
	})
}

func TestBrokenConnection(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, counted := pair(t, func(io.Reader) {})
		_ = counted.Conn.Close()
		if err := c.Write([][]byte{{1}}); err == nil || errors.Is(err, relay.ErrSlow) {
			t.Errorf("got %v", err)
		}
		if _, err := c.Read(100); err == nil {
			t.Error("the connection lives on")
		}
		if err := c.Ping(context.Background()); err == nil {
			t.Error("answers pings")
		}
	})
}

func TestBare(t *testing.T) {
	for host, want := range map[string]string{"A.example:443": "a.example", "a.example:80": "a.example:80", "[::1]:443": "[::1]"} {
		if got := bare("https", host); got != want {
			t.Errorf("%s: %s, want %s", host, got, want)
		}
	}
}

func TestForbiddenFeaturesAreNamedOnce(t *testing.T) {
	if !slices.IsSorted(forbidden) || len(slices.Compact(slices.Clone(forbidden))) != len(forbidden) ||
		strings.Contains(strings.Join(forbidden, ""), "=") {
		t.Errorf("%q", forbidden)
	}
}
