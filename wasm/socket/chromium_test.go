//go:build !js

package socket

import (
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/coder/websocket"

	"sotto/build/chromium"
	"sotto/build/testpage"
	"sotto/wasm/wire"
)

// TestInChromium runs this package's tests in a worker of Chromium, against the server of relay.
func TestInChromium(t *testing.T) {
	server := httptest.NewServer(relay(t))
	defer server.Close()
	ctx, stop, err := chromium.Start(t.Context(), "")
	if err != nil {
		t.Fatal(err)
	}
	defer stop()
	url := "ws" + strings.TrimPrefix(server.URL, "http")
	testpage.New(t).Check(ctx, t, ".", map[string]string{serverVariable: url})
}

// relay is a server that behaves, on each path, in one way a relay or a network can.
func relay(t *testing.T) http.Handler {
	mux := http.NewServeMux()
	accept := func(path string, serve func(ctx context.Context, ws *websocket.Conn) error) {
		mux.HandleFunc(path, func(w http.ResponseWriter, r *http.Request) {
			ws, err := websocket.Accept(w, r, &websocket.AcceptOptions{Subprotocols: []string{wire.Subprotocol}, InsecureSkipVerify: true})
			if err != nil {
				t.Errorf("%s: %v", path, err)
				return
			}
			defer ws.CloseNow()
			ws.SetReadLimit(-1)
			if err := serve(r.Context(), ws); err != nil {
				t.Errorf("%s: %v", path, err)
			}
		})
	}
	binary := websocket.MessageBinary
	accept("/echo", func(ctx context.Context, ws *websocket.Conn) error { echo(ctx, ws); return nil })
	accept("/close", func(_ context.Context, ws *websocket.Conn) error {
		_ = ws.Close(websocket.StatusPolicyViolation, string(wire.ReasonSlow))
		return nil
	})
	accept("/last-words", func(ctx context.Context, ws *websocket.Conn) error {
		for i := range 3 {
			if err := ws.Write(ctx, binary, []byte{byte(i)}); err != nil {
				return err
			}
		}
		_ = ws.Close(websocket.StatusGoingAway, string(wire.ReasonClosing))
		return nil
	})
	accept("/cut", func(context.Context, *websocket.Conn) error { return nil }) // CloseNow: no close frame
	accept("/text", func(ctx context.Context, ws *websocket.Conn) error {
		_ = ws.Write(ctx, websocket.MessageText, []byte("words"))
		return ended(ctx, ws)
	})
	accept("/large", func(ctx context.Context, ws *websocket.Conn) error {
		_ = ws.Write(ctx, binary, make([]byte, wire.MaxFrame))
		_ = ws.Write(ctx, binary, make([]byte, wire.MaxFrame+1))
		return ended(ctx, ws)
	})
	accept("/flood", func(ctx context.Context, ws *websocket.Conn) error {
		for ws.Write(ctx, binary, []byte("one of many")) == nil {
		}
		return nil
	})
	hear := make(chan struct{})
	accept("/deaf", func(ctx context.Context, ws *websocket.Conn) error { // reads nothing until /hear
		<-hear
		for range heard {
			if _, _, err := ws.Read(ctx); err != nil {
				return err
			}
		}
		return ws.Write(ctx, binary, []byte("heard"))
	})
	mux.HandleFunc("/hear", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Access-Control-Allow-Origin", "*")
		close(hear)
	})
	accept("/deaf-for-good", func(ctx context.Context, ws *websocket.Conn) error { <-ctx.Done(); return nil })
	mux.HandleFunc("/forbidden", func(w http.ResponseWriter, _ *http.Request) { http.Error(w, "no", http.StatusForbidden) })
	mux.HandleFunc("/another-protocol", func(w http.ResponseWriter, r *http.Request) {
		if ws, err := websocket.Accept(w, r, &websocket.AcceptOptions{InsecureSkipVerify: true}); err == nil {
			_, _, _ = ws.Read(r.Context())
			_ = ws.CloseNow()
		}
	})
	mux.HandleFunc("/silent", func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() })
	return mux
}

// echo sends back what it reads until the client closes.
func echo(ctx context.Context, ws *websocket.Conn) {
	for {
		kind, data, err := ws.Read(ctx)
		if err != nil || ws.Write(ctx, kind, data) != nil {
			return
		}
	}
}

// ended waits for the client to close and says what is wrong with how it did.
func ended(ctx context.Context, ws *websocket.Conn) error {
	_, _, err := ws.Read(ctx)
	if websocket.CloseStatus(err) == websocket.StatusNormalClosure {
		return nil
	}
	return err
}
