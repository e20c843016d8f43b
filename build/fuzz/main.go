// Fuzz runs every fuzz target of the module for a while, one after another.
//
//	fuzz [-time 10s] [packages]
//
// The targets are found by asking the compiled tests, so a new one needs no
// entry anywhere. An input that breaks a target is written by Go into the
// package's testdata/fuzz, where the ordinary tests run it from then on.
package main

import (
	"bufio"
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"slices"
	"strings"
	"syscall"
	"time"

	"sotto/build/module"
)

// target is one fuzz function.
type target struct {
	pkg, name string
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx); err != nil {
		fmt.Fprintln(os.Stderr, "fuzz:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context) error {
	each := flag.Duration("time", 10*time.Second, "how long each target runs")
	flag.Parse()
	root, err := module.Root()
	if err != nil {
		return err
	}
	patterns := flag.Args()
	if len(patterns) == 0 {
		patterns = []string{"./..."}
	}
	targets, err := list(ctx, root, patterns)
	if err != nil {
		return err
	}
	return fuzzAll(ctx, os.Stdout, root, targets, *each)
}

// list returns the fuzz targets of the packages in the module at root.
func list(ctx context.Context, root string, patterns []string) ([]target, error) {
	cmd := exec.CommandContext(ctx, "go", append([]string{"test", "-json", "-list=^Fuzz"}, patterns...)...)
	cmd.Dir = root
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("list the targets: %w\n%s%s", err, stderr.Bytes(), out)
	}
	var targets []target
	lines := bufio.NewScanner(bytes.NewReader(out))
	for lines.Scan() {
		var e struct{ Action, Package, Output string }
		if err := json.Unmarshal(lines.Bytes(), &e); err != nil {
			return nil, fmt.Errorf("list the targets: %w", err)
		}
		if name := strings.TrimSpace(e.Output); e.Action == "output" && strings.HasPrefix(name, "Fuzz") {
			targets = append(targets, target{e.Package, name})
		}
	}
	// Packages are listed as their builds end.
	slices.SortFunc(targets, func(a, b target) int { return cmp.Or(cmp.Compare(a.pkg, b.pkg), cmp.Compare(a.name, b.name)) })
	return targets, lines.Err()
}

// fuzzAll runs each target for a time and reports on out. The error joins what
// failed; that there is no target is one too.
func fuzzAll(ctx context.Context, out io.Writer, root string, targets []target, each time.Duration) error {
	if len(targets) == 0 {
		return errors.New("no fuzz target found")
	}
	var failed []error
	for i, t := range targets {
		fmt.Fprintf(out, "%d/%d %s %s\n", i+1, len(targets), t.pkg, t.name)
		cmd := exec.CommandContext(ctx, "go", "test", "-run=^$", "-fuzz=^"+t.name+"$", "-fuzztime="+each.String(), t.pkg)
		cmd.Dir, cmd.Stdout, cmd.Stderr = root, out, out
		cmd.Cancel = func() error { return cmd.Process.Signal(os.Interrupt) }
		if err := cmd.Run(); err != nil {
			failed = append(failed, fmt.Errorf("%s %s: %w", t.pkg, t.name, err))
		}
		if ctx.Err() != nil {
			return ctx.Err()
		}
	}
	fmt.Fprintf(out, "%d targets, %d failed\n", len(targets), len(failed))
	return errors.Join(failed...)
}
