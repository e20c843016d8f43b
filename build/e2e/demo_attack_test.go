package e2e

import (
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"sotto/wasm/cose"
	"sotto/wasm/demo/lab"
	people "sotto/wasm/vectors/keys"
)

// turn turns a bit of the byte that is so far behind the beginning of a part, and gives the causes of the verdicts.
func (p *tab) turn(part string, offset, bit int) []string {
	p.t.Helper()
	p.do(`(() => {
		const parts = [...document.querySelectorAll('demo-object .diag button')];
		parts.find((b) => b.lastElementChild.textContent === ` + quote(part) + `).click();
	})()`)
	p.do(`(async () => {
		const at = Number(document.querySelector('demo-object .hex').getAttribute('aria-valuenow')) + ` + strconv.Itoa(offset) + `;
		document.querySelectorAll('demo-object .hex span')[at].click();
		await 0;
		document.querySelector('demo-object .bit[data-bit="` + strconv.Itoa(bit) + `"]').click();
	})()`)
	p.until("there are verdicts", `document.querySelectorAll('demo-object .verdicts li').length > 0`)
	causes := p.list(`[...document.querySelectorAll('demo-object .verdicts li')].map((li) => li.dataset.cause)`)
	words := p.read(css("demo-object .verdicts") + ".innerText")
	if !strings.Contains(words, "refuses it: "+causes[0]) || !strings.Contains(words, "In the engine’s own words") {
		p.t.Errorf("%s: the page says %q", part, words)
	}
	p.press("Put the bits back")
	p.until("they are back", `document.querySelectorAll('demo-object .verdicts li').length === 0`)
	return causes
}

// TestDemoAttack turns bits in every kind of place and reads who refuses what, and what would be without the checks.
func TestDemoAttack(t *testing.T) {
	t.Parallel()
	p := demo(t)
	p.toStep("It is opened")
	cases := []struct {
		place, object, part string
		offset, bit         int
		want                string
	}{
		{"server", "m1.event", "ciphertext", 500, 7, "decrypt signature taken"},
		{"server", "m1.event", "tag", 3, 0, "decrypt taken"},
		{"server", "m1.event", "nonce", 5, 0, "decrypt malformed"},
		{"server", "m1.event", "conversation", 5, 3, "conversation decrypt taken"},
		{"bob", "m1.content", "signature", 60, 1, "signature taken"},
		{"alice", "m1.key", "secret", 4, 4, "decrypt malformed"},
		{"server", "wrap", "RSA half", 9, 2, "wrap-altered wrap-unusable"},
		{"server", "wrap", "ML-KEM half", 9, 2, "wrap-altered wrap-unusable"},
		{"server", "commit", "signature", 60, 1, "signature taken"},
		{"server", "commit", "confirmation", 9, 2, "signature confirm"},
		{"server", "bob.link", "time", 4, 0, "signature account taken"},
		{"server", "bob.prekey", "RSA public key in DER", 100, 0, "signature stale-prekey"},
	}
	for _, c := range cases {
		p.lookInto(c.place, c.object)
		if got := strings.Join(p.turn(c.part, c.offset, c.bit), " "); got != c.want {
			t.Errorf("%s, %s: %s, want %s", c.object, c.part, got, c.want)
		}
	}
}

// TestDemoWeakFalls turns a bit of a message in the scheme to learn from: Bob reads another text and notices nothing.
func TestDemoWeakFalls(t *testing.T) {
	t.Parallel()
	p := demo(t)
	p.toStep("The same text, the usual way")
	p.lookInto("server", "m1.weak")
	p.do(`document.querySelectorAll('demo-object .hex span')[384].click()`)
	p.until("the IV is chosen", css("demo-object [data-testid=part]")+`.textContent === 'IV'`)
	p.click(`demo-object .bit[data-bit="1"]`)
	p.until("Bob has read it", css("demo-object .verdicts")+`.innerText.includes('Bob takes it for right and reads: “Jello Bob')`)
}

// played plays a scenario to its end.
func (p *tab) played(name string) {
	p.t.Helper()
	p.click(`demo-plays [data-play=` + name + `]`)
	p.until("it is chosen", css(`demo-plays [data-play=`+name+`]`)+`.getAttribute('aria-current') === 'true'`)
	p.click("demo-plays .stage .button")
	p.follow("it is played", `String(document.querySelectorAll('demo-plays .sides li').length)`, css("demo-plays [data-testid=played]")+`.textContent === 'Played through.'`)
}

// acts gives what a side of the stage shows.
func (p *tab) acts(side int) []string {
	return p.list(`[...document.querySelectorAll('demo-plays .sides section')][` + strconv.Itoa(side) + `].querySelectorAll('li').values().map((li) => li.dataset.act + ' ' + li.dataset.result).toArray()`)
}

// TestDemoScenarios plays every scenario in the page, and natively with other keys: both come to the same.
func TestDemoScenarios(t *testing.T) {
	t.Parallel()
	native := lab.New(cose.Native{}, time.Now)
	for name, k := range map[string]lab.Keys{
		"alice":   {Sign: people.Alice.Signer(), Decrypt: people.Alice.Decrypter()},
		"bob":     {Sign: people.Bob.Signer(), Decrypt: people.Bob.Decrypter(), Next: people.Dave.Decrypter()},
		"mallory": {Sign: people.Carol.Signer(), Decrypt: people.Carol.Decrypter()},
	} {
		if err := native.Enlist(name, k); err != nil {
			t.Fatal(err)
		}
	}
	p := demo(t)
	p.view("plays")
	shown := p.list(`[...document.querySelectorAll('demo-plays [data-play]')].map((b) => b.dataset.play)`)
	slices.Sort(shown)
	if !slices.Equal(shown, lab.Scenarios()) {
		t.Errorf("shown: %v", shown)
	}
	for _, name := range lab.Scenarios() {
		want, err := native.Play(name)
		if err != nil {
			t.Fatal(err)
		}
		p.played(name)
		for side, acts := range [][]lab.Act{want.Ours, want.Weak} {
			var outline []string
			for _, a := range acts {
				outline = append(outline, a.Key+" "+a.Result)
			}
			if got := p.acts(side); !slices.Equal(got, outline) {
				t.Errorf("%s, side %d: %q, want %q", name, side, got, outline)
			}
		}
		said := p.read(css("demo-plays .sides") + ".innerText")
		for _, a := range append(want.Ours, want.Weak...) {
			if a.Cause != "" && !strings.Contains(said, a.Cause+": ") {
				t.Errorf("%s: nothing is said of %s", name, a.Cause)
			}
		}
		if strings.ContainsAny(said, "{}") || strings.Contains(said, "undefined") {
			t.Errorf("%s: a text lacks something: %s", name, said)
		}
	}
}

// judged waits until all test vectors were given to the engine.
func (p *tab) judged() {
	p.t.Helper()
	total := css("demo-vectors [data-testid=vectors]")
	p.follow("all vectors are judged", total+".textContent", total+`.dataset.done === 'true'`)
}

// TestDemoVectors runs the test vectors in the page: all are as they should be.
func TestDemoVectors(t *testing.T) {
	t.Parallel()
	p := demo(t)
	p.view("vectors")
	p.press("Run all test vectors")
	p.judged()
	said := strings.Fields(p.read(css("demo-vectors [data-testid=vectors]") + ".textContent"))
	if len(said) < 3 || said[0] != said[2] || len(said[0]) < 3 {
		t.Errorf("the page says %q", said)
	}
	if bad := p.list(`[...document.querySelectorAll('demo-vectors .bad')].map((e) => e.textContent)`); len(bad) != 0 {
		t.Errorf("%q", bad)
	}
}

// measured waits until every figure is there.
func (p *tab) measured() {
	p.t.Helper()
	said := css("demo-figures [data-testid=figures]") + ".textContent"
	p.follow("everything is measured", said+` + document.querySelectorAll('demo-figures .row').length`, said+`.split(' / ').every((n, _, all) => n === all[1])`)
}

// TestDemoFigures measures: each operation has both bars with their numbers.
func TestDemoFigures(t *testing.T) {
	t.Parallel()
	p := demo(t)
	p.view("figures")
	p.press("Measure")
	p.measured()
	rows := p.list(`[...document.querySelectorAll('demo-figures .row')].map((row) => row.innerText.replaceAll('\n', ' '))`)
	if len(rows) != 2*len(lab.Measured) {
		t.Errorf("%d bars for %d operations", len(rows), len(lab.Measured))
	}
	for _, row := range rows {
		t.Log(row)
		if !strings.Contains(row, "s") || !strings.Contains(row, "run") {
			t.Errorf("a bar without its number: %q", row)
		}
	}
}
