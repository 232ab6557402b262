package prompts

import (
	"slices"

	"footnote/corpus"
)

// contradicts says whether the sentence says otherwise what the statement says:
// it would bear the statement out but for one number, date or word, or but for
// its denial. A sentence that speaks of less than the statement, of one day, one
// round or one place, contradicts nothing, nor does one that leaves open what it
// tells.
func (t *trial) contradicts(w *witness) bool {
	if !t.isDisputable() || !t.isAbout(w.evidence) || leaveOpen(t.said, w.evidence.quote) {
		return false
	}
	r := t.gate.reader
	d := dispute{trial: t, witness: w, mine: r.telling(t.said.text), theirs: r.telling(w.citation.Quote)}
	d.theirs.published = w.evidence.published
	return d.onNumber() || d.onWord() || d.onDenial() || d.onDate()
}

// isDisputable says whether the statement is a whole sentence that tells enough,
// of something that has a name, to be sure what it is about.
func (t *trial) isDisputable() bool {
	return len(t.statement.topic) > 0 && t.said.points() >= fewestPoints && len(t.said.content) > 0 && slices.ContainsFunc(t.said.terms, t.gate.isVerb)
}

// leaveOpen says whether one of two texts holds something no more than possible,
// or makes an exception or a condition that the other does not make.
func leaveOpen(a, b *reading) bool {
	doubts := func(x *reading) bool {
		return slices.ContainsFunc(x.stances, func(s stance) bool { return s.doubted })
	}
	for _, w := range [...]string{"except", "unless", "until", "only", "should", "would", "some", "most", "partly", "almost", "might"} {
		if a.words[w] != b.words[w] {
			return true
		}
	}
	return doubts(a) || doubts(b)
}

// A dispute is between a statement and a sentence of a source.
type dispute struct {
	*trial
	*witness
	mine, theirs telling
}

// isOfOneScope says whether the days and places in an order that the sentence
// names, up to the clause in which a term stands, are the statement's too, and
// the places of that clause. What happens but once needs no day.
func (d *dispute) isOfOneScope(term int) bool {
	quote := d.evidence.quote
	clause := quote.clauseOf(term)
	undated := d.isOnce() && len(d.mine.dates) == 0
	for _, x := range d.theirs.dates {
		agrees := func(y datedRun) bool { return d.theirs.compatible(x.date, d.mine, y.date) }
		if x.from < clause.End && !undated && wordOf(d.theirs.terms, x.from-1) != "since" && !slices.ContainsFunc(d.mine.dates, agrees) {
			return false
		}
	}
	for _, f := range quote.figures {
		if f.ordinal && f.from < clause.End && !d.said.hasFigure(f) {
			return false
		}
	}
	for _, n := range quote.namesBetween(clause.Start, clause.End) {
		if n.place && !d.said.mentions(n) {
			return false
		}
	}
	return d.mine.span() == d.theirs.span()
}

// clauseOf is the clause in which a term stands.
func (x *reading) clauseOf(term int) corpus.Span {
	for _, c := range x.spans() {
		if term < c.End {
			return c
		}
	}
	return corpus.Span{}
}

// isOnce says whether both tell of what happens but once to one thing.
func (d *dispute) isOnce() bool {
	for stem := range d.mine.content {
		if d.theirs.content[stem] && (isOnceOnly(stem) || isMishap(stem)) {
			return true
		}
	}
	return false
}

// isMishap says whether a stem is of what ends a thing, or a time in office, or
// begins one.
func isMishap(stem string) bool {
	switch stem {
	case "sank", "sink", "sunk", "crash", "collaps", "explod", "derail", "sworn", "inaugur", "resign":
		return true
	}
	return false
}

// bearsOut says whether the sentence bears out the statement with a run of its
// own words in the place of one of the statement's. A run of who says it does
// not count.
func (d *dispute) bearsOut(from, to, theirFrom, theirTo int) bool {
	s, quote := d.said, d.evidence.quote
	if theirTo > len(quote.terms) {
		return false
	}
	theirs := quote.text[quote.terms[theirFrom].Start:quote.terms[theirTo-1].End]
	changed := s.text[:s.terms[from].Start] + theirs + s.text[s.terms[to-1].End:]
	return d.gate.factcheck(d.gate.read(changed), d.evidence) == ""
}

// settle notes what differs: a run of the quote's terms.
func (d *dispute) settle(about string, from, to int) bool {
	d.about = about
	d.says = d.theirs.run(from, to).at.In(d.citation.Quote)
	return true
}

// onNumber says whether the sentence has another number.
func (d *dispute) onNumber() bool {
	mine, theirs := d.mine.quantities(), d.theirs.quantities()
	mine, theirs = without(mine, theirs), without(theirs, mine)
	for _, x := range mine {
		for _, y := range theirs {
			if d.gate.reader.countsSame(x, y) && x.excludes(y) && d.isOfOneScope(y.from) && d.bearsOut(x.from, x.to, y.from, y.to) {
				return d.settle(onNumber, y.from, y.end)
			}
		}
	}
	return false
}

// excludes says whether of two quantities that differ only one can be right: more
// than a number, or at least, leaves room above it, and up to leaves room below.
func (q quantity) excludes(o quantity) bool {
	low, high := q, o
	if low.value > high.value {
		low, high = o, q
	}
	return low.bound <= 0 && (high.bound >= 0 || low.bound < 0)
}

// onWord says whether the sentence has the opposite of a word in its place.
func (d *dispute) onWord() bool {
	s, quote := d.said, d.evidence.quote
	for i, t := range s.terms {
		pair := d.gate.opposites[t.Stem]
		if pair == nil || s.isName(i) {
			continue
		}
		for j, u := range quote.terms {
			if pair.contrary[u.Stem] && !quote.isName(j) && s.stances[i] == quote.stances[j] && d.isOfOneScope(j) && d.bearsOut(i, i+1, j, j+1) {
				return d.settle(onClaim, j, j+1)
			}
		}
	}
	return false
}
