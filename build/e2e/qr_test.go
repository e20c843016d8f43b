package e2e

import (
	"bytes"
	"fmt"
	"image"
	"image/png"
	"slices"

	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
)

// A small reader of QR codes (ISO/IEC 18004) for pictures without noise: versions 1 to 15, level M, byte mode, no
// correction of errors.

// alignments are the centres of alignment patterns by version.
var alignments = [][]int{
	1: {}, 2: {6, 18}, 3: {6, 22}, 4: {6, 26}, 5: {6, 30}, 6: {6, 34}, 7: {6, 22, 38}, 8: {6, 24, 42}, 9: {6, 26, 46},
	10: {6, 28, 50}, 11: {6, 30, 54}, 12: {6, 32, 58}, 13: {6, 34, 62}, 14: {6, 26, 46, 66}, 15: {6, 26, 48, 70},
}

// blocks are the numbers of data bytes of each block by version, at level M.
var blocks = [][]int{
	1: {16}, 2: {28}, 3: {44}, 4: {32, 32}, 5: {43, 43}, 6: {27, 27, 27, 27}, 7: {31, 31, 31, 31}, 8: {38, 38, 39, 39},
	9: {36, 36, 36, 37, 37}, 10: {43, 43, 43, 43, 44}, 11: {50, 51, 51, 51, 51}, 12: {36, 36, 36, 36, 36, 36, 37, 37},
	13: {37, 37, 37, 37, 37, 37, 37, 37, 38}, 14: {40, 40, 40, 40, 41, 41, 41, 41, 41},
	15: {41, 41, 41, 41, 41, 42, 42, 42, 42, 42},
}

// masks say which modules of the data were turned over, by the mask's number.
var masks = []func(y, x int) bool{
	func(y, x int) bool { return (y+x)%2 == 0 },
	func(y, _ int) bool { return y%2 == 0 },
	func(_, x int) bool { return x%3 == 0 },
	func(y, x int) bool { return (y+x)%3 == 0 },
	func(y, x int) bool { return (y/2+x/3)%2 == 0 },
	func(y, x int) bool { return y*x%2+y*x%3 == 0 },
	func(y, x int) bool { return (y*x%2+y*x%3)%2 == 0 },
	func(y, x int) bool { return ((y+x)%2+y*x%3)%2 == 0 },
}

// code is a QR code: true is dark.
type code [][]bool

// scan reads the QR code in the element of a selector off the screen.
func (p *tab) scan(selector string) string {
	p.t.Helper()
	find := css(selector + " svg")
	p.spot("a QR code", find)
	modules, err := eval[int](p, find+".viewBox.baseVal.width")
	if err != nil {
		p.t.Fatal(err)
	}
	sharp := []chromedp.EmulateViewportOption{chromedp.EmulateScale(4)}
	if err := chromedp.Do(p.ctx, chromedp.EmulateViewport(1280, 800, sharp...)); err != nil {
		p.t.Fatal(err)
	}
	defer p.resize(1280, 800)
	p.until("it is sharp and stands still", "devicePixelRatio === 4 && document.getAnimations().length === 0")
	at := p.box(find)
	shot, err := chromedp.Call(p.ctx, page.CaptureScreenshot, page.CaptureScreenshotParams{Clip: &page.Viewport{
		X: at.Left, Y: at.Top, Width: at.Right - at.Left, Height: at.Bottom - at.Top, Scale: 1,
	}})
	if err != nil {
		p.t.Fatal(err)
	}
	picture, err := png.Decode(bytes.NewReader(shot.Data))
	if err != nil {
		p.t.Fatal(err)
	}
	text, err := modulesOf(picture, modules).read()
	if err != nil {
		p.t.Fatalf("%s: QR code: %v", p.name, err)
	}
	return text
}

// modulesOf samples a picture that is a code with a light border of 4 modules.
func modulesOf(picture image.Image, modules int) code {
	size := picture.Bounds().Size()
	all := make(code, modules)
	for y := range all {
		all[y] = make([]bool, modules)
		for x := range all[y] {
			r, g, b, _ := picture.At((2*x+1)*size.X/(2*modules), (2*y+1)*size.Y/(2*modules)).RGBA()
			all[y][x] = r+g+b < 3*0x8000
		}
	}
	inner := all[4 : modules-4]
	for y := range inner {
		inner[y] = inner[y][4 : modules-4]
	}
	return inner
}

// read gives the text of a code.
func (c code) read() (string, error) {
	version := (len(c) - 17) / 4
	if version < 1 || version >= len(blocks) || len(c) != 17+4*version {
		return "", fmt.Errorf("%d modules", len(c))
	}
	format := 0
	for _, x := range []int{0, 1, 2, 3, 4} { // the level and the mask, in the row below the first finder
		format = format << 1
		if c[8][x] {
			format |= 1
		}
	}
	format ^= 0b10101
	if format>>3 != 0 {
		return "", fmt.Errorf("level %d, want M", format>>3)
	}
	data := straight(c.bits(version, masks[format&7]), blocks[version])
	if data[0]>>4 != 4 {
		return "", fmt.Errorf("mode %d, want bytes", data[0]>>4)
	}
	shifted := make([]byte, len(data)-1) // everything stands half a byte later
	for i := range shifted {
		shifted[i] = data[i]<<4 | data[i+1]>>4
	}
	n, head := int(shifted[0]), 1
	if version > 9 {
		n, head = n<<8|int(shifted[1]), 2
	}
	if n > len(shifted)-head {
		return "", fmt.Errorf("%d bytes in %d", n, len(shifted))
	}
	return string(shifted[head : head+n]), nil
}

// bits reads the modules of the data, up and down in columns of two from the right.
func (c code) bits(version int, mask func(y, x int) bool) []byte {
	var all []byte
	count := 0
	for i := 0; i < len(c)/2; i++ {
		right := len(c) - 1 - 2*i
		if right <= 6 {
			right--
		}
		for j := range c {
			y := j
			if i%2 == 0 {
				y = len(c) - 1 - j
			}
			for _, x := range []int{right, right - 1} {
				if c.fixed(version, y, x) {
					continue
				}
				if count%8 == 0 {
					all = append(all, 0)
				}
				if c[y][x] != mask(y, x) {
					all[len(all)-1] |= 0x80 >> (count % 8)
				}
				count++
			}
		}
	}
	return all
}

// fixed says whether a module is part of a pattern and holds no data.
func (c code) fixed(version, y, x int) bool {
	end := len(c) - 8
	corner := y < 9 && x < 9 || y < 9 && x >= end || y >= end && x < 9
	number := version >= 7 && (y < 6 && x >= end-3 || x < 6 && y >= end-3)
	if corner || number || y == 6 || x == 6 {
		return true
	}
	near := func(a int) func(int) bool { return func(at int) bool { return a >= at-2 && a <= at+2 } }
	places := alignments[version]
	i, j := slices.IndexFunc(places, near(y)), slices.IndexFunc(places, near(x))
	last := len(places) - 1
	return i >= 0 && j >= 0 && !(i == 0 && (j == 0 || j == last) || i == last && j == 0)
}

// straight puts the data bytes of blocks, which come in turns, one block behind the other.
func straight(bytes []byte, sizes []int) []byte {
	parts := make([][]byte, len(sizes))
	at := 0
	for i := range slices.Max(sizes) {
		for b, size := range sizes {
			if i < size {
				parts[b] = append(parts[b], bytes[at])
				at++
			}
		}
	}
	return slices.Concat(parts...)
}
