package soak

import (
	"context"
	"fmt"
	"math/rand/v2"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"sotto/wasm/client"
	"sotto/wasm/search"
)

func (u *user) find(query string, conv *string, limit int64) client.Found {
	u.t.Helper()
	found, err := u.engine.Search(context.Background(), query, conv, limit)
	if err != nil {
		u.t.Fatalf("%s searches %q: %v", u.name, query, err)
	}
	return found
}

// records counts what a user has stored of a kind.
func (u *user) records(kind string) int {
	u.t.Helper()
	records, err := u.store.Range(context.Background(), kind, nil, nil, 1_000_000, false)
	if err != nil {
		u.t.Fatal(err)
	}
	return len(records)
}

// eventually waits for what is done in the background, of which no event tells.
func (u *user) eventually(what string, holds func() bool) {
	u.t.Helper()
	for deadline := time.Now().Add(patience); !holds(); runtime.Gosched() {
		if time.Now().After(deadline) {
			u.t.Fatalf("%s: still waiting until %s", u.name, what)
		}
	}
}

// indexed says whether a term is in the user's index.
func (u *user) indexed(term string) bool {
	u.t.Helper()
	records, err := u.store.Range(context.Background(), "words", nil, nil, 1_000_000, false)
	if err != nil {
		u.t.Fatal(err)
	}
	return slices.ContainsFunc(records, func(r client.Record) bool { return string(r.Key.ID[4:]) == term })
}

// wordy gives texts of many kinds of words.
func wordy(n int) []string {
	random := rand.New(rand.NewPCG(1, 2))
	words := []string{"tea", "Teapot", "TEAM", "straße", "Grüße", "東京", "東京タワー", "👍", "ёлка", "o’clock", "sugar", "nothing", "Việt"}
	var texts []string
	for i := range n {
		text := fmt.Sprintf("no%d", i)
		for range 1 + random.IntN(4) {
			text += " " + words[random.IntN(len(words))]
		}
		texts = append(texts, text)
	}
	return texts
}

// TestSearch holds the index, written and waiting, against looking through everything.
func TestSearch(t *testing.T) {
	_, alice, bob, conv := newPair(t)
	texts := wordy(700)
	for _, text := range texts {
		alice.send(conv, text)
	}
	for _, u := range []*user{alice, bob} {
		u.until("everything", func() bool { return len(u.texts(conv)) == len(texts) && u.settled(conv) })
		u.eventually("there is an index", func() bool { return u.records("indexed") == 1 })
	}
	compare := func(u *user) {
		t.Helper()
		for _, query := range []string{"tea", "TEAPOT", "teap sug", "strasse", "gruss", "東京", "京タ", "タ", "👍", "елка", "viet", "no69", "no699", "o", "nothing here", "…"} {
			var want []string
			for _, e := range u.timeline(conv) {
				if e.Text == nil {
					continue
				}
				if _, ok := search.Parse(query).Match(*e.Text); ok {
					want = append(want, e.ID)
				}
			}
			slices.Reverse(want)
			more := len(want) > 150
			found := u.find(query, nil, 150)
			var got []string
			for _, hit := range found.Messages {
				got = append(got, hit.ID)
			}
			if !slices.Equal(got, want[:min(len(want), 150)]) || found.More != more || found.Building {
				t.Errorf("%s searches %q: %d found, more %t, building %t, want %d", u.name, query, len(got), found.More, found.Building, len(want))
			}
		}
	}
	compare(alice)
	bob.crash()
	bob.eventually("built", func() bool { return !bob.find("tea", nil, 1).Building })
	compare(bob)

	first, last := alice.entry(conv, texts[3]), alice.entry(conv, texts[len(texts)-1])
	alice.edit(conv, first, "Kumquat und Rübe")
	alice.edit(conv, last, "kumquats")
	bob.eventually("both edits", func() bool { return len(bob.find("kumquat", nil, 10).Messages) == 2 })
	for _, u := range []*user{alice, bob} {
		u.eventually("the index follows", func() bool { return u.records("reword") == 0 && u.indexed("kumquat") && !u.indexed("no3") })
		if slices.ContainsFunc(u.find("no3", nil, 200).Messages, func(h client.Hit) bool { return h.Position == *first.Position }) {
			t.Errorf("%s finds what an edited message said", u.name)
		}
	}
	compare(alice)
	alice.erase(conv, first)
	alice.erase(conv, last)
	for _, u := range []*user{alice, bob} {
		u.eventually("the deletions", func() bool { return len(u.find("kumquat", nil, 10).Messages) == 0 })
		u.eventually("the index forgets", func() bool { return u.records("reword") == 0 && !u.indexed("kumquat") && !u.indexed("rube") })
	}
	alice.crash()
	alice.eventually("built", func() bool { return !alice.find("tea", nil, 1).Building })
	compare(alice)
}

func TestSearchResults(t *testing.T) {
	h, alice, bob, conv := newPair(t)
	carol := newUser(t, h, "carol")
	carol.join()
	other := alice.open(carol)
	long := strings.Repeat("läng ", 100) + "😀 needle\nin a " + strings.Repeat("stack ", 100)
	alice.send(conv, long)
	bob.until("the text", func() bool { return len(bob.texts(conv)) == 1 })
	alice.send(other, "needles")
	alice.until("both sent", func() bool { return alice.settled(conv) && alice.settled(other) })
	found := alice.find("NEEDLE", nil, 10)
	if len(found.Messages) != 2 || found.Messages[0].Text != "needles" || found.Messages[0].Conversation != other {
		t.Fatalf("%+v", found.Messages)
	}
	hit := found.Messages[1]
	units := []rune(hit.Text)
	if len(units) != 160 || len(hit.Marks) != 1 || hit.Sender.Handle != "alice" || !hit.Own {
		t.Fatalf("%+v", hit)
	}
	before, after, _ := strings.Cut(hit.Text, "needle")
	if start := len([]rune(before)) + 1; hit.Marks[0].Start != int64(start) || hit.Marks[0].End != int64(start+6) || after == "" { // 😀 counts twice
		t.Errorf("marks %+v in %q", hit.Marks, hit.Text)
	}
	if got := alice.find("needle", &conv, 10); len(got.Messages) != 1 || got.Messages[0].Conversation != conv {
		t.Errorf("in one conversation: %+v", got.Messages)
	}
	if got := alice.find("needle", nil, 1); len(got.Messages) != 1 || !got.More {
		t.Errorf("one of two: %+v", got)
	}
	if got := alice.find("CAR", nil, 10); len(got.People) != 1 || got.People[0].Handle != "carol" || *got.People[0].Conversation != other || !slices.Equal(got.Conversations, []string{other}) {
		t.Errorf("people: %+v", got)
	}
	if got := alice.find("  ", nil, 10); len(got.People)+len(got.Messages)+len(got.Conversations) != 0 {
		t.Errorf("nothing sought, found %+v", got)
	}
	none := strings.Repeat("00", 16)
	if _, err := alice.engine.Search(t.Context(), "x", &none, 10); err == nil {
		t.Error("searched a conversation that is not there")
	}
}
