package e2e

import (
	"slices"
	"testing"
)

// prekeysKept lists the private prekeys in the page's database.
const prekeysKept = `new Promise((resolve, reject) => {
	const asked = indexedDB.open('sotto');
	asked.onerror = () => reject(asked.error);
	asked.onsuccess = () => {
		const all = asked.result.transaction('objects').objectStore('objects').getAllKeys();
		all.onsuccess = () => { asked.result.close(); resolve(all.result.filter((name) => /prekey-\d+$/.test(name)).map((name) => name.match(/prekey-\d+$/)[0])); };
	};
})`

// TestUsedPrekeyIsDestroyed looks into the browser's database: a day after somebody opened a conversation with this device's
// first prekey, its private half is gone and another one is there.
func TestUsedPrekeyIsDestroyed(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	home, alice := newProfile(t, "bob"), newFriend(t, s.url(), "alice")
	bob := home.tab()
	bob.join(s.url())
	conv := alice.meet("bob")
	alice.say(conv, "hello")
	bob.choose("alice")
	bob.shows("hello")
	kept := func(p *tab) []string {
		names, err := eval[[]string](p, prekeysKept)
		if err != nil {
			t.Fatal(err)
		}
		return names
	}
	if got := kept(bob); !slices.Equal(got, []string{"prekey-1"}) {
		t.Fatalf("the browser keeps %q", got)
	}
	bob.finish()
	later := home.tab(early(movedClock))
	later.watch.expect(refused)
	later.goTo(s.url() + "/")
	until(t, "the used prekey is gone and another one is there", func() bool { return slices.Equal(kept(later), []string{"prekey-2"}) })
	alice.say(conv, "and again")
	later.choose("alice")
	later.shows("hello", "and again")
}
