package hostile

import (
	"context"
	"net/http"
	"net/http/httputil"
	"net/url"

	"github.com/coder/websocket"

	"sotto/wasm/cose"
	"sotto/wasm/wire"
)

func encode(f wire.Frame) []byte { return cose.Marshal(f) }

// Proxy serves the application of the honest server at target and lies on its WebSocket. The server must accept the
// proxy's address as an origin.
func (r *Relay) Proxy(target string) (http.Handler, error) {
	to, err := url.Parse(target)
	if err != nil {
		return nil, err
	}
	pages := httputil.NewSingleHostReverseProxy(to)
	mux := http.NewServeMux()
	mux.Handle("/", pages)
	mux.HandleFunc("/ws", func(w http.ResponseWriter, req *http.Request) { r.bridge(w, req, "ws"+target[len("http"):]+"/ws") })
	return mux, nil
}

// bridge joins a client's WebSocket with one to the honest server.
func (r *Relay) bridge(w http.ResponseWriter, req *http.Request, target string) {
	options := &websocket.AcceptOptions{Subprotocols: []string{wire.Subprotocol}, InsecureSkipVerify: true}
	ours, err := websocket.Accept(w, req, options)
	if err != nil {
		return
	}
	defer func() { _ = ours.CloseNow() }()
	theirs, _, err := websocket.Dial(req.Context(), target, &websocket.DialOptions{
		Subprotocols: []string{wire.Subprotocol}, HTTPHeader: http.Header{"Origin": req.Header["Origin"]},
	})
	if err != nil {
		return
	}
	defer func() { _ = theirs.CloseNow() }()
	ours.SetReadLimit(2 * wire.MaxFrame)
	theirs.SetReadLimit(2 * wire.MaxFrame)
	ctx, cancel := context.WithCancel(req.Context())
	go func() {
		defer cancel()
		carry(ctx, ours, theirs, func(data []byte) [][]byte { return [][]byte{data} })
	}()
	carry(ctx, theirs, ours, r.told)
	cancel()
}

func carry(ctx context.Context, from, to *websocket.Conn, lie func([]byte) [][]byte) {
	for {
		kind, data, err := from.Read(ctx)
		if err != nil {
			return
		}
		for _, message := range lie(data) {
			if to.Write(ctx, kind, message) != nil {
				return
			}
		}
	}
}
