package wycheproof

import (
	"crypto"

	"sotto/wasm/cose"
)

// Run is one file with what runs it.
type Run struct {
	File string
	Ran  int // so many of its cases say something about suite 1; fewer means that some were passed over silently
	try  func(data []byte) (Report, error)
}

// Do reads the file and runs it. It returns [ErrAbsent] when it is not there.
func (r Run) Do() (Report, error) {
	data, err := Read(r.File)
	if err != nil {
		return Report{}, err
	}
	return r.try(data)
}

// All gives every file. holder is any RSA-3072 key for decryption that the primitives under test use.
func All(p cose.Primitives, holder crypto.Decrypter, open Opener) []Run {
	return []Run{
		{FileAES, 66, func(d []byte) (Report, error) { return AES(d, p) }},
		{FileHMAC, 84, HMAC},
		{FileHKDF, 31, HKDF},
		{FilePSS, 108, func(d []byte) (Report, error) { return PSS(d, p) }},
		{FilePSSMisc, 150, func(d []byte) (Report, error) { return PSS(d, p) }},
		{FileOAEP, 38, func(d []byte) (Report, error) { return OAEP(d, p, open) }},
		{FileKeyGen, 100, func(d []byte) (Report, error) { return KeyGen(d, holder) }},
		{FileEncapsulate, 265, func(d []byte) (Report, error) { return Encapsulate(d, holder) }},
		{FileDecapsulate, 193, func(d []byte) (Report, error) { return Decapsulate(d, p, holder) }},
		{FileComposite, 5, func(d []byte) (Report, error) { return Composite(d, p, open) }},
	}
}
