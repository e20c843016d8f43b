package figure

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
)

// nameWidth is the width of the column of names.
const nameWidth = 58

// Line is a figure as one line: its name, the median, the least and the most of the runs, and the aim.
func (f Figure) Line() string {
	line := fmt.Sprintf("%-*s %14s", nameWidth, f.Name, Format(f.Median(), f.Unit))
	if len(f.Values) > 1 {
		line += fmt.Sprintf("  %-32s", fmt.Sprintf("(%s to %s, %d runs)",
			number(scale(slices.Min(f.Values), f.Unit)), number(scale(slices.Max(f.Values), f.Unit)), len(f.Values)))
	} else {
		line += strings.Repeat(" ", 34)
	}
	if f.Aim != nil {
		line += "  " + f.Aim.words(f)
	}
	return strings.TrimRight(line, " ")
}

func (a Aim) words(f Figure) string {
	bound, verdict := "at most ", "met"
	if a.Least {
		bound = "at least "
	}
	if !a.Met(f.Median()) {
		verdict = "NOT MET"
	}
	return bound + Format(a.Bound, f.Unit) + ": " + verdict
}

// Format is a value with its unit.
func Format(value float64, unit Unit) string {
	return strings.TrimSpace(number(scale(value, unit)) + " " + string(unit))
}

// scale turns a value from its unit's base into the unit.
func scale(value float64, unit Unit) float64 {
	switch unit {
	case Megabytes:
		return value / 1e6
	case Kilobytes:
		return value / 1e3
	case Time:
		return value * 1e3
	case Micro:
		return value * 1e6
	}
	return value
}

// number prints three significant digits of small values and all digits before the point of large ones, in threes.
func number(v float64) string {
	switch abs := math.Abs(v); {
	case v == math.Trunc(v) && abs < 1e15:
		return threes(strconv.FormatFloat(v, 'f', 0, 64))
	case abs >= 100:
		return threes(strconv.FormatFloat(v, 'f', 0, 64))
	case abs >= 10:
		return strconv.FormatFloat(v, 'f', 1, 64)
	case abs >= 0.1:
		return strconv.FormatFloat(v, 'f', 2, 64)
	}
	return strconv.FormatFloat(v, 'g', 2, 64)
}

// threes puts commas between groups of three digits.
func threes(digits string) string {
	sign := ""
	if strings.HasPrefix(digits, "-") {
		sign, digits = "-", digits[1:]
	}
	var groups []string
	for len(digits) > 3 {
		groups = append([]string{digits[len(digits)-3:]}, groups...)
		digits = digits[:len(digits)-3]
	}
	return sign + strings.Join(append([]string{digits}, groups...), ",")
}
