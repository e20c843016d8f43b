package e2e

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"
)

// demo opens the offline demo from disk, with the network off, and waits until its people are there.
func demo(t *testing.T) *tab {
	t.Helper()
	file, err := filepath.Abs(filepath.Join("..", "dist", "sotto-demo.html"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(file); err != nil {
		t.Fatalf("%v: make it with `go tool -modfile=build/tools.mod task demo`", err)
	}
	p := newProfile(t, "visitor").tab()
	if _, err := chromedp.Call(p.ctx, network.OverrideNetworkState, network.OverrideNetworkStateParams{Offline: true, DownloadThroughput: -1, UploadThroughput: -1}); err != nil {
		t.Fatal(err)
	}
	p.goTo("file://" + filepath.ToSlash(file))
	p.until("all people are there", `document.querySelector('demo-app')?.dataset.people === 'all'`)
	return p
}

func TestDemoShots(t *testing.T) {
	p := demo(t)
	p.take("demo-first.png")
	p.do(`for (let i = 0; i < 30; i++) document.querySelector('demo-walk .buttons button:nth-of-type(2)').click()`)
	p.until("last", `document.querySelector('demo-walk .buttons button:nth-of-type(2)').disabled`)
	p.do(`document.querySelector('.server [data-object="m1.event"]').click()`)
	p.until("hex", `document.querySelectorAll('demo-object .hex span').length > 100`)
	p.do(`document.querySelectorAll('demo-object .hex span')[500].click()`)
	p.do(`document.querySelector('demo-object .bit').click()`)
	p.until("verdicts", `document.querySelectorAll('.verdicts li').length > 1`)
	p.resize(1280, 1900)
	p.take("demo-walk.png")
}
