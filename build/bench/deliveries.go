package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"sotto/build/bench/figure"
	"sotto/build/bench/server"
)

// One sender, so many sessions of the account it writes to, and so many messages of one kibibyte in a run, of which
// some wait for their acknowledgement at any time.
const (
	audience    = 1000
	spoken      = 400
	spokenSize  = 1024
	outstanding = 16
	maxSessions = audience + 1
)

// deliveries is how many messages reach sessions in a second.
func deliveries(ctx context.Context, b *bench) ([]figure.Figure, error) {
	if err := server.RaiseFiles(2 * audience); err != nil {
		return nil, err
	}
	delivered := figure.Figure{
		Name: fmt.Sprintf("delivered, one sender to %d sessions", audience), Unit: figure.PerSecond, Aim: figure.AtLeast(100e3),
	}
	var effort effort
	settings := append([]string{fmt.Sprintf("SOTTO_LIMIT_SESSIONS=%d", maxSessions)}, noRates...)
	err := b.withServer(ctx, settings, func(s *server.Server) error {
		h, err := newHall(ctx, b, s.Origin)
		if err != nil {
			return err
		}
		defer h.close()
		for range b.runs {
			requests, err := h.prepare(ctx)
			if err != nil {
				return err
			}
			done, err := effort.begin(s)
			if err != nil {
				return err
			}
			start := time.Now()
			if err := h.speak(ctx, requests); err != nil {
				return err
			}
			delivered.Values = append(delivered.Values, rate(audience*spoken, start))
			if err := errors.Join(done(audience*spoken), pause(ctx, settle)); err != nil {
				return err
			}
		}
		return nil
	})
	return append([]figure.Figure{delivered}, effort.figures("delivery", "the load")...), err
}
