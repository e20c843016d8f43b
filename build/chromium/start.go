package chromium

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"

	"github.com/chromedp/chromedp"
)

// Flags are the switches of every browser, without the dashes, beside those that
// chromedp gives by itself. No sandbox, because tests run as root in containers;
// no page but our own is ever opened. A mouse that can hover, because a browser
// without a screen says that it has none, and pages then behave as on a phone.
func Flags() []string {
	return []string{
		"no-sandbox", "disable-gpu", "disable-quic", "no-first-run",
		"disable-background-networking", "disable-component-update", "disable-sync",
		"blink-settings=primaryHoverType=2,availableHoverTypes=2,primaryPointerType=4,availablePointerTypes=4",
	}
}

// Start starts a browser with the profile in the folder dir, or with an empty one
// that is removed at the end where dir is "". It returns the chromedp context of
// the browser's first tab; chromedp.NewContext(ctx) opens others in the same
// profile. The browser ends with parent at the latest; stop ends it, waits for it
// and cleans up, and may be called again.
func Start(parent context.Context, dir string) (ctx context.Context, stop func(), err error) {
	file, err := Find()
	if err != nil {
		return nil, nil, fmt.Errorf("start browser: %w", err)
	}
	clean := func() {}
	if dir == "" {
		if dir, err = os.MkdirTemp("", "sotto-profile-"); err != nil {
			return nil, nil, fmt.Errorf("start browser: %w", err)
		}
		clean = func() { os.RemoveAll(dir) }
	}
	options := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(file), chromedp.UserDataDir(dir))
	for _, f := range Flags() {
		options = append(options, chromedp.Flag(f, true))
	}
	allocator, cancelAllocator := chromedp.NewExecAllocator(parent, options...)
	ctx, cancel := chromedp.NewContext(allocator)
	stop = sync.OnceFunc(func() {
		chromedp.Cancel(ctx) // closes the browser and waits for it; an error only says it was gone
		cancel()
		cancelAllocator()
		clean()
	})
	if err := chromedp.Do(ctx); err != nil {
		stop()
		return nil, nil, fmt.Errorf("start browser %s: %w", file, err)
	}
	return ctx, stop, nil
}

// WriteScript writes a program into dir that starts the browser with Flags, for
// tools that look for a browser in the PATH: put dir first there. Its name is the
// one that chromedp looks for first.
func WriteScript(dir string) error {
	file, err := Find()
	if err != nil {
		return err
	}
	if strings.Contains(file, "'") {
		return errors.New("browser script: the path of the browser has a quote")
	}
	script := fmt.Sprintf("#!/bin/sh\nexec '%s' --%s \"$@\"\n", file, strings.Join(Flags(), " --"))
	return os.WriteFile(filepath.Join(dir, "headless_shell"), []byte(script), 0o755)
}
