package conversation_test

import (
	"bytes"
	"crypto/rand"
	"crypto/sha256"
	"slices"
	"testing"

	"sotto/wasm/account"
	"sotto/wasm/conversation"
	"sotto/wasm/cose"
	"sotto/wasm/epoch"
	"sotto/wasm/kem"
	"sotto/wasm/vectors/keys"
	"sotto/wasm/vectors/mangle"
)

// forgedCommit is a commit by a member, taken apart: its header, what it confirms, its wraps.
type forgedCommit struct {
	w       *world
	by      *party
	header  *epoch.Header
	secret  cose.Secret // the epoch secret that is wrapped
	confirm [32]byte
	wraps   [][]byte
}

// newForgedCommit is what p's commit would be now, with secrets that the test knows.
func (w *world) newForgedCommit(p *party) *forgedCommit {
	w.t.Helper()
	twin := p.copied()
	next, err := twin.c.Commit(twin.env, w.plan())
	must(w.t, err)
	pending, _ := next.PendingCommit()
	parsed, err := epoch.ParseCommit(pending.Commit)
	must(w.t, err)
	secret, err := cose.NewSecret(rand.Reader)
	must(w.t, err)
	f := &forgedCommit{w: w, by: p, header: parsed.Header, secret: secret}
	f.make()
	return f
}

// make fits confirm and wraps to the header and the secret.
func (f *forgedCommit) make() {
	f.w.t.Helper()
	joiner := conversation.DeriveJoiner(f.by.c.InitSecret(), f.secret)
	f.confirm = conversation.DeriveConfirm(conversation.DeriveEpochKey(joiner, f.header.Hash()), f.header.Hash())
	what, secret := conversation.ContentEpochSecret, f.secret
	if f.by.c.Header() == nil {
		what, secret = conversation.ContentJoiner, joiner
	}
	f.wrap(f.w.other(f.by).current.Public(), what, secret)
}

// wrap makes the other side's wrap with any content.
func (f *forgedCommit) wrap(key kem.PublicKey, what uint64, secret cose.Secret) {
	f.w.t.Helper()
	f.wraps = make([][]byte, len(f.header.Entries()))
	device := f.w.other(f.by).env.Device
	index, _ := f.header.Index(device)
	wrap, err := conversation.SealWrap(f.by.env, key, f.header.Hash(), device, what, secret)
	must(f.w.t, err)
	f.wraps[index] = wrap
}

// theirs is the other side's wrap.
func (f *forgedCommit) theirs() *[]byte {
	index, _ := f.header.Index(f.w.other(f.by).env.Device)
	return &f.wraps[index]
}

// stored signs the commit, with the hashes of its wraps.
func (f *forgedCommit) stored() stored {
	f.w.t.Helper()
	hashes := make([][]byte, len(f.wraps))
	for i, wrap := range f.wraps {
		if wrap != nil {
			sum := sha256.Sum256(wrap)
			hashes[i] = sum[:]
		}
	}
	commit, err := epoch.SignCommit(rand.Reader, f.by.env.Signer, f.header, f.confirm, hashes)
	must(f.w.t, err)
	return stored{kind: epoch.KindCommit, event: commit, wraps: slices.Clone(f.wraps)}
}

func TestForgedCommitAsItShouldBe(t *testing.T) {
	w := newWorld(t)
	for range 2 {
		e := w.newForgedCommit(w.a).stored()
		if out := w.b.show(e); out[0].Err != nil || out[0].Commit == nil {
			t.Fatal(out[0].Err)
		}
		w = openWorld(t)
	}
}

// TestForgedCommits is what a member can do that may commit: everything around each change is made right.
func TestForgedCommits(t *testing.T) {
	slot := func(f *forgedCommit, p *party) *epoch.Slot {
		i := slices.IndexFunc(f.header.Roster, func(m epoch.Member) bool { return m.Account == p.chain.ID() })
		return &f.header.Roster[i].Slots[0]
	}
	cases := []struct {
		name   string
		change func(f *forgedCommit)
		want   error
		cause  conversation.Cause
	}{
		{"another confirm", func(f *forgedCommit) { f.confirm[0] ^= 1 }, conversation.ErrConfirm, conversation.CauseConfirm},
		{"another secret in the wrap", func(f *forgedCommit) {
			f.wrap(f.w.b.current.Public(), conversation.ContentEpochSecret, cose.Secret{1})
		}, conversation.ErrConfirm, conversation.CauseConfirm},
		{"the joiner for one who has the epoch before", func(f *forgedCommit) {
			f.wrap(f.w.b.current.Public(), conversation.ContentJoiner, conversation.DeriveJoiner(f.by.c.InitSecret(), f.secret))
		}, conversation.ErrWrapUnusable, conversation.CauseWrapUnusable},
		{"an unknown content", func(f *forgedCommit) { f.wrap(f.w.b.current.Public(), 3, f.secret) }, conversation.ErrWrapUnusable, conversation.CauseWrapUnusable},
		{"a wrap to another's key", func(f *forgedCommit) {
			f.wrap(f.w.a.current.Public(), conversation.ContentEpochSecret, f.secret)
		}, conversation.ErrWrapUnusable, conversation.CauseWrapUnusable},
		{"a wrap of nothing", func(f *forgedCommit) { *f.theirs() = []byte{} }, conversation.ErrWrapUnusable, conversation.CauseWrapUnusable},
		{"a wrap of noise", func(f *forgedCommit) { *f.theirs() = bytes.Repeat([]byte{7}, 1600) }, conversation.ErrWrapUnusable, conversation.CauseWrapUnusable},
		{"a wrap too long", func(f *forgedCommit) { *f.theirs() = make([]byte, conversation.MaxWrapBytes+1) }, conversation.ErrWrapUnusable, conversation.CauseWrapUnusable},
		{"a wrap for another header", func(f *forgedCommit) { f.header.Time++; f.remake(false) }, conversation.ErrConfirm, conversation.CauseConfirm},
		{"a wrap of the epoch before", func(f *forgedCommit) { *f.theirs() = f.w.log[0].wraps[f.w.b.index()] }, conversation.ErrWrapUnusable, conversation.CauseWrapUnusable},
		{"an old prekey that b destroyed", func(f *forgedCommit) {
			f.w.b.held = map[cose.Thumbprint]prekey{}
			f.w.b.newPrekey(bytes.Repeat([]byte{9}, 64))
		}, conversation.ErrOwnSlot, conversation.CauseOwnSlot},
		{"a prekey that b never had", func(f *forgedCommit) { slot(f, f.w.b).Prekey[0] ^= 1; f.remake(true) }, conversation.ErrOwnSlot, conversation.CauseOwnSlot},
		{"b as absent", func(f *forgedCommit) {
			slot(f, f.w.b).Prekey = nil
			f.wraps = make([][]byte, 2)
		}, conversation.ErrOwnSlot, conversation.CauseOwnSlot},
		{"a prekey at its expiry", func(f *forgedCommit) { f.header.Time = expiry; f.remake(true) }, conversation.ErrExpired, conversation.CauseOwnSlot},
		{"older than the epoch before", func(f *forgedCommit) { f.header.Time = now - 1; f.remake(true) }, epoch.ErrTime, conversation.CauseRule},
		{"an epoch is left out", func(f *forgedCommit) { f.header.Number++; f.remake(true) }, epoch.ErrNumber, conversation.CauseRule},
		{"follows another epoch", func(f *forgedCommit) { f.header.Prev[0] ^= 1; f.remake(true) }, epoch.ErrPrev, conversation.CauseRule},
		{"seen of another history", func(f *forgedCommit) { f.header.Seen.Log[0] ^= 1; f.remake(true) }, conversation.ErrSplit, conversation.CauseSplit},
		{"seen of what is to come", func(f *forgedCommit) { f.header.Seen.Position++; f.remake(true) }, conversation.ErrSeenOld, conversation.CauseSeen},
		{"seen before its epoch", func(f *forgedCommit) {
			f.header.Seen = epoch.Seen{Log: epoch.LogStart(f.w.id)}
			f.remake(true)
		}, conversation.ErrSeenOld, conversation.CauseSeen},
		{"a head that is not there", func(f *forgedCommit) { f.header.Roster[0].Head.Number++; f.remake(true) }, epoch.ErrHead, conversation.CauseRule},
		{"a head of a fork", func(f *forgedCommit) { f.header.Roster[1].Head.Hash[0] ^= 1; f.remake(true) }, epoch.ErrHead, conversation.CauseRule},
		{"a ghost device", func(f *forgedCommit) {
			m := &f.header.Roster[0]
			m.Slots = append(m.Slots, epoch.Slot{Device: account.DeviceID(bytes.Repeat([]byte{255}, 32)), Prekey: make([]byte, 32)})
			f.wraps = [][]byte{{1}, {2}, {3}}
			index, _ := f.header.Index(f.by.env.Device)
			f.wraps[index] = nil
		}, epoch.ErrDevices, conversation.CauseRule},
		{"b's name under it", func(f *forgedCommit) {
			f.header.Creator = f.w.b.env.Device
			f.wraps[0], f.wraps[1] = f.wraps[1], f.wraps[0]
		}, cose.ErrSignature, conversation.CauseSignature},
		{"an unknown suite", func(f *forgedCommit) { f.header.Suite = 2 }, epoch.ErrSuite, conversation.CauseMalformed},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			w := openWorld(t)
			f := w.newForgedCommit(w.a)
			c.change(f)
			epochBefore := w.b.c.EpochID()
			out := w.b.show(f.stored())
			if ofKeys := []error{conversation.ErrConfirm, conversation.ErrWrapUnusable, conversation.ErrOwnSlot, conversation.ErrExpired}; slices.Contains(ofKeys, c.want) {
				lost(t, w.b.c, out, c.want, c.cause)
				return
			}
			refused(t, out, c.want, c.cause)
			if w.b.c.EpochID() != epochBefore || w.b.c.Position() != 2 {
				t.Error("a refused commit changed the epoch, or took no position")
			}
		})
	}
}

// remake fits the wraps to a changed header; with confirm also what it confirms.
func (f *forgedCommit) remake(confirm bool) {
	before := f.confirm
	f.make()
	if !confirm {
		f.confirm = before
	}
}

// TestTwoSecretsOneHeader is one header with two secrets, one shown to each side: the sides see different events.
func TestTwoSecretsOneHeader(t *testing.T) {
	w := newWorld(t)
	first := w.newForgedCommit(w.a)
	second := *first
	second.secret = cose.Secret{9}
	second.make()
	one, two := first.stored(), second.stored()
	must(t, w.b.show(one)[0].Err)
	c := w.fresh(w.b)
	must(t, c.show(two)[0].Err)
	if w.b.c.EpochID() == c.c.EpochID() || w.b.c.Seen() == c.c.Seen() {
		t.Error("two secrets under one name")
	}
}

// TestServerAltersWraps gives b something else than its commit names.
func TestServerAltersWraps(t *testing.T) {
	w := openWorld(t)
	old := w.log[0].wraps[w.b.index()]
	commit := w.prepare(w.a)
	own := commit.wraps[w.b.index()]
	cases := map[string][]byte{
		"none": nil, "empty": {}, "of the epoch before": old, "cut": own[:len(own)-1], "longer": append(bytes.Clone(own), 0),
		"altered in the ML-KEM half": flip(own, 10), "altered in the RSA half": flip(own, 1200), "altered at the end": flip(own, len(own)-1),
	}
	for name, wrap := range cases {
		t.Run(name, func(t *testing.T) {
			b := *w.b
			decapsulations := 0
			b.env.Prekey = func(tp cose.Thumbprint) (*kem.PrivateKey, uint64, bool) {
				k, err := kem.NewPrivateKey(b.name.Seed(), counter{b.name.Decrypter(), &decapsulations})
				must(t, err)
				return k, expiry, true
			}
			next, out := b.c.Open(b.env, []conversation.Event{{Kind: epoch.KindCommit, Event: commit.event, Wrap: wrap}})
			lost(t, next, out, conversation.ErrWrapAltered, conversation.CauseWrapAltered)
			if decapsulations != 0 || next.Stopped() != "" {
				t.Errorf("%d decapsulations of a wrap that the commit does not name", decapsulations)
			}
		})
	}
	must(t, w.b.show(commit)[0].Err)
}

func flip(data []byte, at int) []byte {
	altered := bytes.Clone(data)
	altered[at] ^= 1
	return altered
}

// TestStalePrekey is a server that hands out a prekey after its owner has replaced and destroyed it.
func TestStalePrekey(t *testing.T) {
	w := newWorld(t)
	stale := w.b.current
	w.b.held = map[cose.Thumbprint]prekey{}
	w.b.newPrekey(bytes.Repeat([]byte{3}, 64))
	fresh := w.b.current
	w.b.current = stale // what a is shown
	commit := w.prepare(w.a)
	w.b.current = fresh
	out := w.b.show(commit)
	lost(t, w.b.c, out, conversation.ErrOwnSlot, conversation.CauseOwnSlot)
}

// TestPrekeyKeptForARace takes a commit that was made to the prekey before, while that is kept.
func TestPrekeyKeptForARace(t *testing.T) {
	w := newWorld(t)
	commit := w.prepare(w.a)
	w.b.newPrekey(bytes.Repeat([]byte{3}, 64))
	must(t, w.b.show(commit)[0].Err)
}

// TestCommitAlteredBytes alters each byte of a commit as it lies at the relay.
func TestCommitAlteredBytes(t *testing.T) {
	w := openWorld(t)
	commit := w.prepare(w.a)
	wrap := commit.wraps[w.b.index()]
	for i := 0; i < len(commit.event); i += stride() {
		next, out := w.b.c.Open(w.b.env, []conversation.Event{{Kind: epoch.KindCommit, Event: flip(commit.event, i), Wrap: wrap}})
		if len(out) != 1 || out[0].Err == nil || next.EpochID() != w.b.c.EpochID() {
			t.Fatalf("byte %d altered and accepted", i)
		}
		if next.Stopped() != "" {
			t.Errorf("byte %d stops the conversation", i)
		}
	}
}

// TestWrapOtherEncodings has wraps whose creator names them rightly and writes them wrongly.
func TestWrapOtherEncodings(t *testing.T) {
	w := openWorld(t)
	f := w.newForgedCommit(w.a)
	device, header := w.b.env.Device, f.header.Hash()
	open := func(wrap []byte) error {
		_, _, err := conversation.OpenWrap(w.b.env, w.b.current, header, device, wrap)
		return err
	}
	must(t, open(*f.theirs()))
	for _, v := range append(mangle.Encodings(*f.theirs()), mangle.Resized(*f.theirs())...) {
		refusedError(t, open(v.Bytes), conversation.ErrWrapUnusable, conversation.CauseWrapUnusable)
	}
	for i := 0; i < len(*f.theirs()); i += 29 { // each costs a decryption with RSA
		if err := open(flip(*f.theirs(), i)); err == nil {
			t.Errorf("byte %d altered and opened", i)
		}
	}
	for name, err := range map[string]error{
		"another device": openFor(w, header, account.DeviceID{1}, *f.theirs()),
		"another header": openFor(w, [32]byte{1}, device, *f.theirs()),
	} {
		if err == nil {
			t.Errorf("a wrap opens for %s", name)
		}
	}
	placed := wrapWithPlace(t, w, header, device)
	refusedError(t, open(placed), conversation.ErrWrapUnusable, conversation.CauseWrapUnusable)
}

func openFor(w *world, header [32]byte, device account.DeviceID, wrap []byte) error {
	_, _, err := conversation.OpenWrap(w.b.env, w.b.current, header, device, wrap)
	return err
}

// wrapWithPlace is a wrap right in all but a header -65537 that wraps do not have.
func wrapWithPlace(t *testing.T, w *world, header [32]byte, device account.DeviceID) []byte {
	shared, ciphertext, err := w.b.current.Public().Encapsulate(cose.Native{}, rand.Reader)
	must(t, err)
	aead := cose.Native{}.AEAD(conversation.DeriveKEK(shared, header, device))
	plain := cose.Marshal([]any{conversation.ContentEpochSecret, make([]byte, 32)})
	sealed := cose.Seal(aead, [12]byte{1}, conversation.TypeWrap, cose.Marshal([]any{1}), header[:], plain)
	return cose.Marshal([]any{ciphertext, cose.Raw(sealed)})
}

// TestStranger gives everything to somebody who is not in the roster.
func TestStranger(t *testing.T) {
	w := openWorld(t)
	mallory := w.newParty(keys.Carol)
	mallory.c = conversation.New(w.id)
	for _, o := range mallory.show(w.log...) {
		refusedError(t, o.Err, conversation.ErrOwnSlot, conversation.CauseOwnSlot)
	}
	_, message := w.seal(w.a, "not for mallory")
	refused(t, mallory.show(message), conversation.ErrEpoch, conversation.CauseEpoch)
}
