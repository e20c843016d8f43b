package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"sotto/build/bench/figure"
)

// packed is what is needed of build/dist/manifest.json.
type packed struct {
	Assets []struct {
		Path   string  `json:"path"`
		Size   float64 `json:"size"`
		Brotli float64 `json:"br"`
	} `json:"assets"`
}

// readManifest reads the manifest of the packed application.
func (b *bench) readManifest() (packed, error) {
	var m packed
	data, err := os.ReadFile(filepath.Join(b.root, "build", "dist", "manifest.json"))
	if errors.Is(err, fs.ErrNotExist) {
		return m, errors.New("no build/dist/manifest.json: run `task build` first")
	}
	if err == nil {
		err = json.Unmarshal(data, &m)
	}
	if err != nil {
		return m, fmt.Errorf("manifest: %w", err)
	}
	return m, nil
}

// asset gives the address of a packed file by its name.
func (m packed) asset(name string) (string, error) {
	for _, a := range m.Assets {
		if strings.HasSuffix(a.Path, "/"+name) {
			return "/" + a.Path, nil
		}
	}
	return "", fmt.Errorf("manifest: no %s", name)
}

// size is what a browser has to load. It is the same each time.
func size(_ context.Context, b *bench) ([]figure.Figure, error) {
	m, err := b.readManifest()
	if err != nil {
		return nil, err
	}
	var raw, brotli, all float64
	for _, a := range m.Assets {
		if strings.HasSuffix(a.Path, ".wasm") {
			raw, brotli = a.Size, a.Brotli
		}
		all += a.Brotli
	}
	if raw == 0 {
		return nil, errors.New("manifest: no engine")
	}
	return []figure.Figure{
		{Name: "engine, WASM", Unit: figure.Megabytes, Values: []float64{raw}},
		{Name: "engine, WASM, Brotli", Unit: figure.Megabytes, Values: []float64{brotli}, Aim: figure.AtMost(1.2e6)},
		{Name: "everything packed, Brotli", Unit: figure.Megabytes, Values: []float64{all}},
	}, nil
}
