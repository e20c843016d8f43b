// Package conversation holds the secrets of a conversation and is the only one that reads its messages.
//
// A [Conversation] is one device's view of one log: the newest epoch, a ratchet for each sender, the log chain, and
// what this device has sealed that is not yet in the log. It is a value: every operation gives the next one and
// leaves the old one as it was, so that a caller stores the next before anything made by it leaves the device.
//
//	commit event  --[Conversation.Open]-->  checks of package epoch, own wrap, confirm  -->  new ratchets
//	message event --[Conversation.Open]-->  message key, AES-256-GCM, padding, signature, seen  -->  body
//	body          --[Conversation.Seal]-->  signature, padding, AES-256-GCM under the own ratchet  -->  event
//
// Events are opened at their positions and in no other order. What is wrong with one is in its [Outcome]; it keeps
// its position and changes nothing else. What proves that the server lies, or that this device's state is used
// twice, stops the conversation: see [Conversation.Stopped].
package conversation
