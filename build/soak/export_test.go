package soak

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"testing"

	"sotto/wasm/client"
)

// exported is an export as somebody else's program reads it.
type exported struct {
	Format        string
	Holds, Misses []string
	Account       client.Sender
	Settings      map[string]bool
	Contacts      []struct{ Handle, SafetyNumber string }
	Conversations []struct {
		ID, Kind, Handle, Draft string
		Pinned                  bool
		Members                 []client.Sender
		Entries, Waiting        []exportedEntry
	}
}

type exportedEntry struct {
	Position, Time, Edited, Deleted, Reply int64
	Kind, Text, Notice                     string
	Own                                    bool
	Sender                                 client.Sender
	Before                                 []client.Version
	Mentions                               []client.Mention
	Reactions                              []struct {
		Emoji string
		Who   []client.Sender
	}
}

func (u *user) export() (client.Exporting, exported, int) {
	u.t.Helper()
	about, err := u.engine.Export(context.Background())
	if err != nil {
		u.t.Fatal(err)
	}
	var file []byte
	chunks := 0
	for done := false; !done; chunks++ {
		c, err := u.engine.ExportNext(context.Background())
		if err != nil {
			u.t.Fatal(err)
		}
		file, done = append(file, c.Data...), c.Done
	}
	var read exported
	if err := json.Unmarshal(file, &read); err != nil {
		u.t.Fatalf("%v in %.200s", err, file)
	}
	return about, read, chunks
}

func TestExport(t *testing.T) {
	h, alice, bob, conv := newPair(t)
	hostile := "\"quotes\" \\ \x00\x1f\x7f\n\t </script> 😀 \u2028 ё"
	alice.send(conv, hostile)
	alice.send(conv, strings.Repeat("long ", 10_000))
	for i := range 8 {
		alice.send(conv, strings.Repeat(string(rune('a'+i)), 60_000))
	}
	alice.until("all sent", func() bool { return alice.settled(conv) })
	first := bob.entry(conv, hostile)
	_, err := bob.engine.Post(t.Context(), conv, client.Post{
		Text: "answer", Reply: first.ID, Mentions: []client.Range{{Account: alice.engine.Me().Account, Start: 0, End: 3}},
	})
	if err != nil {
		t.Fatal(err)
	}
	bob.react(conv, first, "👍", true)
	alice.edit(conv, alice.entry(conv, hostile), "mild")
	alice.erase(conv, alice.entry(conv, strings.Repeat("a", 60_000)))
	alice.until("all of it", func() bool {
		s := strings.Join(alice.story(conv), "|")
		return strings.Contains(s, "mild (edited) 👍bob") && strings.Contains(s, "(deleted)") && strings.Contains(s, "answer") && !strings.Contains(s, "way")
	})
	if err := errors.Join(alice.engine.Pin(t.Context(), conv, true), alice.engine.Draft(t.Context(), conv, "begun")); err != nil {
		t.Fatal(err)
	}
	h.shut()
	alice.until("offline", func() bool { return alice.engine.Connection().State != client.StateOnline })
	alice.send(conv, "waiting")

	about, file, chunks := alice.export()
	if chunks < 2 || !strings.HasPrefix(about.Name, "sotto-alice-2") || file.Format != "sotto-export/1" || file.Account.Handle != "alice" {
		t.Errorf("%d chunks, name %s, %+v", chunks, about.Name, file.Account)
	}
	counts := map[string]int64{}
	for i, h := range about.Holds {
		counts[h.Name] = h.Count
		if file.Holds[i] != h.Name {
			t.Errorf("the file says it holds %q", file.Holds)
		}
	}
	if counts["contacts"] != 1 || counts["conversations"] != 1 || counts["waiting"] != 1 || len(about.Misses) != len(file.Misses) {
		t.Errorf("%+v", about)
	}
	if len(file.Contacts) != 1 || file.Contacts[0].Handle != "bob" || len(file.Contacts[0].SafetyNumber) != 71 || !file.Settings["receipts"] {
		t.Errorf("%+v %+v", file.Contacts, file.Settings)
	}
	c := file.Conversations[0]
	if c.ID != conv || !c.Pinned || c.Draft != "begun" || len(c.Members) != 1 || len(c.Waiting) != 1 || c.Waiting[0].Text != "waiting" {
		t.Errorf("conversation %s, pinned %t, draft %q, %d members, %d wait", c.ID, c.Pinned, c.Draft, len(c.Members), len(c.Waiting))
	}
	if len(c.Entries) != 12 || c.Entries[0].Notice != "opened" {
		t.Fatalf("%d entries", len(c.Entries))
	}
	mild, answer := c.Entries[1], c.Entries[11]
	if mild.Text != "mild" || len(mild.Before) != 1 || mild.Before[0].Text != hostile || mild.Edited == 0 || !mild.Own ||
		len(mild.Reactions) != 1 || mild.Reactions[0].Who[0].Handle != "bob" {
		t.Errorf("%+v", mild)
	}
	if answer.Reply != 2 || answer.Sender.Handle != "bob" || len(answer.Mentions) != 1 || answer.Mentions[0].Handle != "alice" {
		t.Errorf("%+v", answer)
	}
	deleted := slices.IndexFunc(c.Entries, func(e exportedEntry) bool {
		return e.Deleted != 0
	})
	if deleted < 0 || c.Entries[deleted].Text != "" {
		t.Errorf("the deleted message is at %d", deleted)
	}
	if _, err := alice.engine.ExportNext(t.Context()); err == nil {
		t.Error("an export goes on after its end")
	}
}

func TestErase(t *testing.T) {
	_, alice, bob, conv := newPair(t)
	alice.send(conv, "one")
	tells(t, conv, []*user{alice, bob}, "alice: one")
	if err := alice.engine.Erase(t.Context()); err != nil {
		t.Fatal(err)
	}
	if alice.erased != 1 {
		t.Errorf("told %d times", alice.erased)
	}
	if _, err := alice.engine.Send(t.Context(), conv, "two", ""); err == nil {
		t.Error("an erased engine sends")
	}
	alice.store = alice.store.Clone()
	for _, kind := range []string{"identity", "contact", "room", "state", "entry", "client", "outbox", "index", "words"} {
		if n := alice.records(kind); n != 0 {
			t.Errorf("%d records of kind %s are left", n, kind)
		}
	}
	if _, err := alice.keys.Signer(t.Context(), "signing"); !errors.Is(err, client.ErrNoKey) {
		t.Errorf("the signing key is left: %v", err)
	}
	if _, err := alice.keys.Decrypter(t.Context(), "prekey-1"); !errors.Is(err, client.ErrNoKey) {
		t.Errorf("the prekey is left: %v", err)
	}
	if booted := alice.start(); booted.Me != nil || len(booted.Conversations) != 0 {
		t.Errorf("booted %+v", booted)
	}
	alice.name = "alice-again"
	alice.join()
}
