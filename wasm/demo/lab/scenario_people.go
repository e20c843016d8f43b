package lab

import (
	"bytes"
	"encoding/hex"
	"errors"
	"fmt"
	"strconv"

	"sotto/wasm/account"
	"sotto/wasm/conversation"
	"sotto/wasm/demo/nonce"
	"sotto/wasm/demo/weak"
	"sotto/wasm/epoch"
)

// The plays about who is who, and about stolen keys.

// errSame is two numbers that should differ.
var errSame = errors.New("the safety numbers are the same")

// swap is Mallory, who runs the server, in the middle from the first moment on.
func (s *scene) swap() error {
	left, err := openTalk(s.a, s.m)
	if err != nil {
		return err
	}
	right, err := openTalk(s.m, s.b)
	if err != nil {
		return err
	}
	s.act(server, "swap.answers", done)
	s.act(alice, "swap.verifies", fooled)
	const text = "The key is under the mat."
	s.act(alice, "writes", done, "text", text)
	event, err := left.a.seal(text)
	if err != nil {
		return err
	}
	read, err := must(left.b, event)
	if err != nil {
		return err
	}
	s.act(mallory, "swap.reads", leaked, "text", read)
	again, err := right.a.seal(read)
	if err != nil {
		return err
	}
	got, err := must(right.b, again)
	if err != nil {
		return err
	}
	s.act(bob, "swap.gets", fooled, "text", got)
	a, b := account.SafetyNumber(s.a.chain.ID(), s.m.chain.ID()), account.SafetyNumber(s.b.chain.ID(), s.m.chain.ID())
	if a == b {
		return errSame
	}
	s.act(alice, "swap.compare", noticed, "alice", a, "bob", b)
	return s.weakSwap(text)
}

func (s *scene) weakSwap(text string) error {
	t, err := newTutorial(&s.m.keys.Decrypt.PublicKey)
	if err != nil {
		return err
	}
	s.weakly(server, "swap.answers", done)
	s.weakly(alice, "writes", done, "text", text)
	read, err := weak.Open(t.send(text), s.m.keys.Decrypt)
	if err != nil {
		return err
	}
	s.weakly(mallory, "swap.reads", leaked, "text", read)
	on, err := newTutorial(&s.b.keys.Decrypt.PublicKey)
	if err != nil {
		return err
	}
	got, err := weak.Open(on.send(read), s.b.keys.Decrypt)
	if err != nil {
		return err
	}
	s.weakly(bob, "swap.gets", fooled, "text", got)
	s.weakly(bob, "swap.nothing", fooled)
	return nil
}

// steal copies Bob's device: his state and his prekeys, as they are then.
func (s *scene) steal() error {
	t, err := openTalk(s.a, s.b)
	if err != nil {
		return err
	}
	if err := t.say(t.a, "Written before the theft."); err != nil {
		return err
	}
	s.act(alice, "writes", done, "text", "Written before the theft.")
	early := stolen(t.b, s.b)
	fresh, err := s.b.renewed()
	if err != nil {
		return err
	}
	late := stolen(t.b, fresh) // Bob replaced his prekey, and destroyed the old one, before the theft
	s.act(thief, "steal.copies", done)
	if err := s.past(t, early, late); err != nil {
		return err
	}
	if err := t.say(t.a, "Written after the theft."); err != nil {
		return err
	}
	s.act(alice, "writes", done, "text", "Written after the theft.")
	text, err := must(late, t.log[2])
	if err != nil {
		return err
	}
	s.act(thief, "steal.present", leaked, "text", text)
	if err := s.recover(t, early); err != nil {
		return err
	}
	return s.weakSteal()
}

// stolen is a view of the thief's, who has what the owner has in the person's keys.
func stolen(v *view, has *person) *view {
	copied := v.twin()
	copied.person = has
	return copied
}

// past lets the thief read what was written before, from what the server has kept.
func (s *scene) past(t *talk, early, late *view) error {
	_, err := shown(early.twin(), t.log[1])
	if err := s.fail(thief, "steal.ratchet", err); err != nil {
		return err
	}
	again := &view{person: early.person, tap: early.person.tap(), c: conversation.New(t.b.c.ID())}
	if err := fault(again.show(t.log[0])[0]); err != nil {
		return err
	}
	text, err := must(again, t.log[1])
	if err != nil {
		return err
	}
	s.act(thief, "steal.prekey", leaked, "text", text)
	again = &view{person: late.person, tap: late.person.tap(), c: conversation.New(t.b.c.ID())}
	return s.fail(thief, "steal.past", fault(again.show(t.log[0])[0]))
}

// recover opens a new epoch to a prekey that Bob made after the theft.
func (s *scene) recover(t *talk, thiefs *view) error {
	fresh, err := s.b.renewed()
	if err != nil {
		return err
	}
	was := thiefs.person
	for _, v := range []*view{t.b} {
		held := fresh.held
		held[was.current.key.Public().Thumbprint()] = was.current // until the epoch is open
		v.person = fresh
	}
	s.act(bob, "steal.renews", done)
	if err := t.renew(t.a); err != nil {
		return err
	}
	if err := t.say(t.a, "Written in the new epoch."); err != nil {
		return err
	}
	s.act(alice, "steal.epoch", done)
	s.act(alice, "writes", done, "text", "Written in the new epoch.")
	thiefs.show(t.log[2])
	commit := thiefs.show(t.log[3])[0]
	if err := s.fail(thief, "steal.healed", fault(commit)); err != nil {
		return err
	}
	_, err = shown(thiefs, t.log[4])
	if err := s.fail(thief, "steal.future", err); err != nil {
		return err
	}
	s.act(thief, "steal.signing", fooled)
	return nil
}

func (s *scene) weakSteal() error {
	t, err := newTutorial(&s.b.keys.Decrypt.PublicKey)
	if err != nil {
		return err
	}
	s.weakly(thief, "steal.copies", done)
	for _, text := range []string{"Written before the theft.", "Written after the theft.", "Written a year later."} {
		read, err := weak.Open(t.send(text), s.b.keys.Decrypt)
		if err != nil {
			return err
		}
		s.weakly(thief, "steal.all", leaked, "text", read)
	}
	return nil
}

// tamper changes a text whose wording the server can guess.
func (s *scene) tamper() error {
	const text, wanted = "Pay Eve 10 euros", "Pay Eve 99 euros"
	t, err := openTalk(s.a, s.b)
	if err != nil {
		return err
	}
	event, err := t.a.seal(text)
	if err != nil {
		return err
	}
	s.act(alice, "writes", done, "text", text)
	at := len(event.event) - 20 // within the ciphertext
	for i := range []int{0, 1} {
		event.event[at+i] ^= text[8+i] ^ wanted[8+i]
	}
	s.act(server, "tamper.turns", done)
	_, err = shown(t.b.twin(), event)
	if err := s.fail(bob, "tamper.refused", err); err != nil {
		return err
	}
	tut, err := newTutorial(&s.b.keys.Decrypt.PublicKey)
	if err != nil {
		return err
	}
	message := tut.send(text)
	s.weakly(alice, "writes", done, "text", text)
	for i := range []int{0, 1} { // the IV is mixed into the first block as it is
		message[weak.WrapSize+8+i] ^= text[8+i] ^ wanted[8+i]
	}
	s.weakly(server, "tamper.turns", done)
	return s.receiveWeak("tamper.taken", fooled, message)
}

// oracle asks a receiver who says what was wrong.
func (s *scene) oracle() error {
	t, err := openTalk(s.a, s.b)
	if err != nil {
		return err
	}
	const text = "Meet me at nine."
	event, err := t.a.seal(text)
	if err != nil {
		return err
	}
	s.act(alice, "writes", done, "text", text)
	s.act(server, "oracle.asks", done)
	answer, err := questions(t.b, event.event)
	if err != nil {
		return err
	}
	if err := s.fail(bob, "oracle.refused", answer, "asked", number(maxQuestions)); err != nil {
		return err
	}
	key := weak.NewKey()
	read, asked, err := weak.Read(weak.Encrypt(key, text), func(data []byte) bool {
		_, err := weak.Decrypt(key, data)
		return err == nil
	})
	if err != nil {
		return err
	}
	s.weakly(alice, "writes", done, "text", text)
	s.weakly(server, "oracle.asks", done)
	s.weakly(server, "oracle.reads", leaked, "text", read, "asked", number(asked))
	return nil
}

const maxQuestions = 16

// questions asks a receiver about a message with ever another last byte of its ciphertext, and gives the one answer.
func questions(v *view, event []byte) (answer, err error) {
	for i := range maxQuestions {
		altered := bytes.Clone(event)
		altered[len(altered)-17] ^= byte(i + 1)
		_, now := shown(v.twin(), stored{kind: epoch.KindMessage, event: altered})
		if now == nil || answer != nil && now.Error() != answer.Error() {
			return nil, fmt.Errorf("question %d got another answer", i)
		}
		answer = now
	}
	return answer, nil
}

// nonceReuse is AES-GCM by itself with one nonce for two texts.
func (s *scene) nonceReuse() error {
	const one, two, wanted = "Pay Bob 10 euros", "Meet at 9 or 10?", "Pay Eve 99 euros"
	lab := nonce.New()
	a, err := lab.Seal(one)
	if err != nil {
		return err
	}
	b, err := lab.Seal(two)
	if err != nil {
		return err
	}
	leak := nonce.Find(a, b)
	s.weakly(alice, "nonce.seals", done, "one", one, "two", two, "first", hex.EncodeToString(a), "second", hex.EncodeToString(b))
	s.weakly(mallory, "nonce.difference", leaked, "difference", hex.EncodeToString(leak.Difference))
	known := make([]byte, nonce.Size)
	for i := range known {
		known[i] = leak.Difference[i] ^ one[i]
	}
	s.weakly(mallory, "nonce.guess", leaked, "one", one, "two", string(known))
	s.weakly(mallory, "nonce.key", leaked, "h", hex.EncodeToString(leak.H))
	got, err := lab.Open(leak.Forge(a, one, wanted))
	if err != nil {
		return err
	}
	s.weakly(bob, "nonce.forged", fooled, "text", got)
	return s.nonceOurs()
}

// nonceOurs is what Sotto does: another key for each message, and a random nonce besides.
func (s *scene) nonceOurs() error {
	t, err := openTalk(s.a, s.b)
	if err != nil {
		return err
	}
	var made [2]Sealing
	for i, text := range []string{"Yes.", "Yes."} {
		if made[i], err = t.a.sealing(text); err != nil {
			return err
		}
		t.a.c = t.a.c.GiveUp()
	}
	if made[0].Key == made[1].Key {
		return errors.New("two messages under one key")
	}
	s.act(alice, "nonce.ours", done, "first", hex.EncodeToString(made[0].Nonce), "second", hex.EncodeToString(made[1].Nonce),
		"key", hex.EncodeToString(made[0].Key[:4]), "other", hex.EncodeToString(made[1].Key[:4]))
	return nil
}

func number(n int) string { return strconv.Itoa(n) }

// tail is the end of some bytes in hex.
func tail(b []byte) string { return hex.EncodeToString(b[max(0, len(b)-24):]) }

// equal counts in how many places two byte strings agree.
func equal(a, b []byte) int {
	n := 0
	for i := range min(len(a), len(b)) {
		if a[i] == b[i] {
			n++
		}
	}
	return n
}
