// Package inbrowser is what it takes to run Go tests compiled to js/wasm in Chromium: wasmbrowsertest, which `go test
// -exec` starts for each test binary, and an environment small enough for it.
package inbrowser

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"slices"
	"strings"

	"sotto/build/chromium"
	"sotto/build/module"
)

// Runner builds wasmbrowsertest of the module at root in dir, beside a script that starts the browser, and returns the
// program's path, for `go test -exec`.
func Runner(ctx context.Context, root, dir string, log io.Writer) (string, error) {
	if _, err := chromium.Ensure(ctx, log); err != nil {
		return "", err
	}
	if err := chromium.WriteScript(dir); err != nil {
		return "", err
	}
	runner := dir + "/wasmbrowsertest"
	cmd := exec.CommandContext(ctx, "go", "build", "-modfile="+module.ToolsFile, "-o", runner,
		"github.com/agnivade/wasmbrowsertest")
	cmd.Dir, cmd.Stdout, cmd.Stderr = root, log, log
	if err := cmd.Run(); err != nil {
		return "", fmt.Errorf("build wasmbrowsertest: %w", err)
	}
	return runner, nil
}

// Environment returns what the go command and a test in the browser need of env, for js/wasm and with dir first in the
// PATH. It is little because Go's wasm_exec.js gives a program at most 8 KiB of arguments and environment.
func Environment(env []string, dir string) []string {
	kept := slices.DeleteFunc(slices.Clone(env), func(v string) bool {
		name, _, _ := strings.Cut(v, "=")
		needed := []string{"HOME", "LANG", "TMPDIR", "USER", "XDG_CACHE_HOME", "XDG_CONFIG_HOME"}
		return !slices.Contains(needed, name) && !strings.HasPrefix(name, "GO")
	})
	path := dir + string(os.PathListSeparator) + os.Getenv("PATH")
	return append(kept, "PATH="+path, "GOOS=js", "GOARCH=wasm", "CGO_ENABLED=0")
}
