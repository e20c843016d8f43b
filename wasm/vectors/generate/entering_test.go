//go:build !js

package generate

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"strings"

	"sotto/wasm/account"
	"sotto/wasm/cose"
	"sotto/wasm/epoch"
	"sotto/wasm/vectors/keys"
)

const aboutPeople = "alice, bob, carol and dave (the links of their chains), seed (of the reader's ML-KEM key; the RSA key is the reader's), " +
	"expiry (of that prekey), conversation"

// groupScene makes the cases of one file that show somebody the log of a group.
type groupScene struct {
	m      *maker
	reader keys.Person
}

func (m *maker) groupScene(r *room, reader keys.Person) groupScene {
	for _, p := range []keys.Person{keys.Alice, keys.Bob, keys.Carol, keys.Dave} {
		m.share(string(p)+"-chain", r.hall.people[p].links)
	}
	m.share("seed", reader.Seed())
	m.share("conversation", r.id[:])
	return groupScene{m: m, reader: reader}
}

func (s groupScene) in(events ...event) values {
	var kinds []string
	var list, wraps [][]byte
	for _, e := range events {
		kinds, list, wraps = append(kinds, fmt.Sprint(uint64(e.kind))), append(list, e.bytes), append(wraps, e.wrap)
	}
	return values{
		"reader": string(s.reader), "alice": "@alice-chain", "bob": "@bob-chain", "carol": "@carol-chain", "dave": "@dave-chain",
		"seed": "@seed", "expiry": expiry, "conversation": "@conversation",
		"kinds": strings.Join(kinds, " "), "events": list, "wraps": wraps,
	}
}

// described is what a reader gets of a log with alice's messages.
func (r *room) described(gone int, letters ...*letter) values {
	var bodies, senders [][]byte
	for _, l := range letters {
		bodies, senders = append(bodies, l.payload[4].(cose.Raw)), append(senders, bytesOf(r.m.device(keys.Alice)))
	}
	return values{"bodies": bodies, "senders": senders, "log": bytesOf(r.logs[len(r.logs)-1]), "name": r.hall.name, "gone": gone}
}

// leaves puts a leave event into the log.
func (r *room) leaves(p keys.Person) {
	r.append(event{kind: epoch.KindLeave, bytes: r.leave(p, func([]any) {})})
	delete(r.hall.roles, p)
}

func groupOpenings(m *maker) {
	m.About = "The log of a group as one of its first members opens it. in: reader, " + aboutPeople + ", kinds, events and wraps (from position 1; " +
		"wraps are the reader's own). No event but the last is refused; of an epoch in between the reader may have no keys. The outcome is that " +
		"of the last: whether it was refused, else why there are no keys of its epoch. out: bodies and senders (of the messages), log (L at the " +
		"end), name (of the group), gone (1 when the last commit took the reader out)."
	r := m.group()
	s := m.groupScene(r, keys.Bob)
	talks := r.clone()
	first := talks.send(0, textBody("to all"))
	m.accept("a message", s.in(talks.events...), talks.described(0, first))
	talks.leaves(keys.Carol)
	m.accept("carol leaves", s.in(talks.events...), talks.described(0, first))
	m.refuse("a message after that", "closed", s.in(append(talks.events, talks.letter(0, textBody("late")).event())...))
	talks.take(talks.commit())
	m.accept("carol is taken out", s.in(talks.events...), talks.described(0, first))
	second := talks.send(0, textBody("without carol"))
	m.accept("a message after that, in the next epoch", s.in(talks.events...), talks.described(0, first, second))
	delete(talks.hall.roles, keys.Bob)
	talks.hall.links = nil
	last := talks.commit()
	talks.take(last)
	m.accept("bob is taken out", s.in(talks.events...), talks.described(1, first, second))
	s.strays(r)
	s.lost(r)
}

// strays are events that everyone refuses and that stop nobody.
func (s groupScene) strays(r *room) {
	m := s.m
	refuse := func(name, outcome string, e event) { m.refuse(name, outcome, s.in(append(r.clone().events, e)...)) }
	leave := func(p keys.Person, change func([]any)) event {
		return event{kind: epoch.KindLeave, bytes: r.leave(p, change)}
	}
	refuse("the only admin leaves", "rule", leave(keys.Alice, func([]any) {}))
	refuse("a leave of another epoch", "rule", leave(keys.Bob, func(p []any) { p[1] = random(32) }))
	refuse("a leave with another history", "split-view", leave(keys.Carol, func(p []any) { p[2] = []any{1, random(32)} }))
	refuse("a leave with a history before the epoch", "seen", leave(keys.Carol, func(p []any) { p[2] = []any{0, bytesOf(r.logs[0])} }))
	own := s.in(append(r.clone().events, leave(keys.Bob, func([]any) {}))...)
	m.refuse("an own leave that this profile did not write", "copied-profile", own)
	other := r.letter(0, textBody("x")).changed(func(l *letter) { l.payload[2] = []any{1, random(32)} }).event()
	refuse("a message with another history", "split-view", other)
	stale := r.clone()
	commit := stale.commit()
	stale.send(0, textBody("after the commit was made"))
	m.refuse("a commit older than the own last message", "seen", s.in(append(stale.events, commit.event())...))
	claimed := r.clone()
	claimed.append(claimed.letter(0, textBody("x")).changed(func(l *letter) { l.key = cose.Secret(random(32)) }).event())
	m.refuse("a message under another key", "decrypt", s.in(claimed.events...))
	refuse("a member renames", "rule", r.commit().changed(func(c *commitment) { c.by(keys.Carol); c.header.Room[0].State[0] ^= 1 }).event())
	refuse("a link that expired", "link", func() event {
		twin := r.clone()
		twin.admission(keys.Dave)
		return twin.commit().changed(func(c *commitment) { c.header.Time = linkExpiry; c.fit() }).event()
	}())
}

// lost is bob without the keys of an epoch that everyone else has, and what becomes of that.
func (s groupScene) lost(r *room) {
	m := s.m
	t := r.clone()
	t.take(t.commit().changed(func(c *commitment) { c.wrap = func([]byte) []byte { return random(100) } }))
	m.refuse("a wrap of noise", "wrap-unusable", s.in(t.events...))
	m.refuse("a message of that epoch", "lost", s.in(append(t.events, t.letter(0, textBody("x")).event())...))
	m.refuse("the epoch after, for who has that one", "lost", s.in(append(t.events, t.commit().event())...))
	back := t.commit().changed(func(c *commitment) { c.header.Rejoin = []account.DeviceID{m.device(keys.Bob)}; c.fit() })
	t.take(back)
	third := t.send(0, textBody("here again"))
	m.accept("bob is let back in", s.in(t.events...), t.described(0, third))
	wrong := r.clone()
	wrong.take(wrong.commit().changed(func(c *commitment) { c.confirm = random(32) }))
	m.refuse("another confirm", "confirm", s.in(wrong.events...))
	absent := r.clone()
	absent.take(absent.commit().changed(func(c *commitment) {
		absent.of(c.header, keys.Bob).Slots = []epoch.Slot{{Device: m.device(keys.Bob)}}
		c.fit()
	}))
	m.refuse("bob is absent", "stale-prekey", s.in(absent.events...))
	absent.take(absent.commit())
	m.accept("bob is present again", s.in(absent.events...), absent.described(0))
	blank := r.clone()
	blank.take(blank.commit().changed(func(c *commitment) {
		c.header.Room[0].Sealed = random(900)
		c.bound = c.header.Bytes()
		c.confirm = confirmOf(epochKeyOf(joinerOf(c.r.init, c.secret), c.bound), c.bound)
	}))
	m.accept("a state that nobody can open", s.in(blank.events...), blank.described(0))
}

func enterings(m *maker) {
	m.About = "A group as one enters it who was let in later. in: reader, " + aboutPeople + ", link (the secret of the link by which the reader asked, " +
		"else empty), before-kinds and before-hashes (the events between what the commit names as seen and it), event and wrap (the commit and the " +
		"reader's own wrap), kinds, events and wraps (what comes after). The outcome is that of the commit, or of the last event after it. " +
		"out: position (of the commit), name, bodies, log (L at the end)."
	r := m.group()
	s := m.groupScene(r, keys.Dave)
	added := func(p keys.Person) *commitment {
		t := r.clone()
		t.hall.roles[keys.Dave] = epoch.RoleMember
		return t.forDave(p, nil)
	}
	admitted := func(link []byte) *commitment {
		t := r.clone()
		t.admission(keys.Dave)
		return t.forDave(keys.Bob, link)
	}
	secret := r.hall.secrets[0]
	s.enters("added by an admin", "ok", added(keys.Alice), nil, nil)
	s.enters("by a link", "ok", admitted(secret), secret, nil)
	s.enters("in a room that the server made", "wrap-unusable", admitted(random(32)), secret, nil)
	s.enters("by a link, without its secret in the wrap", "wrap-unusable", admitted(nil), secret, nil)
	s.enters("by a link that it did not use", "link", admitted(secret), nil, nil)
	s.enters("without the link that it used", "link", added(keys.Alice), secret, nil)
	s.enters("added by an admin, with an altered wrap", "wrap-altered", added(keys.Alice), nil, func(v values) { v["wrap"] = random(50) })
	s.enters("by a link, with an altered wrap", "wrap-altered", admitted(secret), secret, func(v values) { v["wrap"] = random(50) })
	s.enters("another conversation", "rule", added(keys.Alice), nil, func(v values) { v["conversation"] = random(16) })
	s.enters("a prekey that is destroyed", "stale-prekey", added(keys.Alice), nil, func(v values) { v["seed"] = random(64) })
	s.enters("the group's epoch 0", "stale-prekey", added(keys.Alice), nil, func(v values) { v["event"], v["wrap"] = r.events[0].bytes, "" })
	s.enters("another signature", "signature", added(keys.Alice), nil, func(v values) {
		b := bytes.Clone(v["event"].([]byte))
		b[len(b)-1] ^= 1
		v["event"] = b
	})
	s.enters("the log before it is another", "split-view", added(keys.Alice), nil, func(v values) {
		v["before-hashes"] = [][]byte{random(32)}
	})
	s.enters("an event before it is withheld", "seen", added(keys.Alice), nil, func(v values) {
		v["before-kinds"], v["before-hashes"] = "", ""
	})
}

// forDave is a commit that lets dave in, by a person, whose wrap is for him.
func (r *room) forDave(by keys.Person, link []byte) *commitment {
	c := r.commit()
	c.by(by)
	c.to, c.device, c.link = r.m.private(keys.Dave).Public(), r.m.device(keys.Dave), link
	c.fit()
	return c
}

// enters shows dave a commit that a message of alice's overtook, and a message after it.
func (s groupScene) enters(name, outcome string, c *commitment, link []byte, change func(values)) {
	t := c.r
	overtaking := event{kind: epoch.KindMessage, bytes: t.letter(0, textBody("not for dave")).event().bytes}
	hash := sha256.Sum256(overtaking.bytes)
	t.append(overtaking)
	t.take(c)
	e := t.events[len(t.events)-1]
	l := t.send(0, textBody("welcome"))
	v := s.in(t.events[len(t.events)-1])
	v["link"], v["before-kinds"], v["before-hashes"], v["event"], v["wrap"] = link, "3", hash[:], e.bytes, e.wrap
	if change != nil {
		change(v)
	}
	if outcome != "ok" {
		s.m.refuse(name, outcome, v)
		return
	}
	s.m.accept(name, v, values{
		"position": len(t.events) - 1, "name": t.hall.name, "bodies": l.payload[4].(cose.Raw), "log": bytesOf(t.logs[len(t.logs)-1]),
	})
}
