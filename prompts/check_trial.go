package prompts

import (
	"cmp"
	"slices"

	"footnote/retrieval"
)

// A trial holds a statement against the sentences of the passages that were
// found for it.
type trial struct {
	gate      *gate
	weight    func(stem string) float64
	statement statement
	said      *reading
}

func newTrial(c *Checker, s statement, hits []retrieval.Hit) *trial {
	g := newGate(c.reader, inquiry{}, hits, c.knows)
	return &trial{gate: g, weight: c.retriever.Weight, statement: s, said: g.read(s.told)}
}

// A witness is a sentence of a source and what it says to the statement.
type witness struct {
	citation Citation
	evidence evidence
	near     float64 // how much of the statement it speaks of
	about    string
	says     string // what differs, a run of the quote
}

// byNearness are the sentences of the sources that speak of something of the
// statement, those that speak of most of it first.
func (t *trial) byNearness() []witness {
	var out []witness
	for i, s := range t.gate.sources {
		for _, p := range t.gate.sentencesOf(i) {
			w := witness{citation: cite(0, s.hit, p.at), evidence: t.told(p)}
			if w.near = t.nearness(w.evidence); w.near > 0 {
				out = append(out, w)
			}
		}
	}
	slices.SortStableFunc(out, func(a, b witness) int { return cmp.Compare(b.near, a.near) })
	return out
}

// asNear is the share of what the nearest sentence speaks of from which another
// may decide on the statement: among many sentences some pass the gate by chance.
const asNear = .9

// verdict is what the sentences that speak of most of the statement say to it.
func (t *trial) verdict() Finding {
	f := Finding{Sentence: t.statement.text}
	all := t.byNearness()
	if len(all) == 0 {
		return f
	}
	f.Citation = all[0].citation
	if i := slices.IndexFunc(all, t.repeats); i >= 0 {
		f.Verdict, f.Citation = Supported, all[i].citation
		return f
	}
	if t.statement.leans {
		return f
	}
	if far := slices.IndexFunc(all, func(w witness) bool { return w.near < asNear*all[0].near }); far >= 0 {
		all = all[:far]
	}
	if i := slices.IndexFunc(all, t.supports); i >= 0 {
		f.Verdict, f.Citation = Supported, all[i].citation
		return f
	}
	for _, w := range all {
		if t.contradicts(&w) {
			f.Verdict, f.Citation, f.About, f.Differ = Contradicted, w.citation, w.about, []Side{{Says: w.says}}
			return f
		}
	}
	return f
}

// told is what a place has to say. Who says it, at its end, is no part of that
// for a statement that does not say who does.
func (t *trial) told(p place) evidence {
	e := t.gate.evidence(p)
	if slices.ContainsFunc(t.said.terms, func(w retrieval.Term) bool { return isUttering(w.Word) || w.Word == "according" }) {
		return e
	}
	x := e.quote
	silent := attribution(x.text, x.terms)
	end := len(x.terms)
	for end > 0 && silent[end-1] && !hedges(x.text, x.terms, end-1) {
		end--
	}
	if end > 0 && end < len(x.terms) && !silent[end-1] {
		e.quote = t.gate.read(x.text[:x.terms[end-1].End] + ".")
	}
	return e
}

// nearness is the weight of the statement's words that a sentence says, those
// that only its context says for half.
func (t *trial) nearness(e evidence) float64 {
	sum := 0.0
	seen := map[string]bool{}
	for _, term := range t.said.terms {
		if seen[term.Stem] || retrieval.IsStop(term.Word) {
			continue
		}
		seen[term.Stem] = true
		switch {
		case e.quote.words[term.Stem]:
			sum += t.weight(term.Stem)
		case t.gate.isLike(term.Stem, e.quote):
			sum += byRelation * t.weight(term.Stem)
		case e.context.words[term.Stem]:
			sum += nearby * t.weight(term.Stem)
		}
	}
	return sum
}

// repeats says whether the sentence is the statement, word for word.
func (t *trial) repeats(w witness) bool {
	return newNeedle(t.statement.text) == newNeedle(w.citation.Quote)
}

// supports says whether the sentence bears the statement out.
func (t *trial) supports(w witness) bool {
	return t.isAbout(w.evidence) && t.isClose(w.evidence.quote) && t.isOnDay(w) && t.gate.factcheck(t.said, w.evidence) == ""
}

// isClose says whether a sentence has enough of the statement's own words, all
// of them if these are few and one a name: among many sentences some have other
// words that could mean as much.
func (t *trial) isClose(quote *reading) bool {
	x, same := t.said, 0
	for _, i := range x.content {
		if quote.words[bare(x.terms[i])] || quote.words[x.roots[i]] {
			same++
		}
	}
	if x.points() < fewestPoints {
		return len(x.names) > 0 && same == len(x.content)
	}
	return 2*same >= len(x.content)
}

// isOnDay says whether the sentence, or its context where it tells no day, has
// the days of the statement; when somebody said it does not count, nor when it
// was published.
func (t *trial) isOnDay(w witness) bool {
	theirs := t.gate.reader.telling(w.citation.Quote).dates
	for _, d := range t.gate.reader.telling(t.said.text).dates {
		means := func(q datedRun) bool { return d.means(q.date, w.evidence.published) }
		isYear := func(f figuredRun) bool { return d.date == date{year: int(f.value)} }
		if slices.ContainsFunc(theirs, means) || slices.ContainsFunc(w.evidence.quote.figures, isYear) {
			continue
		}
		if len(theirs) > 0 || !slices.ContainsFunc(w.evidence.context.dates, means) {
			return false
		}
	}
	return true
}

// points is how many things a text tells.
func (x *reading) points() int {
	return len(x.content) + len(x.names) + len(x.figures) + len(x.dates)
}

// fewestPoints is how many things a statement tells, at least, that need not
// have all of its words in the sentence that supports it.
const fewestPoints = 3

// isAbout says whether a sentence or its context names something of what the
// statement is about; a statement about nothing that has a name is about
// anything.
func (t *trial) isAbout(e evidence) bool {
	return len(t.statement.topic) == 0 || slices.ContainsFunc(t.statement.topic, func(n mention) bool { return t.gate.hasName(e, n) })
}
