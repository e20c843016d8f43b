package main

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"

	"sotto/build/bench/figure"
	"sotto/build/bench/server"
	"sotto/wasm/client"
	"sotto/wasm/client/memory"
)

// A conversation with so many messages, by so many who write at once: each seals its next one when the last one is
// stored.
const (
	largeMessages = 100_000
	largeWriters  = 8
	needles       = 20 // messages with a word that no other has
)

// large is how fast the application answers in Chromium with 100,000 messages stored in one conversation.
func large(ctx context.Context, b *bench) ([]figure.Figure, error) {
	figures := []figure.Figure{
		{Name: fmt.Sprintf("newest of %d messages, engine started", largeMessages), Unit: figure.Time},
		{Name: fmt.Sprintf("newest of %d messages, engine runs", largeMessages), Unit: figure.Time, Aim: figure.AtMost(0.3)},
		{Name: "a page in the middle of them", Unit: figure.Time},
		{Name: fmt.Sprintf("search, 1 of %d messages", largeMessages), Unit: figure.Time, Aim: figure.AtMost(0.1)},
		{Name: "search, the beginning of a word that many have", Unit: figure.Time, Aim: figure.AtMost(0.1)},
	}
	err := b.withServer(ctx, noRates, func(s *server.Server) error {
		l, err := newLarge(ctx, b, s.Origin)
		if err != nil {
			return err
		}
		defer l.close()
		for run := range b.runs {
			took, err := evaluate[[]float64](l.tab, script("bench.large", l.worker, l.conversation, needle(run%needles), largeMessages/2))
			if err != nil {
				return err
			}
			for i := range figures {
				figures[i].Values = append(figures[i].Values, took[i]/1e3)
			}
		}
		return nil
	})
	return figures, err
}

func needle(i int) string { return fmt.Sprintf("needle%dx", i) }

// largeLab is the application's engine in a page without its screens, with a large conversation stored.
type largeLab struct {
	tab          *tab
	worker       string
	conversation string
}

func (l *largeLab) close() { l.tab.stop() }

// newLarge lets people fill a group, and the application store all of it.
func newLarge(ctx context.Context, b *bench, origin string) (*largeLab, error) {
	m, err := b.readManifest()
	if err != nil {
		return nil, err
	}
	l := &largeLab{}
	if l.worker, err = m.asset("worker.js"); err != nil {
		return nil, err
	}
	if l.tab, err = newTab(ctx, ""); err != nil {
		return nil, err
	}
	if err = l.fill(ctx, b, origin); err != nil {
		l.close()
		return nil, err
	}
	return l, nil
}

func (l *largeLab) fill(ctx context.Context, b *bench, origin string) error {
	if err := l.tab.goTo(origin + "/healthz"); err != nil {
		return err
	}
	if _, err := evaluate[any](l.tab, engineScript+"\n0"); err != nil {
		return err
	}
	const handle = "chromium"
	if _, err := evaluate[any](l.tab, script("bench.start", l.worker)+".then(() => "+script("bench.join", handle, []string{})+")"); err != nil {
		return fmt.Errorf("join: %w", err)
	}
	writers, err := newWriters(ctx, b, origin)
	if err != nil {
		return err
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
		return fmt.Errorf("create a group: %w", err)
	}
	l.conversation = group.ID
	stored := script("bench.stored", group.ID, largeMessages)
	if _, err := evaluate[any](l.tab, script("bench.await", group.ID)+".then(() => 0)"); err != nil {
		return err
	}
	if err := writeAll(ctx, writers, group.ID); err != nil {
		return err
	}
	_, err = evaluate[any](l.tab, stored+".then(() => 0)")
	return err
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

// writeAll lets all write at once, each its part.
func writeAll(ctx context.Context, writers []*user, group string) error {
	for _, w := range writers {
		err := w.until(ctx, "in the group", func() bool {
			return slices.ContainsFunc(w.engine.Conversations(), func(c client.Conversation) bool { return c.ID == group })
		})
		if err != nil {
			return err
		}
	}
	const part = largeMessages / largeWriters
	return each(ctx, largeWriters, largeWriters, func(ctx context.Context, i int) error {
		random := rand.New(rand.NewPCG(uint64(i), 5))
		for n := range part {
			text := sentence(random)
			if at := n + i*part; at%(largeMessages/needles) == 0 {
				text += " " + needle(at/(largeMessages/needles))
			}
			if err := writers[i].send(ctx, group, text); err != nil {
				return err
			}
		}
		return nil
	})
}

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
