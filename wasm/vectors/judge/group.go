package judge

import (
	"errors"

	"sotto/wasm/account"
	"sotto/wasm/conversation"
	"sotto/wasm/cose"
	"sotto/wasm/epoch"
	"sotto/wasm/vectors/vector"
)

func groupID(_ Bench, c vector.Case) (Output, error) {
	var h epoch.Header
	if err := cose.Unmarshal(c.Bytes("header"), &h, epoch.MaxHeaderBytes); err != nil {
		return nil, err
	}
	id := epoch.GroupID(&h)
	return Output{"id": id[:]}, nil
}

func join(b Bench, c vector.Case) (Output, error) {
	j, err := epoch.ParseJoin(c.Bytes("bytes"))
	if err != nil {
		return nil, err
	}
	chain, err := account.ParseChain(b.Primitives, c.List("chain"))
	if err != nil {
		return nil, err
	}
	if err := j.Verify(b.Primitives, chain); err != nil {
		return nil, err
	}
	id := j.ID()
	return Output{
		"conversation": j.Conversation[:], "link": j.Link[:], "account": [32]byte(j.Account), "head-number": j.Head.Number,
		"head-hash": j.Head.Hash, "prekey": [32]byte(j.Prekey), "expiry": j.Expiry, "device": [32]byte(j.Device), "hash": j.Hash(), "id": id[:],
	}, nil
}

func rejoin(b Bench, c vector.Case) (Output, error) {
	r, err := epoch.ParseRejoin(c.Bytes("bytes"))
	if err != nil {
		return nil, err
	}
	chain, err := account.ParseChain(b.Primitives, c.List("chain"))
	if err != nil {
		return nil, err
	}
	if err := r.Verify(b.Primitives, chain); err != nil {
		return nil, err
	}
	return Output{"conversation": r.Conversation[:], "epoch": [32]byte(r.Epoch), "device": [32]byte(r.Device)}, nil
}

func roomLink(_ Bench, c vector.Case) (Output, error) {
	secret := cose.Secret(c.Bytes("secret"))
	id := conversation.LinkIDOf(secret)
	return Output{"id": id[:], "tag": conversation.JoinTag(secret, [32]byte(c.Bytes("request")))}, nil
}

var everyone = []string{"alice", "bob", "carol", "dave"}

// crowd reads the chains of all four.
func crowd(b Bench, c vector.Case) (epoch.Chains, error) {
	chains := map[account.ID]*account.Chain{}
	for _, name := range everyone {
		chain, err := account.ParseChain(b.Primitives, c.List(name))
		if err != nil {
			return nil, err
		}
		chains[chain.ID()] = chain
	}
	return func(id account.ID) (*account.Chain, bool) { chain, ok := chains[id]; return chain, ok }, nil
}

// standing is the epoch before of a case about rules.
func standing(c vector.Case) (*epoch.Standing, error) {
	before, err := epoch.ParseCommit(c.Bytes("before"))
	if err != nil {
		return nil, err
	}
	s := &epoch.Standing{ID: before.ID, Header: before.Header}
	for _, id := range c.List("left") {
		s.Left = append(s.Left, account.ID(id))
	}
	return s, nil
}

func groupRules(b Bench, c vector.Case) (Output, error) {
	chains, err := crowd(b, c)
	if err != nil {
		return nil, err
	}
	before, err := standing(c)
	if err != nil {
		return nil, err
	}
	parsed, err := epoch.ParseCommit(c.Bytes("bytes"))
	if err != nil {
		return nil, err
	}
	return Output{"id": [32]byte(parsed.ID)}, parsed.Check(b.Primitives, before, chains)
}

func leave(b Bench, c vector.Case) (Output, error) {
	chains, err := crowd(b, c)
	if err != nil {
		return nil, err
	}
	before, err := standing(c)
	if err != nil {
		return nil, err
	}
	l, err := epoch.ParseLeave(c.Bytes("bytes"))
	if err != nil {
		return nil, err
	}
	id, err := l.Check(b.Primitives, before, chains)
	return Output{"account": [32]byte(id), "device": [32]byte(l.Device), "seen-position": uint64(l.Seen.Position)}, err
}

// member is the environment of a case about a group.
func member(b Bench, c vector.Case) (conversation.Env, error) {
	chains, err := crowd(b, c)
	if err != nil {
		return conversation.Env{}, err
	}
	env, err := own(b, c)
	env.Chains = chains
	for _, name := range everyone {
		if name == c.Text("reader") {
			chain, err := account.ParseChain(b.Primitives, c.List(name))
			if err != nil {
				return env, err
			}
			env.Account = chain.ID()
		}
	}
	return env, err
}

// written gives a case's events.
func written(c vector.Case) ([]conversation.Event, error) {
	kinds, err := kinds(c)
	if err != nil {
		return nil, err
	}
	var events []conversation.Event
	wraps := c.List("wraps")
	for i, event := range c.List("events") {
		events = append(events, conversation.Event{Kind: kinds[i], Event: event, Wrap: wraps[i]})
	}
	return events, nil
}

// messages gives what was read.
func messages(outcomes []conversation.Outcome) (bodies, senders [][]byte) {
	for _, o := range outcomes {
		if o.Message != nil {
			bodies, senders = append(bodies, o.Message.Body), append(senders, o.Sender.Device[:])
		}
	}
	return bodies, senders
}

func groupOpening(b Bench, c vector.Case) (Output, error) {
	env, err := member(b, c)
	if err != nil {
		return nil, err
	}
	events, err := written(c)
	if err != nil {
		return nil, err
	}
	next, outcomes := conversation.New(epoch.ConversationID(c.Bytes("conversation"))).Open(env, events)
	if len(outcomes) != len(events) {
		return nil, errEarly
	}
	for _, o := range outcomes[:len(outcomes)-1] {
		if o.Err != nil {
			return nil, errors.Join(errEarly, o.Err)
		}
	}
	last := outcomes[len(outcomes)-1]
	if errors.Is(last.Lost, conversation.ErrGone) {
		last.Lost = nil
	}
	if next.Stopped() != "" {
		last.Err = conversation.ErrCopied
	}
	gone := 0
	if next.Gone() {
		gone = 1
	}
	bodies, senders := messages(outcomes)
	group, _ := next.Group()
	return Output{
		"bodies": bodies, "senders": senders, "log": [32]byte(next.Seen().Log), "name": group.Name, "gone": gone,
	}, causeOf(errors.Join(last.Err, last.Lost))
}

func entering(b Bench, c vector.Case) (Output, error) {
	env, err := member(b, c)
	if err != nil {
		return nil, err
	}
	id := epoch.ConversationID(c.Bytes("conversation"))
	if link := c.Bytes("link"); len(link) > 0 {
		env.LinkSecret = func(asked epoch.ConversationID) (cose.Secret, bool) { return cose.Secret(link), asked == id }
	}
	before, err := hashes(c)
	if err != nil {
		return nil, err
	}
	e := conversation.Event{Kind: epoch.KindCommit, Event: c.Bytes("event"), Wrap: c.Bytes("wrap")}
	entered, out := conversation.Enter(env, id, before, e)
	if err := errors.Join(out.Err, out.Lost); err != nil {
		return nil, causeOf(err)
	}
	events, err := written(c)
	if err != nil {
		return nil, err
	}
	next, outcomes := entered.Open(env, events)
	last := outcomes[len(outcomes)-1]
	bodies, _ := messages(outcomes)
	group, _ := next.Group()
	return Output{
		"position": uint64(out.Position), "name": group.Name, "bodies": bodies, "log": [32]byte(next.Seen().Log),
	}, causeOf(errors.Join(last.Err, last.Lost))
}

// hashes gives the events before the commit by which a case's reader enters.
func hashes(c vector.Case) ([]conversation.EventHash, error) {
	named := vector.Case{Name: c.Name, In: map[string]string{"kinds": c.Text("before-kinds")}}
	kinds, err := kinds(named)
	if err != nil {
		return nil, err
	}
	var before []conversation.EventHash
	for i, hash := range c.List("before-hashes") {
		before = append(before, conversation.EventHash{Kind: kinds[i], Hash: [32]byte(hash)})
	}
	return before, nil
}
