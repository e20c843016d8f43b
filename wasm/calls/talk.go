package calls

import (
	"context"

	"sotto/wasm/bridge"
	"sotto/wasm/client"
)

type (
	editing struct {
		Conversation string         `js:"conversation"`
		Entry        string         `js:"entry"`
		Text         string         `js:"text"`
		Mentions     []client.Range `js:"mentions"`
		ID           string         `js:"id"`
	}
	deleting struct {
		Conversation string `js:"conversation"`
		Entry        string `js:"entry"`
		ID           string `js:"id"`
	}
	reacting struct {
		Conversation string `js:"conversation"`
		Entry        string `js:"entry"`
		Emoji        string `js:"emoji"`
		On           bool   `js:"on"`
		ID           string `js:"id"`
	}
	switching struct {
		Conversation string `js:"conversation"`
		On           bool   `js:"on"`
	}
	being struct {
		Here bool `js:"here"`
	}
	seeking struct {
		Query        string  `js:"query"`
		Conversation *string `js:"conversation"`
		Limit        int64   `js:"limit"`
	}
)

// talk lists the operations on what was said.
func (a *App) talk() []bridge.Operation {
	return []bridge.Operation{
		on(a, "edit", func(e *client.Engine, ctx context.Context, args editing) (client.Entry, error) {
			return e.Edit(ctx, args.Conversation, args.Entry, args.Text, args.Mentions, args.ID)
		}),
		on(a, "delete", func(e *client.Engine, ctx context.Context, args deleting) (nothing, error) {
			return done(e.Delete(ctx, args.Conversation, args.Entry, args.ID))
		}),
		on(a, "react", func(e *client.Engine, ctx context.Context, args reacting) (client.Entry, error) {
			return e.React(ctx, args.Conversation, args.Entry, args.Emoji, args.On, args.ID)
		}),
		on(a, "versions", func(e *client.Engine, ctx context.Context, args entry) ([]client.Version, error) {
			return e.Versions(ctx, args.Conversation, args.ID)
		}),
		on(a, "told", func(e *client.Engine, ctx context.Context, args entry) ([]client.Told, error) {
			return e.Told(ctx, args.Conversation, args.ID)
		}),
		on(a, "typing", func(e *client.Engine, ctx context.Context, args switching) (nothing, error) {
			return done(e.Typing(ctx, args.Conversation, args.On))
		}),
		on(a, "mute", func(e *client.Engine, ctx context.Context, args switching) (nothing, error) {
			return done(e.Mute(ctx, args.Conversation, args.On))
		}),
		on(a, "pin", func(e *client.Engine, ctx context.Context, args switching) (nothing, error) {
			return done(e.Pin(ctx, args.Conversation, args.On))
		}),
		on(a, "mark", func(e *client.Engine, ctx context.Context, args switching) (nothing, error) {
			return done(e.Mark(ctx, args.Conversation, args.On))
		}),
	}
}

// device lists the operations on everything that is kept here.
func (a *App) device() []bridge.Operation {
	return []bridge.Operation{
		on(a, "search", func(e *client.Engine, ctx context.Context, args seeking) (client.Found, error) {
			return e.Search(ctx, args.Query, args.Conversation, args.Limit)
		}),
		on(a, "here", func(e *client.Engine, ctx context.Context, args being) (nothing, error) {
			return done(e.Here(ctx, args.Here))
		}),
		on(a, "settings", func(e *client.Engine, _ context.Context, _ nothing) (client.Settings, error) {
			return e.Settings(), nil
		}),
		on(a, "choose", func(e *client.Engine, ctx context.Context, args client.Settings) (nothing, error) {
			return done(e.Choose(ctx, args))
		}),
		on(a, "export", func(e *client.Engine, ctx context.Context, _ nothing) (client.Exporting, error) {
			return e.Export(ctx)
		}),
		on(a, "exportNext", func(e *client.Engine, ctx context.Context, _ nothing) (client.Chunk, error) {
			return e.ExportNext(ctx)
		}),
		bridge.Op("erase", a.erase),
	}
}

// erase ends the engine for good; the next boot begins on nothing.
func (a *App) erase(ctx context.Context, _ nothing) (nothing, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.engine == nil {
		return nothing{}, notBooted{}
	}
	err := a.engine.Erase(ctx)
	if err == nil {
		a.engine = nil
	}
	return nothing{}, err
}
