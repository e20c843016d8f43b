//go:build attack

package main

import (
	"bytes"
	"slices"

	"sotto/build/hostile"
	"sotto/wasm/check"
	"sotto/wasm/client"
	"sotto/wasm/conversation"
	"sotto/wasm/cose"
	"sotto/wasm/epoch"
	"sotto/wasm/wire"
)

func messageAttacks() []attack {
	const line = "messages replayed, reordered, dropped, withheld"
	return []attack{
		{
			line: line, name: "a message again", known: "Bridgefy, 2021",
			by: []check.Name{check.Replay, check.Seen, check.ClientOnce}, says: "replayed", play: replay,
		},
		{
			line: line, name: "two messages in the other order", known: "Telegram, 2022",
			by: []check.Name{check.Seen, check.Replay}, says: "not-opened (seen)", play: reorder,
		},
		{
			line: line, name: "one message left out", known: "WhatsApp and Signal groups, 2018",
			by: []check.Name{check.Seen}, says: "not-opened (seen)", play: drop,
		},
		{
			line: line, name: "the last messages kept back", known: "WhatsApp and Signal groups, 2018",
			by: []check.Name{check.Withheld}, says: client.NoticeWithheld, play: withhold,
		},
		{
			line: line, name: "a client id used for two messages", known: "Bridgefy, 2021: replay",
			by: []check.Name{check.ClientOnce}, says: "shown once", play: clientTwice,
		},
		{
			line: line, name: "a generation far ahead, to make the receiver derive", known: "Double Ratchet's MAX_SKIP, 2016",
			by: []check.Name{check.Skip}, says: "not-opened (generation)", play: func(s *stage) result {
				d := s.direct()
				at := d.post(d.event(d.room.Letter(d.bob, conversation.MaxSkip+1, "from afar")))
				return d.judged(at, "from afar")
			},
		},
	}
}

func replay(s *stage) result {
	d := s.direct()
	event, _ := d.say("pay me once")
	return d.judged(d.post(event), "pay me once")
}

// reorder hands alice bob's second message at the place of his first. He had seen the first when he wrote the second.
func reorder(s *stage) result {
	d := s.direct()
	room := d.room.Clone()
	first := d.event(d.letter("shall I?"))
	room.Take(epoch.KindMessage, first)
	second := d.event(room.Letter(d.bob, 1, "no, never"))
	at := d.server.Append(d.id, epoch.KindMessage, second, nil)
	d.server.Append(d.id, epoch.KindMessage, first, nil)
	r := d.judged(at, "no, never")
	d.alice.at(d.conv, at+1)
	r.won = slices.Equal(d.alice.texts(d.conv), []string{"no, never", "shall I?"})
	return r
}

// drop leaves bob's first message out.
func drop(s *stage) result {
	d := s.direct()
	room := d.room.Clone()
	room.Take(epoch.KindMessage, d.event(d.letter("do not")))
	at := d.server.Append(d.id, epoch.KindMessage, d.event(room.Letter(d.bob, 1, "go ahead")), nil)
	return d.judged(at, "go ahead")
}

// withhold keeps bob's message from alice, whom his receipt tells of it. A second receipt, for what she has, shows that
// she has taken in the first.
func withhold(s *stage) result {
	d := s.direct()
	before := d.room.Receipt(d.bob, 2)
	d.relay.Tell(hostile.KeepBack(d.id, before.Seen.Position))
	d.say("the meeting is moved")
	tells, err := d.room.SealReceipt(d.bob, d.room.Receipt(d.bob, 1))
	d.must(err)
	follows, err := d.room.SealReceipt(d.bob, before)
	d.must(err)
	d.server.Signal(d.id, d.bob.Device, tells)
	d.server.Signal(d.id, d.bob.Device, follows)
	taken := func() bool { return d.alice.read(d.conv) == int64(before.Read) }
	d.alice.until("both receipts are taken", taken)
	says := d.alice.first(d.conv)
	return result{says: says, won: says == ""}
}

// read is how far the other side has read, as the engine shows it.
func (p *person) read(conv string) int64 {
	for _, c := range p.engine.Conversations() {
		if c.ID == conv {
			return c.Read
		}
	}
	return 0
}

func clientTwice(s *stage) result {
	d := s.direct()
	first := d.letter("once")
	d.post(d.event(first))
	again := d.room.Letter(d.bob, 1, "once")
	again.Client = first.Client
	d.post(d.event(again))
	d.post(d.event(d.room.Letter(d.bob, 2, "after it")))
	d.alice.until("what came after it is there", func() bool { return d.alice.has(d.conv, "after it") })
	if slices.Equal(d.alice.texts(d.conv), []string{"once", "once", "after it"}) {
		return result{won: true}
	}
	return result{says: "shown once"}
}

func alteredAttacks() []attack {
	const line = "altered ciphertext, associated data, nonce, tag, signature, padding, type"
	return []attack{
		{
			line: line, name: "one bit of the ciphertext, to change the text", known: "EFAIL, 2018; iMessage, 2016",
			by: []check.Name{check.Tag, check.Signature}, says: "not-opened (decrypt)",
			play: func(s *stage) result {
				d := s.direct()
				l := d.letter("pay 1")
				event := d.event(l)
				inner, err := l.Inner()
				d.must(err)
				// The plaintext begins with a length of 4 bytes; the text's last byte stands where it stands in the signed object.
				at := 4 + textEnd(inner, "pay 1")
				sealed, err := epoch.ParseSealed(event, epoch.TypeMessage, len(event))
				d.must(err)
				event = slices.Clone(event)
				event[len(event)-len(sealed.Ciphertext)+at] ^= '1' ^ '9'
				return d.judged(d.post(event), "pay 9")
			},
		},
		letterAttack(line, "one bit of the tag", "iMessage, 2016: nothing authenticates", "not-opened (decrypt)", func(l *hostile.Letter) {
			l.Sealed = func(event []byte) []byte { event[len(event)-1] ^= 1; return event }
		}, check.Tag),
		{
			line: line, name: "another nonce, so that garbage reaches the parser", known: "padding oracles: Vaudenay, 2002",
			by: []check.Name{check.Tag}, says: "not-opened (decrypt)", play: otherNonce,
		},
		{
			line: line, name: "another client id in what was signed", known: "iMessage, 2016: nothing authenticates",
			by: []check.Name{check.Signature}, says: "not-opened (signature)", play: otherClient,
		},
		letterAttack(line, "associated data of another epoch", "MEGA, 2022: nothing binds it to its place", "not-opened (decrypt)", func(l *hostile.Letter) {
			l.External = make([]byte, 32)
		}, check.Tag),
		letterAttack(line, "a signature by another key", "Zoom meetings, 2021", "not-opened (signature)", func(l *hostile.Letter) {
			l.Signed = func(content []byte) []byte { content[len(content)-1] ^= 1; return content }
		}, check.Signature),
		letterAttack(line, "padding that is not zero", "SSL 3.0, POODLE, 2014", "not-opened (malformed)", func(l *hostile.Letter) {
			l.Pad = func(content []byte) []byte { p := hostile.Pad(content); p[len(p)-1] = 1; return p }
		}, check.Padding),
		letterAttack(line, "padding longer than it should be", "SSL 3.0, POODLE, 2014", "not-opened (malformed)", func(l *hostile.Letter) {
			l.Pad = func(content []byte) []byte { return append(hostile.Pad(content), make([]byte, 64)...) }
		}, check.Padding),
		letterAttack(line, "a wrap's type on a message", "Matrix, 2022: protocol confusion", "not-opened (malformed)", func(l *hostile.Letter) {
			l.Type = conversation.TypeWrap
		}, check.Type),
		letterAttack(line, "a receipt's type on signed content", "Threema, 2023: cross-protocol", "not-opened (malformed)", func(l *hostile.Letter) {
			l.Content = conversation.TypeReceipt
		}, check.Type),
	}
}

// otherNonce changes the nonce of bob's message on its way. It has succeeded when what comes out is taken for plaintext.
func otherNonce(s *stage) result {
	d := s.direct()
	var parts []cose.Raw
	s.must(cose.Unmarshal(d.event(d.letter("hello")), &parts, conversation.MaxMessageBytes))
	var protected []byte
	s.must(cose.Unmarshal(parts[0], &protected, len(parts[0])))
	var header map[int64]cose.Raw
	s.must(cose.Unmarshal(protected, &header, len(protected)))
	header[5] = slices.Clone(header[5])
	header[5][len(header[5])-1] ^= 1
	parts[0] = cose.Marshal(cose.Marshal(header))
	_, says := d.alice.at(d.conv, d.post(cose.Marshal(parts)))
	return result{says: says, won: says == "not-opened (malformed)"}
}

// otherClient gives what bob has signed another client id, as who has his message key can.
func otherClient(s *stage) result {
	d := s.direct()
	l := d.letter("once")
	inner, err := l.Inner()
	s.must(err)
	at := bytes.Index(inner, l.Client[:])
	inner[at] ^= 1
	return d.judged(d.post(l.Around(inner)), "once")
}

// textEnd is the place of the last byte of a text in what holds it.
func textEnd(data []byte, text string) int {
	for i := len(data) - len(text); i >= 0; i-- {
		if string(data[i:i+len(text)]) == text {
			return i + len(text) - 1
		}
	}
	return -1
}

// letterAttack is a message by bob of which one thing is wrong.
func letterAttack(line, name, known, says string, change func(*hostile.Letter), by ...check.Name) attack {
	return attack{line: line, name: name, known: known, by: by, says: says, play: func(s *stage) result {
		d := s.direct()
		l := d.letter("believe me")
		change(l)
		return d.judged(d.post(d.event(l)), "believe me")
	}}
}

func movedAttacks() []attack {
	const line = "a message moved to another conversation or epoch"
	return []attack{
		letterAttack(line, "a place that names another conversation", "surreptitious forwarding: Davis, 2001", "not-opened (rule)", func(l *hostile.Letter) {
			l.Place.Conversation[0] ^= 1
		}, check.Conversation),
		letterAttack(line, "a place that names another epoch", "Sender Keys analysed, 2023", "not-opened (epoch)", func(l *hostile.Letter) {
			l.Place.Number++
		}, check.NewestEpoch),
		letterAttack(line, "content signed for another epoch", "surreptitious forwarding: Davis, 2001", "not-opened (epoch)", func(l *hostile.Letter) {
			l.Epoch[0] ^= 1
		}, check.ContentEpoch),
		letterAttack(line, "content signed for another generation", "Threema, 2023: reflection", "not-opened (sender)", func(l *hostile.Letter) {
			l.Generation++
		}, check.ContentGeneration),
		{
			line: line, name: "the old epoch used after the new one", known: "Sender Keys analysed, 2023",
			instead: "the keys of an epoch end with it", at: "wasm/conversation.Conversation.install", says: "not-opened (epoch)",
			play: func(s *stage) result {
				d := s.direct()
				old := d.room.Clone()
				if !s.control { // else alice still has the keys of the epoch before
					at := d.commit(d.next())
					old.Take(epoch.KindCommit, d.server.Log(d.id, d.bob.Device)[at-1].Event)
				}
				at := d.post(d.event(old.Letter(d.bob, 0, "of old")))
				return d.judged(at, "of old")
			},
		},
	}
}

func historyAttacks() []attack {
	const line = "different histories to different members"
	return []attack{
		{
			line: line, name: "told by the first message", known: "fork consistency: SUNDR, 2004",
			by: []check.Name{check.SplitView}, says: client.NoticeSplitView,
			play: func(s *stage) result {
				d := s.forked()
				_, at := d.say("and this is why")
				return d.judged(at, "and this is why")
			},
		},
		{
			line: line, name: "told by the first receipt", known: "CONIKS, 2015",
			by: []check.Name{check.SplitView}, says: client.NoticeSplitView,
			play: func(s *stage) result {
				d := s.forked()
				c := d.room.Receipt(d.bob, 1)
				signal, err := d.room.SealReceipt(d.bob, c)
				d.must(err)
				d.server.Signal(d.id, d.bob.Device, signal)
				d.alice.until("the receipt is taken", func() bool {
					return d.alice.blocked(d.conv) != "" || d.alice.read(d.conv) == int64(c.Read)
				})
				return result{says: d.alice.blocked(d.conv), won: d.alice.read(d.conv) == int64(c.Read)}
			},
		},
	}
}

// forked shows alice another message than bob has at one position.
func (s *stage) forked() *direct {
	d := s.direct()
	position := d.room.Seen().Position + 1
	theirs := d.event(d.letter("for alice's eyes"))
	d.relay.Tell(hostile.Change(func(p wire.EventPush) []wire.Body {
		if p.Event.Position == position {
			p.Event.Event = theirs
		}
		return []wire.Body{p}
	}))
	_, at := d.say("for the record")
	d.alice.at(d.conv, at)
	return d
}
