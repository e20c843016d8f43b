// Package calls declares what a page can ask of the engine and what the engine tells it: the table of package bridge.
// It is the whole surface between JavaScript and Go. Keys and secrets are not in it.
package calls

import (
	"context"
	"reflect"
	"slices"
	"sync"

	"sotto/wasm/bridge"
	"sotto/wasm/client"
)

// Open gives the ports of an engine whose relay is at a WebSocket URL.
type Open func(ctx context.Context, url string) (client.Ports, error)

// App is the engine of one page. The zero value is none: see [New].
type App struct {
	open Open
	emit func(client.Event)

	mu     sync.Mutex // held while booting: one boot at a time
	engine *client.Engine
}

// New gives an app whose engine is made by the first boot, with ports from open, and tells emit what happens.
func New(open Open, emit func(client.Event)) *App { return &App{open: open, emit: emit} }

// Close ends the engine, if it was booted.
func (a *App) Close() error {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.engine == nil {
		return nil
	}
	return a.engine.Close()
}

// Table is every operation and every event.
func (a *App) Table() bridge.Table {
	return bridge.Table{
		Operations: slices.Concat(a.account(), a.conversation(), a.group(), a.talk(), a.device()),
		Events: []bridge.EventType{
			bridge.EventOf[client.ConnectionEvent]("connection"),
			bridge.EventOf[client.ConversationEvent]("conversation"),
			bridge.EventOf[client.EntryEvent]("entry"),
			bridge.EventOf[client.RemovedEvent]("removed"),
			bridge.EventOf[client.GoneEvent]("gone"),
			bridge.EventOf[client.ClockEvent]("clock"),
			bridge.EventOf[client.StorageEvent]("storage"),
			bridge.EventOf[client.AlarmEvent]("alarm"),
			bridge.EventOf[client.TypingEvent]("typing"),
			bridge.EventOf[client.SettingsEvent]("settings"),
			bridge.EventOf[client.ErasedEvent]("erased"),
		},
	}
}

type (
	nothing struct{}
	booting struct {
		Origin string `js:"origin"`
		URL    string `js:"url"`
	}
	named struct {
		Handle string `js:"handle"`
	}
	one struct {
		Conversation string `js:"conversation"`
	}
	entry struct {
		Conversation string `js:"conversation"`
		ID           string `js:"id"`
	}
	writing struct {
		Conversation string `js:"conversation"`
		Text         string `js:"text"`
		ID           string `js:"id"`

		Reply    *string        `js:"reply,optional"`
		Mentions []client.Range `js:"mentions,optional"`
	}
	drafting struct {
		Conversation string `js:"conversation"`
		Text         string `js:"text"`
	}
	paging struct {
		Conversation string `js:"conversation"`
		Before       *int64 `js:"before"`
		After        *int64 `js:"after,optional"`
		Limit        int64  `js:"limit"`
	}
	reading struct {
		Conversation string `js:"conversation"`
		Position     int64  `js:"position"`
	}
	verifying struct {
		Conversation string `js:"conversation"`
		Verified     bool   `js:"verified"`
	}
)

// notBooted is an operation before boot.
type notBooted struct{}

func (notBooted) Error() string { return "boot comes first" }
func (notBooted) Code() string  { return "not-booted" }

// on declares an operation of the booted engine.
func on[A, R any](a *App, name string, do func(e *client.Engine, ctx context.Context, args A) (R, error)) bridge.Operation {
	return bridge.OpOf(name, reflect.TypeFor[A](), reflect.TypeFor[R](), func(ctx context.Context, args any) (any, error) {
		e, err := a.booted()
		if err != nil {
			return nil, err
		}
		return do(e, ctx, args.(A))
	})
}

// booted gives the engine.
func (a *App) booted() (*client.Engine, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.engine == nil {
		return nil, notBooted{}
	}
	return a.engine, nil
}

func done(err error) (nothing, error) { return nothing{}, err }

// account lists the operations around the account and the connection.
func (a *App) account() []bridge.Operation {
	return []bridge.Operation{
		bridge.Op("boot", a.boot),
		on(a, "prepare", func(e *client.Engine, ctx context.Context, _ nothing) (nothing, error) {
			return done(e.Prepare(ctx))
		}),
		on(a, "join", func(e *client.Engine, ctx context.Context, args named) (client.Me, error) {
			return e.Join(ctx, args.Handle)
		}),
		on(a, "conversations", func(e *client.Engine, _ context.Context, _ nothing) ([]client.Conversation, error) {
			return e.Conversations(), nil
		}),
		on(a, "open", func(e *client.Engine, ctx context.Context, args named) (client.Conversation, error) {
			return e.Open(ctx, args.Handle)
		}),
		on(a, "connect", func(e *client.Engine, _ context.Context, _ nothing) (nothing, error) {
			e.Connect()
			return nothing{}, nil
		}),
	}
}

// conversation lists the operations on one conversation.
func (a *App) conversation() []bridge.Operation {
	return []bridge.Operation{
		on(a, "history", func(e *client.Engine, ctx context.Context, args paging) (client.Page, error) {
			if args.After != nil {
				return e.HistoryAfter(ctx, args.Conversation, *args.After, args.Limit)
			}
			return e.History(ctx, args.Conversation, args.Before, args.Limit)
		}),
		on(a, "send", func(e *client.Engine, ctx context.Context, args writing) (client.Entry, error) {
			p := client.Post{Text: args.Text, ID: args.ID, Mentions: args.Mentions}
			if args.Reply != nil {
				p.Reply = *args.Reply
			}
			return e.Post(ctx, args.Conversation, p)
		}),
		on(a, "retry", func(e *client.Engine, ctx context.Context, args entry) (nothing, error) {
			return done(e.Retry(ctx, args.Conversation, args.ID))
		}),
		on(a, "discard", func(e *client.Engine, ctx context.Context, args entry) (nothing, error) {
			return done(e.Discard(ctx, args.Conversation, args.ID))
		}),
		on(a, "read", func(e *client.Engine, ctx context.Context, args reading) (nothing, error) {
			return done(e.Read(ctx, args.Conversation, args.Position))
		}),
		on(a, "draft", func(e *client.Engine, ctx context.Context, args drafting) (nothing, error) {
			return done(e.Draft(ctx, args.Conversation, args.Text))
		}),
		on(a, "contact", func(e *client.Engine, ctx context.Context, args one) (client.Contact, error) {
			return e.Contact(ctx, args.Conversation)
		}),
		on(a, "verify", func(e *client.Engine, ctx context.Context, args verifying) (nothing, error) {
			return done(e.Verify(ctx, args.Conversation, args.Verified))
		}),
		on(a, "accept", func(e *client.Engine, ctx context.Context, args one) (client.Conversation, error) {
			return e.Accept(ctx, args.Conversation)
		}),
		on(a, "inspect", func(e *client.Engine, ctx context.Context, args entry) (client.Inspection, error) {
			return e.Inspect(ctx, args.Conversation, args.ID)
		}),
	}
}

// boot makes the engine, once; a boot that failed can be tried again.
func (a *App) boot(ctx context.Context, args booting) (client.Boot, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.engine != nil {
		return a.engine.Standing(), nil
	}
	ports, err := a.open(ctx, args.URL)
	if err != nil {
		return client.Boot{}, client.Opening(err)
	}
	e := client.New(ports, args.Origin, a.emit)
	booted, err := e.Boot(ctx)
	if err != nil {
		_ = e.Close() // the first error is the one to tell
		return client.Boot{}, err
	}
	a.engine = e
	return booted, nil
}
