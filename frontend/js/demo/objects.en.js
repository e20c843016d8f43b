// @ts-check
// What the objects are called, by the end of their ids, with a word on each.

/** @type {Readonly<Record<string, readonly [name: string, about: string]>>} */
export const objects = {
  sign: ['Signing key', 'The public half. The private half signs everything its owner says.'],
  decrypt: ['Prekey', 'The public half of the double key that others lock letters with.'],
  link: ['Account', 'The first link of the account’s chain. Its hash is the account id.'],
  prekey: ['Signed prekey', 'The double key with its owner’s signature.'],
  'epoch.secret': ['Epoch secret', 'The conversation’s AES key material, freshly drawn.'],
  'rsa.secret': ['RSA half’s secret', '32 random bytes, encrypted to the RSA key.'],
  capsule: ['KEM ciphertext', 'Both halves: what only Bob’s two private keys turn into the secret.'],
  'kem.secret': ['KEM secret', 'What both halves together give.'],
  kek: ['Wrapping key', 'Derived from the KEM secret, the header and the device.'],
  'bob.kek': ['Wrapping key', 'Bob derives the same one with his private keys.'],
  carried: ['What is wrapped', 'The secret, before it is sealed.'],
  'bob.carried': ['What was wrapped', 'Bob has unwrapped the same secret.'],
  wrap: ['Wrap for Bob', 'The secret, sealed to Bob’s device alone.'],
  commit: ['Commit', 'Alice’s signed word about the new epoch.'],
  body: ['Message', 'The words, as bytes.'],
  signing: ['What is signed', 'The words with their place and history.'],
  signature: ['Signature', 'Made with the private signing key.'],
  content: ['Padded content', 'Length, signed content, zeros: what is encrypted.'],
  key: ['Message key', 'For this one message. It is destroyed afterwards.'],
  event: ['Sealed message', 'What leaves the device and lies on the server.'],
  weak: ['The same text, the usual way', 'INSECURE: RSA-wrapped AES-CBC without a signature, to compare.'],
};
