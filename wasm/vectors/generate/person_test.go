//go:build !js

package generate

import (
	"crypto/x509"

	"sotto/wasm/vectors/keys"
)

func persons(m *maker) {
	m.About = "The people's keys, for who reads no PEM. in: name. out: sign and decrypt (PKCS #1 RSAPrivateKey in DER), seed (of the ML-KEM key). " +
		"They are public and protect nothing."
	for _, p := range []keys.Person{keys.Alice, keys.Bob, keys.Carol, keys.Dave} {
		m.accept(string(p), values{"name": string(p)}, values{
			"sign": x509.MarshalPKCS1PrivateKey(p.Signer()), "decrypt": x509.MarshalPKCS1PrivateKey(p.Decrypter()), "seed": p.Seed(),
		})
	}
}
