// Bench measures Sotto and prints what it finds: a line for the machine, then a line for each figure with the median,
// the least and the most of its runs, and what is aimed at.
//
//	bench [-runs N] [-only REGEXP] [-messages N] [-keep FOLDER] [-profile FILE]
//
// Everything runs on this machine, over loopback: the real binary as a process of its own, the real application in
// Chromium, real engines natively, and a load of raw connections where engines would be what is measured. What is set
// against something else is measured beside it in the same run. Ratios tell more than figures: the server, its load
// and the browser share the processors, and with whatever else runs.
//
// The large conversation has N messages (100,000). They are really written and really received, which takes minutes: with
// -keep FOLDER the server's data and the browser's profile stay there, and the next time they are measured again.
//
// The application and the binary must have been built (`task build`). With -profile FILE the servers are not the
// binary but this program with the same packages and no rates, and FILE.1, FILE.2 … hold their processor profiles for
// `go tool pprof`, in the order in which they were started; FILE.0 is that of the load.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"regexp"
	"slices"
	"syscall"
	"time"

	"sotto/build/bench/figure"
)

// measurement is one part of the report.
type measurement struct {
	name  string
	limit time.Duration // it fails after that
	run   func(ctx context.Context, b *bench) ([]figure.Figure, error)
}

// measurements are all there are, in the order of the report.
func measurements() []measurement {
	return []measurement{
		{"size", time.Minute, size},
		{"load", 5 * time.Minute, load},
		{"join", 10 * time.Minute, join},
		{"browser", 15 * time.Minute, inBrowser},
		{"talk", 5 * time.Minute, talk},
		{"large", 2 * time.Hour, large},
		{"native", 5 * time.Minute, native},
		{"wire", 2 * time.Minute, onWire},
		{"groups", 10 * time.Minute, groups},
		{"acked", 15 * time.Minute, acked},
		{"idle", 15 * time.Minute, idle},
		{"deliveries", 10 * time.Minute, deliveries},
	}
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, os.Args[1:], os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, args []string, out io.Writer) error {
	flags := flag.NewFlagSet("bench", flag.ContinueOnError)
	runs := flags.Int("runs", 5, "how often each figure is measured")
	only := flags.String("only", "", "measure only what this regular expression matches of: size load join browser talk large native wire groups acked idle deliveries")
	large := flags.Int("messages", 100_000, "how many messages the large conversation has")
	keep := flags.String("keep", "", "keep the large conversation in this folder, or measure the one that is there")
	profile := flags.String("profile", "", "write the processor profiles of the servers to files that begin with this")
	serve := flags.String("serve", "", "be the server on this data folder (used with -profile)")
	if err := flags.Parse(args); err != nil {
		return err
	}
	if *serve != "" {
		return serveProfiled(ctx, *serve, *profile, out)
	}
	pattern, err := regexp.Compile(*only)
	if err != nil {
		return fmt.Errorf("-only: %w", err)
	}
	if *runs < 1 {
		return fmt.Errorf("-runs: %d, want at least 1", *runs)
	}
	if *large < leastLarge {
		return fmt.Errorf("-messages: %d, want at least %d", *large, leastLarge)
	}
	b, err := newBench(*runs, *large, *keep, *profile)
	if err != nil {
		return err
	}
	defer b.close()
	fmt.Fprintln(out, machine(ctx))
	chosen := slices.DeleteFunc(measurements(), func(m measurement) bool { return !pattern.MatchString(m.name) })
	stop, err := b.profileLoad()
	if err != nil {
		return err
	}
	return errors.Join(b.report(ctx, out, chosen), stop())
}

// report runs measurements and prints their figures as they come.
func (b *bench) report(ctx context.Context, out io.Writer, chosen []measurement) error {
	var failed []error
	for _, m := range chosen {
		fmt.Fprintf(out, "\n%s\n", m.name)
		figures, err := b.measure(ctx, m)
		for _, f := range figures {
			if len(f.Values) > 0 {
				fmt.Fprintln(out, "  "+f.Line())
			}
		}
		if err != nil {
			fmt.Fprintln(out, "  failed:", err)
			failed = append(failed, fmt.Errorf("%s: %w", m.name, err))
		}
		if ctx.Err() != nil {
			break
		}
	}
	return errors.Join(failed...)
}

func (b *bench) measure(ctx context.Context, m measurement) ([]figure.Figure, error) {
	limited, cancel := context.WithTimeoutCause(ctx, m.limit, fmt.Errorf("not done after %s", m.limit))
	defer cancel()
	figures, err := m.run(limited, b)
	if err != nil && limited.Err() != nil {
		err = errors.Join(context.Cause(limited), err)
	}
	return figures, err
}
