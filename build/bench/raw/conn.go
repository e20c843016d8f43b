// Package raw speaks to the relay with as little work as can be done, so that what a benchmark measures is the relay
// and not its load: WebSockets whose messages can be counted without being copied or decoded, people whose keys are
// cheap, and events that are sealed beforehand and hold nothing. Login, commits and frames are real.
package raw

import (
	"bufio"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"

	"sotto/wasm/wire"
)

// Sizes of WebSocket frame headers (RFC 6455 §5.2) around payloads of 126 to 65,535 bytes. A client's has a mask.
const (
	HeaderFromClient = 8
	HeaderFromServer = 4
)

// Opcodes of RFC 6455 §5.2.
const (
	opBinary = 2
	opClose  = 8
	opPing   = 9
	opPong   = 10
)

const final, masked = 0x80, 0x80

// ErrClosed is how a connection ends that the relay closes.
var ErrClosed = errors.New("the relay closed the connection")

// Conn is a WebSocket of the client. One goroutine reads, one writes; a ping is answered by who reads, and must not
// come while another writes: it comes to idle connections only.
type Conn struct {
	net net.Conn
	in  *bufio.Reader
}

// readBuffer is large enough for many messages in one read.
const readBuffer = 64 << 10

// Dial connects to the relay at an origin ("http://127.0.0.1:8080"). Reads go through a buffer of so many bytes; 0 is
// one for many messages.
func Dial(ctx context.Context, origin string, buffer int) (*Conn, error) {
	u, err := url.Parse(origin)
	if err != nil {
		return nil, fmt.Errorf("dial %s: %w", origin, err)
	}
	conn, err := new(net.Dialer).DialContext(ctx, "tcp", u.Host)
	if err != nil {
		return nil, fmt.Errorf("dial %s: %w", origin, err)
	}
	if buffer == 0 {
		buffer = readBuffer
	}
	c := &Conn{net: conn, in: bufio.NewReaderSize(conn, buffer)}
	if err := c.shakeHands(origin, u.Host); err != nil {
		_ = conn.Close()
		return nil, fmt.Errorf("dial %s: %w", origin, err)
	}
	return c, nil
}

// shakeHands asks for the WebSocket. The key is the same each time: it only shows that the server knows the protocol.
func (c *Conn) shakeHands(origin, host string) error {
	_, err := fmt.Fprintf(c.net, "GET /ws HTTP/1.1\r\nHost: %s\r\nOrigin: %s\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"+
		"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Protocol: %s\r\n\r\n",
		host, origin, wire.Subprotocol)
	if err != nil {
		return err
	}
	response, err := http.ReadResponse(c.in, nil)
	if err != nil {
		return err
	}
	if response.StatusCode != http.StatusSwitchingProtocols {
		body, _ := io.ReadAll(io.LimitReader(response.Body, 200))
		return fmt.Errorf("status %d: %s", response.StatusCode, body)
	}
	return nil
}

// Write sends messages, all in one call to the network.
func (c *Conn) Write(messages ...[]byte) error {
	var out []byte
	for _, m := range messages {
		out = appendFrame(out, opBinary, m)
	}
	_, err := c.net.Write(out)
	return err
}

// appendFrame appends one frame under a mask of zeros, which leaves the payload as it is.
func appendFrame(out []byte, opcode byte, payload []byte) []byte {
	out = append(out, final|opcode)
	switch n := len(payload); {
	case n < 126:
		out = append(out, masked|byte(n))
	case n <= 0xffff:
		out = binary.BigEndian.AppendUint16(append(out, masked|126), uint16(n))
	default:
		out = binary.BigEndian.AppendUint64(append(out, masked|127), uint64(n))
	}
	return append(append(out, 0, 0, 0, 0), payload...)
}

// Read gives the next message.
func (c *Conn) Read() ([]byte, error) {
	n, err := c.next()
	if err != nil {
		return nil, err
	}
	message := make([]byte, n)
	_, err = io.ReadFull(c.in, message)
	return message, err
}

// Skip passes over the next message and gives its length.
func (c *Conn) Skip() (int, error) {
	n, err := c.next()
	if err != nil {
		return 0, err
	}
	return c.in.Discard(n)
}

// next reads up to the payload of the next message and gives its length.
func (c *Conn) next() (int, error) {
	for {
		opcode, n, err := c.header()
		switch {
		case err != nil:
			return 0, err
		case opcode == opBinary:
			return n, nil
		case opcode == opClose:
			return 0, c.closed(n)
		}
		payload := make([]byte, n)
		if _, err := io.ReadFull(c.in, payload); err != nil {
			return 0, err
		}
		if opcode == opPing {
			if _, err := c.net.Write(appendFrame(nil, opPong, payload)); err != nil {
				return 0, err
			}
		}
	}
}

// header reads a frame's header.
func (c *Conn) header() (opcode byte, n int, err error) {
	var h [10]byte
	if _, err := io.ReadFull(c.in, h[:2]); err != nil {
		return 0, 0, err
	}
	if h[0]&final == 0 || h[1]&masked != 0 {
		return 0, 0, fmt.Errorf("frame that begins %x: not a whole message of a server", h[:2])
	}
	n = int(h[1])
	switch h[1] {
	case 126:
		_, err = io.ReadFull(c.in, h[2:4])
		n = int(binary.BigEndian.Uint16(h[2:]))
	case 127:
		_, err = io.ReadFull(c.in, h[2:10])
		n = int(binary.BigEndian.Uint64(h[2:]))
	}
	if err == nil && (n < 0 || n > wire.MaxFrame) {
		err = fmt.Errorf("frame of %d bytes", n)
	}
	return h[0] &^ final, n, err
}

// closed reads the reason of a close frame.
func (c *Conn) closed(n int) error {
	payload := make([]byte, n)
	if _, err := io.ReadFull(c.in, payload); err != nil || n < 2 {
		return ErrClosed
	}
	return fmt.Errorf("%w: %s", ErrClosed, payload[2:])
}

// Close ends the connection without a word.
func (c *Conn) Close() error { return c.net.Close() }
