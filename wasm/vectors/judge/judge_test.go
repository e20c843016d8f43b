package judge_test

import (
	"crypto"
	"crypto/rsa"
	"slices"
	"testing"

	"sotto/wasm/cose"
	"sotto/wasm/vectors/judge"
	"sotto/wasm/vectors/table"
)

func TestNative(t *testing.T) {
	run(t, judge.Bench{Primitives: cose.Native{}, Open: func(k *rsa.PrivateKey) (crypto.Decrypter, error) { return k, nil }})
}

// run gives every vector to a bench.
func run(t *testing.T, b judge.Bench) {
	for _, object := range judge.Objects() {
		t.Run(object, func(t *testing.T) {
			f, err := table.Load(object)
			if err != nil {
				t.Fatal(err)
			}
			accepted := 0
			for _, c := range f.Cases {
				if err := judge.Judge(b, object, c); err != nil {
					t.Errorf("%s: %v", c.Name, err)
				}
				if c.Outcome == table.OK {
					accepted++
				}
			}
			if accepted == 0 {
				t.Error("nothing is accepted")
			}
		})
	}
}

// inside are the objects that package conversation's own tests judge.
var inside = []string{"schedule", "wrap", "padding", "group-state"}

func TestEveryFileIsJudged(t *testing.T) {
	objects, err := table.Objects()
	if err != nil {
		t.Fatal(err)
	}
	judged := append(judge.Objects(), inside...)
	slices.Sort(judged)
	if !slices.Equal(objects, judged) {
		t.Errorf("files %v, judged %v", objects, judged)
	}
}

// TestNotices changes what a vector says: a judge that sees nothing would prove nothing.
func TestNotices(t *testing.T) {
	b := judge.Bench{Primitives: cose.Native{}}
	for _, object := range []string{"rsa-key", "sign1", "header", "body"} {
		f, err := table.Load(object)
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range f.Cases[:3] {
			wrong := c
			wrong.Outcome = "origin"
			if judge.Judge(b, object, wrong) == nil {
				t.Errorf("%s, %s: another outcome passed", object, c.Name)
			}
			for name := range c.Out {
				wrong := c
				wrong.Out = map[string]string{name: "00"}
				if judge.Judge(b, object, wrong) == nil {
					t.Errorf("%s, %s: another %s passed", object, c.Name, name)
				}
			}
		}
	}
}

func TestOutcomesAreUsed(t *testing.T) {
	objects, err := table.Objects()
	if err != nil {
		t.Fatal(err)
	}
	used := map[string]bool{}
	for _, object := range objects {
		f, err := table.Load(object)
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range f.Cases {
			used[c.Outcome] = true
			if _, ok := table.Outcomes[c.Outcome]; !ok {
				t.Errorf("%s, %s: unknown outcome %q", object, c.Name, c.Outcome)
			}
		}
	}
	for name := range table.Outcomes {
		if !used[name] {
			t.Errorf("no vector has the outcome %q", name)
		}
	}
}
