package calls

import (
	"context"

	"sotto/wasm/bridge"
	"sotto/wasm/client"
)

type (
	founding struct {
		Name    string   `js:"name"`
		Handles []string `js:"handles"`
	}
	adding struct {
		Conversation string   `js:"conversation"`
		Handles      []string `js:"handles"`
	}
	member struct {
		Conversation string `js:"conversation"`
		Account      string `js:"account"`
	}
	ranking struct {
		Conversation string `js:"conversation"`
		Account      string `js:"account"`
		Role         string `js:"role"`
	}
	comparing struct {
		Conversation string `js:"conversation"`
		Account      string `js:"account"`
		Verified     bool   `js:"verified"`
	}
	naming struct {
		Conversation string `js:"conversation"`
		Name         string `js:"name"`
	}
	linking struct {
		Conversation string `js:"conversation"`
		Days         int64  `js:"days"`
		Uses         int64  `js:"uses"`
	}
	revoking struct {
		Conversation string `js:"conversation"`
		Link         string `js:"link"`
	}
	following struct {
		URL string `js:"url"`
	}
)

// group lists the operations on groups.
func (a *App) group() []bridge.Operation {
	return append(a.links(),
		on(a, "createGroup", func(e *client.Engine, ctx context.Context, args founding) (client.Conversation, error) {
			return e.CreateGroup(ctx, args.Name, args.Handles)
		}),
		on(a, "members", func(e *client.Engine, ctx context.Context, args one) ([]client.Member, error) {
			return e.Members(ctx, args.Conversation)
		}),
		on(a, "addMembers", func(e *client.Engine, ctx context.Context, args adding) (nothing, error) {
			return done(e.AddMembers(ctx, args.Conversation, args.Handles))
		}),
		on(a, "removeMember", func(e *client.Engine, ctx context.Context, args member) (nothing, error) {
			return done(e.RemoveMember(ctx, args.Conversation, args.Account))
		}),
		on(a, "setRole", func(e *client.Engine, ctx context.Context, args ranking) (nothing, error) {
			return done(e.SetRole(ctx, args.Conversation, args.Account, args.Role))
		}),
		on(a, "member", func(e *client.Engine, ctx context.Context, args member) (client.Contact, error) {
			return e.MemberContact(ctx, args.Conversation, args.Account)
		}),
		on(a, "verifyMember", func(e *client.Engine, ctx context.Context, args comparing) (nothing, error) {
			return done(e.VerifyMember(ctx, args.Conversation, args.Account, args.Verified))
		}),
		on(a, "rename", func(e *client.Engine, ctx context.Context, args naming) (nothing, error) {
			return done(e.Rename(ctx, args.Conversation, args.Name))
		}),
		on(a, "leave", func(e *client.Engine, ctx context.Context, args one) (nothing, error) {
			return done(e.Leave(ctx, args.Conversation))
		}),
		on(a, "renewKeys", func(e *client.Engine, ctx context.Context, args one) (nothing, error) {
			return done(e.RenewKeys(ctx, args.Conversation))
		}),
	)
}

// links lists the operations on room links: on their side who makes them and who follows them.
func (a *App) links() []bridge.Operation {
	return []bridge.Operation{
		on(a, "makeLink", func(e *client.Engine, ctx context.Context, args linking) (client.Link, error) {
			return e.MakeLink(ctx, args.Conversation, args.Days, args.Uses)
		}),
		on(a, "links", func(e *client.Engine, ctx context.Context, args one) ([]client.Link, error) {
			return e.Links(ctx, args.Conversation)
		}),
		on(a, "revokeLink", func(e *client.Engine, ctx context.Context, args revoking) (nothing, error) {
			return done(e.RevokeLink(ctx, args.Conversation, args.Link))
		}),
		on(a, "joinGroup", func(e *client.Engine, ctx context.Context, args following) (client.Conversation, error) {
			return e.JoinGroup(ctx, args.URL)
		}),
		on(a, "cancelJoin", func(e *client.Engine, ctx context.Context, args one) (nothing, error) {
			return done(e.CancelJoin(ctx, args.Conversation))
		}),
	}
}
