package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"slices"
	"strings"
	"time"

	"sotto/build/apt"
	"sotto/build/inbrowser"
)

// suite is how a set of tests is run.
type suite struct {
	root    string   // of the module
	race    bool     // with the race detector
	browser bool     // compiled to js/wasm, in Chromium
	except  []string // package patterns left out
}

// run runs `go test` with args and shows and counts what comes of it. The error
// is for what kept the tests from running; failed tests are in the count.
func (s suite) run(ctx context.Context, args []string, out io.Writer) (count, error) {
	env := os.Environ()
	if s.race {
		if err := ensureCompiler(ctx, out); err != nil {
			return count{}, err
		}
		args = append([]string{"-race"}, args...)
		env = append(env, "CGO_ENABLED=1")
	}
	if s.browser {
		dir, err := os.MkdirTemp("", "sotto-wasmtest-")
		if err != nil {
			return count{}, err
		}
		defer os.RemoveAll(dir)
		runner, err := inbrowser.Runner(ctx, s.root, dir, out)
		if err != nil {
			return count{}, err
		}
		args = append([]string{"-exec", runner}, args...)
		env = inbrowser.Environment(env, dir)
	}
	args, err := s.leaveOut(ctx, env, args)
	if err != nil {
		return count{}, err
	}
	return s.goTest(ctx, env, args, out)
}

// goTest runs the go command until it ends and reads its events.
func (s suite) goTest(ctx context.Context, env, args []string, out io.Writer) (count, error) {
	cmd := exec.CommandContext(ctx, "go", append([]string{"test", "-json"}, args...)...)
	cmd.Dir, cmd.Env, cmd.Stderr = s.root, env, out
	cmd.Cancel = func() error { return cmd.Process.Signal(os.Interrupt) }
	cmd.WaitDelay = 10 * time.Second
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		return count{}, err
	}
	if err := cmd.Start(); err != nil {
		return count{}, err
	}
	r := &report{out: out, packages: map[string]*packageRun{}}
	readErr := r.read(stdout)
	err = cmd.Wait()
	r.unfinished()
	if _, failed := errors.AsType[*exec.ExitError](err); failed && r.count.Failed == 0 {
		r.count.Failed = 1 // go test failed before or beside any test
	} else if err != nil && !failed {
		return r.count, err
	}
	return r.count, readErr
}

// leaveOut replaces the package patterns at the end of args by the packages they
// match, less those that match except.
func (s suite) leaveOut(ctx context.Context, env, args []string) ([]string, error) {
	if len(s.except) == 0 {
		return args, nil
	}
	first := slices.IndexFunc(args, func(a string) bool { return strings.HasPrefix(a, "./") })
	if first < 0 {
		return nil, errors.New("-except needs packages that start with ./")
	}
	all, err := s.list(ctx, env, args[first:])
	if err != nil {
		return nil, err
	}
	out, err := s.list(ctx, env, s.except)
	if err != nil {
		return nil, err
	}
	kept := slices.DeleteFunc(all, func(p string) bool { return slices.Contains(out, p) })
	return append(slices.Clone(args[:first]), kept...), nil
}

// list returns the import paths that patterns match.
func (s suite) list(ctx context.Context, env, patterns []string) ([]string, error) {
	cmd := exec.CommandContext(ctx, "go", append([]string{"list"}, patterns...)...)
	var stderr bytes.Buffer
	cmd.Dir, cmd.Env, cmd.Stderr = s.root, env, &stderr
	out, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("list %s: %w\n%s", strings.Join(patterns, " "), err, stderr.Bytes())
	}
	return strings.Fields(string(out)), nil
}

// ensureCompiler makes sure that there is a C compiler, which links the race
// detector's runtime.
func ensureCompiler(ctx context.Context, log io.Writer) error {
	out, err := exec.CommandContext(ctx, "go", "env", "CC").Output()
	if err != nil {
		return fmt.Errorf("find the C compiler: %w", err)
	}
	if cc := strings.Fields(string(out)); len(cc) > 0 {
		if _, err := exec.LookPath(cc[0]); err == nil {
			return nil
		}
	}
	return apt.Install(ctx, log, "the race detector needs a C compiler", "gcc", "libc6-dev")
}
