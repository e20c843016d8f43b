package main

import (
	"context"
	_ "embed"
	"fmt"

	"sotto/build/bench/figure"
	"sotto/build/bench/raw"
	"sotto/build/bench/server"
)

//go:embed engine.js
var engineScript string

// rooms is how many conversations share the messages that are sent at once.
const rooms = 16

// inBrowser is how fast the application's engine seals and opens in Chromium, storing and the relay included, and what
// SubtleCrypto alone does in the same run.
func inBrowser(ctx context.Context, b *bench) ([]figure.Figure, error) {
	figures := []figure.Figure{
		{Name: fmt.Sprintf("sealed in Chromium, %d conversations", rooms), Unit: figure.PerSecond, Aim: figure.AtLeast(400)},
		{Name: "sealed in Chromium, one conversation", Unit: figure.PerSecond},
		{Name: fmt.Sprintf("opened in Chromium, %d that waited", backlog), Unit: figure.PerSecond, Aim: figure.AtLeast(5000)},
		{Name: "crypto.subtle alone, signed", Unit: figure.PerSecond},
		{Name: "crypto.subtle alone, verified and decrypted", Unit: figure.PerSecond},
	}
	err := b.withServer(ctx, noRates, func(s *server.Server) error {
		l, err := newLab(ctx, b, s.Origin)
		if err != nil {
			return err
		}
		defer l.close()
		for range b.runs {
			for i, measure := range []func(context.Context) (float64, error){l.sealMany, l.sealOne, l.open, l.bareSigned, l.bareVerified} {
				value, err := measure(ctx)
				if err != nil {
					return fmt.Errorf("%s: %w", figures[i].Name, err)
				}
				figures[i].Values = append(figures[i].Values, value)
			}
		}
		return nil
	})
	return append(figures, against(figures[0], figures[3]), against(figures[2], figures[4])), err
}

// against is what of a bare rate is left.
func against(f, bare figure.Figure) figure.Figure {
	return figure.Figure{Name: f.Name + ", to crypto.subtle alone", Unit: figure.Ratio, Values: figure.Ratios(f.Values, bare.Values)}
}

// lab is the application's engine in a page without its screens, with many to write to and one who writes.
type lab struct {
	tab    *tab
	worker string   // address of the engine's worker
	to     []string // conversations with people who are not there
	writer *user
	from   string // the writer's conversation

	bare struct {
		Signed   float64 `json:"signed"`
		Verified float64 `json:"verified"`
	}
}

func newLab(ctx context.Context, b *bench, origin string) (_ *lab, err error) {
	m, err := b.readManifest()
	if err != nil {
		return nil, err
	}
	l := &lab{}
	defer func() {
		if err != nil {
			l.close()
		}
	}()
	if l.worker, err = m.asset("worker.js"); err != nil {
		return nil, err
	}
	people, err := b.crowd(rooms + 1)
	if err != nil {
		return nil, err
	}
	handles, err := register(ctx, origin, people[:rooms])
	if err != nil {
		return nil, err
	}
	if l.writer, err = newUser(ctx, origin, people[rooms], nil); err != nil {
		return nil, err
	}
	if err = l.writer.join(ctx); err != nil {
		return nil, err
	}
	return l, l.enter(ctx, origin, handles)
}

// register makes the accounts of people who then leave. They never come back, so their keys are only names.
func register(ctx context.Context, origin string, people []*raw.Person) (handles []string, err error) {
	for _, p := range people {
		handles = append(handles, p.Handle)
	}
	return handles, registerAll(ctx, origin, people)
}

// enter starts the engine, joins, and says hello in every conversation.
func (l *lab) enter(ctx context.Context, origin string, handles []string) (err error) {
	if l.tab, err = newTab(ctx, ""); err != nil {
		return err
	}
	if err := l.tab.goTo(origin + "/healthz"); err != nil {
		return err
	}
	if _, err := evaluate[any](l.tab, engineScript+"\n0"); err != nil {
		return err
	}
	if err := l.start(); err != nil {
		return err
	}
	const handle = "chromium"
	if l.to, err = evaluate[[]string](l.tab, script("bench.join", handle, handles)); err != nil {
		return fmt.Errorf("join: %w", err)
	}
	if _, err := l.send(len(l.to), l.to); err != nil {
		return err
	}
	if l.from, err = l.writer.open(ctx, handle); err != nil {
		return err
	}
	return l.writer.send(ctx, l.from, "hello")
}

func (l *lab) start() error {
	_, err := evaluate[any](l.tab, script("bench.start", l.worker)+".then(() => 0)")
	return err
}

func (l *lab) stop() error {
	_, err := evaluate[any](l.tab, "bench.stop(), 0")
	return err
}

// send gives how many messages a second were sent to conversations in turn.
func (l *lab) send(n int, conversations []string) (float64, error) {
	took, err := evaluate[float64](l.tab, script("bench.send", conversations, n, text200))
	return float64(n) / (took / 1e3), err
}

func (l *lab) sealMany(context.Context) (float64, error) { return l.send(backlog, l.to) }

func (l *lab) sealOne(context.Context) (float64, error) { return l.send(backlog, l.to[:1]) }

// open lets the writer write while the engine is gone, and measures its return.
func (l *lab) open(ctx context.Context) (float64, error) {
	if err := l.stop(); err != nil {
		return 0, err
	}
	var last <-chan struct{}
	for range backlog {
		sent, err := l.writer.post(ctx, l.from, text200)
		if err != nil {
			return 0, err
		}
		last = sent
	}
	select {
	case <-last:
	case <-ctx.Done():
		return 0, context.Cause(ctx)
	}
	if err := pause(ctx, settle); err != nil {
		return 0, err
	}
	took, err := evaluate[float64](l.tab, script("bench.receive", l.worker, backlog))
	return backlog / (took / 1e3), err
}

func (l *lab) bareSigned(context.Context) (float64, error) {
	var err error
	l.bare, err = evaluate[struct {
		Signed   float64 `json:"signed"`
		Verified float64 `json:"verified"`
	}](l.tab, "bench.bare()")
	return l.bare.Signed, err
}

func (l *lab) bareVerified(context.Context) (float64, error) { return l.bare.Verified, nil }

func (l *lab) close() {
	if l.tab != nil {
		l.tab.stop()
	}
	if l.writer != nil {
		_ = l.writer.engine.Close()
	}
}
