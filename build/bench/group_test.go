package main

import (
	"slices"
	"testing"
)

func TestReadCrowds(t *testing.T) {
	found, err := readCrowds([]byte(`goos: linux
BenchmarkCrowd/commit/2-2         	       5	   4000000 ns/op
BenchmarkCrowd/open/500           	       5	  90500000.5 ns/op
BenchmarkCrowd/commit/2-2         	       5	   6000000 ns/op
PASS
`))
	if err != nil {
		t.Fatal(err)
	}
	if got := found[crowdKey{"commit", 2}]; !slices.Equal(got, []float64{0.004, 0.006}) {
		t.Errorf("commit: %v", got)
	}
	if got := found[crowdKey{"open", 500}]; len(got) != 1 || got[0] < 0.0905 || got[0] > 0.0906 {
		t.Errorf("open: %v", got)
	}
	if _, err := readCrowds([]byte("PASS\n")); err == nil {
		t.Error("nothing was taken for figures")
	}
}
