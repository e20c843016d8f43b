package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"regexp"
	"strconv"

	"sotto/build/bench/figure"
	"sotto/build/inbrowser"
	"sotto/wasm/epoch"
)

// sizes are the groups that are measured, in devices.
var sizes = []int{2, 50, epoch.MaxDevices}

// groups is what a commit costs by the number of devices: to make one, to open one, in Chromium and natively. It is the
// benchmark of the protocol's own tests, with all checks and no relay.
func groups(ctx context.Context, b *bench) ([]figure.Figure, error) {
	dir, err := b.folder()
	if err != nil {
		return nil, err
	}
	runner, err := inbrowser.Runner(ctx, b.root, dir, os.Stderr)
	if err != nil {
		return nil, err
	}
	browser, err := b.crowds(ctx, inbrowser.Environment(os.Environ(), dir), "-exec", runner)
	if err != nil {
		return nil, err
	}
	native, err := b.crowds(ctx, os.Environ())
	if err != nil {
		return nil, err
	}
	var figures []figure.Figure
	for _, n := range sizes {
		made := figure.Figure{Name: fmt.Sprintf("commit to %d devices made in Chromium", n), Unit: figure.Time, Values: browser[crowdKey{"commit", n}]}
		opened := figure.Figure{Name: fmt.Sprintf("commit to %d devices opened in Chromium", n), Unit: figure.Time, Values: browser[crowdKey{"open", n}]}
		if n == epoch.MaxDevices {
			made.Aim, opened.Aim = figure.AtMost(0.3), figure.AtMost(0.1)
		}
		figures = append(figures, made, opened,
			figure.Figure{Name: "  made natively", Unit: figure.Time, Values: native[crowdKey{"commit", n}]},
			figure.Figure{Name: "  opened natively", Unit: figure.Time, Values: native[crowdKey{"open", n}]})
	}
	return figures, nil
}

// crowdKey is what was done in a group of so many devices.
type crowdKey struct {
	what string
	n    int
}

// crowdLine is a line of `go test -bench`.
var crowdLine = regexp.MustCompile(`(?m)^BenchmarkCrowd/(\w+)/(\d+)(?:-\d+)?\s+\d+\s+(\d+(?:\.\d+)?) ns/op`)

// crowds runs the benchmark so often and gives the seconds that each thing took in each run.
func (b *bench) crowds(ctx context.Context, env []string, flags ...string) (map[crowdKey][]float64, error) {
	args := append([]string{"test", "-run=^$", "-bench=^BenchmarkCrowd$", "-benchtime=5x", "-count=" + strconv.Itoa(b.runs)}, flags...)
	cmd := exec.CommandContext(ctx, "go", append(args, "./wasm/vectors/subtle")...)
	cmd.Dir, cmd.Env = b.root, env
	out, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("%w: %s", err, out)
	}
	return readCrowds(out)
}

func readCrowds(out []byte) (map[crowdKey][]float64, error) {
	found := map[crowdKey][]float64{}
	for _, m := range crowdLine.FindAllSubmatch(out, -1) {
		n, errN := strconv.Atoi(string(m[2]))
		ns, errNs := strconv.ParseFloat(string(m[3]), 64)
		if err := errors.Join(errN, errNs); err != nil {
			return nil, err
		}
		key := crowdKey{string(m[1]), n}
		found[key] = append(found[key], ns/1e9)
	}
	if len(found) == 0 {
		return nil, errors.New("the benchmark printed no figures")
	}
	return found, nil
}
