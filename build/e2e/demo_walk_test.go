package e2e

import (
	"bytes"
	"compress/gzip"
	"encoding/hex"
	"fmt"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"

	"sotto/build/rawtext"
)

// packed gives what a block of the page is written as.
func packed(data []byte) string {
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	_, _ = w.Write(data)
	_ = w.Close()
	return string(rawtext.Encode(b.Bytes()))
}

// title is the step's.
func (p *tab) title1() string { return p.read(css("demo-walk [data-testid=step]") + ".textContent") }

// has gives the objects and facts in a column.
func (p *tab) has(place string) []string {
	return p.list(`[...document.querySelectorAll('.column.` + place + ` [data-object], .column.` + place + ` [data-fact]')].map((e) => e.dataset.object ?? e.dataset.fact)`)
}

// TestDemoWalk goes forward and back through every step.
func TestDemoWalk(t *testing.T) {
	t.Parallel()
	p := demo(t)
	var titles []string
	for {
		titles = append(titles, p.title1())
		if p.read(named("Next")+".disabled.toString()") == "true" {
			break
		}
		before := p.title1()
		p.press("Next")
		p.until("the next step is there", css("demo-walk [data-testid=step]")+`.textContent !== `+quote(before))
	}
	if len(titles) != 18 || titles[0] != "Alice and Bob make their keys" || titles[17] != "Server: The same text, the usual way" {
		t.Errorf("%d steps: %q", len(titles), titles)
	}
	server, bob := p.has("server"), p.has("bob")
	for _, secret := range []string{"epoch.secret", "rsa.secret", "kem.secret", "kek", "carried", "m1.key", "m1.content", "m1.body", "m1.signing"} {
		if slices.Contains(server, secret) {
			t.Errorf("the server has %s", secret)
		}
	}
	for _, want := range []string{"alice.link", "bob.prekey", "commit", "wrap", "m1.event", "position"} {
		if !slices.Contains(server, want) {
			t.Errorf("the server lacks %s: %v", want, server)
		}
	}
	if !slices.Contains(bob, "m1.content") || !strings.Contains(p.read(css(".column.bob")+".innerText"), "Hello Bob, can anyone else read this?") {
		t.Errorf("bob has %v", bob)
	}
	p.toStep("The safety number")
	numbers := p.list(`[...document.querySelectorAll('[data-fact=number] sotto-number')].map((e) => e.textContent.trim())`)
	if len(numbers) != 2 || numbers[0] != numbers[1] || len(strings.Fields(numbers[0])) != 12 {
		t.Errorf("safety numbers %q", numbers)
	}
	p.press("Back")
	p.until("the step before is there", css("demo-walk [data-testid=step]")+`.textContent === 'Each fetches the other’s keys, and checks them'`)
	if slices.Contains(p.has("server"), "commit") {
		t.Error("what comes later is still there")
	}
	p.press("Play")
	p.until("it goes on by itself", css("demo-walk [data-testid=step]")+`.textContent.startsWith('Alice: Alice draws')`)
	p.press("Pause")
}

// TestDemoWrite writes as both, by keyboard, and follows the message.
func TestDemoWrite(t *testing.T) {
	t.Parallel()
	p := demo(t)
	for i, from := range []string{"bob", "alice"} {
		text := fmt.Sprintf("a marker %d from %s", i, from)
		p.click(".column." + from + " textarea")
		p.insert(text)
		p.key("Enter")
		p.until("it is being written", css("demo-walk [data-testid=step]")+`.textContent.endsWith('A message is written')`)
		p.toStep("It is opened")
		other := map[string]string{"alice": "bob", "bob": "alice"}[from]
		if !strings.Contains(p.read(css(".column."+other)+".innerText"), text) {
			t.Errorf("%s does not read it", other)
		}
		if strings.Contains(p.read(css(".column.server")+".innerText"), "marker") {
			t.Error("the server reads it")
		}
		event := fmt.Sprintf("m%d.event", i+2)
		p.lookInto("server", event)
		sealed, err := hex.DecodeString(p.read(`[...document.querySelectorAll('demo-object .hex span')].map((e) => e.textContent).join('')`))
		if err != nil || bytes.Contains(sealed, []byte("marker")) || len(sealed) < 768 {
			t.Errorf("%s: %d bytes, %v", event, len(sealed), err)
		}
	}
}

// TestDemoPoint points at bytes and lines with pointer and keyboard: both views light up and the sentence says what
// it is, at each depth.
func TestDemoPoint(t *testing.T) {
	t.Parallel()
	p := demo(t)
	p.toStep("It is opened")
	p.lookInto("server", "m1.event")
	part := func() string { return p.read(css("demo-object [data-testid=part]") + ".textContent") }
	lit := func() string {
		return p.read(`(() => {
			const bytes = [...document.querySelectorAll('demo-object .hex .lit')].map((e) => Number(e.dataset.i));
			return bytes[0] + '-' + bytes.at(-1) + ' ' + document.querySelectorAll('demo-object .diag .lit').length;
		})()`)
	}
	p.point(`[...document.querySelectorAll('demo-object .diag button')].find((b) => b.textContent.endsWith('nonce'))`)
	p.until("the nonce lights up", css("demo-object [data-testid=part]")+`.textContent === 'nonce'`)
	nonce := lit()
	if !strings.HasSuffix(nonce, " 1") || p.read(css("demo-object [data-testid=range]")+".textContent") == "" {
		t.Errorf("lit: %s", nonce)
	}
	p.point(`[...document.querySelectorAll('demo-object .hex span')].at(30)`)
	p.until("another part lights up", css("demo-object [data-testid=part]")+`.textContent !== 'nonce'`)
	p.do(css("demo-object .hex") + ".focus()")
	p.key("End")
	p.until("the last byte is chosen", css("demo-object .hex")+`.getAttribute('aria-valuenow') === '865'`)
	p.do(css("demo-object .hex") + ".dispatchEvent(new PointerEvent('pointerleave'))")
	if got := part(); got != "tag" {
		t.Errorf("the last byte is of %q", got)
	}
	p.key("Home")
	p.key("ArrowRight")
	p.until("the second byte is chosen", css("demo-object .hex")+`.getAttribute('aria-valuenow') === '1'`)
	if words := p.read(css("demo-object .hex") + ".getAttribute('aria-valuetext')"); !strings.HasPrefix(words, "Byte 1 of 866, 58, ") {
		t.Errorf("it is called %q", words)
	}
	sentences := map[string]bool{}
	for _, depth := range []string{"developers", "cryptographers", "the curious"} {
		p.do(`[...document.querySelectorAll('demo-object .explain label')].find((l) => l.textContent === ` + quote(depth) + `).querySelector('input').click()`)
		p.until("the depth is chosen", `[...document.querySelectorAll('demo-walk .explain label')].find((l) => l.textContent === `+quote(depth)+`).querySelector('input').checked`)
		sentences[p.read(css("demo-object [data-testid=sentence]")+".textContent")] = true
	}
	if len(sentences) != 3 {
		t.Errorf("%d sentences for three depths", len(sentences))
	}
	p.mayUseClipboard()
	p.press("Copy as hex")
	p.until("it was copied", `document.querySelector('demo-object sotto-copy button').dataset.state === 'done'`)
	shown := p.read(`[...document.querySelectorAll('demo-object .hex span')].map((e) => e.textContent).join('')`)
	if copied := p.read("navigator.clipboard.readText()"); copied != shown || len(copied) != 2*866 {
		t.Errorf("copied %d digits, %d are shown", len(copied), len(shown))
	}
}

// TestDemoSearch gives a search up, then finds two keys: Bob has the last one, and there is a histogram.
func TestDemoSearch(t *testing.T) {
	t.Parallel()
	p := demo(t)
	said := css("demo-search [data-testid=search]") + ".textContent"
	modulus := func() string { // of the RSA half, the last 398 bytes of the key
		p.lookInto("bob", "bob.decrypt")
		return p.read(`[...document.querySelectorAll('demo-object .hex span')].slice(-398).map((e) => e.textContent).join('')`)
	}
	before := modulus()
	p.click("demo-search summary")
	p.press("Search for a key")
	p.until("candidates are seen", `document.querySelectorAll('demo-search .strip i').length > 0`)
	p.press("Give up")
	p.until("it was given up", said+`.startsWith('Given up after')`)
	for n := range 2 {
		p.press("Search for a key")
		p.follow("a key was found", css("demo-search .live .soft")+".textContent + "+said, said+`.startsWith('Found both primes') && `+named("Search for a key")+` !== undefined`)
		p.until("the walk began anew", `document.querySelector('demo-app').dataset.people === 'all'`)
		if drawn := p.read(`String(document.querySelector('demo-search figure')?.checkVisibility())`); drawn != fmt.Sprint(n == 1) {
			t.Errorf("a histogram after %d keys: %s", n+1, drawn)
		}
	}
	if after := modulus(); after == before || len(after) != 2*398 {
		t.Error("Bob does not have the key that was found")
	}
	p.toStep("It is opened")
	if !strings.Contains(p.read(css(".column.bob")+".innerText"), "Hello Bob") {
		t.Error("Bob reads nothing with his new key")
	}
}

// TestDemoReproduces takes the commands from the page, runs them in a shell, and gets what the page says.
func TestDemoReproduces(t *testing.T) {
	t.Parallel()
	p := demo(t)
	p.view("reproduce")
	p.until("the commands are there", `document.querySelectorAll('demo-reproduce pre').length === 3`)
	for _, name := range []string{"oaep", "gcm", "pss"} {
		t.Run(name, func(t *testing.T) {
			block := `[data-command=` + name + `] `
			text, want := p.read(css(block+"pre")+".textContent"), p.read(css(block+".prints")+".textContent")
			if _, err := exec.LookPath("openssl"); err != nil && strings.Contains(text, "openssl ") {
				t.Skip("no openssl here")
			}
			shell := exec.CommandContext(t.Context(), "bash", "-euo", "pipefail")
			shell.Stdin, shell.Env = strings.NewReader(text), append(os.Environ(), "TMPDIR="+t.TempDir(), "GOFLAGS=", "GOWORK=off")
			out, err := shell.CombinedOutput()
			if err != nil || strings.TrimSpace(string(out)) != want || want == "" {
				t.Errorf("%v: %s\nwant %s", err, out, want)
			}
		})
	}
}
