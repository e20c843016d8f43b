package e2e

import (
	"fmt"
	"slices"
	"testing"

	"github.com/chromedp/chromedp"
)

// wide and narrow are the sizes of the pictures; the smallest screens are pictured where they are fullest.
var (
	wide      = picture{1280, 800}
	narrow    = picture{360, 740}
	narrowest = picture{320, 640}
	smallest  = []string{"join", "timeline", "emoji", "offline", "blocked"}
)

type picture struct{ width, height int64 }

// TestScreenshots writes a picture of every screen in both colours, wide and narrow, and finds nothing that stands
// out of a page on its sides.
func TestScreenshots(t *testing.T) {
	t.Parallel()
	tour(t, func(screen string, p *tab) {
		sizes := []picture{wide, narrow}
		if slices.Contains(smallest, screen) {
			sizes = append(sizes, narrowest)
		}
		for _, size := range sizes {
			p.size(size.width, size.height)
			if p.read(`String(document.documentElement.scrollWidth > innerWidth)`) != "false" {
				t.Errorf("%s: wider than %d pixels", screen, size.width)
			}
			for _, colours := range []string{"light", "dark"} {
				p.scheme(colours)
				p.take(fmt.Sprintf("%s-%d-%s.png", screen, size.width, colours))
			}
		}
		p.size(wide.width, wide.height)
	})
}

// take writes what a tab shows into a file.
func (p *tab) take(file string) {
	p.t.Helper()
	p.do(`new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)))`)
	shot, err := chromedp.Run(p.ctx, chromedp.CaptureScreenshot())
	if err == nil {
		err = writePicture(file, shot)
	}
	if err != nil {
		p.t.Fatalf("%s: %v", file, err)
	}
}
