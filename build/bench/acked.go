package main

import (
	"context"
	"errors"
	"time"

	"sotto/build/bench/figure"
	"sotto/build/bench/server"
)

// pairs is how many pairs talk at once, each with one message on its way.
const pairs = 256

// Messages of one pair in one run. An engine signs each, which takes it most of the time.
const (
	engineMessages = 8
	rawMessages    = 100
)

// settle is how long the machine is left alone between two loads, so that receipts and checkpoints of the one do not
// slow the other.
const settle = 2 * time.Second

// contender is something whose acknowledged messages are counted.
type contender interface {
	// prepare makes what the next run needs and is not measured.
	prepare(ctx context.Context) error
	// run lets each pair send so many messages, one after another, and gives how long each took to be acknowledged.
	run(ctx context.Context) ([]time.Duration, error)
	close()
}

// acked is how many messages are on disk and acknowledged in a second: those of engines, those of connections that
// sealed beforehand, and those that are given to the store directly.
func acked(ctx context.Context, b *bench) ([]figure.Figure, error) {
	var figures []figure.Figure
	err := b.withServer(ctx, noRates, func(forEngines *server.Server) error {
		return b.withServer(ctx, noRates, func(forRaw *server.Server) error {
			var err error
			figures, err = b.contest(ctx, forEngines, forRaw)
			return err
		})
	})
	return figures, err
}

// contest runs the three one after another, so many times.
func (b *bench) contest(ctx context.Context, forEngines, forRaw *server.Server) ([]figure.Figure, error) {
	engines, err := newEnginePairs(ctx, b, forEngines.Origin)
	if err != nil {
		return nil, err
	}
	defer engines.close()
	raws, err := newRawPairs(ctx, b, forRaw.Origin)
	if err != nil {
		return nil, err
	}
	defer raws.close()
	bare, err := newBareStore(ctx, b)
	if err != nil {
		return nil, err
	}
	defer bare.close()
	scores := [3]score{{contender: engines, server: forEngines}, {contender: raws, server: forRaw}, {contender: bare}}
	for range b.runs {
		for i := range scores {
			if err := scores[i].add(ctx); err != nil {
				return nil, err
			}
		}
	}
	return contestFigures(scores), nil
}

func contestFigures(scores [3]score) []figure.Figure {
	engines, raws, bare := scores[0], scores[1], scores[2]
	ratio := func(name string, s score) figure.Figure {
		return figure.Figure{Name: name, Unit: figure.Ratio, Values: figure.Ratios(s.rates, bare.rates), Aim: figure.AtLeast(0.5)}
	}
	figures := engines.figures("acked, 256 pairs of engines", "the engines")
	figures = append(figures, raws.figures("acked, 256 pairs that sealed beforehand", "the load")...)
	figures = append(figures, bare.figures("on disk, 256 writers at the store alone", "the store")...)
	return append(figures, ratio("engines to the store alone", engines), ratio("sealed beforehand to the store alone", raws))
}

// score is what the runs of one contender gave.
type score struct {
	contender
	server *server.Server // nil for the store alone

	rates, p50, p99 []float64
	effort          effort
}

func (s *score) add(ctx context.Context) error {
	if err := s.prepare(ctx); err != nil {
		return err
	}
	done, err := s.effort.begin(s.server)
	if err != nil {
		return err
	}
	start := time.Now()
	latencies, err := s.run(ctx)
	if err != nil {
		return err
	}
	if len(latencies) == 0 {
		return errors.New("nothing was acknowledged")
	}
	s.rates = append(s.rates, rate(len(latencies), start))
	if err := done(len(latencies)); err != nil {
		return err
	}
	seconds := make([]float64, len(latencies))
	for i, l := range latencies {
		seconds[i] = l.Seconds()
	}
	s.p50 = append(s.p50, figure.Percentile(seconds, 50))
	s.p99 = append(s.p99, figure.Percentile(seconds, 99))
	return pause(ctx, settle)
}

func (s *score) figures(name, load string) []figure.Figure {
	return append([]figure.Figure{
		{Name: name, Unit: figure.PerSecond, Values: s.rates},
		{Name: "  until the acknowledgement, median", Unit: figure.Time, Values: s.p50},
		{Name: "  until the acknowledgement, 99 of 100", Unit: figure.Time, Values: s.p99},
	}, s.effort.figures("message", load)...)
}

// pause waits.
func pause(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}
