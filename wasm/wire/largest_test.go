package wire_test

import (
	"crypto/rand"
	"encoding/binary"
	"slices"
	"testing"

	"sotto/wasm/account"
	"sotto/wasm/cose"
	"sotto/wasm/epoch"
	"sotto/wasm/vectors/keys"
	"sotto/wasm/vectors/table"
	"sotto/wasm/wire"
)

// numbered gives the big-endian bytes of n, so that a list of them is in order.
func numbered[T ~[16]byte | ~[32]byte](n int) (id T) {
	var all [32]byte
	binary.BigEndian.PutUint32(all[:], uint32(n)+1)
	for i := range len(id) {
		id[i] = all[i]
	}
	return id
}

// largestHeader is a group's with as many devices as there may be, each an account's of its own, every link used but once,
// and as many let in by links at once as may be.
func largestHeader(creator account.DeviceID) *epoch.Header {
	h := &epoch.Header{
		Suite: epoch.Suite, Conversation: conversation(), Number: 1 << 30, Prev: make([]byte, 32),
		Seen: epoch.Seen{Position: 1 << 40}, Creator: creator, Time: 1 << 40,
	}
	for i := range epoch.MaxDevices {
		device := numbered[account.DeviceID](i)
		if i == 0 {
			device = creator
		}
		h.Roster = append(h.Roster, epoch.Member{
			Account: numbered[account.ID](i), Head: account.Head{Number: account.MaxLinks}, Role: epoch.RoleAdmin,
			Slots: []epoch.Slot{{Device: device, Prekey: make([]byte, 32)}},
		})
	}
	room := epoch.Room{Sealed: make([]byte, epoch.MaxSealedState)}
	for i := range epoch.MaxLinks {
		l := epoch.Link{ID: numbered[epoch.LinkID](i), Expiry: 1 << 40, Uses: epoch.MaxUses}
		for n := range epoch.MaxUses {
			l.Used = append(l.Used, numbered[epoch.RequestID](n))
		}
		room.Links = append(room.Links, l)
	}
	for i := range epoch.MaxAdmitted {
		room.Admitted = append(room.Admitted, epoch.Admission{Account: numbered[account.ID](i + 100), Request: make([]byte, epoch.MaxAskBytes)})
	}
	h.Room = []epoch.Room{room}
	return h
}

// TestLargestCommit has the commit of the largest group, with wraps as they are, and with everything that it can say at
// once, be a header, a commit and a frame within their limits.
func TestLargestCommit(t *testing.T) {
	f, err := table.Load("wrap")
	if err != nil {
		t.Fatal(err)
	}
	at := slices.IndexFunc(f.Cases, func(c table.Case) bool { return c.Name == "of a joiner" })
	wrap := f.Cases[at].Bytes("bytes")
	signer := keys.Alice.Signer()
	key, err := cose.NewRSAKey(&signer.PublicKey)
	if err != nil {
		t.Fatal(err)
	}
	h := largestHeader(account.DeviceID(key.Thumbprint()))
	for _, m := range h.Roster[1:] {
		h.Rejoin = append(h.Rejoin, m.Slots[0].Device)
	}
	wraps, hashes := make([][]byte, len(h.Roster)), make([][]byte, len(h.Roster))
	for i := 1; i < len(wraps); i++ {
		wraps[i], hashes[i] = wrap, make([]byte, 32)
	}
	commit, err := epoch.SignCommit(rand.Reader, signer, h, [32]byte{}, hashes)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := epoch.ParseCommit(commit); err != nil {
		t.Fatalf("a commit of %d bytes: %v", len(commit), err)
	}
	frame := wire.Encode(1, wire.Commit{Conversation: h.Conversation, Commit: commit, Wraps: wraps})
	if _, err := wire.Decode(frame); err != nil {
		t.Errorf("a frame of %d bytes: %v", len(frame), err)
	}
	t.Logf("header %d, commit %d, frame %d bytes", len(h.Bytes()), len(commit), len(frame))
	h.Roster = append(h.Roster, epoch.Member{
		Account: numbered[account.ID](epoch.MaxDevices), Slots: []epoch.Slot{{Device: numbered[account.DeviceID](epoch.MaxDevices)}},
	})
	if _, err := epoch.ParseHeader(h.Bytes()); err == nil {
		t.Error("one device more is a header too")
	}
}

// TestLargestPage has the largest of everything that comes with a page at its head, beside one event, be a frame.
func TestLargestPage(t *testing.T) {
	page := wire.Page{
		Events: []wire.Event{{Position: 1 << 40, Event: make([]byte, wire.MaxCommitEvent), Wrap: make([]byte, wire.MaxWrap)}},
		Before: make([]wire.EventHash, epoch.MaxEvents+epoch.MaxDevices), // a full epoch that everyone has left
	}
	for range 128 {
		page.Receipts = append(page.Receipts, make([]byte, wire.MaxReceipt))
		page.Asks = append(page.Asks, wire.Asked{Ask: make([]byte, wire.MaxAsk), Tag: make([]byte, 32)})
	}
	frame := wire.Encode(1<<63, page)
	if len(frame) > wire.MaxFrame {
		t.Errorf("%d bytes", len(frame))
	}
	t.Logf("%d bytes", len(frame))
}
