package hostile

import (
	"context"
	"crypto/rand"
	"io"
	"sync"

	"sotto/wasm/account"
	"sotto/wasm/client"
	"sotto/wasm/epoch"
	"sotto/wasm/wire"
)

// Server is a relay that checks nothing: it stores whatever it is given, hands it to whoever it likes, and whoever holds
// it may put anything into any log. It is the [client.Transport] of its victims. Where each of them is to be told
// something else, a [Relay] goes between.
type Server struct {
	origin string

	mu       sync.Mutex
	accounts map[account.ID]*served
	handles  map[string]account.ID
	logs     map[epoch.ConversationID]*log
	links    map[*link]bool
}

// served is an account as the server shows it.
type served struct {
	handle  string
	links   [][]byte
	prekeys map[account.DeviceID][]byte
}

// log is a conversation as the server keeps it.
type log struct {
	events   []stored
	accounts map[account.ID]bool // of every roster there was: who was removed is served on
	receipts map[account.DeviceID][]byte
	count    uint64       // of receipts
	epochs   epoch.Number // how many the server takes to be open
	closed   bool         // somebody left: the next is a commit
	asks     map[account.DeviceID]wire.Asked
}

type stored struct {
	event wire.Event // without a wrap
	wraps map[account.DeviceID][]byte
}

// NewServer gives a server that its victims believe to be at origin.
func NewServer(origin string) *Server {
	return &Server{
		origin: origin, accounts: map[account.ID]*served{}, handles: map[string]account.ID{},
		logs: map[epoch.ConversationID]*log{}, links: map[*link]bool{},
	}
}

// Enrol gives a liar's account the server's word: its handle, its chain and its prekey, as they are now.
func (s *Server) Enrol(m *Member) {
	s.mu.Lock()
	defer s.mu.Unlock()
	a := &served{handle: m.Handle, links: m.Links, prekeys: map[account.DeviceID][]byte{m.Device: m.Signed}}
	s.accounts[m.Chain.ID()], s.handles[m.Handle] = a, m.Chain.ID()
}

// Show makes the server show an account with these links and prekeys from now on; a nil leaves them as they are.
func (s *Server) Show(id account.ID, links [][]byte, prekeys map[account.DeviceID][]byte) {
	s.mu.Lock()
	defer s.mu.Unlock()
	a := s.accounts[id]
	if links != nil {
		a.links = links
	}
	if prekeys != nil {
		a.prekeys = prekeys
	}
}

// Shown gives an account's links and prekeys as the server shows them.
func (s *Server) Shown(id account.ID) (links [][]byte, prekeys map[account.DeviceID][]byte) {
	s.mu.Lock()
	defer s.mu.Unlock()
	a, ok := s.accounts[id]
	if !ok {
		return nil, nil
	}
	prekeys = map[account.DeviceID][]byte{}
	for d, p := range a.prekeys {
		prekeys[d] = p
	}
	return a.links, prekeys
}

// Point makes a handle point to an account.
func (s *Server) Point(handle string, id account.ID) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.handles[handle] = id
}

// Append puts an event at the end of a log and pushes it to everyone who ever was in it, a commit with the wrap of each
// device.
func (s *Server) Append(id epoch.ConversationID, kind epoch.Kind, event []byte, wraps map[account.DeviceID][]byte) epoch.Position {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.append(id, kind, event, wraps)
}

func (s *Server) append(id epoch.ConversationID, kind epoch.Kind, event []byte, wraps map[account.DeviceID][]byte) epoch.Position {
	l := s.log(id)
	if kind == epoch.KindCommit {
		l.learn(event)
	}
	at := epoch.Position(len(l.events) + 1)
	e := stored{event: wire.Event{Position: at, Kind: kind, Event: event}, wraps: wraps}
	l.events = append(l.events, e)
	for k := range s.links {
		if l.accounts[k.account] {
			k.send(0, wire.EventPush{Conversation: id, Event: e.to(k.device)})
		}
	}
	return at
}

// learn takes the accounts of a commit's roster for readers.
func (l *log) learn(commit []byte) {
	if c, err := epoch.ParseCommit(commit); err == nil {
		for _, m := range c.Header.Roster {
			l.accounts[m.Account] = true
		}
	}
}

// to is the event as a device gets it.
func (e stored) to(d account.DeviceID) wire.Event {
	ev := e.event
	ev.Wrap = e.wraps[d]
	return ev
}

func (s *Server) log(id epoch.ConversationID) *log {
	l, ok := s.logs[id]
	if !ok {
		l = &log{accounts: map[account.ID]bool{}, receipts: map[account.DeviceID][]byte{}, asks: map[account.DeviceID]wire.Asked{}}
		s.logs[id] = l
	}
	return l
}

// Log gives what a log holds, as a device gets it.
func (s *Server) Log(id epoch.ConversationID, d account.DeviceID) []wire.Event {
	s.mu.Lock()
	defer s.mu.Unlock()
	var events []wire.Event
	for _, e := range s.log(id).events {
		events = append(events, e.to(d))
	}
	return events
}

// Advance makes the server take a log's epoch of this number for its newest one. Clients' commits do so by themselves.
func (s *Server) Advance(id epoch.ConversationID, newest epoch.Number) {
	s.mu.Lock()
	defer s.mu.Unlock()
	l := s.log(id)
	l.epochs, l.closed = newest+1, false
}

// Close makes the server take no more messages in a log's epoch, because somebody left.
func (s *Server) Close(id epoch.ConversationID) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.log(id).closed = true
}

// Signal pushes a receipt, or what claims to be one, to everyone.
func (s *Server) Signal(id epoch.ConversationID, from account.DeviceID, signal []byte) {
	s.mu.Lock()
	defer s.mu.Unlock()
	l := s.log(id)
	l.receipts[from] = signal
	l.count++
	for k := range s.links {
		if l.accounts[k.account] {
			k.send(0, wire.ReceiptPush{Conversation: id, Receipts: l.count, Signal: signal})
		}
	}
}

// Ask hands what a device asks of the members to everyone, or what somebody says that it asks.
func (s *Server) Ask(id epoch.ConversationID, from account.DeviceID, ask, tag []byte) {
	s.mu.Lock()
	defer s.mu.Unlock()
	l := s.log(id)
	l.asks[from] = wire.Asked{Ask: ask, Tag: tag}
	for k := range s.links {
		if l.accounts[k.account] {
			k.send(0, wire.AskPush{Conversation: id, Ask: ask, Tag: tag})
		}
	}
}

// Asked gives what a device asks.
func (s *Server) Asked(id epoch.ConversationID, from account.DeviceID) wire.Asked {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.log(id).asks[from]
}

// Receipt gives the newest receipt of a device.
func (s *Server) Receipt(id epoch.ConversationID, from account.DeviceID) []byte {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.log(id).receipts[from]
}

// Cut ends every connection.
func (s *Server) Cut() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for k := range s.links {
		k.end()
	}
}

// Dial implements [client.Transport].
func (s *Server) Dial(context.Context) (client.Conn, error) {
	k := &link{server: s, news: make(chan struct{}, 1)}
	_, _ = rand.Read(k.nonce[:]) // never fails
	s.mu.Lock()
	defer s.mu.Unlock()
	s.links[k] = true
	k.send(0, wire.Hello{Nonce: k.nonce, Time: now(), Origin: s.origin})
	return k, nil
}

// link is one client's connection. What is written to it is handled at once; answers and pushes wait until they are read.
type link struct {
	server *Server
	nonce  [wire.NonceSize]byte

	account account.ID // zero before the login; guarded by the server's mutex
	device  account.DeviceID

	mu    sync.Mutex
	out   [][]byte
	news  chan struct{} // holds one: there is something to read
	ended bool
}

func (k *link) send(id uint64, body wire.Body) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.out = append(k.out, wire.Encode(id, body))
	k.tell()
}

func (k *link) tell() {
	select {
	case k.news <- struct{}{}:
	default:
	}
}

func (k *link) end() {
	delete(k.server.links, k)
	k.mu.Lock()
	defer k.mu.Unlock()
	k.ended = true
	k.tell()
}

// Read implements [client.Conn].
func (k *link) Read(ctx context.Context) ([]byte, error) {
	for {
		k.mu.Lock()
		switch {
		case len(k.out) > 0:
			data := k.out[0]
			k.out = k.out[1:]
			k.mu.Unlock()
			return data, nil
		case k.ended:
			k.tell() // for whoever reads again
			k.mu.Unlock()
			return nil, io.EOF
		}
		k.mu.Unlock()
		select {
		case <-k.news:
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
}

// Write implements [client.Conn].
func (k *link) Write(_ context.Context, data []byte) error {
	frame, err := wire.Decode(data)
	if err != nil {
		return err
	}
	k.server.mu.Lock()
	defer k.server.mu.Unlock()
	if !k.server.links[k] {
		return io.ErrClosedPipe
	}
	k.handle(frame)
	return nil
}

// Close implements [client.Conn].
func (k *link) Close() error {
	k.server.mu.Lock()
	defer k.server.mu.Unlock()
	k.end()
	return nil
}

// Wraps gives all wraps of a commit, whomever they are for.
func (s *Server) Wraps(id epoch.ConversationID, at epoch.Position) [][]byte {
	s.mu.Lock()
	defer s.mu.Unlock()
	var wraps [][]byte
	for _, w := range s.log(id).events[at-1].wraps {
		if len(w) > 0 {
			wraps = append(wraps, w)
		}
	}
	return wraps
}
