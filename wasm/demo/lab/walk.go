package lab

import (
	"crypto/sha256"
	"fmt"

	"sotto/wasm/account"
	"sotto/wasm/conversation"
	"sotto/wasm/demo/dissect"
	"sotto/wasm/demo/weak"
	"sotto/wasm/epoch"
	"sotto/wasm/kem"
)

// Walk opens the conversation of Alice and Bob and tells every step of it: keys, accounts, exchange, safety number, the
// conversation's AES key, its way to Bob.
func (l *Lab) Walk() (Journey, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	a, b, err := l.both()
	if err != nil {
		return Journey{}, err
	}
	l.objects, l.said, l.newest, l.weakKey = map[string]target{}, 0, nil, weak.NewKey()
	out := &book{lab: l}
	steps := append(l.keysAndAccounts(out, a, b), l.meeting(a, b)...)
	opened, err := l.opening(out, a, b)
	if err != nil {
		return Journey{}, err
	}
	return Journey{Objects: out.list, Steps: append(steps, opened...)}, nil
}

// keysAndAccounts is what each of them makes alone, and hands to the server.
func (l *Lab) keysAndAccounts(out *book, people ...*person) []Step {
	keys, accounts := Step{ID: "keys"}, Step{ID: "accounts"}
	prekeys, exchange := Step{ID: "prekeys"}, Step{ID: "publish", Who: server}
	for _, p := range people {
		own := func(s *Step, name string, typ dissect.Type, data []byte, try func([]byte) []Verdict) string {
			id := out.put(p.name+"."+name, typ, p.name, false, data, try)
			s.Shows = append(s.Shows, Show{At: p.name, Object: id})
			return id
		}
		own(&keys, "sign", dissect.Key, p.public.Bytes(), nil)
		own(&keys, "decrypt", dissect.Composite, p.current.key.Public().COSE(), nil)
		link := own(&accounts, "link", dissect.Link, p.link, l.tryLink(p))
		accounts.Facts = append(accounts.Facts, Fact{At: p.name, Key: "account", Value: p.chain.ID().String()})
		prekey := own(&prekeys, "prekey", dissect.Prekey, p.current.signed, l.tryPrekey(p))
		for _, id := range []string{link, prekey} {
			exchange.Shows = append(exchange.Shows, Show{At: server, From: p.name, Object: id})
		}
	}
	return []Step{keys, accounts, prekeys, exchange}
}

// meeting is what each verifies of the other, and the number that both can compare.
func (l *Lab) meeting(a, b *person) []Step {
	fetch, safety := Step{ID: "fetch"}, Step{ID: "safety"}
	for _, pair := range [][2]*person{{a, b}, {b, a}} {
		me, other := pair[0].name, pair[1].name
		for _, what := range []string{".link", ".prekey"} {
			fetch.Shows = append(fetch.Shows, Show{At: me, From: server, Object: other + what})
		}
		number := account.SafetyNumber(pair[0].chain.ID(), pair[1].chain.ID())
		safety.Facts = append(safety.Facts, Fact{At: me, Key: "number", Value: number})
	}
	return []Step{fetch, safety}
}

// opening is epoch 0: the AES key of the conversation, drawn by Alice and wrapped to Bob.
func (l *Lab) opening(out *book, a, b *person) ([]Step, error) {
	t, err := newTalk(a, b)
	if err != nil {
		return nil, err
	}
	other, err := a.meet(t.a.tap, b)
	if err != nil {
		return nil, err
	}
	t.a.tap.Take()
	commit, err := t.a.commit(other)
	if err != nil {
		return nil, err
	}
	made := t.a.tap.Take()
	t.log = append(t.log, commit)
	t.b.tap.Take()
	if err := t.sync(); err != nil {
		return nil, err
	}
	l.talk = t
	return l.openingSteps(out, t, commit, made, t.b.tap.Take()), nil
}

func (l *Lab) openingSteps(out *book, t *talk, c stored, made, read Notes) []Step {
	wrap := c.wrapOf(t.b.device)
	capsule := capsuleOf(wrap)
	draw, half, seal := Step{ID: "draw", Who: alice}, Step{ID: "encapsulate", Who: alice}, Step{ID: "wrap", Who: alice}
	sign, unwrap := Step{ID: "commit", Who: alice}, Step{ID: "unwrap", Who: bob}
	put := func(s *Step, id string, typ dissect.Type, data []byte, secret bool, try func([]byte) []Verdict) {
		s.Shows = append(s.Shows, Show{At: s.Who, Object: out.put(id, typ, s.Who, secret, data, try)})
	}
	put(&draw, "epoch.secret", dissect.Secret, made.Drawn[0], true, nil)
	put(&half, "rsa.secret", dissect.Secret, made.Wrapped[0].Plain, true, nil)
	put(&half, "capsule", dissect.Capsule, capsule, false, nil)
	if shared, err := t.b.current.key.Decapsulate(t.b.tap, capsule); err == nil {
		put(&half, "kem.secret", dissect.Secret, shared[:], true, nil)
	}
	put(&seal, "kek", dissect.Secret, made.Sealed[0].Key[:], true, nil)
	put(&seal, "carried", dissect.Carried, made.Sealed[0].Plain, true, nil)
	put(&seal, "wrap", dissect.Wrap, wrap, false, l.tryWrap(t, c))
	put(&sign, "commit", dissect.Commit, c.event, false, l.tryCommit(t, c))
	sign.Shows = append(sign.Shows, Show{At: server, From: alice, Object: "commit"}, Show{At: server, From: alice, Object: "wrap"})
	unwrap.Shows = append(unwrap.Shows, Show{At: bob, From: server, Object: "commit"}, Show{At: bob, From: server, Object: "wrap"})
	put(&unwrap, "bob.kek", dissect.Secret, read.Opened[0].Key[:], true, nil)
	put(&unwrap, "bob.carried", dissect.Carried, read.Opened[0].Plain, true, nil)
	unwrap.Facts = []Fact{{At: bob, Key: "confirmed", Value: fmt.Sprint(t.b.c.Header().Number)}}
	return []Step{draw, half, seal, sign, unwrap}
}

// capsuleOf takes the KEM's ciphertext out of a wrap.
func capsuleOf(wrap []byte) []byte {
	part, _ := dissect.Find(dissect.Walk(dissect.Wrap, wrap), "capsule")
	return wrap[part.End-kem.CiphertextSize : part.End]
}

// errText is a text that no message may have.
var errText = failure{"text", "a text has 1 to 65,536 bytes"}

// errNoTalk is a message before the walk.
var errNoTalk = failure{"no-talk", "the conversation is not open yet"}

// Say lets Alice or Bob write a text, and tells every step of its way.
func (l *Lab) Say(from, text string) (Journey, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	t := l.talk
	if t == nil {
		return Journey{}, errNoTalk
	}
	by := t.a
	if from == bob {
		by = t.b
	} else if from != alice {
		return Journey{}, errAbsent
	}
	to := t.across(by)
	if text == "" || len(text) > conversation.MaxText {
		return Journey{}, errText
	}
	before := to.twin()
	by.tap.Take()
	sealed, err := by.seal(text)
	if err != nil {
		return Journey{}, err
	}
	made := by.tap.Take()
	t.log = append(t.log, sealed)
	to.tap.Take()
	if err := t.sync(); err != nil {
		return Journey{}, err
	}
	l.said++
	out := &book{lab: l}
	m := &message{
		from: by, before: before, event: sealed.event, made: made, text: text,
		name: fmt.Sprintf("m%d.", l.said), key: made.Sealed[0].Key, position: epoch.Position(len(t.log)),
	}
	l.newest = m
	steps := l.messageSteps(out, m, to)
	compared, err := l.weakly(out, m, to.person)
	if err != nil {
		return Journey{}, err
	}
	return Journey{Objects: out.list, Steps: append(steps, compared)}, nil
}

// message is one that was said, with what attacks on it need.
type message struct {
	name     string // in front of its objects' ids
	from     *view
	before   *view // of who receives it, before it came
	event    []byte
	text     string
	key      [32]byte
	made     Notes
	position epoch.Position
}

func (l *Lab) messageSteps(out *book, m *message, to *view) []Step {
	me, other := m.from.name, to.name
	write, sign, pad := Step{ID: "write", Who: me}, Step{ID: "sign", Who: me}, Step{ID: "pad", Who: me}
	seal, relay, open := Step{ID: "seal", Who: me}, Step{ID: "relay", Who: server}, Step{ID: "open", Who: other}
	put := func(s *Step, name string, typ dissect.Type, data []byte, secret bool, try func([]byte) []Verdict) {
		s.Shows = append(s.Shows, Show{At: s.Who, Object: out.put(m.name+name, typ, s.Who, secret, data, try)})
	}
	plain, signed := m.made.Sealed[0].Plain, m.made.Signed[0]
	parts := dissect.Walk(dissect.Content, plain)
	body, _ := dissect.Find(parts, "body")
	put(&write, "body", dissect.Body, plain[body.Start:body.End], true, nil)
	write.Facts = []Fact{{At: me, Key: "text", Value: m.text}}
	put(&sign, "signing", dissect.Signing, signed.Message, true, nil)
	put(&sign, "signature", dissect.Signature, signed.Signature, true, nil)
	put(&pad, "content", dissect.Content, plain, true, l.tryContent(m))
	put(&seal, "key", dissect.Secret, m.key[:], true, l.tryKey(m))
	put(&seal, "event", dissect.Message, m.event, false, l.tryMessage(m))
	relay.Shows = []Show{{At: server, From: me, Object: m.name + "event"}}
	seen := to.c.Seen()
	relay.Facts = []Fact{{At: server, Key: "position", Value: fmt.Sprint(m.position)}, {At: server, Key: "log", Value: fmt.Sprintf("%x", seen.Log[:])},
		{At: server, Key: "hash", Value: fmt.Sprintf("%x", sha256.Sum256(m.event))}}
	open.Shows = []Show{{At: other, From: server, Object: m.name + "event"}, {At: other, Object: m.name + "content"}}
	open.Facts = []Fact{{At: other, Key: "text", Value: m.text}}
	return []Step{write, sign, pad, seal, relay, open}
}

// weakly seals the same text in the scheme to learn from, so that the two lie beside each other on the server.
func (l *Lab) weakly(out *book, m *message, to *person) (Step, error) {
	wrapped, err := weak.Wrap(l.weakKey, &to.keys.Decrypt.PublicKey)
	if err != nil {
		return Step{}, err
	}
	data := append(wrapped, weak.Encrypt(l.weakKey, m.text)...)
	id := out.put(m.name+"weak", dissect.Weak, m.from.name, false, data, func(altered []byte) []Verdict {
		text, err := weak.Open(altered, to.keys.Decrypt)
		return []Verdict{verdictOf(to.name, nil, text, err)}
	})
	return Step{ID: "compare", Who: server, Shows: []Show{{At: server, From: m.from.name, Object: id}}}, nil
}
