package account_test

import (
	"crypto/rand"
	"crypto/rsa"
	"errors"
	"runtime"
	"testing"

	"sotto/wasm/account"
	"sotto/wasm/cose"
	"sotto/wasm/vectors/keys"
)

const now = 1_800_000_000

// device is a signing key with its names.
type device struct {
	key    *rsa.PrivateKey
	public cose.RSAKey
	id     account.DeviceID
}

func deviceOf(t testing.TB, key *rsa.PrivateKey) device {
	t.Helper()
	public, err := cose.NewRSAKey(&key.PublicKey)
	must(t, err)
	return device{key: key, public: public, id: account.DeviceID(public.Thumbprint())}
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func refused(t *testing.T, name string, err, want error) {
	t.Helper()
	if !errors.Is(err, want) {
		t.Errorf("%s: error %v, want %v", name, err, want)
	}
}

// history is an account with all its links.
type history struct {
	t     testing.TB
	links [][]byte
	chain *account.Chain
}

func newHistory(t testing.TB, first device) *history {
	t.Helper()
	link, chain, err := account.Create(rand.Reader, first.key, first.public, now)
	must(t, err)
	return &history{t: t, links: [][]byte{link}, chain: chain}
}

// request is what added signs to come into the account now.
func (h *history) request(added device) account.Request {
	return account.Request{
		Account: h.chain.ID(), Head: h.chain.Head(), Key: added.public, Nonce: [16]byte{1}, Expiry: now + 3600,
	}
}

// next is a link that would follow, without its body.
func (h *history) next(kind account.LinkKind) account.Link {
	head := h.chain.Head()
	return account.Link{Kind: kind, Account: h.chain.ID(), Number: head.Number + 1, Prev: head.Hash, Time: now + head.Number + 1}
}

func (h *history) sign(by device, l account.Link) []byte {
	h.t.Helper()
	link, err := account.SignLink(rand.Reader, by.key, by.id, l)
	must(h.t, err)
	return link
}

func (h *history) adding(by, added device) []byte {
	h.t.Helper()
	l := h.next(account.LinkAdd)
	request, err := account.SignRequest(rand.Reader, added.key, h.request(added))
	must(h.t, err)
	l.Request = request
	return h.sign(by, l)
}

func (h *history) revoking(by, revoked device) []byte {
	h.t.Helper()
	l := h.next(account.LinkRevoke)
	l.Device = revoked.id
	return h.sign(by, l)
}

func (h *history) append(link []byte) {
	h.t.Helper()
	chain, err := h.chain.Append(cose.Native{}, link)
	must(h.t, err)
	h.links, h.chain = append(h.links, link), chain
}

// stride is how far apart bytes are that a test alters: in a browser, where each costs ten times as much, not each one.
func stride() int {
	if runtime.GOOS == "js" {
		return 7
	}
	return 1
}

func people(t testing.TB) (alice, bob, carol, dave device) {
	t.Helper()
	return deviceOf(t, keys.Alice.Signer()), deviceOf(t, keys.Bob.Signer()), deviceOf(t, keys.Carol.Signer()), deviceOf(t, keys.Dave.Signer())
}
