package account_test

import (
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"strings"
	"testing"

	"sotto/wasm/account"
	"sotto/wasm/cose"
	"sotto/wasm/vectors/mangle"
)

// id gives 32 bytes that start with from and go on by step.
func id(from, step byte) account.ID {
	var id account.ID
	for i := range id {
		id[i] = from + byte(i)*step
	}
	return id
}

// The numbers were computed by another program, in another language.
func TestSafetyNumber(t *testing.T) {
	cases := []struct {
		name string
		a, b account.ID
		want string
	}{
		{"up and down", id(0, 1), id(255, 255), "43479 99901 02366 59529 40671 57371 89689 50049 76126 97050 91157 26942"},
		{"zeros and ones", account.ID{}, id(255, 0), "46910 05272 66667 05459 48713 04672 43058 28193 88355 74856 15633 70661"},
		{"two names", sha256.Sum256([]byte("alice")), sha256.Sum256([]byte("bob")), "31080 38720 63706 96598 71237 82783 47027 18964 03897 31884 36358 34981"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			if got := account.SafetyNumber(c.a, c.b); got != c.want {
				t.Errorf("%s, want %s", got, c.want)
			}
			if account.SafetyNumber(c.a, c.b) != account.SafetyNumber(c.b, c.a) {
				t.Error("both sides see different numbers")
			}
			other := c.b
			other[31] ^= 1
			if account.SafetyNumber(c.a, other) == c.want {
				t.Error("another account has the same number")
			}
		})
	}
}

const codeText = "sotto:1:goJYIAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4fggBYIAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4fglgg__79_Pv6-fj39vX08_Lx8O_u7ezr6uno5-bl5OPi4eCCGQEsWCAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"

func TestCode(t *testing.T) {
	low := account.CodeSide{Account: id(0, 1), Head: account.Head{Hash: [32]byte(id(0, 1))}}
	high := account.CodeSide{Account: id(255, 255), Head: account.Head{Number: 300}}
	for _, c := range []account.Code{account.NewCode(low, high), account.NewCode(high, low)} {
		if c.Text() != codeText {
			t.Errorf("%s, want %s", c.Text(), codeText)
		}
	}
	c, err := account.ParseCode(codeText)
	if err != nil || c != account.NewCode(low, high) {
		t.Errorf("%v, %v", c, err)
	}
}

func TestParseCodeRefuses(t *testing.T) {
	low, high := account.CodeSide{Account: id(0, 1)}, account.CodeSide{Account: id(255, 255)}
	encode := func(v any) string { return "sotto:1:" + base64.RawURLEncoding.EncodeToString(cose.Marshal(v)) }
	loose := codeText[:len(codeText)-1] + "B" // bits behind the last byte
	cases := []struct{ name, text string }{
		{"empty", ""},
		{"prefix alone", "sotto:1:"},
		{"another version", strings.Replace(codeText, "sotto:1:", "sotto:2:", 1)},
		{"prefix in capitals", strings.Replace(codeText, "sotto", "SOTTO", 1)},
		{"blank behind", codeText + " "},
		{"line break inside", codeText[:50] + "\n" + codeText[50:]},
		{"padding", codeText + "="},
		{"alphabet of plain base64", strings.NewReplacer("-", "+", "_", "/").Replace(codeText)},
		{"loose bits", loose},
		{"cut", codeText[:len(codeText)-4]},
		{"longer", codeText + "AAAA"},
		{"sides exchanged", encode(account.Code{Low: high, High: low})},
		{"one account twice", encode(account.Code{Low: low, High: low})},
		{"one side", encode([]any{low})},
		{"three sides", encode([]any{low, high, high})},
		{"long", "sotto:1:" + strings.Repeat("A", 4000)},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			_, err := account.ParseCode(c.text)
			refused(t, c.name, err, account.ErrCode)
		})
	}
	for _, v := range mangle.Encodings(cose.Marshal(account.NewCode(low, high))) {
		_, err := account.ParseCode("sotto:1:" + base64.RawURLEncoding.EncodeToString(v.Bytes))
		refused(t, v.Name, err, account.ErrCode)
	}
}

func TestHandle(t *testing.T) {
	for _, s := range []string{"a", "0", "alice", "a.b", "a_b", "a-b", "a--b", "0.0", strings.Repeat("z", 32)} {
		if h, err := account.ParseHandle(s); err != nil || string(h) != s {
			t.Errorf("%q: %v", s, err)
		}
	}
	wrong := []string{
		"", ".a", "a.", "_a", "a_", "-a", "a-", "Alice", "alice ", " alice", "al ice", "alicé", "аlice", "a@b", "a/b", "a#b",
		"a\x00b", "a\nb", "a\u200bb", "alice\xff", "@alice", strings.Repeat("z", 33),
	}
	for _, s := range wrong {
		h, err := account.ParseHandle(s)
		refused(t, fmt.Sprintf("%q", s), err, account.ErrHandle)
		if h != "" {
			t.Errorf("%q gives %q", s, h)
		}
	}
}
