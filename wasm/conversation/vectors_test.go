package conversation_test

import (
	"encoding/hex"
	"errors"
	"fmt"
	"strings"
	"testing"

	"sotto/wasm/account"
	"sotto/wasm/conversation"
	"sotto/wasm/cose"
	"sotto/wasm/epoch"
	"sotto/wasm/kem"
	"sotto/wasm/vectors/keys"
	"sotto/wasm/vectors/table"
)

// cases gives the vectors of an object that only this package can judge.
func cases(t *testing.T, object string) []table.Case {
	t.Helper()
	f, err := table.Load(object)
	must(t, err)
	if len(f.Cases) == 0 {
		t.Fatal("no vectors")
	}
	return f.Cases
}

// compare checks what came out of an accepted case.
func compare(t *testing.T, c table.Case, got map[string]string) {
	t.Helper()
	for name, want := range c.Out {
		if got[name] != want {
			t.Errorf("%s: %s is %s, want %s", c.Name, name, got[name], want)
		}
	}
}

func hexOf[A ~[32]byte](a A) string { b := [32]byte(a); return hex.EncodeToString(b[:]) }

func TestScheduleVectors(t *testing.T) {
	for _, c := range cases(t, "schedule") {
		header, device := [32]byte(c.Bytes("header-hash")), account.DeviceID(c.Bytes("device"))
		joiner := conversation.DeriveJoiner(cose.Secret(c.Bytes("init")), cose.Secret(c.Bytes("epoch-secret")))
		key := conversation.DeriveEpochKey(joiner, header)
		chain := conversation.DeriveChain(key, device)
		got := map[string]string{
			"joiner": hexOf(joiner), "epoch-key": hexOf(key), "init": hexOf(conversation.DeriveInit(key)),
			"confirm": hexOf(conversation.DeriveConfirm(key, header)), "chain-0": hexOf(chain), "signal": hexOf(conversation.DeriveSignal(key, device)),
		}
		for g := range 3 {
			got[fmt.Sprint("message-", g)] = hexOf(conversation.DeriveMessage(chain))
			chain = conversation.DeriveNext(chain)
		}
		compare(t, c, got)
	}
}

func TestWrapVectors(t *testing.T) {
	for _, c := range cases(t, "wrap") {
		holder, err := kem.NewPrivateKey(c.Bytes("seed"), keys.Person(c.Text("holder")).Decrypter())
		must(t, err)
		env := conversation.Env{Primitives: cose.Native{}}
		header, device := [32]byte(c.Bytes("header-hash")), account.DeviceID(c.Bytes("device"))
		content, secret, err := conversation.OpenWrap(env, holder, header, device, c.Bytes("bytes"))
		if link := c.Bytes("link"); len(link) > 0 {
			content, secret, err = conversation.OpenAdmittedWrap(env, holder, header, device, cose.Secret(link), c.Bytes("bytes"))
		}
		if c.Outcome != table.OK {
			refusedError(t, err, conversation.ErrWrapUnusable, conversation.CauseWrapUnusable)
			continue
		}
		must(t, err)
		shared := cose.Secret(octets(t, c.Out["kem-secret"]))
		if link := c.Bytes("link"); len(link) > 0 {
			shared = conversation.DeriveAdmitted(cose.Secret(link), shared)
		}
		compare(t, c, map[string]string{
			"content": fmt.Sprint(content), "secret": hexOf(secret),
			"kem-secret": c.Out["kem-secret"], "kek": hexOf(conversation.DeriveKEK(shared, header, device)),
		})
	}
}

func octets(t *testing.T, text string) []byte {
	t.Helper()
	b, err := hex.DecodeString(text)
	must(t, err)
	return b
}

func TestRoomLinkVectors(t *testing.T) {
	for _, c := range cases(t, "room-link") {
		secret := cose.Secret(c.Bytes("secret"))
		compare(t, c, map[string]string{
			"id": fmt.Sprintf("%x", conversation.LinkIDOf(secret)), "tag": hexOf(conversation.JoinTag(secret, [32]byte(c.Bytes("request")))),
			"aid-admitted": hexOf(conversation.DeriveAdmitted(secret, cose.Secret(c.Bytes("kem-secret")))),
		})
	}
}

func TestGroupStateVectors(t *testing.T) {
	env := conversation.Env{Primitives: cose.Native{}}
	for _, c := range cases(t, "group-state") {
		joiner := cose.Secret(c.Bytes("joiner"))
		g, err := conversation.OpenGroup(env, joiner, epoch.Room{State: [32]byte(c.Bytes("state")), Sealed: c.Bytes("bytes")})
		if c.Outcome != table.OK {
			want := map[string]error{"malformed": cose.ErrMalformed, "type": cose.ErrType, "decrypt": cose.ErrDecrypt}[c.Outcome]
			if want == nil || !errors.Is(err, want) {
				t.Errorf("%s: %v, want %s", c.Name, err, c.Outcome)
			}
			continue
		}
		must(t, err)
		var ids, secrets []string
		for _, l := range g.Links {
			ids, secrets = append(ids, hex.EncodeToString(l.ID[:])), append(secrets, hexOf(l.Secret))
		}
		compare(t, c, map[string]string{
			"salt": hex.EncodeToString(g.Salt[:]), "name": g.Name, "links": strings.Join(ids, " "), "secrets": strings.Join(secrets, " "),
			"state-key": hexOf(conversation.DeriveState(joiner)),
		})
	}
}

func TestPaddingVectors(t *testing.T) {
	for _, c := range cases(t, "padding") {
		object, err := conversation.Unpad(c.Bytes("bytes"))
		if c.Outcome != table.OK {
			refusedError(t, err, conversation.ErrPadding, conversation.CauseMalformed)
			continue
		}
		must(t, err)
		compare(t, c, map[string]string{"object": hex.EncodeToString(object)})
		if got := hex.EncodeToString(conversation.Pad(object)); got != c.In["bytes"] {
			t.Errorf("%s: padded otherwise", c.Name)
		}
	}
}
