//go:build attack

package main

import (
	"encoding/hex"
	"time"

	"sotto/build/hostile"
	"sotto/wasm/account"
	"sotto/wasm/epoch"
)

// direct is a conversation between alice, whose engine is the victim, and bob, whose keys the attack holds as well as the
// relay's log. What bob writes is right unless the attack changes it: where the relay alone attacks, his keys only make
// what he would have written himself.
type direct struct {
	*stage
	server *hostile.Server
	relay  *hostile.Relay // between the server and alice
	alice  *person
	bob    *hostile.Member
	room   *hostile.Room
	id     epoch.ConversationID
	conv   string // id, as the engine names it
	sent   uint64 // generations that bob has used in this epoch
}

// direct opens one: bob's commit is there, and alice has it.
func (s *stage) direct() *direct {
	d := s.strangers()
	d.commit(d.next())
	d.alice.until("the conversation is open", func() bool { return len(d.alice.timeline(d.conv)) == 1 })
	return d
}

// strangers is the same before its first event.
func (s *stage) strangers() *direct {
	d := &direct{stage: s, server: hostile.NewServer(origin), relay: hostile.New()}
	d.alice = s.newPerson(d.relay.Transport(d.server), "alice").join()
	d.bob = s.liar(d.server, "bob")
	d.meet(d.alice.account(), d.bob)
	return d
}

// meet lets bob know alice's keys.
func (d *direct) meet(alice account.ID, bob *hostile.Member) {
	d.id = epoch.DirectID(alice, bob.Chain.ID())
	d.conv = hex.EncodeToString(d.id[:])
	d.room = hostile.NewRoom(d.id)
	d.room.Keys[bob.Device] = bob.Prekey.Public()
	_, prekeys := d.server.Shown(alice)
	for _, p := range prekeys {
		d.must(d.room.Know(p))
	}
}

func seconds() uint64 { return uint64(time.Now().Unix()) }

// roster is both accounts as they are now.
func (d *direct) roster() []epoch.Member {
	links, _ := d.server.Shown(d.alice.account())
	return hostile.Sorted([]epoch.Member{
		d.room.Slot(d.chainOf(links), epoch.RoleMember), d.room.Slot(d.bob.Chain, epoch.RoleMember),
	})
}

// next is bob's next commit, not sent yet.
func (d *direct) next() *hostile.Commitment { return d.room.Commit(d.bob, seconds(), d.roster()) }

// commit sends a commit and goes on in its epoch.
func (d *direct) commit(c *hostile.Commitment) epoch.Position {
	signed, err := c.Sign()
	d.must(err)
	d.server.Advance(d.id, c.Header.Number) // before anyone can follow it
	at := d.put(signed)
	d.must(c.Enter(signed))
	d.sent = 0
	return at
}

// put puts a signed commit into the log.
func (d *direct) put(signed hostile.Signed) epoch.Position {
	return d.server.Append(d.id, epoch.KindCommit, signed.Event, signed.Wraps)
}

// letter is bob's next message.
func (d *direct) letter(text string) *hostile.Letter { return d.room.Letter(d.bob, d.sent, text) }

// say sends bob's next message.
func (d *direct) say(text string) (event []byte, at epoch.Position) {
	event = d.event(d.letter(text))
	at = d.post(event)
	d.sent++
	return event, at
}

// event puts a message together.
func (d *direct) event(l *hostile.Letter) []byte {
	event, err := l.Event()
	d.must(err)
	return event
}

// post puts an event into the log, which bob has too.
func (d *direct) post(event []byte) epoch.Position {
	at := d.server.Append(d.id, epoch.KindMessage, event, nil)
	d.room.Take(epoch.KindMessage, event)
	return at
}

// judged says what became of a message at a position that should never be read as want.
func (d *direct) judged(at epoch.Position, want string) result {
	text, says := d.alice.at(d.conv, at)
	return result{says: says, won: text == want}
}
