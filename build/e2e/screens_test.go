package e2e

import (
	"fmt"
	"slices"
	"testing"

	"github.com/chromedp/chromedp"
)

// wide and narrow are the sizes of the pictures; of the smallest screens, all of which are looked at, those are kept that
// are fullest.
var (
	wide      = picture{1280, 800}
	narrow    = picture{360, 740}
	narrowest = picture{320, 640}
	smallest  = []string{"join", "timeline", "emoji", "offline", "blocked", "settings", "keys", "switch", "suggest", "texts", "contact", "inspect"}
)

type picture struct{ width, height int64 }

// TestScreenshots writes a picture of every screen in both colours, wide and narrow, and finds nothing that stands
// out of a page on its sides.
func TestScreenshots(t *testing.T) {
	t.Parallel()
	tour(t, func(screen string, p *tab) {
		for _, size := range []picture{wide, narrow, narrowest} {
			p.size(size.width, size.height)
			p.notWider(fmt.Sprintf("%s at %d pixels", screen, size.width))
			if size == narrowest && !slices.Contains(smallest, screen) {
				p.turned(func() { p.notWider(screen + " at its narrowest from right to left") })
				continue
			}
			for _, colours := range []string{"light", "dark"} {
				p.scheme(colours)
				p.take(fmt.Sprintf("%s-%d-%s.png", screen, size.width, colours))
			}
			p.turned(func() {
				p.notWider(screen + " from right to left")
				if size != narrowest {
					p.take(fmt.Sprintf("%s-%d-rtl.png", screen, size.width))
				}
			})
		}
		p.size(wide.width, wide.height)
	})
}

// pictured writes pictures of a state that the tour does not come to, and lets axe look at it.
func (p *tab) pictured(state string) {
	p.t.Helper()
	for _, size := range []picture{wide, narrow} {
		p.size(size.width, size.height)
		p.notWider(state)
		for _, colours := range []string{"light", "dark"} {
			p.scheme(colours)
			p.take(fmt.Sprintf("%s-%d-%s.png", state, size.width, colours))
			for _, found := range p.axe().Found {
				p.t.Errorf("%s in %s: %s", state, colours, found)
			}
		}
	}
	p.size(wide.width, wide.height)
}

// turned does something while the page runs from right to left.
func (p *tab) turned(act func()) {
	p.t.Helper()
	p.do(`document.documentElement.dir = 'rtl'`)
	act()
	p.do(`document.documentElement.dir = 'ltr'`)
}

// TestScreenshotsInGerman writes pictures of some screens in the other language, whose words are longer.
func TestScreenshotsInGerman(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	bob, alice := newFriend(t, s.url(), "bob"), newProfile(t, "alice").tab(stored("sotto.language", "de"))
	look := func(screen string) {
		for _, size := range []picture{wide, narrow, narrowest} {
			alice.size(size.width, size.height)
			alice.notWider(screen)
			alice.scheme("light")
			alice.take(fmt.Sprintf("%s-%d-de.png", screen, size.width))
		}
		alice.size(wide.width, wide.height)
	}
	alice.goTo(s.url())
	alice.until("joining is possible", css(joinName)+`?.checkVisibility()`)
	look("join")
	alice.enterName()
	alice.online()
	look("welcome")
	conv := bob.meet("alice")
	bob.say(conv, "Guten Morgen!")
	alice.choose("bob")
	alice.say("Guten Morgen, bob")
	alice.status("Guten Morgen, bob", "Zugestellt")
	look("timeline")
	for button, screen := range map[string]string{"Einstellungen": "settings", "Jemanden einladen": "invite"} {
		alice.press(button)
		alice.until("a dialog is open", `document.querySelector('dialog[open]') !== null`)
		look(screen)
		alice.key("Escape")
		alice.until("closed", `document.querySelector('dialog[open]') === null`)
	}
	alice.click("sotto-conversation .contact")
	alice.number(0)
	look("contact")
	alice.shut()
	bob.group("Über das Eis", "alice")
	alice.chooseGroup("Über das Eis")
	alice.told("bob hat dich aufgenommen")
	look("group")
	alice.panel()
	alice.press("Gruppe verlassen")
	look("group-leave")
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
