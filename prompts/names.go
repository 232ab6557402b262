package prompts

import (
	"slices"
	"strings"
	"unicode/utf8"

	"footnote/retrieval"
)

// names are the names in a text: the places of the gazetteer, and runs of
// capitalised words that are no parts of dates. The first word of a sentence
// counts if the language does not know it, or if the next is capitalised too.
func (g *gate) names(text string, terms []retrieval.Term, taken []bool) []mention {
	words := wordsOf(terms)
	return g.reader.mentionsBy(text, terms, true, func(i int) bool { return !taken[i] && g.isNamed(text, terms, words, i) })
}

// isNamed says whether terms[i] is written as a part of a name.
func (g *gate) isNamed(text string, terms []retrieval.Term, words []string, i int) bool {
	t := terms[i]
	if !isUpper(text, t) || retrieval.IsStop(t.Word) || retrieval.IsAsking(t.Word) || t.Word == "mr" || t.Word == "mrs" || t.Word == "ms" || t.Word == "dr" {
		return false
	}
	if i > 0 && !opensSentence(text, terms, i) {
		return true
	}
	if isContraction(text[t.Start:t.End]) {
		return false
	}
	if isAcronym(text[t.Start:t.End]) || !g.isWord(t.Word) || g.isSubject(terms, i) {
		return true
	}
	if !saysSomething(t.Word) || strings.HasSuffix(t.Word, "ly") {
		return false
	}
	if strings.HasPrefix(text[t.End:], "'s ") || strings.HasSuffix(text[t.Start:t.End], "'s") {
		return true
	}
	_, place := g.reader.gazetteer.at(words, min(i+1, len(terms)-1))
	return place == 0 && i+1 < len(terms) && isUpper(text, terms[i+1]) && adjacent(text, terms, i+1) && !retrieval.IsStop(terms[i+1].Word)
}

// isContraction says whether a word is two that an apostrophe joins.
func isContraction(word string) bool {
	for _, ending := range [...]string{"'ve", "'re", "'ll", "'m", "'d", "'t"} {
		if strings.HasSuffix(word, ending) {
			return true
		}
	}
	return false
}

// isSubject says whether the first word of a sentence does something although it
// is neither a plural nor has an article: it is then most likely a name, even
// if it is a word too.
func (g *gate) isSubject(terms []retrieval.Term, i int) bool {
	w := terms[i].Word
	if i+1 == len(terms) || !saysSomething(w) || strings.HasSuffix(w, "s") || strings.HasSuffix(w, "ly") || g.reader.isCommon(w) || isRank(w) || isOffice(w) {
		return false
	}
	next := terms[i+1].Word
	return isSpeech(next) || isForm(next) || next == "has" || next == "had" || next == "will" || next == "would" || strings.HasSuffix(next, "ed")
}

// isWord says whether the language knows a word, or the thesaurus does.
func (g *gate) isWord(w string) bool {
	return !saysSomething(w) || g.reader.isCommon(w) || isRank(w) || isOffice(w) || g.language(w)
}

// opensSentence says whether a mark that ends a sentence or opens a quotation
// stands right before terms[i].
func opensSentence(text string, terms []retrieval.Term, i int) bool {
	if terms[i-1].End > terms[i].Start {
		return false
	}
	between := text[terms[i-1].End:terms[i].Start]
	return strings.ContainsAny(between, `!?:"`) || strings.Contains(between, " '") ||
		strings.HasPrefix(between, ".") && len(between) > 1 && !isInitialBefore(text, terms[i-1])
}

// isInitialBefore says whether the full stop behind a term is that of an initial
// or an abbreviation.
func isInitialBefore(text string, t retrieval.Term) bool {
	return utf8.RuneCountInString(t.Word) < 4 && isUpper(text, t)
}

// checkNames wants each name of the sentence in the quote or its context.
func (g *gate) checkNames(s *reading, e evidence) Flaw {
	for _, n := range s.names {
		if !g.hasName(e, n) || s.replaces(n, e.quote) {
			return FlawName
		}
	}
	return ""
}

// hasName says whether the quote or its context has a name.
func (g *gate) hasName(e evidence, n mention) bool {
	if n.place {
		return e.namesPlace(n.key)
	}
	return g.isNamedIn(n.name, e)
}

// replaces says whether a name stands in the place of one that only the quote
// has: a country for a country, another name for another.
func (x *reading) replaces(n mention, quote *reading) bool {
	if quote.mentions(n) {
		return false
	}
	return slices.ContainsFunc(quote.names, func(q mention) bool { return q.place == n.place && !x.mentions(q) })
}

// mentions says whether a text has a name, or one that shares a word with it.
func (x *reading) mentions(n mention) bool {
	return slices.ContainsFunc(x.names, func(m mention) bool {
		return m.isOf(n) || m.place && n.place && (strings.HasSuffix(m.key, " "+n.key) || strings.HasSuffix(n.key, " "+m.key))
	}) || !n.place && slices.ContainsFunc(n.words, func(w string) bool { return x.words[w] })
}

// namesPlace says whether the quote or its context names a place. Korea is also
// named where South Korea is.
func (e evidence) namesPlace(key string) bool {
	for _, x := range [...]*reading{e.quote, e.context} {
		if x.places[key] {
			return true
		}
		for place := range x.places {
			if strings.HasSuffix(place, " "+key) {
				return true
			}
		}
	}
	return false
}

// isNamedIn says whether the words of a name stand in the quote or its context.
// A full name is also named by one of its words, or by its initials, if another
// place of the article has it in full.
func (g *gate) isNamedIn(n name, e evidence) bool {
	near := func(w string) bool {
		stem := retrieval.Stem(w)
		return e.quote.words[w] || e.context.words[w] || e.quote.words[stem] || e.context.words[stem]
	}
	missing, found := 0, 0
	for _, w := range n.words {
		switch {
		case near(w):
			if e.quote.words[w] {
				found++
			}
		case retrieval.IsStop(w), g.reader.isCommon(w) && g.isLike(retrieval.Stem(w), e.quote):
		default:
			missing++
		}
	}
	if missing == 0 {
		return true
	}
	if len(n.words) == 1 {
		return e.source.spellsOut(n.words[0], near)
	}
	inFull := func(s *source) bool { return s.hit.Article.ID == e.source.hit.Article.ID && s.has(n.words) }
	return (found > 0 || len(n.words) > 2 && near(initials(n.words))) && slices.ContainsFunc(g.sources, inFull)
}
