package lab_test

import (
	"context"
	"crypto/sha256"
	"errors"
	"runtime"
	"strings"
	"testing"
	"time"

	"sotto/wasm/cose"
	"sotto/wasm/demo/dissect"
	"sotto/wasm/demo/lab"
	"sotto/wasm/vectors/keys"
)

// people are everyone's fixed keys.
var people = map[string]lab.Keys{
	"alice":   {Sign: keys.Alice.Signer(), Decrypt: keys.Alice.Decrypter()},
	"bob":     {Sign: keys.Bob.Signer(), Decrypt: keys.Bob.Decrypter(), Next: keys.Dave.Decrypter()},
	"mallory": {Sign: keys.Carol.Signer(), Decrypt: keys.Carol.Decrypter()},
}

// newLab has all three people.
func newLab(t testing.TB) *lab.Lab {
	t.Helper()
	l := lab.New(cose.Native{}, func() time.Time { return time.Unix(1_800_000_000, 0) })
	for name, k := range people {
		must(t, l.Enlist(name, k))
	}
	return l
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// walked has walked, and each has said something.
func walked(t testing.TB) (*lab.Lab, lab.Journey) {
	t.Helper()
	l := newLab(t)
	j, err := l.Walk()
	must(t, err)
	for _, from := range []string{"alice", "bob", "alice"} {
		more, err := l.Say(from, "hello from "+from)
		must(t, err)
		j.Objects, j.Steps = append(j.Objects, more.Objects...), append(j.Steps, more.Steps...)
	}
	return l, j
}

// TestWalk looks at everything that is shown: each object is where a step says, every byte has a part, and every part
// a label.
func TestWalk(t *testing.T) {
	_, j := walked(t)
	objects := map[string]lab.Object{}
	for _, o := range j.Objects {
		if objects[o.ID].ID != "" {
			t.Errorf("two objects are called %s", o.ID)
		}
		objects[o.ID] = o
		covered := make([]bool, len(o.Bytes))
		for _, p := range o.Parts {
			if p.Label == "" {
				t.Errorf("%s: part %d to %d, %s, has no label", o.ID, p.Start, p.End, p.Open)
			}
			for i := p.Start; i < p.End; i++ {
				covered[i] = true
			}
		}
		for i, c := range covered {
			if !c {
				t.Fatalf("%s: byte %d belongs to nothing", o.ID, i)
			}
		}
	}
	var order []string
	for _, s := range j.Steps {
		order = append(order, s.ID)
		for _, show := range s.Shows {
			if objects[show.Object].ID == "" {
				t.Errorf("%s shows %q, which is not there", s.ID, show.Object)
			}
			if show.At == "server" && objects[show.Object].Secret {
				t.Errorf("%s: the server sees the secret %s", s.ID, show.Object)
			}
		}
	}
	message := " write sign pad seal relay open compare"
	want := "keys accounts prekeys publish fetch safety draw encapsulate wrap commit unwrap" + message + message + message
	if got := strings.Join(order, " "); got != want {
		t.Errorf("steps %s, want %s", got, want)
	}
	for _, same := range [][2]string{{"kek", "bob.kek"}, {"carried", "bob.carried"}} {
		if string(objects[same[0]].Bytes) != string(objects[same[1]].Bytes) {
			t.Errorf("%s and %s differ", same[0], same[1])
		}
	}
	if string(objects["m1.content"].Bytes) == string(objects["m3.content"].Bytes) || string(objects["m1.key"].Bytes) == string(objects["m3.key"].Bytes) {
		t.Error("two messages have one key")
	}
}

// causes are the causes of the verdicts on one bit of an object, "taken" where it was taken for right.
func causes(t *testing.T, l *lab.Lab, object string, bit uint32) (list []string, last lab.Verdict) {
	t.Helper()
	a, err := l.Flip(object, []uint32{bit})
	must(t, err)
	for _, v := range a.Verdicts {
		last = v
		if v.Refused != (v.Cause != "") || v.Refused && v.Words == "" || v.Refused && v.Text != "" {
			t.Errorf("%s bit %d: %+v", object, bit, v)
		}
		if v.Refused {
			list = append(list, v.Cause)
		} else {
			list = append(list, "taken")
		}
	}
	return list, last
}

// stride is how far apart bits are that a test turns: in a browser, where each costs twenty times as much, not so many.
func stride() uint32 {
	if runtime.GOOS == "js" {
		return 8191
	}
	return 401
}

// TestEveryBit turns bits all over the objects: the engine refuses each, whatever the object.
func TestEveryBit(t *testing.T) {
	l, j := walked(t)
	for _, o := range j.Objects {
		if !o.Tried || strings.HasSuffix(o.ID, ".weak") {
			continue
		}
		for bit := uint32(0); bit < uint32(8*len(o.Bytes)); bit += stride() {
			list, _ := causes(t, l, o.ID, bit)
			if len(list) == 0 || list[0] == "taken" {
				t.Errorf("%s: bit %d was taken", o.ID, bit)
			}
		}
	}
}

// TestWithoutChecks names what becomes of a bit in each kind of place, check by check.
func TestWithoutChecks(t *testing.T) {
	l, _ := walked(t)
	cases := []struct {
		object, label string
		bit           uint32 // within the part, from its end when it is 0
		want          string
	}{
		{"m1.event", "tag", 5, "decrypt taken"},
		{"m1.event", "nonce", 40, "decrypt malformed"},
		{"m1.event", "place.generation", 7, "decrypt malformed"},
		{"m1.event", "place.epoch", 7, "epoch decrypt taken"},
		{"m1.event", "place.conversation", 100, "conversation decrypt taken"},
		{"m1.event", "place.index", 7, "decrypt malformed"},
		{"m1.event", "typ", 30, "type decrypt taken"},
		{"m1.event", "message", 0, "malformed taken"},
		{"m1.event", "ciphertext", 8 * 400, "decrypt signature taken"},
		{"m1.event", "ciphertext", 8, "decrypt malformed"},
		{"m2.content", "signature", 8 * 100, "signature taken"},
		{"m2.content", "text.text", 8*3 + 7, "signature taken"},
		{"m2.content", "kid", 8 * 20, "sender"},
		{"m2.content", "content.generation", 7, "sender"},
		{"m2.content", "padding.zeros", 8, "malformed"},
		{"m2.key", "secret", 9, "decrypt malformed"},
		{"wrap", "lattice-ciphertext", 99, "wrap-altered wrap-unusable"},
		{"wrap", "rsa-ciphertext", 99, "wrap-altered wrap-unusable"},
		{"wrap", "ciphertext", 8 * 10, "wrap-altered wrap-unusable confirm"},
		{"wrap", "tag", 8, "wrap-altered wrap-unusable taken"},
		{"commit", "signature", 8 * 50, "signature taken"},
		{"commit", "commit.confirm", 8 * 20, "signature confirm"},
		{"commit", "commit.wrap", 8 * 20, "signature wrap-altered"},
		{"commit", "header.time", 39, "signature wrap-unusable"},
		{"commit", "header.conversation", 8 * 10, "conversation signature"},
		{"commit", "member.account", 8 * 10, "conversation signature"},
		{"commit", "head.hash", 8 * 10, "head signature"},
		{"bob.link", "link.time", 39, "signature account taken"},
		{"bob.link", "signature", 8 * 50, "signature taken"},
		{"bob.link", "modulus", 8 * 50, "signature"},
		{"bob.prekey", "prekey.counter", 6, "signature taken"},
		{"bob.prekey", "rsa-der", 8 * 100, "signature stale-prekey"},
		{"bob.prekey", "prekey.account", 8 * 10, "foreign signature"},
	}
	for _, c := range cases {
		o, err := l.Object(c.object)
		must(t, err)
		part, ok := dissect.Find(o.Parts, c.label)
		if !ok {
			t.Fatalf("%s has no %s", c.object, c.label)
		}
		list, _ := causes(t, l, c.object, uint32(8*part.Start)+c.bit)
		if got := strings.Join(list, " "); got != c.want {
			t.Errorf("%s, %s: %s, want %s", c.object, c.label, got, c.want)
		}
	}
}

// TestWeakTakes turns a bit of the IV of the scheme to learn from: the receiver reads another text.
func TestWeakTakes(t *testing.T) {
	l, _ := walked(t)
	list, last := causes(t, l, "m1.weak", 8*384+6)
	if strings.Join(list, " ") != "taken" || last.Text != "jello from alice" {
		t.Errorf("%v, %+v", list, last)
	}
	if list, _ := causes(t, l, "m1.weak", 3); list[0] != "decapsulate" {
		t.Errorf("a bit of the wrapped key: %v", list)
	}
}

// TestTexts is what a message without its checks would be read as.
func TestTexts(t *testing.T) {
	l, _ := walked(t)
	o, err := l.Object("m1.content")
	must(t, err)
	part, _ := dissect.Find(o.Parts, "text.text")
	if _, last := causes(t, l, "m1.content", uint32(8*(part.Start+1)+6)); last.Text != "jello from alice" {
		t.Errorf("an insider's other text: %+v", last)
	}
	o, err = l.Object("bob.link")
	must(t, err)
	part, _ = dissect.Find(o.Parts, "link.time")
	if _, last := causes(t, l, "bob.link", uint32(8*part.End-1)); len(strings.Fields(last.Text)) != 12 {
		t.Errorf("no safety number: %+v", last)
	}
}

func TestFlipRefuses(t *testing.T) {
	l, _ := walked(t)
	for name, f := range map[string]func() error{
		"no object":      func() error { _, err := l.Flip("none", []uint32{0}); return err },
		"nobody judges":  func() error { _, err := l.Flip("kek", []uint32{0}); return err },
		"no such bit":    func() error { _, err := l.Flip("m1.event", []uint32{1 << 30}); return err },
		"nobody says":    func() error { _, err := l.Say("mallory", "x"); return err },
		"nothing said":   func() error { _, err := l.Say("alice", ""); return err },
		"no scenario":    func() error { _, err := l.Play("none"); return err },
		"nobody":         func() error { return l.Enlist("eve", people["alice"]) },
		"nobody is here": func() error { _, err := lab.New(cose.Native{}, time.Now).Walk(); return err },
		"no walk":        func() error { _, err := newLab(t).Say("alice", "x"); return err },
	} {
		if f() == nil {
			t.Errorf("%s: no error", name)
		}
	}
	if _, err := l.Say("alice", "still works"); err != nil {
		t.Errorf("afterwards: %v", err)
	}
}

// TestReproduce does with the standard library what the page tells others to do.
func TestReproduce(t *testing.T) {
	l, _ := walked(t)
	m, err := l.Reproduce()
	must(t, err)
	plain, err := people["bob"].Decrypt.Decrypt(nil, m.Wrapped, cose.OAEPOptions())
	if err != nil || string(plain) != string(m.Unwrapped) {
		t.Errorf("RSA-OAEP: %v", err)
	}
	plain, err = cose.Native{}.AEAD(cose.Secret(m.Key)).Open(nil, m.Nonce, m.Sealed, m.Associated)
	if err != nil || string(plain) != string(m.Plain) {
		t.Errorf("AES-GCM: %v", err)
	}
	writer, err := cose.RSAKeyFromModulus(m.Public.N)
	must(t, err)
	if err := (cose.Native{}).VerifyPSS(writer, m.Message, m.Signature); err != nil {
		t.Errorf("RSA-PSS: %v", err)
	}
	if sha256.Sum256(m.Private.N) != sha256.Sum256(people["bob"].Decrypt.N.Bytes()) {
		t.Error("another private key")
	}
	if _, err := newLab(t).Reproduce(); err == nil {
		t.Error("reproduced nothing")
	}
}

func TestMeasure(t *testing.T) {
	l := newLab(t)
	l.Brief()
	kit, err := l.Own()
	must(t, err)
	for _, what := range lab.Measured {
		f, err := l.Measure(t.Context(), what, kit)
		if err != nil || f.Runs != 1 {
			t.Errorf("%s: %+v, %v", what, f, err)
		}
	}
	if _, err := l.Measure(t.Context(), "none", kit); err == nil {
		t.Error("measured nothing")
	}
	broken := kit
	broken.Hash = func(context.Context, []byte) error { return errors.New("broken") }
	if _, err := l.Measure(t.Context(), "sha1m", broken); err == nil {
		t.Error("an error was passed over")
	}
}
