package account_test

import (
	"testing"

	"sotto/wasm/account"
	"sotto/wasm/cose"
	"sotto/wasm/vectors/mangle"
	"sotto/wasm/vectors/seed"
	"sotto/wasm/vectors/table"
)

// canonical checks that what was accepted is the one right encoding.
func canonical(t *testing.T, data []byte) {
	t.Helper()
	if mangle.Canonical(data) != nil {
		t.Errorf("%x is accepted and is not the one encoding", data)
	}
}

func FuzzChain(f *testing.F) {
	seed.Add(f, "chain", "links")
	alice, bob, _, _ := people(f)
	h := newHistory(f, alice)
	h.append(h.adding(alice, bob))
	f.Fuzz(func(t *testing.T, data []byte) {
		if _, err := account.ParseChain(cose.Native{}, [][]byte{data}); err == nil {
			canonical(t, data)
		}
		if c, err := h.chain.Append(cose.Native{}, data); err == nil {
			t.Errorf("a link that nobody signed was accepted: %v", c.Head())
		}
	})
}

// FuzzLinkPayload signs whatever comes: what is accepted of an account's own device is still in order.
func FuzzLinkPayload(f *testing.F) {
	file, err := table.Load("chain")
	must(f, err)
	for _, c := range file.Cases {
		for _, link := range c.List("links") {
			if s, err := cose.ParseSign1(link, account.TypeLink, account.MaxLinkBytes); err == nil {
				f.Add(s.Payload)
			}
		}
	}
	alice, _, _, _ := people(f)
	h := newHistory(f, alice)
	f.Fuzz(func(t *testing.T, data []byte) {
		link := sign(t, alice, account.TypeLink, data)
		if _, err := account.ParseChain(cose.Native{}, [][]byte{link}); err == nil {
			canonical(t, data)
		}
		if c, err := h.chain.Append(cose.Native{}, link); err == nil {
			canonical(t, data)
			if c.Head().Number != 1 || c.ID() != h.chain.ID() {
				t.Errorf("head %v", c.Head())
			}
		}
	})
}

func FuzzParsePrekey(f *testing.F) {
	seed.Add(f, "prekey", "bytes")
	f.Fuzz(func(t *testing.T, data []byte) {
		if k, err := account.ParsePrekey(data); err == nil {
			canonical(t, data)
			_ = k.Thumbprint()
		}
	})
}

func FuzzParseLogin(f *testing.F) {
	seed.Add(f, "login", "bytes")
	f.Fuzz(func(t *testing.T, data []byte) {
		if _, err := account.ParseLogin(data); err == nil {
			canonical(t, data)
		}
	})
}

func FuzzParseCode(f *testing.F) {
	file, err := table.Load("code")
	must(f, err)
	for _, c := range file.Cases {
		f.Add(c.Text("text"))
	}
	f.Fuzz(func(t *testing.T, text string) {
		if c, err := account.ParseCode(text); err == nil && c.Text() != text {
			t.Errorf("%q is written otherwise again", text)
		}
	})
}

func FuzzParseHandle(f *testing.F) {
	file, err := table.Load("handle")
	must(f, err)
	for _, c := range file.Cases {
		f.Add(c.Text("text"))
	}
	f.Fuzz(func(t *testing.T, text string) {
		h, err := account.ParseHandle(text)
		if err == nil && (string(h) != text || len(text) > account.MaxHandle) {
			t.Errorf("%q gives %q", text, h)
		}
	})
}
