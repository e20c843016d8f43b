package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"

	"sotto/build/chromium"
)

// tab is a browser's only tab.
type tab struct {
	ctx  context.Context
	stop func()
}

// newTab starts a browser on a profile; an empty name is an empty profile that is removed at the end.
func newTab(ctx context.Context, profile string) (*tab, error) {
	inside, stop, err := chromium.Start(ctx, profile)
	if err != nil {
		return nil, err
	}
	return &tab{ctx: inside, stop: stop}, nil
}

// early lets a script run in every page before its own.
func (t *tab) early(script string) error {
	add := page.AddScriptToEvaluateOnNewDocumentParams{Source: script}
	_, err := chromedp.Run(t.ctx, func(ctx context.Context, at *chromedp.Target) (page.ScriptIdentifier, error) {
		r, err := cdp.Call(ctx, at, page.AddScriptToEvaluateOnNewDocument, add)
		return r.Identifier, err
	})
	return err
}

func (t *tab) goTo(url string) error {
	if err := chromedp.Do(t.ctx, chromedp.Navigate(url)); err != nil {
		return fmt.Errorf("open %s: %w", url, err)
	}
	return nil
}

// evaluate gives what a script evaluates to, or what the promise holds that it gives.
func evaluate[T any](t *tab, script string) (T, error) {
	return chromedp.Run(t.ctx, chromedp.Evaluate[T](script, chromedp.EvalAwaitPromise))
}

// script is a call with arguments as JSON.
func script(function string, args ...any) string {
	text := function + "("
	for i, a := range args {
		encoded, err := json.Marshal(a)
		if err != nil {
			panic(err) // impossible: strings, numbers and lists of them
		}
		if i > 0 {
			text += ", "
		}
		text += string(encoded)
	}
	return text + ")"
}

// forget removes from a profile what its browser, which must have ended, keeps of pages and their compiled code.
func forget(profile string) error {
	for _, name := range []string{"Cache", "Code Cache", "GPUCache", "DawnGraphiteCache", "DawnWebGPUCache"} {
		if err := os.RemoveAll(filepath.Join(profile, "Default", name)); err != nil {
			return err
		}
	}
	return nil
}
