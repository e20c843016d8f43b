// Package build holds the packed browser application inside the server binary.
//
// The program build/pack writes dist: page, bundles, WASM, their compressed
// forms and manifest.json. This package embeds what lies there when the server
// is compiled, so that one file is the whole of Sotto. On a fresh checkout dist
// has only a placeholder; the package still compiles and Dist is then empty but
// for that file.
package build

import (
	"embed"
	"io/fs"
)

// all: keeps the placeholder, whose name starts with a dot, in the pattern;
// without it a fresh checkout would not compile.
//
//go:embed all:dist
var dist embed.FS

// Dist returns the packed application, rooted so that index.html,
// manifest.json and a/ are at the top. Without a run of build/pack these files
// are absent (fs.ErrNotExist).
func Dist() fs.FS {
	sub, err := fs.Sub(dist, "dist")
	if err != nil {
		panic(err) // impossible: "dist" is a constant, valid path
	}
	return sub
}
