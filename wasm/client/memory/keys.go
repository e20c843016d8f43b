package memory

import (
	"context"
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"errors"
	"fmt"
	"io"
	"maps"
	"sync"

	"sotto/wasm/client"
	"sotto/wasm/cose"
)

// Keys is [client.Keys] with the standard library's RSA.
type Keys struct {
	generate func() (*rsa.PrivateKey, error)

	mu   sync.Mutex
	keys map[string]kept
}

// kept is a private key and what it may do.
type kept struct {
	role role
	key  *rsa.PrivateKey
}

type role string

const (
	signing    role = "signing"
	decrypting role = "decryption"
)

var _ client.Keys = (*Keys)(nil)

// NewKeys gives an empty key store.
func NewKeys() *Keys {
	return NewKeysFrom(func() (*rsa.PrivateKey, error) { return rsa.GenerateKey(rand.Reader, 8*cose.ModulusSize) })
}

// NewKeysFrom gives an empty key store that takes its new keys from generate, so that many engines can be tested
// without making many keys. They must be RSA-3072 with exponent 65537.
func NewKeysFrom(generate func() (*rsa.PrivateKey, error)) *Keys {
	return &Keys{generate: generate, keys: make(map[string]kept)}
}

// Clone gives a key store with what k holds now.
func (k *Keys) Clone() *Keys {
	k.mu.Lock()
	defer k.mu.Unlock()
	return &Keys{generate: k.generate, keys: maps.Clone(k.keys)}
}

// NewSigner implements [client.Keys].
func (k *Keys) NewSigner(ctx context.Context, name string) (crypto.Signer, error) {
	key, err := k.create(ctx, name, signing)
	if err != nil {
		return nil, err
	}
	return &signer{key}, nil
}

// NewDecrypter implements [client.Keys].
func (k *Keys) NewDecrypter(ctx context.Context, name string) (crypto.Decrypter, error) {
	key, err := k.create(ctx, name, decrypting)
	if err != nil {
		return nil, err
	}
	return &decrypter{key}, nil
}

// Signer implements [client.Keys].
func (k *Keys) Signer(_ context.Context, name string) (crypto.Signer, error) {
	key, err := k.load(name, signing)
	if err != nil {
		return nil, err
	}
	return &signer{key}, nil
}

// Decrypter implements [client.Keys].
func (k *Keys) Decrypter(_ context.Context, name string) (crypto.Decrypter, error) {
	key, err := k.load(name, decrypting)
	if err != nil {
		return nil, err
	}
	return &decrypter{key}, nil
}

// Destroy implements [client.Keys].
func (k *Keys) Destroy(_ context.Context, name string) error {
	k.mu.Lock()
	defer k.mu.Unlock()
	delete(k.keys, name)
	return nil
}

func (k *Keys) create(ctx context.Context, name string, r role) (*rsa.PrivateKey, error) {
	if err := context.Cause(ctx); err != nil {
		return nil, fmt.Errorf("make the %s key %q: %w", r, name, err)
	}
	key, err := k.generate()
	if err != nil {
		return nil, fmt.Errorf("make the %s key %q: %w", r, name, err)
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	k.keys[name] = kept{role: r, key: key}
	return key, nil
}

func (k *Keys) load(name string, r role) (*rsa.PrivateKey, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if found, ok := k.keys[name]; ok && found.role == r {
		return found.key, nil
	}
	return nil, fmt.Errorf("%s key %q: %w", r, name, client.ErrNoKey)
}

var errOptions = errors.New("options that suite 1 does not have")

// signer signs as suite 1 does and not otherwise.
type signer struct{ key *rsa.PrivateKey }

// Public gives the public half, an *rsa.PublicKey.
func (s *signer) Public() crypto.PublicKey { return s.key.Public() }

// Sign implements [crypto.Signer]. The options must be [cose.PSSOptions].
func (s *signer) Sign(random io.Reader, digest []byte, options crypto.SignerOpts) ([]byte, error) {
	if o, ok := options.(*rsa.PSSOptions); !ok || o == nil || *o != *cose.PSSOptions() {
		return nil, fmt.Errorf("sign: %w", errOptions)
	}
	return s.key.Sign(random, digest, options)
}

// Format keeps the key out of every print.
func (*signer) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, "[private key]") }

// decrypter decrypts as suite 1 does and not otherwise.
type decrypter struct{ key *rsa.PrivateKey }

// Public gives the public half, an *rsa.PublicKey.
func (d *decrypter) Public() crypto.PublicKey { return d.key.Public() }

// Decrypt implements [crypto.Decrypter]. The options must be [cose.OAEPOptions]; its other error is [cose.ErrDecrypt].
func (d *decrypter) Decrypt(random io.Reader, ciphertext []byte, options crypto.DecrypterOpts) ([]byte, error) {
	o, ok := options.(*rsa.OAEPOptions)
	if want := cose.OAEPOptions(); !ok || o == nil || o.Hash != want.Hash || o.MGFHash != want.MGFHash || len(o.Label) != 0 {
		return nil, fmt.Errorf("decrypt: %w", errOptions)
	}
	plaintext, err := d.key.Decrypt(random, ciphertext, options)
	if err != nil {
		return nil, cose.ErrDecrypt
	}
	return plaintext, nil
}

// Format keeps the key out of every print.
func (*decrypter) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, "[private key]") }
