package soak

import (
	"context"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"

	"sotto/build/rough"
	"sotto/wasm/client"
	"sotto/wasm/cose"
)

// story gives the messages of a conversation with all that belongs to them, as both sides must see it.
func (u *user) story(conv string) []string {
	var lines []string
	for _, e := range u.timeline(conv) {
		if e.Kind == client.EntryMessage {
			lines = append(lines, storyOf(e))
		}
	}
	return lines
}

func storyOf(e client.Entry) string {
	line := e.Sender.Handle + ": "
	if e.Deleted != nil {
		line += "(deleted)"
	} else {
		line += *e.Text
	}
	for _, m := range e.Mentions {
		line += fmt.Sprintf(" @%s[%d,%d]", m.Handle, m.Start, m.End)
	}
	if e.Reply != nil {
		line += fmt.Sprintf(" to %s %s %q", e.Reply.State, e.Reply.Sender.Handle, e.Reply.Text)
	}
	if e.Edited != nil {
		line += " (edited)"
	}
	for _, r := range e.Reactions {
		line += " " + r.Emoji
		for i, who := range r.Who {
			line += strings.Repeat(",", min(i, 1)) + who.Handle
		}
	}
	if len(e.Changes) > 0 {
		line += fmt.Sprintf(" (%d on their way)", len(e.Changes))
	}
	return line
}

// tells waits until both sides see a story.
func tells(t *testing.T, conv string, users []*user, want ...string) {
	t.Helper()
	for _, u := range users {
		u.until(strings.Join(want, " | "), func() bool { return slices.Equal(u.story(conv), want) })
	}
}

// entry gives the newest message with a text.
func (u *user) entry(conv, text string) client.Entry {
	u.t.Helper()
	var found client.Entry
	u.until("a message "+text, func() bool {
		for _, e := range u.timeline(conv) {
			if e.Text != nil && *e.Text == text {
				found = e
			}
		}
		return found.ID != ""
	})
	return found
}

func (u *user) edit(conv string, e client.Entry, text string) {
	u.t.Helper()
	if _, err := u.engine.Edit(context.Background(), conv, e.ID, text, nil, ""); err != nil {
		u.t.Fatalf("%s edits: %v", u.name, err)
	}
}

func (u *user) react(conv string, e client.Entry, emoji string, on bool) client.Entry {
	u.t.Helper()
	shown, err := u.engine.React(context.Background(), conv, e.ID, emoji, on, "")
	if err != nil {
		u.t.Fatalf("%s reacts: %v", u.name, err)
	}
	return shown
}

func (u *user) erase(conv string, e client.Entry) {
	u.t.Helper()
	if err := u.engine.Delete(context.Background(), conv, e.ID, ""); err != nil {
		u.t.Fatalf("%s deletes: %v", u.name, err)
	}
}

func TestWhatBelongsToMessages(t *testing.T) {
	_, alice, bob, conv := newPair(t)
	both := []*user{alice, bob}
	alice.send(conv, "shall we?")
	question := bob.entry(conv, "shall we?")
	_, err := bob.engine.Post(t.Context(), conv, client.Post{
		Text: "😀 yes, @alice", Reply: question.ID, Mentions: []client.Range{{Account: alice.engine.Me().Account, Start: 8, End: 14}},
	})
	if err != nil {
		t.Fatal(err)
	}
	answer := `bob: 😀 yes, @alice @alice[8,14] to here alice "shall we?"`
	tells(t, conv, both, "alice: shall we?", answer)
	if c := alice.engine.Conversations()[0]; c.Unread != 1 || c.Mentions != 1 || bob.engine.Conversations()[0].Mentions != 0 {
		t.Errorf("unread %d, mentions %d", c.Unread, c.Mentions)
	}

	bob.react(conv, question, "👍", true)
	alice.react(conv, alice.entry(conv, "shall we?"), "👍", true)
	alice.react(conv, alice.entry(conv, "😀 yes, @alice"), "❤️", true)
	bob.until("all reactions", func() bool {
		story := strings.Join(bob.story(conv), " ")
		return strings.Contains(story, "❤️alice") && strings.Contains(story, ",") && !strings.Contains(story, "way")
	})
	bob.react(conv, question, "👍", false)
	tells(t, conv, both, "alice: shall we? 👍alice", answer+" ❤️alice")

	alice.edit(conv, alice.entry(conv, "shall we?"), "shall we go?")
	answer = strings.Replace(answer, "shall we?", "shall we go?", 1)
	tells(t, conv, both, "alice: shall we go? (edited) 👍alice", answer+" ❤️alice")
	versions, err := bob.engine.Versions(t.Context(), conv, question.ID)
	if err != nil || len(versions) != 2 || versions[0].Text != "shall we?" || versions[1].Text != "shall we go?" {
		t.Errorf("versions: %+v, %v", versions, err)
	}

	alice.erase(conv, alice.entry(conv, "shall we go?"))
	answer = strings.Replace(answer, `here alice "shall we go?"`, `deleted alice ""`, 1)
	tells(t, conv, both, "alice: (deleted)", answer+" ❤️alice")
	for _, u := range both {
		if _, err := u.engine.Versions(t.Context(), conv, question.ID); err == nil {
			t.Errorf("%s still has what was deleted", u.name)
		}
	}
	for _, u := range both {
		u.crash()
		u.online()
	}
	tells(t, conv, both, "alice: (deleted)", answer+" ❤️alice")
}

func TestOnlyOwnMessagesAreChanged(t *testing.T) {
	_, alice, bob, conv := newPair(t)
	alice.send(conv, "mine")
	mine := bob.entry(conv, "mine")
	_, editing := bob.engine.Edit(t.Context(), conv, mine.ID, "yours", nil, "")
	deleting := bob.engine.Delete(t.Context(), conv, mine.ID, "")
	_, reacting := bob.engine.React(t.Context(), conv, mine.ID, "no emoji", true, "")
	for what, err := range map[string]error{"edit": editing, "delete": deleting, "reaction": reacting} {
		var named *client.Error
		if !errors.As(err, &named) || named.Code() != client.CodeNotFound {
			t.Errorf("%s: %v", what, err)
		}
	}
}

// TestAnEngineThatBreaksTheRules has bob's engine send what his engine would not let him: an edit and a deletion of
// alice's message, an emoji that is set twice and one too many. Nothing of it counts, on either side.
func TestAnEngineThatBreaksTheRules(t *testing.T) {
	_, alice, bob, conv := newPair(t)
	alice.send(conv, "mine")
	position := uint64(*bob.entry(conv, "mine").Position)
	bob.stop()
	emoji := []string{"👍", "👍", "1️⃣", "2️⃣", "3️⃣", "4️⃣", "5️⃣", "6️⃣", "7️⃣", "8️⃣"}
	bob.plant(conv, 2, position, "yours", "")
	bob.plant(conv, 3, position, "", "")
	for _, e := range emoji {
		bob.plant(conv, 4, position, "", e)
	}
	bob.start()
	bob.send(conv, "done")
	want := "alice: mine"
	for _, e := range slices.Compact(emoji)[:8] {
		want += " " + e + "bob"
	}
	tells(t, conv, []*user{alice, bob}, want, "bob: done")
}

// plant puts a body into the outbox of an engine that is stopped.
func (u *user) plant(conv string, kind, target uint64, text, emoji string) {
	u.t.Helper()
	prefix, err := hex.DecodeString(conv)
	if err != nil {
		u.t.Fatal(err)
	}
	kept, err := u.store.Range(context.Background(), "outbox", nil, nil, 1000, false)
	if err != nil {
		u.t.Fatal(err)
	}
	id := binary.BigEndian.AppendUint64(prefix, uint64(1000+len(kept)))
	client16 := make([]byte, 16)
	binary.BigEndian.PutUint64(client16, rand.Uint64())
	record := cose.Marshal([]any{1, client16, 5, text, "", kind, target, []byte{}, []any{}, emoji, true})
	write := client.Write{Record: client.Record{Key: client.Key{Kind: "outbox", ID: id}, Value: record}}
	if err := u.store.Apply(context.Background(), []client.Write{write}); err != nil {
		u.t.Fatal(err)
	}
}

func TestChangesWhileOffline(t *testing.T) {
	h, alice, bob, conv := newPair(t)
	both := []*user{alice, bob}
	alice.send(conv, "one")
	tells(t, conv, both, "alice: one")
	h.shut()
	alice.until("offline", func() bool { return alice.engine.Connection().State != client.StateOnline })
	one := alice.entry(conv, "one")
	first := alice.send(conv, "tow")
	alice.edit(conv, first, "two") // on the spot
	dropped := alice.send(conv, "three")
	alice.erase(conv, dropped)
	alice.edit(conv, one, "uno")
	alice.edit(conv, one, "eins") // replaces the edit before it
	shown := alice.react(conv, one, "👍", true)
	if got := storyOf(shown); got != "alice: eins (edited) 👍alice (2 on their way)" {
		t.Errorf("shown at once: %s", got)
	}
	shown = alice.react(conv, one, "👍", false) // takes the waiting one back
	if got := storyOf(shown); got != "alice: eins (edited) (1 on their way)" {
		t.Errorf("shown at once: %s", got)
	}
	alice.crash()
	want := []string{"alice: eins (edited) (1 on their way)", "alice: two"}
	if got := alice.story(conv); !slices.Equal(got, want) {
		t.Errorf("after a restart: %q, want %q", got, want)
	}
	h.open()
	alice.engine.Connect()
	bob.engine.Connect()
	tells(t, conv, both, "alice: eins (edited)", "alice: two")
}

// TestRepeatedCallsChangeOnce calls everything twice under one id.
func TestRepeatedCallsChangeOnce(t *testing.T) {
	_, alice, bob, conv := newPair(t)
	sent := alice.send(conv, "one")
	ids := []string{strings.Repeat("a1", 16), strings.Repeat("a2", 16), strings.Repeat("a3", 16)}
	for range 2 {
		if _, err := alice.engine.Edit(t.Context(), conv, sent.ID, "uno", nil, ids[0]); err != nil {
			t.Fatal(err)
		}
		if _, err := alice.engine.React(t.Context(), conv, sent.ID, "👍", true, ids[1]); err != nil {
			t.Fatal(err)
		}
		bob.until("the reaction", func() bool { s := bob.story(conv); return len(s) == 1 && strings.Contains(s[0], "👍alice") })
		alice.until("nothing waits", func() bool { return !strings.Contains(strings.Join(alice.story(conv), ""), "way") })
	}
	for range 2 {
		if err := alice.engine.Delete(t.Context(), conv, sent.ID, ids[2]); err != nil {
			t.Fatal(err)
		}
		tells(t, conv, []*user{alice, bob}, "alice: (deleted)")
	}
	if v, err := bob.engine.Versions(t.Context(), conv, bob.timeline(conv)[1].ID); err == nil {
		t.Errorf("versions of what was deleted: %v", v)
	}
}

// TestChangesOverARoughNetwork lets pairs send, edit, react and delete at random over a network that cuts and delays,
// with crashes: both sides end with the same story, and nothing waits.
func TestChangesOverARoughNetwork(t *testing.T) {
	h := newHouse(t)
	network := rough.New(seed(t), cutting)
	defer network.Close()
	transport := network.Transport(h)
	var all sync.WaitGroup
	for i := range 20 {
		a, b := newUser(t, transport, fmt.Sprintf("a%d", i)), newUser(t, transport, fmt.Sprintf("b%d", i))
		all.Go(func() {
			a.join()
			b.join()
			conv := a.open(b)
			a.send(conv, "begin")
			b.entry(conv, "begin")
			random := rand.New(rand.NewPCG(uint64(i), 7))
			for step := range 40 {
				u := []*user{a, b}[random.IntN(2)]
				if random.IntN(15) == 0 {
					u.crash()
				}
				u.wander(conv, step, random)
			}
			a.send(conv, "end of a")
			b.send(conv, "end of b")
			for _, u := range []*user{a, b} {
				u.until("everything is told", func() bool {
					u.engine.Connect()
					story := strings.Join(u.story(conv), "|")
					return u.settled(conv) && !strings.Contains(story, "way") && strings.Contains(story, "end of a") && strings.Contains(story, "end of b")
				})
			}
			if one, other := a.story(conv), b.story(conv); !slices.Equal(one, other) {
				t.Errorf("pair %d: one sees\n%s\nthe other\n%s", i, strings.Join(one, "\n"), strings.Join(other, "\n"))
			}
		})
	}
	all.Wait()
}

// wander does something at random to a message at random.
func (u *user) wander(conv string, step int, random *rand.Rand) {
	entries := slices.DeleteFunc(u.timeline(conv), func(e client.Entry) bool { return e.Kind != client.EntryMessage || e.Deleted != nil })
	if len(entries) == 0 || random.IntN(3) == 0 {
		u.send(conv, fmt.Sprintf("%s at %d", u.name, step))
		return
	}
	e := entries[random.IntN(len(entries))]
	ctx := context.Background()
	var err error
	switch random.IntN(5) {
	case 0:
		_, err = u.engine.Edit(ctx, conv, e.ID, fmt.Sprintf("%s edited at %d", u.name, step), nil, "")
	case 1:
		err = u.engine.Delete(ctx, conv, e.ID, "")
	case 2:
		_, err = u.engine.Post(ctx, conv, client.Post{Text: fmt.Sprintf("answer at %d", step), Reply: e.ID})
	default:
		_, err = u.engine.React(ctx, conv, e.ID, []string{"👍", "🎉"}[random.IntN(2)], random.IntN(3) > 0, "")
	}
	var named *client.Error
	if err != nil && (!errors.As(err, &named) || named.Code() != client.CodeNotFound) { // not one's own, or gone by now
		u.t.Errorf("%s at step %d: %v", u.name, step, err)
	}
}
