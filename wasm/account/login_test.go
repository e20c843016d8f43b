package account_test

import (
	"bytes"
	"crypto/rand"
	"testing"

	"sotto/wasm/account"
	"sotto/wasm/cose"
	"sotto/wasm/vectors/mangle"
)

const origin = "https://chat.example.org"

func login(t testing.TB, change func(*account.Login)) []byte {
	t.Helper()
	alice, _, _, _ := people(t)
	l := account.Login{Origin: origin, Nonce: [32]byte{1, 2, 3}, Account: id(0, 1), Device: alice.id}
	change(&l)
	data, err := account.SignLogin(rand.Reader, alice.key, l)
	must(t, err)
	return data
}

func TestLogin(t *testing.T) {
	alice, _, _, _ := people(t)
	data := login(t, func(*account.Login) {})
	l, err := account.ParseLogin(data)
	must(t, err)
	must(t, l.Verify(cose.Native{}, alice.public, origin, [32]byte{1, 2, 3}))
	if l.Account != id(0, 1) || l.Device != alice.id {
		t.Errorf("login of %s, %s", l.Account, l.Device)
	}
	account0 := id(0, 1)
	nonce := [32]byte{1, 2, 3}
	want := cose.Marshal([]any{"login", origin, nonce[:], account0[:], alice.id[:]})
	if got := payloadOf(t, data, account.TypeLogin); !bytes.Equal(got, want) {
		t.Errorf("payload %x, want %x", got, want)
	}
}

func TestLoginRefuses(t *testing.T) {
	alice, bob, _, _ := people(t)
	cases := []struct {
		name   string
		change func(*account.Login)
		key    cose.RSAKey
		want   error
	}{
		{"another origin", func(l *account.Login) { l.Origin = "https://evil.example.org" }, alice.public, account.ErrOrigin},
		{"origin with another scheme", func(l *account.Login) { l.Origin = "http://chat.example.org" }, alice.public, account.ErrOrigin},
		{"origin with another port", func(l *account.Login) { l.Origin = origin + ":8443" }, alice.public, account.ErrOrigin},
		{"origin with a slash", func(l *account.Login) { l.Origin = origin + "/" }, alice.public, account.ErrOrigin},
		{"origin in capitals", func(l *account.Login) { l.Origin = "https://Chat.example.org" }, alice.public, account.ErrOrigin},
		{"no origin", func(l *account.Login) { l.Origin = "" }, alice.public, account.ErrOrigin},
		{"old nonce", func(l *account.Login) { l.Nonce[31] ^= 1 }, alice.public, account.ErrNonce},
		{"no nonce", func(l *account.Login) { l.Nonce = [32]byte{} }, alice.public, account.ErrNonce},
		{"another device's key", func(*account.Login) {}, bob.public, cose.ErrSignature},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			l, err := account.ParseLogin(login(t, c.change))
			must(t, err)
			refused(t, c.name, l.Verify(cose.Native{}, c.key, origin, [32]byte{1, 2, 3}), c.want)
		})
	}
}

func TestParseLoginRefuses(t *testing.T) {
	alice, bob, _, _ := people(t)
	self := id(0, 1)
	nonce := make([]byte, 32)
	payload := func(purpose, origin, nonce, account, device any) []byte {
		return cose.Marshal([]any{purpose, origin, nonce, account, device})
	}
	cases := []struct {
		name string
		data []byte
		want error
	}{
		{"another purpose", unsigned(alice, account.TypeLogin, payload("logout", origin, nonce, self[:], alice.id[:])), cose.ErrMalformed},
		{"no purpose", unsigned(alice, account.TypeLogin, payload("", origin, nonce, self[:], alice.id[:])), cose.ErrMalformed},
		{"signed by another device", unsigned(bob, account.TypeLogin, payload("login", origin, nonce, self[:], alice.id[:])), cose.ErrMalformed},
		{"nonce of 16 bytes", unsigned(alice, account.TypeLogin, payload("login", origin, nonce[:16], self[:], alice.id[:])), cose.ErrMalformed},
		{"origin as bytes", unsigned(alice, account.TypeLogin, payload("login", []byte(origin), nonce, self[:], alice.id[:])), cose.ErrMalformed},
		{"another type", unsigned(alice, account.TypePrekey, payload("login", origin, nonce, self[:], alice.id[:])), cose.ErrType},
		{"too large", unsigned(alice, account.TypeLogin, payload("login", string(make([]byte, account.MaxLoginBytes)), nonce, self[:], alice.id[:])), cose.ErrTooLarge},
		{"empty", nil, cose.ErrMalformed},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			_, err := account.ParseLogin(c.data)
			refused(t, c.name, err, c.want)
		})
	}
	data := login(t, func(*account.Login) {})
	for _, v := range mangle.Encodings(data) {
		_, err := account.ParseLogin(v.Bytes)
		refused(t, v.Name, err, cose.ErrMalformed)
	}
	for _, v := range mangle.Encodings(payloadOf(t, data, account.TypeLogin)) {
		_, err := account.ParseLogin(unsigned(alice, account.TypeLogin, v.Bytes))
		refused(t, "payload "+v.Name, err, cose.ErrMalformed)
	}
}

func TestLoginAlteredBytes(t *testing.T) {
	alice, _, _, _ := people(t)
	data := login(t, func(*account.Login) {})
	for i := 0; i < len(data); i += stride() {
		altered := bytes.Clone(data)
		altered[i] ^= 1
		l, err := account.ParseLogin(altered)
		if err == nil {
			err = l.Verify(cose.Native{}, alice.public, origin, [32]byte{1, 2, 3})
		}
		if err == nil {
			t.Errorf("byte %d altered and accepted", i)
		}
	}
}
