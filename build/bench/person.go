package main

import (
	_ "embed"
	"fmt"

	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/cdproto/target"
	"github.com/chromedp/chromedp"
)

//go:embed seen.js
var seenScript string

// beside opens another tab in the same browser, in an empty profile of its own.
func (t *tab) beside() (*tab, error) {
	made, err := chromedp.CallBrowser(t.ctx, target.CreateBrowserContext, target.CreateBrowserContextParams{})
	if err != nil {
		return nil, fmt.Errorf("another profile: %w", err)
	}
	ctx, stop := chromedp.NewContext(t.ctx, chromedp.WithExistingBrowserContext(made.BrowserContextID))
	if err := chromedp.Do(ctx); err != nil {
		stop()
		return nil, fmt.Errorf("another profile: %w", err)
	}
	return &tab{ctx: ctx, stop: stop}, nil
}

// resize gives the page the size of a window on a desk.
func (t *tab) resize() error { return chromedp.Do(t.ctx, chromedp.EmulateViewport(1280, 800)) }

// click waits for an element and clicks on its middle, as a mouse does.
func (t *tab) click(selector string) error {
	at, err := evaluate[struct {
		X float64 `json:"x"`
		Y float64 `json:"y"`
	}](t, script("seen.spot", selector))
	if err == nil {
		err = chromedp.Do(t.ctx, chromedp.MouseClickXY(at.X, at.Y))
	}
	if err != nil {
		return fmt.Errorf("click on %s: %w", selector, err)
	}
	return nil
}

// write presses a key for each character of a text where the focus is.
func (t *tab) write(text string) error {
	for _, r := range text {
		if err := t.key(input.DispatchKeyEventParams{Key: string(r), Text: string(r)}); err != nil {
			return err
		}
	}
	return nil
}

// paste puts a text where the focus is, at once.
func (t *tab) paste(text string) error {
	_, err := chromedp.Call(t.ctx, input.InsertText, input.InsertTextParams{Text: text})
	return err
}

// enter presses Enter.
func (t *tab) enter() error {
	return t.key(input.DispatchKeyEventParams{Key: "Enter", Code: "Enter", WindowsVirtualKeyCode: 13, Text: "\r"})
}

func (t *tab) key(k input.DispatchKeyEventParams) error {
	down, up := k, k
	down.Type, up.Type = input.DispatchKeyEventTypeKeyDown, input.DispatchKeyEventTypeKeyUp
	up.Text = ""
	for _, event := range []input.DispatchKeyEventParams{down, up} {
		if _, err := chromedp.Call(t.ctx, input.DispatchKeyEvent, event); err != nil {
			return fmt.Errorf("press %s: %w", k.Key, err)
		}
	}
	return nil
}
