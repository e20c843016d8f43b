// Package module says where the module's files lie, for the programs and tests
// of the build, which may be started in any folder of it.
package module

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// ToolsFile is the module file of the pinned tools, from the root: the value of
// -modfile for `go tool`.
const ToolsFile = "build/tools.mod"

// Root returns the absolute path of the folder with the module's go.mod: the
// nearest one upwards of the working folder.
func Root() (string, error) {
	dir, err := os.Getwd()
	if err != nil {
		return "", fmt.Errorf("module root: %w", err)
	}
	for {
		_, err := os.Stat(filepath.Join(dir, "go.mod"))
		if err == nil {
			return dir, nil
		}
		if !errors.Is(err, fs.ErrNotExist) {
			return "", fmt.Errorf("module root: %w", err)
		}
		parent := filepath.Dir(dir)
		if parent == dir {
			return "", errors.New("module root: no go.mod upwards of the working folder")
		}
		dir = parent
	}
}
