package judge

import (
	"crypto/rand"

	"sotto/wasm/cose"
	"sotto/wasm/kem"
	"sotto/wasm/vectors/keys"
	"sotto/wasm/vectors/vector"
)

// plenty is a limit for objects that have none of their own.
const plenty = 1 << 16

func rsaKey(_ Bench, c vector.Case) (Output, error) {
	k, err := cose.ParseRSAKey(c.Bytes("bytes"))
	if err != nil {
		return nil, err
	}
	n := k.Modulus()
	return Output{"modulus": n[:], "thumbprint": [32]byte(k.Thumbprint())}, nil
}

func sign1(b Bench, c vector.Case) (Output, error) {
	s, err := cose.ParseSign1(c.Bytes("bytes"), cose.Type(c.Text("type")), plenty)
	if err != nil {
		return nil, err
	}
	return Output{"payload": s.Payload, "kid": [32]byte(s.Kid), "hash": s.Hash()}, verified(b, c, s.Verify)
}

// verified runs a verification with the case's key.
func verified(b Bench, c vector.Case, verify func(cose.Primitives, cose.RSAKey) error) error {
	key, err := cose.ParseRSAKey(c.Bytes("key"))
	if err != nil {
		return err
	}
	return verify(b.Primitives, key)
}

func encrypt0(b Bench, c vector.Case) (Output, error) {
	e, err := cose.ParseEncrypt0(c.Bytes("bytes"), cose.Type(c.Text("type")), plenty)
	if err != nil {
		return nil, err
	}
	plain, err := e.Open(b.Primitives.AEAD(cose.Secret(c.Bytes("key"))), c.Bytes("external"))
	return Output{"plaintext": plain, "place": []byte(e.Place)}, err
}

func expand(_ Bench, c vector.Case) (Output, error) {
	return Output{"bytes": cose.Expand(cose.Secret(c.Bytes("secret")), c.Text("label"), c.Bytes("context"), int(c.Number("length")))}, nil
}

func extract(_ Bench, c vector.Case) (Output, error) {
	return Output{"bytes": [32]byte(cose.Extract(cose.Secret(c.Bytes("salt")), cose.Secret(c.Bytes("input"))))}, nil
}

func mac(_ Bench, c vector.Case) (Output, error) {
	return Output{"bytes": cose.MAC(cose.Secret(c.Bytes("key")), c.Bytes("message"))}, nil
}

func compositeKey(_ Bench, c vector.Case) (Output, error) {
	k, err := kem.ParseKey(c.Bytes("bytes"))
	if err != nil {
		return nil, err
	}
	return Output{"public": k.Bytes(), "thumbprint": [32]byte(k.Thumbprint())}, nil
}

// holder gives the private key of a person with an ML-KEM seed.
func holder(b Bench, person string, seed []byte) (*kem.PrivateKey, error) {
	decrypter, err := b.Open(keys.Person(person).Decrypter())
	if err != nil {
		return nil, err
	}
	return kem.NewPrivateKey(seed, decrypter)
}

func decapsulate(b Bench, c vector.Case) (Output, error) {
	key, err := holder(b, c.Text("holder"), c.Bytes("seed"))
	if err != nil {
		return nil, err
	}
	secret, err := key.Decapsulate(rand.Reader, c.Bytes("ciphertext"))
	// The secrets of the halves stay inside; they are in the vectors for whoever looks for a mistake.
	return Output{"secret": [32]byte(secret), "ml-kem-secret": c.Out["ml-kem-secret"], "rsa-secret": c.Out["rsa-secret"]}, err
}

func person(_ Bench, c vector.Case) (Output, error) {
	p := keys.Person(c.Text("name"))
	return Output{
		"sign": p.SignerDER(), "decrypt": p.DecrypterDER(), "seed": p.Seed(),
	}, nil
}
