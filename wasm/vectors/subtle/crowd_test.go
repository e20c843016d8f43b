package subtle_test

import (
	"bytes"
	"crypto"
	"crypto/mlkem"
	"crypto/rand"
	"crypto/rsa"
	"encoding/binary"
	"fmt"
	"io"
	"math/big"
	"slices"
	"testing"

	"sotto/wasm/account"
	"sotto/wasm/conversation"
	"sotto/wasm/cose"
	"sotto/wasm/epoch"
	"sotto/wasm/kem"
	"sotto/wasm/vectors/keys"
)

// bench is what a device of the crowd works with: native, or the browser's.
type bench struct {
	primitives cose.Primitives
	signer     func(testing.TB, *rsa.PrivateKey) crypto.Signer
	decrypter  func(testing.TB, *rsa.PrivateKey) crypto.Decrypter
}

// unread signs with zeros: for links that nobody verifies.
type unread struct{ crypto.PublicKey }

func (u unread) Public() crypto.PublicKey { return u.PublicKey }

func (unread) Sign(io.Reader, []byte, crypto.SignerOpts) ([]byte, error) {
	return make([]byte, cose.SignatureSize), nil
}

// invented is a modulus that nobody has the factors of.
func invented(n uint32) *rsa.PublicKey {
	modulus := make([]byte, cose.ModulusSize)
	_, _ = rand.Read(modulus)
	binary.BigEndian.PutUint32(modulus[100:], n)
	modulus[0] |= 0x80
	modulus[cose.ModulusSize-1] |= 1
	return &rsa.PublicKey{N: new(big.Int).SetBytes(modulus), E: 65537}
}

// crowd is a group of n accounts with a device each. Two are real: alice, who commits, and bob, who opens.
type crowd struct {
	tb         testing.TB
	plan       conversation.Plan
	chains     map[account.ID]*account.Chain
	alice, bob conversation.Env
}

func newCrowd(tb testing.TB, w bench, n int) *crowd {
	tb.Helper()
	c := &crowd{tb: tb, chains: map[account.ID]*account.Chain{}}
	c.plan = conversation.Plan{
		Time: 1_800_000_000, Keys: map[account.DeviceID]kem.PublicKey{},
		Room: &conversation.RoomPlan{Group: conversation.Group{Name: "crowd"}},
	}
	c.alice = c.real(w, keys.Alice)
	c.bob = c.real(w, keys.Bob)
	for i := 2; i < n; i++ {
		lattice, err := mlkem.GenerateKey768()
		c.must(err)
		key, err := cose.NewRSAKey(invented(uint32(i)))
		c.must(err)
		prekey, err := cose.NewRSAKey(invented(uint32(i)))
		c.must(err)
		c.enlist(key, kem.NewPublicKey(lattice.EncapsulationKey(), prekey))
	}
	slices.SortFunc(c.plan.Roster, func(a, b epoch.Member) int { return bytes.Compare(a.Account[:], b.Account[:]) })
	for i := range c.plan.Roster {
		if c.plan.Roster[i].Account == c.alice.Account {
			c.plan.Roster[i].Role = epoch.RoleAdmin
		}
	}
	return c
}

func (c *crowd) must(err error) {
	c.tb.Helper()
	if err != nil {
		c.tb.Fatal(err)
	}
}

func (c *crowd) enlist(key cose.RSAKey, prekey kem.PublicKey) *account.Chain {
	_, chain, err := account.Create(rand.Reader, unread{key.Public()}, key, 1_800_000_000)
	c.must(err)
	c.chains[chain.ID()] = chain
	device, thumbprint := account.DeviceID(key.Thumbprint()), prekey.Thumbprint()
	c.plan.Keys[device] = prekey
	c.plan.Roster = append(c.plan.Roster, epoch.Member{
		Account: chain.ID(), Head: chain.Head(), Slots: []epoch.Slot{{Device: device, Prekey: thumbprint[:]}},
	})
	return chain
}

func (c *crowd) real(w bench, name keys.Person) conversation.Env {
	public, err := cose.NewRSAKey(&name.Signer().PublicKey)
	c.must(err)
	prekey, err := kem.NewPrivateKey(name.Seed(), w.decrypter(c.tb, name.Decrypter()))
	c.must(err)
	chain := c.enlist(public, prekey.Public())
	return conversation.Env{
		Account: chain.ID(), Device: account.DeviceID(public.Thumbprint()), Signer: w.signer(c.tb, name.Signer()),
		Random: rand.Reader, Primitives: w.primitives,
		Chains: func(id account.ID) (*account.Chain, bool) { chain, ok := c.chains[id]; return chain, ok },
		Prekey: func(cose.Thumbprint) (*kem.PrivateKey, uint64, bool) { return prekey, 1 << 40, true },
	}
}

// event gives a device what a commit is to it.
func (c *crowd) event(p conversation.PendingCommit, device account.DeviceID) conversation.Event {
	commit, err := epoch.ParseCommit(p.Commit)
	c.must(err)
	index, _ := commit.Header.Index(device)
	return conversation.Event{Kind: epoch.KindCommit, Event: p.Commit, Wrap: p.Wraps[index]}
}

// open shows a conversation a commit that must open.
func (c *crowd) open(env conversation.Env, from *conversation.Conversation, p conversation.PendingCommit) *conversation.Conversation {
	c.tb.Helper()
	next, out := from.Open(env, []conversation.Event{c.event(p, env.Device)})
	c.must(out[0].Err)
	c.must(out[0].Lost)
	return next
}

// BenchmarkCrowd commits to groups of many devices, and opens that as one of them.
func BenchmarkCrowd(b *testing.B) {
	for _, n := range []int{2, 50, 500} {
		c := newCrowd(b, newBench(b), n)
		first, err := conversation.Create(c.alice, c.plan)
		c.must(err)
		pending, _ := first.PendingCommit()
		alice := c.open(c.alice, first, pending)
		bob := c.open(c.bob, conversation.New(first.ID()), pending)
		next, err := alice.Commit(c.alice, c.plan)
		c.must(err)
		second, _ := next.PendingCommit()
		e := c.event(second, c.bob.Device)
		b.Run(fmt.Sprint("commit/", n), func(b *testing.B) {
			for b.Loop() {
				_, err := alice.Commit(c.alice, c.plan)
				c.must(err)
			}
		})
		b.Run(fmt.Sprint("open/", n), func(b *testing.B) {
			for b.Loop() {
				_, out := bob.Open(c.bob, []conversation.Event{e})
				c.must(out[0].Lost)
			}
		})
		b.Run(fmt.Sprint("restore/", n), func(b *testing.B) {
			for b.Loop() {
				_, err := conversation.Decode(bob.Encode())
				c.must(err)
			}
		})
	}
}

// TestCrowd talks in a group as large as a group may be.
func TestCrowd(t *testing.T) {
	c := newCrowd(t, newBench(t), epoch.MaxDevices)
	first, err := conversation.Create(c.alice, c.plan)
	c.must(err)
	pending, _ := first.PendingCommit()
	alice := c.open(c.alice, first, pending)
	bob := c.open(c.bob, conversation.New(first.ID()), pending)
	next, err := bob.Commit(c.bob, c.plan)
	c.must(err)
	pending, _ = next.PendingCommit()
	bob, alice = c.open(c.bob, next, pending), c.open(c.alice, alice, pending)
	sealed, event, err := alice.Seal(c.alice, conversation.ClientID{1}, conversation.Text{Text: "to five hundred"}.Encode())
	c.must(err)
	if _, err := conversation.Decode(sealed.Encode()); err != nil {
		t.Error(err)
	}
	_, out := bob.Open(c.bob, []conversation.Event{{Kind: epoch.KindMessage, Event: event}})
	c.must(out[0].Err)
	full := c.plan
	full.Roster = append(slices.Clone(full.Roster), epoch.Member{Account: account.ID(bytes.Repeat([]byte{255}, 32)), Slots: []epoch.Slot{{}}})
	if _, err := alice.Commit(c.alice, full); err == nil {
		t.Error("a commit to 501 devices")
	}
}
