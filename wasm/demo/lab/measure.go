package lab

import (
	"context"
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"runtime"
	"time"

	"sotto/wasm/cose"
	"sotto/wasm/kem"
)

// Figure is how long one operation takes, over so many runs.
type Figure struct {
	Runs        int   `js:"runs"`
	Nanoseconds int64 `js:"nanoseconds"` // of one run
}

// Side is one person's private keys.
type Side struct {
	Signer    crypto.Signer
	Decrypter crypto.Decrypter
}

// Kit is one way to compute: Go's own code, or the browser's.
type Kit struct {
	Primitives cose.Primitives
	A, B       Side
	Generate   func(ctx context.Context) error           // an RSA-3072 key
	Hash       func(ctx context.Context, b []byte) error // SHA-256
}

// Own is Go's own code with the keys of the people on the table.
func (l *Lab) Own() (Kit, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	a, b, err := l.both()
	if err != nil {
		return Kit{}, err
	}
	return Kit{
		Primitives: cose.Native{}, A: Side{a.keys.Sign, a.keys.Decrypt}, B: Side{b.keys.Sign, b.keys.Decrypt},
		Generate: func(context.Context) error { _, err := rsa.GenerateKey(rand.Reader, 8*cose.ModulusSize); return err },
		Hash: func(_ context.Context, b []byte) error {
			runtime.KeepAlive(sha256.Sum256(b))
			return nil
		},
	}, nil
}

// Measured are the operations that can be measured, in the order to show them.
var Measured = []string{"generate", "sign", "verify", "unwrap", "kem", "aes1k", "aes1m", "sha1m", "seal", "open"}

// errMeasure is an operation that nobody measures.
var errMeasure = failure{"measure", "no such operation"}

// Measure runs one operation of the kit again and again.
func (l *Lab) Measure(ctx context.Context, what string, k Kit) (Figure, error) {
	prepared, err := l.prepare(ctx, what, k)
	if err != nil {
		return Figure{}, err
	}
	var f Figure
	var spent time.Duration
	for f.Runs == 0 || spent < l.enough {
		run, err := prepared() // not part of the figure
		if err != nil {
			return Figure{}, err
		}
		begun := time.Now()
		if err := run(); err != nil {
			return Figure{}, err
		}
		spent += time.Since(begun)
		f.Runs++
	}
	f.Nanoseconds = spent.Nanoseconds() / int64(f.Runs)
	return f, nil
}

// again is an operation that needs nothing prepared for each run.
func again(run func() error) (func() (func() error, error), error) {
	return func() (func() error, error) { return run, nil }, nil
}

// prepare makes what an operation works on.
func (l *Lab) prepare(ctx context.Context, what string, k Kit) (func() (func() error, error), error) {
	kilobyte, megabyte := make([]byte, 1<<10), make([]byte, 1<<20)
	secret, err := cose.NewSecret(rand.Reader)
	if err != nil {
		return nil, err
	}
	switch what {
	case "generate":
		return again(func() error { return k.Generate(ctx) })
	case "sign":
		return again(func() error { _, err := k.sign(kilobyte); return err })
	case "verify":
		return k.verifying(kilobyte)
	case "unwrap":
		return k.unwrapping(secret)
	case "kem":
		return k.encapsulating()
	case "aes1k":
		return again(func() error { return k.sealing(secret, kilobyte) })
	case "aes1m":
		return again(func() error { return k.sealing(secret, megabyte) })
	case "sha1m":
		return again(func() error { return k.Hash(ctx, megabyte) })
	case "seal":
		return l.sealing(k, false)
	case "open":
		return l.sealing(k, true)
	}
	return nil, errMeasure
}

func (k Kit) sign(message []byte) ([]byte, error) {
	return crypto.SignMessage(k.A.Signer, rand.Reader, message, cose.PSSOptions())
}

func (k Kit) sealing(secret cose.Secret, plain []byte) error {
	k.Primitives.AEAD(secret).Seal(nil, make([]byte, cose.NonceSize), plain, nil)
	return nil
}

func (k Kit) verifying(message []byte) (func() (func() error, error), error) {
	signature, err := k.sign(message)
	if err != nil {
		return nil, err
	}
	key, err := publicOf(k.A.Signer)
	if err != nil {
		return nil, err
	}
	return again(func() error { return k.Primitives.VerifyPSS(key, message, signature) })
}

func (k Kit) unwrapping(secret cose.Secret) (func() (func() error, error), error) {
	key, err := publicOf(k.A.Decrypter)
	if err != nil {
		return nil, err
	}
	sealed, err := k.Primitives.EncryptOAEP(key, secret[:])
	if err != nil {
		return nil, err
	}
	return again(func() error { _, err := k.A.Decrypter.Decrypt(rand.Reader, sealed, cose.OAEPOptions()); return err })
}

// encapsulating is the whole of the composite KEM, there and back.
func (k Kit) encapsulating() (func() (func() error, error), error) {
	seed := make([]byte, kem.SeedSize)
	_, _ = rand.Read(seed) // never fails
	key, err := kem.NewPrivateKey(seed, k.A.Decrypter)
	if err != nil {
		return nil, err
	}
	return again(func() error {
		_, capsule, err := key.Public().Encapsulate(k.Primitives, rand.Reader)
		if err != nil {
			return err
		}
		_, err = key.Decapsulate(rand.Reader, capsule)
		return err
	})
}

func publicOf(holder interface{ Public() crypto.PublicKey }) (cose.RSAKey, error) {
	key, _ := holder.Public().(*rsa.PublicKey)
	return cose.NewRSAKey(key)
}

// sealing opens a conversation of the kit's two sides. Each run seals a text, or opens one that was just sealed.
func (l *Lab) sealing(k Kit, opening bool) (func() (func() error, error), error) {
	own := New(k.Primitives, l.clock)
	a, err := own.newPerson(alice, k.A.Signer, k.A.Decrypter)
	if err != nil {
		return nil, err
	}
	b, err := own.newPerson(bob, k.B.Signer, k.B.Decrypter)
	if err != nil {
		return nil, err
	}
	t, err := openTalk(a, b)
	if err != nil {
		return nil, err
	}
	const text = "A message of ordinary length, as people write them."
	if !opening {
		return func() (func() error, error) {
			from := t.a.twin()
			return func() error { _, err := from.seal(text); return err }, nil
		}, nil
	}
	event, err := t.a.seal(text)
	if err != nil {
		return nil, err
	}
	return func() (func() error, error) {
		to := t.b.twin()
		return func() error { _, err := must(to, event); return err }, nil
	}, nil
}
