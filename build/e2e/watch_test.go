package e2e

import (
	"bytes"
	"context"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/cdproto/target"
	"github.com/chromedp/chromedp"
)

// watch notes what a tab and its worker do that is not on the screen.
type watch struct {
	mu       sync.Mutex
	problems []string      // of the console: errors, warnings, exceptions
	asked    []string      // addresses of requests and WebSockets
	origins  []string      // the ones that the test went to
	expected []string      // parts of problems that the test brings about on purpose
	started  int           // workers so far in the page that is shown
	traffic  *bytes.Buffer // what was sent, where that is recorded
}

// event is called for everything that the browser tells of the tab or its worker.
func (w *watch) event(ev any) {
	w.mu.Lock()
	defer w.mu.Unlock()
	switch ev := ev.(type) {
	case *runtime.EventExceptionThrown:
		w.problems = append(w.problems, "exception: "+exceptionText(ev.ExceptionDetails))
	case *runtime.EventConsoleAPICalled:
		if ev.Type == runtime.ConsoleAPICalledTypeError || ev.Type == runtime.ConsoleAPICalledTypeWarning {
			w.problems = append(w.problems, "console: "+argumentsText(ev.Args))
		}
	case *log.EventEntryAdded:
		if ev.Entry.Level == log.EntryLevelError || ev.Entry.Level == log.EntryLevelWarning {
			w.problems = append(w.problems, "browser: "+ev.Entry.Text+" "+ev.Entry.URL)
		}
	case *page.EventFrameNavigated:
		if ev.Frame.ParentID == "" {
			w.started = 0
		}
	case *target.EventAttachedToTarget:
		if ev.TargetInfo.Type == "worker" {
			w.started++
		}
	case *network.EventRequestWillBeSent:
		w.asked = append(w.asked, ev.Request.URL)
		w.sent(ev.Request.URL, fmt.Sprint(ev.Request.Headers))
	case *network.EventWebSocketFrameSent:
		w.sent(string(ev.Response.PayloadData))
	case *network.EventWebSocketCreated:
		w.asked = append(w.asked, ev.URL)
	}
}

func exceptionText(d *runtime.ExceptionDetails) string {
	if d.Exception != nil {
		return d.Text + " " + d.Exception.Description
	}
	return d.Text
}

func argumentsText(args []*runtime.RemoteObject) string {
	var words []string
	for _, a := range args {
		words = append(words, a.Description+string(a.Value))
	}
	return strings.Join(words, " ")
}

// record keeps from now on what is sent to servers.
func (w *watch) record() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.traffic = &bytes.Buffer{}
}

// recorded gives what was sent since.
func (w *watch) recorded() []byte {
	w.mu.Lock()
	defer w.mu.Unlock()
	return bytes.Clone(w.traffic.Bytes())
}

// sent takes parts of what was sent. The caller holds mu.
func (w *watch) sent(parts ...string) {
	for _, part := range parts {
		if w.traffic != nil {
			w.traffic.WriteString(part + "\n")
		}
	}
}

// expect names a part of problems that the test brings about on purpose.
func (w *watch) expect(parts ...string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.expected = append(w.expected, parts...)
}

// visits notes an address that the test itself opens.
func (w *watch) visits(address string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if o := originOf(address); !slices.Contains(w.origins, o) {
		w.origins = append(w.origins, o)
	}
}

// workers gives how many workers the page that is shown has started.
func (w *watch) workers() int {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.started
}

// verdict gives everything that must not have happened.
func (w *watch) verdict() []string {
	w.mu.Lock()
	defer w.mu.Unlock()
	bad := foreign(w.asked, w.origins)
	for _, p := range w.problems {
		if !slices.ContainsFunc(w.expected, func(e string) bool { return strings.Contains(p, e) }) {
			bad = append(bad, p)
		}
	}
	return bad
}

// foreign gives the addresses that belong to none of the origins. What never leaves the browser belongs to all.
func foreign(addresses, origins []string) []string {
	var found []string
	for _, a := range addresses {
		u, err := url.Parse(a)
		local := err == nil && slices.Contains([]string{"data", "blob", "about"}, u.Scheme)
		if !local && !slices.Contains(origins, originOf(a)) {
			found = append(found, "request to another origin: "+a)
		}
	}
	return found
}

// originOf gives the origin of an address, that of a WebSocket as its page has it.
func originOf(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return address
	}
	return strings.Replace(u.Scheme, "ws", "http", 1) + "://" + u.Host
}

func TestForeignRequestsAreFound(t *testing.T) {
	asked := []string{
		"http://localhost:1/", "ws://localhost:1/ws", "data:image/png,x", "http://localhost:2/", "https://example.org/font",
		"wss://localhost:1/ws", "//", "%zz",
	}
	if got := foreign(asked, []string{"http://localhost:1"}); len(got) != len(asked)-3 {
		t.Errorf("found %q", got)
	}
}

// attach watches the tab of ctx, every worker that starts in it, and the service workers of its profile. A worker is
// held until early, a script, has run in it.
func (w *watch) attach(ctx context.Context, early string) error {
	workers := make(chan target.ID, 64)
	own := chromedp.FromContext(ctx).BrowserContextID
	err := chromedp.Listen(ctx, func(ev any) {
		w.event(ev)
		if a, ok := ev.(*target.EventAttachedToTarget); ok && a.TargetInfo.Type == "worker" {
			workers <- a.TargetInfo.TargetID
		}
		if c, ok := ev.(*target.EventTargetCreated); ok && c.TargetInfo.Type == "service_worker" && (own == "" || c.TargetInfo.BrowserContextID == own) {
			workers <- c.TargetInfo.TargetID
		}
	})
	if err != nil {
		return err
	}
	go func() {
		for {
			select {
			case id := <-workers:
				w.worker(ctx, id, early)
			case <-ctx.Done():
				return
			}
		}
	}()
	// A service worker that is held has nothing to attach to.
	filter := target.Filter{{Type: "service_worker", Exclude: true}, {}}
	hold := target.SetAutoAttachParams{AutoAttach: true, WaitForDebuggerOnStart: true, Flatten: new(true), Filter: filter}
	_, err = chromedp.Call(ctx, target.SetAutoAttach, hold)
	return err
}

// worker watches a worker and lets it run. One that is gone meanwhile, as its page is, needs neither.
func (w *watch) worker(ctx context.Context, id target.ID, early string) {
	inside, _ := chromedp.NewContext(ctx, chromedp.WithTargetID(id), chromedp.WithListener(w.event), chromedp.WithDetachOnCancel())
	if chromedp.Do(inside) != nil {
		return
	}
	if early != "" {
		if _, err := chromedp.Run(inside, chromedp.Evaluate[chromedp.Void](early)); err != nil {
			return
		}
	}
	_, _ = chromedp.Call(inside, runtime.RunIfWaitingForDebugger, cdp.Empty{})
}
