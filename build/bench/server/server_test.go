package server

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

func TestStart(t *testing.T) {
	s, err := Start(t.Context(), append(os.Environ(), "SAY=at http://127.0.0.1:1/"), "sh", "-c", `echo starting; echo "$SAY" >&2; exec sleep 60`)
	if err != nil {
		t.Fatal(err)
	}
	if s.Origin != "http://127.0.0.1:1" {
		t.Errorf("address %q", s.Origin)
	}
	for m := 0.0; m < 1000; { // while the program is exchanged it has none
		m, _ = s.Memory()
	}
	if err := s.Stop(); err == nil || !strings.Contains(err.Error(), "starting") {
		t.Errorf("sleep ends by a signal and what was said is told: %v", err)
	}
	if err := s.Stop(); err == nil {
		t.Error("the second stop tells something else")
	}
}

func TestStartOfWhatEnds(t *testing.T) {
	_, err := Start(t.Context(), nil, "sh", "-c", "echo no room; exit 3")
	if err == nil || !strings.Contains(err.Error(), "no room") {
		t.Errorf("got %v", err)
	}
	if _, err := Start(t.Context(), nil, t.TempDir()+"/nothing"); err == nil {
		t.Error("nothing was started")
	}
}

func TestStop(t *testing.T) {
	s, err := Start(t.Context(), nil, "sh", "-c", `trap 'exit 0' TERM; echo http://127.0.0.1:1; while :; do sleep 0.05; done`)
	if err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if err := s.Stop(); err != nil {
			t.Error(err)
		}
	}
	if _, err := os.Stat("/proc/self"); err == nil {
		if _, err := s.Memory(); err == nil {
			t.Error("the process is still there")
		}
	}
}

// TestStopWithContext has a process that tells how often it was told to stop.
func TestStopWithContext(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	told := filepath.Join(t.TempDir(), "told")
	s, err := Start(ctx, append(os.Environ(), "TOLD="+told), "sh", "-c",
		`trap 'echo told >> "$TOLD"; n=1' TERM; n=0; echo http://127.0.0.1:1; while [ $n = 0 ]; do sleep 0.05; done`)
	if err != nil {
		t.Fatal(err)
	}
	cancel()
	if err := s.Stop(); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
	if lines, err := os.ReadFile(told); err != nil || string(lines) != "told\n" {
		t.Errorf("it was told %q, %v", lines, err)
	}
}

func TestParsePSS(t *testing.T) {
	cases := map[string]struct {
		data string
		want float64
		ok   bool
	}{
		"rollup":  {"00400000-7ffd [rollup]\nRss:  20 kB\nPss:     12 kB\nPss_Anon:  3 kB\n", 12 * 1024, true},
		"no line": {"Rss: 20 kB\n", 0, false},
		"no unit": {"Pss: 20\n", 0, false},
	}
	for name, c := range cases {
		got, err := parsePSS([]byte(c.data))
		if got != c.want || (err == nil) != c.ok {
			t.Errorf("%s: %v, %v", name, got, err)
		}
	}
}

func TestParseStat(t *testing.T) {
	cases := map[string]struct {
		data string
		want time.Duration
		ok   bool
	}{
		"usual":      {"7 (sotto) S 1 2 3 4 5 6 7 8 9 10 150 50 0 0 20", 2 * time.Second, true},
		"odd name":   {"7 (a) b (c)) S 1 2 3 4 5 6 7 8 9 10 1 0 0 0 20", 10 * time.Millisecond, true},
		"short":      {"7 (sotto) S 1 2", 0, false},
		"no numbers": {"7 (sotto) S 1 2 3 4 5 6 7 8 9 10 x y 0", 0, false},
		"nothing":    {"", 0, false},
	}
	for name, c := range cases {
		if got, err := parseStat([]byte(c.data)); got != c.want || (err == nil) != c.ok {
			t.Errorf("%s: %v, %v", name, got, err)
		}
	}
}

func TestOwnProcessor(t *testing.T) {
	before, err := OwnProcessor()
	if err != nil {
		t.Fatal(err)
	}
	for now := before; now == before; { // the loop itself takes processor time
		if now, err = OwnProcessor(); err != nil {
			t.Fatal(err)
		}
	}
}

func TestRaiseFiles(t *testing.T) {
	if err := RaiseFiles(64); err != nil {
		t.Error(err)
	}
	if err := RaiseFiles(1 << 40); err == nil {
		t.Error("there is no system with so many files")
	}
}
