package account

import (
	"crypto"
	"fmt"
	"io"

	"sotto/wasm/cose"
)

// Header 16 of a chain link and of a new device's request.
const (
	TypeLink    cose.Type = "application/vnd.sotto.link"
	TypeRequest cose.Type = "application/vnd.sotto.device-request"
)

// MaxLinkBytes bounds a link with all it carries.
const MaxLinkBytes = 4096

const linkVersion = 1

// LinkKind says what a link does.
type LinkKind uint64

// The kinds of links.
const (
	LinkCreate LinkKind = 1
	LinkAdd    LinkKind = 2
	LinkRevoke LinkKind = 3
)

// Head names the newest link of a chain: its number and the SHA-256 of what it signs.
type Head struct {
	_      struct{} `cbor:",toarray"`
	Number uint64
	Hash   [32]byte
}

// Link is what a link says.
type Link struct {
	Kind    LinkKind
	Account ID          // zero in link 0, whose hash it is
	Number  uint64      // 0, 1, 2 …
	Prev    [32]byte    // hash of the link before; zero in link 0
	Time    uint64      // seconds since 1970, by the clock of who signed
	Key     cose.RSAKey // create: the first device's signing key
	Request []byte      // add-device: the new device's signed request
	Device  DeviceID    // revoke-device
}

type linkArray struct {
	_       struct{} `cbor:",toarray"`
	Version uint64
	Kind    LinkKind
	Account []byte
	Number  uint64
	Prev    []byte
	Time    uint64
	Body    cose.Raw
}

type keyBody struct {
	_   struct{} `cbor:",toarray"`
	Key cose.Raw
}

type requestBody struct {
	_       struct{} `cbor:",toarray"`
	Request []byte
}

type deviceBody struct {
	_      struct{} `cbor:",toarray"`
	Device DeviceID
}

// SignLink makes the link l by the key of device.
func SignLink(random io.Reader, signer crypto.Signer, device DeviceID, l Link) ([]byte, error) {
	a := linkArray{Version: linkVersion, Kind: l.Kind, Number: l.Number, Time: l.Time, Body: l.body()}
	if l.Kind != LinkCreate {
		a.Account, a.Prev = l.Account[:], l.Prev[:]
	}
	return cose.Sign(random, signer, cose.Thumbprint(device), TypeLink, cose.Marshal(a))
}

func (l Link) body() []byte {
	switch l.Kind {
	case LinkCreate:
		return cose.Marshal(keyBody{Key: l.Key.Bytes()})
	case LinkAdd:
		return cose.Marshal(requestBody{Request: l.Request})
	default:
		return cose.Marshal(deviceBody{Device: l.Device})
	}
}

func parseLink(data []byte) (Link, *cose.Sign1, error) {
	signed, err := cose.ParseSign1(data, TypeLink, MaxLinkBytes)
	if err != nil {
		return Link{}, nil, err
	}
	var a linkArray
	if err := cose.Unmarshal(signed.Payload, &a, MaxLinkBytes); err != nil {
		return Link{}, nil, fmt.Errorf("link: %w", err)
	}
	if a.Version != linkVersion {
		return Link{}, nil, fmt.Errorf("link: %w: %d", ErrVersion, a.Version)
	}
	l := Link{Kind: a.Kind, Number: a.Number, Time: a.Time}
	if err := l.place(a); err != nil {
		return Link{}, nil, err
	}
	return l, signed, l.parseBody(a.Body)
}

// place takes account and prev, which link 0 has not and every other link has.
func (l *Link) place(a linkArray) error {
	if a.Kind == LinkCreate {
		if a.Number != 0 || len(a.Account) != 0 || len(a.Prev) != 0 {
			return fmt.Errorf("link: %w: create names an account or has a number", cose.ErrMalformed)
		}
		return nil
	}
	if a.Number == 0 || len(a.Account) != len(l.Account) || len(a.Prev) != len(l.Prev) {
		return fmt.Errorf("link: %w: account, number or prev", cose.ErrMalformed)
	}
	l.Account, l.Prev = ID(a.Account), [32]byte(a.Prev)
	return nil
}

func (l *Link) parseBody(data []byte) error {
	var err error
	switch l.Kind {
	case LinkCreate:
		var b keyBody
		if err = cose.Unmarshal(data, &b, MaxLinkBytes); err == nil {
			l.Key, err = cose.ParseRSAKey(b.Key)
		}
	case LinkAdd:
		var b requestBody
		err = cose.Unmarshal(data, &b, MaxLinkBytes)
		l.Request = b.Request
	case LinkRevoke:
		var b deviceBody
		err = cose.Unmarshal(data, &b, MaxLinkBytes)
		l.Device = b.Device
	default:
		return fmt.Errorf("link: %w: kind %d", cose.ErrMalformed, l.Kind)
	}
	if err != nil {
		return fmt.Errorf("link %d: %w", l.Number, err)
	}
	return nil
}
