package account

import (
	"bytes"
	"encoding/base64"
	"errors"
	"fmt"
	"strings"

	"sotto/wasm/cose"
)

// SafetyNumber is what two people compare to know that each has the other's account: 12 groups of 5 digits,
// separated by spaces, the same for both. 60 bytes = Expand(HKDF-Extract(salt = lower id, input = higher id),
// "safety number", "", 60); each group is 5 bytes, big-endian, modulo 100,000.
func SafetyNumber(a, b ID) string {
	if bytes.Compare(a[:], b[:]) > 0 {
		a, b = b, a
	}
	digits := cose.Expand(cose.Extract(cose.Secret(a), cose.Secret(b)), "safety number", nil, 60)
	groups := make([]string, 12)
	for i := range groups {
		var v uint64
		for _, x := range digits[5*i : 5*i+5] {
			v = v<<8 | uint64(x)
		}
		groups[i] = fmt.Sprintf("%05d", v%100_000)
	}
	return strings.Join(groups, " ")
}

const codePrefix = "sotto:1:"

// ErrCode is a text that is no verification code.
var ErrCode = errors.New("not a verification code")

// Code is what a verification QR code holds: both accounts with the chain heads its maker knows, lower id first.
type Code struct {
	_    struct{} `cbor:",toarray"`
	Low  CodeSide
	High CodeSide
}

// CodeSide is one account of a [Code].
type CodeSide struct {
	_       struct{} `cbor:",toarray"`
	Account ID
	Head    Head
}

// NewCode puts two accounts in order.
func NewCode(a, b CodeSide) Code {
	if bytes.Compare(a.Account[:], b.Account[:]) > 0 {
		a, b = b, a
	}
	return Code{Low: a, High: b}
}

// Text is the code's text: "sotto:1:" and base64url of CBOR [ [account, head], [account, head] ].
func (c Code) Text() string {
	return codePrefix + base64.RawURLEncoding.EncodeToString(cose.Marshal(c))
}

// ParseCode reads a code's text. It returns [ErrCode].
func ParseCode(text string) (Code, error) {
	rest, ok := strings.CutPrefix(text, codePrefix)
	if !ok {
		return Code{}, ErrCode
	}
	data, err := base64.RawURLEncoding.Strict().DecodeString(rest)
	if err != nil {
		return Code{}, ErrCode
	}
	var c Code
	if err := cose.Unmarshal(data, &c, 256); err != nil {
		return Code{}, ErrCode
	}
	if bytes.Compare(c.Low.Account[:], c.High.Account[:]) >= 0 || c.Text() != text { // base64 passes over line breaks
		return Code{}, ErrCode
	}
	return c, nil
}
