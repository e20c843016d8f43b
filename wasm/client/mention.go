package client

import (
	"encoding/hex"
	"unicode/utf8"

	"sotto/wasm/account"
	"sotto/wasm/conversation"
)

// JavaScript counts a text in units of UTF-16, the protocol in bytes of UTF-8.

// units gives, for ascending places in bytes, the places in units. A place within a character counts as its end.
func units(text string, places []int) []int64 {
	at := make([]int64, len(places))
	var unit int64
	next := 0
	for i, r := range text {
		for next < len(places) && places[next] <= i {
			at[next] = unit
			next++
		}
		unit += unitsOf(r)
	}
	for ; next < len(places); next++ {
		at[next] = unit
	}
	return at
}

// bytesOf gives, for ascending places in units, the places in bytes; -1 for one that is within a character or beyond
// the text.
func bytesOf(text string, places []int64) []int {
	at := make([]int, len(places))
	var unit int64
	next := 0
	for i, r := range text {
		for next < len(places) && places[next] <= unit {
			at[next] = i
			if places[next] < unit {
				at[next] = -1
			}
			next++
		}
		unit += unitsOf(r)
	}
	for ; next < len(places); next++ {
		at[next] = len(text)
		if places[next] != unit {
			at[next] = -1
		}
	}
	return at
}

func unitsOf(r rune) int64 {
	if r > 0xffff {
		return 2
	}
	return 1
}

// mentionsOf reads the mentions that a page names in a text.
func mentionsOf(text string, ranges []Range) ([]conversation.Mention, error) {
	if len(ranges) > conversation.MaxMentions || !utf8.ValidString(text) {
		return nil, failure(CodeTooLong, nil)
	}
	var places []int64
	for _, r := range ranges {
		places = append(places, r.Start, r.End)
	}
	for i := 1; i < len(places); i++ {
		if places[i] < places[i-1] {
			return nil, failure(CodeNotFound, nil)
		}
	}
	at := bytesOf(text, places)
	var mentions []conversation.Mention
	for i, r := range ranges {
		id, err := hex.DecodeString(r.Account)
		start, end := at[2*i], at[2*i+1]
		if err != nil || len(id) != len(account.ID{}) || start < 0 || end <= start {
			return nil, failure(CodeNotFound, err)
		}
		mentions = append(mentions, conversation.Mention{Account: account.ID(id), Start: uint64(start), Length: uint64(end - start)})
	}
	return mentions, nil
}

// mentionViews gives mentions for display.
func (e *Engine) mentionViews(text string, mentions []conversation.Mention) []Mention {
	var places []int
	for _, m := range mentions {
		places = append(places, int(m.Start), int(m.Start+m.Length))
	}
	at := units(text, places)
	var views []Mention
	for i, m := range mentions {
		views = append(views, Mention{Account: m.Account.String(), Handle: e.handleOf(m.Account), Start: at[2*i], End: at[2*i+1]})
	}
	return views
}

// handleOf gives the handle of an account that is known here, else nothing.
func (e *Engine) handleOf(id account.ID) string {
	if own := e.identity(); own != nil && own.chain.ID() == id {
		return own.record.Handle
	}
	if c := e.contact(id); c != nil {
		return c.record.Handle
	}
	return ""
}
