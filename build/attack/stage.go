//go:build attack

package main

import (
	"fmt"
	"os"

	"sotto/build/testkeys"
)

// stage is where one attack is played. What fails on it that is no part of the attack ends the play.
type stage struct {
	control bool // what refuses the attack is gone
	after   []func()
}

// failed is how a play ends that could not go on.
type failed struct{ error }

func (s *stage) fatalf(format string, args ...any) { panic(failed{fmt.Errorf(format, args...)}) }

func (s *stage) must(err error) {
	if err != nil {
		panic(failed{err})
	}
}

// cleanup runs f when the play is over, the last first.
func (s *stage) cleanup(f func()) { s.after = append(s.after, f) }

// dir gives a folder for the time of the play.
func (s *stage) dir() string {
	dir, err := os.MkdirTemp("", "sotto-attack-")
	s.must(err)
	s.cleanup(func() { _ = os.RemoveAll(dir) })
	return dir
}

// act plays an attack on a fresh stage.
func act(play func(*stage) result, control bool) (r result, err error) {
	s := &stage{control: control}
	defer func() {
		for i := len(s.after) - 1; i >= 0; i-- {
			s.after[i]()
		}
	}()
	defer func() {
		if fault := recover(); fault != nil {
			f, ok := fault.(failed)
			if !ok {
				panic(fault)
			}
			err = f.error
		}
	}()
	return play(s), nil
}

// pool gives keys to everyone.
var pool = testkeys.NewPool()
