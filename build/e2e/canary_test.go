package e2e

import (
	"bytes"
	"crypto/rand"
	"encoding/base64"
	"encoding/hex"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// TestCanary chats random markers through the real server and then looks for them in everything that it keeps and
// says: the database, its write-ahead log, what it logged with every level on. It finds the name, which the server
// knows, and no marker.
func TestCanary(t *testing.T) {
	s := newServer(t)
	alice, bob := newProfile(t, "alice").tab(), newFriend(t, s.url(), "canaryhandle")
	alice.join(s.url())
	alice.meet("canaryhandle")
	var markers []string
	for range 5 {
		sent, answered := rand.Text(), strings.ToLower(rand.Text())
		alice.say("from the browser: " + sent)
		conv := bob.meet("alice")
		until(t, "bob has "+sent, func() bool { return slices.Contains(bob.texts(conv), "from the browser: "+sent) })
		bob.say(conv, answered)
		until(t, "alice sees "+answered, func() bool { return alice.sees(answered) })
		markers = append(markers, sent, answered)
	}
	alice.insert("never sent: " + rand.Text())
	s.kill() // the write-ahead log stays as it is
	places := everything(t, s)
	if _, ok := places["sotto.db-wal"]; !ok {
		t.Error("there is no write-ahead log to search")
	}
	if found := search(places, "canaryhandle"); len(found) == 0 {
		t.Error("the search does not find the name, which the server keeps")
	}
	for _, m := range markers {
		if found := search(places, m); len(found) > 0 {
			t.Errorf("marker %s was found in %q", m, found)
		}
	}
}

// everything reads all files of a server's data and all that it wrote.
func everything(t testing.TB, s *server) map[string][]byte {
	t.Helper()
	places := map[string][]byte{"output": s.said.bytes()}
	err := filepath.WalkDir(s.data, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := os.ReadFile(path)
		places[filepath.Base(path)] = data
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return places
}

// search names the places that hold a marker in any form.
func search(places map[string][]byte, marker string) []string {
	var found []string
	for name, data := range places {
		for _, form := range forms(marker) {
			if bytes.Contains(data, form) {
				found = append(found, name)
				break
			}
		}
	}
	return found
}

// forms gives what a marker looks like: as it is, in hexadecimal, in base64 of both alphabets wherever it begins
// within a group of three bytes, and in UTF-16.
func forms(marker string) [][]byte {
	plain := hex.EncodeToString([]byte(marker))
	all := [][]byte{[]byte(marker), []byte(plain), []byte(strings.ToUpper(plain))}
	for before := range 3 {
		padded := append(make([]byte, before), marker...)
		from := (8*before + 5) / 6 // characters that hold bits of what comes before
		to := 8 * len(padded) / 6  // and those behind hold bits of what comes after
		for _, e := range []*base64.Encoding{base64.RawStdEncoding, base64.RawURLEncoding} {
			all = append(all, []byte(e.EncodeToString(padded)[from:to]))
		}
	}
	var wide []byte
	for _, c := range []byte(marker) {
		wide = append(wide, c, 0)
	}
	return append(all, wide)
}

// TestSearchFinds shows that the canary's search finds a marker in each form, wherever it lies.
func TestSearchFinds(t *testing.T) {
	const marker = "QWERTY0123456789abcdef"
	for _, text := range []string{"", "a", "ab", "abc", "abcd"} {
		whole := []byte(text + marker + text)
		for name, data := range map[string][]byte{
			"plain": whole, "hex": []byte(hex.EncodeToString(whole)), "HEX": []byte(strings.ToUpper(hex.EncodeToString(whole))),
			"base64": []byte(base64.StdEncoding.EncodeToString(whole)), "base64url": []byte(base64.RawURLEncoding.EncodeToString(whole)),
		} {
			if len(search(map[string][]byte{name: data}, marker)) == 0 {
				t.Errorf("not found in %s with %d bytes around it", name, len(text))
			}
			if len(search(map[string][]byte{name: data}, "another marker that is not")) != 0 {
				t.Errorf("found in %s what is not there", name)
			}
		}
	}
}
