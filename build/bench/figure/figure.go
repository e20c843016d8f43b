// Package figure is what a benchmark finds out: named values of several runs, what is aimed at, and how both are
// printed.
package figure

import "slices"

// Unit says what a value counts and how it is printed.
type Unit string

// The units. A value is in the unit's base: bytes, seconds, operations in a second.
const (
	Bytes     Unit = "bytes"
	Megabytes Unit = "MB" // of 1,000,000 bytes; the value is in bytes
	Kilobytes Unit = "KB" // of 1,000 bytes; the value is in bytes
	Time      Unit = "ms" // the value is in seconds
	Micro     Unit = "µs" // the value is in seconds
	PerSecond Unit = "/s"
	Ratio     Unit = "of it"
	Pixels    Unit = "px"
	Count     Unit = ""
)

// Figure is one line of the report.
type Figure struct {
	Name   string
	Unit   Unit
	Values []float64 // one for each run
	Aim    *Aim      // nil where nothing is aimed at
}

// Aim is a bound that the median is to keep.
type Aim struct {
	Bound float64 // in the base of the figure's unit
	Least bool    // the value is to be at least that, else at most
}

// AtMost and AtLeast are aims.
func AtMost(bound float64) *Aim { return &Aim{Bound: bound} }

// AtLeast is the other one.
func AtLeast(bound float64) *Aim { return &Aim{Bound: bound, Least: true} }

// Met says whether a value keeps the aim.
func (a Aim) Met(value float64) bool {
	if a.Least {
		return value >= a.Bound
	}
	return value <= a.Bound
}

// Median is the value in the middle of the runs, the mean of two where their number is even. It is 0 without runs.
func (f Figure) Median() float64 { return Percentile(f.Values, 50) }

// Percentile is the value below which p percent of values lie, between two of them by their distance. It leaves values
// as they are and is 0 without any.
func Percentile(values []float64, p float64) float64 {
	if len(values) == 0 {
		return 0
	}
	sorted := slices.Sorted(slices.Values(values))
	at := p / 100 * float64(len(sorted)-1)
	low := int(at)
	if low >= len(sorted)-1 {
		return sorted[len(sorted)-1]
	}
	return sorted[low] + (at-float64(low))*(sorted[low+1]-sorted[low])
}

// Ratios divides the runs of one figure by those of another, run by run.
func Ratios(over, under []float64) []float64 {
	var ratios []float64
	for i := range min(len(over), len(under)) {
		if under[i] != 0 {
			ratios = append(ratios, over[i]/under[i])
		}
	}
	return ratios
}
