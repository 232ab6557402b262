package prompts

import (
	"slices"
	"strings"

	"footnote/retrieval"
)

const (
	bornOut = .75 // the share of a sentence's content that its quote must say
	nearby  = .5  // what a word counts that only stands in the context
)

// checkContent wants most of what the sentence says in the quote, more than half
// of each clause, and none in the place of something that only the quote says.
// No two words in a row may be other than the quote's, nor one that says what is
// done. What a number counts must stand in the context at least.
func (g *gate) checkContent(s *reading, e evidence) Flaw {
	if len(s.content)+len(s.figures)+len(s.dates)+len(s.names) == 0 {
		return FlawUnsupported // it says nothing
	}
	if g.share(s.saying(), e) < bornOut || g.substitutes(s, e.quote) {
		return FlawUnsupported
	}
	own := false // the word before is not the quote's
	for _, i := range s.content {
		weight := g.weight(s.terms[i], e)
		if weight < 1 && (own || s.isPredicate(i)) || weight == 0 && s.isCounted(i) {
			return FlawUnsupported
		}
		own = weight < 1
	}
	for _, clause := range s.clauses() {
		if g.share(clause, e) <= .5 {
			return FlawUnsupported
		}
	}
	return ""
}

// saying are the terms that say something.
func (x *reading) saying() []retrieval.Term {
	var out []retrieval.Term
	for _, i := range x.content {
		out = append(out, x.terms[i])
	}
	return out
}

// clauses are the words of each clause that say something.
func (x *reading) clauses() [][]retrieval.Term {
	var out [][]retrieval.Term
	for n, i := range x.content {
		if n == 0 || x.partsClauses(x.content[n-1], i) {
			out = append(out, nil)
		}
		out[len(out)-1] = append(out[len(out)-1], x.terms[i])
	}
	return out
}

// share is the share of words that the evidence bears out, 1 of none.
func (g *gate) share(words []retrieval.Term, e evidence) float64 {
	if len(words) == 0 {
		return 1
	}
	sum := 0.0
	for _, t := range words {
		sum += g.weight(t, e)
	}
	return sum / float64(len(words))
}

// weight is what a word of a sentence counts: 1 if the quote says it, in this
// word or a related one, less if only the context has it.
func (g *gate) weight(t retrieval.Term, e evidence) float64 {
	switch {
	case t.Word == "people" && e.quote.countsNobody():
		return 1 // 19 died
	case e.quote.words[bare(t)] || g.isLike(t.Stem, e.quote):
		return 1
	case g.isLike(t.Stem, e.context):
		return nearby
	}
	return 0
}

// countsNobody says whether a text has a number of it is not said what.
func (x *reading) countsNobody() bool {
	return slices.ContainsFunc(x.figures, func(f figuredRun) bool {
		return f.unit == "" && f.code == "" && f.name == "" && !f.ordinal && len(x.counted(f)) == 0
	})
}

// isCounted says whether terms[i] is what the number right before it counts.
func (x *reading) isCounted(i int) bool {
	return slices.ContainsFunc(x.figures, func(f figuredRun) bool { return f.to == i && f.name == "" && !f.ordinal })
}

// isPredicate says whether terms[i] stands where a sentence says what is or
// what is done: behind a form of be or have, a modal or "to", or right behind a name.
func (x *reading) isPredicate(i int) bool {
	if i == 0 {
		return false
	}
	switch w := x.terms[i-1].Word; w {
	case "to", "will", "would", "has", "have", "had", "can", "could", "may", "might", "must", "should", "not":
		return !strings.HasSuffix(x.terms[i].Word, "s")
	default:
		return isForm(w) || strings.HasSuffix(x.terms[i].Word, "ed") && x.isName(i-1)
	}
}

// substitutes says whether a word of the sentence stands in the place of one of
// the quote, beside the same word, and is not known to mean what that means.
func (g *gate) substitutes(s, quote *reading) bool {
	mine, theirs := s.told(), quote.told()
	for k, i := range mine {
		if !slices.Contains(s.content, i) || quote.words[bare(s.terms[i])] || g.isLike(s.terms[i].Stem, quote) {
			continue
		}
		for m, j := range theirs {
			if s.words[quote.terms[j].Stem] || g.isLike(quote.terms[j].Stem, s) {
				continue
			}
			behind := k > 0 && m > 0 && s.terms[mine[k-1]].Stem == quote.terms[theirs[m-1]].Stem
			before := k+1 < len(mine) && m+1 < len(theirs) && s.terms[mine[k+1]].Stem == quote.terms[theirs[m+1]].Stem
			if behind || before {
				return true
			}
		}
	}
	return false
}

// told are the terms of a text that say something, however little, or are parts
// of names.
func (x *reading) told() []int {
	var out []int
	for i := range x.terms {
		if x.isName(i) || slices.Contains(x.content, i) || isLight(x.terms[i].Word) && !isPreposition(x.terms[i].Word) {
			out = append(out, i)
		}
	}
	return out
}
