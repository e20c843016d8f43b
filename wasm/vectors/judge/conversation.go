package judge

import (
	"crypto/rand"
	"errors"
	"fmt"
	"strings"

	"sotto/wasm/account"
	"sotto/wasm/conversation"
	"sotto/wasm/cose"
	"sotto/wasm/epoch"
	"sotto/wasm/kem"
	"sotto/wasm/vectors/keys"
	"sotto/wasm/vectors/vector"
)

func body(_ Bench, c vector.Case) (Output, error) {
	b, err := conversation.ParseBody(c.Bytes("bytes"))
	var mentions []string
	for _, m := range b.Mentions {
		mentions = append(mentions, fmt.Sprintf("%x:%d:%d", m.Account[:], m.Start, m.Length))
	}
	return Output{
		"time": b.Time, "text": b.Text, "target": uint64(b.Target), "mentions": strings.Join(mentions, " "), "emoji": b.Emoji, "on": b.On,
	}, err
}

// environment is the reader's of a case: it signs nothing.
func environment(b Bench, c vector.Case) (conversation.Env, error) {
	chains, err := people(b, c)
	if err != nil {
		return conversation.Env{}, err
	}
	env, err := own(b, c)
	env.Chains = func(id account.ID) (*account.Chain, bool) { chain, ok := chains[id]; return chain, ok }
	return env, err
}

// own has what a reader has of itself.
func own(b Bench, c vector.Case) (conversation.Env, error) {
	signer := keys.Person(c.Text("reader")).Signer()
	public, err := cose.NewRSAKey(&signer.PublicKey)
	if err != nil {
		return conversation.Env{}, err
	}
	key, err := holder(b, c.Text("reader"), c.Bytes("seed"))
	if err != nil {
		return conversation.Env{}, err
	}
	thumbprint := key.Public().Thumbprint()
	return conversation.Env{
		Device: account.DeviceID(public.Thumbprint()), Random: rand.Reader, Primitives: b.Primitives,
		Prekey: func(t cose.Thumbprint) (*kem.PrivateKey, uint64, bool) {
			return key, c.Number("expiry"), t == thumbprint
		},
	}, nil
}

var errEarly = errors.New("an event before the last was refused")

// open shows the reader a case's log.
func open(b Bench, c vector.Case) (conversation.Env, *conversation.Conversation, []conversation.Outcome, error) {
	env, err := environment(b, c)
	if err != nil {
		return env, nil, nil, err
	}
	kinds, err := kinds(c)
	if err != nil {
		return env, nil, nil, err
	}
	alice, errAlice := account.ParseChain(b.Primitives, c.List("alice"))
	bob, errBob := account.ParseChain(b.Primitives, c.List("bob"))
	if err := errors.Join(errAlice, errBob); err != nil {
		return env, nil, nil, err
	}
	var events []conversation.Event
	wraps := c.List("wraps")
	for i, event := range c.List("events") {
		events = append(events, conversation.Event{Kind: kinds[i], Event: event, Wrap: wraps[i]})
	}
	next, outcomes := conversation.New(epoch.DirectID(alice.ID(), bob.ID())).Open(env, events)
	for _, o := range outcomes[:len(outcomes)-1] {
		if err := errors.Join(o.Err, o.Lost); err != nil {
			return env, nil, nil, errors.Join(errEarly, err)
		}
	}
	last := outcomes[len(outcomes)-1]
	return env, next, outcomes, causeOf(errors.Join(last.Err, last.Lost))
}

func opening(b Bench, c vector.Case) (Output, error) {
	_, opened, outcomes, err := open(b, c)
	if err != nil {
		return nil, err
	}
	var bodies, clients, senders [][]byte
	for _, o := range outcomes {
		if o.Message != nil {
			bodies = append(bodies, o.Message.Body)
			clients = append(clients, o.Message.ClientID[:])
			senders = append(senders, o.Sender.Device[:])
		}
	}
	return Output{"bodies": bodies, "clients": clients, "senders": senders, "log": [32]byte(opened.Seen().Log)}, nil
}

func receipt(b Bench, c vector.Case) (Output, error) {
	env, opened, _, err := open(b, c)
	if err != nil {
		return nil, err
	}
	_, r, err := opened.OpenReceipt(env, c.Bytes("signal"))
	return Output{
		"sender": [32]byte(r.Sender.Device), "delivered": uint64(r.Delivered), "read": uint64(r.Read), "seen-position": uint64(r.Seen.Position),
	}, causeOf(err)
}

func activity(b Bench, c vector.Case) (Output, error) {
	env, opened, _, err := open(b, c)
	if err != nil {
		return nil, err
	}
	a, err := opened.OpenActivity(env, c.Bytes("signal"))
	if errors.Is(err, conversation.ErrNewer) {
		return nil, err
	}
	return Output{"sender": [32]byte(a.Sender.Device), "time": a.Time, "kind": uint64(a.Kind), "on": a.On}, causeOf(err)
}
