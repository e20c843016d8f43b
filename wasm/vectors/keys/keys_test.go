package keys_test

import (
	"bytes"
	"crypto/rsa"
	"crypto/x509"
	"testing"

	"sotto/wasm/vectors/keys"
)

func TestKeys(t *testing.T) {
	cases := []struct {
		name     string
		key      *rsa.PrivateKey
		bits     int
		exponent int
	}{
		{"alice signs", keys.Alice.Signer(), 3072, 65537},
		{"alice decrypts", keys.Alice.Decrypter(), 3072, 65537},
		{"bob signs", keys.Bob.Signer(), 3072, 65537},
		{"bob decrypts", keys.Bob.Decrypter(), 3072, 65537},
		{"carol signs", keys.Carol.Signer(), 3072, 65537},
		{"carol decrypts", keys.Carol.Decrypter(), 3072, 65537},
		{"dave signs", keys.Dave.Signer(), 3072, 65537},
		{"dave decrypts", keys.Dave.Decrypter(), 3072, 65537},
		{"2048 bits", keys.Odd2048.Key(), 2048, 65537},
		{"4096 bits", keys.Odd4096.Key(), 4096, 65537},
		{"exponent 3", keys.OddExponent3.Key(), 3072, 3},
	}
	seen := map[string]string{}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			if c.key.N.BitLen() != c.bits || c.key.E != c.exponent {
				t.Errorf("%d bits, exponent %d", c.key.N.BitLen(), c.key.E)
			}
			if other, ok := seen[c.key.N.String()]; ok {
				t.Errorf("the same key as %q", other)
			}
			seen[c.key.N.String()] = c.name
			if err := c.key.Validate(); err != nil {
				t.Error(err)
			}
			again, err := x509.ParsePKCS1PrivateKey(x509.MarshalPKCS1PrivateKey(c.key))
			if err != nil || !again.Equal(c.key) {
				t.Errorf("package x509 reads another key: %v", err)
			}
		})
	}
	if len(keys.Alice.Seed()) != 64 || string(keys.Alice.Seed()) == string(keys.Bob.Seed()) {
		t.Error("seeds are not 64 bytes each and different")
	}
}

// TestDER compares the files with what package x509 writes for the keys that were read from them.
func TestDER(t *testing.T) {
	for _, p := range []keys.Person{keys.Alice, keys.Bob, keys.Carol, keys.Dave} {
		if !bytes.Equal(p.SignerDER(), x509.MarshalPKCS1PrivateKey(p.Signer())) ||
			!bytes.Equal(p.DecrypterDER(), x509.MarshalPKCS1PrivateKey(p.Decrypter())) {
			t.Errorf("%s: the file has another key", p)
		}
	}
}

func TestMore(t *testing.T) {
	seen := map[string]bool{}
	for _, p := range []keys.Person{keys.Alice, keys.Bob, keys.Carol, keys.Dave} {
		seen[p.Signer().N.String()], seen[p.Decrypter().N.String()] = true, true
	}
	for i, key := range keys.More(100) {
		if key.N.BitLen() != 3072 || key.E != 65537 || seen[key.N.String()] {
			t.Errorf("key %d: %d bits, exponent %d", i, key.N.BitLen(), key.E)
		}
		seen[key.N.String()] = true
		if i%10 == 0 && key.Validate() != nil {
			t.Errorf("key %d is invalid", i)
		}
	}
}
