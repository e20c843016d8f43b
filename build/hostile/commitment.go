package hostile

import (
	"crypto/rand"
	"crypto/sha256"
	"slices"

	"sotto/wasm/account"
	"sotto/wasm/conversation"
	"sotto/wasm/cose"
	"sotto/wasm/epoch"
	"sotto/wasm/kem"
)

// What a wrap carries.
const (
	EpochSecret uint64 = 1
	Joiner      uint64 = 2
)

type wrapped struct {
	_       struct{} `cbor:",toarray"`
	Content uint64
	Secret  cose.Secret
}

// Wrap is what a commit gives one device, in its parts.
type Wrap struct {
	To      kem.PublicKey
	Device  account.DeviceID
	Header  [32]byte // that it is bound to
	Content uint64
	Secret  cose.Secret
	Link    *cose.Secret                   // of the room link by which the device came
	Cipher  func(ciphertext []byte) []byte // changes the KEM's ciphertext
	Made    func(wrap []byte) []byte       // changes the whole, before it is hashed
	kem     func() (cose.Secret, []byte, error)
}

func (w *Wrap) bytes() ([]byte, error) {
	encapsulate := w.kem
	if encapsulate == nil {
		encapsulate = func() (cose.Secret, []byte, error) { return w.To.Encapsulate(cose.Native{}, rand.Reader) }
	}
	shared, ciphertext, err := encapsulate()
	if err != nil {
		return nil, err
	}
	if w.Cipher != nil {
		ciphertext = w.Cipher(ciphertext)
	}
	kek := kekOf(shared, w.Link, w.Header, w.Device)
	plain := cose.Marshal(wrapped{Content: w.Content, Secret: w.Secret})
	sealed := cose.Seal(cose.Native{}.AEAD(kek), nonce(), conversation.TypeWrap, nil, w.Header[:], plain)
	wrap := cose.Marshal([]any{ciphertext, cose.Raw(sealed)})
	if w.Made != nil {
		wrap = w.Made(wrap)
	}
	return wrap, nil
}

// Commitment is a commit in its parts, all of them right until they are changed. Whoever changes the header or the
// secret calls Fit, or leaves what follows from them as it was.
type Commitment struct {
	Header  *epoch.Header
	Secret  cose.Secret
	Confirm [32]byte
	Wraps   map[account.DeviceID]*Wrap
	By      *Member // who signs
	Group   conversation.Group
	Links   map[account.DeviceID]cose.Secret // secrets of the room links by which devices come

	room   *Room
	joiner cose.Secret
}

// Commit gives the next commit of a member: the roster as before, wrapped to the keys that are known now.
func (r *Room) Commit(by *Member, seconds uint64, roster []epoch.Member) *Commitment {
	h := &epoch.Header{Suite: epoch.Suite, Conversation: r.ID, Seen: r.Seen(), Roster: roster, Creator: by.Device, Time: seconds}
	if r.Header != nil {
		h.Number, h.Prev, h.Time = r.Header.Number+1, slices.Clone(r.Epoch[:]), max(seconds, r.Header.Time)
		h.Room = slices.Clone(r.Header.Room)
	}
	for i := range h.Room {
		h.Room[i].Admitted = nil
	}
	c := &Commitment{Header: h, Secret: Secret(), By: by, Group: r.Group, room: r, Links: map[account.DeviceID]cose.Secret{}}
	c.Fit()
	return c
}

// OpenGroup gives the commit that opens a group with a name. It decides the room's id.
func (r *Room) OpenGroup(by *Member, seconds uint64, name string, roster []epoch.Member) *Commitment {
	h := &epoch.Header{
		Suite: epoch.Suite, Roster: roster, Creator: by.Device, Time: seconds, Room: []epoch.Room{{}},
	}
	c := &Commitment{Header: h, Secret: Secret(), By: by, room: r, Links: map[account.DeviceID]cose.Secret{}}
	c.Group.Name = name
	c.Fit()
	return c
}

// Roster gives the newest roster with the keys that are known now.
func (r *Room) Roster() []epoch.Member {
	roster := slices.Clone(r.Header.Roster)
	for i := range roster {
		roster[i].Slots = slices.Clone(roster[i].Slots)
		for j := range roster[i].Slots {
			s := &roster[i].Slots[j]
			if key, ok := r.Keys[s.Device]; ok {
				s.Prekey = thumbprint(key)
			}
		}
	}
	return roster
}

func thumbprint(key kem.PublicKey) []byte {
	t := key.Thumbprint()
	return t[:]
}

// Slot gives the roster's entry of an account with the devices that are active in its chain and known here.
func (r *Room) Slot(chain *account.Chain, role epoch.Role) epoch.Member {
	m := epoch.Member{Account: chain.ID(), Head: chain.Head(), Role: role}
	for _, d := range chain.Active() {
		slot := epoch.Slot{Device: d.ID}
		if key, ok := r.Keys[d.ID]; ok {
			slot.Prekey = thumbprint(key)
		}
		m.Slots = append(m.Slots, slot)
	}
	return m
}

// Sorted puts a roster in order.
func Sorted(roster []epoch.Member) []epoch.Member {
	slices.SortFunc(roster, func(a, b epoch.Member) int { return slices.Compare(a.Account[:], b.Account[:]) })
	return roster
}

// Fit makes everything that follows from the header and the secret.
func (c *Commitment) Fit() {
	c.joiner = cose.Extract(c.room.init, c.Secret)
	if c.Header.Group() {
		c.seal()
	}
	hash := c.Header.Hash()
	key := cose.Derive(c.joiner, "epoch", hash[:])
	c.Confirm = cose.MAC(cose.Derive(key, "confirm", nil), hash[:])
	c.Wraps = map[account.DeviceID]*Wrap{}
	for _, e := range c.Header.Entries() {
		to, known := c.room.Keys[e.Device]
		if !known || e.Absent() {
			continue
		}
		w := &Wrap{To: to, Device: e.Device, Header: hash, Content: Joiner, Secret: c.joiner}
		if c.holds(e.Device) {
			w.Content, w.Secret = EpochSecret, c.Secret
		}
		if link, ok := c.Links[e.Device]; ok {
			w.Link = &link
		}
		c.Wraps[e.Device] = w
	}
}

// Joiner is the secret from which everything of the epoch follows.
func (c *Commitment) Joiner() cose.Secret { return c.joiner }

// holds says whether a device has init[n-1].
func (c *Commitment) holds(d account.DeviceID) bool {
	if c.room.Header == nil || c.Header.Rejoins(d) {
		return false
	}
	_, e, ok := c.room.Header.Find(d)
	return ok && !e.Absent()
}

// seal puts the group's state into the header.
func (c *Commitment) seal() {
	plain := cose.Marshal(c.Group)
	hash := sha256.Sum256(plain)
	key := cose.Derive(c.joiner, "state", nil)
	room := &c.Header.Room[0]
	room.State = hash
	room.Sealed = cose.Seal(cose.Native{}.AEAD(key), nonce(), conversation.TypeState, nil, hash[:], Pad(plain))
	if c.Header.Number == 0 {
		c.Header.Conversation = epoch.GroupID(c.Header)
		c.room.ID, c.room.logs = c.Header.Conversation, []epoch.LogHash{epoch.LogStart(c.Header.Conversation)}
		c.Header.Seen = c.room.Seen()
	}
}

// Signed is a commit as it goes to the relay.
type Signed struct {
	Event []byte
	Wraps map[account.DeviceID][]byte
}

// Sign puts the commit together.
func (c *Commitment) Sign() (Signed, error) {
	s := Signed{Wraps: map[account.DeviceID][]byte{}}
	var hashes [][]byte
	for _, e := range c.Header.Entries() {
		w, ok := c.Wraps[e.Device]
		if !ok || e.Absent() || e.Device == c.Header.Creator {
			hashes = append(hashes, nil)
			continue
		}
		wrap, err := w.bytes()
		if err != nil {
			return Signed{}, err
		}
		sum := sha256.Sum256(wrap)
		hashes = append(hashes, sum[:])
		s.Wraps[e.Device] = wrap
	}
	var err error
	s.Event, err = epoch.SignCommit(rand.Reader, c.By.Signer, c.Header, c.Confirm, hashes)
	return s, err
}

// Enter takes the signed commit into the room's log and goes on in its epoch.
func (c *Commitment) Enter(s Signed) error {
	signed, err := cose.ParseSign1(s.Event, epoch.TypeCommit, epoch.MaxCommitBytes)
	if err != nil {
		return err
	}
	c.room.Take(epoch.KindCommit, s.Event)
	c.room.enter(c.Header, epoch.ID(signed.Hash()), c.joiner)
	return nil
}
