package kem

import (
	"bytes"
	"fmt"

	"sotto/wasm/cose"
)

// An RSAPublicKey (RFC 8017 §A.1.1) of 3072 bits with exponent 65537 has one DER encoding of fixed length:
//
//	30 82 018a                  SEQUENCE, 394 bytes
//	   02 82 0181 00 n          INTEGER, 385 bytes: a zero and the 384 of the modulus
//	   02 03 010001             INTEGER 65537
const derSize = 398

var (
	derPrefix = []byte{0x30, 0x82, 0x01, 0x8a, 0x02, 0x82, 0x01, 0x81, 0x00}
	derSuffix = []byte{0x02, 0x03, 0x01, 0x00, 0x01}
)

func der(key cose.RSAKey) []byte {
	n := key.Modulus()
	return bytes.Join([][]byte{derPrefix, n[:], derSuffix}, nil)
}

func parseDER(data []byte) (cose.RSAKey, error) {
	rest, ok := bytes.CutPrefix(data, derPrefix)
	n, ok2 := bytes.CutSuffix(rest, derSuffix)
	if !ok || !ok2 {
		return cose.RSAKey{}, fmt.Errorf("%w: RSA half", ErrKey)
	}
	key, err := cose.RSAKeyFromModulus(n)
	if err != nil {
		return cose.RSAKey{}, fmt.Errorf("%w: RSA half", ErrKey)
	}
	return key, nil
}
