package e2e

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"sotto/wasm/client"
)

// TestAnAnswerLeadsFarUp answers a message hundreds of others ago: pressing on what is answered goes there, although
// nothing around it was loaded, and the pill leads back.
func TestAnAnswerLeadsFarUp(t *testing.T) {
	t.Parallel()
	const lines = 200
	alice, bob, conv := longTalk(t, lines)
	original := bob.message(conv, "line 7")
	if _, err := bob.engine.Post(context.Background(), conv, client.Post{Text: "about what I said", Reply: original.ID}); err != nil {
		t.Fatal(err)
	}
	alice.draws("the answer", "about what I said")
	alice.atEnd()
	if got := alice.texts(); slices.Contains(got, "line 7") {
		t.Fatalf("the original is drawn already: %q", got)
	}
	alice.do(`globalThis.marked = []; new MutationObserver((all) => { for (const { target } of all) if (target.hasAttribute('data-found')) marked.push(target.querySelector('.text').textContent); })
		.observe(document.querySelector('sotto-timeline'), { attributes: true, attributeFilter: ['data-found'], subtree: true })`)
	quote := withText("about what I said") + `.querySelector('.quote')`
	if got := alice.read(quote + ".innerText"); !strings.Contains(got, "line 7") {
		t.Errorf("the answer quotes %q", got)
	}
	alice.mouse(alice.spot("what is answered", quote))
	found := withText("line 7")
	alice.until("alice is there", found+` !== undefined && `+found+` === document.activeElement`)
	log, at := alice.box(view), alice.box(found)
	if at.Top < log.Top || at.Bottom > log.Bottom {
		t.Errorf("it stands at %+v in %+v", at, log)
	}
	if got := alice.read(`marked.join()`); got != "line 7" {
		t.Errorf("marked is %q", got)
	}
	for _, near := range []string{"line 1", "line 20"} { // what was said before and after it
		alice.until(near+" is there", withText(near)+" !== undefined")
	}
	alice.mouse(alice.spot("the pill", pill))
	alice.until("the newest is back", withText("about what I said")+" !== undefined && "+withText(fmt.Sprintf("line %d", lines))+" !== undefined")
	alice.atEnd()
	bob.say(conv, "and now")
	alice.draws("what comes then", "and now")
	alice.atEnd()
}

// TestASearchSaysWhenItsIndexIsBeingBuilt holds back that the index is built: what is found meanwhile is shown, and
// the page asks again by itself. A search that fails says so as well.
func TestASearchSaysWhenItsIndexIsBeingBuilt(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	bob := newFriend(t, s.url(), "bob")
	alice := newProfile(t, "alice").tab(earlyInPage(`
		globalThis.building = true;
		globalThis.Worker = class extends Worker {
			set onmessage(hear) {
				super.onmessage = (event) => {
					if (event.data.ok?.building === false && building === null) event.data.err = { code: 'storage-failed', message: '' };
					if (event.data.ok?.building === false) event.data.ok.building = building;
					hear(event);
				};
			}
		}`))
	alice.join(s.url())
	bob.say(bob.meet("alice"), "the needle is here")
	alice.choose("bob")
	alice.press("Search in this conversation")
	alice.write(switcher, "needle")
	status := css("sotto-switch .status") + ".textContent"
	alice.until("it is found, and more may be", css("sotto-switch .hit mark")+` !== null && `+status+` === '1 result Older messages are still being indexed.'`)
	alice.pictured("search-building")
	alice.do(`globalThis.building = false`)
	alice.until("that was all", status+` === '1 result'`)
	alice.do(`globalThis.building = null`)
	alice.insert("s")
	alice.until("told that it did not work", status+` === 'Messages could not be searched. Type on to try again.'`)
}
