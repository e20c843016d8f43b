package main

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"runtime/debug"

	"github.com/andybalholm/brotli"
)

// brotliModule names the compressor in the build's list of modules.
const brotliModule = "github.com/andybalholm/brotli"

// cache keeps compressed files between builds: brotli at its best takes seconds
// for the engine. A file's name is a hash of what went in and of the compressor's
// version, so an entry is never stale.
type cache struct {
	dir     string
	version string // of both compressors
	quality int    // of brotli, 0 to 11
}

// newCache returns the cache in the user's cache folder.
func newCache() (*cache, error) {
	dir, err := os.UserCacheDir()
	if err != nil {
		return nil, fmt.Errorf("compression cache: %w", err)
	}
	return newCacheAt(filepath.Join(dir, "sotto", "pack"), brotli.BestCompression)
}

// newCacheAt returns the cache in the folder dir, which it makes.
func newCacheAt(dir string, quality int) (*cache, error) {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return nil, fmt.Errorf("compression cache: %w", err)
	}
	version := runtime.Version()
	if info, ok := debug.ReadBuildInfo(); ok {
		for _, m := range info.Deps {
			if m.Path == brotliModule {
				version += " brotli " + m.Version
			}
		}
	}
	return &cache{dir: dir, version: version, quality: quality}, nil
}

// brotli returns data in brotli's format (RFC 7932).
func (c *cache) brotli(data []byte) ([]byte, error) {
	return c.get("br", data, func(w io.Writer) (io.WriteCloser, error) {
		return brotli.NewWriterLevel(w, c.quality), nil
	})
}

// gzip returns data in gzip's format (RFC 1952), without name or time.
func (c *cache) gzip(data []byte) ([]byte, error) {
	return c.get("gz", data, func(w io.Writer) (io.WriteCloser, error) {
		return gzip.NewWriterLevel(w, gzip.BestCompression)
	})
}

// get returns data compressed, from the cache or made and put there.
func (c *cache) get(kind string, data []byte, open func(io.Writer) (io.WriteCloser, error)) ([]byte, error) {
	h := sha256.New()
	fmt.Fprintf(h, "%s quality %d\n", c.version, c.quality)
	h.Write(data)
	file := filepath.Join(c.dir, hex.EncodeToString(h.Sum(nil))+"."+kind)
	old, err := os.ReadFile(file)
	if err == nil {
		return old, nil
	}
	if !errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("compression cache: %w", err)
	}
	var b bytes.Buffer
	w, err := open(&b)
	if err != nil {
		return nil, fmt.Errorf("compress: %w", err)
	}
	if _, err := w.Write(data); err != nil {
		return nil, fmt.Errorf("compress: %w", err)
	}
	if err := w.Close(); err != nil {
		return nil, fmt.Errorf("compress: %w", err)
	}
	return b.Bytes(), replaceFile(file, b.Bytes())
}

// replaceFile writes a file whole or not at all: a build that is stopped leaves
// no half file under a name that stands for its content.
func replaceFile(file string, data []byte) error {
	tmp, err := os.CreateTemp(filepath.Dir(file), ".new-*")
	if err != nil {
		return err
	}
	defer os.Remove(tmp.Name()) // gone already when the rename succeeded
	_, err = tmp.Write(data)
	err = errors.Join(err, tmp.Chmod(0o644), tmp.Close())
	if err != nil {
		return err
	}
	return os.Rename(tmp.Name(), file)
}
