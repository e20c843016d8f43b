package main

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"sotto/build/bench/figure"
	"sotto/wasm/client"
	"sotto/wasm/client/memory"
)

// The large conversation is written by so many at once: each seals its next message when the last one is stored. Each
// opens what the others write, so that more of them take longer.
const (
	largeWriters = 4
	needles      = 20 // messages with a word that no other has
	lastWords    = "the newest of them all"
)

// fill lets people write while the application is away. Then it receives all of it: opens, verifies, stores, indexes.
func (l *largeLab) fill(ctx context.Context, b *bench) ([]figure.Figure, error) {
	if err := l.open(ctx); err != nil {
		return nil, err
	}
	const handle = "chromium"
	if _, err := evaluate[any](l.tab, script("bench.start", l.worker)+".then(() => "+script("bench.join", handle, []string{})+")"); err != nil {
		return nil, fmt.Errorf("join: %w", err)
	}
	writers, err := newWriters(ctx, b, l.origin)
	if err != nil {
		return nil, err
	}
	defer func() {
		for _, w := range writers {
			_ = w.engine.Close()
		}
	}()
	handles := []string{handle}
	for _, w := range writers[1:] {
		handles = append(handles, w.name)
	}
	group, err := writers[0].engine.CreateGroup(ctx, "many words", handles)
	if err != nil {
		return nil, fmt.Errorf("create a group: %w", err)
	}
	l.is.Conversation = group.ID
	if _, err := evaluate[any](l.tab, script("bench.await", group.ID)+".then(() => bench.stop())"); err != nil {
		return nil, err
	}
	start := time.Now()
	if err := writeAll(ctx, b, writers, group.ID); err != nil {
		return nil, err
	}
	written := figure.Figure{Name: fmt.Sprintf("written by %d people, natively", largeWriters), Unit: figure.PerSecond, Values: []float64{rate(b.large, start)}}
	received, err := l.receive(ctx, b)
	return append([]figure.Figure{written}, received...), err
}

// receive starts the engine and waits until it has all there is.
func (l *largeLab) receive(ctx context.Context, b *bench) ([]figure.Figure, error) {
	start := time.Now()
	if _, err := evaluate[any](l.tab, script("bench.start", l.worker)+".then(() => 0)"); err != nil {
		return nil, err
	}
	for p := newProgress("received", b.large); ; {
		end, err := evaluate[struct {
			Position int    `json:"position"`
			Text     string `json:"text"`
		}](l.tab, script("bench.end", l.is.Conversation))
		if err != nil {
			return nil, err
		}
		p.at(end.Position)
		if end.Text == lastWords {
			break
		}
		if err := pause(ctx, time.Second); err != nil {
			return nil, err
		}
	}
	received := rate(b.large, start)
	wasm, err := l.wasm()
	if err != nil {
		return nil, err
	}
	if _, err := evaluate[any](l.tab, script("bench.indexed", l.worker)+".then(() => 0)"); err != nil {
		return nil, err
	}
	return []figure.Figure{
		{Name: "engine: opened, verified, stored", Unit: figure.PerSecond, Values: []float64{received}},
		{Name: "engine: opened, verified, stored, indexed", Unit: figure.PerSecond, Values: []float64{rate(b.large, start)}},
		{Name: "engine: its WASM memory when it has received all at once", Unit: figure.Megabytes, Aim: figure.AtMost(150e6), Values: []float64{wasm}},
	}, nil
}

// forgetful is a store without what its engine has shown: writers need no history.
type forgetful struct{ *memory.Store }

func (f forgetful) Apply(ctx context.Context, writes []client.Write) error {
	return f.Store.Apply(ctx, slices.DeleteFunc(slices.Clone(writes), func(w client.Write) bool {
		return slices.Contains([]string{"entry", "client", "words"}, w.Key.Kind)
	}))
}

// newWriters joins those who write.
func newWriters(ctx context.Context, b *bench, origin string) ([]*user, error) {
	people, err := b.crowd(largeWriters)
	if err != nil {
		return nil, err
	}
	var writers []*user
	for _, p := range people {
		w, err := newUserOn(ctx, origin, p, nil, forgetful{memory.NewStore()})
		if err == nil {
			err = w.join(ctx)
		}
		if err != nil {
			return nil, err
		}
		writers = append(writers, w)
	}
	return writers, nil
}

// writeAll lets all write at once, each its part, and the first then the last message.
func writeAll(ctx context.Context, b *bench, writers []*user, group string) error {
	for _, w := range writers {
		err := w.until(ctx, "in the group", func() bool {
			return slices.ContainsFunc(w.engine.Conversations(), func(c client.Conversation) bool { return c.ID == group })
		})
		if err != nil {
			return err
		}
	}
	p := newProgress("written", b.large)
	var written atomic.Int64
	err := each(ctx, largeWriters, largeWriters, func(ctx context.Context, i int) error {
		random := rand.New(rand.NewPCG(uint64(i), 5))
		for n := i; n < b.large-1; n += largeWriters {
			if err := writers[i].send(ctx, group, largeText(random, n, b.large)); err != nil {
				return err
			}
			p.at(int(written.Add(1)))
		}
		return nil
	})
	if err != nil {
		return err
	}
	return writers[0].send(ctx, group, lastWords)
}

// largeText is the n-th of so many texts: a sentence, in a few of them with a needle.
func largeText(random *rand.Rand, n, of int) string {
	text := sentence(random)
	if part := of / needles; n%part == part/2 {
		text += " " + needle(n/part)
	}
	return text
}

func needle(i int) string { return fmt.Sprintf("needle%dx", i) }

// sentence is words of an invented language, the short ones more often: about as many different ones as people use.
func sentence(random *rand.Rand) string {
	const syllables = "ba be bi bo da de di do fa fe fi fo ga ge gi go ka ke ki ko la le li lo ma me mi mo na ne ni no"
	all := strings.Fields(syllables)
	var words []string
	for range 6 + random.IntN(10) {
		word := ""
		for range 1 + random.IntN(4)*random.IntN(2) + random.IntN(2) {
			word += all[random.IntN(len(all))]
		}
		words = append(words, word)
	}
	return strings.Join(words, " ")
}

// progress tells how far something long is, on the standard error: at each twentieth.
type progress struct {
	what  string
	of    int
	start time.Time
	told  atomic.Int64 // twentieths
}

func newProgress(what string, of int) *progress {
	return &progress{what: what, of: of, start: time.Now()}
}

// at tells that n are done, if that is another twentieth. It may be called by several at once.
func (p *progress) at(n int) {
	part := int64(n) * 20 / int64(p.of)
	if before := p.told.Load(); part > before && p.told.CompareAndSwap(before, part) {
		fmt.Fprintf(os.Stderr, "bench: %s: %d of %d after %s\n", p.what, n, p.of, time.Since(p.start).Round(time.Second))
	}
}
