package main

import (
	"os"
	"slices"
	"strings"
	"testing"
	"time"
)

// fixture copies the fixture, because a broken target leaves its input there.
func fixture(t *testing.T) string {
	t.Helper()
	root := t.TempDir()
	if err := os.CopyFS(root, os.DirFS("testdata/fixture")); err != nil {
		t.Fatal(err)
	}
	return root
}

func TestEveryTargetIsFoundAndRun(t *testing.T) {
	root := fixture(t)
	targets, err := list(t.Context(), root, []string{"./..."})
	want := []target{{"fixture/bad", "FuzzEmpty"}, {"fixture/good", "FuzzLength"}, {"fixture/good", "FuzzOther"}}
	if err != nil || !slices.Equal(targets, want) {
		t.Fatalf("found %v (%v), want %v", targets, err, want)
	}
	var out strings.Builder
	err = fuzzAll(t.Context(), &out, root, targets, 100*time.Millisecond)
	if err == nil || !strings.Contains(err.Error(), "fixture/bad FuzzEmpty") || strings.Contains(err.Error(), "good") {
		t.Errorf("error %v, want one of FuzzEmpty alone", err)
	}
	if !strings.Contains(out.String(), "more than nothing") || !strings.Contains(out.String(), "3 targets, 1 failed") {
		t.Errorf("output:\n%s", out.String())
	}
}

func TestNoTargetsIsAFailure(t *testing.T) {
	if err := fuzzAll(t.Context(), new(strings.Builder), t.TempDir(), nil, time.Second); err == nil {
		t.Error("nothing to run was taken for success")
	}
}
