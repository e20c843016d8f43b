package lab

import (
	"bytes"
	"crypto/rand"
	"crypto/sha256"
	"errors"

	"sotto/wasm/account"
	"sotto/wasm/conversation"
	"sotto/wasm/cose"
	"sotto/wasm/demo/dissect"
	"sotto/wasm/demo/weak"
	"sotto/wasm/epoch"
	"sotto/wasm/kem"
)

// Verdict is what somebody made of an altered object, without the checks that are off.
type Verdict struct {
	Who     string   `js:"who"`
	Off     []string `js:"off"`     // causes whose checks were left out
	Refused bool     `js:"refused"` // else it was taken for right
	Cause   string   `js:"cause"`   // the protocol's name of the check that refused it
	Words   string   `js:"words"`   // the engine's own
	Text    string   `js:"text"`    // what it would have been taken for
	Stuck   bool     `js:"stuck"`   // the check that refused cannot be left out: what comes behind needs what it gives
}

// Attack is an altered object with the verdicts: the engine's, then those without the checks that refused it before.
type Attack struct {
	Object   string    `js:"object"`
	Bytes    []byte    `js:"bytes"`
	Part     int       `js:"part"` // the deepest part that the bit is in
	Verdicts []Verdict `js:"verdicts"`
}

// Flip turns bits of an object, the first one the highest of the first byte, and lets its receiver judge.
func (l *Lab) Flip(id string, bits []uint32) (Attack, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	t, ok := l.objects[id]
	if !ok || t.try == nil {
		return Attack{}, errObject
	}
	altered := bytes.Clone(t.object.Bytes)
	for _, bit := range bits {
		if int(bit/8) >= len(altered) {
			return Attack{}, errBit
		}
		altered[bit/8] ^= 0x80 >> (bit % 8)
	}
	a := Attack{Object: id, Bytes: altered, Verdicts: settled(t.try(altered))}
	if len(bits) > 0 {
		a.Part = deepest(t.object.Parts, int(bits[0]/8))
	}
	return a, nil
}

// settled takes away a verdict that only says again what the one before said: then nothing could be left out.
func settled(list []Verdict) []Verdict {
	last := len(list) - 1
	if last > 0 && list[last].Refused && list[last].Words == list[last-1].Words {
		list, last = list[:last], last-1
	}
	if last >= 0 {
		list[last].Stuck = list[last].Refused
	}
	return list
}

// deepest is the last part in order that has a byte: parts come before what lies in them.
func deepest(parts []dissect.Part, at int) int {
	found := 0
	for i, p := range parts {
		if p.Start <= at && at < p.End {
			found = i
		}
	}
	return found
}

// causes names the refusals that are not of events, as PROTOCOL.md does.
var causes = []struct {
	err  error
	name string
}{
	{weak.ErrPadding, "padding"}, {weak.ErrKey, "decapsulate"}, {kem.ErrDecapsulate, "decapsulate"}, {cose.ErrKey, "key"}, {kem.ErrKey, "key"},
	{cose.ErrType, "type"}, {account.ErrVersion, "version"}, {account.ErrNumber, "number"}, {account.ErrID, "account"}, {errStranger, "foreign"},
	{epoch.ErrSuite, "suite"}, {epoch.ErrConversation, "conversation"}, {epoch.ErrCreator, "creator"}, {epoch.ErrNotAllowed, "not-allowed"},
	{epoch.ErrHead, "head"}, {epoch.ErrDevices, "devices"}, {epoch.ErrNumber, "number"}, {epoch.ErrPrev, "prev"}, {epoch.ErrTime, "time"},
	{epoch.ErrNotMember, "not-member"}, {account.ErrInactive, "inactive"}, {account.ErrForeign, "foreign"}, {account.ErrPrev, "prev"},
}

// causeOf names a refusal.
func causeOf(err error) string {
	for _, c := range causes {
		if errors.Is(err, c.err) {
			return c.name
		}
	}
	return string(conversation.CauseOf(err))
}

func verdictOf(who string, off []string, text string, err error) Verdict {
	v := Verdict{Who: who, Off: append([]string{}, off...), Refused: err != nil, Text: text}
	if err != nil {
		v.Cause, v.Words, v.Text = causeOf(err), err.Error(), ""
	}
	return v
}

// reading is one attempt of a receiver at an event, with checks left out.
type reading struct {
	at      *view
	event   []byte
	off     []string
	waive   waivers
	instead []byte // what AES-GCM gives, whatever it is given
	rekey   map[cose.Secret]cose.Secret
}

// read shows the event to a twin of the receiver.
func (r *reading) read() (text string, opened bool, err error) {
	v := r.at.twin()
	v.tap.waive, v.tap.instead, v.tap.rekey = r.waive, bytes.Clone(r.instead), r.rekey
	out := v.show(stored{kind: epoch.KindMessage, event: r.event})
	text, err = read(out[0])
	return text, len(v.tap.Take().Opened) > 0 || r.instead != nil, err
}

// follow reads, and goes on without the check that refused as long as there is a port to leave it out by.
func (r *reading) follow() []Verdict {
	var list []Verdict
	for {
		text, _, err := r.read()
		v := verdictOf(r.at.name, r.off, text, err)
		list = append(list, v)
		switch {
		case v.Cause == "decrypt" && !r.waive.tag && r.instead == nil:
			r.waive.tag = true
		case v.Cause == "signature" && !r.waive.signature:
			r.waive.signature = true
		default:
			return list
		}
		r.off = append(r.off, v.Cause)
	}
}

// tryMessage is a message altered on its way.
func (l *Lab) tryMessage(m *message) func([]byte) []Verdict {
	return func(altered []byte) []Verdict {
		r := &reading{at: m.before, event: altered}
		_, opened, err := r.read()
		if err == nil || opened {
			return r.follow()
		}
		// Refused before anything was opened: the rest is done by hand, then goes through the engine.
		list := []Verdict{verdictOf(m.before.name, nil, "", err)}
		off := []string{list[0].Cause}
		plain, err := l.byHand(m, altered)
		if err != nil {
			list = append(list, verdictOf(m.before.name, off, "", err))
			off = append(off, list[1].Cause)
		}
		r = &reading{at: m.before, event: m.event, off: off, instead: plain}
		return append(list, r.follow()...)
	}
}

// byHand opens an altered message with the right key, whatever its outside says: nonce, ciphertext and header are where
// they were. When the tag is wrong its error is [cose.ErrDecrypt], and the plaintext is what comes of not looking at it.
func (l *Lab) byHand(m *message, altered []byte) ([]byte, error) {
	parts := dissect.Walk(dissect.Message, m.event)
	from := func(label string, data []byte) []byte {
		part, _ := dissect.Find(parts, label)
		return data[part.Start:part.End]
	}
	made := m.made.Sealed[0]
	nonce := from("nonce", altered)
	nonce = nonce[len(nonce)-cose.NonceSize:]
	sealed := append(bytes.Clone(from("ciphertext", altered)), from("tag", altered)...)
	associated := bytes.Replace(made.Associated, from("protected", m.event), from("protected", altered), 1)
	plain, err := l.primitives.AEAD(m.key).Open(nil, nonce, sealed, associated)
	if err != nil {
		return untagged(m.key, nonce, sealed), cose.ErrDecrypt
	}
	return plain, nil
}

// tryContent is an insider, who has the message's key and seals other content with it.
func (l *Lab) tryContent(m *message) func([]byte) []Verdict {
	return func(altered []byte) []Verdict {
		sealed, err := epoch.ParseSealed(m.event, epoch.TypeMessage, conversation.MaxMessageBytes)
		if err != nil {
			return nil
		}
		var nonce [cose.NonceSize]byte
		_, _ = rand.Read(nonce[:]) // never fails
		event := cose.Seal(l.primitives.AEAD(m.key), nonce, epoch.TypeMessage, sealed.Encrypt0.Place, externalOf(m.made.Sealed[0]), altered)
		return (&reading{at: m.before, event: event}).follow()
	}
}

// externalOf is what was authenticated and not sent: the last 32 bytes of the Enc_structure, the epoch's name.
func externalOf(s Sealing) []byte { return s.Associated[len(s.Associated)-32:] }

// tryKey is a receiver whose message key has another bit.
func (l *Lab) tryKey(m *message) func([]byte) []Verdict {
	return func(altered []byte) []Verdict {
		r := &reading{at: m.before, event: m.event, rekey: map[cose.Secret]cose.Secret{m.key: cose.Secret(altered)}}
		return r.follow()
	}
}

// tryWrap is a wrap altered by the server; then by Alice herself, whose commit names the altered one.
func (l *Lab) tryWrap(t *talk, c stored) func([]byte) []Verdict {
	return func(altered []byte) []Verdict {
		commit, err := epoch.ParseCommit(c.event)
		if err != nil {
			return nil
		}
		index, _ := commit.Header.Index(t.b.device)
		list := []Verdict{l.openCommit(t, c.event, altered, nil, waivers{})}
		if !list[0].Refused {
			return list
		}
		sum := sha256.Sum256(altered)
		commit.Wraps[index] = sum[:]
		event, err := epoch.SignCommit(rand.Reader, t.a.sign, commit.Header, commit.Confirm, commit.Wraps)
		if err != nil {
			return list
		}
		off := []string{list[0].Cause}
		list = append(list, l.openCommit(t, event, altered, off, waivers{}))
		if list[1].Refused {
			off = append(off, list[1].Cause)
			list = append(list, l.openCommit(t, event, altered, off, waivers{tag: true}))
		}
		return list
	}
}

// openCommit is Bob at the commit that opens the conversation.
func (l *Lab) openCommit(t *talk, event, wrap []byte, off []string, w waivers) Verdict {
	v := &view{person: t.b.person, tap: t.b.person.tap(), c: conversation.New(t.b.c.ID())}
	v.tap.waive = w
	next, outcomes := v.c.Open(v.env(v.tap), []conversation.Event{{Kind: epoch.KindCommit, Event: event, Wrap: wrap}})
	v.c = next
	return verdictOf(bob, off, "", fault(outcomes[0]))
}

// tryCommit is a commit altered by the server.
func (l *Lab) tryCommit(t *talk, c stored) func([]byte) []Verdict {
	wrap := c.wrapOf(t.b.device)
	return func(altered []byte) []Verdict {
		list := []Verdict{l.openCommit(t, altered, wrap, nil, waivers{})}
		switch first := list[0]; {
		case !first.Refused:
		case first.Cause == "signature":
			list = append(list, l.openCommit(t, altered, wrap, []string{first.Cause}, waivers{signature: true}))
		default: // a rule before the signature refused it: the signature, by itself
			list = append(list, verdictOf(bob, []string{first.Cause}, "", l.signedBy(altered, epoch.TypeCommit, epoch.MaxCommitBytes, t.a.public)))
		}
		return list
	}
}

// signedBy verifies a signature whatever the signed object says.
func (l *Lab) signedBy(data []byte, typ cose.Type, limit int, key cose.RSAKey) error {
	signed, err := cose.ParseSign1(data, typ, limit)
	if err != nil {
		return err
	}
	return signed.Verify(l.primitives, key)
}

// tryLink is the server giving out another first link of someone's account.
func (l *Lab) tryLink(p *person) func([]byte) []Verdict {
	reader := map[string]string{alice: bob, bob: alice}[p.name]
	return func(altered []byte) []Verdict {
		me := l.people[reader]
		_, err := account.ParseChain(me.tap(), [][]byte{altered})
		list := []Verdict{verdictOf(reader, nil, "", err)}
		if list[0].Cause != "signature" {
			if err != nil {
				list = append(list, verdictOf(reader, []string{list[0].Cause}, "", l.signedBy(altered, account.TypeLink, account.MaxLinkBytes, p.public)))
			}
			return list
		}
		lenient := me.tap()
		lenient.waive.signature = true
		chain, err := account.ParseChain(lenient, [][]byte{altered})
		if err == nil && chain.ID() != p.chain.ID() {
			err = account.ErrID
		}
		list = append(list, verdictOf(reader, []string{"signature"}, "", err))
		if errors.Is(err, account.ErrID) {
			number := account.SafetyNumber(me.chain.ID(), chain.ID())
			list = append(list, verdictOf(reader, []string{"signature", "account"}, number, nil))
		}
		return list
	}
}

// tryPrekey is the server giving out another prekey of someone; without the signature the other one wraps to it.
func (l *Lab) tryPrekey(p *person) func([]byte) []Verdict {
	reader := map[string]string{alice: bob, bob: alice}[p.name]
	return func(altered []byte) []Verdict {
		me := l.people[reader]
		_, err := me.learn(me.tap(), [][]byte{p.link}, altered)
		list := []Verdict{verdictOf(reader, nil, "", err)}
		if list[0].Cause != "signature" {
			if err != nil {
				list = append(list, verdictOf(reader, []string{list[0].Cause}, "", l.signedBy(altered, account.TypePrekey, account.MaxPrekeyBytes, p.public)))
			}
			return list
		}
		lenient := me.tap()
		lenient.waive.signature = true
		other, err := me.learn(lenient, [][]byte{p.link}, altered)
		if err != nil {
			return append(list, verdictOf(reader, []string{"signature"}, "", err))
		}
		return append(list, l.wrapTo(me, p, other))
	}
}

// wrapTo lets someone open a conversation with what they believe of the other, who then reads it.
func (l *Lab) wrapTo(me, p *person, other contact) Verdict {
	t, err := newTalk(me, p)
	if err != nil {
		return verdictOf(p.name, []string{"signature"}, "", err)
	}
	commit, err := t.a.commit(other)
	if err != nil {
		return verdictOf(me.name, []string{"signature"}, "", err)
	}
	return verdictOf(p.name, []string{"signature"}, "", fault(t.b.show(commit)[0]))
}
