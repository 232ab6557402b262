package prompts

import (
	"slices"
	"strconv"

	"footnote/retrieval"
)

// checkCompany wants each figure in the company in which the quote has it,
// where the quote has several figures in parts of their own.
func (x *reading) checkCompany(quote *reading) Flaw {
	theirs := quote.parties()
	if len(theirs) < 2 {
		return ""
	}
	for _, mine := range x.parties() {
		var own, others []party
		for _, p := range theirs {
			if mine.sharesFigure(p, quote) {
				own = append(own, p)
			} else {
				others = append(others, p)
			}
		}
		if len(own) > 0 && slices.ContainsFunc(others, func(o party) bool { return !mine.isRather(own, o) }) {
			return FlawNumber
		}
	}
	return ""
}

// A party is the part of a text around figures, up to the next comma or "and".
type party struct {
	figures []figuredRun
	times   map[string]bool // years and months
	names   map[string]bool // keys of places, and words of other names
	counted map[string]bool // the stems right behind the figures
	words   map[string]bool // the stems of all else
}

// parties are the parties of a text that have figures.
func (x *reading) parties() []party {
	var out []party
	for from := 0; from < len(x.terms); {
		to := from + 1
		for to < len(x.terms) && !x.opensClause(to) && !x.opensRange(from, to) {
			to++
		}
		if p := x.party(from, to); len(p.figures) > 0 {
			out = append(out, p)
		}
		from = to
	}
	return out
}

// opensRange says whether with terms[i] the other end of a range begins: 5% in
// May from 4% in March.
func (x *reading) opensRange(from, i int) bool {
	if w := x.terms[i].Word; w != "from" && w != "to" {
		return false
	}
	before := func(f figuredRun) bool { return from <= f.from && f.to <= i }
	behind := func(f figuredRun) bool { return f.from == i+1 }
	return slices.ContainsFunc(x.figures, before) && slices.ContainsFunc(x.figures, behind)
}

// party is the party of terms[from:to].
func (x *reading) party(from, to int) party {
	p := party{times: map[string]bool{}, names: map[string]bool{}, counted: map[string]bool{}, words: map[string]bool{}}
	for _, d := range x.dates {
		if from > d.from || d.to > to {
			continue
		}
		if d.year > 0 {
			p.times[strconv.Itoa(d.year)] = true
		}
		if d.month > 0 {
			p.times[d.month.String()] = true
		}
	}
	for _, n := range x.namesBetween(from, to) {
		if n.place {
			p.names[n.key] = true
			continue
		}
		for _, w := range n.words {
			p.names[w] = true
		}
	}
	for i, t := range x.terms[from:to] {
		if !retrieval.IsStop(t.Word) && !isNumber(t.Word) && unitOf(t.Word) == "" && !x.isName(from+i) {
			p.words[t.Stem] = true
		}
	}
	for _, f := range x.figures {
		if from <= f.from && f.to <= to {
			p.figures = append(p.figures, f)
		}
		if from < f.to && f.to < to && p.words[x.terms[f.to].Stem] {
			p.counted[x.terms[f.to].Stem] = true
		}
	}
	return p
}

// sharesFigure says whether a figure of p stands in q too.
func (p party) sharesFigure(q party, quote *reading) bool {
	return slices.ContainsFunc(p.figures, func(f figuredRun) bool {
		return slices.ContainsFunc(q.figures, func(g figuredRun) bool { return f.isSaid(g.figure, quote) })
	})
}

// isRather says whether p is one of its own parties, which have its figure,
// rather than another. The times tell, or else the names, what is counted, or
// how many words they have in common, one more being no sign.
func (p party) isRather(own []party, other party) bool {
	words := 0
	for _, o := range own {
		if inCommon(p.times, o.times) > 0 || inCommon(p.names, o.names) > 0 && inCommon(p.names, other.names) == 0 || inCommon(p.counted, o.counted) > 0 {
			return true
		}
		words = max(words, inCommon(p.words, o.words))
	}
	switch {
	case inCommon(p.times, other.times) > 0:
		return !slices.ContainsFunc(own, func(o party) bool { return len(o.times) > 0 })
	case inCommon(p.names, other.names) > 0:
		return !slices.ContainsFunc(own, func(o party) bool { return len(o.names) > 0 })
	}
	return inCommon(p.words, other.words) <= words+1
}

// inCommon is how many members two sets share.
func inCommon(a, b map[string]bool) int {
	n := 0
	for k := range a {
		if b[k] {
			n++
		}
	}
	return n
}
