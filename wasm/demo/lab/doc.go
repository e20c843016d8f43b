// Package lab is what the offline demo plays with: Alice, Bob and Mallory as whole engines of the chat's own packages,
// a server that does as it is told, and the attacks.
//
// Nothing of the protocol is written here a second time. A person is account chains, prekeys and a
// [conversation.Conversation]; what happens inside is seen because every person's primitives are a [Tap], which notes
// what passes through the ports that the engine has anyway: keys, plaintexts, signatures, what was drawn.
//
// The same port shows what would happen without a check. A tap can be told to let a wrong tag or a wrong signature
// pass; the engine then really goes on, and the next check of its own is the next verdict. Where a check stands before
// the port (the encoding, the place), the rest is done with the keys at hand: the altered bytes are opened with the
// right key, and what comes out goes through the engine in the place of the right plaintext. No verdict is written
// down beforehand.
//
// In a chat nothing of this may be: keys lie open here so that they can be looked at.
package lab
