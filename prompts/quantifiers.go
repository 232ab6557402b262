package prompts

import (
	"strings"

	"footnote/retrieval"
)

// checkQuantifiers wants what is told of all or of most to be told so in the
// quote.
func checkQuantifiers(s, quote *reading) Flaw {
	for i, t := range s.terms {
		switch {
		case s.meansAll(i) && !quote.any(func(j int) bool {
			return quote.meansAll(j) || isNoneOrAny(quote.wordOf(j))
		}):
			return FlawNumber
		case s.meansMost(i) && !s.words["not"] && !quote.any(func(j int) bool { return quote.meansMost(j) || quote.meansAll(j) }) && !quote.hasMostInFigures():
			return FlawNumber
		case t.Word == "always" && !quote.words["always"] && !quote.words["never"]:
			return FlawNumber
		}
	}
	return ""
}

func isNoneOrAny(w string) bool {
	return w == "any" || w == "no" || w == "none" || w == "nobody" || w == "without"
}

func (x *reading) any(is func(i int) bool) bool {
	for i := range x.terms {
		if is(i) {
			return true
		}
	}
	return false
}

// meansAll says whether terms[i] is a word for the whole of something.
func (x *reading) meansAll(i int) bool {
	switch w := x.wordOf(i); w {
	case "every", "everyone", "everybody", "everything", "entire", "entirely", "whole", "wholly", "completely", "fully", "throughout":
		return true
	case "all":
		before, next := x.wordOf(i-1), x.wordOf(i+1)
		return before != "at" && before != "above" && before != "after" && next != "but" && next != "time"
	}
	return false
}

// meansMost says whether terms[i] is a word for more than half of something.
func (x *reading) meansMost(i int) bool {
	switch x.wordOf(i) {
	case "majority", "mostly", "mainly", "largely", "bulk":
		return true
	case "most":
		before, next := x.wordOf(i-1), x.wordOf(i+1)
		return before != "at" && before != "the" && (next == "of" || strings.HasSuffix(next, "s") && !strings.HasSuffix(next, "ous") && !strings.HasSuffix(next, "ss") && !retrieval.IsStop(next)) && !strings.HasSuffix(before, "'s") && before != "s"
	}
	return false
}

// hasMostInFigures says whether a text tells a share of more than half, or parts
// of a whole.
func (x *reading) hasMostInFigures() bool {
	for i, f := range x.figures {
		if f.unit == "%" && f.value > 50 || f.share && f.value > .5 || f.share && f.bound > 0 {
			return true
		}
		if i > 0 && x.isPartOf(x.figures[i-1], f) && 2*x.figures[i-1].value > f.value {
			return true
		}
	}
	return false
}

// isSuperlative says whether a word tells what comes first: largest, most.
func isSuperlative(t retrieval.Term) bool {
	return t.Word == "most" || t.Word == "least" || t.Word == "best" || t.Word == "worst" || len(t.Word) > 5 && strings.HasSuffix(t.Word, "est")
}

// checkSides wants nobody to decide for what in the quote they decide against.
func checkSides(s, quote *reading) Flaw {
	if s.decides("for") && !quote.decides("for") && quote.decides("against") || s.decides("against") && !quote.decides("against") && quote.decides("for") {
		return FlawOpposite
	}
	return ""
}

// decides says whether a word for a decision stands right before another word.
func (x *reading) decides(side string) bool {
	return x.any(func(i int) bool { return i > 0 && x.wordOf(i) == side && isDecision(x.terms[i-1].Stem) })
}

// checkOneUnit wants the unit of what is one without a number in the quote: a
// minute, not an hour.
func checkOneUnit(s, quote *reading) Flaw {
	for i := range s.terms {
		unit := unitOf(s.wordOf(i))
		if before := s.wordOf(i - 1); unit == "" || before != "a" && before != "an" {
			continue
		}
		other := false
		for j := range quote.terms {
			before := quote.wordOf(j - 1)
			switch theirs := unitOf(quote.wordOf(j)); {
			case theirs == unit:
				return ""
			case theirs != "" && (before == "a" || before == "an"):
				other = true
			}
		}
		if other {
			return FlawNumber
		}
	}
	return ""
}

// checkEnds wants what something rises or falls to not to be what in the quote it
// does from, nor the other way about.
func checkEnds(s, quote *reading) Flaw {
	for _, f := range s.figures {
		mine := s.wordOf(f.from - 1)
		if mine != "to" && mine != "from" {
			continue
		}
		same, other := false, false
		for _, q := range quote.figures {
			switch theirs := quote.wordOf(q.from - 1); {
			case q.value != f.value || q.unit != f.unit:
			case theirs == mine:
				same = true
			case theirs == "to" || theirs == "from":
				other = true
			}
		}
		if other && !same {
			return FlawNumber
		}
	}
	return ""
}
