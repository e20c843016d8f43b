package soak

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"pgregory.net/rapid"

	"sotto/wasm/client"
)

// storySteps is how many steps one story has.
const storySteps = 100

// verb is what can happen in a story.
type verb int

const (
	nothing verb = iota // what a story is shrunk to
	send
	hold
	letSome
	letAll
	cut
	away
	back
	crash
	add
	remove
	leave
	promote
	demote
	renew
	rename
	makeLink
	useLink
	wait
	night
)

var verbNames = [...]string{
	"does nothing", "sends", "is held back", "gets a little", "gets all", "is cut off", "goes offline", "comes back", "crashes", "adds", "removes",
	"leaves", "promotes", "demotes", "renews keys", "renames", "makes a link", "uses the link", "some seconds pass", "a night passes",
}

// step is one thing that happens: who does it, to whom, and how much of it.
type step struct {
	Verb   verb
	Who    int
	Whom   int
	Amount int
}

// told leaves out where nothing happens.
func told(steps []step) []step {
	return slices.DeleteFunc(slices.Clone(steps), func(s step) bool { return s.Verb == nothing })
}

// String tells the step in a shrunk story.
func (s step) String() string {
	return fmt.Sprintf("%d %s %d (%d)", s.Who, verbNames[s.Verb], s.Whom, s.Amount)
}

// often weighs the verbs: most of life is talking.
var often = []verb{
	nothing, send, send, send, send, send, send, hold, letSome, letSome, letAll, cut, cut, away, back, back, crash, crash,
	add, add, add, remove, remove, leave, promote, promote, demote, renew, rename, makeLink, useLink, useLink, wait, wait, wait, night,
}

// story draws what happens to a group of some people.
func story(t *rapid.T) (people int, steps []step) {
	people = rapid.IntRange(2, 8).Draw(t, "people")
	one := rapid.Custom(func(t *rapid.T) step {
		return step{
			Verb: rapid.SampledFrom(often).Draw(t, "verb"), Who: rapid.IntRange(0, people-1).Draw(t, "who"),
			Whom: rapid.IntRange(0, people-1).Draw(t, "whom"), Amount: rapid.IntRange(1, 40).Draw(t, "amount"),
		}
	})
	return people, rapid.SliceOfN(one, storySteps, storySteps).Draw(t, "steps")
}

// TestWander lets groups of two to eight engines wander through random stories: people talk, add and remove each other, go
// away, crash and come back, while the relay delays what it will. In the end everyone who is in agrees on who is in and on
// every word, exactly once and in order; and nobody has a word of a time when they were not in. A story is the same again
// by its seed (-rapid.seed), and a failure prints the shortest one that still fails. More: -rapid.checks.
func TestWander(t *testing.T) {
	for name, value := range map[string]string{"rapid.checks": stories, "rapid.seed": "1", "rapid.nofailfile": "true"} {
		if f := flag.Lookup(name); f.Value.String() == f.DefValue {
			if err := f.Value.Set(value); err != nil {
				t.Fatal(err)
			}
		}
	}
	taken := 0
	rapid.Check(t, func(r *rapid.T) {
		people, steps := story(r)
		taken += len(steps)
		if err := inBubble(t, func(bt *testing.T) error {
			_, err := tell(bt, people, steps)
			return err
		}); err != nil {
			r.Fatalf("%d people: %v: %v", people, told(steps), err)
		}
	})
	t.Logf("%d steps", taken)
}

// TestWanderAgain tells stories that once ended badly.
func TestWanderAgain(t *testing.T) {
	for name, steps := range map[string][]step{
		"added again before being taken out": {{Verb: leave, Who: 1}, {Verb: add, Who: 0, Whom: 1}, {Verb: send, Who: 0}},
		"comes by a link before being taken out": {
			{Verb: makeLink, Who: 0, Amount: 5}, {Verb: wait, Amount: 5}, {Verb: leave, Who: 1}, {Verb: useLink, Who: 1}, {Verb: send, Who: 0},
			{Verb: wait, Amount: 40}, {Verb: send, Who: 1},
		},
	} {
		t.Run(name, func(t *testing.T) {
			err := inBubble(t, func(bt *testing.T) error {
				w, err := tell(bt, 3, steps)
				if err == nil && !w.people[0].isMember(w.conv, w.people[1]) {
					err = errors.New("is not in again")
				}
				return err
			})
			if err != nil {
				t.Error(err)
			}
		})
	}
}

// isMember says whether a person sees another one among the members.
func (p *wanderer) isMember(conv string, other *wanderer) bool {
	members, err := p.engine.Members(context.Background(), conv)
	return err == nil && slices.ContainsFunc(members, func(m client.Member) bool {
		return m.Handle == other.name && !m.Left && m.State == ""
	})
}

// inBubble runs f where time passes only when everything waits.
func inBubble(t *testing.T, f func(*testing.T) error) (err error) {
	synctest.Test(t, func(t *testing.T) { err = f(t) })
	return err
}

// wanderer is a person of a story.
type wanderer struct {
	*user
	gate *gate
}

// wandering is a story as it goes.
type wandering struct {
	t      *testing.T
	house  *house
	people []*wanderer
	conv   string
	link   string
	texts  int
	sent   map[string]int // text to who wrote it
}

// tell lives through a story and looks at its end.
func tell(t *testing.T, people int, steps []step) (*wandering, error) {
	w := &wandering{t: t, house: newHouse(t), sent: map[string]int{}}
	for i := range people {
		g := newGate(w.house)
		p := &wanderer{user: newUser(t, g, fmt.Sprintf("p%d", i)), gate: g}
		p.join()
		w.people = append(w.people, p)
	}
	if err := w.begin(); err != nil {
		return w, err
	}
	for i, s := range steps {
		if err := w.take(s); err != nil {
			return w, fmt.Errorf("step %d, %v: %w", i, s, err)
		}
		synctest.Wait()
	}
	return w, w.end()
}

// begin lets the first person make a group with half of the others.
func (w *wandering) begin() error {
	var handles []string
	for _, p := range w.people[1 : 1+len(w.people)/2] {
		handles = append(handles, p.name)
	}
	c, err := w.people[0].engine.CreateGroup(context.Background(), "wanderers", handles)
	if err != nil {
		return err
	}
	w.conv = c.ID
	w.pass(time.Second)
	return nil
}

// pass lets time go by.
func (w *wandering) pass(d time.Duration) {
	<-time.After(d)
	synctest.Wait()
}

// legitimate are refusals that a person may get in a story: nothing is wrong with them.
var legitimate = []string{
	client.CodeNotFound, client.CodeBlocked, client.CodeOffline, client.CodeNotAllowed, client.CodeLastAdmin, client.CodeEnded,
	client.CodeTooMany, client.CodeLimited, client.CodeJoined, client.CodeSelf, client.CodeUnknownHandle,
}

// take does one step.
func (w *wandering) take(s step) error {
	err := w.do(s)
	var named *client.Error
	if err == nil || errors.As(err, &named) && strings.Contains(" "+strings.Join(legitimate, " ")+" ", " "+named.Code()+" ") {
		return nil
	}
	return err
}

func (w *wandering) do(s step) error {
	ctx := context.Background()
	p, other := w.people[s.Who], w.people[s.Whom]
	switch s.Verb {
	case send:
		return w.say(s.Who)
	case add:
		return p.engine.AddMembers(ctx, w.conv, []string{other.name})
	case remove:
		return p.engine.RemoveMember(ctx, w.conv, other.engine.Me().Account)
	case leave:
		return p.engine.Leave(ctx, w.conv)
	case promote:
		return p.engine.SetRole(ctx, w.conv, other.engine.Me().Account, "admin")
	case demote:
		return p.engine.SetRole(ctx, w.conv, other.engine.Me().Account, "member")
	case renew:
		return p.engine.RenewKeys(ctx, w.conv)
	case rename:
		return p.engine.Rename(ctx, w.conv, fmt.Sprintf("wanderers %d", s.Amount))
	case makeLink:
		l, err := p.engine.MakeLink(ctx, w.conv, 1, int64(s.Amount))
		if err == nil {
			w.link = l.URL
		}
		return err
	case useLink:
		if w.link == "" {
			return nil
		}
		_, err := p.engine.JoinGroup(ctx, w.link)
		return err
	case nothing:
		return nil
	default:
		w.happen(s, p)
		return nil
	}
}

// say lets a person write something nobody wrote before.
func (w *wandering) say(who int) error {
	w.texts++
	text := fmt.Sprintf("word %d of %d", w.texts, who)
	_, err := w.people[who].engine.Send(context.Background(), w.conv, text, "")
	if err == nil {
		w.sent[text] = who
	}
	return err
}

// happen does what is nobody's wish.
func (w *wandering) happen(s step, p *wanderer) {
	switch s.Verb {
	case hold:
		p.gate.hold(true)
	case letSome:
		p.gate.let(s.Amount % 5)
	case letAll:
		p.gate.hold(false)
	case cut:
		p.gate.cut()
	case away:
		p.gate.close(true)
	case back:
		p.gate.close(false)
		p.engine.Connect()
	case crash:
		p.crash()
	case wait:
		w.pass(time.Duration(s.Amount) * time.Second)
	case night:
		w.sleep()
	}
}

// sleep lets a day go by with every device off.
func (w *wandering) sleep() {
	for _, p := range w.people {
		p.user.stop()
	}
	w.pass(25 * time.Hour)
	for _, p := range w.people {
		p.user.start()
	}
}
