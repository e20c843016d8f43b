package lab

import (
	"context"
	"crypto/rsa"
	"fmt"
	"math/big"

	"sotto/wasm/bridge"
	"sotto/wasm/demo/primes"
	"sotto/wasm/vectors/judge"
	"sotto/wasm/vectors/vector"
)

// Ports are what the table needs of where it runs.
type Ports struct {
	Pause  Pause
	Emit   func(Searched)
	Judge  judge.Bench
	Subtle func(ctx context.Context) (Kit, error) // the browser's cryptography; an error where there is none
}

type (
	nothing struct{}
	pair    struct {
		P []byte `js:"p"`
		Q []byte `js:"q"`
	}
	enlisting struct {
		Name    string `js:"name"`
		Sign    pair   `js:"sign"`
		Decrypt pair   `js:"decrypt"`
		Next    *pair  `js:"next"`
	}
	saying struct {
		From string `js:"from"`
		Text string `js:"text"`
	}
	flipping struct {
		Object string   `js:"object"`
		Bits   []uint32 `js:"bits"`
	}
	playing struct {
		Name string `js:"name"`
	}
	searching struct {
		Slow bool `js:"slow"`
	}
	judging struct {
		Object  string            `js:"object"`
		Name    string            `js:"name"`
		Outcome string            `js:"outcome"`
		In      map[string]string `js:"in"`
		Out     map[string]string `js:"out"`
	}
	// Judged is how a test vector ended.
	Judged struct {
		OK   bool   `js:"ok"`
		Said string `js:"said"` // what is wrong
	}
	measuring struct {
		What   string `js:"what"`
		Subtle bool   `js:"subtle"` // else Go's own code
	}
)

// Table is every operation of the demo.
func (l *Lab) Table(p Ports) bridge.Table {
	s := &searcher{pause: p.Pause, emit: p.Emit, clock: l.clock}
	return bridge.Table{
		Operations: append(l.table(),
			bridge.Op("search", func(ctx context.Context, a searching) (Made, error) { return s.run(ctx, a.Slow) }),
			bridge.Op("stop", func(context.Context, nothing) (nothing, error) {
				s.stop()
				return nothing{}, nil
			}),
			bridge.Op("judged", func(context.Context, nothing) ([]string, error) { return judge.Objects(), nil }),
			bridge.Op("judge", func(_ context.Context, a judging) (Judged, error) { return judged(p.Judge, a), nil }),
			bridge.Op("measured", func(context.Context, nothing) ([]string, error) { return Measured, nil }),
			bridge.Op("measure", func(ctx context.Context, a measuring) (Figure, error) { return l.measure(ctx, p, a) }),
		),
		Events: []bridge.EventType{bridge.EventOf[Searched]("searched")},
	}
}

// table lists the operations on the lab itself.
func (l *Lab) table() []bridge.Operation {
	return []bridge.Operation{
		bridge.Op("enlist", func(_ context.Context, a enlisting) (nothing, error) { return nothing{}, l.enlist(a) }),
		bridge.Op("walk", func(context.Context, nothing) (Journey, error) { return l.Walk() }),
		bridge.Op("say", func(_ context.Context, a saying) (Journey, error) { return l.Say(a.From, a.Text) }),
		bridge.Op("flip", func(_ context.Context, a flipping) (Attack, error) { return l.Flip(a.Object, a.Bits) }),
		bridge.Op("scenarios", func(context.Context, nothing) ([]string, error) { return Scenarios(), nil }),
		bridge.Op("play", func(_ context.Context, a playing) (Played, error) { return l.Play(a.Name) }),
		bridge.Op("reproduce", func(context.Context, nothing) (Material, error) { return l.Reproduce() }),
	}
}

// enlist makes the keys of their primes.
func (l *Lab) enlist(a enlisting) error {
	var keys Keys
	for _, k := range []struct {
		to    **rsa.PrivateKey
		given *pair
	}{{&keys.Sign, &a.Sign}, {&keys.Decrypt, &a.Decrypt}, {&keys.Next, a.Next}} {
		if k.given == nil {
			continue
		}
		key, err := primes.Key(new(big.Int).SetBytes(k.given.P), new(big.Int).SetBytes(k.given.Q))
		if err != nil {
			return fmt.Errorf("enlist %s: %w", a.Name, err)
		}
		*k.to = key
	}
	return l.Enlist(a.Name, keys)
}

func (l *Lab) measure(ctx context.Context, p Ports, a measuring) (Figure, error) {
	kit, err := l.Own()
	if a.Subtle {
		kit, err = p.Subtle(ctx)
	}
	if err != nil {
		return Figure{}, err
	}
	return l.Measure(ctx, a.What, kit)
}

// judged gives a vector to the readers. What is not known to any of them is an error of the page's.
func judged(b judge.Bench, a judging) (j Judged) {
	defer func() {
		if fault := recover(); fault != nil {
			j = Judged{Said: fmt.Sprintf("panic: %T", fault)}
		}
	}()
	c := vector.Case{Name: a.Name, Outcome: a.Outcome, In: a.In, Out: a.Out}
	if err := judge.Judge(b, a.Object, c); err != nil {
		return Judged{Said: err.Error()}
	}
	return Judged{OK: true}
}
