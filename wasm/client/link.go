package client

import (
	"context"
	"encoding/base64"
	"encoding/hex"
	"slices"
	"strings"
	"time"

	"sotto/wasm/conversation"
	"sotto/wasm/cose"
	"sotto/wasm/epoch"
)

// Link is a room link for display. Whoever has its URL can ask to be let in.
type Link struct {
	ID     string `js:"id"`
	URL    string `js:"url"`
	Expiry int64  `js:"expiry"` // milliseconds since 1970
	Uses   int64  `js:"uses"`
	Used   int64  `js:"used"`
	State  string `js:"state"`
}

// The states of a [Link].
const (
	LinkOpen     = "open"
	LinkMaking   = "making"   // wished here and not yet done
	LinkRevoking = "revoking" // wished here and not yet done
)

// linkMark is where an address names a group and a link's secret. It stands behind "#", so no server is sent it.
const linkMark = "#/join/"

// mostDays bounds how long a link lives.
const mostDays = 365

// linkURL is the address that opens a link.
func (e *Engine) linkURL(c epoch.ConversationID, secret cose.Secret) string {
	return e.origin + "/" + linkMark + c.String() + "." + base64.RawURLEncoding.EncodeToString(secret[:])
}

// parseLink is linkURL backwards. An address of another server is none.
func (e *Engine) parseLink(url string) (epoch.ConversationID, cose.Secret, error) {
	invalid := failure(CodeLinkInvalid, nil)
	at, rest, found := strings.Cut(url, linkMark)
	at = strings.TrimSuffix(at, "/")
	id, encoded, dotted := strings.Cut(rest, ".")
	if !found || !dotted || at != "" && at != e.origin {
		return epoch.ConversationID{}, cose.Secret{}, invalid
	}
	c, err := hex.DecodeString(id)
	secret, bad := base64.RawURLEncoding.Strict().DecodeString(encoded)
	if err != nil || bad != nil || len(c) != len(epoch.ConversationID{}) || len(secret) != len(cose.Secret{}) {
		return epoch.ConversationID{}, cose.Secret{}, invalid
	}
	return epoch.ConversationID(c), cose.Secret(secret), nil
}

// MakeLink wants a link to a group that lives for some days and lets in so many.
func (e *Engine) MakeLink(_ context.Context, conv string, days, uses int64) (Link, error) {
	r, err := e.administered(conv)
	if err != nil {
		return Link{}, err
	}
	if days < 1 || days > mostDays || uses < 1 || uses > epoch.MaxUses {
		return Link{}, failure(CodeLinkInvalid, nil)
	}
	list, err := e.Links(context.Background(), conv)
	if err != nil {
		return Link{}, err
	}
	if len(list) >= epoch.MaxLinks {
		return Link{}, failure(CodeTooMany, nil)
	}
	secret, err := cose.NewSecret(e.ports.Random)
	if err != nil {
		return Link{}, err
	}
	w := wishRecord{
		Kind: wishLink, Uses: uint64(uses), Link: conversation.LinkSecret{ID: conversation.LinkIDOf(secret), Secret: secret},
		Expiry: e.seconds() + uint64(days)*uint64((24*time.Hour).Seconds()),
	}
	if err := r.wish(w); err != nil {
		return Link{}, err
	}
	return r.wishedLink(w), nil
}

// wishedLink is a link that is not in the group yet.
func (r *room) wishedLink(w wishRecord) Link {
	return Link{
		ID: hex.EncodeToString(w.Link.ID[:]), URL: r.e.linkURL(r.id, w.Link.Secret), Expiry: int64(w.Expiry) * 1000,
		Uses: int64(w.Uses), State: LinkMaking,
	}
}

// Links lists the links of a group that still let somebody in, and those that are to.
func (e *Engine) Links(_ context.Context, conv string) ([]Link, error) {
	r, err := e.find(conv)
	if err != nil {
		return nil, err
	}
	list := []Link{}
	r.mu.Lock()
	defer r.mu.Unlock()
	h := r.conv.Header()
	group, known := r.conv.Group()
	if h != nil && h.Group() && known && !r.conv.Gone() {
		for _, l := range h.Room[0].Links {
			secret, has := group.Secret(l.ID)
			if !has || l.Expiry <= e.seconds() || uint64(len(l.Used)) >= l.Uses {
				continue
			}
			view := Link{
				ID: hex.EncodeToString(l.ID[:]), URL: e.linkURL(r.id, secret), Expiry: int64(l.Expiry) * 1000,
				Uses: int64(l.Uses), Used: int64(len(l.Used)), State: LinkOpen,
			}
			if slices.ContainsFunc(r.wishes, func(w *wish) bool {
				return w.record.Kind == wishRevoke && w.record.Link.ID == l.ID
			}) {
				view.State = LinkRevoking
			}
			list = append(list, view)
		}
	}
	for _, w := range r.wishes {
		if w.record.Kind == wishLink {
			list = append(list, r.wishedLink(w.record))
		}
	}
	return list, nil
}

// RevokeLink wants a link to let nobody in any more.
func (e *Engine) RevokeLink(_ context.Context, conv, link string) error {
	r, err := e.administered(conv)
	if err != nil {
		return err
	}
	id, err := hex.DecodeString(link)
	if err != nil || len(id) != len(epoch.LinkID{}) {
		return failure(CodeNotFound, err)
	}
	return r.wish(wishRecord{Kind: wishRevoke, Link: conversation.LinkSecret{ID: epoch.LinkID(id)}})
}
