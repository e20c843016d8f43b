package main

import (
	"path/filepath"
	"strings"
	"testing"

	"sotto/build/module"
)

// TestBrowser runs this module's own fixture in Chromium: the tests must run
// there, and one that fails there must fail the suite.
func TestBrowser(t *testing.T) {
	root, err := module.Root()
	if err != nil {
		t.Fatal(err)
	}
	cases := []struct {
		name, dir string
		want      count
		shows     string
	}{
		{"passes", "inbrowser", count{4, 0, 0}, ""},
		{"fails", "inbrowserbad", count{1, 2, 0}, "there is no window"},
		{"panics", "inbrowserpanic", count{1, 1, 0}, "runtime error: index out of range"},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			var out strings.Builder
			s := suite{root: root, browser: true}
			dir := "./" + filepath.ToSlash(filepath.Join("build", "suite", "testdata", tc.dir))
			c, err := s.run(t.Context(), []string{"-count=1", dir}, &out)
			if err != nil || c != tc.want || !strings.Contains(out.String(), tc.shows) {
				t.Errorf("count %v, %v, want %v and %q\n%s", c, err, tc.want, tc.shows, out.String())
			}
		})
	}
}
