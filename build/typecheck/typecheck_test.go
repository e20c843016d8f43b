// Package typecheck holds the tests of the JSDoc types of all JavaScript here,
// which TypeScript's compiler in Go checks.
package typecheck

import (
	"bytes"
	"os/exec"
	"strings"
	"testing"

	"sotto/build/module"
)

// check runs the compiler on a project, a folder with tsconfig.json given from
// the module's root, and returns what it found, "" for nothing.
func check(t *testing.T, project string) string {
	t.Helper()
	root, err := module.Root()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command("go", "tool", "-modfile="+module.ToolsFile, "tsgo", "--noEmit", "--pretty", "false", "-p", project)
	cmd.Dir = root
	var faults, progress bytes.Buffer // what it finds is on its output; go says beside it what it has to fetch first
	cmd.Stdout, cmd.Stderr = &faults, &progress
	err = cmd.Run()
	if (err == nil) != (faults.Len() == 0) {
		t.Fatalf("tsgo: %v, with the output %q and %q", err, &faults, &progress)
	}
	return faults.String()
}

func TestTypes(t *testing.T) {
	for _, project := range []string{"frontend", "build/jstest/shim"} {
		t.Run(project, func(t *testing.T) {
			if found := check(t, project); found != "" {
				t.Error(found)
			}
		})
	}
}

// TestAFaultIsFound shows that a fault in a JSDoc type is one.
func TestAFaultIsFound(t *testing.T) {
	found := check(t, "build/typecheck/testdata/wrong")
	if !strings.Contains(found, "wrong.js(6,20): error TS2345") || strings.Count(found, "error") != 1 {
		t.Errorf("found %q, want the one fault", found)
	}
}
