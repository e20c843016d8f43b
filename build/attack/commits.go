//go:build attack

package main

import (
	"slices"

	"sotto/build/hostile"
	"sotto/wasm/account"
	"sotto/wasm/check"
	"sotto/wasm/client"
	"sotto/wasm/epoch"
)

// commitAttack is a commit by bob of which something is wrong. It has succeeded when alice reads what he writes in its
// epoch.
func commitAttack(line, name, known, says string, change func(d *direct, c *hostile.Commitment), by ...check.Name) attack {
	return attack{line: line, name: name, known: known, by: by, says: says, play: func(s *stage) result {
		d := s.direct()
		c := d.next()
		change(d, c)
		return d.entered(c)
	}}
}

// entered sends a commit and a message in its epoch, and says what became of them.
func (d *direct) entered(c *hostile.Commitment) result {
	signed, err := c.Sign()
	d.must(err)
	at := d.put(signed)
	d.must(c.Enter(signed))
	d.sent = 0
	_, after := d.say("in the new epoch")
	return d.after(at, after)
}

// after says what became of a commit at a position, and whether a message behind it was read.
func (d *direct) after(at, message epoch.Position) result {
	var text, says string
	d.alice.until("the message was read or stopped", func() bool {
		for _, e := range d.alice.timeline(d.conv) {
			switch {
			case e.Position == nil:
			case *e.Position == int64(at) && e.Notice != nil && e.Notice.Code != client.NoticeRenewed && says == "":
				says = told(e.Notice)
			case *e.Position == int64(message) && e.Text != nil:
				text = *e.Text
			case *e.Position == int64(message) && e.Notice != nil && text == "":
				text = told(e.Notice)
			}
		}
		return text != "" || d.alice.blocked(d.conv) == client.NoticeSplitView
	})
	return result{says: says, won: text == "in the new epoch"}
}

func commitAttacks() []attack {
	const line = "commits that do not belong here"
	return []attack{
		{
			line: line, name: "a commit replayed in another conversation", known: "Matrix, 2022",
			by: []check.Name{check.Conversation, check.SplitView}, says: "commit-refused (rule)", play: commitElsewhere,
		},
		commitAttack(line, "a ghost member in a conversation of two", "WhatsApp groups, 2018; GCHQ's ghost proposal, 2018", "commit-refused (rule)",
			func(d *direct, c *hostile.Commitment) {
				ghost := d.liar(d.server, "ghost")
				d.alice.open("ghost") // so that alice can check everything about it
				d.room.Keys[ghost.Device] = ghost.Prekey.Public()
				c.Header.Roster = hostile.Sorted(append(d.roster(), d.room.Slot(ghost.Chain, epoch.RoleMember)))
				c.Fit()
			}, check.DirectRoster),
		commitAttack(line, "a commit of an epoch that is to come", "forked groups: RFC 9420, 2023", "commit-refused (rule)",
			func(_ *direct, c *hostile.Commitment) { c.Header.Number++; c.Fit() }, check.Number),
		commitAttack(line, "a commit that follows another epoch", "forked groups: RFC 9420, 2023", "commit-refused (rule)",
			func(_ *direct, c *hostile.Commitment) { c.Header.Prev[0] ^= 1; c.Fit() }, check.Prev),
		commitAttack(line, "a commit from before the epoch it follows, to use what has expired", "clocks set back by NTP, 2014", "commit-refused (rule)",
			func(_ *direct, c *hostile.Commitment) { c.Header.Time -= 3600; c.Fit() }, check.Time),
		commitAttack(line, "a commit that saw nothing of what its creator wrote", "Telegram, 2022", "commit-refused (seen)",
			func(d *direct, c *hostile.Commitment) {
				seen := d.room.Seen()
				d.say("hello")
				c.Header.Seen = seen
				c.Fit()
			}, check.Seen),
		commitAttack(line, "a commit signed by another device", "Zoom meetings, 2021", "commit-refused (signature)",
			func(d *direct, c *hostile.Commitment) { c.By = d.liar(nil, "mallory") }, check.Signature),
		{
			line: line, name: "a commit that names an older chain, by a device that was revoked", known: "revocation that fails open: browsers, 2012",
			by: []check.Name{check.CreatorMember, check.ChainHead}, says: "commit-refused (rule)", play: revokedCommits,
		},
		{
			line: line, name: "a device in the roster that its account does not have", known: "Matrix, 2022; GCHQ's ghost proposal, 2018",
			by: []check.Name{check.ActiveDevices}, says: "commit-refused (rule)", play: ghostSlot,
		},
	}
}

// commitElsewhere takes the commit that opened alice's conversation with bob for her conversation with carol.
func commitElsewhere(s *stage) result {
	d := s.direct()
	s.liar(d.server, "carol")
	conv := d.alice.open("carol")
	commit := d.server.Log(d.id, d.alice.device())[0]
	id := s.id(conv)
	d.server.Append(id, epoch.KindCommit, commit.Event, map[account.DeviceID][]byte{d.alice.device(): commit.Wrap})
	l := d.room.Letter(d.bob, 0, "in the new epoch")
	l.Place.Conversation = id
	l.Seen = logOf(id, epoch.KindCommit, commit.Event)
	d.server.Append(id, epoch.KindMessage, d.event(l), nil)
	twin := &direct{stage: s, alice: d.alice, conv: conv}
	return twin.after(1, 2)
}

// logOf is the log chain of a conversation with one event.
func logOf(id epoch.ConversationID, kind epoch.Kind, event []byte) epoch.Seen {
	room := hostile.NewRoom(id)
	room.Take(kind, event)
	return room.Seen()
}

// second gives bob another device before the conversation opens.
func (s *stage) second() (*direct, *hostile.Member) {
	d := s.strangers()
	w := &swap{stage: s, server: d.server, bob: d.bob}
	second := w.enlarged()
	d.room.Keys[second.Device] = second.Prekey.Public()
	d.commit(d.next())
	d.alice.until("the conversation is open", func() bool { return len(d.alice.timeline(d.conv)) == 1 })
	return d, second
}

// revokedCommits lets the stolen device of bob's commit after the epoch that was opened without it.
func revokedCommits(s *stage) result {
	d, stolen := s.second()
	before := d.roster()
	s.must(d.bob.Extend(account.Link{Kind: account.LinkRevoke, Device: stolen.Device}))
	d.server.Show(d.bob.Chain.ID(), d.bob.Links, map[account.DeviceID][]byte{d.bob.Device: d.bob.Signed})
	d.commit(d.next())
	c := d.room.Commit(stolen, seconds(), before)
	signed, err := c.Sign()
	s.must(err)
	at := d.put(signed)
	s.must(c.Enter(signed))
	after := d.post(d.event(d.room.Letter(stolen, 0, "in the new epoch")))
	return d.after(at, after)
}

// ghostSlot lets bob bring a device of somebody else's under his account.
func ghostSlot(s *stage) result {
	d := s.direct()
	ghost := s.liar(nil, "ghost")
	d.room.Keys[ghost.Device] = ghost.Prekey.Public()
	c := d.next()
	for i := range c.Header.Roster {
		if m := &c.Header.Roster[i]; m.Account == d.bob.Chain.ID() {
			m.Slots = append(m.Slots, epoch.Slot{Device: ghost.Device, Prekey: d.room.Slot(ghost.Chain, 0).Slots[0].Prekey})
			slices.SortFunc(m.Slots, func(a, b epoch.Slot) int { return slices.Compare(a.Device[:], b.Device[:]) })
		}
	}
	c.Fit()
	return d.entered(c)
}

func wrapAttacks() []attack {
	const line = "two commits with one header; wraps altered, moved, stale"
	return []attack{
		commitAttack(line, "one header, another secret for one member", "invisible salamanders: Facebook, 2018", "lost (confirm)",
			func(_ *direct, c *hostile.Commitment) {
				confirm := c.Confirm
				c.Secret = hostile.Secret()
				c.Fit()
				c.Confirm = confirm
			}, check.Confirm),
		commitAttack(line, "one header, another confirmation", "invisible salamanders: Facebook, 2018", "lost (confirm)",
			func(_ *direct, c *hostile.Commitment) { c.Confirm[0] ^= 1 }, check.Confirm),
		{
			line: line, name: "a wrap exchanged for another that opens", known: "MEGA, 2022: keys that are not bound",
			by: []check.Name{check.WrapHash}, says: client.NoticeWrapAltered, play: wrapExchanged,
		},
		{
			line: line, name: "a wrap altered on the way, so that its creator is blamed", known: "message franking, 2017",
			by: []check.Name{check.WrapHash}, says: client.NoticeWrapAltered,
			play: func(s *stage) result {
				return wrapGiven(s, func(_ *direct, wraps map[account.DeviceID][]byte, own account.DeviceID) {
					wraps[own] = slices.Clone(wraps[own])
					wraps[own][len(wraps[own])-1] ^= 1
				})
			},
		},
		{
			line: line, name: "the wrap of another device", known: "Matrix, 2022: key shares to another device",
			by: []check.Name{check.WrapHash}, says: client.NoticeWrapAltered,
			play: func(s *stage) result {
				return wrapGiven(s, func(d *direct, wraps map[account.DeviceID][]byte, own account.DeviceID) {
					for device, wrap := range wraps {
						if device != own {
							wraps[own] = wrap
						}
					}
				})
			},
		},
		commitAttack(line, "a wrap with the joiner, which needs nothing of the epoch before", "stolen prekeys: X3DH, 2016", client.NoticeWrapUnusable,
			func(d *direct, c *hostile.Commitment) {
				w := c.Wraps[d.alice.device()]
				w.Content, w.Secret = hostile.Joiner, c.Joiner()
			}, check.WrapContent),
		{
			line: line, name: "an epoch wrapped to a prekey that has expired", known: "PGP: keys that never end, 1991",
			by: []check.Name{check.OwnPrekey}, says: "lost (stale-prekey)",
			play: func(s *stage) result {
				d := s.direct()
				c := d.next()
				c.Header.Time += uint64(account.PrekeyLife.Seconds()) + 1
				c.Fit()
				return d.entered(c)
			},
		},
	}
}

// wrapExchanged lets bob and the server give alice another wrap than the one whose hash bob signed. Both open.
func wrapExchanged(s *stage) result {
	d := s.direct()
	c := d.next()
	signed, err := c.Sign()
	s.must(err)
	twin, err := c.Sign()
	s.must(err)
	signed.Wraps = twin.Wraps
	at := d.put(signed)
	s.must(c.Enter(signed))
	d.sent = 0
	_, after := d.say("in the new epoch")
	return d.after(at, after)
}

// wrapGiven lets the server give alice another wrap than hers. It has succeeded when she is told that bob did it.
func wrapGiven(s *stage, change func(*direct, map[account.DeviceID][]byte, account.DeviceID)) result {
	d, _ := s.second()
	signed, err := d.next().Sign()
	s.must(err)
	change(d, signed.Wraps, d.alice.device())
	_, says := d.alice.at(d.conv, d.put(signed))
	return result{says: says, won: says == client.NoticeWrapUnusable}
}
