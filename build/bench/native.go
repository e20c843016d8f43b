package main

import (
	"context"
	"time"

	"sotto/build/bench/figure"
	"sotto/wasm/conversation"
)

// backlog is how many messages are sealed and opened in a run.
const backlog = 1000

// atOnce is how many the engine opens at once.
const atOnce = 256

// native is how fast conversations seal and open with the standard library, without storing and sending.
func native(ctx context.Context, b *bench) ([]figure.Figure, error) {
	sealed := figure.Figure{Name: "sealed natively", Unit: figure.PerSecond}
	opened := figure.Figure{Name: "opened natively", Unit: figure.PerSecond}
	for range b.runs {
		people, err := b.crowd(2)
		if err != nil {
			return nil, err
		}
		writer, reader, err := newPair(people[0], people[1])
		if err != nil {
			return nil, err
		}
		start := time.Now()
		var events []conversation.Event
		for range backlog {
			event, err := writer.seal(text200)
			if err != nil {
				return nil, err
			}
			events = append(events, event)
		}
		sealed.Values = append(sealed.Values, rate(backlog, start))
		start = time.Now()
		for len(events) > 0 {
			n := min(atOnce, len(events))
			if err := reader.take(events[:n]...); err != nil {
				return nil, err
			}
			events = events[n:]
		}
		opened.Values = append(opened.Values, rate(backlog, start))
		if ctx.Err() != nil {
			return nil, context.Cause(ctx)
		}
	}
	return []figure.Figure{sealed, opened}, nil
}

// rate is how many in a second n are that were done since start.
func rate(n int, start time.Time) float64 { return float64(n) / time.Since(start).Seconds() }
