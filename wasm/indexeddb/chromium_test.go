//go:build !js

package indexeddb

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/storage"
	"github.com/chromedp/chromedp"
	"github.com/coder/websocket"

	"sotto/build/chromium"
	"sotto/build/testpage"
	"sotto/wasm/wire"
)

func browser(t *testing.T, profile string) (ctx context.Context, stop func()) {
	t.Helper()
	ctx, stop, err := chromium.Start(context.Background(), profile)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(stop)
	return ctx, stop
}

// TestFullInChromium lets the browser grant little and runs TestFull there.
func TestFullInChromium(t *testing.T) {
	page := testpage.New(t)
	ctx, _ := browser(t, "")
	quota := 3e6
	_, err := chromedp.Call(ctx, storage.OverrideQuotaForOrigin, storage.OverrideQuotaForOriginParams{Origin: page.URL, QuotaSize: &quota})
	if err != nil {
		t.Fatal(err)
	}
	page.Check(ctx, t, "^TestFull$", map[string]string{fullVariable: fmt.Sprint(int(quota))})
}

// TestKilledInChromium kills browsers with SIGKILL while TestWrite runs in them, each after some more batches, and
// looks with TestKept whether every batch that had completed is there, whole.
func TestKilledInChromium(t *testing.T) {
	acks := make(chan int, 1)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { takeNumbers(w, r, acks) }))
	defer server.Close()
	page, profile := testpage.New(t), t.TempDir()
	address := "ws" + strings.TrimPrefix(server.URL, "http")
	kept := 0
	for range 4 {
		ctx, stop := browser(t, profile)
		ended := make(chan error, 1)
		go func() {
			result, err := page.Run(ctx, "^TestWrite$", map[string]string{ackVariable: address})
			if err == nil {
				err = fmt.Errorf("it ended by itself: %s", result.Output)
			}
			ended <- err
		}()
		for until := kept + 1 + rand.IntN(60); kept < until; {
			select {
			case kept = <-acks:
			case err := <-ended:
				t.Fatalf("the writing page: %v", err)
			}
		}
		if err := chromedp.FromContext(ctx).Browser.Process().Kill(); err != nil {
			t.Fatal(err)
		}
		<-ended
		stop()
		ctx, stop = browser(t, profile)
		page.Check(ctx, t, "^TestKept$", map[string]string{keptVariable: fmt.Sprint(kept)})
		stop()
	}
}

// takeNumbers reads numbers from a page until it is gone.
func takeNumbers(w http.ResponseWriter, r *http.Request, numbers chan<- int) {
	ws, err := websocket.Accept(w, r, &websocket.AcceptOptions{Subprotocols: []string{wire.Subprotocol}, InsecureSkipVerify: true})
	if err != nil {
		return
	}
	defer ws.CloseNow()
	for {
		_, data, err := ws.Read(r.Context())
		if err != nil {
			return
		}
		number, err := strconv.Atoi(string(data))
		if err != nil {
			return
		}
		select {
		case numbers <- number:
		case <-r.Context().Done():
			return
		}
	}
}
