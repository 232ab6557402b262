package prompts

import (
	"strings"

	"footnote/retrieval"
)

// A reading is a text as the gate compares it with another. Its offsets are
// into the folded text.
type reading struct {
	text    string
	terms   []retrieval.Term
	stances []stance
	dates   []datedRun
	figures []figuredRun
	names   []mention
	roots   []string        // the lemma of each term
	content []int           // the terms that say something: no stop words, names, dates, figures or negators
	words   map[string]bool // all words and all stems, also without the un- that denies them
	places  map[string]bool // keys of the places named
	parts   []unit          // see units
}

// read reads a text.
func (g *gate) read(text string) *reading {
	text = fold(text).text
	terms := wholeNumbers(text, retrieval.Terms(text))
	x := &reading{
		text: text, terms: terms, stances: stances(text, terms), dates: dates(text, terms),
		words: make(map[string]bool, 2*len(terms)), places: map[string]bool{},
	}
	taken := make([]bool, len(terms)) // by a date, a figure or a name
	for _, d := range x.dates {
		fill(taken, d.from, d.to)
	}
	x.figures = figures(text, terms, taken)
	x.names = g.names(text, terms, taken)
	for _, f := range x.figures {
		fill(taken, f.from, f.to)
	}
	for _, n := range x.names {
		fill(taken, n.from, n.to)
		if n.place {
			x.places[n.key] = true
		}
	}
	for i, t := range terms {
		root := g.lemma(t.Stem)
		x.roots = append(x.roots, root)
		x.words[t.Word], x.words[t.Stem], x.words[bare(t)], x.words[root] = true, true, true, true
		if !taken[i] && saysSomething(t.Word) && !namesUnit(terms, i) && !x.isParticle(i) && !negates(text, terms, i) {
			x.content = append(x.content, i)
		}
	}
	return x
}

// isParticle says whether terms[i] only completes the verb before it: turned
// down.
func (x *reading) isParticle(i int) bool {
	switch x.terms[i].Word {
	case "down", "off", "away", "back", "aside", "apart":
		return i > 0 && (strings.HasSuffix(x.terms[i-1].Word, "ed") || x.roots[i-1] != x.terms[i-1].Stem)
	}
	return false
}

// namesUnit says whether terms[i] names a unit; what was won is none.
func namesUnit(terms []retrieval.Term, i int) bool {
	w := terms[i].Word
	before := wordOf(terms, i-1)
	return unitOf(w) != "" && (w != "won" || isNumber(before) || multiplier(before) > 0)
}

// wholeNumbers are terms in which each number is the one that stands in the
// text, with its decimal point, which retrieval drops next to a sign such as £.
func wholeNumbers(text string, terms []retrieval.Term) []retrieval.Term {
	out := terms[:0]
	for _, t := range terms {
		if last := len(out) - 1; last >= 0 && out[last].Span == t.Span && isDigitByte(text[t.Start]) {
			continue
		}
		if isDigitByte(text[t.Start]) {
			t.Word = strings.TrimSuffix(strings.ReplaceAll(strings.ToLower(t.In(text)), ",", ""), "'s")
			t.Stem = t.Word
		}
		out = append(out, t)
	}
	return out
}

// saysSomething says whether a word must be borne out: it is neither a stop
// word, nor one that leaves it to others to say what is meant, nor one that
// only says that somebody spoke.
func saysSomething(w string) bool {
	if len(w) < 2 || retrieval.IsStop(w) || retrieval.IsAsking(w) || isLight(w) || isVagueTime(w) {
		return false
	}
	switch w {
	case "said", "told", "added", "announced", "stated", "declared", "explained", "reported", "wrote", "called", "noted",
		"described":
		return false
	case "also", "been", "being", "both", "each", "every", "other", "others", "some", "than", "them", "him", "those", "while",
		"us", "our", "your", "so", "too", "very", "more", "most", "only", "just", "through", "over", "under", "within", "because",
		"due", "around", "approximately", "nearly", "almost", "currently", "still", "now", "again", "once", "well", "my",
		"however", "although", "though", "since", "until", "per", "via", "among", "towards", "toward", "regarding", "including",
		"itself", "himself", "themselves", "saying", "says", "stating", "states", "telling", "reporting", "reportedly", "there",
		"mr", "mrs", "ms", "dr", "sir", "least", "nor", "neither", "non", "yet", "even", "s", "t", "having", "doing", "done",
		"dont", "didnt", "doesnt", "isnt", "wasnt", "arent", "werent", "hasnt", "havent", "wont", "wouldnt", "cannot", "same",
		"remain", "remains", "remained", "remaining", "percent", "percentage", "nobody", "nothing", "everyone", "everybody", "someone", "anyone", "everything", "something",
		"total", "overall", "plan", "plans", "planned", "intend", "intends", "likely", "expects":
		return false
	}
	return true
}

// partsClauses says whether a clause ends between two terms.
func (x *reading) partsClauses(from, to int) bool {
	for i := from + 1; i <= to; i++ {
		if endsClause(x.text, x.terms, i) || x.terms[i].Word == "and" {
			return true
		}
	}
	return false
}
