package e2e

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"
)

// keptScript gives the builds that the browser keeps whole, and the files of the first, sorted.
const keptScript = `(async () => {
	const names = [], files = [];
	for (const name of await caches.keys()) if (await caches.match('/', { cacheName: name })) names.push(name);
	if (names[0]) for (const { url } of await (await caches.open(names[0])).keys()) files.push(new URL(url).pathname);
	return { Names: names, Files: files.sort() };
})()`

// kept is what the browser keeps of the application.
type kept struct{ Names, Files []string }

func (p *tab) kept() kept {
	k, _ := eval[kept](p, keptScript)
	return k
}

// keeps waits until so many builds are kept, and a service worker serves the page.
func (p *tab) keeps(builds int) {
	p.t.Helper()
	until(p.t, fmt.Sprintf("%d builds are kept", builds), func() bool { return len(p.kept().Names) == builds })
	p.until("a service worker serves the page", "navigator.serviceWorker.controller !== null")
}

// offline lets the tab's network be gone, or be back.
func (p *tab) offline(gone bool) {
	p.t.Helper()
	conditions := network.OverrideNetworkStateParams{Offline: gone, DownloadThroughput: -1, UploadThroughput: -1}
	if _, err := chromedp.Call(p.ctx, network.OverrideNetworkState, conditions); err != nil {
		p.t.Fatal(err)
	}
}

// TestKeepsExactlyOneBuild compares what the browser keeps with what the server says that the build is.
func TestKeepsExactlyOneBuild(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	alice := newProfile(t, "alice").tab()
	alice.join(s.url())
	alice.keeps(1)
	m := s.manifest()
	want := []string{"/"}
	for _, a := range m.Assets {
		if strings.HasPrefix(a.Path, "a/") {
			want = append(want, "/"+a.Path)
		}
	}
	slices.Sort(want)
	if k := alice.kept(); !slices.Equal(k.Files, want) || k.Names[0] != "sotto-"+m.Build {
		t.Errorf("kept is %+v, the build is %s with %q", k, m.Build, want)
	}
}

// packedManifest is manifest.json, as far as it is looked at here.
type packedManifest struct {
	Build  string
	Assets []struct{ Path string }
}

// manifest asks the server which build it has.
func (s *server) manifest() packedManifest {
	s.t.Helper()
	r, err := http.Get(s.url() + "/manifest.json")
	if err != nil {
		s.t.Fatal(err)
	}
	defer r.Body.Close()
	var m packedManifest
	data, err := io.ReadAll(r.Body)
	if err == nil {
		err = json.Unmarshal(data, &m)
	}
	if err != nil {
		s.t.Fatal(err)
	}
	return m
}

// TestStartsOffline opens the application with neither server nor network: the history is there, and what is written
// waits.
func TestStartsOffline(t *testing.T) {
	t.Parallel()
	s, alice, friends := withFriends(t, "bob")
	bob := friends[0]
	alice.say("before")
	alice.status("before", "Delivered")
	bob.say(bob.meet("alice"), "an answer")
	alice.shows("> before", "an answer")
	alice.keeps(1)
	alice.watch.expect(refused, "ERR_INTERNET_DISCONNECTED", "WebSocket")
	s.kill()
	alice.offline(true)
	alice.reload()
	alice.opened("bob")
	alice.shows("> before", "an answer")
	alice.until("told of the loss", css("sotto-banner [data-kind=offline]")+`.checkVisibility()`)
	alice.press("Emoji") // fetched when first needed, from what is kept
	alice.until("emoji are there", `document.querySelectorAll('sotto-emoji [role=option]').length > 100`)
	alice.key("Escape")
	alice.say("written offline")
	alice.status("written offline", "Waiting")
	other := alice.profile.tab()
	other.watch.expect(refused, "ERR_INTERNET_DISCONNECTED", "WebSocket")
	other.goTo(s.url() + "/#/with/bob") // another tab starts too
	other.opened("bob")
	other.shows("> before", "an answer", "> written offline")
	s.start()
	alice.offline(false)
	alice.status("written offline", "Delivered")
	bob.has(bob.meet("alice"), "before", "> an answer", "written offline")
}

// removeNext takes away what nextBuild made.
var removeNext = func() {}

// nextBuild is a binary with another build of the application: a copy of the module with one word changed, packed and
// compiled as a release is.
var nextBuild = sync.OnceValues(func() (string, error) {
	dir, err := os.MkdirTemp("", "sotto-next-")
	if err != nil {
		return "", err
	}
	removeNext = func() { _ = os.RemoveAll(dir) }
	for _, part := range []string{"go.mod", "go.sum", "backend", "build", "frontend", "wasm"} {
		if err := copyTree(filepath.Join("..", ".."), dir, part); err != nil {
			return "", err
		}
	}
	words := filepath.Join(dir, "frontend", "js", "core", "strings.en.json")
	text, err := os.ReadFile(words)
	if err != nil {
		return "", err
	}
	text = []byte(strings.Replace(string(text), `"Write a message"`, `"Write something"`, 1))
	if err := os.WriteFile(words, text, 0o600); err != nil {
		return "", err
	}
	program := filepath.Join(dir, "sotto-next")
	for _, args := range [][]string{{"run", "./build/pack"}, {"build", "-trimpath", "-buildvcs=false", "-ldflags=-s -w", "-o", program, "./backend"}} {
		cmd := exec.Command("go", args...)
		cmd.Dir = dir
		if out, err := cmd.CombinedOutput(); err != nil {
			return "", fmt.Errorf("go %s: %w\n%s", args[0], err, out)
		}
	}
	return program, nil
})

// copyTree copies a file or folder, but for what was built there.
func copyTree(from, to, part string) error {
	return filepath.WalkDir(filepath.Join(from, part), func(path string, d os.DirEntry, err error) error {
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(from, path)
		if err != nil {
			return err
		}
		if d.IsDir() {
			if d.Name() == "bin" || d.Name() == "screenshots" || rel == filepath.Join("build", "dist", "a") {
				return filepath.SkipDir
			}
			return os.MkdirAll(filepath.Join(to, rel), 0o700)
		}
		data, err := os.ReadFile(path)
		if err == nil {
			err = os.WriteFile(filepath.Join(to, rel), data, 0o600)
		}
		return err
	})
}

// build gives the build that a page runs.
func (p *tab) build() string {
	return p.read("document.querySelector('sotto-settings dl:last-child code').textContent")
}

// offered waits until the page offers another build and gives its words.
func (p *tab) offered() string {
	p.t.Helper()
	p.until("another build is offered", css("sotto-banner [data-kind=update]")+"?.checkVisibility()")
	return p.read(css("sotto-banner [data-kind=update]") + ".innerText")
}

// TestAsksBeforeItSwitches lets the server get another build while alice has two tabs open.
func TestAsksBeforeItSwitches(t *testing.T) {
	t.Parallel()
	next, err := nextBuild()
	if err != nil {
		t.Fatal(err)
	}
	s, alice, friends := withFriends(t, "bob")
	alice.say("with the first build")
	alice.keeps(1)
	first := s.manifest().Build
	alice.watch.expect("ERR_CONNECTION", "WebSocket")
	s.kill()
	s.program = next
	s.start()
	second := s.manifest().Build
	if first == second || alice.build() != first {
		t.Fatalf("the builds are %s and %s, alice has %s", first, second, alice.build())
	}
	says(t, "the page", alice.offered(), "You use "+first, "the new one is "+second, "Update")
	alice.pictured("update")
	alice.say("from a stale tab") // which the new server understands
	alice.status("from a stale tab", "Delivered")
	alice.reload()
	alice.opened("bob")
	other := alice.profile.tab()
	other.watch.expect("ERR_CONNECTION", "WebSocket")
	other.goTo(s.url() + "/#/with/bob")
	other.opened("bob")
	if alice.build() != first || other.build() != first {
		t.Errorf("it switched without being told to: %s, %s", alice.build(), other.build())
	}
	says(t, "the other tab", other.offered(), first, second)
	alice.offered()
	alice.press("Update")
	for _, p := range []*tab{alice, other} {
		p.until("the new build runs", "document.querySelector('sotto-settings dl:last-child code')?.textContent === "+quote(second))
		p.opened("bob")
		p.shows("> with the first build", "> from a stale tab")
		p.until("nothing is offered", "!"+css("sotto-banner [data-kind=update]")+".checkVisibility()")
	}
	if got := alice.read(css(composer) + ".placeholder"); got != "Write something" {
		t.Errorf("the composer says %q", got)
	}
	until(t, "only the new build is kept", func() bool { return slices.Equal(alice.kept().Names, []string{"sotto-" + second}) })
	friends[0].has(friends[0].meet("alice"), "with the first build", "from a stale tab")
}

// TestAServerThatATabDoesNotFit has another build, and does not take the tab's connection.
func TestAServerThatATabDoesNotFit(t *testing.T) {
	t.Parallel()
	next, err := nextBuild()
	if err != nil {
		t.Fatal(err)
	}
	s := newServer(t)
	alice := newProfile(t, "alice").tab()
	alice.join(s.url())
	alice.keeps(1)
	alice.watch.expect("ERR_CONNECTION", "WebSocket")
	first := alice.build()
	s.kill()
	s.program, s.flags = next, []string{"--origin=http://localhost:1"}
	s.start()
	says(t, "the page", alice.offered(), "does not fit the server any more", first, s.manifest().Build, "Update")
}
