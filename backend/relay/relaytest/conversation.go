package relaytest

import (
	"bytes"
	"crypto/rand"
	"crypto/sha256"
	"slices"
	"testing"
	"time"

	"sotto/wasm/cose"
	"sotto/wasm/epoch"
	"sotto/wasm/wire"
)

// Conversation is a conversation as one who is in it knows it.
type Conversation struct {
	ID        epoch.ConversationID
	Low, High *Person   // of a direct one
	People    []*Person // of the next epoch, in order of their accounts
	Opened    bool      // Number and Epoch are those of the newest epoch
	Number    epoch.Number
	Epoch     epoch.ID
	Seen      epoch.Seen // as far as its log was taken

	// Of a group's next epoch.
	Room     []epoch.Room
	Admins   map[*Person]bool
	Admitted []epoch.Admission
}

// Between gives a conversation before its first epoch.
func Between(a, b *Person) *Conversation {
	if bytes.Compare(a.Account[:], b.Account[:]) > 0 {
		a, b = b, a
	}
	d := &Conversation{ID: epoch.DirectID(a.Account, b.Account), Low: a, High: b, People: []*Person{a, b}}
	d.Seen.Log = epoch.LogStart(d.ID)
	return d
}

// Group gives a group before its first epoch. The first of the people opens it, as its admin.
func Group(founder *Person, others ...*Person) *Conversation {
	d := &Conversation{
		Room:   []epoch.Room{{State: [32]byte(Random(32)), Sealed: Random(600)}},
		Admins: map[*Person]bool{founder: true},
	}
	d.Invite(founder)
	d.Invite(others...)
	return d
}

// Invite adds people to the next epoch.
func (d *Conversation) Invite(people ...*Person) {
	d.People = append(slices.Clone(d.People), people...)
	slices.SortFunc(d.People, func(a, b *Person) int { return bytes.Compare(a.Account[:], b.Account[:]) })
}

// Expel takes a person out of the next epoch.
func (d *Conversation) Expel(p *Person) {
	d.People = slices.DeleteFunc(slices.Clone(d.People), func(other *Person) bool { return other.Account == p.Account })
}

// Header is the header of the next epoch by a person.
func (d *Conversation) Header(by *Person) *epoch.Header {
	h := &epoch.Header{
		Suite: epoch.Suite, Conversation: d.ID, Creator: by.Device, Time: uint64(time.Now().Unix()), Seen: d.Seen,
	}
	for _, p := range d.People {
		m := p.member()
		if d.Admins[p] {
			m.Role = epoch.RoleAdmin
		}
		h.Roster = append(h.Roster, m)
	}
	for _, r := range d.Room {
		r.Links, r.Admitted = slices.Clone(r.Links), slices.Clone(d.Admitted)
		h.Room = append(h.Room, r)
	}
	if d.Opened {
		h.Number, h.Prev = d.Number+1, bytes.Clone(d.Epoch[:])
		return h
	}
	if h.Group() {
		Rename(h)
	}
	return h
}

// Rename gives the first header of a group the id that belongs to it.
func Rename(h *epoch.Header) {
	h.Conversation = epoch.GroupID(h)
	h.Seen = epoch.Seen{Log: epoch.LogStart(h.Conversation)}
}

func (p *Person) member() epoch.Member {
	thumbprint := p.Prekey.Thumbprint()
	return epoch.Member{
		Account: p.Account, Head: p.Chain.Head(),
		Slots: []epoch.Slot{{Device: p.Device, Prekey: thumbprint[:]}},
	}
}

// Commit makes the request that opens the epoch of header h, signed by a person.
func (d *Conversation) Commit(t testing.TB, by *Person, h *epoch.Header) wire.Commit {
	t.Helper()
	request := wire.Commit{Conversation: h.Conversation}
	var hashes [][]byte
	for _, e := range h.Entries() {
		if e.Device == h.Creator || e.Absent() {
			request.Wraps, hashes = append(request.Wraps, nil), append(hashes, nil)
			continue
		}
		wrap := Random(WrapSize)
		hash := sha256.Sum256(wrap)
		request.Wraps, hashes = append(request.Wraps, wrap), append(hashes, hash[:])
	}
	commit, err := epoch.SignCommit(rand.Reader, by.signer, h, [32]byte(Random(32)), hashes)
	must(t, err)
	request.Commit = commit
	return request
}

// WrapSize is that of a real wrap.
const WrapSize = 1580

// Take adds the next event to the log. A commit is the newest epoch from here on.
func (d *Conversation) Take(t testing.TB, kind epoch.Kind, event []byte) {
	t.Helper()
	if kind == epoch.KindCommit {
		c, err := epoch.ParseCommit(event)
		must(t, err)
		if !d.Opened {
			d.ID, d.Seen.Log = c.Header.Conversation, epoch.LogStart(c.Header.Conversation)
		}
		d.Opened, d.Number, d.Epoch, d.Admitted = true, c.Header.Number, c.ID, nil
	}
	d.Seen.Position++
	d.Seen.Log = epoch.LogNext(d.ID, d.Seen.Position, d.Seen.Log, kind, sha256.Sum256(event))
}

// Enter takes over the log where it stands before a commit that lets one in: the first event of a page, with what the page
// has before it.
func (d *Conversation) Enter(t testing.TB, before []wire.EventHash, first wire.Event) {
	t.Helper()
	c, err := epoch.ParseCommit(first.Event)
	must(t, err)
	d.ID, d.Opened, d.Seen = c.Header.Conversation, true, c.Header.Seen
	for _, b := range before {
		d.Seen.Position++
		d.Seen.Log = epoch.LogNext(d.ID, d.Seen.Position, d.Seen.Log, b.Kind, b.Hash)
	}
	if d.Seen.Position+1 != first.Position {
		t.Fatalf("the page lets in at %d and begins at %d", d.Seen.Position+1, first.Position)
	}
}

// Place is where a person's next sealed object belongs.
func (d *Conversation) Place(by *Person, generation uint64) epoch.Place {
	index := slices.IndexFunc(d.People, func(p *Person) bool { return p.Account == by.Account })
	return epoch.Place{Conversation: d.ID, Number: d.Number, Index: uint64(max(index, 0)), Generation: generation}
}

// Message makes a message of about size bytes by a person.
func (d *Conversation) Message(by *Person, generation uint64, size int) wire.Message {
	return wire.Message{Conversation: d.ID, Event: Seal(epoch.TypeMessage, d.Place(by, generation), size)}
}

// Receipt makes a receipt by a person.
func (d *Conversation) Receipt(by *Person, counter uint64) wire.Receipt {
	return wire.Receipt{Conversation: d.ID, Signal: Seal(epoch.TypeSignal, d.Place(by, counter), 600)}
}

// Leaving is what a person's leave event says.
func (d *Conversation) Leaving(by *Person) epoch.Leave {
	return epoch.Leave{Conversation: d.ID, Epoch: d.Epoch, Seen: d.Seen, Device: by.Device}
}

// Leave makes the request that has a person leave, of a leave event's fields.
func (p *Person) Leave(t testing.TB, l epoch.Leave) wire.Leave {
	t.Helper()
	event, err := epoch.SignLeave(rand.Reader, p.signer, l)
	must(t, err)
	return wire.Leave{Conversation: l.Conversation, Event: event}
}

// Joining is what a person's join request by a link says.
func (d *Conversation) Joining(p *Person, link epoch.LinkID) epoch.Join {
	return epoch.Join{
		Conversation: d.ID, Link: link, Account: p.Account, Device: p.Device, Head: p.Chain.Head(),
		Prekey: p.Prekey.Thumbprint(), Expiry: uint64(time.Now().Add(time.Hour).Unix()),
	}
}

// Join makes a request to be let in, of a join request's fields.
func (p *Person) Join(t testing.TB, j epoch.Join) wire.Ask {
	t.Helper()
	ask, err := epoch.SignJoin(rand.Reader, p.signer, j)
	must(t, err)
	return wire.Ask{Conversation: j.Conversation, Ask: ask, Tag: Random(32)}
}

// Rejoin makes a request to be let back in.
func (p *Person) Rejoin(t testing.TB, r epoch.Rejoin) wire.Ask {
	t.Helper()
	ask, err := epoch.SignRejoin(rand.Reader, p.signer, r)
	must(t, err)
	return wire.Ask{Conversation: r.Conversation, Ask: ask, Tag: []byte{}}
}

// Admit has the next epoch let in who asked by one of its links.
func (d *Conversation) Admit(t testing.TB, p *Person, ask wire.Ask) {
	t.Helper()
	j, err := epoch.ParseJoin(ask.Ask)
	must(t, err)
	d.Invite(p)
	d.Admitted = append(d.Admitted, epoch.Admission{Account: p.Account, Request: ask.Ask, Tag: [32]byte(ask.Tag)})
	slices.SortFunc(d.Admitted, func(a, b epoch.Admission) int { return bytes.Compare(a.Account[:], b.Account[:]) })
	links := slices.Clone(d.Room[0].Links)
	for i, l := range links {
		if l.ID == j.Link {
			links[i].Used = append(slices.Clone(l.Used), j.ID())
			slices.SortFunc(links[i].Used, func(a, b epoch.RequestID) int { return bytes.Compare(a[:], b[:]) })
		}
	}
	d.Room[0].Links = links
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
