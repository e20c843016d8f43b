package relaytest

import (
	"context"
	"testing"

	"sotto/wasm/epoch"
	"sotto/wasm/wire"
)

// Conn is a client's end of a connection.
type Conn interface {
	Read(ctx context.Context) ([]byte, error)
	Write(ctx context.Context, data []byte) error
	Close() error
}

// Client is one session.
type Client struct {
	testing.TB
	Conn   Conn
	Hello  wire.Hello
	Pushes []wire.Frame // that came while the client waited for something else
	id     uint64
}

// NewClient waits for the relay's hello.
func NewClient(t testing.TB, conn Conn) *Client {
	t.Helper()
	c := &Client{TB: t, Conn: conn}
	if err := wire.DecodeBody(c.Next(), &c.Hello); err != nil {
		t.Fatal(err)
	}
	return c
}

// Next reads the next frame.
func (c *Client) Next() wire.Frame {
	c.Helper()
	data, err := c.Conn.Read(context.Background())
	if err != nil {
		c.Fatalf("read a frame: %v", err)
	}
	f, err := wire.Decode(data)
	if err != nil {
		c.Fatal(err)
	}
	return f
}

// Start sends a request and gives its id.
func (c *Client) Start(body wire.Body) uint64 {
	c.Helper()
	c.id++
	if err := c.Conn.Write(context.Background(), wire.Encode(c.id, body)); err != nil {
		c.Fatalf("write a frame: %v", err)
	}
	return c.id
}

// Answer waits for the answer to a request. Pushes that come before it are kept.
func (c *Client) Answer(id uint64) wire.Frame {
	c.Helper()
	for {
		f := c.Next()
		if f.ID == id {
			return f
		}
		if f.ID != 0 {
			c.Fatalf("answer to %d while waiting for %d", f.ID, id)
		}
		c.Pushes = append(c.Pushes, f)
	}
}

// Refused sends a request and gives the error that answers it, the zero one when it succeeds.
func (c *Client) Refused(body wire.Body) wire.Error {
	c.Helper()
	f := c.Answer(c.Start(body))
	if f.Kind != wire.KindError {
		return wire.Error{}
	}
	return read[wire.Error](c, f)
}

// Push waits for the next push.
func (c *Client) Push() wire.Frame {
	c.Helper()
	if len(c.Pushes) > 0 {
		f := c.Pushes[0]
		c.Pushes = c.Pushes[1:]
		return f
	}
	f := c.Next()
	if f.ID != 0 {
		c.Fatalf("answer to %d while waiting for a push", f.ID)
	}
	return f
}

// Event waits for the next push, which must be an event.
func (c *Client) Event() wire.EventPush {
	c.Helper()
	return read[wire.EventPush](c, c.Push())
}

// Do sends a request and gives the answer, which must be an A.
func Do[A any, P interface {
	*A
	wire.Body
}](c *Client, body wire.Body) A {
	c.Helper()
	return Read[A, P](c, c.Answer(c.Start(body)))
}

// Read decodes a frame that must hold an A.
func Read[A any, P interface {
	*A
	wire.Body
}](c *Client, f wire.Frame) A {
	c.Helper()
	var a A
	if f.Kind == wire.KindError {
		c.Fatalf("refused: %v", read[wire.Error](c, f))
	}
	if err := wire.DecodeBody(f, P(&a)); err != nil {
		c.Fatal(err)
	}
	return a
}

func read[A any, P interface {
	*A
	wire.Body
}](c *Client, f wire.Frame) A {
	c.Helper()
	var a A
	if err := wire.DecodeBody(f, P(&a)); err != nil {
		c.Fatal(err)
	}
	return a
}

// Register makes the person's account and logs in.
func (c *Client) Register(p *Person) {
	c.Helper()
	Do[wire.Done](c, p.Registration(c, c.Hello))
}

// Login logs a person's device in.
func (c *Client) Login(p *Person) {
	c.Helper()
	Do[wire.Done](c, wire.Login{Login: p.Sign(c, c.Hello.Origin, c.Hello.Nonce)})
}

// Open stores the next commit of a conversation by a person and takes it into the log.
func (c *Client) Open(d *Conversation, by *Person) wire.Stored {
	c.Helper()
	commit := d.Commit(c, by, d.Header(by))
	stored := Do[wire.Stored](c, commit)
	d.Take(c, epoch.KindCommit, commit.Commit)
	return stored
}

// Sync takes what the relay has of a conversation and the log does not.
func (c *Client) Sync(d *Conversation) {
	c.Helper()
	for {
		page := Do[wire.Page](c, wire.Fetch{Conversation: d.ID, After: d.Seen.Position})
		for _, e := range page.Events {
			d.Take(c, e.Kind, e.Event)
		}
		if page.Head.Position == d.Seen.Position {
			return
		}
	}
}
