//go:build attack

package main

import (
	"fmt"
	"slices"
	"strings"
)

// summary is one line of the design's list as SECURITY.md shows it.
type summary struct {
	line    string
	attacks int
	known   []string
	refused []string
}

// summaries gives the attacks by their lines.
func summaries(list []attack) []summary {
	var all []summary
	for _, a := range list {
		at := slices.IndexFunc(all, func(s summary) bool { return s.line == a.line })
		if at < 0 {
			at = len(all)
			all = append(all, summary{line: a.line})
		}
		s := &all[at]
		s.attacks++
		add := func(list *[]string, word string) {
			if !slices.Contains(*list, word) {
				*list = append(*list, word)
			}
		}
		for known := range strings.SplitSeq(a.known, "; ") {
			add(&s.known, brief(known))
		}
		if len(a.by) == 0 {
			add(&s.refused, a.instead)
		} else {
			add(&s.refused, string(a.by[0]))
		}
	}
	return all
}

// brief leaves out what is said behind a name with a year.
func brief(known string) string {
	if name, _, found := strings.Cut(known, ": "); found && strings.ContainsAny(name, "0123456789") {
		return name
	}
	return known
}

// markdown is the table of SECURITY.md.
func markdown(list []attack) string {
	var b strings.Builder
	b.WriteString("| attack | variants | known from | refused by |\n| --- | --- | --- | --- |\n")
	for _, s := range summaries(list) {
		fmt.Fprintf(&b, "| %s | %d | %s | %s |\n", s.line, s.attacks, strings.Join(s.known, "; "), strings.Join(s.refused, ", "))
	}
	return b.String()
}
