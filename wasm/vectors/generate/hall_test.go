//go:build !js

package generate

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"slices"

	"sotto/wasm/account"
	"sotto/wasm/cose"
	"sotto/wasm/epoch"
	"sotto/wasm/vectors/keys"
)

// hall is what a group is beside a conversation: more people, what they know, links. Alice is its admin.
type hall struct {
	m        *maker
	people   map[keys.Person]*history
	roles    map[keys.Person]epoch.Role
	salt     []byte
	name     string
	secrets  [][]byte // of the links
	links    []epoch.Link
	admitted []epoch.Admission
}

const linkExpiry = now + 1000

// group is a room that is a group of alice, bob and carol, with an epoch 0.
func (m *maker) group() *room {
	m.t.Helper()
	r := m.hallway()
	r.take(r.commit())
	return r
}

// hallway is a group that has no epoch yet.
func (m *maker) hallway() *room {
	m.t.Helper()
	r := m.room()
	r.hall = &hall{
		m: m, people: map[keys.Person]*history{keys.Alice: r.alice, keys.Bob: r.bob}, salt: random(16), name: "The hall",
		roles: map[keys.Person]epoch.Role{keys.Alice: epoch.RoleAdmin, keys.Bob: epoch.RoleMember, keys.Carol: epoch.RoleMember},
	}
	for _, p := range []keys.Person{keys.Carol, keys.Dave} {
		r.hall.people[p] = m.history(p)
	}
	r.hall.link(random(32), 2)
	return r
}

// link makes a link of a secret.
func (a *hall) link(secret []byte, uses uint64) {
	a.secrets = append(a.secrets, secret)
	a.links = append(a.links, epoch.Link{ID: linkIDOf(secret), Expiry: linkExpiry, Uses: uses})
	slices.SortFunc(a.links, func(x, y epoch.Link) int { return bytes.Compare(x.ID[:], y.ID[:]) })
}

func linkIDOf(secret []byte) epoch.LinkID {
	return epoch.LinkID(cose.Expand(cose.Secret(secret), "link", nil, 16))
}

func tagOf(secret []byte, hash [32]byte) []byte {
	key := cose.Derive(cose.Secret(secret), "join", nil)
	mac := hmac.New(sha256.New, key[:])
	mac.Write(hash[:])
	return mac.Sum(nil)
}

// state is what members know, encoded.
func (a *hall) state() []byte {
	secrets := slices.Clone(a.secrets)
	slices.SortFunc(secrets, func(x, y []byte) int {
		i, j := linkIDOf(x), linkIDOf(y)
		return bytes.Compare(i[:], j[:])
	})
	links := []any{}
	for _, s := range secrets {
		id := linkIDOf(s)
		links = append(links, []any{id[:], s})
	}
	return cose.Marshal([]any{a.salt, a.name, links})
}

func (a *hall) room() []epoch.Room {
	links := slices.Clone(a.links)
	for i := range links {
		links[i].Used = slices.Clone(links[i].Used)
	}
	return []epoch.Room{{State: sha256.Sum256(a.state()), Links: links, Admitted: slices.Clone(a.admitted)}}
}

// fit seals the state under the epoch's key, and gives an epoch 0 the group's id.
func (a *hall) fit(c *commitment, joiner cose.Secret) {
	for i := range c.header.Room {
		room := &c.header.Room[i]
		key := cose.Derive(joiner, "state", nil)
		room.Sealed = newEncrypt0(key[:], room.State[:], padded(a.state()), "application/vnd.sotto.state").bytes()
	}
	if c.header.Number == 0 {
		c.header.Conversation = groupIDOf(c.header)
		c.header.Seen = epoch.Seen{Log: epoch.LogStart(c.header.Conversation)}
	}
}

func groupIDOf(h *epoch.Header) epoch.ConversationID {
	parts := headerParts(h)
	parts[1], parts[4] = make([]byte, 16), []any{0, make([]byte, 32)}
	sum := sha256.Sum256(cose.Marshal([]any{"sotto/1 group", parts}))
	return epoch.ConversationID(sum[:16])
}

// join is a request by a person in its parts.
type join struct {
	r       *room
	by      keys.Person
	payload []any // conversation, link, account, head, prekey, nonce, expiry
}

func (r *room) join(by keys.Person) *join {
	h := r.hall.people[by].chain
	id, head, link := h.ID(), h.Head(), r.hall.links[0].ID
	return &join{r: r, by: by, payload: []any{
		r.id[:], link[:], id[:], []any{head.Number, head.Hash[:]}, r.prekey(by), random(16), now + 500,
	}}
}

func (j *join) signed() *sign1 { return j.r.m.sign1(j.by, epoch.TypeJoin, cose.Marshal(j.payload)) }

// admission lets a person in by its request, and counts that.
func (r *room) admission(p keys.Person, changes ...func(*join)) {
	j := r.join(p)
	for _, change := range changes {
		change(j)
	}
	data := j.signed().bytes(r.m)
	hash := signedHash(data, epoch.TypeJoin)
	r.hall.roles[p] = epoch.RoleMember
	r.hall.admitted = []epoch.Admission{{
		Account: r.hall.people[p].chain.ID(), Request: data, Tag: [32]byte(tagOf(r.hall.secrets[0], hash)),
	}}
	r.hall.links[0].Used = []epoch.RequestID{epoch.RequestID(hash[:16])}
}

// of gives a person's entry of a roster.
func (r *room) of(h *epoch.Header, p keys.Person) *epoch.Member {
	for i := range h.Roster {
		if h.Roster[i].Account == r.hall.people[p].chain.ID() {
			return &h.Roster[i]
		}
	}
	return nil
}

// without takes a person out of a commit.
func (c *commitment) without(p keys.Person) {
	id := c.r.hall.people[p].chain.ID()
	c.header.Roster = slices.DeleteFunc(slices.Clone(c.header.Roster), func(m epoch.Member) bool { return m.Account == id })
}

// by makes somebody else the creator.
func (c *commitment) by(p keys.Person) {
	c.header.Creator, c.signer = c.r.m.device(p), p
}

// leave is a leave event by a person in its parts.
func (r *room) leave(by keys.Person, change func(payload []any)) []byte {
	seen := r.seen()
	payload := []any{r.id[:], bytesOf(r.epoch), []any{uint64(seen.Position), seen.Log[:]}}
	change(payload)
	return r.m.sign1(by, epoch.TypeLeave, cose.Marshal(payload)).bytes(r.m)
}

// clone is the same group, whose people may be changed.
func (r *room) clone() *room {
	twin, h := *r, *r.hall
	twin.hall = &h
	h.roles = map[keys.Person]epoch.Role{}
	for p, role := range r.hall.roles {
		twin.hall.roles[p] = role
	}
	twin.hall.links = slices.Clone(r.hall.links)
	twin.events, twin.logs = slices.Clone(r.events), slices.Clone(r.logs)
	return &twin
}

// left names accounts.
func (r *room) left(people ...keys.Person) [][]byte {
	var list [][]byte
	for _, p := range people {
		list = append(list, bytesOf(r.hall.people[p].chain.ID()))
	}
	return list
}

func stranger(b byte) account.DeviceID { return account.DeviceID(bytes.Repeat([]byte{b}, 32)) }
