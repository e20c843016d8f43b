package relaytest

import (
	"bytes"
	"crypto/mlkem"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"sync"
	"testing"
	"time"

	"sotto/wasm/account"
	"sotto/wasm/cose"
	"sotto/wasm/epoch"
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

// Direct is the conversation of two people as one of them knows it.
type Direct struct {
	ID        epoch.ConversationID
	Low, High *Person
	Opened    bool // Number and Epoch are those of the newest epoch
	Number    epoch.Number
	Epoch     epoch.ID
}

// Between gives a conversation before its first epoch.
func Between(a, b *Person) *Direct {
	if bytes.Compare(a.Account[:], b.Account[:]) > 0 {
		a, b = b, a
	}
	return &Direct{ID: epoch.DirectID(a.Account, b.Account), Low: a, High: b}
}

// Header is the header of the next epoch by a person.
func (d *Direct) Header(by *Person) *epoch.Header {
	h := &epoch.Header{
		Suite: epoch.Suite, Conversation: d.ID, Creator: by.Device, Time: uint64(time.Now().Unix()),
		Roster: []epoch.Member{d.Low.member(), d.High.member()},
	}
	if d.Opened {
		h.Number, h.Prev = d.Number+1, bytes.Clone(d.Epoch[:])
	}
	return h
}

func (p *Person) member() epoch.Member {
	thumbprint := p.Prekey.Thumbprint()
	return epoch.Member{
		Account: p.Account, Head: p.Chain.Head(),
		Slots: []epoch.Slot{{Device: p.Device, Prekey: thumbprint[:]}},
	}
}

// Commit makes the request that opens the epoch of header h, signed by a person.
func (d *Direct) Commit(t testing.TB, by *Person, h *epoch.Header) wire.Commit {
	t.Helper()
	request := wire.Commit{Conversation: d.ID}
	var hashes [][]byte
	for _, e := range h.Entries() {
		if e.Device == h.Creator || e.Absent() {
			request.Wraps, hashes = append(request.Wraps, nil), append(hashes, nil)
			continue
		}
		wrap := Random(1600)
		hash := sha256.Sum256(wrap)
		request.Wraps, hashes = append(request.Wraps, wrap), append(hashes, hash[:])
	}
	commit, err := epoch.SignCommit(rand.Reader, by.signer, h, [32]byte(Random(32)), hashes)
	must(t, err)
	request.Commit = commit
	return request
}

// Follow takes a commit that was stored as the newest epoch.
func (d *Direct) Follow(t testing.TB, commit []byte) {
	t.Helper()
	c, err := epoch.ParseCommit(commit)
	must(t, err)
	d.Opened, d.Number, d.Epoch = true, c.Header.Number, c.ID
}

// Place is where a person's next sealed object belongs.
func (d *Direct) Place(by *Person, generation uint64) epoch.Place {
	p := epoch.Place{Conversation: d.ID, Number: d.Number, Generation: generation}
	if by == d.High {
		p.Index = 1
	}
	return p
}

// Message makes a message of about size bytes by a person.
func (d *Direct) Message(by *Person, generation uint64, size int) wire.Message {
	return wire.Message{Conversation: d.ID, Event: Seal(epoch.TypeMessage, d.Place(by, generation), size)}
}

// Receipt makes a receipt by a person.
func (d *Direct) Receipt(by *Person, counter uint64) wire.Receipt {
	return wire.Receipt{Conversation: d.ID, Signal: Seal(epoch.TypeSignal, d.Place(by, counter), 600)}
}

// Seal makes a COSE_Encrypt0 of random bytes under a random key.
func Seal(typ cose.Type, place epoch.Place, size int) []byte {
	key := cose.Secret(Random(cose.SecretSize))
	return cose.Seal(cose.Native{}.AEAD(key), [cose.NonceSize]byte(Random(cose.NonceSize)), typ, cose.Marshal(place), nil, Random(size))
}

// Random gives n random bytes.
func Random(n int) []byte {
	b := make([]byte, n)
	_, _ = rand.Read(b) // never fails
	return b
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
