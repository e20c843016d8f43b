package conversation_test

import (
	"crypto"
	"crypto/rsa"
	"io"
)

// counter is a private key that counts how often it decrypts.
type counter struct {
	*rsa.PrivateKey
	n *int
}

func (c counter) Decrypt(random io.Reader, data []byte, options crypto.DecrypterOpts) ([]byte, error) {
	*c.n++
	return c.PrivateKey.Decrypt(random, data, options)
}
