package e2e

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/hex"
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/browser"
	"github.com/chromedp/chromedp"
	_ "modernc.org/sqlite" // reads what the server keeps
)

// TestSafetyNumbers compares what two people see of each other: digits and QR code.
func TestSafetyNumbers(t *testing.T) {
	t.Parallel()
	_, alice, friends := withFriends(t, "bob")
	bob := friends[0]
	alice.say("hello")
	alice.status("hello", "Delivered")
	theirs := bob.contact(bob.meet("alice"))
	alice.click("sotto-conversation .contact")
	if got := alice.number(0); got != theirs.SafetyNumber || len(strings.Fields(got)) != 12 {
		t.Errorf("alice sees the number %s, bob %s", got, theirs.SafetyNumber)
	}
	if got := alice.scan("sotto-contact sotto-qr"); got != theirs.QR {
		t.Errorf("alice's code says %q, bob's %q", got, theirs.QR)
	}
	says(t, "the panel", alice.read(css("sotto-contact dialog")+".innerText"), "You have not verified bob yet", theirs.SafetyNumber[:5],
		bob.engine.Me().Account)
	alice.click("dialog[open] input[role=switch]")
	alice.until("verified", css("sotto-contact dialog")+`.innerText.includes('You have verified bob.')`)
	alice.key("Escape")
	alice.until("the mark stands beside the name", css("sotto-conversation header .trust")+`.innerText === 'Verified'`)
	alice.reload()
	alice.opened("bob")
	alice.until("still verified", css("sotto-conversation header .trust")+`.innerText === 'Verified'`)
	if focus := alice.read("document.activeElement.tagName"); focus != "TEXTAREA" {
		t.Errorf("the focus is on %s", focus)
	}
}

// TestDialogsGiveTheFocusBack opens each dialog by keyboard and closes it with Escape.
func TestDialogsGiveTheFocusBack(t *testing.T) {
	t.Parallel()
	s, alice, _ := withFriends(t, "bob")
	for _, name := range []string{"Settings", "Invite someone"} {
		alice.do(named(name) + ".focus()")
		alice.key("Enter")
		alice.until(name+" is open", `document.querySelector('dialog[open]')?.contains(document.activeElement)`)
		if name == "Invite someone" {
			if got := alice.scan("sotto-share sotto-qr"); got != s.url()+"/#/with/alice" {
				t.Errorf("the invitation's code says %q", got)
			}
		}
		alice.key("Escape")
		alice.until("closed", `document.querySelector('dialog[open]') === null`)
		alice.until("the focus is back", "document.activeElement === "+named(name))
	}
}

// TestWhatTheServerSees compares the bytes on the screen with those in the server's database.
func TestWhatTheServerSees(t *testing.T) {
	t.Parallel()
	s, alice, friends := withFriends(t, "bob")
	alice.say("my own secret")
	alice.status("my own secret", "Delivered")
	bob := friends[0]
	bob.say(bob.meet("alice"), "bob's secret")
	alice.shows("> my own secret", "bob's secret")
	alice.mayUseClipboard()
	shown := map[int][]byte{}
	for position, text := range map[int]string{2: "my own secret", 3: "bob's secret"} {
		shown[position] = alice.inspected(text, position)
	}
	alice.watch.expect(refused)
	s.stop()
	for position, bytesShown := range shown {
		if stored := s.event(position); !bytes.Equal(stored, bytesShown) {
			t.Errorf("position %d: the server keeps %d bytes %x, the screen shows %d bytes %x", position, len(stored), stored, len(bytesShown), bytesShown)
		}
		if bytes.Contains(bytesShown, []byte("secret")) {
			t.Errorf("position %d can be read", position)
		}
	}
}

// mayUseClipboard lets the page read and write the clipboard, as a person allows it.
func (p *tab) mayUseClipboard() {
	p.t.Helper()
	for _, name := range []string{"clipboard-read", "clipboard-write"} {
		allow := browser.SetPermissionParams{
			Permission: &browser.PermissionDescriptor{Name: name}, Setting: browser.PermissionSettingGranted,
			BrowserContextID: chromedp.FromContext(p.ctx).BrowserContextID,
		}
		if _, err := chromedp.CallBrowser(p.ctx, browser.SetPermission, allow); err != nil {
			p.t.Fatal(err)
		}
	}
}

// inspected opens what the server sees of a message and gives its bytes as they are shown and copied.
func (p *tab) inspected(text string, position int) []byte {
	p.t.Helper()
	p.point(withText(text))
	p.press("What the server sees")
	p.until("the bytes are there", css("sotto-inspect .hex")+`?.checkVisibility() && `+
		css("sotto-inspect .plain")+`.innerText === `+quote(text))
	known := p.read(css("sotto-inspect .fields") + ".innerText")
	if !strings.Contains(known, fmt.Sprintf("\n%d\nThe place of this event", position)) {
		p.t.Errorf("what the server knows: %q", known)
	}
	drawn, err := hex.DecodeString(strings.ReplaceAll(p.read(css("sotto-inspect .hex")+".textContent"), " ", ""))
	if err != nil {
		p.t.Fatal(err)
	}
	p.press("Copy all bytes as hex")
	p.until("copied", css("sotto-inspect sotto-copy [role=status]")+`.innerText === 'Copied'`)
	copied, err := hex.DecodeString(p.read("navigator.clipboard.readText()"))
	if err != nil || !bytes.HasPrefix(copied, drawn) || len(drawn) < min(len(copied), 1024) {
		p.t.Errorf("%d bytes are drawn, %d copied, %v", len(drawn), len(copied), err)
	}
	says := p.read(css("sotto-inspect .sealed") + ".innerText")
	if !strings.Contains(says, fmt.Sprintf("%d bytes", len(copied))) {
		p.t.Errorf("%d bytes, but it says %q", len(copied), says)
	}
	p.key("Escape")
	p.until("closed", `document.querySelector('dialog[open]') === null`)
	return copied
}

// event reads an event from the database of a server that has stopped, in which there is one conversation.
func (s *server) event(position int) []byte {
	s.t.Helper()
	files, err := filepath.Glob(filepath.Join(s.data, "*.db"))
	if err != nil || len(files) != 1 {
		s.t.Fatalf("databases %q, %v", files, err)
	}
	db, err := sql.Open("sqlite", "file:"+files[0]+"?mode=ro")
	if err != nil {
		s.t.Fatal(err)
	}
	defer db.Close()
	var stored []byte
	row := db.QueryRowContext(context.Background(), "SELECT event FROM events WHERE position = ?", position)
	if err := row.Scan(&stored); err != nil {
		s.t.Fatalf("event %d: %v", position, err)
	}
	return stored
}
