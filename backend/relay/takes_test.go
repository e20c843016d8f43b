package relay

import "testing"

func TestTakeMany(t *testing.T) {
	const slow = 0.0001
	for name, c := range map[string]struct {
		burst int
		takes []int
		pass  int // so many of the takes
	}{
		"one by one":            {3, []int{1, 1, 1, 1}, 3},
		"all at once":           {3, []int{3, 1}, 1},
		"more than is left":     {3, []int{2, 2}, 1},
		"nothing":               {1, []int{0, 0, 1, 0, 1}, 4},
		"more than ever may":    {3, []int{9, 1}, 1},
		"more than ever, later": {3, []int{1, 9}, 1},
		"none may":              {0, []int{1}, 0},
	} {
		r := newRates[string](Rate{PerSecond: slow, Burst: c.burst})
		for i, n := range c.takes {
			if passes := r.takeMany("key", n) == 0; passes != (i < c.pass) {
				t.Errorf("%s: take %d of %d passes: %v", name, i, n, passes)
			}
		}
		if c.burst > 0 && r.take("other") != 0 {
			t.Errorf("%s: another key has to wait", name)
		}
	}
}
