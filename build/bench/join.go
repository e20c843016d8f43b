package main

import (
	"context"
	"fmt"

	"sotto/build/bench/figure"
	"sotto/build/bench/server"
)

// join is how long somebody new waits from entering a name until they can say whom they want to talk to: with keys
// that were made while they typed, and with a name that was there at once. Each time in a browser and a profile of its
// own.
func join(ctx context.Context, b *bench) ([]figure.Figure, error) {
	ways := []figure.Figure{
		{Name: "join, keys made beforehand", Unit: figure.Time, Aim: figure.AtMost(1)},
		{Name: "join, keys not yet made", Unit: figure.Time, Aim: figure.AtMost(1)},
	}
	err := b.withServer(ctx, noRates, func(s *server.Server) error {
		for run := range b.runs {
			for i := range ways {
				took, err := joinOnce(ctx, s.Origin, fmt.Sprintf("new%d-%d", run, i), i == 0)
				if err != nil {
					return err
				}
				ways[i].Values = append(ways[i].Values, took)
			}
		}
		return nil
	})
	return ways, err
}

func joinOnce(ctx context.Context, origin, handle string, keysFirst bool) (seconds float64, err error) {
	t, err := newTab(ctx, "")
	if err != nil {
		return 0, err
	}
	defer t.stop()
	return joinIn(t, origin, handle, keysFirst)
}

// joinIn opens the page in an empty profile, joins, and gives how many seconds that took.
func joinIn(t *tab, origin, handle string, keysFirst bool) (seconds float64, err error) {
	if err := t.early(watchScript); err != nil {
		return 0, err
	}
	if err := t.goTo(origin); err != nil {
		return 0, err
	}
	took, err := evaluate[float64](t, script("watch.join", handle, keysFirst))
	if err != nil {
		return 0, fmt.Errorf("join as %s: %w", handle, err)
	}
	return took / 1e3, nil
}
