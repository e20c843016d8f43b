package lab

import (
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"errors"
	"fmt"

	"sotto/wasm/account"
	"sotto/wasm/conversation"
	"sotto/wasm/cose"
	"sotto/wasm/epoch"
	"sotto/wasm/kem"
)

// Keys are a person's RSA keys. They lie open: this is a demo.
type Keys struct {
	Sign, Decrypt *rsa.PrivateKey
	Next          *rsa.PrivateKey // of the prekey that replaces the first; nil: it is never replaced
}

// prekey is a private prekey with what the person published of it.
type prekey struct {
	signed []byte
	key    *kem.PrivateKey
	expiry uint64
}

// person is someone with an account of one device.
type person struct {
	name    string
	keys    Keys // of who was enlisted
	sign    crypto.Signer
	device  account.DeviceID
	public  cose.RSAKey
	link    []byte
	chain   *account.Chain
	counter uint64
	current prekey
	held    map[cose.Thumbprint]prekey
	known   map[account.ID]*account.Chain // verified
	lab     *Lab
}

// errNoKey is a person who should renew a prekey without a key for it.
var errNoKey = errors.New("no further RSA key was given")

// newPerson makes an account and its first prekey.
func (l *Lab) newPerson(name string, sign crypto.Signer, half crypto.Decrypter) (*person, error) {
	key, ok := sign.Public().(*rsa.PublicKey)
	if !ok {
		return nil, cose.ErrKey
	}
	public, err := cose.NewRSAKey(key)
	if err != nil {
		return nil, err
	}
	p := &person{
		name: name, sign: sign, public: public, device: account.DeviceID(public.Thumbprint()), lab: l,
		held: map[cose.Thumbprint]prekey{}, known: map[account.ID]*account.Chain{},
	}
	if p.link, p.chain, err = account.Create(rand.Reader, sign, public, l.now()); err != nil {
		return nil, err
	}
	p.known[p.chain.ID()] = p.chain
	p.current, err = p.newPrekey(half)
	return p, err
}

// newPrekey makes a prekey of an RSA key and a fresh ML-KEM key, and signs it.
func (p *person) newPrekey(half crypto.Decrypter) (prekey, error) {
	seed := make([]byte, kem.SeedSize)
	_, _ = rand.Read(seed) // never fails
	key, err := kem.NewPrivateKey(seed, half)
	if err != nil {
		return prekey{}, err
	}
	p.counter++
	made := prekey{key: key, expiry: p.lab.now() + uint64(account.PrekeyLife.Seconds())}
	made.signed, err = account.SignPrekey(rand.Reader, p.sign, account.Prekey{
		Account: p.chain.ID(), Device: p.device, Counter: p.counter, Expiry: made.expiry, Key: key.Public(),
	})
	if err == nil {
		p.held[key.Public().Thumbprint()] = made
	}
	return made, err
}

// renewed is the person with a new prekey and without the old one, which is destroyed.
func (p *person) renewed() (*person, error) {
	if p.keys.Next == nil {
		return nil, errNoKey
	}
	twin := *p
	twin.held = map[cose.Thumbprint]prekey{}
	var err error
	twin.current, err = twin.newPrekey(p.keys.Next)
	return &twin, err
}

// tap gives fresh primitives.
func (p *person) tap() *Tap { return &Tap{Primitives: p.lab.primitives, Random: rand.Reader} }

// env is what the person's engine works with.
func (p *person) env(t *Tap) conversation.Env {
	return conversation.Env{
		Account: p.chain.ID(), Device: p.device, Signer: signer{p.sign, t}, Random: t, Primitives: t,
		Chains: func(id account.ID) (*account.Chain, bool) { c, ok := p.known[id]; return c, ok },
		Prekey: func(t cose.Thumbprint) (*kem.PrivateKey, uint64, bool) {
			k, ok := p.held[t]
			return k.key, k.expiry, ok
		},
	}
}

// contact is someone whose chain and prekeys were verified.
type contact struct {
	chain   *account.Chain
	prekeys map[account.DeviceID]*account.Prekey
}

// errStranger is a prekey of someone else than was asked for.
var errStranger = errors.New("prekey is of another account or device")

// learn verifies what the directory gives under a name (PROTOCOL.md, 5.1 and 5.2).
func (p *person) learn(t *Tap, links [][]byte, signed ...[]byte) (contact, error) {
	chain, err := account.ParseChain(t, links)
	if err != nil {
		return contact{}, err
	}
	c := contact{chain: chain, prekeys: map[account.DeviceID]*account.Prekey{}}
	for _, s := range signed {
		k, err := account.ParsePrekey(s)
		if err != nil {
			return contact{}, err
		}
		key, ok := chain.Key(k.Device)
		if !ok || k.Account != chain.ID() {
			return contact{}, errStranger
		}
		if err := k.Verify(t, key); err != nil {
			return contact{}, err
		}
		c.prekeys[k.Device] = k
	}
	p.known[chain.ID()] = chain
	return c, nil
}

// self is the person's own side of a roster.
func (p *person) self() (contact, error) {
	k, err := account.ParsePrekey(p.current.signed)
	return contact{p.chain, map[account.DeviceID]*account.Prekey{p.device: k}}, err
}

// meet verifies another person as the directory shows them when it is honest.
func (p *person) meet(t *Tap, other *person) (contact, error) {
	return p.learn(t, [][]byte{other.link}, other.current.signed)
}

// member is a contact's entry of a roster.
func (c contact) member() (epoch.Member, error) {
	m := epoch.Member{Account: c.chain.ID(), Head: c.chain.Head(), Role: epoch.RoleMember}
	for _, d := range c.chain.Active() {
		k, ok := c.prekeys[d.ID]
		if !ok {
			return m, fmt.Errorf("no prekey of device %s", d.ID)
		}
		thumbprint := k.Thumbprint()
		m.Slots = append(m.Slots, epoch.Slot{Device: d.ID, Prekey: thumbprint[:]})
	}
	return m, nil
}
