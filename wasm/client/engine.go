package client

import (
	"context"
	"errors"
	"strings"
	"sync"
	"time"

	"sotto/wasm/account"
	"sotto/wasm/epoch"
)

// Engine is one device's client. Make it with [New], begin with [Engine.Boot], end with [Engine.Close].
type Engine struct {
	ports  Ports
	origin string
	emit   func(Event)
	ctx    context.Context
	cancel context.CancelFunc
	work   sync.WaitGroup // every goroutine the engine started

	mu          sync.Mutex
	keys        *identity // nil until keys were made
	contacts    map[account.ID]*contact
	disputed    map[account.ID]bool // see disputes
	rooms       map[epoch.ConversationID]*room
	online      *session // nil while not logged in
	state       Connection
	skew        int64
	settings    settingsRecord
	index       *index
	export      *exporting    // nil when none was begun
	here        bool          // the person is at the page
	hereTimer   bool          // runs
	ahead       uint64        // milliseconds by which this clock is ahead of a relay that refused a header for it
	running     bool          // the connection loop
	nudge       chan struct{} // holds one: connect now
	joining     chan error    // who waits for a registration, nil if nobody
	halted      bool          // after an alarm
	refusals    int           // logins refused in a row
	prekeyTimer func()        // stops the timer of the next replacement

	life   sync.Mutex // guards closed against start
	closed bool

	identityMu sync.Mutex // held while the identity changes: one change at a time
}

// New gives an engine that speaks for the client at origin, as a browser shows it ("https://chat.example.org"), and
// tells events to emit, which must not wait and must not call the engine.
func New(ports Ports, origin string, emit func(Event)) *Engine {
	ctx, cancel := context.WithCancel(context.Background())
	e := &Engine{
		ports: ports, origin: strings.TrimSuffix(origin, "/"), emit: emit, ctx: ctx, cancel: cancel,
		contacts: map[account.ID]*contact{}, rooms: map[epoch.ConversationID]*room{},
		state: Connection{State: StateOffline}, nudge: make(chan struct{}, 1), settings: firstSettings(),
	}
	e.index = newIndex(e)
	return e
}

// Boot is what a client shows first.
type Boot struct {
	Me            *Me            `js:"me"` // null: join first
	Conversations []Conversation `js:"conversations"`
	Connection    Connection     `js:"connection"`
}

// Boot reads what is stored and, if there is an account, connects.
func (e *Engine) Boot(ctx context.Context) (Boot, error) {
	if err := e.load(ctx); err != nil {
		return Boot{}, storage(err)
	}
	e.start(e.index.build)
	if e.registered() {
		e.run()
	}
	return e.Standing(), nil
}

// Standing is what a client shows first, as it is now.
func (e *Engine) Standing() Boot {
	return Boot{Me: e.Me(), Conversations: e.Conversations(), Connection: e.Connection()}
}

// Close ends the connection and waits for all work to end. What is stored stays.
func (e *Engine) Close() error {
	e.end()
	return e.ports.Store.Close()
}

// end ends all work for good.
func (e *Engine) end() {
	e.life.Lock()
	e.closed = true
	e.life.Unlock()
	e.cancel()
	e.mu.Lock()
	s := e.online
	e.mu.Unlock()
	if s != nil {
		s.fail(context.Canceled)
	}
	e.work.Wait()
}

// load reads identity, contacts and rooms.
func (e *Engine) load(ctx context.Context) error {
	if err := e.loadIdentity(ctx); err != nil {
		return err
	}
	if err := e.loadSettings(ctx); err != nil {
		return err
	}
	contacts, err := e.all(ctx, kindContact)
	if err != nil {
		return err
	}
	for _, r := range contacts {
		if err := e.loadContact(r); err != nil {
			return err
		}
	}
	rooms, err := e.all(ctx, kindRoom)
	if err != nil {
		return err
	}
	for _, r := range rooms {
		if err := e.loadRoom(ctx, r); err != nil {
			return err
		}
	}
	return nil
}

// all reads every record of a kind, page by page.
func (e *Engine) all(ctx context.Context, kind string) ([]Record, error) {
	return e.within(ctx, kind, nil)
}

// within reads every record of a kind whose id begins with prefix.
func (e *Engine) within(ctx context.Context, kind string, prefix []byte) ([]Record, error) {
	const page = 500
	var records []Record
	from := prefix
	for {
		got, err := e.ports.Store.Range(ctx, kind, from, after(prefix), page, false)
		if err != nil {
			return nil, err
		}
		records = append(records, got...)
		if len(got) < page {
			return records, nil
		}
		from = append(append([]byte(nil), got[len(got)-1].Key.ID...), 0)
	}
}

// apply stores a batch and tells the owner when it fails.
func (e *Engine) apply(writes []Write) error {
	err := e.ports.Store.Apply(e.ctx, writes)
	switch {
	case err == nil || e.ctx.Err() != nil:
	case errors.Is(err, ErrStorageFull):
		e.emit(StorageEvent{Code: CodeStorageFull})
	default:
		e.emit(StorageEvent{Code: CodeStorageFailed})
	}
	return err
}

// start runs f in a goroutine that [Engine.Close] waits for. It does nothing once the engine is closed.
func (e *Engine) start(f func()) {
	e.life.Lock()
	defer e.life.Unlock()
	if !e.closed {
		e.work.Go(f)
	}
}

func (e *Engine) now() time.Time { return e.ports.Clock.Now() }

func (e *Engine) millis() uint64 { return uint64(e.now().UnixMilli()) }

func (e *Engine) seconds() uint64 { return uint64(e.now().Unix()) }

// session gives the connection while it is logged in, else nil.
func (e *Engine) session() *session {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.online == nil || e.online.over() {
		return nil
	}
	return e.online
}
