package main

import (
	"context"
	"errors"
	"fmt"

	"sotto/build/bench/figure"
	"sotto/build/bench/server"
)

// said is how many messages are written in a run.
const said = 30

// talk is how long after Enter a message is on the writer's screen and on the other's: two profiles in one browser, with
// the real screens, keys and clock.
func talk(ctx context.Context, b *bench) ([]figure.Figure, error) {
	figures := []figure.Figure{
		{Name: "Enter until drawn in the own timeline, median", Unit: figure.Time, Aim: figure.AtMost(0.05)},
		{Name: fmt.Sprintf("  95 of 100, of %d messages a run", said), Unit: figure.Time, Aim: figure.AtMost(0.05)},
		{Name: "Enter until drawn at the other's, median", Unit: figure.Time, Aim: figure.AtMost(0.2)},
		{Name: fmt.Sprintf("  95 of 100, of %d messages a run", said), Unit: figure.Time, Aim: figure.AtMost(0.2)},
	}
	err := b.withServer(ctx, noRates, func(s *server.Server) error {
		writer, err := newTab(ctx, "")
		if err != nil {
			return err
		}
		defer writer.stop()
		reader, err := writer.beside()
		if err != nil {
			return err
		}
		defer reader.stop()
		if err := introduce(s.Origin, writer, reader); err != nil {
			return err
		}
		for run := range b.runs {
			own, others, err := talkOnce(writer, reader, run)
			if err != nil {
				return err
			}
			for i, values := range [][]float64{own, own, others, others} {
				figures[i].Values = append(figures[i].Values, figure.Percentile(values, []float64{50, 95}[i%2]))
			}
		}
		return nil
	})
	return figures, err
}

// introduce lets both join and open their conversation, and the writer say a word in it: the first opens an epoch.
func introduce(origin string, writer, reader *tab) error {
	names := []string{"anna", "bert"}
	for i, t := range []*tab{writer, reader} {
		if err := errors.Join(t.resize(), t.early(seenScript)); err != nil {
			return err
		}
		if _, err := joinIn(t, origin, names[i], true); err != nil {
			return err
		}
	}
	for i, t := range []*tab{writer, reader} {
		if _, err := loadIn(t, fmt.Sprintf("%s/#/with/%s", origin, names[1-i])); err != nil {
			return err
		}
	}
	if err := writer.click("sotto-composer textarea"); err != nil {
		return err
	}
	_, _, err := sayOnce(writer, reader, "hello")
	return err
}

// talkOnce gives, in seconds, how long each message took to both screens.
func talkOnce(writer, reader *tab, run int) (own, others []float64, err error) {
	for i := range said {
		here, there, err := sayOnce(writer, reader, fmt.Sprintf("word %d of %d", i, run))
		if err != nil {
			return nil, nil, err
		}
		own, others = append(own, here), append(others, there)
	}
	return own, others, nil
}

// sayOnce types a text and gives how many seconds after Enter it was on the writer's screen, and on the reader's.
func sayOnce(writer, reader *tab, text string) (own, others float64, err error) {
	for _, t := range []*tab{writer, reader} {
		if _, err := evaluate[any](t, script("seen.expect", text)+", 0"); err != nil {
			return 0, 0, err
		}
	}
	if err := errors.Join(writer.write(text), writer.enter()); err != nil {
		return 0, 0, err
	}
	own, errOwn := evaluate[float64](writer, script("seen.drawn", text))
	others, errOthers := evaluate[float64](reader, script("seen.drawn", text))
	acted, err := evaluate[float64](writer, "seen.acted()")
	return (own - acted) / 1e3, (others - acted) / 1e3, errors.Join(errOwn, errOthers, err)
}
