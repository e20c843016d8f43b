//go:build attack

package main

import (
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"sotto/build/module"
	"sotto/wasm/check"
)

// TestAttacks plays every attack and its control.
func TestAttacks(t *testing.T) {
	root, err := module.Root()
	if err != nil {
		t.Fatal(err)
	}
	for _, a := range attacks() {
		t.Run(a.line+"/"+a.name, func(t *testing.T) {
			v := verdict{attack: a}
			t.Run("refused", func(t *testing.T) {
				if _, err := v.refused(root); err != nil {
					t.Error(err)
				}
			})
			t.Run("control", func(t *testing.T) {
				if err := v.control(); err != nil {
					t.Error(err)
				}
			})
		})
	}
}

// TestEveryCheckIsAttacked holds the list of checks against the attacks: a check that no attack needs guards nothing that
// is shown here.
func TestEveryCheckIsAttacked(t *testing.T) {
	attacked := map[check.Name]bool{}
	names := map[string]bool{}
	for _, a := range attacks() {
		for _, n := range a.by {
			attacked[n] = true
		}
		if names[a.line+a.name] {
			t.Errorf("two attacks are called %q", a.name)
		}
		names[a.line+a.name] = true
		if a.known == "" || a.says == "" || (len(a.by) == 0) != (a.instead != "" && a.at != "") {
			t.Errorf("%s: something is not said of it", a.name)
		}
	}
	for name, constant := range checkNames(t) {
		if !attacked[check.Name(name)] {
			t.Errorf("no attack needs the check %s", constant)
		}
	}
}

// TestAnAttackThatSucceedsIsFound lets attacks go wrong in each way there is.
func TestAnAttackThatSucceedsIsFound(t *testing.T) {
	root, err := module.Root()
	if err != nil {
		t.Fatal(err)
	}
	asked := func(s *stage) result { return result{says: "no", won: check.Off(check.Size)} }
	cases := map[string]struct {
		attack
		want string
	}{
		"it is refused":               {attack{says: "no", by: []check.Name{check.Size}, play: asked}, ""},
		"it succeeds":                 {attack{says: "no", play: func(*stage) result { return result{won: true} }}, "the attack succeeded"},
		"another reason":              {attack{says: "yes", by: []check.Name{check.Size}, play: asked}, `refused with "no", want "yes"`},
		"another check":               {attack{says: "no", by: []check.Name{check.Tag}, play: asked}, "check gcm-tag was not asked"},
		"the control is refused":      {attack{says: "no", by: []check.Name{check.Size}, play: stubborn}, "control: the attack is still refused"},
		"it cannot be played":         {attack{says: "no", play: func(s *stage) result { s.fatalf("no stage"); return result{} }}, "no stage"},
		"what refuses is not there":   {attack{says: "no", at: "wasm/account.Nothing", play: asked}, "is not declared"},
		"what refuses is declared":    {attack{says: "no", at: "wasm/account.SafetyNumber", play: func(s *stage) result { return result{"no", s.control} }}, ""},
		"what refuses is a method":    {attack{says: "no", at: "wasm/epoch.Room.Link", play: func(s *stage) result { return result{"no", s.control} }}, ""},
		"the control without a cause": {attack{says: "no", at: "wasm/account.SafetyNumber", play: func(*stage) result { return result{says: "no"} }}, "control: the attack is still refused"},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			v := judge(tc.attack, root)
			if tc.want == "" && v.err != nil || tc.want != "" && (v.err == nil || !strings.Contains(v.err.Error(), tc.want)) {
				t.Errorf("%v, want %q", v.err, tc.want)
			}
		})
	}
}

// stubborn asks for a check and refuses whatever it says.
func stubborn(*stage) result {
	_ = check.Off(check.Size)
	return result{says: "no"}
}

// TestTheProgramFails runs the program on a few attacks.
func TestTheProgramFails(t *testing.T) {
	var out strings.Builder
	if err := run(&out, "two commits with one header"); err != nil || !strings.Contains(out.String(), "wasm/conversation/join.go:") {
		t.Errorf("%v\n%s", err, out.String())
	}
	if err := run(io.Discard, "an attack that is not there"); err == nil {
		t.Error("nothing was played, and that was taken for success")
	}
}

// TestSecurityNamesTheAttacks holds the table of SECURITY.md against the attacks.
func TestSecurityNamesTheAttacks(t *testing.T) {
	root, err := module.Root()
	if err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(filepath.Join(root, "SECURITY.md"))
	if err != nil {
		t.Fatal(err)
	}
	if want := markdown(attacks()); !strings.Contains(string(text), want) {
		t.Errorf("SECURITY.md does not have this table, which `go run -tags attack ./build/attack -table` prints:\n%s", want)
	}
}
