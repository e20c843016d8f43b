package main

import (
	"context"
	_ "embed"
	"fmt"

	"sotto/build/bench/figure"
	"sotto/build/bench/server"
)

//go:embed watch.js
var watchScript string

// history is how many messages the conversation holds that is loaded, and screen how many a page shows at least: it
// loads 50 lines, of which some are notices.
const (
	history = 60
	screen  = 40
)

// load is how long a person who has joined waits for the conversation in the address: each time in a browser that was
// just started and remembers the profile, but nothing it has loaded before.
func load(ctx context.Context, b *bench) ([]figure.Figure, error) {
	var cold, again loads
	err := b.withServer(ctx, noRates, func(s *server.Server) error {
		profile, err := b.folder()
		if err != nil {
			return err
		}
		address, err := b.inhabit(ctx, s.Origin, profile)
		if err != nil {
			return err
		}
		for range b.runs {
			first, second, err := loadTwice(ctx, profile, address)
			if err != nil {
				return err
			}
			cold, again = append(cold, first), append(again, second)
		}
		return nil
	})
	figures := cold.figures("cold load to usable composer")
	figures[0].Aim, figures[2].Aim = figure.AtMost(0.5), figure.AtMost(0.2)
	return append(figures, again.figures("load again to usable composer")...), err
}

// inhabit makes a profile that has joined and has a conversation, and gives the conversation's address.
func (b *bench) inhabit(ctx context.Context, origin, profile string) (address string, err error) {
	people, err := b.crowd(1)
	if err != nil {
		return "", err
	}
	peer, err := newUser(ctx, origin, people[0], nil)
	if err != nil {
		return "", err
	}
	defer peer.engine.Close()
	if err := peer.join(ctx); err != nil {
		return "", err
	}
	t, err := newTab(ctx, profile)
	if err != nil {
		return "", err
	}
	defer t.stop()
	if _, err := joinIn(t, origin, "anna", true); err != nil {
		return "", err
	}
	conversation, err := peer.open(ctx, "anna")
	if err != nil {
		return "", err
	}
	for range history {
		if err := peer.send(ctx, conversation, text200); err != nil {
			return "", err
		}
	}
	address = fmt.Sprintf("%s/#/with/%s", origin, peer.name)
	if _, err := loadIn(t, address); err != nil {
		return "", err
	}
	_, err = evaluate[bool](t, script("watch.lines", screen))
	return address, err
}

// loaded says when what was there, in milliseconds since the page was asked for.
type loaded struct {
	Spawned  float64 `json:"spawned"`  // the engine's worker
	Ready    float64 `json:"ready"`    // the engine, to answer
	Booted   float64 `json:"booted"`   // what is stored, in the page
	Composer float64 `json:"composer"` // for use
}

type loads []loaded

// figures are a load and its parts, one after another.
func (l loads) figures(name string) []figure.Figure {
	part := func(name string, took func(loaded) float64) figure.Figure {
		f := figure.Figure{Name: name, Unit: figure.Time}
		for _, one := range l {
			f.Values = append(f.Values, took(one)/1e3)
		}
		return f
	}
	return []figure.Figure{
		part(name, func(l loaded) float64 { return l.Composer }),
		part("  until the worker is started", func(l loaded) float64 { return l.Spawned }),
		part("  then until the engine in it is ready", func(l loaded) float64 { return l.Ready - l.Spawned }),
		part("  then until it has told what is stored", func(l loaded) float64 { return l.Booted - l.Ready }),
		part("  then until that is on the screen", func(l loaded) float64 { return l.Composer - l.Booted }),
	}
}

// loadIn opens an address and waits until its conversation can be written in.
func loadIn(t *tab, address string) (loaded, error) {
	if err := t.goTo("about:blank"); err != nil { // else a change behind the # loads nothing
		return loaded{}, err
	}
	if err := t.goTo(address); err != nil {
		return loaded{}, err
	}
	return evaluate[loaded](t, "watch.composer()")
}

// loadTwice opens an address in a new browser that has forgotten what it loaded, and again when it knows.
func loadTwice(ctx context.Context, profile, address string) (cold, warm loaded, err error) {
	if err := forget(profile); err != nil {
		return cold, warm, err
	}
	t, err := newTab(ctx, profile)
	if err != nil {
		return cold, warm, err
	}
	defer t.stop()
	if err := t.early(watchScript); err != nil {
		return cold, warm, err
	}
	if cold, err = loadIn(t, address); err != nil {
		return cold, warm, err
	}
	if err := pause(ctx, settle); err != nil {
		return cold, warm, err
	}
	warm, err = loadIn(t, address)
	return cold, warm, err
}
