package build_test

import (
	"maps"
	"slices"
	"strings"
)

// graph is what each package or file imports by itself.
type graph map[string][]string

// rule forbids imports. The lists hold import paths; one that ends with /... also
// means all below, and "..." alone is everything.
type rule struct {
	name   string
	why    string
	from   []string // whose imports
	except []string // but not theirs
	never  []string // what must not be imported
	unless []string // but this may
	direct bool     // through others it may be
}

// subjects returns the nodes of g that the rule is about, sorted.
func (r rule) subjects(g graph) []string {
	var found []string
	for _, p := range slices.Sorted(maps.Keys(g)) {
		if matches(r.from, p) && !matches(r.except, p) {
			found = append(found, p)
		}
	}
	return found
}

// violations returns what in g breaks the rule, each as the way from a subject to
// what it must not import.
func (r rule) violations(g graph) []string {
	var found []string
	for _, p := range r.subjects(g) {
		for _, way := range r.ways(g, p) {
			found = append(found, strings.Join(way, " imports "))
		}
	}
	return found
}

// ways returns the shortest way from p to each forbidden import.
func (r rule) ways(g graph, p string) [][]string {
	var found [][]string
	seen := map[string]bool{p: true}
	for queue := [][]string{{p}}; len(queue) > 0; queue = queue[1:] {
		way := queue[0]
		for _, next := range g[way[len(way)-1]] {
			if seen[next] {
				continue
			}
			seen[next] = true
			further := append(slices.Clone(way), next)
			if matches(r.never, next) && !matches(r.unless, next) {
				found = append(found, further)
			} else if !r.direct {
				queue = append(queue, further)
			}
		}
	}
	return found
}

// matches reports whether a path is one of patterns.
func matches(patterns []string, path string) bool {
	return slices.ContainsFunc(patterns, func(pattern string) bool {
		prefix, below := strings.CutSuffix(pattern, "...")
		prefix = strings.TrimSuffix(prefix, "/")
		return path == prefix || below && (prefix == "" || strings.HasPrefix(path, prefix+"/"))
	})
}
