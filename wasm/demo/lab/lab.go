package lab

import (
	"fmt"
	"sync"
	"time"

	"sotto/wasm/cose"
	"sotto/wasm/demo/dissect"
	"sotto/wasm/demo/weak"
)

// Lab is everything on the table: the people, what they have made, and what can be done to it.
type Lab struct {
	primitives cose.Primitives
	clock      func() time.Time
	enough     time.Duration // how long an operation runs for its figure; one run is always made

	mu      sync.Mutex
	people  map[string]*person
	talk    *talk             // of Alice and Bob, which the walk opens and free play goes on with
	weakKey weak.Key          // of the scheme to learn from, for the same two
	objects map[string]target // by id
	said    int               // messages so far
	newest  *message          // of them; nil: none
}

// target is an object with what becomes of it when it is altered; nil: nothing is tried on it.
type target struct {
	object Object
	try    func(altered []byte) []Verdict
}

// New is a lab without people.
func New(p cose.Primitives, clock func() time.Time) *Lab {
	return &Lab{primitives: p, clock: clock, enough: 250 * time.Millisecond, people: map[string]*person{}, objects: map[string]target{}}
}

func (l *Lab) now() uint64 { return uint64(l.clock().Unix()) }

// The people of the demo.
const (
	alice   = "alice"
	bob     = "bob"
	mallory = "mallory"
	server  = "server"
	thief   = "thief"
)

// failure is an error with a code for the page.
type failure struct{ code, message string }

func (f failure) Error() string { return f.message }

// Code is the code for the page.
func (f failure) Code() string { return f.code }

var (
	errAbsent = failure{"absent", "the people of this are not there yet"}
	errObject = failure{"object", "no such object"}
	errBit    = failure{"bit", "no such bit"}
)

// Enlist gives a person keys. A person who was there before begins anew, and so does what they had to do with.
func (l *Lab) Enlist(name string, keys Keys) error {
	if name != alice && name != bob && name != mallory {
		return errAbsent
	}
	p, err := l.newPerson(name, keys.Sign, keys.Decrypt)
	if err != nil {
		return fmt.Errorf("enlist %s: %w", name, err)
	}
	p.keys = keys
	l.mu.Lock()
	defer l.mu.Unlock()
	l.people[name] = p
	if name != mallory {
		l.talk, l.said, l.newest = nil, 0, nil
		l.objects = map[string]target{}
	}
	return nil
}

// both gives Alice and Bob.
func (l *Lab) both() (a, b *person, err error) {
	a, b = l.people[alice], l.people[bob]
	if a == nil || b == nil {
		return nil, nil, errAbsent
	}
	return a, b, nil
}

// Object is something that can be looked at byte by byte.
type Object struct {
	ID     string         `js:"id"`
	Type   string         `js:"type"`
	Of     string         `js:"of"`     // whose it is
	Secret bool           `js:"secret"` // it never leaves its owner
	Tried  bool           `js:"tried"`  // bits of it can be turned, and someone judges it
	Bytes  []byte         `js:"bytes"`
	Parts  []dissect.Part `js:"parts"`
}

// book gathers the objects of one run.
type book struct {
	lab  *Lab
	list []Object
}

// put enters an object. try may be nil.
func (b *book) put(id string, typ dissect.Type, of string, secret bool, data []byte, try func([]byte) []Verdict) string {
	o := Object{ID: id, Type: string(typ), Of: of, Secret: secret, Tried: try != nil, Bytes: data, Parts: dissect.Walk(typ, data)}
	b.list = append(b.list, o)
	b.lab.objects[id] = target{o, try}
	return id
}

// Object gives an object by its id.
func (l *Lab) Object(id string) (Object, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	t, ok := l.objects[id]
	if !ok {
		return Object{}, errObject
	}
	return t.object, nil
}

// Journey is what happened, step by step.
type Journey struct {
	Objects []Object `js:"objects"`
	Steps   []Step   `js:"steps"`
}

// Step is one thing that happens.
type Step struct {
	ID    string `js:"id"`  // for the catalogue
	Who   string `js:"who"` // does it
	Shows []Show `js:"shows"`
	Facts []Fact `js:"facts"`
}

// Show is an object that comes into someone's hands.
type Show struct {
	At     string `js:"at"`     // alice, server or bob
	From   string `js:"from"`   // whence it came; "" when it was made here
	Object string `js:"object"` // its id
}

// Fact is something that someone knows now and that is no object.
type Fact struct {
	At    string `js:"at"`
	Key   string `js:"key"` // for the catalogue
	Value string `js:"value"`
}
