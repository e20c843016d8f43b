package main

import (
	"context"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"sotto/build/bench/figure"
	"sotto/build/testkeys"
)

func TestFlags(t *testing.T) {
	cases := map[string]struct {
		args []string
		want string
	}{
		"no runs":      {[]string{"-runs=0"}, "-runs"},
		"few messages": {[]string{"-messages=10"}, "-messages"},
		"no pattern":   {[]string{"-only=("}, "-only"},
		"unknown flag": {[]string{"-fast"}, "-fast"},
	}
	for name, c := range cases {
		err := run(t.Context(), c.args, new(strings.Builder))
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want something about %s", name, err, c.want)
		}
	}
}

// TestNothing measures nothing: the machine's line stands alone.
func TestNothing(t *testing.T) {
	var out strings.Builder
	if err := run(t.Context(), []string{"-only=^$"}, &out); err != nil {
		t.Fatal(err)
	}
	if strings.Count(out.String(), "\n") != 1 || !strings.Contains(out.String(), "cores, ") {
		t.Errorf("printed %q", out.String())
	}
}

func TestReportOfFailures(t *testing.T) {
	broken := errors.New("out of order")
	parts := []measurement{
		{"bad", 1 << 40, func(context.Context, *bench) ([]figure.Figure, error) { return nil, broken }},
		{"late", 1, func(ctx context.Context, _ *bench) ([]figure.Figure, error) { <-ctx.Done(); return nil, ctx.Err() }},
		{"good", 1 << 40, func(context.Context, *bench) ([]figure.Figure, error) {
			return []figure.Figure{{Name: "answer", Values: []float64{42}}}, nil
		}},
	}
	var out strings.Builder
	err := new(bench).report(t.Context(), &out, parts)
	if !errors.Is(err, broken) || !strings.Contains(err.Error(), "late: not done after") {
		t.Errorf("got %v", err)
	}
	for _, want := range []string{"failed: out of order", "answer"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("%q is not in\n%s", want, out.String())
		}
	}
}

func TestEach(t *testing.T) {
	var sum atomic.Int64
	if err := each(t.Context(), 100, 7, func(_ context.Context, i int) error { sum.Add(int64(i)); return nil }); err != nil || sum.Load() != 4950 {
		t.Errorf("sum %d, %v", sum.Load(), err)
	}
	broken := errors.New("broken")
	err := each(t.Context(), 100, 7, func(ctx context.Context, i int) error {
		if i == 3 {
			return broken
		}
		if i > 50 {
			<-ctx.Done()
		}
		return nil
	})
	if !errors.Is(err, broken) {
		t.Errorf("got %v", err)
	}
}

func TestManifest(t *testing.T) {
	var m packed
	text := `{"build":"x","assets":[{"path":"a/12/worker.js","size":10,"br":4},{"path":"index.html","size":5,"br":2}]}`
	if err := json.Unmarshal([]byte(text), &m); err != nil {
		t.Fatal(err)
	}
	if at, err := m.asset("worker.js"); err != nil || at != "/a/12/worker.js" {
		t.Errorf("%q, %v", at, err)
	}
	if _, err := m.asset("sotto.wasm"); err == nil {
		t.Error("found what is not there")
	}
	if _, err := (&bench{root: t.TempDir()}).readManifest(); err == nil || !strings.Contains(err.Error(), "task build") {
		t.Errorf("without a build: %v", err)
	}
}

func TestMachine(t *testing.T) {
	cpu := "processor\t: 0\nmodel name\t: A Fine CPU @ 3.00GHz\nmodel name\t: another\n"
	if got := processor([]byte(cpu)); got != "A Fine CPU @ 3.00GHz" {
		t.Errorf("processor %q", got)
	}
	if got := installed([]byte("MemTotal:       24641536 kB\nMemFree: 1 kB\n")); got != "23.5 GiB" {
		t.Errorf("memory %q", got)
	}
	if got := installed([]byte("MemTotal: much\n")); got != "" {
		t.Errorf("memory %q", got)
	}
}

func TestCleanEnvironment(t *testing.T) {
	got := cleanEnvironment([]string{"A=1", "SOTTO_DATA=x", "SOTTOVOCE=2", "SOTTO_CHROMIUM=y"})
	if !slices.Equal(got, []string{"A=1", "SOTTOVOCE=2"}) {
		t.Errorf("got %q", got)
	}
}

func TestScript(t *testing.T) {
	got := script("f", "it's \"<b>\"", 3, []string{"a"}, true)
	if got != `f("it's \"\u003cb\u003e\"", 3, ["a"], true)` {
		t.Errorf("got %s", got)
	}
}

func TestForget(t *testing.T) {
	profile := t.TempDir()
	cached, kept := filepath.Join(profile, "Default", "Code Cache", "wasm"), filepath.Join(profile, "Default", "IndexedDB")
	for _, dir := range []string{cached, kept} {
		if err := os.MkdirAll(dir, 0o700); err != nil {
			t.Fatal(err)
		}
	}
	if err := forget(profile); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(cached); err == nil {
		t.Error("what was loaded is still there")
	}
	if _, err := os.Stat(kept); err != nil {
		t.Error("what the person has is gone")
	}
}

// TestPair seals and opens across the pages of a backlog.
func TestPair(t *testing.T) {
	b := &bench{pool: testkeys.NewPool()}
	people, err := b.crowd(2)
	if err != nil {
		t.Fatal(err)
	}
	writer, reader, err := newPair(people[0], people[1])
	if err != nil {
		t.Fatal(err)
	}
	for range 3 {
		event, err := writer.seal(text200)
		if err != nil {
			t.Fatal(err)
		}
		if err := reader.take(event); err != nil {
			t.Fatal(err)
		}
	}
	if reader.talk.Position() != 4 || writer.talk.Seen() != reader.talk.Seen() {
		t.Errorf("the reader is at %d", reader.talk.Position())
	}
	if len(text200) != 200 {
		t.Errorf("the text has %d bytes", len(text200))
	}
}
