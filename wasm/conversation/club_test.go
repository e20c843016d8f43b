package conversation_test

import (
	"bytes"
	"crypto/rand"
	"fmt"
	"maps"
	"slices"
	"sync"
	"testing"

	"sotto/wasm/account"
	"sotto/wasm/conversation"
	"sotto/wasm/cose"
	"sotto/wasm/epoch"
	"sotto/wasm/kem"
	"sotto/wasm/vectors/keys"
)

// club is a group, its people and the log between them as an honest relay keeps it. Alice opens it and is its admin.
type club struct {
	*world
	people map[keys.Person]*party
	roles  map[keys.Person]epoch.Role // of who is a member
	group  conversation.Group
	links  []epoch.Link
}

const linkExpiry = now + 1000

// clubs are those that were opened already, by their members: each test gets a copy.
var clubs struct {
	sync.Mutex
	open map[string]*club
}

// newClub has everybody with keys, and the named ones beside alice as members of a group that all have opened.
func newClub(t testing.TB, members ...keys.Person) *club {
	t.Helper()
	clubs.Lock()
	defer clubs.Unlock()
	name := fmt.Sprint(members)
	if clubs.open[name] == nil {
		if clubs.open == nil {
			clubs.open = map[string]*club{}
		}
		clubs.open[name] = openClub(t, members...)
	}
	return clubs.open[name].clone(t)
}

// clone gives a club that shares nothing that changes.
func (k *club) clone(t testing.TB) *club {
	t.Helper()
	w := &world{t: t, id: k.id, chains: maps.Clone(k.chains), log: slices.Clone(k.log)}
	twin := &club{
		world: w, people: map[keys.Person]*party{}, roles: maps.Clone(k.roles), group: k.group, links: slices.Clone(k.links),
	}
	for name, from := range k.people {
		p := *from
		p.t, p.held = t, maps.Clone(from.held)
		p.bind(w)
		twin.people[name] = &p
		if p.c != nil {
			twin.people[name] = p.copied()
		}
	}
	return twin
}

func openClub(t testing.TB, members ...keys.Person) *club {
	t.Helper()
	w := &world{t: t, chains: map[account.ID]*account.Chain{}}
	k := &club{world: w, people: map[keys.Person]*party{}, roles: map[keys.Person]epoch.Role{keys.Alice: epoch.RoleAdmin}}
	for _, name := range []keys.Person{keys.Alice, keys.Bob, keys.Carol, keys.Dave} {
		k.people[name] = w.newParty(name)
	}
	for _, name := range members {
		k.roles[name] = epoch.RoleMember
	}
	k.group = conversation.Group{Salt: [16]byte{7}, Name: "the club"}
	plan := k.plan()
	plan.Room.Group = k.group
	alice := k.people[keys.Alice]
	c, err := conversation.Create(alice.env, plan)
	must(t, err)
	alice.keep(c)
	w.id = c.ID()
	k.store(alice)
	for _, name := range members {
		k.people[name].c = conversation.New(w.id)
	}
	k.syncMembers()
	return k
}

func (k *club) party(name keys.Person) *party { return k.people[name] }

// plan is the group as roles and links say, its state unchanged.
func (k *club) plan() conversation.Plan {
	plan := conversation.Plan{
		Time: now, Keys: map[account.DeviceID]kem.PublicKey{}, Room: &conversation.RoomPlan{Links: slices.Clone(k.links)},
	}
	for name, role := range k.roles {
		p := k.people[name]
		key := p.current.Public()
		thumbprint := key.Thumbprint()
		plan.Keys[p.env.Device] = key
		plan.Roster = append(plan.Roster, epoch.Member{
			Account: p.chain.ID(), Head: p.chain.Head(), Role: role,
			Slots: []epoch.Slot{{Device: p.env.Device, Prekey: thumbprint[:]}},
		})
	}
	slices.SortFunc(plan.Roster, func(a, b epoch.Member) int { return bytes.Compare(a.Account[:], b.Account[:]) })
	return plan
}

// propose lets somebody make the commit of the next epoch, which is not sent yet.
func (k *club) propose(by keys.Person, changes ...func(*conversation.Plan)) stored {
	k.t.Helper()
	plan := k.plan()
	for _, change := range changes {
		change(&plan)
	}
	p := k.people[by]
	next, err := p.c.Commit(p.env, plan)
	must(k.t, err)
	p.keep(next)
	pending, _ := p.c.PendingCommit()
	return stored{kind: epoch.KindCommit, event: pending.Commit, wraps: pending.Wraps}
}

// open lets somebody open the next epoch and everyone read it.
func (k *club) open(by keys.Person, changes ...func(*conversation.Plan)) {
	k.t.Helper()
	k.log = append(k.log, k.propose(by, changes...))
	k.syncMembers()
}

// store puts what somebody has on its way into the log.
func (k *club) store(p *party) {
	k.t.Helper()
	pending, ok := p.c.PendingCommit()
	if !ok {
		k.t.Fatal("nothing is on its way")
	}
	k.log = append(k.log, stored{kind: epoch.KindCommit, event: pending.Commit, wraps: pending.Wraps})
}

// add makes somebody a member by alice's commit, and lets it enter.
func (k *club) add(name keys.Person) {
	k.t.Helper()
	k.roles[name] = epoch.RoleMember
	k.log = append(k.log, k.propose(keys.Alice))
	out := k.enter(name)
	must(k.t, out.Err)
	must(k.t, out.Lost)
	k.syncMembers()
}

// remove takes somebody out by alice's commit, and all links with it.
func (k *club) remove(name keys.Person) {
	k.t.Helper()
	delete(k.roles, name)
	k.links = nil
	k.open(keys.Alice)
}

// say lets somebody send a text that everyone reads.
func (k *club) say(by keys.Person, text string) {
	k.t.Helper()
	k.send(k.people[by], text)
	k.syncMembers()
}

// syncMembers brings everyone who is in the newest roster, or was until then, to the end of the log.
func (k *club) syncMembers() {
	k.t.Helper()
	for _, name := range k.names() {
		p := k.people[name]
		for _, o := range k.sync(p) {
			must(k.t, o.Err)
			must(k.t, o.Lost)
		}
	}
}

// names lists who is a member and has begun, in order.
func (k *club) names() []keys.Person {
	var list []keys.Person
	for name := range k.roles {
		if k.people[name].c != nil {
			list = append(list, name)
		}
	}
	slices.Sort(list)
	return list
}

// page is what an honest relay gives a newcomer of the log's newest commit: the events between what its creator had seen
// and it, and it.
func (k *club) page(p *party) ([]conversation.EventHash, conversation.Event) {
	k.t.Helper()
	last := k.log[len(k.log)-1]
	commit, err := epoch.ParseCommit(last.event)
	must(k.t, err)
	var before []conversation.EventHash
	for _, e := range k.log[commit.Header.Seen.Position : len(k.log)-1] {
		before = append(before, conversation.EventHash{Kind: e.kind, Hash: hashOf(e)})
	}
	return before, conversation.Event{Kind: last.kind, Event: last.event, Wrap: p.wrapOf(last)}
}

// enter lets somebody in who was not there, by the log's newest commit.
func (k *club) enter(name keys.Person) conversation.Outcome {
	k.t.Helper()
	p := k.people[name]
	before, e := k.page(p)
	c, out := conversation.Enter(p.env, k.id, before, e)
	if c != nil {
		p.keep(c)
	}
	return out
}

// leave lets somebody leave: the event is in the log and nobody has taken it out.
func (k *club) leave(name keys.Person) {
	k.t.Helper()
	p := k.people[name]
	next, event, err := p.c.Leave(p.env)
	must(k.t, err)
	p.keep(next)
	k.log = append(k.log, stored{kind: epoch.KindLeave, event: event})
	k.syncMembers()
}

// takeOut opens the epoch without who has left.
func (k *club) takeOut(by, left keys.Person) {
	k.t.Helper()
	delete(k.roles, left)
	k.open(by)
}

// makeLink lets alice make a link, and gives its secret.
func (k *club) makeLink(uses uint64) cose.Secret {
	k.t.Helper()
	secret, err := cose.NewSecret(rand.Reader)
	must(k.t, err)
	id := conversation.LinkIDOf(secret)
	k.links = append(k.links, epoch.Link{ID: id, Expiry: linkExpiry, Uses: uses})
	slices.SortFunc(k.links, func(a, b epoch.Link) int { return bytes.Compare(a.ID[:], b.ID[:]) })
	k.group.Salt[0]++
	k.group.Links = append(slices.Clone(k.group.Links), conversation.LinkSecret{ID: id, Secret: secret})
	slices.SortFunc(k.group.Links, func(a, b conversation.LinkSecret) int { return bytes.Compare(a.ID[:], b.ID[:]) })
	k.open(keys.Alice, k.newState)
	return secret
}

// newState has the plan change what members know to what the club says.
func (k *club) newState(plan *conversation.Plan) { plan.Room.Group = k.group }

// ask lets somebody ask by a link's secret.
func (k *club) ask(name keys.Person, secret cose.Secret) epoch.Admission {
	k.t.Helper()
	p := k.people[name]
	request, err := epoch.SignJoin(rand.Reader, p.env.Signer, epoch.Join{
		Conversation: k.id, Link: conversation.LinkIDOf(secret), Account: p.chain.ID(), Device: p.env.Device, Head: p.chain.Head(),
		Prekey: p.current.Public().Thumbprint(), Expiry: now + 500,
	})
	must(k.t, err)
	j, err := epoch.ParseJoin(request)
	must(k.t, err)
	p.env.LinkSecret = func(id epoch.ConversationID) (cose.Secret, bool) { return secret, id == k.id }
	return epoch.Admission{Account: p.chain.ID(), Request: request, Tag: conversation.JoinTag(secret, j.Hash())}
}

// admitting has the plan let somebody in by its request.
func (k *club) admitting(name keys.Person, a epoch.Admission) func(*conversation.Plan) {
	k.t.Helper()
	j, err := epoch.ParseJoin(a.Request)
	must(k.t, err)
	k.roles[name] = epoch.RoleMember
	for i := range k.links {
		if k.links[i].ID == j.Link {
			used := append(slices.Clone(k.links[i].Used), j.ID())
			slices.SortFunc(used, func(a, b epoch.RequestID) int { return bytes.Compare(a[:], b[:]) })
			k.links[i].Used = used
		}
	}
	plan := k.plan()
	return func(p *conversation.Plan) { *p = plan; p.Room.Admitted = []epoch.Admission{a} }
}

// index is somebody's slot as another sees it.
func (k *club) index(name keys.Person) uint64 {
	i, _ := k.people[keys.Alice].c.Header().Index(k.people[name].env.Device)
	return i
}
