package raw

import (
	"crypto/mlkem"
	"crypto/rand"
	"crypto/rsa"
	"fmt"
	"runtime"
	"sync"
	"time"

	"sotto/backend/store"
	"sotto/build/testkeys"
	"sotto/wasm/account"
	"sotto/wasm/cose"
	"sotto/wasm/epoch"
	"sotto/wasm/kem"
	"sotto/wasm/wire"
)

// Person is an account with one device. Its prekey's RSA half is its signing key: nobody encrypts to it here.
type Person struct {
	Handle  string
	Account account.ID
	Device  account.DeviceID
	Link    []byte // link 0 of the chain
	Signed  []byte // the prekey
	Chain   *account.Chain

	prekey cose.Thumbprint
	public cose.RSAKey
	signer *rsa.PrivateKey
	known  bool // to the relay
}

// NewPeople makes people with handles that begin with prefix.
func NewPeople(pool *testkeys.Pool, prefix string, n int) ([]*Person, error) {
	people, errs := make([]*Person, n), make([]error, n)
	var all sync.WaitGroup
	workers := runtime.GOMAXPROCS(0)
	for w := range workers {
		all.Go(func() {
			for i := w; i < n; i += workers {
				people[i], errs[i] = newPerson(pool, fmt.Sprintf("%s%d", prefix, i))
			}
		})
	}
	all.Wait()
	for _, err := range errs {
		if err != nil {
			return nil, err
		}
	}
	return people, nil
}

func newPerson(pool *testkeys.Pool, handle string) (*Person, error) {
	p := &Person{Handle: handle}
	var err error
	if p.signer, err = pool.Next(); err != nil {
		return nil, err
	}
	if p.public, err = cose.NewRSAKey(&p.signer.PublicKey); err != nil {
		return nil, err
	}
	now := time.Now()
	if p.Link, p.Chain, err = account.Create(rand.Reader, p.signer, p.public, uint64(now.Unix())); err != nil {
		return nil, err
	}
	p.Account, p.Device = p.Chain.ID(), account.DeviceID(p.public.Thumbprint())
	lattice, err := mlkem.GenerateKey768()
	if err != nil {
		return nil, err
	}
	key := kem.NewPublicKey(lattice.EncapsulationKey(), p.public)
	p.prekey = key.Thumbprint()
	p.Signed, err = account.SignPrekey(rand.Reader, p.signer, account.Prekey{
		Account: p.Account, Device: p.Device, Counter: 1, Expiry: uint64(now.Add(account.PrekeyLife).Unix()), Key: key,
	})
	return p, err
}

// Stranger is the same person before any relay knew them.
func (p *Person) Stranger() *Person {
	stranger := *p
	stranger.known = false
	return &stranger
}

// Key is the person's private key.
func (p *Person) Key() *rsa.PrivateKey { return p.signer }

// login signs the relay's challenge.
func (p *Person) login(hello wire.Hello) ([]byte, error) {
	return account.SignLogin(rand.Reader, p.signer, account.Login{
		Origin: hello.Origin, Nonce: hello.Nonce, Account: p.Account, Device: p.Device,
	})
}

// Registration is the person as the store takes them.
func (p *Person) Registration() store.Registration {
	head := p.Chain.Head()
	return store.Registration{
		Account: p.Account, Handle: account.Handle(p.Handle), Created: time.Now(),
		Link:   store.Link{Number: head.Number, Hash: head.Hash, Bytes: p.Link},
		Device: store.Device{ID: p.Device, Account: p.Account, Key: p.public, Active: true},
		Prekey: store.Prekey{Device: p.Device, Counter: 1, Thumbprint: p.prekey, Bytes: p.Signed},
	}
}

// Sender is the person's device as the store knows it.
func (p *Person) Sender() store.Sender { return store.Sender{Account: p.Account, Device: p.Device} }

func (p *Person) member() epoch.Member {
	return epoch.Member{
		Account: p.Account, Head: p.Chain.Head(),
		Slots: []epoch.Slot{{Device: p.Device, Prekey: p.prekey[:]}},
	}
}
