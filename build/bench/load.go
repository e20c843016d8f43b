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

// history is how many messages the conversation holds that is loaded.
const history = 50

// load is how long a person who has joined waits for the conversation in the address: each time in a browser that was
// just started and remembers the profile, but nothing it has loaded before.
func load(ctx context.Context, b *bench) ([]figure.Figure, error) {
	composer := figure.Figure{Name: "cold load to usable composer", Unit: figure.Time, Aim: figure.AtMost(0.5)}
	engine := figure.Figure{Name: "  of it, the worker's start to the engine's answer", Unit: figure.Time, Aim: figure.AtMost(0.2)}
	again := figure.Figure{Name: "load again to usable composer", Unit: figure.Time}
	engineAgain := figure.Figure{Name: "  of it, the worker's start to the engine's answer", Unit: figure.Time}
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
			cold, warm, err := loadTwice(ctx, profile, address)
			if err != nil {
				return err
			}
			composer.Values = append(composer.Values, cold.Composer/1e3)
			engine.Values = append(engine.Values, cold.Engine/1e3)
			again.Values = append(again.Values, warm.Composer/1e3)
			engineAgain.Values = append(engineAgain.Values, warm.Engine/1e3)
		}
		return nil
	})
	return []figure.Figure{composer, engine, again, engineAgain}, err
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
	// What came is stored when its last line is on the screen.
	_, err = evaluate[bool](t, fmt.Sprintf("watch.lines(%d)", history))
	return address, err
}

// loaded is when a page was usable and how long its engine took to answer, in milliseconds.
type loaded struct {
	Composer float64 `json:"composer"`
	Engine   float64 `json:"engine"`
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
