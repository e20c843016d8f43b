package account

import (
	"bytes"
	"crypto"
	"errors"
	"fmt"
	"io"
	"slices"

	"sotto/wasm/check"
	"sotto/wasm/cose"
)

// Limits of a chain.
const (
	MaxLinks   = 1024
	MaxDevices = 32 // active at one time
)

// Why a link or a chain is refused.
var (
	ErrVersion   = errors.New("unknown version")
	ErrID        = errors.New("account id is not the hash of link 0")
	ErrNumber    = errors.New("link has another number than its place")
	ErrPrev      = errors.New("link does not follow the one before")
	ErrForeign   = errors.New("link or request is for another account")
	ErrInactive  = errors.New("device is not active in the account")
	ErrDuplicate = errors.New("device was in the account before")
	ErrRequest   = errors.New("device did not ask to be added here and now")
	ErrTime      = errors.New("link is older than the one before")
	ErrLong      = errors.New("chain is too long or has too many devices")
)

// Device is a device of an account with the numbers of the links between which it is active.
type Device struct {
	ID      DeviceID
	Key     cose.RSAKey
	Added   uint64
	Revoked uint64 // 0: it is active
}

func (d Device) activeAt(number uint64) bool {
	return d.Added <= number && (d.Revoked == 0 || d.Revoked > number)
}

// Chain is an account's chain whose every link was verified. It only grows.
type Chain struct {
	id      ID
	hashes  [][32]byte
	time    uint64
	devices []Device // by id
}

// Create makes link 0 by the first device's signer and gives it with the chain that it starts.
func Create(random io.Reader, signer crypto.Signer, key cose.RSAKey, seconds uint64) ([]byte, *Chain, error) {
	device := DeviceID(key.Thumbprint())
	link, err := SignLink(random, signer, device, Link{Kind: LinkCreate, Time: seconds, Key: key})
	if err != nil {
		return nil, nil, err
	}
	signed, err := cose.ParseSign1(link, TypeLink, MaxLinkBytes)
	if err != nil {
		return nil, nil, err
	}
	return link, startChain(signed.Hash(), device, key, seconds), nil
}

func startChain(hash [32]byte, device DeviceID, key cose.RSAKey, seconds uint64) *Chain {
	return &Chain{id: ID(hash), hashes: [][32]byte{hash}, time: seconds, devices: []Device{{ID: device, Key: key}}}
}

// ParseChain verifies a whole chain, link 0 first.
func ParseChain(p cose.Primitives, links [][]byte) (*Chain, error) {
	if len(links) == 0 {
		return nil, fmt.Errorf("chain: %w: no link", cose.ErrMalformed)
	}
	l, signed, err := parseLink(links[0])
	if err != nil {
		return nil, err
	}
	if l.Kind != LinkCreate {
		return nil, fmt.Errorf("link 0: %w", ErrNumber)
	}
	if err := signed.Verify(p, l.Key); err != nil {
		return nil, fmt.Errorf("link 0: %w", err)
	}
	c := startChain(signed.Hash(), DeviceID(l.Key.Thumbprint()), l.Key, l.Time)
	for _, link := range links[1:] {
		if c, err = c.Append(p, link); err != nil {
			return nil, err
		}
	}
	return c, nil
}

// Append verifies one more link and gives the longer chain. c stays as it is.
func (c *Chain) Append(p cose.Primitives, link []byte) (*Chain, error) {
	l, signed, err := parseLink(link)
	if err != nil {
		return nil, err
	}
	if err := c.follows(l); err != nil {
		return nil, fmt.Errorf("link %d: %w", l.Number, err)
	}
	signer, ok := c.device(DeviceID(signed.Kid))
	if !ok || signer.Revoked != 0 && !check.Off(check.LinkSigner) {
		return nil, fmt.Errorf("link %d: signer: %w", l.Number, ErrInactive)
	}
	if err := signed.Verify(p, signer.Key); err != nil {
		return nil, fmt.Errorf("link %d: %w", l.Number, err)
	}
	next := &Chain{id: c.id, hashes: append(slices.Clone(c.hashes), signed.Hash()), time: l.Time, devices: slices.Clone(c.devices)}
	if l.Kind == LinkAdd {
		err = next.add(p, l)
	} else {
		err = next.revoke(l)
	}
	if err != nil {
		return nil, fmt.Errorf("link %d: %w", l.Number, err)
	}
	return next, nil
}

func (c *Chain) follows(l Link) error {
	switch {
	case l.Kind == LinkCreate || l.Number != uint64(len(c.hashes)) && !check.Off(check.LinkNext):
		return ErrNumber
	case l.Account != c.id && !check.Off(check.LinkNext):
		return ErrForeign
	case l.Prev != c.Head().Hash && !check.Off(check.LinkNext):
		return ErrPrev
	case l.Time < c.time && !check.Off(check.LinkNext):
		return ErrTime
	case len(c.hashes) >= MaxLinks:
		return ErrLong
	}
	return nil
}

func (c *Chain) add(p cose.Primitives, l Link) error {
	r, err := parseRequest(p, l.Request)
	if err != nil {
		return err
	}
	id := DeviceID(r.Key.Thumbprint())
	_, known := c.device(id)
	switch {
	case r.Account != c.id && !check.Off(check.RequestAccount):
		return ErrForeign
	case known:
		return ErrDuplicate
	case (r.Head.Number >= l.Number || !c.Has(r.Head) || r.Expiry < l.Time) && !check.Off(check.RequestFresh):
		return ErrRequest
	case len(c.Active()) >= MaxDevices:
		return ErrLong
	}
	at, _ := c.find(id)
	c.devices = slices.Insert(c.devices, at, Device{ID: id, Key: r.Key, Added: l.Number})
	return nil
}

func (c *Chain) revoke(l Link) error {
	for i := range c.devices {
		if d := &c.devices[i]; d.ID == l.Device && d.Revoked == 0 {
			d.Revoked = l.Number
			return nil
		}
	}
	return fmt.Errorf("revoke: %w", ErrInactive)
}

// ID is the account's id: the hash of link 0.
func (c *Chain) ID() ID { return c.id }

// Head names the newest link.
func (c *Chain) Head() Head {
	last := len(c.hashes) - 1
	return Head{Number: uint64(last), Hash: c.hashes[last]}
}

// Has says whether h names a link of this chain: the chain equals or extends the one that had this head.
func (c *Chain) Has(h Head) bool {
	return h.Number < uint64(len(c.hashes)) && c.hashes[h.Number] == h.Hash
}

// Devices gives every device that is or was in the account, ordered by id.
func (c *Chain) Devices() []Device { return slices.Clone(c.devices) }

// Active gives the active devices at the head, ordered by id.
func (c *Chain) Active() []Device { return c.ActiveAt(uint64(len(c.hashes) - 1)) }

// ActiveAt gives the devices that were active when link number was the newest, ordered by id.
func (c *Chain) ActiveAt(number uint64) []Device {
	var active []Device
	for _, d := range c.devices {
		if d.activeAt(number) {
			active = append(active, d)
		}
	}
	return active
}

// Key gives the signing key of a device that is or was in the account.
func (c *Chain) Key(id DeviceID) (cose.RSAKey, bool) {
	d, ok := c.device(id)
	return d.Key, ok
}

func (c *Chain) device(id DeviceID) (Device, bool) {
	i, ok := c.find(id)
	if !ok {
		return Device{}, false
	}
	return c.devices[i], true
}

// find gives the place of a device among all, or where it would stand.
func (c *Chain) find(id DeviceID) (int, bool) {
	return slices.BinarySearchFunc(c.devices, id, func(d Device, id DeviceID) int { return bytes.Compare(d.ID[:], id[:]) })
}
