// Package judge gives the vectors to Sotto's own code, through the interfaces that the rest of Sotto uses, and says
// what became of them.
//
// What only the inside of package conversation can do (the key schedule, wraps, padding, the state of a group) is judged by that package's
// tests.
package judge

import (
	"crypto"
	"crypto/rsa"
	"errors"
	"fmt"
	"maps"
	"slices"

	"sotto/wasm/account"
	"sotto/wasm/conversation"
	"sotto/wasm/cose"
	"sotto/wasm/epoch"
	"sotto/wasm/kem"
	"sotto/wasm/vectors/vector"
)

// Bench is what the vectors are tried on.
type Bench struct {
	Primitives cose.Primitives
	// Open gives the holder of a fixed private key: natively the key itself.
	Open func(*rsa.PrivateKey) (crypto.Decrypter, error)
}

// Output is what a reader got out of a case, named as in the case's "out".
type Output map[string]any

type reader func(Bench, vector.Case) (Output, error)

// readers has one reader for each object it can judge.
var readers = map[string]reader{
	"rsa-key": rsaKey, "sign1": sign1, "encrypt0": encrypt0, "expand": expand, "extract": extract, "mac": mac,
	"composite-key": compositeKey, "kem": decapsulate, "person": person,
	"chain": chain, "prekey": prekey, "login": login, "safety-number": safetyNumber, "code": code, "handle": handle,
	"direct-id": directID, "log-chain": logChain, "header": header, "commit": commit, "commit-rules": commitRules,
	"body": body, "opening": opening, "receipt": receipt, "activity": activity, "frame": frame,
	"group-id": groupID, "join": join, "rejoin": rejoin, "leave": leave, "room-link": roomLink, "group-rules": groupRules,
	"group-opening": groupOpening, "entering": entering,
}

// Objects names what [Judge] can judge, in order.
func Objects() []string { return slices.Sorted(maps.Keys(readers)) }

// Judge runs a case and returns what is wrong with the result, nil when it is as the case says.
func Judge(b Bench, object string, c vector.Case) error {
	out, err := readers[object](b, c)
	if got := Outcome(err); got != c.Outcome {
		return fmt.Errorf("outcome %s (%v), want %s", got, err, c.Outcome)
	}
	if err != nil {
		return nil
	}
	for name, want := range c.Out {
		value, ok := out[name]
		if !ok {
			if len(name) > 4 && name[:4] == "aid-" {
				continue
			}
			return fmt.Errorf("no %s", name)
		}
		if got := write(value); got != want {
			return fmt.Errorf("%s is %s, want %s", name, got, want)
		}
	}
	return nil
}

func write(value any) string {
	switch v := value.(type) {
	case string:
		return v
	case []byte:
		return fmt.Sprintf("%x", v)
	case [32]byte:
		return fmt.Sprintf("%x", v[:])
	case [][]byte:
		return vector.Hex(v...)
	}
	return fmt.Sprint(value)
}

// named is an error that has the outcome's name already.
type named string

func (n named) Error() string { return string(n) }

// causeOf names why a conversation refused an event or receipt.
func causeOf(err error) error {
	switch {
	case err == nil:
		return nil
	case errors.Is(err, conversation.ErrAhead):
		return named("ahead")
	case errors.Is(err, conversation.ErrOld):
		return named("old")
	}
	return named(conversation.CauseOf(err))
}

// outcomes pairs errors with the names of the vectors; the first that fits counts.
var outcomes = []struct {
	err  error
	name string
}{
	{cose.ErrTooLarge, "too-large"}, {cose.ErrKey, "key"}, {kem.ErrKey, "key"}, {cose.ErrType, "type"}, {cose.ErrSignature, "signature"},
	{cose.ErrDecrypt, "decrypt"}, {kem.ErrDecapsulate, "decapsulate"},
	{account.ErrVersion, "version"}, {account.ErrNumber, "number"}, {account.ErrPrev, "prev"}, {account.ErrForeign, "foreign"},
	{account.ErrInactive, "inactive"}, {account.ErrDuplicate, "duplicate"}, {account.ErrRequest, "request"}, {account.ErrTime, "time"},
	{account.ErrLong, "too-large"}, {account.ErrOrigin, "origin"}, {account.ErrNonce, "nonce"}, {account.ErrCode, "code"}, {account.ErrHandle, "handle"},
	{epoch.ErrSuite, "suite"}, {epoch.ErrConversation, "conversation"}, {epoch.ErrNumber, "number"}, {epoch.ErrPrev, "prev"},
	{epoch.ErrTime, "time"}, {epoch.ErrCreator, "creator"}, {epoch.ErrNotMember, "not-member"}, {epoch.ErrNotAllowed, "not-allowed"},
	{epoch.ErrLink, "link"}, {epoch.ErrHead, "head"}, {epoch.ErrDevices, "devices"}, {conversation.ErrNewer, "newer"}, {cose.ErrMalformed, "malformed"},
}

// Outcome gives the name of how reading ended.
func Outcome(err error) string {
	var n named
	if err == nil {
		return vector.OK
	}
	if errors.As(err, &n) {
		return string(n)
	}
	for _, o := range outcomes {
		if errors.Is(err, o.err) {
			return o.name
		}
	}
	return "unknown"
}
