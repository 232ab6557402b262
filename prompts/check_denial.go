package prompts

import (
	"slices"

	"footnote/retrieval"
)

// onDenial says whether one of the two denies what the other says, and not only
// a part of it.
func (d *dispute) onDenial() bool {
	s, quote := d.said, d.evidence.quote
	if s.hasNegator() == quote.hasNegator() || s.hasNegator() && !d.mirrors(quote) {
		return false
	}
	turned := *s
	turned.stances = slices.Clone(s.stances)
	deny(turned.stances)
	if d.gate.factcheck(&turned, d.evidence) != "" || !d.tellsDenied(s, quote) || !d.tellsDenied(quote, s) || !d.isOfOneScope(d.lastTold(quote)) {
		return false
	}
	d.about, d.says = onClaim, d.citation.Quote
	return true
}

// lastTold is the last term of a text that the statement tells too.
func (d *dispute) lastTold(x *reading) int {
	last := 0
	for _, i := range x.content {
		if d.said.words[bare(x.terms[i])] {
			last = i
		}
	}
	return last
}

func (x *reading) hasNegator() bool {
	return x.any(func(i int) bool { return negates(x.text, x.terms, i) })
}

// mirrored is the share of a clause that a statement must tell to deny it.
const mirrored = .7

// mirrors says whether the statement tells most of the clause of the quote that
// it tells most of.
func (d *dispute) mirrors(quote *reading) bool {
	most, share := 0, 0.0
	for _, c := range quote.spans() {
		told, all := 0, 0
		for _, i := range quote.content {
			if c.Start <= i && i < c.End {
				all++
				if d.gate.isLike(quote.terms[i].Stem, d.said) {
					told++
				}
			}
		}
		if part := float64(told) / float64(max(1, all)); told > most || told == most && part > share {
			most, share = told, part
		}
	}
	return share >= mirrored
}

// tellsDenied says whether all that a text denies is told by another, if not by
// what that leaves to its context. A policy of not doing something is none that
// there is not.
func (d *dispute) tellsDenied(x, other *reading) bool {
	from := slices.IndexFunc(x.terms, func(t retrieval.Term) bool { return t.Word == "not" })
	if from < 1 || !isPreposition(x.terms[from-1].Word) {
		from = 0
	}
	for i, t := range x.terms[from:] {
		i += from
		switch {
		case !x.stances[i].denied:
		case slices.Contains(x.content, i) && !other.words[bare(t)] && !d.gate.isLike(t.Stem, other),
			x == d.evidence.quote && x.isName(i) && !other.words[t.Word]:
			return false
		}
	}
	return true
}
