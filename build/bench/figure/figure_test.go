package figure

import (
	"math"
	"slices"
	"strings"
	"testing"
)

func TestPercentile(t *testing.T) {
	cases := []struct {
		name   string
		values []float64
		p      float64
		want   float64
	}{
		{"none", nil, 50, 0},
		{"one", []float64{7}, 99, 7},
		{"median of odd", []float64{9, 1, 5}, 50, 5},
		{"median of even", []float64{4, 1, 3, 2}, 50, 2.5},
		{"least", []float64{3, 1, 2}, 0, 1},
		{"most", []float64{3, 1, 2}, 100, 3},
		{"between two", []float64{0, 10}, 75, 7.5},
		{"99 of 101", hundred(), 99, 99},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			before := slices.Clone(c.values)
			if got := Percentile(c.values, c.p); math.Abs(got-c.want) > 1e-9 {
				t.Errorf("got %v, want %v", got, c.want)
			}
			if !slices.Equal(before, c.values) {
				t.Error("the values were changed")
			}
		})
	}
}

// hundred is 0 to 100, backwards.
func hundred() []float64 {
	var values []float64
	for v := 100.0; v >= 0; v-- {
		values = append(values, v)
	}
	return values
}

func TestRatios(t *testing.T) {
	got := Ratios([]float64{1, 6, 5, 1}, []float64{2, 3, 0})
	if !slices.Equal(got, []float64{0.5, 2}) {
		t.Errorf("got %v", got)
	}
}

func TestFormat(t *testing.T) {
	cases := map[string]struct {
		value float64
		unit  Unit
	}{
		"0.93 MB":      {929_412, Megabytes},
		"16.3 KB":      {16_300, Kilobytes},
		"24 ms":        {0.024, Time},
		"0.024 ms":     {0.0000244, Time},
		"1,234 ms":     {1.2341, Time},
		"24.4 µs":      {0.0000244, Micro},
		"95,123 /s":    {95_123.4, PerSecond},
		"21.8 /s":      {21.84, PerSecond},
		"0.48 of it":   {0.482, Ratio},
		"1,000 bytes":  {1000, Bytes},
		"12,345,678":   {12_345_678, Count},
		"-1,234 bytes": {-1234, Bytes},
	}
	for want, c := range cases {
		if got := Format(c.value, c.unit); got != want {
			t.Errorf("%v %s is printed %q, want %q", c.value, c.unit, got, want)
		}
	}
}

func TestLine(t *testing.T) {
	cases := []struct {
		figure Figure
		want   []string
	}{
		{
			Figure{Name: "sealed", Unit: PerSecond, Values: []float64{390, 410, 420}, Aim: AtLeast(400)},
			[]string{"sealed ", "410 /s", "(390 to 420, 3 runs)", "at least 400 /s: met"},
		},
		{
			Figure{Name: "opened", Unit: PerSecond, Values: []float64{4999}, Aim: AtLeast(5000)},
			[]string{"opened ", "4,999 /s", "at least 5,000 /s: NOT MET"},
		},
		{
			Figure{Name: "size", Unit: Megabytes, Values: []float64{1.3e6}, Aim: AtMost(1.2e6)},
			[]string{"1.30 MB", "at most 1.20 MB: NOT MET"},
		},
		{
			Figure{Name: "load", Unit: Time, Values: []float64{0.2}, Aim: AtMost(0.5)},
			[]string{"200 ms", "at most 500 ms: met"},
		},
		{Figure{Name: "plain", Unit: Count, Values: []float64{3, 4}}, []string{"3.50", "(3 to 4, 2 runs)"}},
	}
	for _, c := range cases {
		line := c.figure.Line()
		for _, want := range c.want {
			if !strings.Contains(line, want) {
				t.Errorf("%q lacks %q", line, want)
			}
		}
		if strings.HasSuffix(line, " ") {
			t.Errorf("%q ends with a space", line)
		}
	}
}
