package search

import (
	"slices"
	"strings"
)

// maxQuery bounds the words of a query that count.
const maxQuery = 12

// Query is what somebody looks for: all of its words.
type Query struct{ words []Word }

// Span is a part of a text, in bytes.
type Span struct{ Start, End int }

// Parse reads a query. One without words is [Query.Empty].
func Parse(text string) Query {
	var q Query
	each(text, func(w Word) bool {
		if !slices.ContainsFunc(q.words, func(o Word) bool { return o.Text == w.Text }) {
			q.words = append(q.words, w)
		}
		return len(q.words) < maxQuery
	})
	return q
}

// Empty says that there is nothing to look for.
func (q Query) Empty() bool { return len(q.words) == 0 }

// Terms gives prefixes of terms: a text that matches has, for each, a term that begins with it. The longest, which few
// texts have, come first.
func (q Query) Terms() []string {
	var terms []string
	for _, w := range q.words {
		if !w.Dense {
			terms = append(terms, cut(w.Text))
			continue
		}
		var all []string
		grams(w.Text, func(gram string) { all = append(all, gram) })
		if len(all) > 1 {
			all = all[:len(all)-1] // the last character stands in the gram before it
		}
		terms = append(terms, all...)
	}
	for i := range terms { // they are few
		for j := i; j > 0 && len(terms[j]) > len(terms[j-1]); j-- {
			terms[j], terms[j-1] = terms[j-1], terms[j]
		}
	}
	return terms
}

// Match says whether a text has all words of q, and where: in order, without overlap.
func (q Query) Match(text string) ([]Span, bool) {
	found := make([]bool, len(q.words))
	var spans []Span
	each(text, func(w Word) bool {
		for i, wanted := range q.words {
			if w.Dense != wanted.Dense {
				continue
			}
			at := 0
			if w.Dense {
				at = strings.Index(w.Text, wanted.Text)
			} else if !strings.HasPrefix(w.Text, wanted.Text) {
				at = -1
			}
			if at >= 0 {
				found[i] = true
				spans = append(spans, w.span(text, at, at+len(wanted.Text)))
			}
		}
		return true
	})
	return merged(spans), !q.Empty() && !slices.Contains(found, false)
}

// span gives the place in text of a part of w's folded text.
func (w Word) span(text string, from, to int) Span {
	s := Span{Start: w.Start, End: w.End}
	var folded []byte
	started := from == 0
	for i, r := range text[w.Start:w.End] {
		if len(folded) >= to && !unseen(r) {
			s.End = w.Start + i
			break
		}
		if !started && len(folded) >= from {
			started, s.Start = true, w.Start+i
		}
		folded = appendFolded(folded, r)
	}
	return s
}

// merged gives spans in order, those that overlap as one. They are in order but for those within one word.
func merged(spans []Span) []Span {
	for i := range spans {
		for j := i; j > 0 && spans[j].Start < spans[j-1].Start; j-- {
			spans[j], spans[j-1] = spans[j-1], spans[j]
		}
	}
	var all []Span
	for _, s := range spans {
		if n := len(all); n > 0 && s.Start <= all[n-1].End {
			all[n-1].End = max(all[n-1].End, s.End)
			continue
		}
		all = append(all, s)
	}
	return all
}
