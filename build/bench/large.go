package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"

	"sotto/build/bench/figure"
)

// leastLarge is the fewest messages of a large conversation: a scroll to the middle of fewer would reach an end.
const leastLarge = 1000

// large is how the application does in Chromium with many messages stored in one conversation: first its engine in a page
// without screens, then the real page on the same profile.
func large(ctx context.Context, b *bench) ([]figure.Figure, error) {
	l, err := newLarge(b)
	if err != nil {
		return nil, err
	}
	var figures []figure.Figure
	err = l.withServer(ctx, b, func() error {
		defer l.close()
		for _, part := range []func(context.Context, *bench) ([]figure.Figure, error){l.filled, l.askEngine, l.lookAtPage} {
			found, err := part(ctx, b)
			figures = append(figures, found...)
			if err != nil {
				return err
			}
		}
		return nil
	})
	return figures, err
}

// largeLab is a profile of the application with a large conversation stored.
type largeLab struct {
	folder string                  // with all that is kept: the server's data, the browser's profile, and largeNotes
	worker string                  // address of the application's engine
	tab    *tab                    // nil while no browser is on the profile
	wasm   func() (float64, error) // the bytes of WASM memory that the tab's workers have
	origin string
	is     largeNotes
}

// largeNotes say what a folder holds.
type largeNotes struct {
	Listen       string `json:"listen"` // the server's address: a browser keeps what it stores for one origin
	Conversation string `json:"conversation"`
	Messages     int    `json:"messages"`
}

func newLarge(b *bench) (*largeLab, error) {
	m, err := b.readManifest()
	if err != nil {
		return nil, err
	}
	l := &largeLab{folder: b.keep, is: largeNotes{Listen: "127.0.0.1:0"}}
	if l.worker, err = m.asset("worker.js"); err != nil {
		return nil, err
	}
	if l.folder == "" {
		if l.folder, err = b.folder(); err != nil {
			return nil, err
		}
	}
	return l, l.read(b.large)
}

func (l *largeLab) notes() string { return filepath.Join(l.folder, "large.json") }

// read looks whether the folder holds a conversation of so many messages. One that was not finished is in the way.
func (l *largeLab) read(messages int) error {
	files, err := os.ReadDir(l.folder)
	if len(files) == 0 && (err == nil || errors.Is(err, fs.ErrNotExist)) {
		return nil
	}
	data, err := os.ReadFile(l.notes())
	if err == nil {
		err = json.Unmarshal(data, &l.is)
	}
	if err != nil {
		return fmt.Errorf("%s holds no conversation that was filled to its end: %w", l.folder, err)
	}
	if l.is.Messages != messages {
		return fmt.Errorf("%s holds %d messages, want %d", l.folder, l.is.Messages, messages)
	}
	return nil
}

// keep writes what read finds.
func (l *largeLab) keep() error {
	data, err := json.Marshal(l.is)
	if err != nil {
		return err
	}
	return os.WriteFile(l.notes(), data, 0o600)
}

// withServer runs f with a server on the folder.
func (l *largeLab) withServer(ctx context.Context, b *bench, f func() error) error {
	data := filepath.Join(l.folder, "data")
	if err := os.MkdirAll(data, 0o700); err != nil {
		return err
	}
	s, err := b.serve(ctx, data, append([]string{"SOTTO_LISTEN=" + l.is.Listen}, noRates...)...)
	if err != nil {
		return err
	}
	l.origin = s.Origin
	at, err := url.Parse(s.Origin)
	if err == nil {
		l.is.Listen = at.Host
		err = f()
	}
	return errors.Join(err, s.Stop())
}

func (l *largeLab) close() {
	if l.tab != nil {
		l.tab.stop()
		l.tab = nil
	}
}

// filled fills the conversation unless the folder has it. Its figures are those of the filling.
func (l *largeLab) filled(ctx context.Context, b *bench) ([]figure.Figure, error) {
	if l.is.Messages > 0 {
		return nil, nil
	}
	figures, err := l.fill(ctx, b)
	if err != nil {
		return nil, fmt.Errorf("fill: %w", err)
	}
	l.close() // the browser has then written what it keeps
	l.is.Messages = b.large
	return figures, l.keep()
}

func (l *largeLab) profile() string { return filepath.Join(l.folder, "profile") }

// start starts a browser on the profile.
func (l *largeLab) start(ctx context.Context) (err error) {
	if l.tab, err = newTab(ctx, l.profile()); err != nil {
		return err
	}
	l.wasm, err = l.tab.watchMemory()
	return err
}

// open starts a browser on the profile, with a page of the server that shows nothing.
func (l *largeLab) open(ctx context.Context) (err error) {
	if err := l.start(ctx); err != nil {
		return err
	}
	if err := l.tab.goTo(l.origin + "/healthz"); err != nil {
		return err
	}
	_, err = evaluate[any](l.tab, engineScript+"\n0")
	return err
}

// askEngine starts the engine for each run anew and asks it for what a person would.
func (l *largeLab) askEngine(ctx context.Context, b *bench) ([]figure.Figure, error) {
	figures := []figure.Figure{
		{Name: fmt.Sprintf("engine: newest of %d, started for it", b.large), Unit: figure.Time},
		{Name: fmt.Sprintf("engine: newest of %d", b.large), Unit: figure.Time},
		{Name: "engine: a page in the middle of them", Unit: figure.Time},
		{Name: fmt.Sprintf("engine: search, 1 of %d", b.large), Unit: figure.Time, Aim: figure.AtMost(0.1)},
		{Name: "engine: search, the beginning of a word that many have", Unit: figure.Time, Aim: figure.AtMost(0.1)},
	}
	if err := l.open(ctx); err != nil {
		return nil, err
	}
	defer l.close()
	for run := range b.runs {
		took, err := evaluate[[]float64](l.tab, script("bench.large", l.worker, l.is.Conversation, needle(run%needles), b.large/2))
		if err != nil {
			return figures, err
		}
		for i := range figures {
			figures[i].Values = append(figures[i].Values, took[i]/1e3)
		}
	}
	return figures, nil
}
