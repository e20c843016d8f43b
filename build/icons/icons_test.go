package main

import (
	"bytes"
	"context"
	"image"
	"image/png"
	"math"
	"os"
	"path/filepath"
	"testing"

	"sotto/build/chromium"
)

// different is the part of a picture's pixels, weighted by how much they differ, that browsers may draw another way.
const different = 0.01

// TestPicturesAreOfTheMark draws each picture again and compares: someone changed the mark and not the pictures, or
// the other way round.
func TestPicturesAreOfTheMark(t *testing.T) {
	assets := filepath.Join("..", "..", "frontend", "assets")
	svg, err := os.ReadFile(filepath.Join(assets, "favicon.svg"))
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop, err := chromium.Start(context.Background(), "")
	if err != nil {
		t.Fatal(err)
	}
	defer stop()
	for _, p := range pictures {
		drawn, err := draw(ctx, svg, p)
		if err != nil {
			t.Fatal(err)
		}
		kept, err := os.ReadFile(filepath.Join(assets, p.name))
		if err != nil {
			t.Fatal(err)
		}
		if d := difference(t, drawn, kept); d > different {
			t.Errorf("%s differs from the mark by %.3f: go run ./build/icons", p.name, d)
		}
	}
	other, err := draw(ctx, bytes.ReplaceAll(svg, []byte("M21 20v23"), []byte("M21 30v3")), pictures[0])
	if err != nil {
		t.Fatal(err)
	}
	kept, err := os.ReadFile(filepath.Join(assets, pictures[0].name))
	if err != nil || difference(t, other, kept) <= different {
		t.Errorf("another mark is not noticed, %v", err)
	}
}

// difference is between 0, the same, and 1.
func difference(t *testing.T, a, b []byte) float64 {
	t.Helper()
	one, two := decode(t, a), decode(t, b)
	if one.Bounds() != two.Bounds() {
		return 1
	}
	var sum float64
	size := one.Bounds().Size()
	for y := range size.Y {
		for x := range size.X {
			r1, g1, b1, a1 := one.At(x, y).RGBA()
			r2, g2, b2, a2 := two.At(x, y).RGBA()
			for _, pair := range [][2]uint32{{r1, r2}, {g1, g2}, {b1, b2}, {a1, a2}} {
				sum += math.Abs(float64(pair[0])-float64(pair[1])) / math.MaxUint16 / 4
			}
		}
	}
	return sum / float64(size.X*size.Y)
}

func decode(t *testing.T, data []byte) image.Image {
	t.Helper()
	img, err := png.Decode(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	return img
}
