package web

import (
	"bufio"
	"bytes"
	"errors"
	"net"
	"net/http"
	"os"
	"sync"
	"time"
)

// Sizes of what a session keeps while it is idle. The reader's is small: larger reads go past it. The writer's holds
// a frame's header; bodies go past it into the line.
const (
	readBuffer  = 1 << 10
	writeBuffer = 64
)

// hijacker takes the connection out of net/http without its buffers.
type hijacker struct {
	http.ResponseWriter
	timeout time.Duration
	line    *line
}

// Hijack implements [http.Hijacker].
func (h *hijacker) Hijack() (net.Conn, *bufio.ReadWriter, error) {
	conn, old, err := http.NewResponseController(h.ResponseWriter).Hijack()
	if err != nil {
		return nil, nil, err
	}
	early, err := old.Reader.Peek(old.Reader.Buffered()) // of a client that did not wait for the handshake
	if err != nil {
		return nil, nil, errors.Join(err, conn.Close())
	}
	h.line = &line{Conn: conn, timeout: h.timeout, early: bytes.Clone(early)}
	return h.line, h.line.buffered(), nil
}

// line is a connection that can hold back what is written, to send several frames with one call to the network, and
// that gives up on a client that does not read.
type line struct {
	net.Conn
	timeout time.Duration
	early   []byte // read before the connection was taken

	mu     sync.Mutex
	held   *bytes.Buffer // while holding back
	broken error         // once a write has failed: the stream may end within a frame
}

// buffered gives the small buffers that a session keeps.
func (l *line) buffered() *bufio.ReadWriter {
	return bufio.NewReadWriter(bufio.NewReaderSize(l, readBuffer), bufio.NewWriterSize(l, writeBuffer))
}

// maxHeld is how much is held back before it is sent.
const maxHeld = 64 << 10

var buffers = sync.Pool{New: func() any { return new(bytes.Buffer) }}

// buffer takes an empty buffer, which goes back with buffers.Put.
func buffer() *bytes.Buffer {
	b := buffers.Get().(*bytes.Buffer)
	b.Reset()
	return b
}

// Read implements [net.Conn].
func (l *line) Read(p []byte) (int, error) {
	if len(l.early) > 0 {
		n := copy(p, l.early)
		l.early = l.early[n:]
		return n, nil
	}
	return l.Conn.Read(p)
}

// Write implements [net.Conn].
func (l *line) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.held == nil {
		return len(p), l.send(p)
	}
	if l.held.Len()+len(p) > maxHeld {
		if err := l.flush(); err != nil {
			return 0, err
		}
	}
	if len(p) > maxHeld {
		return len(p), l.send(p)
	}
	return l.held.Write(p)
}

// hold keeps what is written from here on until release.
func (l *line) hold() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.held = buffer()
}

// release sends what was held back.
func (l *line) release() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	err := l.flush()
	buffers.Put(l.held)
	l.held = nil
	return err
}

// flush sends what is held. Called with mu held.
func (l *line) flush() error {
	defer l.held.Reset()
	if l.held.Len() == 0 {
		return l.broken
	}
	return l.send(l.held.Bytes())
}

// send writes to the network. Called with mu held.
func (l *line) send(p []byte) error {
	if l.broken != nil {
		return l.broken
	}
	if err := l.Conn.SetWriteDeadline(time.Now().Add(l.timeout)); err != nil {
		l.broken = err
		return err
	}
	if _, err := l.Conn.Write(p); err != nil {
		l.broken = err
	}
	return l.broken
}

// failed gives how a write has failed, if one has.
func (l *line) failed() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.broken
}

// late says that a client did not read in time.
func late(err error) bool { return errors.Is(err, os.ErrDeadlineExceeded) }
