//go:build js && wasm

package webcrypto

import (
	"bytes"
	"crypto/rsa"
	"errors"
	"fmt"
	"math/big"
	"sync"
	"syscall/js"

	"sotto/wasm/cose"
)

// An RSA-3072 key with exponent 65537 has one SubjectPublicKeyInfo (RFC 5280 §4.1, RFC 8017 §A.1.1): these bytes
// around its modulus.
var (
	spkiBefore = []byte{
		0x30, 0x82, 0x01, 0xa2, 0x30, 0x0d, // SEQUENCE { SEQUENCE {
		0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01, 0x05, 0x00, // rsaEncryption, NULL }
		0x03, 0x82, 0x01, 0x8f, 0x00, 0x30, 0x82, 0x01, 0x8a, // BIT STRING { SEQUENCE {
		0x02, 0x82, 0x01, 0x81, 0x00, // INTEGER n, a zero before its highest bit
	}
	spkiAfter = []byte{0x02, 0x03, 0x01, 0x00, 0x01} // INTEGER e } } }
)

func encodeSPKI(key cose.RSAKey) []byte {
	n := key.Modulus()
	return bytes.Join([][]byte{spkiBefore, n[:], spkiAfter}, nil)
}

var errNotSuite1 = errors.New("not an RSA-3072 key with exponent 65537")

func decodeSPKI(data []byte) (*rsa.PublicKey, error) {
	n, before := bytes.CutPrefix(data, spkiBefore)
	n, after := bytes.CutSuffix(n, spkiAfter)
	if !before || !after || len(n) != cose.ModulusSize || n[0]&0x80 == 0 {
		return nil, errNotSuite1
	}
	return &rsa.PublicKey{N: new(big.Int).SetBytes(n), E: 65537}, nil
}

// importPublic gives the CryptoKey of a public key for one algorithm and usage.
func (p *Primitives) importPublic(key cose.RSAKey, algorithm js.Value, usage string) (js.Value, error) {
	spki := encodeSPKI(key)
	call := p.issue(func(d *desk) js.Value {
		return p.subtle.importKey.Invoke(p.algorithms.spki, d.data.hold(spki), algorithm, false, []any{usage})
	})
	imported, err := p.verifying.Await(call)
	if err != nil {
		return js.Undefined(), fmt.Errorf("import an RSA key: %w", err)
	}
	return imported, nil
}

// maxVerifiers is how many imported public keys are kept.
const maxVerifiers = 256

// keyCache keeps imported public keys by modulus, the newest limit of them.
type keyCache struct {
	limit int

	mu    sync.Mutex
	keys  map[[cose.ModulusSize]byte]*cachedKey
	order [][cose.ModulusSize]byte // oldest first
}

// cachedKey is a key that is imported or being imported.
type cachedKey struct {
	once sync.Once
	key  js.Value
	err  error
}

// get gives the imported key and imports it where it is not there; who comes meanwhile waits for that.
func (c *keyCache) get(key cose.RSAKey, load func() (js.Value, error)) (js.Value, error) {
	entry := c.entry(key.Modulus())
	entry.once.Do(func() { entry.key, entry.err = load() })
	return entry.key, entry.err
}

func (c *keyCache) entry(modulus [cose.ModulusSize]byte) *cachedKey {
	c.mu.Lock()
	defer c.mu.Unlock()
	if entry, ok := c.keys[modulus]; ok {
		return entry
	}
	if c.keys == nil {
		c.keys = make(map[[cose.ModulusSize]byte]*cachedKey)
	}
	if len(c.order) == c.limit {
		delete(c.keys, c.order[0])
		c.order = append(c.order[:0], c.order[1:]...)
	}
	entry := new(cachedKey)
	c.keys[modulus] = entry
	c.order = append(c.order, modulus)
	return entry
}
