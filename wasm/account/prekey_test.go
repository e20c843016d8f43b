package account_test

import (
	"bytes"
	"crypto/rand"
	"encoding/hex"
	"testing"

	"sotto/wasm/account"
	"sotto/wasm/cose"
	"sotto/wasm/kem"
	"sotto/wasm/vectors/keys"
	"sotto/wasm/vectors/mangle"
)

const expiry = now + 90*24*3600

func compositeKey(t testing.TB, p keys.Person) kem.PublicKey {
	t.Helper()
	key, err := kem.NewPrivateKey(p.Seed(), p.Decrypter())
	must(t, err)
	return key.Public()
}

// prekey gives alice's prekey and its signed form.
func prekey(t testing.TB) (account.Prekey, []byte) {
	t.Helper()
	alice, _, _, _ := people(t)
	k := account.Prekey{Account: id(0, 1), Device: alice.id, Counter: 7, Expiry: expiry, Key: compositeKey(t, keys.Alice)}
	data, err := account.SignPrekey(rand.Reader, alice.key, k)
	must(t, err)
	return k, data
}

func TestPrekey(t *testing.T) {
	alice, _, _, _ := people(t)
	want, data := prekey(t)
	k, err := account.ParsePrekey(data)
	must(t, err)
	must(t, k.Verify(cose.Native{}, alice.public))
	if k.Account != want.Account || k.Device != want.Device || k.Counter != 7 || k.Expiry != expiry || k.Thumbprint() != want.Key.Thumbprint() {
		t.Errorf("parsed %s %s %d %d", k.Account, k.Device, k.Counter, k.Expiry)
	}
	payload := cose.Marshal([]any{want.Account[:], want.Device[:], 7, expiry, cose.Raw(want.Key.COSE())})
	if got := payloadOf(t, data, account.TypePrekey); !bytes.Equal(got, payload) {
		t.Errorf("payload %x, want %x", got, payload)
	}
}

func TestPrekeyRefuses(t *testing.T) {
	alice, bob, _, _ := people(t)
	k, data := prekey(t)
	payload := func(account, device, counter, expiry, key any) []byte {
		return cose.Marshal([]any{account, device, counter, expiry, key})
	}
	good := cose.Raw(k.Key.COSE())
	rsaKey := cose.Raw(alice.public.Bytes())
	cases := []struct {
		name string
		data []byte
		want error
	}{
		{"counter 0", unsigned(alice, account.TypePrekey, payload(k.Account[:], alice.id[:], 0, expiry, good)), cose.ErrMalformed},
		{"in another device's name", unsigned(bob, account.TypePrekey, payload(k.Account[:], alice.id[:], 1, expiry, good)), cose.ErrMalformed},
		{"account of 31 bytes", unsigned(alice, account.TypePrekey, payload(k.Account[1:], alice.id[:], 1, expiry, good)), cose.ErrMalformed},
		{"an RSA key alone", unsigned(alice, account.TypePrekey, payload(k.Account[:], alice.id[:], 1, expiry, rsaKey)), cose.ErrMalformed},
		{"no key", unsigned(alice, account.TypePrekey, payload(k.Account[:], alice.id[:], 1, expiry, nil)), cose.ErrMalformed},
		{"key as bytes", unsigned(alice, account.TypePrekey, payload(k.Account[:], alice.id[:], 1, expiry, []byte(good))), cose.ErrMalformed},
		{"key that is not reduced", unsigned(alice, account.TypePrekey, payload(k.Account[:], alice.id[:], 1, expiry, unreduced(k.Key))), kem.ErrKey},
		{"another type", unsigned(alice, account.TypeLogin, payload(k.Account[:], alice.id[:], 1, expiry, good)), cose.ErrType},
		{"a link", newHistory(t, alice).links[0], cose.ErrType},
		{"too large", append(bytes.Clone(data), make([]byte, account.MaxPrekeyBytes)...), cose.ErrTooLarge},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			_, err := account.ParsePrekey(c.data)
			refused(t, c.name, err, c.want)
		})
	}
	parsed, err := account.ParsePrekey(data)
	must(t, err)
	refused(t, "another device's key", parsed.Verify(cose.Native{}, bob.public), cose.ErrSignature)
}

func unreduced(key kem.PublicKey) any {
	public := key.Bytes()
	public[0], public[1] = 0xff, public[1]|0x0f
	return map[int64]any{1: 7, 3: -65538, -1: public}
}

func TestPrekeyOtherEncodings(t *testing.T) {
	alice, _, _, _ := people(t)
	_, data := prekey(t)
	for _, v := range mangle.Encodings(data) {
		_, err := account.ParsePrekey(v.Bytes)
		refused(t, v.Name, err, cose.ErrMalformed)
	}
	payload := payloadOf(t, data, account.TypePrekey)
	for _, v := range append(mangle.Encodings(payload), mangle.Resized(payload)...) {
		_, err := account.ParsePrekey(unsigned(alice, account.TypePrekey, v.Bytes))
		refused(t, "payload "+v.Name, err, cose.ErrMalformed)
	}
}

func TestPrekeyAlteredBytes(t *testing.T) {
	alice, _, _, _ := people(t)
	_, data := prekey(t)
	for i := 0; i < len(data); i += stride() {
		altered := bytes.Clone(data)
		altered[i] ^= 1
		k, err := account.ParsePrekey(altered)
		if err == nil {
			err = k.Verify(cose.Native{}, alice.public)
		}
		if err == nil {
			t.Errorf("byte %d altered and accepted", i)
		}
	}
}

func TestIDs(t *testing.T) {
	want := hex.EncodeToString([]byte{31: 9})
	if got := (account.ID{31: 9}).String(); got != want {
		t.Errorf("account %s", got)
	}
	if got := (account.DeviceID{31: 9}).String(); got != want {
		t.Errorf("device %s", got)
	}
}
