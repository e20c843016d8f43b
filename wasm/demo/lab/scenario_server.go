package lab

import (
	"crypto/rand"

	"sotto/wasm/account"
	"sotto/wasm/demo/weak"
	"sotto/wasm/epoch"
)

// The plays of a server that lies about events.

// three is a conversation with three messages of Alice's in the log, which Bob has not been shown.
func (s *scene) three() (*talk, *view, error) {
	t, err := openTalk(s.a, s.b)
	if err != nil {
		return nil, nil, err
	}
	bob := t.b.twin()
	for _, text := range []string{"Shall we meet?", "At noon.", "By the river."} {
		if err := t.say(t.a, text); err != nil {
			return nil, nil, err
		}
		s.act(alice, "writes", done, "text", text)
	}
	return t, bob, nil
}

// tutorialThree is the same in the scheme to learn from.
func (s *scene) tutorialThree() ([][]byte, error) {
	t, err := newTutorial(&s.b.keys.Decrypt.PublicKey)
	if err != nil {
		return nil, err
	}
	var sent [][]byte
	for _, text := range []string{"Shall we meet?", "At noon.", "By the river."} {
		s.weakly(alice, "writes", done, "text", text)
		sent = append(sent, t.send(text))
	}
	return sent, nil
}

// receive shows Bob events in turn; each opens.
func (s *scene) receive(v *view, events ...stored) error {
	for _, e := range events {
		text, err := must(v, e)
		if err != nil {
			return err
		}
		s.act(bob, "opens", opened, "text", text)
	}
	return nil
}

// receiveWeak shows Bob messages of the scheme to learn from; he takes what opens.
func (s *scene) receiveWeak(key, result string, messages ...[]byte) error {
	for _, m := range messages {
		text, err := weak.Open(m, s.b.keys.Decrypt)
		if err != nil {
			return err
		}
		s.weakly(bob, key, result, "text", text)
	}
	return nil
}

func (s *scene) replay() error {
	t, v, err := s.three()
	if err != nil {
		return err
	}
	early := v.twin() // as if Bob remembered nothing of what he has opened
	if err := s.receive(v, t.log[1]); err != nil {
		return err
	}
	s.act(server, "replay.again", done)
	_, err = shown(v, t.log[1])
	if err := s.fail(bob, "replay.refused", err); err != nil {
		return err
	}
	text, err := must(early, t.log[1])
	if err != nil {
		return err
	}
	s.act(bob, "replay.without", fooled, "text", text)
	sent, err := s.tutorialThree()
	if err != nil {
		return err
	}
	s.weakly(server, "replay.again", done)
	return s.receiveWeak("replay.taken", fooled, sent[0], sent[0])
}

func (s *scene) reorder() error {
	t, v, err := s.three()
	if err != nil {
		return err
	}
	s.act(server, "reorder.order", done)
	_, err = shown(v, t.log[2])
	if err := s.fail(bob, "reorder.refused", err); err != nil {
		return err
	}
	if err := s.receive(v, t.log[1]); err != nil {
		return err
	}
	sent, err := s.tutorialThree()
	if err != nil {
		return err
	}
	s.weakly(server, "reorder.order", done)
	return s.receiveWeak("reorder.taken", fooled, sent[1], sent[0])
}

func (s *scene) drop() error {
	t, v, err := s.three()
	if err != nil {
		return err
	}
	if err := s.receive(v, t.log[1]); err != nil {
		return err
	}
	s.act(server, "drop.second", done)
	_, err = shown(v, t.log[3])
	if err := s.fail(bob, "drop.refused", err); err != nil {
		return err
	}
	sent, err := s.tutorialThree()
	if err != nil {
		return err
	}
	s.weakly(server, "drop.second", done)
	return s.receiveWeak("drop.taken", fooled, sent[0], sent[2])
}

func (s *scene) move() error {
	other, err := openTalk(s.a, s.m)
	if err != nil {
		return err
	}
	t, err := openTalk(s.a, s.b)
	if err != nil {
		return err
	}
	const text = "Yes, I agree."
	event, err := other.a.seal(text)
	if err != nil {
		return err
	}
	s.act(alice, "move.writes", done, "text", text)
	s.act(server, "move.moves", done)
	_, err = shown(t.b.twin(), event)
	if err := s.fail(bob, "move.refused", err); err != nil {
		return err
	}
	if err := s.moveByHand(event, t); err != nil {
		return err
	}
	tut, err := newTutorial(&s.b.keys.Decrypt.PublicKey)
	if err != nil {
		return err
	}
	s.weakly(alice, "move.weak", done, "text", text)
	s.weakly(server, "move.moves", done)
	return s.receiveWeak("move.taken", fooled, tut.send(text))
}

// moveByHand opens a moved message with the key that Bob has for this place, as if nobody looked at the place.
func (s *scene) moveByHand(event stored, t *talk) error {
	right, err := t.a.twin().sealing("here")
	if err != nil {
		return err
	}
	e, err := epoch.ParseSealed(event.event, epoch.TypeMessage, len(event.event))
	if err != nil {
		return err
	}
	_, err = e.Encrypt0.Open(s.lab.primitives.AEAD(right.Key), externalOf(right))
	return s.fail(bob, "move.without", err)
}

// sealing is how the person would seal a text next.
func (v *view) sealing(text string) (Sealing, error) {
	v.tap.Take()
	if _, err := v.seal(text); err != nil {
		return Sealing{}, err
	}
	return v.tap.Take().Sealed[0], nil
}

func (s *scene) split() error {
	t, err := openTalk(s.a, s.b)
	if err != nil {
		return err
	}
	fromA, err := t.a.seal("I say yes.")
	if err != nil {
		return err
	}
	fromB, err := t.b.seal("I say no.")
	if err != nil {
		return err
	}
	s.act(server, "split.shows", done)
	if err := fault(t.a.show(fromA)[0]); err != nil {
		return err
	}
	if err := fault(t.b.show(fromB)[0]); err != nil {
		return err
	}
	s.act(alice, "split.sees", fooled, "text", "I say yes.")
	s.act(bob, "split.sees", fooled, "text", "I say no.")
	next, err := t.a.seal("Then we agree.")
	if err != nil {
		return err
	}
	s.act(alice, "writes", done, "text", "Then we agree.")
	_, err = shown(t.b, next)
	if err := s.fail(bob, "split.refused", err); err != nil {
		return err
	}
	_, err = t.b.seal("Hello?")
	if err := s.fail(bob, "split.stopped", err); err != nil {
		return err
	}
	tut, err := newTutorial(&s.b.keys.Decrypt.PublicKey)
	if err != nil {
		return err
	}
	s.weakly(server, "split.shows", done)
	s.weakly(alice, "split.sees", fooled, "text", "I say yes.")
	s.weakly(bob, "split.sees", fooled, "text", "I say no.")
	s.weakly(alice, "writes", done, "text", "Then we agree.")
	return s.receiveWeak("split.taken", fooled, tut.send("Then we agree."))
}

func (s *scene) twice() error {
	t, err := openTalk(s.a, s.b)
	if err != nil {
		return err
	}
	const text = "Yes."
	var events [2][]byte
	for i := range events {
		if err := t.say(t.a, text); err != nil {
			return err
		}
		events[i] = t.log[len(t.log)-1].event
		s.act(alice, "writes", done, "text", text)
	}
	s.act(server, "twice.sees", done, "first", tail(events[0]), "second", tail(events[1]), "size", number(len(events[0])), "other", number(len(events[1])),
		"same", number(equal(events[0], events[1])))
	tut, err := newTutorial(&s.b.keys.Decrypt.PublicKey)
	if err != nil {
		return err
	}
	long := tut.send("No, not before we have talked about it at length.")
	first, second := tut.send(text), tut.send(text)
	s.weakly(server, "twice.weak", leaked, "first", tail(first), "second", tail(second), "size", number(len(first)), "other", number(len(long)))
	return nil
}

// ghost is a server that adds a device of its own to Bob's account.
func (s *scene) ghost() error {
	forged, err := s.forgedLink()
	if err != nil {
		return err
	}
	k := s.m.keys
	signed, err := account.SignPrekey(rand.Reader, s.m.sign, account.Prekey{
		Account: s.b.chain.ID(), Device: s.m.device, Counter: 1, Expiry: s.m.current.expiry, Key: s.m.current.key.Public(),
	})
	if err != nil {
		return err
	}
	s.act(server, "ghost.adds", done)
	_, err = s.a.learn(s.a.tap(), [][]byte{s.b.link, forged}, s.b.current.signed, signed)
	if err := s.fail(alice, "ghost.refused", err); err != nil {
		return err
	}
	if err := s.haunt(forged, signed); err != nil {
		return err
	}
	key := weak.NewKey()
	wrapped, err := weak.Wrap(key, &k.Decrypt.PublicKey)
	if err != nil {
		return err
	}
	const text = "Only for you, Bob."
	read, err := weak.Open(append(wrapped, weak.Encrypt(key, text)...), k.Decrypt)
	if err != nil {
		return err
	}
	s.weakly(server, "ghost.weak", done)
	s.weakly(alice, "writes", done, "text", text)
	s.weakly(mallory, "ghost.reads", leaked, "text", read)
	return nil
}

// forgedLink adds Mallory's device to Bob's account. Mallory signs it, for Bob does not.
func (s *scene) forgedLink() ([]byte, error) {
	request, err := account.SignRequest(rand.Reader, s.m.sign, account.Request{
		Account: s.b.chain.ID(), Head: s.b.chain.Head(), Key: s.m.public, Expiry: s.lab.now() + 3600,
	})
	if err != nil {
		return nil, err
	}
	return account.SignLink(rand.Reader, s.m.sign, s.b.device, account.Link{
		Kind: account.LinkAdd, Account: s.b.chain.ID(), Number: 1, Prev: s.b.chain.Head().Hash, Time: s.lab.now(), Request: request,
	})
}

// haunt goes on as if Alice verified no signature: the ghost gets a wrap, and reads.
func (s *scene) haunt(forged, signed []byte) error {
	a := *s.a
	a.known = map[account.ID]*account.Chain{a.chain.ID(): a.chain}
	tap := a.tap()
	tap.waive.signature = true
	other, err := a.learn(tap, [][]byte{s.b.link, forged}, s.b.current.signed, signed)
	if err != nil {
		return err
	}
	t, err := newTalk(&a, s.b)
	if err != nil {
		return err
	}
	a.known[other.chain.ID()] = other.chain
	commit, err := t.a.commit(other)
	if err != nil {
		return err
	}
	ghost := *s.m
	ghost.known = a.known
	v := &view{person: &ghost, tap: ghost.tap(), c: t.b.twin().c}
	const text = "Only for you, Bob."
	for _, at := range []*view{t.a, v} {
		if err := fault(at.show(commit)[0]); err != nil {
			return err
		}
	}
	event, err := t.a.seal(text)
	if err != nil {
		return err
	}
	read, err := must(v, event)
	if err != nil {
		return err
	}
	s.act(mallory, "ghost.without", leaked, "text", read)
	return nil
}
