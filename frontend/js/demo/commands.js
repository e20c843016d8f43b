// @ts-check
// Commands that do three operations of the protocol elsewhere. Each is complete:
// it holds every value and prints what it must print.

import { toHex } from '../core/hex.js';
import { toBase64 } from './base64.js';
import { privatePEM, publicPEM } from './keys.js';

/** @typedef {import('./contract.js').Material} Material */
/** @typedef {{ name: 'oaep' | 'gcm' | 'pss', text: string, prints: string }} Command */

/** @param {string} file @param {string} text */
const write = (file, text) => `cat > ${file} <<'END'\n${text}\nEND\n`;

/** @param {string} file @param {Uint8Array} bytes */
const decode = (file, bytes) => `base64 -d > ${file} <<'END'\n${toBase64(bytes).match(/.{1,76}/g)?.join('\n') ?? ''}\nEND\n`;

/** @param {Material} m @returns {Promise<Command>} */
async function oaep(m) {
  return {
    name: 'oaep',
    text: `cd "$(mktemp -d)"\n${write('bob.pem', await privatePEM(m.private))}${decode('wrapped', m.wrapped)}`
      + 'openssl pkeyutl -decrypt -inkey bob.pem -in wrapped -pkeyopt rsa_padding_mode:oaep \\\n'
      + '  -pkeyopt rsa_oaep_md:sha256 -pkeyopt rsa_mgf1_md:sha256 | od -An -v -tx1 | tr -d \' \\n\'\n',
    prints: toHex(m.unwrapped),
  };
}

/** @param {Material} m @returns {Promise<Command>} */
async function pss(m) {
  return {
    name: 'pss',
    text: `cd "$(mktemp -d)"\n${write('writer.pem', await publicPEM(m.public.n))}${decode('message', m.message)}${decode('signature', m.signature)}`
      + 'openssl dgst -sha256 -verify writer.pem -sigopt rsa_padding_mode:pss -sigopt rsa_pss_saltlen:32 \\\n'
      + '  -sigopt rsa_mgf1_md:sha256 -signature signature message\n',
    prints: 'Verified OK',
  };
}

/** @param {Material} m @returns {Promise<Command>} */
async function gcm(m) {
  const hash = toHex(new Uint8Array(await crypto.subtle.digest('SHA-256', Uint8Array.from(m.plain))));
  const program = `package main

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
)

func main() {
	block, err := aes.NewCipher(octets("${toHex(m.key)}"))
	if err != nil {
		panic(err)
	}
	aead, err := cipher.NewGCM(block)
	if err != nil {
		panic(err)
	}
	nonce := octets("${toHex(m.nonce)}")
	associated := octets("${toHex(m.associated)}")
	sealed := octets("${toHex(m.sealed)}")
	plain, err := aead.Open(nil, nonce, sealed, associated)
	if err != nil {
		panic(err)
	}
	fmt.Printf("%x", sha256.Sum256(plain))
}

func octets(text string) []byte {
	b, err := hex.DecodeString(text)
	if err != nil {
		panic(err)
	}
	return b
}`;
  return { name: 'gcm', text: `cd "$(mktemp -d)"\n${write('open.go', program)}go run open.go\n`, prints: hash };
}

/** @param {Material} m @returns {Promise<Command[]>} */
export const commands = (m) => Promise.all([oaep(m), gcm(m), pss(m)]);
