package main

import (
	"context"
	"errors"
	"fmt"

	"sotto/build/bench/figure"
	"sotto/build/bench/raw"
	"sotto/build/bench/server"
)

// idleSessions are shared among as many accounts as idleAccounts, each a session of its own.
const (
	idleSessions = 5000
	idleAccounts = 500
	// idleBuffer is that of a connection which nothing comes to but a hello, answers and pings.
	idleBuffer = 1 << 10
)

// idle is what a session that is logged in and does nothing takes of the server's memory. Each run has a server of its
// own on the same data, so that nothing is left from the run before.
func idle(ctx context.Context, b *bench) ([]figure.Figure, error) {
	if err := server.RaiseFiles(idleSessions + 1000); err != nil {
		return nil, err
	}
	people, err := b.crowd(idleAccounts)
	if err != nil {
		return nil, err
	}
	data, err := b.folder()
	if err != nil {
		return nil, err
	}
	if err := b.onData(ctx, data, func(s *server.Server) error { return registerAll(ctx, s.Origin, people) }); err != nil {
		return nil, err
	}
	session := figure.Figure{
		Name: fmt.Sprintf("memory of the server per idle session, %d of them", idleSessions),
		Unit: figure.Kilobytes, Aim: figure.AtMost(20e3),
	}
	empty := figure.Figure{Name: "memory of the server before", Unit: figure.Megabytes}
	for range b.runs {
		err := b.onData(ctx, data, func(s *server.Server) error {
			before, after, err := idleMemory(ctx, s, people)
			empty.Values = append(empty.Values, before)
			session.Values = append(session.Values, (after-before)/idleSessions)
			return err
		})
		if err != nil {
			return nil, err
		}
	}
	return []figure.Figure{session, empty}, nil
}

// onData runs f with a server on existing data.
func (b *bench) onData(ctx context.Context, data string, f func(s *server.Server) error) error {
	s, err := b.serve(ctx, data, noRates...)
	if err != nil {
		return err
	}
	return errors.Join(f(s), s.Stop())
}

// registerAll makes the accounts.
func registerAll(ctx context.Context, origin string, people []*raw.Person) error {
	return each(ctx, len(people), setupGoroutines, func(ctx context.Context, i int) error {
		s, err := raw.Enter(ctx, origin, people[i], idleBuffer)
		if err != nil {
			return err
		}
		return s.Close()
	})
}

// idleMemory gives the server's memory without sessions and with all of them.
func idleMemory(ctx context.Context, s *server.Server, people []*raw.Person) (before, after float64, err error) {
	if before, err = s.Settled(); err != nil {
		return 0, 0, err
	}
	sessions := make([]*raw.Session, idleSessions)
	defer func() {
		for _, s := range sessions {
			if s != nil {
				_ = s.Close()
			}
		}
	}()
	err = each(ctx, idleSessions, setupGoroutines, func(ctx context.Context, i int) (err error) {
		if sessions[i], err = raw.Enter(ctx, s.Origin, people[i%len(people)], idleBuffer); err == nil {
			go drain(sessions[i].Conn) // answers pings
		}
		return err
	})
	if err != nil {
		return 0, 0, err
	}
	after, err = s.Settled()
	return before, after, err
}
