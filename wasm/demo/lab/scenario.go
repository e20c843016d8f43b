package lab

import (
	"crypto/rsa"
	"fmt"
	"maps"
	"slices"

	"sotto/wasm/conversation"
	"sotto/wasm/demo/weak"
)

// Played is an attack that was played through, on Sotto and on the scheme to learn from.
type Played struct {
	Ours []Act `js:"ours"`
	Weak []Act `js:"weak"`
}

// Act is one thing that somebody did in it, and what came of it.
type Act struct {
	Who    string            `js:"who"`
	Key    string            `js:"key"`    // for the catalogue
	Result string            `js:"result"` // see below
	Cause  string            `js:"cause"`  // of what was refused: the protocol's name
	Words  string            `js:"words"`  // and the engine's own words
	Detail map[string]string `js:"detail"` // for the catalogue
}

// What came of an act.
const (
	done    = "done"    // nothing wrong about it
	opened  = "opened"  // a message was opened by whom it was for
	fooled  = "fooled"  // what should not have been taken was taken
	leaked  = "leaked"  // somebody reads what is not for them
	refused = "refused" // what should not be taken was refused
	stopped = "stopped" // and the conversation stops for good
	noticed = "noticed" // people find out
)

// scene is a play that is being written down.
type scene struct {
	lab     *Lab
	a, b, m *person
	ours    []Act
	weak    []Act
}

// scenarios are the plays by name.
var scenarios = map[string]func(*scene) error{
	"swap": (*scene).swap, "replay": (*scene).replay, "reorder": (*scene).reorder, "drop": (*scene).drop, "move": (*scene).move,
	"ghost": (*scene).ghost, "split": (*scene).split, "steal": (*scene).steal, "twice": (*scene).twice, "tamper": (*scene).tamper,
	"oracle": (*scene).oracle, "nonce": (*scene).nonceReuse,
}

// Scenarios names the plays.
func Scenarios() []string { return slices.Sorted(maps.Keys(scenarios)) }

// Play plays a scenario, with the people's keys and a conversation of its own.
func (l *Lab) Play(name string) (Played, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	play, ok := scenarios[name]
	if !ok {
		return Played{}, failure{"scenario", "no such scenario"}
	}
	a, b, err := l.both()
	m := l.people[mallory]
	if err != nil || m == nil {
		return Played{}, errAbsent
	}
	s := &scene{lab: l, a: a, b: b, m: m}
	if err := play(s); err != nil {
		return Played{}, fmt.Errorf("play %s: %w", name, err)
	}
	return Played{Ours: s.ours, Weak: s.weak}, nil
}

// detail makes the details of an act of pairs.
func detail(pairs ...string) map[string]string {
	d := map[string]string{}
	for i := 0; i+1 < len(pairs); i += 2 {
		d[pairs[i]] = pairs[i+1]
	}
	return d
}

// act writes down what somebody did.
func (s *scene) act(who, key, result string, pairs ...string) {
	s.ours = append(s.ours, Act{Who: who, Key: key, Result: result, Detail: detail(pairs...)})
}

// fail writes down a refusal. It is an error when there is none: then the play shows something else than it says.
func (s *scene) fail(who, key string, err error, pairs ...string) error {
	if err == nil {
		return fmt.Errorf("%s: nothing was refused", key)
	}
	result := refused
	if cause := conversation.CauseOf(err); cause == conversation.CauseSplit || cause == conversation.CauseCopied {
		result = stopped
	}
	s.ours = append(s.ours, Act{Who: who, Key: key, Result: result, Cause: causeOf(err), Words: err.Error(), Detail: detail(pairs...)})
	return nil
}

// weakly writes down what somebody did in the scheme to learn from.
func (s *scene) weakly(who, key, result string, pairs ...string) {
	s.weak = append(s.weak, Act{Who: who, Key: key, Result: result, Detail: detail(pairs...)})
}

// shown gives the text and the error of one event shown to a side.
func shown(v *view, e stored) (string, error) { return read(v.show(e)[0]) }

// must is the text of an event that has to open.
func must(v *view, e stored) (string, error) {
	text, err := shown(v, e)
	if err != nil {
		return "", fmt.Errorf("%s: %w", v.name, err)
	}
	return text, nil
}

// tutorial is a conversation in the scheme to learn from.
type tutorial struct {
	key     weak.Key
	wrapped []byte
}

func newTutorial(to *rsa.PublicKey) (tutorial, error) {
	t := tutorial{key: weak.NewKey()}
	var err error
	t.wrapped, err = weak.Wrap(t.key, to)
	return t, err
}

func (t tutorial) send(text string) []byte {
	return append(slices.Clone(t.wrapped), weak.Encrypt(t.key, text)...)
}
