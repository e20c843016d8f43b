package raw

import (
	"context"
	"errors"
	"fmt"

	"sotto/wasm/wire"
)

// Session is a client's session with the relay. Requests are made one after another.
type Session struct {
	*Conn
	Hello wire.Hello
	id    uint64
}

// Open connects and waits for the relay's hello. buffer is as in [Dial].
func Open(ctx context.Context, origin string, buffer int) (*Session, error) {
	conn, err := Dial(ctx, origin, buffer)
	if err != nil {
		return nil, err
	}
	s := &Session{Conn: conn}
	data, err := conn.Read()
	if err == nil {
		var f wire.Frame
		if f, err = wire.Decode(data); err == nil {
			err = wire.DecodeBody(f, &s.Hello)
		}
	}
	if err != nil {
		_ = conn.Close()
		return nil, fmt.Errorf("wait for hello: %w", err)
	}
	return s, nil
}

// Enter opens a session and logs the person in, or registers them when they are new.
func Enter(ctx context.Context, origin string, p *Person, buffer int) (*Session, error) {
	s, err := Open(ctx, origin, buffer)
	if err != nil {
		return nil, err
	}
	login, err := p.login(s.Hello)
	if err == nil && p.known {
		_, err = Ask[wire.Done](s, wire.Login{Login: login})
	} else if err == nil {
		_, err = Ask[wire.Done](s, wire.Register{Link: p.Link, Prekey: p.Signed, Handle: p.Handle, Login: login})
	}
	if err != nil {
		_ = s.Close()
		return nil, fmt.Errorf("enter as %s: %w", p.Handle, err)
	}
	if !p.known {
		p.known = true // the sessions that come after may be opened at once
	}
	return s, nil
}

// Request encodes a request under the next id.
func (s *Session) Request(body wire.Body) []byte {
	s.id++
	return wire.Encode(s.id, body)
}

// Ask sends a request and gives the answer, which must be an A. Pushes that come before it are dropped.
func Ask[A any, P interface {
	*A
	wire.Body
}](s *Session, body wire.Body) (A, error) {
	var answer A
	if err := s.Write(s.Request(body)); err != nil {
		return answer, err
	}
	for {
		data, err := s.Read()
		if err != nil {
			return answer, err
		}
		f, err := wire.Decode(data)
		switch {
		case err != nil:
			return answer, err
		case f.ID == 0:
			continue
		case f.ID != s.id:
			return answer, fmt.Errorf("answer to request %d while waiting for %d", f.ID, s.id)
		}
		return answer, Decode(f, P(&answer))
	}
}

// Decode reads an answer into body; a refusal is a [wire.Error].
func Decode[B any, P interface {
	*B
	wire.Body
}](f wire.Frame, body P) error {
	if f.Kind == wire.KindError {
		var refused wire.Error
		return errors.Join(wire.DecodeBody(f, &refused), refused)
	}
	return wire.DecodeBody(f, body)
}

// IsAnswer says whether an encoded frame answers a request; else it is a push. It reads the first bytes alone: a frame
// is [ kind, id, body ], and a push has id 0 and a kind of one byte after its first.
func IsAnswer(frame []byte) bool {
	const array3, uint8Follows = 0x83, 0x18
	push := len(frame) > 3 && frame[0] == array3 && frame[1] == uint8Follows && frame[3] == 0
	return !push
}
