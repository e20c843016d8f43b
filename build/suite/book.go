package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// count is how the tests of a suite ended. A test with subtests counts by them.
type count struct {
	Passed, Failed, Skipped int
}

// good reports whether something ran and all of it passed.
func (c count) good() bool { return c.Failed == 0 && c.Passed > 0 }

func (c count) String() string {
	return fmt.Sprintf("%d passed, %d failed, %d skipped", c.Passed, c.Failed, c.Skipped)
}

// book keeps the counts of suites, a file for each.
type book struct {
	dir string
}

func (b book) file(name string) string { return filepath.Join(b.dir, name+".json") }

// forget removes all counts.
func (b book) forget() error { return os.RemoveAll(b.dir) }

// remove removes the counts of a suite, if there are any.
func (b book) remove(name string) error {
	if err := os.Remove(b.file(name)); !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}

// note keeps the counts of a suite.
func (b book) note(name string, c count) error {
	data, err := json.Marshal(c)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(b.dir, 0o755); err != nil {
		return err
	}
	return os.WriteFile(b.file(name), data, 0o644)
}

// total adds up the counts of the named suites. A suite without counts is one
// failure. The error names the suites that failed.
func (b book) total(names []string) (count, error) {
	var sum count
	var failed []error
	for _, name := range names {
		c, err := b.read(name)
		switch {
		case err != nil:
			c.Failed = 1
			failed = append(failed, fmt.Errorf("%s did not finish: %w", name, err))
		case !c.good():
			c.Failed = max(c.Failed, 1)
			failed = append(failed, fmt.Errorf("%s: %s", name, c))
		}
		sum.Passed += c.Passed
		sum.Failed += c.Failed
		sum.Skipped += c.Skipped
	}
	if len(names) == 0 {
		return sum, errors.New("no suite is named")
	}
	return sum, errors.Join(failed...)
}

func (b book) read(name string) (count, error) {
	data, err := os.ReadFile(b.file(name))
	if err != nil {
		return count{}, err
	}
	var c count
	return c, json.Unmarshal(data, &c)
}
