// Icons draws the pictures of the application that must be pixels, from its one mark, frontend/assets/favicon.svg, in
// Chromium. Run it when the mark has changed; a test tells when it was forgotten.
package main

import (
	"context"
	"encoding/base64"
	"fmt"
	"os"
	"path/filepath"

	"github.com/chromedp/chromedp"

	"sotto/build/chromium"
	"sotto/build/module"
)

// picture is one file to draw.
type picture struct {
	name  string
	size  int     // pixels, each way
	mark  float64 // part of the size that the mark takes
	solid bool    // on the colour of the mark, which is white then: systems cut such icons to a shape of their own
}

var pictures = []picture{
	{"icon-192.png", 192, 0.92, false},
	{"icon-512.png", 512, 0.92, false},
	{"icon-maskable-512.png", 512, 0.56, true},
	{"apple-touch-icon.png", 180, 0.62, true},
}

// script draws a mark on a canvas and gives it as the base64 of a PNG. A solid picture has the colours of the mark the
// other way round.
const script = `(async (svg, size, part, solid) => {
	const [, colour] = /fill="(#[0-9a-f]{6})"/.exec(svg);
	const swapped = svg.replace(colour, '#ffffff').replace('stroke="#fff"', 'stroke="' + colour + '"');
	const image = new Image();
	image.src = 'data:image/svg+xml,' + encodeURIComponent((solid ? swapped : svg).replace('<svg ', '<svg width="512" height="512" '));
	await image.decode();
	const canvas = Object.assign(document.createElement('canvas'), { width: size, height: size });
	const context = canvas.getContext('2d');
	context.fillStyle = colour;
	if (solid) context.fillRect(0, 0, size, size);
	const edge = size * (1 - part) / 2;
	context.drawImage(image, edge, edge, size * part, size * part);
	return canvas.toDataURL('image/png').split(',')[1];
})(%q, %d, %g, %t)`

// draw gives a picture of the mark as the bytes of a PNG.
func draw(ctx context.Context, svg []byte, p picture) ([]byte, error) {
	text, err := chromedp.Run(ctx, chromedp.Evaluate[string](fmt.Sprintf(script, svg, p.size, p.mark, p.solid), chromedp.EvalAwaitPromise))
	if err != nil {
		return nil, fmt.Errorf("draw %s: %w", p.name, err)
	}
	return base64.StdEncoding.DecodeString(text)
}

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, "icons:", err)
		os.Exit(1)
	}
}

func run() error {
	root, err := module.Root()
	if err != nil {
		return err
	}
	assets := filepath.Join(root, "frontend", "assets")
	svg, err := os.ReadFile(filepath.Join(assets, "favicon.svg"))
	if err != nil {
		return err
	}
	ctx, stop, err := chromium.Start(context.Background(), "")
	if err != nil {
		return err
	}
	defer stop()
	for _, p := range pictures {
		png, err := draw(ctx, svg, p)
		if err != nil {
			return err
		}
		if err := os.WriteFile(filepath.Join(assets, p.name), png, 0o644); err != nil {
			return err
		}
	}
	return nil
}
