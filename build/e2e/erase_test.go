package e2e

import (
	"maps"
	"slices"
	"strings"
	"testing"
)

// TestExportAndErase takes everything into a file, then erases the device in two tabs: nothing is
// left of what was there, and what there is then is what somebody new has.
func TestExportAndErase(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	bob, profile := newFriend(t, s.url(), "bob"), newProfile(t, "alice")
	alice, other := profile.tab(), profile.tab()
	alice.join(s.url())
	bob.say(bob.meet("alice"), "to be kept")
	alice.choose("bob")
	other.goTo(s.url())
	other.online()
	alice.do(`(() => {
		const make = URL.createObjectURL.bind(URL);
		URL.createObjectURL = (blob) => { globalThis.exported = blob; return make(blob); };
	})()`)
	alice.press("Settings")
	alice.press("Export all data")
	alice.open("sotto-export")
	alice.until("it says what it holds", css("sotto-export dialog")+`.innerText.includes('All messages that can be read here')`)
	alice.pictured("export")
	alice.press("Save the file")
	alice.until("it is done", css("sotto-export .status")+`.innerText.startsWith('Done')`)
	file := alice.read(`globalThis.exported.text()`)
	for _, part := range []string{`"sotto-export/1"`, "to be kept", `"bob"`} {
		if !strings.Contains(file, part) {
			t.Errorf("the file lacks %s: %.300s", part, file)
		}
	}
	alice.shut()
	alice.press("Settings")
	alice.mouse(alice.spot("dark", `document.querySelector('sotto-settings input[value=dark]').labels[0]`))
	alice.until("it is remembered", `localStorage.getItem('sotto.appearance') === 'dark'`)
	alice.shut()
	alice.keeps(1)
	had, err := eval[profileKeeps](alice, keepsScript)
	if err != nil || len(had.Records) < 5 || len(had.Remembered) < 2 || len(had.Files) < 5 {
		t.Fatalf("alice keeps %d records, %q and %q, %v", len(had.Records), had.Remembered, had.Files, err)
	}
	alice.press("Settings")
	alice.press("Erase this device")
	alice.open("sotto-erase")
	erase := css("sotto-erase .danger")
	if alice.read(erase+".disabled.toString()") != "true" {
		t.Error("it can be erased at once")
	}
	alice.pictured("erase")
	alice.insert("alice")
	alice.until("it may be", `!`+erase+`.disabled`)
	alice.key("Enter")
	for _, p := range []*tab{alice, other} {
		p.until("nobody is here", css(joinName)+`?.checkVisibility() ?? false`)
	}
	left, err := eval[profileKeeps](alice, keepsScript)
	if err != nil {
		t.Fatal(err)
	}
	for name, value := range left.Records {
		if had.Records[name] == value {
			t.Errorf("record %s is as it was before", name)
		}
	}
	if len(left.Remembered) > 0 || !slices.Equal(left.Files, had.Files) {
		t.Errorf("left is %+v", left)
	}
	alice.until("a new start is prepared", `document.querySelector('sotto-join .keys')?.dataset.state === 'ready'`)
	fresh := newProfile(t, "carol").tab() // who was never here
	fresh.goTo(s.url())
	fresh.until("joining is possible", css(joinName)+`?.checkVisibility() ?? false`)
	fresh.until("a new start is prepared", `document.querySelector('sotto-join .keys')?.dataset.state === 'ready'`)
	of := func(p *tab) map[string]int {
		keeps, err := eval[profileKeeps](p, keepsScript)
		if err != nil {
			t.Fatal(err)
		}
		stores := map[string]int{}
		for name := range keeps.Records {
			stores[strings.Fields(name)[0]]++
		}
		return stores
	}
	if got, want := of(alice), of(fresh); !maps.Equal(got, want) {
		t.Errorf("the stores hold %v, those of somebody new %v", got, want)
	}
}

// profileKeeps is all that a profile keeps of a page: each record of each database by the name of the store
// and its key, what is remembered outside of databases, and the files in caches.
type profileKeeps struct {
	Records           map[string]string
	Remembered, Files []string
}

const keepsScript = `(async () => {
	const done = (request) => new Promise((resolve, reject) => { request.onsuccess = () => resolve(request.result); request.onerror = () => reject(request.error); });
	const plain = (value) => JSON.stringify(value, (_, v) => (ArrayBuffer.isView(v) || v instanceof ArrayBuffer ? [...new Uint8Array(v.buffer ?? v)] : v instanceof CryptoKey ? 'key' : v));
	const Records = {};
	for (const { name } of await indexedDB.databases()) {
		const db = await done(indexedDB.open(name));
		for (const at of db.objectStoreNames) {
			const store = db.transaction(at).objectStore(at);
			const [keys, values] = await Promise.all([done(store.getAllKeys()), done(store.getAll())]);
			keys.forEach((key, i) => (Records[at + ' ' + plain(key)] = plain(values[i]).slice(0, 4000)));
		}
		db.close();
	}
	const Files = [];
	for (const name of await caches.keys()) for (const { url } of await (await caches.open(name)).keys()) Files.push(new URL(url).pathname);
	const Remembered = [...Object.keys(localStorage), ...Object.keys(sessionStorage), ...document.cookie.split('; ').filter(Boolean)];
	return { Records, Remembered, Files: Files.sort() };
})()`
