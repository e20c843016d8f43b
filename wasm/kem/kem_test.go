package kem_test

import (
	"bytes"
	"crypto"
	"crypto/mlkem"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/sha3"
	"crypto/x509"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"

	"sotto/wasm/cose"
	"sotto/wasm/kem"
	"sotto/wasm/vectors/keys"
	"sotto/wasm/vectors/mangle"
)

func privateKey(t testing.TB, p keys.Person) *kem.PrivateKey {
	t.Helper()
	key, err := kem.NewPrivateKey(p.Seed(), p.Decrypter())
	if err != nil {
		t.Fatal(err)
	}
	return key
}

func refused(t *testing.T, name string, err, want error) {
	t.Helper()
	if !errors.Is(err, want) {
		t.Errorf("%s: error %v, want %v", name, err, want)
	}
}

func TestThereAndBack(t *testing.T) {
	key := privateKey(t, keys.Alice)
	secret, ciphertext, err := key.Public().Encapsulate(cose.Native{}, rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	if len(ciphertext) != kem.CiphertextSize || kem.CiphertextSize != 1472 {
		t.Errorf("ciphertext of %d bytes", len(ciphertext))
	}
	got, err := key.Decapsulate(rand.Reader, ciphertext)
	if err != nil || !got.Equal(secret) {
		t.Errorf("another secret: %v", err)
	}
	again, other, err := key.Public().Encapsulate(cose.Native{}, rand.Reader)
	if err != nil || again.Equal(secret) || bytes.Equal(other, ciphertext) {
		t.Error("two encapsulations are the same")
	}
}

// TestByHand combines the halves here by itself, as the draft says.
func TestByHand(t *testing.T) {
	lattice, err := mlkem.NewDecapsulationKey768(keys.Alice.Seed())
	if err != nil {
		t.Fatal(err)
	}
	holder := keys.Alice.Decrypter()
	der := x509.MarshalPKCS1PublicKey(&holder.PublicKey)
	first, ciphertext := lattice.EncapsulationKey().Encapsulate()
	second := bytes.Repeat([]byte{7}, 32)
	sealed, err := rsa.EncryptOAEP(sha256.New(), rand.Reader, &holder.PublicKey, second, nil)
	if err != nil {
		t.Fatal(err)
	}
	h := sha3.New256()
	for _, part := range [][]byte{first, second, sealed, der, []byte("MLKEM768-RSAOAEP3072")} {
		h.Write(part)
	}
	key := privateKey(t, keys.Alice)
	got, err := key.Decapsulate(rand.Reader, append(ciphertext, sealed...))
	if err != nil || !got.Equal(cose.Secret(h.Sum(nil))) {
		t.Errorf("another secret: %v", err)
	}
	if want := append(lattice.EncapsulationKey().Bytes(), der...); !bytes.Equal(key.Public().Bytes(), want) {
		t.Error("public key is not both halves one after the other")
	}
}

// holder decrypts and counts; with broken set it fails, with short it gives 31 bytes.
type holder struct {
	crypto.Decrypter
	calls         int
	broken, short bool
}

func (h *holder) Decrypt(random io.Reader, data []byte, options crypto.DecrypterOpts) ([]byte, error) {
	h.calls++
	if h.broken {
		return nil, errors.New("broken")
	}
	plain, err := h.Decrypter.Decrypt(random, data, options)
	if h.short && err == nil {
		plain = plain[:31]
	}
	return plain, err
}

func TestDecapsulateRefuses(t *testing.T) {
	public := privateKey(t, keys.Alice).Public()
	_, ciphertext, err := public.Encapsulate(cose.Native{}, rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	rsaKey, err := cose.NewRSAKey(&keys.Alice.Decrypter().PublicKey)
	if err != nil {
		t.Fatal(err)
	}
	long, err := cose.Native{}.EncryptOAEP(rsaKey, make([]byte, 33))
	if err != nil {
		t.Fatal(err)
	}
	cases := []struct {
		name   string
		holder holder
		data   []byte
		calls  int
	}{
		{"empty", holder{}, nil, 0},
		{"one byte short", holder{}, ciphertext[:1471], 0},
		{"one byte long", holder{}, append(bytes.Clone(ciphertext), 0), 0},
		{"RSA half altered", holder{}, flipped(ciphertext, 1471), 1},
		{"RSA half's first byte altered", holder{}, flipped(ciphertext, 1088), 1},
		{"RSA half beyond the modulus", holder{}, append(bytes.Clone(ciphertext[:1088]), bytes.Repeat([]byte{0xff}, 384)...), 1},
		{"RSA secret of 33 bytes", holder{}, append(bytes.Clone(ciphertext[:1088]), long...), 1},
		{"RSA secret of 31 bytes", holder{short: true}, ciphertext, 1},
		{"RSA holder fails", holder{broken: true}, ciphertext, 1},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			c.holder.Decrypter = keys.Alice.Decrypter()
			key, err := kem.NewPrivateKey(keys.Alice.Seed(), &c.holder)
			if err != nil {
				t.Fatal(err)
			}
			got, err := key.Decapsulate(rand.Reader, c.data)
			refused(t, c.name, err, kem.ErrDecapsulate)
			if err.Error() != kem.ErrDecapsulate.Error() || got != (cose.Secret{}) {
				t.Errorf("tells more than that it failed: %v", err)
			}
			if c.holder.calls != c.calls {
				t.Errorf("the RSA half ran %d times, want %d", c.holder.calls, c.calls)
			}
		})
	}
}

func flipped(data []byte, at int) []byte {
	altered := bytes.Clone(data)
	altered[at] ^= 1
	return altered
}

// TestImplicitRejection shows what an altered ML-KEM half gives: another secret, the same each time.
func TestImplicitRejection(t *testing.T) {
	key := privateKey(t, keys.Alice)
	secret, ciphertext, err := key.Public().Encapsulate(cose.Native{}, rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	for _, at := range []int{0, 500, 1087} {
		a, errA := key.Decapsulate(rand.Reader, flipped(ciphertext, at))
		b, errB := key.Decapsulate(rand.Reader, flipped(ciphertext, at))
		if errA != nil || errB != nil || a.Equal(secret) || !a.Equal(b) {
			t.Errorf("byte %d: %v, %v", at, errA, errB)
		}
	}
	other, err := privateKey(t, keys.Bob).Decapsulate(rand.Reader, ciphertext)
	refused(t, "another holder", err, kem.ErrDecapsulate)
	if other.Equal(secret) {
		t.Error("another holder gets the secret")
	}
}

func TestPublicKeyRefuses(t *testing.T) {
	good := privateKey(t, keys.Alice).Public().Bytes()
	n := keys.Alice.Decrypter().N.Bytes()
	replaced := func(at int, with ...byte) []byte {
		changed := bytes.Clone(good)
		copy(changed[at:], with)
		return changed
	}
	odd := func(o keys.Odd) []byte {
		return append(bytes.Clone(good[:1184]), x509.MarshalPKCS1PublicKey(&o.Key().PublicKey)...)
	}
	cases := []struct {
		name string
		data []byte
	}{
		{"empty", nil},
		{"one byte short", good[:1581]},
		{"one byte long", append(bytes.Clone(good), 0)},
		{"ML-KEM half alone", good[:1184]},
		{"RSA half alone", good[1184:]},
		{"coefficient q, not reduced", replaced(0, 0x01, good[1]&0xf0|0x0d)},
		{"coefficient 4095, not reduced", replaced(0, 0xff, good[1]|0x0f)},
		{"all coefficients 4095", replaced(0, bytes.Repeat([]byte{0xff}, 1152)...)},
		{"RSA of 2048 bits", odd(keys.Odd2048)},
		{"RSA of 4096 bits", odd(keys.Odd4096)},
		{"RSA exponent 3", odd(keys.OddExponent3)},
		{"RSA exponent 65539", replaced(1581, 3)},
		{"RSA modulus even", replaced(1576, n[383]&^1)},
		{"RSA modulus below 2^3071", replaced(1193, n[0]&0x7f)},
		{"DER: another tag", replaced(1184, 0x31)},
		{"DER: a length too long", replaced(1187, 0x8b)},
		{"DER: modulus negative", replaced(1192, n[0])},
		{"DER: exponent with another tag", replaced(1577, 0x03)},
		{"halves exchanged", append(bytes.Clone(good[1184:]), good[:1184]...)},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			_, err := kem.ParsePublicKey(c.data)
			refused(t, c.name, err, kem.ErrKey)
			refused(t, c.name, err, cose.ErrMalformed)
		})
	}
	again, err := kem.ParsePublicKey(good)
	if err != nil || !bytes.Equal(again.Bytes(), good) {
		t.Errorf("the right key: %v", err)
	}
}

func TestKeyAsCOSE(t *testing.T) {
	key := privateKey(t, keys.Alice).Public()
	// { 1: 7, 3: -65538, -1: key } by hand.
	want, _ := hex.DecodeString("a30107033a000100012059062e")
	want = append(want, key.Bytes()...)
	if !bytes.Equal(key.COSE(), want) {
		t.Errorf("%x…, want %x…", key.COSE()[:20], want[:20])
	}
	if key.Thumbprint() != sha256.Sum256(want) {
		t.Error("thumbprint is not the SHA-256 of the map")
	}
	again, err := kem.ParseKey(want)
	if err != nil || again.Thumbprint() != key.Thumbprint() {
		t.Errorf("parsed another key: %v", err)
	}
}

func TestParseKeyRefuses(t *testing.T) {
	good := privateKey(t, keys.Alice).Public()
	with := func(kty, alg, public any) []byte { return cose.Marshal(map[int64]any{1: kty, 3: alg, -1: public}) }
	cases := []struct {
		name string
		data []byte
		want error
	}{
		{"an RSA key", cose.Marshal(map[int64]any{1: 3, -1: make([]byte, 384), -2: []byte{1, 0, 1}}), cose.ErrMalformed},
		{"key type OKP", with(1, -65538, good.Bytes()), kem.ErrKey},
		{"another algorithm", with(7, -65539, good.Bytes()), kem.ErrKey},
		{"no algorithm", cose.Marshal(map[int64]any{1: 7, -1: good.Bytes()}), cose.ErrMalformed},
		{"private key as well", cose.Marshal(map[int64]any{1: 7, 3: -65538, -1: good.Bytes(), -2: make([]byte, 64)}), cose.ErrMalformed},
		{"kid as well", cose.Marshal(map[int64]any{1: 7, 2: []byte{1}, 3: -65538, -1: good.Bytes()}), cose.ErrMalformed},
		{"too long", with(7, -65538, make([]byte, 2000)), cose.ErrTooLarge},
		{"key of zeros", with(7, -65538, make([]byte, kem.PublicKeySize)), kem.ErrKey},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			_, err := kem.ParseKey(c.data)
			refused(t, c.name, err, c.want)
		})
	}
	for _, v := range append(mangle.Encodings(good.COSE()), mangle.Resized(good.COSE())...) {
		_, err := kem.ParseKey(v.Bytes)
		refused(t, v.Name, err, cose.ErrMalformed)
	}
}

func TestPrivateKeyRefuses(t *testing.T) {
	good := keys.Alice.Decrypter()
	for _, n := range []int{0, 32, 63, 65, 2400} {
		if _, err := kem.NewPrivateKey(make([]byte, n), good); err == nil {
			t.Errorf("a seed of %d bytes was taken", n)
		}
	}
	for _, odd := range []keys.Odd{keys.Odd2048, keys.Odd4096, keys.OddExponent3} {
		_, err := kem.NewPrivateKey(keys.Alice.Seed(), odd.Key())
		refused(t, string(odd), err, cose.ErrKey)
	}
	_, err := kem.NewPrivateKey(keys.Alice.Seed(), foreign{})
	refused(t, "no RSA key", err, cose.ErrKey)
}

type foreign struct{ crypto.Decrypter }

func (foreign) Public() crypto.PublicKey { return "no RSA key" }

func TestEncapsulateFails(t *testing.T) {
	_, _, err := privateKey(t, keys.Alice).Public().Encapsulate(cose.Native{}, strings.NewReader("short"))
	if err == nil {
		t.Error("no randomness and yet a secret")
	}
}

func TestPrivateKeyPrintsNothing(t *testing.T) {
	key := privateKey(t, keys.Alice)
	lattice, err := mlkem.NewDecapsulationKey768(keys.Alice.Seed())
	if err != nil {
		t.Fatal(err)
	}
	seed := lattice.Bytes()
	for name, holder := range map[string]any{"pointer": key, "value": *key, "struct": struct{ K *kem.PrivateKey }{key}} {
		for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%x", "%X", "%q", "%d"} {
			printed := strings.ToLower(fmt.Sprintf(verb, holder))
			if strings.Contains(printed, fmt.Sprintf("%d %d %d", seed[0], seed[1], seed[2])) ||
				strings.Contains(printed, hex.EncodeToString(seed[:3])) || strings.Contains(printed, keys.Alice.Decrypter().D.String()) ||
				!strings.Contains(printed, "private key") {
				t.Errorf("%s with %s: %.80s", name, verb, printed)
			}
		}
	}
}
