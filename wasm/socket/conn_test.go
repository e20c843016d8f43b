//go:build js && wasm

package socket

import (
	"bytes"
	"context"
	"errors"
	"os"
	"strings"
	"sync"
	"syscall/js"
	"testing"

	"sotto/wasm/client"
	"sotto/wasm/promise"
	"sotto/wasm/wire"
)

// server gives the address of a path of the server in chromium_test.go, which runs these tests.
func server(t *testing.T, path string) string {
	t.Helper()
	url := os.Getenv(serverVariable)
	if url == "" {
		t.Skip("needs the server of TestInChromium, which runs this test too")
	}
	return url + path
}

func dial(t *testing.T, path string) *Conn {
	t.Helper()
	c, err := Transport{URL: server(t, path)}.Dial(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Close() })
	return c.(*Conn)
}

// drain reads until the connection ends.
func drain(t *testing.T, c *Conn) (messages int, err error) {
	t.Helper()
	for {
		if _, err := c.Read(t.Context()); err != nil {
			return messages, err
		}
		messages++
	}
}

func TestEcho(t *testing.T) {
	c := dial(t, "/echo")
	sizes := []int{0, 1, 1000, wire.MaxFrame}
	for i, size := range sizes {
		if err := c.Write(t.Context(), bytes.Repeat([]byte{byte(i)}, size)); err != nil {
			t.Fatal(err)
		}
	}
	for i, size := range sizes {
		data, err := c.Read(t.Context())
		if err != nil || !bytes.Equal(data, bytes.Repeat([]byte{byte(i)}, size)) {
			t.Fatalf("message %d: %d bytes, %v; want %d", i, len(data), err, size)
		}
	}
}

func TestTheRelayCloses(t *testing.T) {
	cases := []struct {
		path     string
		messages int
		want     client.CloseError
	}{
		{"/close", 0, client.CloseError{Code: 1008, Reason: string(wire.ReasonSlow)}},
		{"/last-words", 3, client.CloseError{Code: 1001, Reason: string(wire.ReasonClosing)}},
	}
	for _, tc := range cases {
		c := dial(t, tc.path)
		n, err := drain(t, c)
		var closed *client.CloseError
		if !errors.As(err, &closed) || *closed != tc.want || n != tc.messages {
			t.Errorf("%s: %d messages, %v; want %d, %v", tc.path, n, err, tc.messages, tc.want)
		}
		if err := c.Write(t.Context(), []byte("late")); !errors.As(err, &closed) {
			t.Errorf("%s: write afterwards: %v, want the reason", tc.path, err)
		}
	}
}

func TestTheRelayMisbehaves(t *testing.T) {
	cases := []struct {
		path     string
		messages int
		want     error
	}{
		{"/cut", 0, ErrLost}, {"/text", 0, ErrText}, {"/large", 1, ErrTooLarge},
	}
	for _, tc := range cases {
		if n, err := drain(t, dial(t, tc.path)); !errors.Is(err, tc.want) || n != tc.messages {
			t.Errorf("%s: %d messages, %v; want %d, %v", tc.path, n, err, tc.messages, tc.want)
		}
	}
}

// What arrives and is not read is kept up to the limit; then the connection ends, and what is kept can be read.
func TestFlood(t *testing.T) {
	c := dial(t, "/flood")
	<-c.ended
	if n, err := drain(t, c); n != MaxUnread || !errors.Is(err, ErrOverflow) {
		t.Errorf("%d messages, %v; want %d, ErrOverflow", n, err, MaxUnread)
	}
}

func TestDialFails(t *testing.T) {
	for _, path := range []string{"/forbidden", "/another-protocol"} {
		if _, err := (Transport{URL: server(t, path)}).Dial(t.Context()); !errors.Is(err, errDial) {
			t.Errorf("%s: %v, want errDial", path, err)
		}
	}
	for url, want := range map[string]string{"ws://127.0.0.1:1/": errDial.Error(), "ws://[": "SyntaxError", "ftp://127.0.0.1/": "SyntaxError"} {
		if _, err := (Transport{URL: url}).Dial(t.Context()); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %s", url, err, want)
		}
	}
}

func TestDialEndsWithItsContext(t *testing.T) {
	silent, echo := Transport{URL: server(t, "/silent")}, Transport{URL: server(t, "/echo")}
	cause := errors.New("enough")
	ctx, cancel := context.WithCancelCause(t.Context())
	failed := make(chan error)
	go func() {
		_, err := silent.Dial(ctx)
		failed <- err
	}()
	cancel(cause)
	if err := <-failed; !errors.Is(err, cause) {
		t.Errorf("dial: %v, want the context's cause", err)
	}
	if _, err := echo.Dial(ctx); !errors.Is(err, cause) {
		t.Errorf("dial with an ended context: %v, want its cause", err)
	}
}

func TestCloseEndsWhatWaits(t *testing.T) {
	c := dial(t, "/echo")
	failed := make(chan error)
	go func() {
		_, err := c.Read(context.Background())
		failed <- err
	}()
	if err := c.Close(); err != nil {
		t.Fatal(err)
	}
	if err := <-failed; !errors.Is(err, ErrClosed) {
		t.Errorf("read: %v, want ErrClosed", err)
	}
	if err := c.Write(t.Context(), []byte("late")); !errors.Is(err, ErrClosed) {
		t.Errorf("write: %v, want ErrClosed", err)
	}
	if err := c.Close(); err != nil {
		t.Errorf("close again: %v", err)
	}
}

func TestReadEndsWithItsContext(t *testing.T) {
	c := dial(t, "/echo")
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := c.Read(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v, want context.Canceled", err)
	}
	if err := c.Write(t.Context(), []byte("a")); err != nil {
		t.Fatal(err)
	}
	if data, err := c.Read(t.Context()); err != nil || string(data) != "a" {
		t.Errorf("read afterwards: %q, %v", data, err)
	}
}

// A relay that does not read holds Write up, and only so long.
func TestWriteWaitsForTheRelay(t *testing.T) {
	c := dial(t, "/deaf")
	written := make(chan error)
	waits := make(chan struct{})
	full := sync.OnceFunc(func() { close(waits) })
	go func() {
		defer full()
		for range heard {
			if c.unsent()+wire.MaxFrame > MaxUnsent {
				full()
			}
			if err := c.Write(context.Background(), make([]byte, wire.MaxFrame)); err != nil {
				written <- err
				return
			}
			if c.unsent() > MaxUnsent {
				t.Errorf("%d bytes wait in the browser", c.unsent())
			}
		}
		written <- nil
	}()
	<-waits
	hear := strings.Replace(server(t, "/hear"), "ws", "http", 1)
	if _, err := promise.Await(t.Context(), js.Global().Call("fetch", hear)); err != nil {
		t.Fatal(err)
	}
	if err := <-written; err != nil {
		t.Fatal(err)
	}
	if data, err := c.Read(t.Context()); err != nil || string(data) != "heard" {
		t.Errorf("the relay says %q, %v", data, err)
	}
}

func TestWriteEndsWhileItWaits(t *testing.T) {
	c := dial(t, "/deaf-for-good")
	ctx, cancel := context.WithCancel(t.Context())
	fill := func(ctx context.Context) (err error) {
		for err == nil {
			err = c.Write(ctx, make([]byte, wire.MaxFrame))
		}
		return err
	}
	failed := make(chan error)
	go func() { failed <- fill(ctx) }()
	cancel()
	if err := <-failed; !errors.Is(err, context.Canceled) {
		t.Errorf("context: %v, want context.Canceled", err)
	}
	go func() { failed <- fill(context.Background()) }()
	_ = c.Close()
	if err := <-failed; !errors.Is(err, ErrClosed) {
		t.Errorf("close: %v, want ErrClosed", err)
	}
}

// Nothing of a connection is left in JavaScript's hands when it has been closed.
func TestListenersAreReleased(t *testing.T) {
	c := dial(t, "/close")
	if _, err := drain(t, c); err == nil {
		t.Fatal("the connection did not end")
	}
	errorsLogged := 0
	console := js.Global().Get("console")
	before := console.Get("error")
	count := js.FuncOf(func(js.Value, []js.Value) any { errorsLogged++; return nil })
	defer count.Release()
	console.Set("error", count)
	defer console.Set("error", before)
	for _, f := range c.funcs {
		f.Invoke(js.Global().Get("Object").New())
	}
	if errorsLogged != len(c.funcs) || len(c.funcs) != 3 {
		t.Errorf("%d of %d listeners are released", errorsLogged, len(c.funcs))
	}
}
