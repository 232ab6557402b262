package prompts

import "slices"

// checkParts wants what the quote tells of some of many, and of what comes
// second or third, not told of all and of the first.
func checkParts(s, quote *reading) Flaw {
	for i := 1; i < len(quote.figures); i++ {
		part, whole := quote.figures[i-1], quote.figures[i]
		if quote.isPartOf(part, whole) && s.hasFigure(whole) && !s.hasFigure(part) {
			return FlawNumber
		}
	}
	for _, f := range quote.figures {
		if !f.ordinal || f.value < 2 || f.to >= len(quote.terms) {
			continue
		}
		if best := quote.terms[f.to]; isSuperlative(best) && s.words[best.Word] && !s.hasFigure(f) {
			return FlawNumber
		}
	}
	return ""
}

// checkCounted wants a figure to count in the sentence what it counts in the
// quote, where both say so right behind it.
func (g *gate) checkCounted(s, quote *reading) Flaw {
	for _, f := range s.figures {
		mine := s.counted(f)
		if f.unit != "" || f.ordinal || len(mine) == 0 {
			continue
		}
		other := false
		for _, q := range quote.figures {
			if f.value != q.value || q.unit != "" || q.ordinal {
				continue
			}
			theirs := quote.counted(q)
			if len(theirs) == 0 || g.areAlike(mine, theirs) {
				other = false
				break
			}
			other = true
		}
		if other {
			return FlawNumber
		}
	}
	return ""
}

// counted are the words right behind a figure, up to what ends the phrase.
func (x *reading) counted(f figuredRun) []string {
	var out []string
	for i := f.to; i < min(f.to+3, len(x.terms)) && slices.Contains(x.content, i) && (i == f.to || !endsClause(x.text, x.terms, i)) && !x.isDeed(i); i++ {
		out = append(out, x.terms[i].Stem)
	}
	return out
}

func (g *gate) areAlike(a, b []string) bool {
	return slices.ContainsFunc(a, func(x string) bool {
		return slices.ContainsFunc(b, func(y string) bool { return g.isAlike(x, y) })
	})
}

// isPartOf says whether only "of" and an article or a possessive stand between
// two figures.
func (x *reading) isPartOf(part, whole figuredRun) bool {
	return x.wordOf(part.to) == "of" && (whole.from == part.to+1 || whole.from == part.to+2 && !slices.Contains(x.content, part.to+1))
}

func (x *reading) wordOf(i int) string { return wordOf(x.terms, i) }

func (x *reading) hasFigure(f figuredRun) bool {
	return slices.ContainsFunc(x.figures, func(q figuredRun) bool { return q.value == f.value && q.ordinal == f.ordinal })
}
