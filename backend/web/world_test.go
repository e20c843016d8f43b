package web_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"testing/fstest"

	"github.com/andybalholm/brotli"
	"github.com/coder/websocket"

	"sotto/backend/relay"
	"sotto/backend/relay/relaytest"
	"sotto/backend/store/sqlite"
	"sotto/backend/web"
	"sotto/wasm/wire"
)

// world is a server on loopback with a relay and its store behind it.
type world struct {
	testing.TB
	relay  *relay.Relay
	server *web.Server
	host   string // 127.0.0.1:port
}

func newWorld(t testing.TB, change func(*web.Options, *relay.Options)) *world {
	t.Helper()
	store, err := sqlite.Open(t.Context(), t.TempDir())
	must(t, err)
	ro := relay.Options{Store: store, Registration: true, Limits: relay.DefaultLimits()}
	wo := web.Options{Assets: application()}
	if change != nil {
		change(&wo, &ro)
	}
	w := &world{TB: t, relay: relay.New(ro)}
	wo.Relay = w.relay
	w.server, err = web.New(wo)
	must(t, err)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	must(t, err)
	w.host = l.Addr().String()
	served := make(chan error, 1)
	go func() { served <- w.server.Serve(l) }()
	t.Cleanup(func() {
		w.relay.Close()
		must(t, w.server.Close(context.Background()))
		must(t, <-served)
		must(t, store.Close())
	})
	return w
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// page is a file that compresses well, script one under its hash, image one that does not compress.
var (
	page   = []byte("<!doctype html>" + strings.Repeat("<p>Sotto</p>", 100))
	script = []byte(strings.Repeat("export const a = 1;\n", 100))
	image  = relaytest.Random(500)
)

// application is a packed application as build/pack makes it.
func application() fstest.MapFS {
	files := fstest.MapFS{}
	type entry struct {
		Path   string `json:"path"`
		Type   string `json:"type"`
		Size   int    `json:"size"`
		Brotli int    `json:"br"`
		Gzip   int    `json:"gz"`
		SHA256 string `json:"sha256"`
	}
	var assets []entry
	for path, f := range map[string]struct {
		mime string
		data []byte
	}{
		"index.html":       {"text/html; charset=utf-8", page},
		"a/0123/main.js":   {"text/javascript; charset=utf-8", script},
		"a/4567/image.png": {"image/png", image},
	} {
		sum := sha256.Sum256(f.data)
		br, gz := packBrotli(f.data), packGzip(f.data)
		files[path], files[path+".br"], files[path+".gz"] = file(f.data), file(br), file(gz)
		assets = append(assets, entry{path, f.mime, len(f.data), len(br), len(gz), hex.EncodeToString(sum[:])})
	}
	data, err := json.Marshal(map[string]any{"build": "0123456789ab", "assets": assets})
	if err != nil {
		panic(err)
	}
	files["manifest.json"] = file(data)
	return files
}

func file(data []byte) *fstest.MapFile { return &fstest.MapFile{Data: data} }

func packBrotli(data []byte) []byte {
	var b bytes.Buffer
	w := brotli.NewWriter(&b)
	_, _ = w.Write(data)
	_ = w.Close()
	return b.Bytes()
}

func packGzip(data []byte) []byte {
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	_, _ = w.Write(data)
	_ = w.Close()
	return b.Bytes()
}

// unpack gives a body without its Content-Encoding.
func unpack(t *testing.T, encoding string, body []byte) []byte {
	t.Helper()
	var r io.Reader = bytes.NewReader(body)
	switch encoding {
	case "br":
		r = brotli.NewReader(r)
	case "gzip":
		var err error
		r, err = gzip.NewReader(r)
		must(t, err)
	}
	plain, err := io.ReadAll(r)
	must(t, err)
	return plain
}

// ask sends a request to the handler and gives the answer. headers are name, value, name, value.
func (w *world) ask(method, url string, headers ...string) *http.Response {
	w.Helper()
	r := httptest.NewRequest(method, url, nil)
	for i := 0; i < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	answer := httptest.NewRecorder()
	w.server.Handler().ServeHTTP(answer, r)
	return answer.Result()
}

// body reads an answer's body.
func body(t *testing.T, r *http.Response) []byte {
	t.Helper()
	data, err := io.ReadAll(r.Body)
	must(t, err)
	return data
}

// dial opens a WebSocket with headers name, value, name, value.
func (w *world) dial(headers ...string) (*websocket.Conn, *http.Response, error) {
	h := http.Header{}
	for i := 0; i < len(headers); i += 2 {
		h.Set(headers[i], headers[i+1])
	}
	o := &websocket.DialOptions{HTTPHeader: h, Host: h.Get("Host"), Subprotocols: []string{wire.Subprotocol}}
	h.Del("Host")
	ws, response, err := websocket.Dial(w.Context(), "ws://"+w.host+"/ws", o)
	if err == nil {
		w.Cleanup(func() { _ = ws.CloseNow() })
	}
	return ws, response, err
}

// end is a WebSocket as a test's client uses it.
type end struct{ *websocket.Conn }

func (e end) Read(ctx context.Context) ([]byte, error) {
	_, data, err := e.Conn.Read(ctx)
	return data, err
}

func (e end) Write(ctx context.Context, data []byte) error {
	return e.Conn.Write(ctx, websocket.MessageBinary, data)
}

func (e end) Close() error { return e.CloseNow() }

// connect opens a session.
func (w *world) connect() *relaytest.Client {
	w.Helper()
	ws, _, err := w.dial()
	must(w, err)
	ws.SetReadLimit(2 * wire.MaxFrame)
	return relaytest.NewClient(w, end{ws})
}

// people are made once: keys take a while.
var people = sync.OnceValue(func() []*relaytest.Person {
	return relaytest.NewPeople(fatal{}, "alice", "bob")
})

// fatal is for what is made outside of any test.
type fatal struct{ testing.TB }

func (fatal) Helper()           {}
func (fatal) Fatal(args ...any) { panic(args) }
