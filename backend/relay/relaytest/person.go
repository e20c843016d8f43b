package relaytest

import (
	"crypto/mlkem"
	"crypto/rand"
	"crypto/rsa"
	"sync"
	"testing"
	"time"

	"sotto/wasm/account"
	"sotto/wasm/cose"
	"sotto/wasm/kem"
	"sotto/wasm/wire"
)

// Person is an account with one device.
type Person struct {
	Handle  string
	Account account.ID
	Device  account.DeviceID
	Link    []byte
	Chain   *account.Chain
	Prekey  *account.Prekey
	Signed  []byte // the signed prekey

	signer *rsa.PrivateKey
}

// NewPerson makes the keys of a person whom no relay knows yet.
func NewPerson(t testing.TB, handle string) *Person {
	t.Helper()
	signer, err := rsa.GenerateKey(rand.Reader, 8*cose.ModulusSize)
	must(t, err)
	return newPerson(t, handle, signer)
}

func newPerson(t testing.TB, handle string, signer *rsa.PrivateKey) *Person {
	t.Helper()
	key, err := cose.NewRSAKey(&signer.PublicKey)
	must(t, err)
	link, chain, err := account.Create(rand.Reader, signer, key, uint64(time.Now().Unix()))
	must(t, err)
	p := &Person{
		Handle: handle, Account: chain.ID(), Device: account.DeviceID(key.Thumbprint()),
		Link: link, Chain: chain, signer: signer,
	}
	p.Replace(t)
	return p
}

// NewPeople makes several at the same time.
func NewPeople(t testing.TB, handles ...string) []*Person {
	t.Helper()
	people := make([]*Person, len(handles))
	var all sync.WaitGroup
	for i, handle := range handles {
		all.Go(func() { people[i] = NewPerson(t, handle) })
	}
	all.Wait()
	return people
}

// Replace makes the person's next prekey. Its RSA half is the signing key: nobody encrypts to it here.
func (p *Person) Replace(t testing.TB) {
	t.Helper()
	counter := uint64(1)
	if p.Prekey != nil {
		counter = p.Prekey.Counter + 1
	}
	p.Signed = p.SignPrekey(t, p.Account, counter)
	var err error
	p.Prekey, err = account.ParsePrekey(p.Signed)
	must(t, err)
}

// SignPrekey signs a fresh prekey with a counter, as one of the account given.
func (p *Person) SignPrekey(t testing.TB, of account.ID, counter uint64) []byte {
	t.Helper()
	lattice, err := mlkem.GenerateKey768()
	must(t, err)
	key, err := cose.NewRSAKey(&p.signer.PublicKey)
	must(t, err)
	signed, err := account.SignPrekey(rand.Reader, p.signer, account.Prekey{
		Account: of, Device: p.Device, Counter: counter,
		Expiry: uint64(time.Now().Add(account.PrekeyLife).Unix()),
		Key:    kem.NewPublicKey(lattice.EncapsulationKey(), key),
	})
	must(t, err)
	return signed
}

// Sign makes a login of the person's device.
func (p *Person) Sign(t testing.TB, origin string, nonce [wire.NonceSize]byte) []byte {
	t.Helper()
	login, err := account.SignLogin(rand.Reader, p.signer, account.Login{
		Origin: origin, Nonce: nonce, Account: p.Account, Device: p.Device,
	})
	must(t, err)
	return login
}

// Registration is the request that makes the account.
func (p *Person) Registration(t testing.TB, hello wire.Hello) wire.Register {
	t.Helper()
	return wire.Register{Link: p.Link, Prekey: p.Signed, Handle: p.Handle, Login: p.Sign(t, hello.Origin, hello.Nonce)}
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
