package conversation_test

import (
	"bytes"
	"crypto"
	"crypto/rand"
	"encoding/hex"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"

	"sotto/wasm/conversation"
	"sotto/wasm/cose"
	"sotto/wasm/epoch"
	"sotto/wasm/vectors/mangle"
)

// secretsIn gives every 32 bytes in a stored state that could be a secret.
func secretsIn(state []byte) []cose.Secret {
	var found []cose.Secret
	for i := 0; i+34 <= len(state); i++ {
		if state[i] == 0x58 && state[i+1] == 32 { // the head of a byte string of 32
			found = append(found, cose.Secret(state[i+2:i+34]))
		}
	}
	return found
}

// derivable looks for a secret among what can be derived from others: along chains, and by each label.
func derivable(t *testing.T, from []cose.Secret, w *world, want cose.Secret) bool {
	t.Helper()
	header := w.a.c.Header().Hash()
	for _, s := range from {
		candidates := []cose.Secret{s, conversation.DeriveInit(s), conversation.DeriveEpochKey(s, header)}
		for _, p := range []*party{w.a, w.b} {
			candidates = append(candidates, conversation.DeriveChain(s, p.env.Device), conversation.DeriveSignal(s, p.env.Device),
				conversation.DeriveChain(conversation.DeriveEpochKey(s, header), p.env.Device))
		}
		for _, other := range from {
			joiner := conversation.DeriveJoiner(s, other)
			candidates = append(candidates, joiner, conversation.DeriveEpochKey(joiner, header))
		}
		for _, c := range candidates {
			for range 8 {
				if c.Equal(want) || conversation.DeriveMessage(c).Equal(want) {
					return true
				}
				c = conversation.DeriveNext(c)
			}
		}
	}
	return false
}

// TestForwardSecrecy takes a state after messages were opened: the keys of those are nowhere in it and follow from
// nothing in it.
func TestForwardSecrecy(t *testing.T) {
	w := openWorld(t)
	chain, _ := w.b.c.ChainOf(w.a.index())
	used := conversation.DeriveMessage(chain)
	if !derivable(t, secretsIn(w.b.c.Encode()), w, used) {
		t.Fatal("the key of a message to come is not found: the search finds nothing")
	}
	w.send(w.a, "secret")
	if !derivable(t, secretsIn(w.a.c.Encode()), w, used) {
		t.Error("the sender has forgotten the key of what is on its way, and cannot tell a copy from a forgery")
	}
	w.syncAll()
	for _, p := range []*party{w.a, w.b} {
		if derivable(t, secretsIn(p.c.Encode()), w, used) {
			t.Errorf("%s can still open what it has read", p.name)
		}
	}
}

// TestEpochSecretsAreGone looks for what an epoch was made of, once it is open.
func TestEpochSecretsAreGone(t *testing.T) {
	w := openWorld(t)
	before := w.a.c.InitSecret()
	firstChain, _ := w.b.c.ChainOf(w.a.index())
	f := w.newForgedCommit(w.a)
	must(t, w.b.show(f.stored())[0].Err)
	joiner := conversation.DeriveJoiner(before, f.secret)
	epochKey := conversation.DeriveEpochKey(joiner, f.header.Hash())
	left := secretsIn(w.b.c.Encode())
	for name, secret := range map[string]cose.Secret{
		"epoch secret": f.secret, "joiner": joiner, "epoch key": epochKey, "init of the epoch before": before,
		"chain of the epoch before": firstChain, "message key of the epoch before": conversation.DeriveMessage(firstChain),
	} {
		for _, s := range left {
			if s.Equal(secret) {
				t.Errorf("the %s is still there", name)
			}
		}
	}
	if init := w.b.c.InitSecret(); !init.Equal(conversation.DeriveInit(epochKey)) {
		t.Error("init is another")
	}
}

func TestPrintsNothing(t *testing.T) {
	w := openWorld(t)
	w.seal(w.a, "on its way")
	secrets := secretsIn(w.a.c.Encode())
	pending, _ := w.a.c.Pending()
	commit := w.b.copied()
	w.prepare(commit)
	pendingCommit, _ := commit.c.PendingCommit()
	secrets = append(secrets, pendingCommit.Joiner)
	holders := map[string]any{
		"pointer": w.a.c, "value": *w.a.c, "in a struct": struct{ C *conversation.Conversation }{w.a.c}, "env": w.a.env,
		"pending commit": pendingCommit, "pending": pending,
	}
	d := w.a.name.Signer().D.String()
	for name, holder := range holders {
		for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%x", "%X", "%q", "%d"} {
			printed := fmt.Sprintf(verb, holder)
			if strings.Contains(printed, d) || strings.Contains(strings.ToLower(printed), fmt.Sprintf("%x", w.a.name.Signer().D)) {
				t.Errorf("%s with %s shows the signing key", name, verb)
			}
			for _, s := range secrets {
				if isPublic(w, s) {
					continue
				}
				for _, form := range []string{hex.EncodeToString(s[:4]), fmt.Sprint(s[0], " ", s[1], " ", s[2], " ", s[3])} {
					if strings.Contains(strings.ToLower(printed), strings.TrimSpace(form)) {
						t.Errorf("%s with %s shows a secret", name, verb)
					}
				}
			}
		}
	}
	if got := fmt.Sprint(w.a.c); got != fmt.Sprintf("[conversation %s at 1]", w.id) {
		t.Errorf("%s", got)
	}
}

// isPublic says whether 32 bytes of a state are a name or a hash that everyone may see.
func isPublic(w *world, s cose.Secret) bool {
	known := bytes.Join([][]byte{w.a.c.Header().Bytes(), w.log[0].event}, nil)
	id, l := w.a.c.EpochID(), w.a.c.LogAt(1)
	pending, _ := w.a.c.Pending()
	known = bytes.Join([][]byte{known, id[:], l[:], pending.Event}, nil)
	return bytes.Contains(known, s[:])
}

func TestDecodeRefuses(t *testing.T) {
	w := openWorld(t)
	w.seal(w.a, "x")
	for name, state := range map[string][]byte{"new": conversation.New(w.id).Encode(), "open": w.b.c.Encode(), "sealing": w.a.c.Encode()} {
		if _, err := conversation.Decode(state); err != nil {
			t.Fatal(err)
		}
		for _, v := range mangle.Encodings(state) {
			c, err := conversation.Decode(v.Bytes)
			if err == nil && !bytes.Equal(c.Encode(), v.Bytes) {
				t.Errorf("%s, %s: read as something else", name, v.Name)
			}
			if err == nil { // what is one more or fewer of a list, or another number
				usable(w, c)
			}
		}
		for i := range state {
			if c, err := conversation.Decode(flip(state, i)); err == nil {
				usable(w, c)
			}
		}
	}
}

// usable does everything with a state that was read: it may fail, and must not panic.
func usable(w *world, c *conversation.Conversation) {
	env := w.b.env
	env.Signer = zeros{env.Signer}
	event := conversation.Event{Kind: epoch.KindMessage, Event: []byte("x")}
	next, _ := c.Open(w.b.env, []conversation.Event{event})
	_ = next.Seen()
	_, _ = c.Pending()
	_, _ = c.PendingCommit()
	_, _ = c.Group()
	_, _ = c.PendingLeave()
	_, _, _ = c.Leave(env)
	_, _, _ = c.Seal(env, conversation.ClientID{}, conversation.Text{Text: "x"}.Encode())
	_, _ = c.Open(w.b.env, []conversation.Event{{Kind: epoch.KindLeave, Event: []byte("x")}, {Kind: epoch.KindCommit, Event: w.log[0].event}})
	_ = c.Resume().GiveUp().DropCommit().DropLeave().Encode()
}

// zeros signs nothing, at once.
type zeros struct{ crypto.Signer }

func (zeros) Sign(io.Reader, []byte, crypto.SignerOpts) ([]byte, error) {
	return make([]byte, cose.SignatureSize), nil
}

// TestDecodeRefusesStates changes one element of a state that is otherwise right.
func TestDecodeRefusesStates(t *testing.T) {
	w := openWorld(t)
	other := worldOf(t, "carol", "dave")
	other.commit(other.a)
	other.syncAll()
	const header, opened, position, logBase, logs, own, senders, keys, commit = 2, 4, 5, 6, 7, 9, 10, 12, 13
	pending := w.b.copied()
	w.prepare(pending)
	dropped := w.b.copied()
	w.prepare(dropped)
	dropped.keep(dropped.c.DropCommit())
	var before []cose.Raw
	must(t, cose.Unmarshal(elements(t, dropped.c.Encode())[commit], &before, 1<<20))
	var commits []cose.Raw
	must(t, cose.Unmarshal(elements(t, pending.c.Encode())[commit], &commits, 1<<20))
	cases := []struct {
		name    string
		element int
		value   any
	}{
		{"header of another conversation", header, other.a.c.Header().Bytes()},
		{"no header but senders", header, []byte{}},
		{"a header that is none", header, []byte{1}},
		{"opened after the last event", opened, 9},
		{"opened before what is kept", opened, 0},
		{"position beyond the log", position, 9},
		{"position before the log", position, 0},
		{"position beyond all", position, uint64(1<<64 - 1)},
		{"log from the future", logBase, 2},
		{"no log", logs, []byte{}},
		{"half a log", logs, make([]byte, 16)},
		{"too much log", logs, make([]byte, 64)},
		{"own slot that is not there", own, 2},
		{"no senders", senders, []any{}},
		{"a key of nothing", keys, []any{make([]byte, 32)}},
		{"two commits", commit, []any{commits[0], commits[0]}},
		{"ten dropped commits", commit, slices.Repeat([]any{before[0]}, 10)},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			list := elements(t, w.b.c.Encode())
			list[c.element] = cose.Marshal(c.value)
			if _, err := conversation.Decode(cose.Marshal(list)); err == nil {
				t.Error("read")
			}
		})
	}
	const left, group, leave = 17, 20, 21
	for name, change := range map[string]func([]cose.Raw){
		"who left nothing":         func(l []cose.Raw) { l[left] = cose.Marshal([]any{make([]byte, 32)}) },
		"a group that is not open": func(l []cose.Raw) { l[group] = cose.Marshal([]byte{1}) },
		"leaving nothing":          func(l []cose.Raw) { l[leave] = cose.Marshal([]byte{1}) },
	} {
		list := elements(t, conversation.New(w.id).Encode())
		change(list)
		if _, err := conversation.Decode(cose.Marshal(list)); err == nil {
			t.Errorf("%s: read", name)
		}
	}
	list := elements(t, conversation.New(w.id).Encode())
	list[position], list[logs] = cose.Marshal(uint64(1<<64-1)), cose.Marshal([]byte{})
	if _, err := conversation.Decode(cose.Marshal(list)); err == nil {
		t.Error("a state whose position and log are both nothing was read")
	}
}

// elements gives the parts of a stored state.
func elements(t testing.TB, state []byte) []cose.Raw {
	t.Helper()
	var list []cose.Raw
	must(t, cose.Unmarshal(state, &list, 1<<20))
	return list
}

func TestStateOfAnotherVersion(t *testing.T) {
	state := conversation.New(epoch.ConversationID{}).Encode()
	state[1] = 1 // the version, first in the array
	if _, err := conversation.Decode(state); err == nil {
		t.Error("a state of another version was read")
	}
}

func TestSealFails(t *testing.T) {
	w := openWorld(t)
	w.a.env.Random = strings.NewReader("")
	if _, _, err := w.a.c.Seal(w.a.env, conversation.ClientID{}, conversation.Text{Text: "x"}.Encode()); err == nil {
		t.Error("sealed without randomness")
	}
	if _, err := w.a.c.Commit(w.a.env, w.plan()); err == nil {
		t.Error("committed without randomness")
	}
	w.a.env.Random = rand.Reader
}
