package keys_test

import (
	"crypto/rsa"
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
		})
	}
	if len(keys.Alice.Seed()) != 64 || string(keys.Alice.Seed()) == string(keys.Bob.Seed()) {
		t.Error("seeds are not 64 bytes each and different")
	}
}
