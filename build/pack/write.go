package main

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"sync"
)

// placeholder is the one file of dist that is not packed: it is committed so
// that the server compiles before anything was packed.
const placeholder = ".keep"

// packed is an asset with its compressed forms.
type packed struct {
	asset
	br, gz []byte
}

// write makes out hold exactly the files of s, their compressed forms and the
// manifest. Files that are already right are not touched.
func write(s *set, build, out string, c *cache) (manifest, error) {
	files, err := compressAll(s, c)
	if err != nil {
		return manifest{}, err
	}
	m := newManifest(build, files)
	want := map[string][]byte{"manifest.json": m.json()}
	for _, f := range files {
		want[f.path], want[f.path+".br"], want[f.path+".gz"] = f.data, f.br, f.gz
	}
	for name, data := range want {
		if err := writeIfNew(filepath.Join(out, filepath.FromSlash(name)), data); err != nil {
			return manifest{}, fmt.Errorf("write %s: %w", name, err)
		}
	}
	return m, removeOthers(out, want)
}

// compressAll compresses each file of s, several at a time.
func compressAll(s *set, c *cache) ([]packed, error) {
	files := make([]packed, len(s.assets))
	errs := make([]error, len(s.assets))
	limit := make(chan struct{}, runtime.GOMAXPROCS(0))
	var wg sync.WaitGroup
	for i, a := range s.assets {
		wg.Go(func() {
			limit <- struct{}{}
			defer func() { <-limit }()
			br, err1 := c.brotli(a.data)
			gz, err2 := c.gzip(a.data)
			files[i], errs[i] = packed{a, br, gz}, errors.Join(err1, err2)
		})
	}
	wg.Wait()
	return files, errors.Join(errs...)
}

// writeIfNew writes a file unless it holds data already.
func writeIfNew(file string, data []byte) error {
	if old, err := os.ReadFile(file); err == nil && bytes.Equal(old, data) {
		return nil
	}
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		return err
	}
	return replaceFile(file, data)
}

// removeOthers removes from dir what an earlier build left: every file that is
// not in keep, and every folder that becomes empty.
func removeOthers(dir string, keep map[string][]byte) error {
	var folders []string
	err := filepath.WalkDir(dir, func(p string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(dir, p)
		if err != nil {
			return err
		}
		if d.IsDir() {
			folders = append(folders, p)
			return nil
		}
		if _, ok := keep[filepath.ToSlash(rel)]; ok || rel == placeholder {
			return nil
		}
		return os.Remove(p)
	})
	if err != nil {
		return fmt.Errorf("clean %s: %w", dir, err)
	}
	for i := len(folders) - 1; i > 0; i-- { // innermost first; dir itself stays
		os.Remove(folders[i]) // fails on the folders that are not empty, as it should
	}
	return nil
}
