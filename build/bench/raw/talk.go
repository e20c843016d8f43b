package raw

import (
	"bytes"
	"crypto/rand"
	"crypto/sha256"
	"fmt"
	"time"

	"sotto/backend/store"
	"sotto/wasm/cose"
	"sotto/wasm/epoch"
	"sotto/wasm/wire"
)

// Talk is a direct conversation in which one person writes.
type Talk struct {
	ID     epoch.ConversationID
	Writer *Person
	Reader *Person

	index      uint64 // the writer's slot
	number     epoch.Number
	standing   *epoch.ID // nil before the first epoch
	generation uint64
	seen       epoch.Seen // everything written so far
}

// NewTalk gives a conversation before its first epoch.
func NewTalk(writer, reader *Person) *Talk {
	t := &Talk{ID: epoch.DirectID(writer.Account, reader.Account), Writer: writer, Reader: reader}
	t.seen.Log = epoch.LogStart(t.ID)
	if bytes.Compare(writer.Account[:], reader.Account[:]) > 0 {
		t.index = 1
	}
	return t
}

// wrapSize is about that of a real wrap.
const wrapSize = 1600

// Commit makes the commit that opens the next epoch. The talk goes on as if it were stored.
func (t *Talk) Commit() (wire.Commit, error) {
	h := &epoch.Header{
		Suite: epoch.Suite, Conversation: t.ID, Creator: t.Writer.Device, Time: uint64(time.Now().Unix()), Seen: t.seen,
		Roster: []epoch.Member{t.Writer.member(), t.Reader.member()},
	}
	wrap := random(wrapSize)
	hash := sha256.Sum256(wrap)
	request, hashes := wire.Commit{Conversation: t.ID, Wraps: [][]byte{nil, wrap}}, [][]byte{nil, hash[:]}
	if t.index == 1 {
		for _, list := range [][][]byte{request.Wraps, hashes} {
			list[0], list[1] = list[1], list[0]
		}
		h.Roster[0], h.Roster[1] = h.Roster[1], h.Roster[0]
	}
	if t.standing != nil {
		h.Number, h.Prev = t.number+1, t.standing[:]
	}
	var err error
	if request.Commit, err = epoch.SignCommit(rand.Reader, t.Writer.signer, h, [32]byte(random(32)), hashes); err != nil {
		return wire.Commit{}, err
	}
	parsed, err := epoch.ParseCommit(request.Commit)
	if err != nil {
		return wire.Commit{}, fmt.Errorf("own commit: %w", err)
	}
	t.number, t.standing, t.generation = h.Number, &parsed.ID, 0
	t.wrote(epoch.KindCommit, request.Commit)
	return request, nil
}

// StoreCommit is a commit as the store takes it.
func (t *Talk) StoreCommit(c wire.Commit) (store.Commit, error) {
	parsed, err := epoch.ParseCommit(c.Commit)
	if err != nil {
		return store.Commit{}, err
	}
	return store.Commit{Sender: t.Writer.Sender(), Header: parsed.Header, ID: parsed.ID, Event: c.Commit, Wraps: c.Wraps}, nil
}

// Left is how many more messages the epoch takes.
func (t *Talk) Left() int { return epoch.MaxEvents - 1 - int(t.generation) }

// Seal makes the writer's next message as an event of exactly size bytes: of random bytes under a random key.
func (t *Talk) Seal(size int) wire.Message {
	event := seal(t.place(), size)
	t.generation++
	t.wrote(epoch.KindMessage, event)
	return wire.Message{Conversation: t.ID, Event: event}
}

// StoreMessage is the writer's next message as the store takes it, with the bytes of any event: the store does not
// look into them.
func (t *Talk) StoreMessage(event []byte) store.Message {
	place := t.place()
	t.generation++
	t.wrote(epoch.KindMessage, event)
	return store.Message{Sender: t.Writer.Sender(), Place: place, Event: event}
}

// wrote takes an event of the writer's into the log chain: nobody else writes here.
func (t *Talk) wrote(kind epoch.Kind, event []byte) {
	t.seen.Position++
	t.seen.Log = epoch.LogNext(t.ID, t.seen.Position, t.seen.Log, kind, sha256.Sum256(event))
}

func (t *Talk) place() epoch.Place {
	return epoch.Place{Conversation: t.ID, Number: t.number, Index: t.index, Generation: t.generation}
}

// seal makes a COSE_Encrypt0 of size bytes, or the smallest there is.
func seal(place epoch.Place, size int) []byte {
	aead := cose.Native{}.AEAD(cose.Secret(random(cose.SecretSize)))
	encoded := cose.Marshal(place)
	event := func(n int) []byte {
		return cose.Seal(aead, [cose.NonceSize]byte(random(cose.NonceSize)), epoch.TypeMessage, encoded, nil, random(n))
	}
	around := len(event(1024)) - 1024 // lengths of 256 to 65,535 bytes take the same room
	return event(max(size-around, 0))
}

func random(n int) []byte {
	b := make([]byte, n)
	_, _ = rand.Read(b) // never fails
	return b
}
