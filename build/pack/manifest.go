package main

import (
	"bytes"
	"cmp"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"path"
	"slices"
	"strings"
)

// manifest is build/dist/manifest.json: every file that the server serves.
type manifest struct {
	Build  string  `json:"build"` // 12 hex digits; the page shows the same
	Assets []entry `json:"assets"`
}

// entry is one file of a manifest. Its compressed forms lie beside it, at
// Path + ".br" and Path + ".gz".
type entry struct {
	Path   string `json:"path"`             // below dist, with slashes
	Type   string `json:"type"`             // Content-Type
	Size   int    `json:"size"`             // bytes
	Brotli int    `json:"br"`               // bytes of Path + ".br"
	Gzip   int    `json:"gz"`               // bytes of Path + ".gz"
	SHA256 string `json:"sha256"`           // of the uncompressed file, lower-case hex
	Policy string `json:"policy,omitempty"` // the page's own Content-Security-Policy
}

// newManifest lists packed files, sorted by path.
func newManifest(build string, files []packed) manifest {
	m := manifest{Build: build}
	for _, f := range files {
		m.Assets = append(m.Assets, entry{
			Path: f.path, Type: f.mime, Size: len(f.data), Brotli: len(f.br), Gzip: len(f.gz),
			SHA256: hex.EncodeToString(f.sha256[:]), Policy: f.policy,
		})
	}
	slices.SortFunc(m.Assets, func(a, b entry) int { return cmp.Compare(a.Path, b.Path) })
	return m
}

// named gives the file with a name, nothing when there is none.
func (m manifest) named(name string) entry {
	for _, e := range m.Assets {
		if path.Base(e.Path) == name {
			return e
		}
	}
	return entry{}
}

// json is the file's content.
func (m manifest) json() []byte {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetIndent("", "\t")
	e.SetEscapeHTML(false)
	if err := e.Encode(m); err != nil {
		panic(err) // impossible: strings and numbers
	}
	return b.Bytes()
}

// summary is a table of the files for people.
func (m manifest) summary() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%10s %10s  build %s\n", "bytes", "brotli", m.Build)
	for _, a := range m.Assets {
		fmt.Fprintf(&b, "%10d %10d  %s\n", a.Size, a.Brotli, a.Path)
	}
	return b.String()
}
