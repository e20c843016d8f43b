package lab_test

import (
	"testing"
	"time"

	"sotto/wasm/cose"
	"sotto/wasm/demo/lab"
	"sotto/wasm/vectors/keys"
)

// newLab has all three people, with fixed keys.
func newLab(t testing.TB) *lab.Lab {
	t.Helper()
	l := lab.New(cose.Native{}, func() time.Time { return time.Unix(1_800_000_000, 0) })
	for name, k := range map[string]lab.Keys{
		"alice":   {Sign: keys.Alice.Signer(), Decrypt: keys.Alice.Decrypter()},
		"bob":     {Sign: keys.Bob.Signer(), Decrypt: keys.Bob.Decrypter(), Next: keys.Dave.Decrypter()},
		"mallory": {Sign: keys.Carol.Signer(), Decrypt: keys.Carol.Decrypter()},
	} {
		if err := l.Enlist(name, k); err != nil {
			t.Fatal(err)
		}
	}
	return l
}

func TestScenarios(t *testing.T) {
	l := newLab(t)
	for _, name := range lab.Scenarios() {
		t.Run(name, func(t *testing.T) {
			p, err := l.Play(name)
			if err != nil {
				t.Fatal(err)
			}
			for _, a := range p.Ours {
				t.Logf("ours  %-8s %-18s %-8s %-14s %s %v", a.Who, a.Key, a.Result, a.Cause, a.Words, a.Detail)
			}
			for _, a := range p.Weak {
				t.Logf("weak  %-8s %-18s %-8s %v", a.Who, a.Key, a.Result, a.Detail)
			}
		})
	}
}

func TestWalk(t *testing.T) {
	l := newLab(t)
	j, err := l.Walk()
	if err != nil {
		t.Fatal(err)
	}
	for _, from := range []string{"alice", "bob", "alice"} {
		more, err := l.Say(from, "hello from "+from)
		if err != nil {
			t.Fatal(err)
		}
		j.Objects, j.Steps = append(j.Objects, more.Objects...), append(j.Steps, more.Steps...)
	}
	for _, o := range j.Objects {
		t.Logf("%s %s %d bytes, %d parts", o.ID, o.Type, len(o.Bytes), len(o.Parts))
		for _, p := range o.Parts {
			if p.Label == "" {
				t.Errorf("%s: part %d to %d, %s, has no label", o.ID, p.Start, p.End, p.Open)
			}
		}
		if !o.Tried {
			continue
		}
		for _, bit := range []uint32{0, 7, uint32(len(o.Bytes)/2) * 8, uint32(len(o.Bytes)-1) * 8} {
			a, err := l.Flip(o.ID, []uint32{bit})
			if err != nil {
				t.Fatal(err)
			}
			for _, v := range a.Verdicts {
				t.Logf("   %d: %s %v refused=%v %s %q %q", bit, v.Who, v.Off, v.Refused, v.Cause, v.Words, v.Text)
			}
		}
	}
}
