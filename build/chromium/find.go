// Package chromium starts the browser that the tests run in: the same program,
// with the same flags, for the end-to-end tests, the JavaScript unit tests and
// Go compiled to WASM.
//
// Nothing here reaches beyond this machine: the flags turn off what a browser
// does by itself, and every browser starts with an empty profile.
package chromium

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"

	"sotto/build/apt"
)

// Variable names the environment variable that chooses the browser: the path of
// Chromium or Chrome.
const Variable = "SOTTO_CHROMIUM"

// ErrMissing is returned by Find where there is no browser.
var ErrMissing = errors.New("no Chromium in the PATH")

// names are how Chromium and Chrome are called, by preference.
var names = []string{
	"chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome",
	"/Applications/Chromium.app/Contents/MacOS/Chromium",
	"/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
}

// packages are Chromium and the fonts that the screens are drawn with.
var packages = []string{"chromium", "fonts-noto-color-emoji", "fonts-noto-core"}

// Find returns the path of the browser: what $SOTTO_CHROMIUM names, else the
// first of the usual names in the PATH. Without one the error is ErrMissing.
func Find() (string, error) {
	if file := os.Getenv(Variable); file != "" {
		found, err := exec.LookPath(file)
		if err != nil {
			return "", fmt.Errorf("%s: %w", Variable, err)
		}
		return found, nil
	}
	for _, name := range names {
		if found, err := exec.LookPath(name); err == nil {
			return found, nil
		}
	}
	return "", ErrMissing
}

// Ensure is Find, but installs Chromium and fonts through apt where they are
// missing and the user may; elsewhere the error names the command to run.
func Ensure(ctx context.Context, log io.Writer) (string, error) {
	found, err := Find()
	if !errors.Is(err, ErrMissing) {
		return found, err
	}
	why := fmt.Sprintf("%v ($%s names another place)", ErrMissing, Variable)
	if err := apt.Install(ctx, log, why, packages...); err != nil {
		return "", err
	}
	return Find()
}
