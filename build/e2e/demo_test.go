package e2e

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"
)

// demoFile is the offline demo as it was packed.
func demoFile(t testing.TB) string {
	t.Helper()
	file, err := filepath.Abs(filepath.Join("..", "dist", "sotto-demo.html"))
	if err == nil {
		_, err = os.Stat(file)
	}
	if err != nil {
		t.Fatalf("%v: make it with `go tool -modfile=build/tools.mod task demo`", err)
	}
	return file
}

// fromDisk opens a file with the network off.
func fromDisk(t *testing.T, file string, settings ...setting) *tab {
	t.Helper()
	p := newProfile(t, "visitor").tab(settings...)
	off := network.OverrideNetworkStateParams{Offline: true, DownloadThroughput: -1, UploadThroughput: -1}
	if _, err := chromedp.Call(p.ctx, network.OverrideNetworkState, off); err != nil {
		t.Fatal(err)
	}
	p.scheme("light") // and without motion: what is clicked stands still
	p.goTo("file://" + filepath.ToSlash(file))
	return p
}

// demo opens the demo from disk with the network off, and waits until all its people have their keys.
func demo(t *testing.T) *tab {
	t.Helper()
	p := fromDisk(t, demoFile(t))
	p.follow("everyone has keys", `document.querySelector('demo-app .status')?.textContent + document.querySelector('demo-app')?.dataset.ready`,
		`document.querySelector('demo-app')?.dataset.people === 'all'`)
	return p
}

// follow waits until a script is true, as long as the text of another one goes on changing: what takes long is seen to
// get on.
func (p *tab) follow(what, progress, done string) {
	p.t.Helper()
	for before := ""; ; {
		now := before
		moved := within(func() bool {
			if p.read("String("+done+")") == "true" {
				now = ""
				return true
			}
			now = p.read(progress)
			return now != before
		})
		switch {
		case !moved:
			p.t.Fatalf("%s: still waiting until %s, at %q", p.name, what, before)
		case now == "":
			return
		}
		before = now
	}
}

// view turns to a part of the demo.
func (p *tab) view(name string) {
	p.t.Helper()
	p.click(`[role=tab][data-view=` + name + `]`)
	p.until("it is shown", css("#view-"+name)+`?.checkVisibility()`)
}

// list gives the texts that a script evaluates to.
func (p *tab) list(script string) []string {
	p.t.Helper()
	list, err := eval[[]string](p, script)
	if err != nil {
		p.t.Fatalf("%s: %s: %v", p.name, script, err)
	}
	return list
}

// toStep goes to the last step of a kind by the list of steps.
func (p *tab) toStep(title string) {
	p.t.Helper()
	p.do(`(() => {
		const list = document.querySelector('demo-walk select');
		list.value = [...list.options].findLast((o) => o.textContent.endsWith(` + quote(title) + `)).value;
		list.dispatchEvent(new Event('change'));
	})()`)
	p.until("the step is there", css("demo-walk [data-testid=step]")+`.textContent.endsWith(`+quote(title)+`)`)
}

// lookInto opens an object in the column of a place.
func (p *tab) lookInto(place, object string) {
	p.t.Helper()
	p.click(`.column.` + place + ` [data-object="` + object + `"]`)
	p.until("it is open", css("demo-object .object")+`?.checkVisibility() && `+css(`.column.`+place+` [data-object="`+object+`"]`)+`.getAttribute('aria-pressed') === 'true'`)
}

// stations are the screens of the demo, each with what leads there.
var stations = []struct {
	name string
	lead func(p *tab)
}{
	{"demo-keys", func(*tab) {}},
	{"demo-safety", func(p *tab) { p.toStep("The safety number") }},
	{"demo-open", func(p *tab) { p.toStep("It is opened") }},
	{"demo-attack", func(p *tab) {
		p.lookInto("server", "m1.event")
		p.do(`document.querySelectorAll('demo-object .hex span')[500].click()`)
		p.click("demo-object .bit")
		p.until("there are verdicts", `document.querySelectorAll('demo-object .verdicts li').length === 3`)
	}},
	{"demo-search", func(p *tab) {
		p.click("demo-search summary")
		p.click("demo-search .check input")
		p.press("Search for a key")
		p.until("candidates are seen", `document.querySelectorAll('demo-search .strip i').length > 5`)
		p.press("Give up")
		p.until("it was given up", css("demo-search [data-testid=search]")+`.textContent.startsWith('Given up')`)
	}},
	{"demo-scenario", func(p *tab) { p.view("plays"); p.played("steal") }},
	{"demo-reproduce", func(p *tab) {
		p.view("reproduce")
		p.until("the commands are there", `document.querySelectorAll('demo-reproduce pre').length === 3`)
	}},
	{"demo-vectors", func(p *tab) { p.view("vectors"); p.click("demo-vectors button"); p.judged() }},
	{"demo-figures", func(p *tab) { p.view("figures"); p.click("demo-figures button"); p.measured() }},
	{"demo-about", func(p *tab) { p.view("about") }},
}

// TestDemoScreens looks at every screen of the demo: axe finds nothing in both colours, nothing stands out at 360
// pixels, and pictures are taken.
func TestDemoScreens(t *testing.T) {
	t.Parallel()
	p := demo(t)
	for _, s := range stations {
		s.lead(p)
		for _, size := range []picture{{1280, 1000}, narrow} {
			p.size(size.width, size.height)
			if p.read(`String(document.documentElement.scrollWidth > innerWidth)`) != "false" {
				t.Errorf("%s: wider than %d pixels", s.name, size.width)
			}
			for _, colours := range []string{"light", "dark"} {
				p.scheme(colours)
				p.take(fmt.Sprintf("%s-%d-%s.png", s.name, size.width, colours))
				if size == narrow && colours == "dark" {
					continue // the same colours on the same elements
				}
				for _, found := range p.axe().Found {
					t.Errorf("%s at %d in %s: %s", s.name, size.width, colours, found)
				}
			}
		}
		p.size(1280, 1000)
	}
}

// TestDemoNeedsOnlyItself reads the file: what is in it may not be loaded from elsewhere, its policy forbids it too,
// and it is as small as it has to be.
func TestDemoNeedsOnlyItself(t *testing.T) {
	data, err := os.ReadFile(demoFile(t))
	if err != nil {
		t.Fatal(err)
	}
	if len(data) > 2_500_000 {
		t.Errorf("%d bytes, at most 2.5 MB", len(data))
	}
	html := string(data)
	for _, want := range []string{"connect-src 'none'", "default-src 'none'", "worker-src blob:", "'wasm-unsafe-eval'", "require-trusted-types-for 'script'"} {
		if !strings.Contains(html, want) {
			t.Errorf("the policy lacks %s", want)
		}
	}
	for _, never := range []string{"'unsafe-inline'", "'unsafe-eval'", `src="http`, `href="http`, `src="/`, `href="/`} {
		if strings.Contains(html, never) {
			t.Errorf("the page has %s", never)
		}
	}
}

// TestDemoAltered changes the blocks of the file: an engine with another hash is not started, and a script with
// another hash does not run.
func TestDemoAltered(t *testing.T) {
	t.Parallel()
	data, err := os.ReadFile(demoFile(t))
	if err != nil {
		t.Fatal(err)
	}
	other := func(block string, content []byte) string {
		before, rest, ok := strings.Cut(string(data), `id="`+block+`">`)
		_, after, ok2 := strings.Cut(rest, "<")
		if !ok || !ok2 {
			t.Fatalf("no block %s", block)
		}
		file := filepath.Join(t.TempDir(), "demo.html")
		if err := os.WriteFile(file, []byte(before+`id="`+block+`">`+packed(content)+"<"+after), 0o600); err != nil {
			t.Fatal(err)
		}
		return file
	}
	t.Run("engine", func(t *testing.T) {
		p := fromDisk(t, other("engine", []byte("\x00asm\x01\x00\x00\x00")))
		p.watch.expect("engine: hash differs")
		p.until("it is refused", css("demo-app .fault")+`?.textContent.includes('Somebody changed the file')`)
	})
	t.Run("script", func(t *testing.T) {
		p := fromDisk(t, other("page", []byte("document.title = 'altered'")))
		p.watch.expect("Content Security Policy")
		p.until("it was refused", `document.getElementById('page') === null && document.querySelector('head > script') !== null`)
		if title := p.read("document.title"); strings.Contains(title, "altered") {
			t.Errorf("the script ran: %q", title)
		}
	})
}

// TestDemoWithoutSubtle is a browser that offers no SubtleCrypto: the page says so, and the engine searches for the keys.
func TestDemoWithoutSubtle(t *testing.T) {
	t.Parallel()
	p := fromDisk(t, demoFile(t), early(`Object.defineProperty(Crypto.prototype, 'subtle', { value: undefined })`))
	p.until("it is said", css("demo-app .notice")+`?.checkVisibility() && `+css("demo-app .notice")+`.textContent.includes('does not offer crypto.subtle')`)
	p.follow("Alice has keys", css("demo-search .live .soft")+"?.textContent", css("demo-app .status")+`.textContent === 'Making keys for Bob…'`)
}

// TestDemoServed opens the demo from the server, where the chat's settings lead, and saves it.
func TestDemoServed(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	alice := newProfile(t, "alice").tab()
	alice.join(s.url())
	alice.press("Settings")
	if to := alice.read(`document.querySelector('sotto-settings a')?.href`); to != s.url()+"/demo" {
		t.Errorf("the settings lead to %q", to)
	}
	p := newProfile(t, "visitor").tab()
	p.goTo(s.url() + "/demo")
	p.follow("everyone has keys", `document.querySelector('demo-app .status')?.textContent`, `document.querySelector('demo-app')?.dataset.people === 'all'`)
	if to := p.read(named("Save this page as one file") + ".href"); to != s.url()+"/sotto-demo.html" {
		t.Errorf("it is saved from %q", to)
	}
	p.watch.expect("Content Security Policy")
	p.view("about")
	chat := p.read(css("[data-testid=chat-hash]") + ".textContent")
	engine := p.read(`fetch('/manifest.json').then((r) => r.json()).then(({ assets }) => assets.find((a) => a.path.endsWith('sotto.wasm')).sha256, () => 'no connection')`)
	if engine != "no connection" {
		t.Errorf("the demo could connect")
	}
	alicesEngine := alice.read(`fetch('/manifest.json').then((r) => r.json()).then(({ assets }) => assets.find((a) => a.path.endsWith('sotto.wasm')).sha256)`)
	if len(chat) != 64 || chat != alicesEngine {
		t.Errorf("the chat's engine has the hash %s, the demo says %s", alicesEngine, chat)
	}
	kept := p.list(`[...document.querySelectorAll('[data-package]')].map((row) => row.dataset.package)`)
	for _, want := range []string{"wasm/cose", "wasm/kem", "wasm/account", "wasm/epoch", "wasm/conversation", "wasm/demo/lab"} {
		if !slices.Contains(kept, want) {
			t.Errorf("no package %s among %v", want, kept)
		}
	}
}
