package epoch

import (
	"crypto"
	"crypto/sha256"
	"fmt"
	"io"

	"sotto/wasm/account"
	"sotto/wasm/cose"
)

// TypeCommit is header 16 of a commit.
const TypeCommit cose.Type = "application/vnd.sotto.commit"

// MaxCommitBytes bounds a commit without its wraps.
const MaxCommitBytes = 192 << 10

// Commit is a commit that was read: well-formed in itself, its signature and place not yet checked.
type Commit struct {
	Header  *Header
	Encoded []byte   // the header as it was read
	Bound   [32]byte // H(header)
	Confirm [32]byte // HMAC under the epoch key: everyone got the same secret
	Wraps   [][]byte // SHA-256 of each device's wrap in roster order; empty for the creator and the absent
	ID      ID       // E[n]
	signed  *cose.Sign1
}

type commitArray struct {
	_       struct{} `cbor:",toarray"`
	Header  cose.Raw
	Confirm [32]byte
	Wraps   [][]byte
}

// SignCommit makes the commit of header h by its creator's signer.
func SignCommit(random io.Reader, signer crypto.Signer, h *Header, confirm [32]byte, wraps [][]byte) ([]byte, error) {
	return SignEncoded(random, signer, h.Creator, h.Bytes(), confirm, wraps)
}

// SignEncoded is [SignCommit] for a header that was encoded already: that of a large group is long.
func SignEncoded(random io.Reader, signer crypto.Signer, creator account.DeviceID, header []byte, confirm [32]byte, wraps [][]byte) ([]byte, error) {
	payload := cose.Marshal(commitArray{Header: header, Confirm: confirm, Wraps: wraps})
	return cose.Sign(random, signer, cose.Thumbprint(creator), TypeCommit, payload)
}

// ParseCommit reads a commit and checks what it is by itself. It verifies no signature: see [Commit.Check].
func ParseCommit(data []byte) (*Commit, error) {
	signed, err := cose.ParseSign1(data, TypeCommit, MaxCommitBytes)
	if err != nil {
		return nil, err
	}
	var a commitArray
	if err := cose.Unmarshal(signed.Payload, &a, MaxCommitBytes); err != nil {
		return nil, fmt.Errorf("commit: %w", err)
	}
	h, err := ParseHeader(a.Header)
	if err != nil {
		return nil, fmt.Errorf("commit: %w", err)
	}
	c := &Commit{
		Header: h, Encoded: a.Header, Bound: sha256.Sum256(a.Header), Confirm: a.Confirm, Wraps: a.Wraps, ID: signed.Hash(), signed: signed,
	}
	if cose.Thumbprint(h.Creator) != signed.Kid {
		return nil, fmt.Errorf("commit %d: %w: signed by another device", h.Number, ErrCreator)
	}
	return c, c.wrapShape()
}

// wrapShape checks that there is a wrap for each device that needs one and for no other.
func (c *Commit) wrapShape() error {
	entries := c.Header.Entries()
	if len(c.Wraps) != len(entries) {
		return fmt.Errorf("commit %d: %w: %d wraps for %d devices", c.Header.Number, cose.ErrMalformed, len(c.Wraps), len(entries))
	}
	for i, e := range entries {
		want := 32
		if e.Absent() || e.Device == c.Header.Creator {
			want = 0
		}
		if len(c.Wraps[i]) != want {
			return fmt.Errorf("commit %d: %w: wrap hash %d has %d bytes, want %d",
				c.Header.Number, cose.ErrMalformed, i, len(c.Wraps[i]), want)
		}
	}
	return nil
}
