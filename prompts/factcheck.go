package prompts

import (
	"slices"
	"strings"
	"time"

	"footnote/retrieval"
)

// An evidence is what a sentence is held against.
type evidence struct {
	quote     *reading
	context   *reading // the sentence before, the heading, the title and the outlet
	published time.Time
	source    *source
}

// factcheck says what is wrong with what a sentence says in the light of the
// evidence; "" if nothing is.
func (g *gate) factcheck(s *reading, e evidence) Flaw {
	for _, check := range [...]func(*reading, evidence) Flaw{
		checkQuotation, checkFigures, checkDates, g.checkNames, checkNegation, g.checkOpposites, g.checkHedges, g.checkRoles, g.checkTold, g.checkContent,
	} {
		if flaw := check(s, e); flaw != "" {
			return flaw
		}
	}
	return ""
}

// checkFigures wants each number of the sentence in the quote, of the same
// things.
func checkFigures(s *reading, e evidence) Flaw {
	for _, f := range s.figures {
		says := func(q figuredRun) bool { return f.isSaid(q.figure, e.quote) }
		switch {
		case slices.ContainsFunc(e.quote.figures, says):
		case f.name != "" && !isNumber(f.name) && slices.ContainsFunc(e.context.figures, says):
		case f.value == 1 && f.code == "" && (f.ordinal || s.terms[f.from].Word != "1") && e.quote.saysOne(f.ordinal):
		case f.value == 1 && f.code == "" && !f.ordinal && !e.quote.counts(s.wordAt(f.to)):
		case f.isYearOf(e):
		default:
			return FlawNumber
		}
	}
	return s.checkCompany(e.quote)
}

// isSaid says whether a figure of a quote bears out f, also where it leaves the
// unit to another place of the quote: from 10 to 20 degrees.
func (f figure) isSaid(q figure, quote *reading) bool {
	if f.says(q) {
		return true
	}
	if f.unit == "" || q.unit != "" || q.name != "" {
		return false
	}
	q.unit = f.unit
	return f.says(q) && slices.ContainsFunc(quote.terms, func(t retrieval.Term) bool { return unitOf(t.Word) == f.unit })
}

// saysOne says whether a text has a word for one, or for what comes first.
func (x *reading) saysOne(ordinal bool) bool {
	if ordinal {
		return x.words["earliest"] || x.words["initially"] || x.words["never"] || x.words["unprecedented"]
	}
	return x.words["a"] || x.words["an"] || x.words["single"] || x.words["once"]
}

// wordAt is the stem of terms[i], "" behind the last.
func (x *reading) wordAt(i int) string {
	if i < len(x.terms) {
		return x.terms[i].Stem
	}
	return ""
}

// counts says whether a figure stands right before a word.
func (x *reading) counts(stem string) bool {
	return slices.ContainsFunc(x.figures, func(f figuredRun) bool { return x.wordAt(f.to) == stem })
}

// isYearOf says whether f is a year of the quote that only looks like a number.
func (f figure) isYearOf(e evidence) bool {
	is := func(d datedRun) bool { return f.value == float64(d.year) }
	return f.unit == "" && f.code == "" && f.value > 1500 && slices.ContainsFunc(e.quote.dates, is)
}

// checkDates wants each date of the sentence in the quote, or in its context
// where the quote tells none as close.
func checkDates(s *reading, e evidence) Flaw {
	for _, d := range s.dates {
		means := func(q datedRun) bool { return d.means(q.date, e.published) }
		if slices.ContainsFunc(e.quote.dates, means) {
			continue
		}
		value := func(f figuredRun) bool { return f.value == float64(d.year) && f.code == "" }
		if d.date == (date{year: d.year}) && slices.ContainsFunc(e.quote.figures, value) {
			continue
		}
		asClose := func(q datedRun) bool { return q.fineness() >= d.fineness() }
		if slices.ContainsFunc(e.quote.dates, asClose) {
			return FlawDate
		}
		if !slices.ContainsFunc(e.context.dates, means) && (e.published.IsZero() || !d.means(dayOn(e.published), e.published)) {
			return FlawDate
		}
	}
	return ""
}

// checkQuotation wants all that the sentence has in quotation marks in the
// quote, word for word.
func checkQuotation(s *reading, e evidence) Flaw {
	parts := strings.Split(s.text, `"`)
	for i := 1; i < len(parts); i += 2 {
		if n := newNeedle(parts[i]); n != "" && len(n.in(fold(e.quote.text))) == 0 {
			return FlawQuote
		}
	}
	if len(parts)%2 == 0 {
		return FlawQuote
	}
	return ""
}
