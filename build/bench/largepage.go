package main

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/cdproto/storage"
	"github.com/chromedp/chromedp"

	"sotto/build/bench/figure"
)

// A scroll goes by so many pixels a frame, fast for a hand, and so far each time: past several pages of what is loaded.
const (
	scrollStep   = 120
	scrollPixels = 20_000
)

// pageFigures are those of the real page, in the order in which lookOnce finds them.
func pageFigures(b *bench) []figure.Figure {
	return []figure.Figure{
		{Name: "page loaded at the conversation until the newest is drawn", Unit: figure.Time, Aim: figure.AtMost(0.3)},
		{Name: "  until the worker is started", Unit: figure.Time},
		{Name: "  then until the engine in it is ready", Unit: figure.Time},
		{Name: "  then until it has told what is stored", Unit: figure.Time},
		{Name: "  then until the newest is drawn", Unit: figure.Time},
		{Name: fmt.Sprintf("click in the list until the newest of %d is drawn", b.large), Unit: figure.Time, Aim: figure.AtMost(0.3)},
		{Name: fmt.Sprintf("last key until 1 of %d is drawn as found", b.large), Unit: figure.Time, Aim: figure.AtMost(0.1)},
		{Name: "click on what was found until it is drawn in its place", Unit: figure.Time, Aim: figure.AtMost(0.3)},
		{Name: "largest jump of all runs, scrolled at the newest", Unit: figure.Pixels, Aim: figure.AtMost(1)},
		{Name: "largest jump of all runs, scrolled in the middle", Unit: figure.Pixels, Aim: figure.AtMost(1)},
		{Name: "memory after all that, scripts and DOM and WASM", Unit: figure.Megabytes, Aim: figure.AtMost(150e6)},
		{Name: "  of page and worker, scripts and DOM", Unit: figure.Megabytes},
		{Name: "  the engine's WASM memory", Unit: figure.Megabytes},
		{Name: "  all of the page's process (its PSS)", Unit: figure.Megabytes},
	}
}

// lookAtPage opens the application's own page on the profile, in a browser that was just started for each run.
func (l *largeLab) lookAtPage(ctx context.Context, b *bench) ([]figure.Figure, error) {
	figures := pageFigures(b)
	if err := l.readAll(ctx); err != nil {
		return nil, fmt.Errorf("read the unread: %w", err)
	}
	for run := range b.runs {
		values, err := l.lookOnce(ctx, run)
		for i, v := range values {
			figures[i].Values = append(figures[i].Values, v)
		}
		if err != nil {
			return figures, err
		}
	}
	for i, f := range figures {
		if f.Unit == figure.Pixels { // one that jumped is one too many, whatever the median is
			figures[i].Values = []float64{slices.Max(f.Values)}
		}
	}
	return figures, nil
}

// address is that of the conversation.
func (l *largeLab) address() string { return l.origin + "/#/talk/" + l.is.Conversation }

// show starts a browser on the profile, with nothing open in it.
func (l *largeLab) show(ctx context.Context) error {
	if err := l.start(ctx); err != nil {
		return err
	}
	return errors.Join(l.tab.resize(), l.tab.early(watchScript), l.tab.early(seenScript))
}

// renew removes the build that the page has kept, which a folder that was filled before may have of another one.
func (l *largeLab) renew() error {
	kept := storage.ClearDataForOriginParams{Origin: l.origin, StorageTypes: "service_workers,cache_storage"}
	_, err := chromedp.Call(l.tab.ctx, storage.ClearDataForOrigin, kept)
	return err
}

// readAll goes to the newest message, so that nothing is unread any more: else the page opens at the first that is.
func (l *largeLab) readAll(ctx context.Context) error {
	if err := l.show(ctx); err != nil {
		return err
	}
	defer l.close()
	if err := errors.Join(l.renew(), l.tab.goTo(l.address())); err != nil {
		return err
	}
	if _, err := evaluate[any](l.tab, script("seen.end", lastWords)); err != nil {
		return err
	}
	_, err := evaluate[any](l.tab, "seen.allRead()")
	return err
}

// lookOnce does what people do, and gives a value for each of [pageFigures].
func (l *largeLab) lookOnce(ctx context.Context, run int) (values []float64, err error) {
	if err := l.show(ctx); err != nil {
		return nil, err
	}
	defer l.close()
	for _, part := range []func() ([]float64, error){
		l.load, l.choose,
		func() ([]float64, error) { return l.seek(needle(needles/2 + run%2)) },
		func() ([]float64, error) { return pageMemory(l.tab, l.wasm) },
	} {
		found, err := part()
		values = append(values, found...)
		if err != nil {
			return values, err
		}
	}
	return values, nil
}

// load opens the page at the conversation, twice: the second time the browser knows what it runs.
func (l *largeLab) load() ([]float64, error) {
	var took float64
	var parts loaded
	for range 2 {
		err := l.tab.goTo("about:blank") // else a change behind the # loads nothing
		if err == nil {
			err = l.tab.goTo(l.address())
		}
		if err == nil {
			took, err = evaluate[float64](l.tab, script("seen.loaded", lastWords))
		}
		if err == nil {
			parts, err = evaluate[loaded](l.tab, "watch.composer()")
		}
		if err != nil {
			return nil, err
		}
	}
	steps := []float64{took, parts.Spawned, parts.Ready - parts.Spawned, parts.Booted - parts.Ready, took - parts.Booted}
	for i := range steps {
		steps[i] /= 1e3
	}
	return steps, nil
}

// choose opens the list alone and then the conversation in it.
func (l *largeLab) choose() ([]float64, error) {
	if err := errors.Join(l.tab.goTo("about:blank"), l.tab.goTo(l.origin+"/#/")); err != nil {
		return nil, err
	}
	if _, err := evaluate[any](l.tab, "seen.settled()"); err != nil {
		return nil, err
	}
	if _, err := evaluate[any](l.tab, script("seen.expect", lastWords)+", 0"); err != nil {
		return nil, err
	}
	if err := l.tab.click("sotto-list a[href='#/talk/" + l.is.Conversation + "']"); err != nil {
		return nil, err
	}
	took, err := sinceActed(l.tab, script("seen.drawn", lastWords))
	return []float64{took}, err
}

// sinceActed gives how many seconds after the person's last act something was, whose time a script gives.
func sinceActed(t *tab, script string) (float64, error) {
	at, err := evaluate[float64](t, script)
	if err != nil {
		return 0, err
	}
	acted, err := evaluate[float64](t, "seen.acted()")
	return (at - acted) / 1e3, err
}

// seek looks for a message in the middle and goes to it. It scrolls before and after.
func (l *largeLab) seek(word string) ([]float64, error) {
	atNewest, err := l.scroll(-1)
	if err != nil {
		return nil, err
	}
	const control = 2
	if err := l.tab.key(input.DispatchKeyEventParams{Key: "k", Code: "KeyK", WindowsVirtualKeyCode: 'K', Modifiers: control}); err != nil {
		return nil, err
	}
	if _, err := evaluate[any](l.tab, script("seen.spot", "sotto-switch input")); err != nil {
		return nil, err
	}
	if err := l.tab.paste(word); err != nil {
		return nil, err
	}
	found, err := sinceActed(l.tab, script("seen.found", word))
	if err != nil {
		return nil, err
	}
	if err := l.tab.click("sotto-switch .hit"); err != nil {
		return nil, err
	}
	arrived, err := sinceActed(l.tab, script("seen.arrived", word))
	if err != nil {
		return nil, err
	}
	inMiddle, err := l.scroll(1)
	return []float64{found, arrived, atNewest, inMiddle}, err
}

// scroll goes far in a direction, 1 for down, then as far back and gives the largest jump.
func (l *largeLab) scroll(direction int) (float64, error) {
	worst := 0.0
	for _, sign := range []int{direction, -direction} {
		jump, err := evaluate[float64](l.tab, script("seen.scroll", sign*scrollStep, scrollPixels))
		if err != nil {
			return 0, err
		}
		worst = max(worst, jump)
	}
	return worst, nil
}
