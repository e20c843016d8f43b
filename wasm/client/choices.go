package client

import (
	"context"

	"sotto/wasm/epoch"
)

// Kinds of records of a person's choices.
const (
	kindSettings = "settings" // one record, empty id
	kindChoice   = "choice"   // by conversation
)

// settingsRecord is [Settings] as stored.
type settingsRecord struct {
	_        struct{} `cbor:",toarray"`
	Version  uint64
	Receipts bool
	Typing   bool
	Presence bool
}

// choiceRecord is what a person chose for a conversation, and which of its unread messages name them.
type choiceRecord struct {
	_        struct{} `cbor:",toarray"`
	Version  uint64
	Muted    bool
	Pinned   bool
	Marked   bool   // as unread, by hand
	Mentions uint64 // unread messages that name this account
}

// firstSettings are those of who has not chosen: what two people expect of each other while they talk, and nothing
// that tells of a person who does not.
func firstSettings() settingsRecord {
	return settingsRecord{Version: recordVersion, Receipts: true, Typing: true}
}

// loadSettings reads the settings.
func (e *Engine) loadSettings(ctx context.Context) error {
	record := firstSettings()
	if _, err := e.get(ctx, kindSettings, nil, &record); err != nil {
		return err
	}
	e.mu.Lock()
	e.settings = record
	e.mu.Unlock()
	return nil
}

// Settings are the person's choices about what others learn.
func (e *Engine) Settings() Settings {
	record := e.chosen()
	return Settings{Receipts: record.Receipts, Typing: record.Typing, Presence: record.Presence}
}

func (e *Engine) chosen() settingsRecord {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.settings
}

// Choose keeps the person's choices. They hold for what is told from now on; what was read meanwhile is told when
// receipts are switched on.
func (e *Engine) Choose(_ context.Context, s Settings) error {
	record := settingsRecord{Version: recordVersion, Receipts: s.Receipts, Typing: s.Typing, Presence: s.Presence}
	e.identityMu.Lock()
	err := e.apply([]Write{put(kindSettings, nil, record)})
	before := e.chosen()
	if err == nil {
		e.mu.Lock()
		e.settings = record
		e.mu.Unlock()
	}
	e.identityMu.Unlock()
	if err != nil {
		return storage(err)
	}
	e.emit(SettingsEvent{Settings: s})
	e.chose(before, record)
	return nil
}

// chose lets changed choices take effect everywhere.
func (e *Engine) chose(before, now settingsRecord) {
	if before.Presence != now.Presence || before.Typing != now.Typing {
		e.sharingChanged(before, now)
	}
	for _, r := range e.allRooms() {
		r.mu.Lock()
		r.due = r.due || now.Receipts && r.record.Read > r.record.ToldRead
		r.mu.Unlock()
		if before.Receipts != now.Receipts || before.Presence != now.Presence {
			r.show()
		}
		r.kick()
	}
}

// Mute keeps that the person wants no notifications of a conversation.
func (e *Engine) Mute(_ context.Context, conv string, on bool) error {
	return e.choose(conv, func(c *choiceRecord) { c.Muted = on })
}

// Pin keeps that a conversation stands first.
func (e *Engine) Pin(_ context.Context, conv string, on bool) error {
	return e.choose(conv, func(c *choiceRecord) { c.Pinned = on })
}

// Mark marks a conversation as unread, or takes the mark away. Nobody else learns of it.
func (e *Engine) Mark(_ context.Context, conv string, on bool) error {
	return e.choose(conv, func(c *choiceRecord) { c.Marked = on })
}

func (e *Engine) choose(conv string, change func(*choiceRecord)) error {
	r, err := e.find(conv)
	if err != nil {
		return err
	}
	return r.changeChoice(change)
}

// changeChoice stores what f makes of a room's choice and shows it.
func (r *room) changeChoice(f func(*choiceRecord)) error {
	r.writing.Lock()
	defer r.writing.Unlock()
	choice := r.chosen()
	before := choice
	if f(&choice); choice == before {
		return nil
	}
	if err := r.e.apply([]Write{put(kindChoice, r.id[:], choice)}); err != nil {
		return storage(err)
	}
	r.mu.Lock()
	r.choice = choice
	r.mu.Unlock()
	r.show()
	return nil
}

func (r *room) chosen() choiceRecord {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.choice
}

// loadChoice reads a room's choice.
func (r *room) loadChoice(ctx context.Context) error {
	_, err := r.e.get(ctx, kindChoice, r.id[:], &r.choice)
	return err
}

// readUpTo takes the unread mark away and counts anew which unread messages name this account.
func (r *room) readUpTo(ctx context.Context, p epoch.Position) error {
	choice := r.chosen()
	if !choice.Marked && choice.Mentions == 0 {
		return nil
	}
	var left uint64
	if choice.Mentions > 0 {
		records, err := r.e.ports.Store.Range(ctx, kindMark, entryID(r.id, p+1, 0), after(r.id[:]), 1000, false)
		if err != nil {
			return storage(err)
		}
		own := r.e.identity().chain.ID()
		for _, record := range records {
			var m markRecord
			if err := decodeRecord(record, &m); err != nil {
				return storage(err)
			}
			if mentions(m.Mentions, own) {
				left++
			}
		}
	}
	return r.changeChoice(func(c *choiceRecord) { c.Marked, c.Mentions = false, min(c.Mentions, left) })
}
