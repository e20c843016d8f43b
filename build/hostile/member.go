package hostile

import (
	"crypto/rand"
	"crypto/rsa"
	"fmt"
	"time"

	"sotto/wasm/account"
	"sotto/wasm/cose"
	"sotto/wasm/kem"
)

// Member is a device with all its keys in the hands of a liar: it signs whatever it is asked to.
type Member struct {
	Handle string
	Signer *rsa.PrivateKey
	Key    cose.RSAKey
	Device account.DeviceID
	Links  [][]byte
	Chain  *account.Chain
	Prekey *kem.PrivateKey
	Signed []byte // the signed prekey

	counter uint64
	next    func() (*rsa.PrivateKey, error)
}

// NewMember makes an account with one device. Its RSA keys come from next.
func NewMember(handle string, next func() (*rsa.PrivateKey, error)) (*Member, error) {
	m, err := NewDevice(handle, next)
	if err != nil {
		return nil, err
	}
	link, chain, err := account.Create(rand.Reader, m.Signer, m.Key, m.seconds())
	if err != nil {
		return nil, err
	}
	m.Links, m.Chain = [][]byte{link}, chain
	return m, m.Renew()
}

// NewDevice makes a device's signing key alone: it has no account and no prekey yet.
func NewDevice(handle string, next func() (*rsa.PrivateKey, error)) (*Member, error) {
	m := &Member{Handle: handle, next: next}
	var err error
	if m.Signer, err = next(); err != nil {
		return nil, err
	}
	if m.Key, err = cose.NewRSAKey(&m.Signer.PublicKey); err != nil {
		return nil, err
	}
	m.Device = account.DeviceID(m.Key.Thumbprint())
	return m, nil
}

func (m *Member) seconds() uint64 { return uint64(time.Now().Unix()) }

// Renew gives the device its next prekey.
func (m *Member) Renew() error {
	seed := make([]byte, kem.SeedSize)
	_, _ = rand.Read(seed) // never fails
	decrypter, err := m.next()
	if err != nil {
		return err
	}
	if m.Prekey, err = kem.NewPrivateKey(seed, decrypter); err != nil {
		return err
	}
	m.counter++
	m.Signed, err = m.SignPrekey(m.Prekey.Public(), m.counter)
	return err
}

// SignPrekey signs any key as the device's prekey.
func (m *Member) SignPrekey(key kem.PublicKey, counter uint64) ([]byte, error) {
	return account.SignPrekey(rand.Reader, m.Signer, account.Prekey{
		Account: m.Chain.ID(), Device: m.Device, Counter: counter,
		Expiry: m.seconds() + uint64(account.PrekeyLife.Seconds()), Key: key,
	})
}

// Ask signs the device's word that it joins an account.
func (m *Member) Ask(into account.ID, head account.Head) ([]byte, error) {
	r := account.Request{Account: into, Head: head, Key: m.Key, Expiry: m.seconds() + 3600}
	_, _ = rand.Read(r.Nonce[:]) // never fails
	return account.SignRequest(rand.Reader, m.Signer, r)
}

// Link signs a link that stands behind the member's chain as it is, filled in where l leaves it empty.
func (m *Member) Link(l account.Link) ([]byte, error) {
	head := m.Chain.Head()
	l.Account, l.Number, l.Prev, l.Time = m.Chain.ID(), head.Number+1, head.Hash, max(l.Time, m.seconds())
	return account.SignLink(rand.Reader, m.Signer, m.Device, l)
}

// Extend signs a link and takes it into the chain.
func (m *Member) Extend(l account.Link) error {
	link, err := m.Link(l)
	if err != nil {
		return err
	}
	chain, err := m.Chain.Append(cose.Native{}, link)
	if err != nil {
		return fmt.Errorf("extend the chain of %s: %w", m.Handle, err)
	}
	m.Links, m.Chain = append(m.Links, link), chain
	return nil
}
