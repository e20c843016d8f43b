package main

import (
	"path/filepath"
	"strings"
	"testing"
)

// runFixture runs packages of testdata/fixture.
func runFixture(t *testing.T, s suite, args ...string) (count, string) {
	t.Helper()
	root, err := filepath.Abs("testdata/fixture")
	if err != nil {
		t.Fatal(err)
	}
	s.root = root
	var out strings.Builder
	c, err := s.run(t.Context(), args, &out)
	if err != nil {
		t.Fatal(err)
	}
	return c, out.String()
}

func TestRunCountsAndShows(t *testing.T) {
	cases := []struct {
		name  string
		args  []string
		want  count
		good  bool
		shows []string
		hides []string
	}{
		{"tests that pass", []string{"./good"}, count{2, 0, 0}, true, nil, []string{"quiet"}},
		{"a test that fails", []string{"./bad"}, count{1, 1, 0}, false, []string{"one is not two"}, []string{"TestRight"}},
		{"a panic", []string{"./panics"}, count{1, 1, 0}, false, []string{"out of order"}, nil},
		{"a package that does not compile", []string{"./broken"}, count{0, 1, 0}, false, []string{"undefined: undefinedName"}, nil},
		{"a test that is skipped", []string{"./skips"}, count{0, 0, 1}, false, []string{"no reason to run"}, nil},
		{"a program that ends by itself", []string{"./exits"}, count{0, 1, 0}, false, []string{"TestExits"}, nil},
		{"subtests", []string{"./nested"}, count{2, 2, 1}, false, []string{"three is not four", "the parent fails", "not here"}, nil},
		{"no tests", []string{"./empty"}, count{0, 0, 0}, false, nil, nil},
		{"no such package", []string{"./none"}, count{0, 1, 0}, false, []string{"directory not found"}, nil},
		{"a good and a bad package", []string{"./good", "./bad"}, count{3, 1, 0}, false, []string{"one is not two"}, nil},
		{"a pattern that matches no test", []string{"-run=TestNone", "./good"}, count{0, 0, 0}, false, nil, nil},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			c, out := runFixture(t, suite{}, tc.args...)
			if c != tc.want || c.good() != tc.good {
				t.Errorf("count %v, good %v, want %v, %v\n%s", c, c.good(), tc.want, tc.good, out)
			}
			for _, s := range tc.shows {
				if strings.Count(out, s) != 1 {
					t.Errorf("%q is shown %d times, want once\n%s", s, strings.Count(out, s), out)
				}
			}
			for _, s := range tc.hides {
				if strings.Contains(out, s) {
					t.Errorf("%q is shown\n%s", s, out)
				}
			}
		})
	}
}

func TestExcept(t *testing.T) {
	c, out := runFixture(t, suite{except: []string{"./bad", "./broken", "./exits", "./nested", "./panics"}}, "./...")
	if want := (count{2, 0, 1}); c != want {
		t.Errorf("count %v, want %v\n%s", c, want, out)
	}
}

func TestTotal(t *testing.T) {
	cases := []struct {
		name  string
		notes map[string]count
		names []string
		want  count
		fails string // part of the error, "" for none
	}{
		{"all good", map[string]count{"a": {2, 0, 1}, "b": {3, 0, 0}}, []string{"a", "b"}, count{5, 0, 1}, ""},
		{"one failed", map[string]count{"a": {2, 1, 0}, "b": {3, 0, 0}}, []string{"a", "b"}, count{5, 1, 0}, "a: 2 passed, 1 failed"},
		{"one has no counts", map[string]count{"a": {2, 0, 0}}, []string{"a", "b"}, count{2, 1, 0}, "b did not finish"},
		{"one ran nothing", map[string]count{"a": {2, 0, 0}, "b": {0, 0, 4}}, []string{"a", "b"}, count{2, 1, 4}, "b: 0 passed"},
		{"none named", nil, nil, count{}, "no suite"},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			b := book{dir: filepath.Join(t.TempDir(), "suites")}
			for name, c := range tc.notes {
				if err := b.note(name, c); err != nil {
					t.Fatal(err)
				}
			}
			got, err := b.total(tc.names)
			if got != tc.want || (err == nil) != (tc.fails == "") || (err != nil && !strings.Contains(err.Error(), tc.fails)) {
				t.Errorf("got %v, %v, want %v and an error with %q", got, err, tc.want, tc.fails)
			}
		})
	}
}

func TestForgetAndRemove(t *testing.T) {
	b := book{dir: filepath.Join(t.TempDir(), "suites")}
	for _, forget := range []func() error{b.forget, func() error { return b.remove("a") }} {
		if err := forget(); err != nil { // nothing there yet
			t.Fatal(err)
		}
		if err := b.note("a", count{1, 0, 0}); err != nil {
			t.Fatal(err)
		}
		if err := forget(); err != nil {
			t.Fatal(err)
		}
		if _, err := b.total([]string{"a"}); err == nil {
			t.Error("the counts are still there")
		}
	}
}
