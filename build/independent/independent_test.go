package independent

import (
	"context"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"sotto/build/chromium"
	"sotto/build/jstest"
)

// limit ends a file whose tests never end.
const limit = 2 * time.Minute

// TestIndependent runs the JavaScript tests of this folder in Chromium.
func TestIndependent(t *testing.T) {
	files, err := fs.Glob(os.DirFS("."), "*.test.js")
	if err != nil || len(files) == 0 {
		t.Fatalf("%d files, %v", len(files), err)
	}
	ctx, stop, err := chromium.Start(context.Background(), "")
	if err != nil {
		t.Fatal(err)
	}
	defer stop()
	for _, file := range files {
		t.Run(strings.TrimSuffix(file, ".test.js"), func(t *testing.T) {
			ctx, cancel := context.WithTimeout(ctx, limit)
			defer cancel()
			results, err := jstest.Run(ctx, filepath.Join(".", file))
			if err != nil {
				t.Fatal(err)
			}
			if len(results) == 0 {
				t.Error("no tests")
			}
			for _, r := range results {
				t.Run(r.Name, func(t *testing.T) {
					if r.Error != "" {
						t.Error(r.Error)
					}
				})
			}
		})
	}
}
