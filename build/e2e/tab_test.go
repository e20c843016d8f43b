package e2e

import (
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/target"
	"github.com/chromedp/chromedp"

	"sotto/build/chromium"
)

// profile is someone's browser profile; tabs open in it.
type profile struct {
	t    testing.TB
	name string // of the person, and of the account where one is made
	root context.Context
	dir  string                 // of a browser of its own; empty in the shared browser
	kind chromedp.ContextOption // where tabs open
	quit func()                 // ends the browser, or forgets the profile in the shared one
}

// newProfile gives an empty profile in the shared browser, separate from all others there.
func newProfile(t testing.TB, name string) *profile {
	t.Helper()
	root, err := shared()
	if err != nil {
		t.Fatal(err)
	}
	made, err := chromedp.CallBrowser(root, target.CreateBrowserContext, target.CreateBrowserContextParams{})
	if err != nil {
		t.Fatalf("profile of %s: %v", name, err)
	}
	p := &profile{t: t, name: name, root: root, kind: chromedp.WithExistingBrowserContext(made.BrowserContextID)}
	p.quit = func() {
		gone := target.DisposeBrowserContextParams(made)
		_, _ = chromedp.CallBrowser(root, target.DisposeBrowserContext, gone)
	}
	t.Cleanup(p.quit)
	return p
}

// newBrowser gives an empty profile on disk with a browser of its own, which can be ended and started again.
func newBrowser(t testing.TB, name string) *profile {
	t.Helper()
	p := &profile{t: t, name: name, dir: t.TempDir(), kind: chromedp.WithNewWindow(true)}
	p.startBrowser()
	t.Cleanup(func() { p.quit() })
	return p
}

// startBrowser starts the browser of a profile on disk.
func (p *profile) startBrowser() {
	p.t.Helper()
	var err error
	if p.root, p.quit, err = chromium.Start(context.Background(), p.dir); err != nil {
		p.t.Fatal(err)
	}
}

// tab is a page that someone looks at.
type tab struct {
	*profile
	ctx   context.Context
	close func() // closes it as a person does
	watch watch
}

// setting changes how a tab opens.
type setting func(*opening)

type opening struct {
	options []chromedp.ContextOption
	page    string // runs in every page before its own scripts
	worker  string // runs in every worker before its own script
}

// early lets a script run in each page and worker before their own.
func early(script string) setting {
	return func(o *opening) {
		o.page += script + ";\n"
		o.worker += script + ";\n"
	}
}

// earlyInPage lets a script run in each page before its own.
func earlyInPage(script string) setting {
	return func(o *opening) { o.page += script + ";\n" }
}

// tab opens an empty tab.
func (p *profile) tab(settings ...setting) *tab {
	p.t.Helper()
	o := opening{options: []chromedp.ContextOption{p.kind}}
	for _, s := range settings {
		s(&o)
	}
	ctx, cancel := chromedp.NewContext(p.root, o.options...)
	tb := &tab{profile: p, ctx: ctx, close: cancel}
	if err := chromedp.Do(ctx); err != nil {
		p.t.Fatalf("tab of %s: %v", p.name, err)
	}
	p.t.Cleanup(tb.finish)
	tb.resize(1280, 800)
	if err := tb.watch.attach(ctx, o.worker); err != nil {
		p.t.Fatalf("tab of %s: %v", p.name, err)
	}
	if o.page != "" {
		add := page.AddScriptToEvaluateOnNewDocumentParams{Source: o.page}
		if _, err := chromedp.Call(ctx, page.AddScriptToEvaluateOnNewDocument, add); err != nil {
			p.t.Fatalf("tab of %s: %v", p.name, err)
		}
	}
	return tb
}

// resize gives the page another size.
func (p *tab) resize(width, height int64) {
	p.t.Helper()
	if err := chromedp.Do(p.ctx, chromedp.EmulateViewport(width, height)); err != nil {
		p.t.Fatal(err)
	}
}

// inTimeZone lets the page be in a time zone.
func (p *tab) inTimeZone(zone string) {
	p.t.Helper()
	if _, err := chromedp.Call(p.ctx, emulation.SetTimezoneOverride, emulation.SetTimezoneOverrideParams{TimezoneID: zone}); err != nil {
		p.t.Fatal(err)
	}
}

// finish judges what was watched, shows what was on the screen of a failed test, and closes the tab.
func (p *tab) finish() {
	for _, bad := range p.watch.verdict() {
		p.t.Errorf("%s: %s", p.name, bad)
	}
	if p.t.Failed() && p.ctx.Err() == nil {
		p.t.Logf("%s sees:\n%s", p.name, p.read("document.body.innerText.replaceAll(/\\s*\\n\\s*/g, ' | ').slice(-1500)"))
		if picture, err := chromedp.Run(p.ctx, chromedp.CaptureScreenshot()); err == nil {
			file := "failed-" + strings.ReplaceAll(p.t.Name(), "/", "-") + "-" + p.name + ".png"
			_ = writePicture(file, picture)
		}
	}
	p.close()
}

// writePicture writes a file into the folder of pictures.
func writePicture(name string, picture []byte) error {
	if err := os.MkdirAll("screenshots", 0o755); err != nil {
		return err
	}
	return os.WriteFile(filepath.Join("screenshots", name), picture, 0o644)
}

// goTo opens an address.
func (p *tab) goTo(address string) {
	p.t.Helper()
	p.watch.visits(address)
	if err := chromedp.Do(p.ctx, chromedp.Navigate(address)); err != nil {
		p.t.Fatalf("%s opens %s: %v", p.name, address, err)
	}
}

// reload loads the page again without waiting for anything that is under way in it.
func (p *tab) reload() {
	p.t.Helper()
	if err := chromedp.Do(p.ctx, chromedp.Reload()); err != nil {
		p.t.Fatalf("%s reloads: %v", p.name, err)
	}
}

// eval gives what a script evaluates to, or what its promise holds.
func eval[T any](p *tab, script string) (T, error) {
	return chromedp.Run(p.ctx, chromedp.Evaluate[T](script, chromedp.EvalAwaitPromise))
}

// read gives the text that a script evaluates to, "" where it fails: the page may be on its way to another one.
func (p *tab) read(script string) string {
	text, _ := eval[string](p, script)
	return text
}

// do runs a script.
func (p *tab) do(script string) {
	p.t.Helper()
	if _, err := eval[chromedp.Void](p, script); err != nil {
		p.t.Fatalf("%s: %s: %v", p.name, script, err)
	}
}

// until waits until a script evaluates to true.
func (p *tab) until(what, script string) {
	p.t.Helper()
	holds := func() bool {
		held, err := eval[bool](p, script)
		return err == nil && held
	}
	if !within(holds) {
		p.t.Fatalf("%s: still waiting until %s", p.name, what)
	}
}

// quote writes a text as a literal of JavaScript.
func quote(text string) string {
	b, err := json.Marshal(text)
	if err != nil {
		panic(err) // impossible for a string
	}
	return string(b)
}
