//go:build attack

package main

import (
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"sotto/wasm/check"
)

// attack is one attack.
type attack struct {
	line  string // the design's line that it belongs to
	name  string
	known string // who fell to it, or where it is known from
	// by is the check that refuses it, then those that stand behind it: the control takes all of them away.
	by []check.Name
	// instead says what refuses where that is not a check, and at names the declaration that it rests on.
	instead, at string
	says        string // the named reason
	play        func(s *stage) result
}

// result is how a play went.
type result struct {
	says string // what the victim was told
	won  bool   // the attacker got what it was after
}

// site is a place in the source.
type site struct {
	file string // from the module's root
	line int
}

func (s site) String() string { return fmt.Sprintf("%s:%d", s.file, s.line) }

// verdict is what became of an attack.
type verdict struct {
	attack
	where site
	err   error
}

// judge plays an attack and its control.
func judge(a attack, root string) verdict {
	v := verdict{attack: a}
	where, err := v.refused(root)
	v.where = where
	if err == nil {
		err = v.control()
	}
	v.err = err
	return v
}

// refused plays the attack as things are.
func (v *verdict) refused(root string) (site, error) {
	restore := check.Watch()
	defer restore()
	r, err := act(v.play, false)
	switch {
	case err != nil:
		return site{}, err
	case r.won:
		return site{}, errors.New("the attack succeeded")
	case r.says != v.says:
		return site{}, fmt.Errorf("refused with %q, want %q", r.says, v.says)
	}
	if len(v.by) == 0 {
		return declared(root, v.at)
	}
	asked := check.Asked()
	i := slices.IndexFunc(asked, func(s check.Site) bool { return s.Check == v.by[0] })
	if i < 0 {
		return site{}, fmt.Errorf("check %s was not asked; asked were %v", v.by[0], asked)
	}
	file, err := filepath.Rel(root, asked[i].File)
	return site{filepath.ToSlash(file), asked[i].Line}, err
}

// control plays it without what refuses it.
func (v *verdict) control() error {
	restore := check.Watch(v.by...)
	defer restore()
	r, err := act(v.play, true)
	switch {
	case err != nil:
		return fmt.Errorf("control: %w", err)
	case !r.won:
		return fmt.Errorf("control: the attack is still refused: %q; asked were %v", r.says, check.Asked())
	}
	return nil
}

// refuses names what stands against the attack.
func (a attack) refuses() string {
	if len(a.by) == 0 {
		return a.instead
	}
	names := make([]string, len(a.by))
	for i, n := range a.by {
		names[i] = string(n)
	}
	if len(names) == 1 {
		return names[0]
	}
	return names[0] + "; behind it " + strings.Join(names[1:], ", ")
}
