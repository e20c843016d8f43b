package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"
)

// event is one line of `go test -json`: see `go doc test2json`.
type event struct {
	Action     string
	Package    string
	ImportPath string // of build-output and build-fail
	Test       string
	Output     string
	Elapsed    float64 // seconds
}

// report reads the events of a run, shows what matters and counts.
type report struct {
	out      io.Writer
	count    count
	packages map[string]*packageRun
}

// packageRun is a package whose tests are running.
type packageRun struct {
	tests map[string]*testRun // by name; "" is the package itself
	order []string            // of tests, as they started
}

// testRun is one test. action is how it ended, "" while it runs.
type testRun struct {
	action string
	output strings.Builder
}

// read consumes the whole output of a run. Lines that are no events are shown as
// they are.
func (r *report) read(stream io.Reader) error {
	lines := bufio.NewReader(stream)
	for {
		line, err := lines.ReadBytes('\n')
		if len(line) > 0 {
			var e event
			if json.Unmarshal(line, &e) == nil && e.Action != "" {
				r.take(e)
			} else {
				r.out.Write(line)
			}
		}
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
	}
}

// take processes one event.
func (r *report) take(e event) {
	if e.Action == "build-output" {
		fmt.Fprint(r.out, e.Output)
		return
	}
	if e.Package == "" {
		return
	}
	p := r.packages[e.Package]
	if p == nil {
		p = &packageRun{tests: map[string]*testRun{}}
		r.packages[e.Package] = p
	}
	t := p.tests[e.Test]
	if t == nil {
		t = &testRun{}
		p.tests[e.Test] = t
		p.order = append(p.order, e.Test)
	}
	switch e.Action {
	case "output":
		t.output.WriteString(e.Output)
	case "pass", "fail", "skip":
		t.action = e.Action
		if e.Test == "" {
			r.finish(e, p)
			delete(r.packages, e.Package)
		}
	}
}

// finish shows and counts a package that has ended.
func (r *report) finish(e event, p *packageRun) {
	var c count
	for _, name := range p.order {
		if name == "" || p.countsByItsSubtests(name) {
			continue
		}
		switch p.tests[name].action {
		case "pass":
			c.Passed++
		case "skip":
			c.Skipped++
			r.show(p, name)
		default: // failed, or still running when the program ended
			c.Failed++
			r.showWithParents(p, name)
		}
	}
	if e.Action == "fail" {
		r.show(p, "")
		c.Failed = max(c.Failed, 1) // did not build, or ended by itself
	}
	r.count.Passed += c.Passed
	r.count.Failed += c.Failed
	r.count.Skipped += c.Skipped
	if e.Action == "fail" || c != (count{}) {
		fmt.Fprintf(r.out, "%-4s %s %s (%.1f s)\n", e.Action, e.Package, c, e.Elapsed)
	}
}

// countsByItsSubtests reports whether the subtests of a test say how it ended:
// there are some, and if it failed one of them did.
func (p *packageRun) countsByItsSubtests(name string) bool {
	failed := p.tests[name].action != "pass" && p.tests[name].action != "skip"
	return slices.ContainsFunc(p.order, func(other string) bool {
		if !strings.HasPrefix(other, name+"/") {
			return false
		}
		a := p.tests[other].action
		return !failed || (a != "pass" && a != "skip")
	})
}

// showWithParents shows the output of a test and of those it is part of, once.
func (r *report) showWithParents(p *packageRun, name string) {
	for i, c := range name {
		if c == '/' {
			r.show(p, name[:i])
		}
	}
	r.show(p, name)
}

// show prints the output of a test, which is then forgotten.
func (r *report) show(p *packageRun, name string) {
	t := p.tests[name]
	if t == nil {
		return
	}
	io.WriteString(r.out, t.output.String())
	t.output.Reset()
}

// unfinished counts the packages that never ended, as failed.
func (r *report) unfinished() {
	for name, p := range r.packages {
		fmt.Fprintf(r.out, "fail %s: ended before its tests did\n", name)
		for _, t := range p.order {
			r.show(p, t)
		}
		r.count.Failed++
	}
}
