// Package search finds words in texts: what counts as a word, which words are the same, and how an index of them is
// written. It knows neither records nor conversations.
//
//	text   --[Terms]-->  terms of the index        query --[Parse]--> [Query] --[Query.Terms]--> prefixes of terms
//	places --[Places.Encode]--> what is kept of a term, sorted     candidate text --[Query.Match]--> where it matches
//
// A term is a folded word: case does not count, nor do accents of Latin and Greek letters, width, and what is not
// seen. A query finds words that begin with its own. Scripts that are written without spaces have no words to begin
// with: every two characters beside each other are a term, and a query finds what it stands in.
//
// An index only says where to look. What was found is read and matched again, so that a term that was cut, or one of a
// text that has changed since, costs time and gives no wrong answer.
package search
