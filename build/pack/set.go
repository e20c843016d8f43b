package main

import (
	"cmp"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
)

// asset is one file to serve, uncompressed.
type asset struct {
	path   string // below dist, with slashes: a/<hash>/main.js
	mime   string
	data   []byte
	sha256 [sha256.Size]byte
	policy string // Content-Security-Policy of its own; "": the server's
}

// url is where the server offers the asset.
func (a asset) url() string { return "/" + a.path }

// integrity is the value of an integrity attribute (W3C Subresource Integrity).
func (a asset) integrity() string {
	return "sha256-" + base64.StdEncoding.EncodeToString(a.sha256[:])
}

// set is the files of one build, in the order they were added.
type set struct {
	assets []asset
}

// add takes a file in under the hash of its content, once. name is its last
// element; its extension must be one of mimeTypes.
func (s *set) add(name string, data []byte) asset {
	sum := sha256.Sum256(data)
	a := asset{
		path:   path.Join("a", hex.EncodeToString(sum[:])[:20], name),
		mime:   mimeTypes[path.Ext(name)],
		data:   data,
		sha256: sum,
	}
	same := func(b asset) bool { return a.path == b.path }
	if !slices.ContainsFunc(s.assets, same) {
		s.assets = append(s.assets, a)
	}
	return a
}

// named gives the one asset with a name.
func (s *set) named(name string) asset {
	i := slices.IndexFunc(s.assets, func(a asset) bool { return path.Base(a.path) == name })
	return s.assets[i]
}

// addAt takes a file in at a path of its own.
func (s *set) addAt(p string, data []byte) error {
	mime, ok := mimeTypes[path.Ext(p)]
	if !ok {
		return fmt.Errorf("asset %s: no type is known for %q", p, path.Ext(p))
	}
	s.assets = append(s.assets, asset{path: p, mime: mime, data: data, sha256: sha256.Sum256(data)})
	return nil
}

// mimeTypes are the types of what a build may hold, by extension. The list is
// closed: the server sends nosniff, and the tables of operating systems differ.
var mimeTypes = map[string]string{
	".html":        "text/html; charset=utf-8",
	".js":          "text/javascript; charset=utf-8",
	".css":         "text/css; charset=utf-8",
	".wasm":        "application/wasm",
	".json":        "application/json",
	".svg":         "image/svg+xml",
	".png":         "image/png",
	".ico":         "image/x-icon",
	".webp":        "image/webp",
	".woff2":       "font/woff2",
	".webmanifest": "application/manifest+json",
	".txt":         "text/plain; charset=utf-8",
}

// addAssets adds every file below dir and returns them by their path from dir,
// with slashes. Without dir there are none. A web app manifest, which names
// others as "assets/<name>", comes last.
func addAssets(s *set, dir string) (map[string]asset, error) {
	data, err := readAssets(dir)
	if err != nil {
		return nil, err
	}
	found := map[string]asset{}
	names := slices.Sorted(maps.Keys(data))
	slices.SortStableFunc(names, func(a, b string) int { return cmp.Compare(rank(a), rank(b)) })
	for _, name := range names {
		content := data[name]
		if rank(name) > 0 {
			if content, err = withAddresses(content, found); err != nil {
				return nil, fmt.Errorf("asset %s: %w", name, err)
			}
		}
		if content, err = lean(name, content); err != nil {
			return nil, err
		}
		found[name] = s.add(path.Base(name), content)
	}
	return found, nil
}

// rank is 1 for assets that name others.
func rank(name string) int {
	if path.Ext(name) == ".webmanifest" {
		return 1
	}
	return 0
}

var namedAsset = regexp.MustCompile(`"assets/([^"]*)"`)

// withAddresses puts the addresses of assets in the place of their names.
func withAddresses(data []byte, assets map[string]asset) ([]byte, error) {
	var missing error
	data = namedAsset.ReplaceAllFunc(data, func(m []byte) []byte {
		a, ok := assets[string(namedAsset.FindSubmatch(m)[1])]
		if !ok {
			missing = fmt.Errorf("%s: no such file in assets", m)
		}
		return fmt.Appendf(nil, "%q", a.url())
	})
	return data, missing
}

// readAssets reads every file below dir, by its path from there with slashes.
func readAssets(dir string) (map[string][]byte, error) {
	read := map[string][]byte{}
	err := filepath.WalkDir(dir, func(p string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || strings.HasPrefix(d.Name(), ".") {
			return err
		}
		if _, ok := mimeTypes[path.Ext(d.Name())]; !ok {
			return fmt.Errorf("asset %s: no type is known for %q", p, path.Ext(d.Name()))
		}
		data, err := os.ReadFile(p)
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(dir, p)
		if err != nil {
			return err
		}
		read[filepath.ToSlash(rel)] = data
		return nil
	})
	if os.IsNotExist(err) {
		return read, nil
	}
	return read, err
}
