package prompts

import (
	"cmp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"footnote/corpus"
	"footnote/retrieval"
)

// A gate stands between what a model writes and what is shown: a sentence goes
// through if a passage of the prompt bears it out. It remembers what it has
// read, so that only one goroutine at a time may use it.
type gate struct {
	reader      *reader
	opposites   antonymy
	paraphrases thesaurus
	lemmas      map[string]string
	asked       inquiry
	sources     []*source
	language    func(word string) bool
	forbidden   map[string]bool // runs of words, see forbid
}

// newGate is the gate of the answer to a question. sources[i] has number i+1 in
// the prompt. knows says whether a word, in lower case, is one of the language;
// nil knows none.
func newGate(r *reader, asked inquiry, sources []retrieval.Hit, knows func(word string) bool) *gate {
	if knows == nil {
		knows = func(string) bool { return false }
	}
	g := &gate{reader: r, opposites: r.opposites(), paraphrases: r.paraphrases(), lemmas: r.lemmas(), asked: asked, language: knows, forbidden: map[string]bool{}}
	for _, h := range sources {
		g.sources = append(g.sources, newSource(h))
	}
	return g
}

// A verified is a sentence that has passed the gate.
type verified struct {
	text   string      // plain text
	source int         // the index of its source
	at     corpus.Span // in the passage's text: the whole sentences that bear it out
}

// check says what of a claim can be shown, or else why nothing can: the flaw
// that it has at the first place where its quote stands. To check what was
// verified, with the words that bear it out, gives the same again.
func (g *gate) check(c claim) (verified, Flaw) {
	text, flaw := plain(c.sentence)
	if flaw != "" {
		return verified{}, flaw
	}
	if flaw := g.checkWords(text); flaw != "" {
		return verified{}, flaw
	}
	places, flaw := g.places(c)
	if flaw != "" {
		return verified{}, flaw
	}
	said := g.readSentences(text)
	out, best := verified{}, -1.0
	for _, p := range places {
		support, f := g.bears(text, said, p)
		switch {
		case f != "":
			flaw = cmp.Or(flaw, f)
		case !blank(c.quote):
			return verified{text, p.source, p.at}, ""
		case support > best:
			out, best = verified{text, p.source, p.at}, support
		}
	}
	if best < 0 {
		return verified{}, cmp.Or(flaw, FlawUnsupported)
	}
	return out, ""
}

// bears says how well a place bears out a text of one or more sentences, from 0
// to 1, or what is wrong with one of them.
func (g *gate) bears(text string, sentences []*reading, p place) (support float64, flaw Flaw) {
	e := g.evidence(p)
	if !e.hasHosts(text) {
		return 0, FlawNotPlain
	}
	if g.repeats(text, e.quote) {
		return 0, FlawInstructions
	}
	support = 1
	for _, x := range sentences {
		if flaw := g.factcheck(x, e); flaw != "" {
			return 0, flaw
		}
		support = min(support, g.share(x.saying(), e))
	}
	return support, ""
}

// evidence is what a place has to say.
func (g *gate) evidence(p place) evidence {
	s := g.sources[p.source]
	return evidence{g.reading(s, p.at), g.context(s, p.at.Start), s.hit.Article.Published, s}
}

// hasHosts says whether the quote has each name of a host that a text has.
func (e evidence) hasHosts(text string) bool {
	names, ok := hosts(text)
	return ok && !slices.ContainsFunc(names, func(n string) bool { return !strings.Contains(e.quote.text, n) })
}

// readSentences reads the sentences of a text, each by itself. What is taken
// for a heading is one too.
func (g *gate) readSentences(text string) []*reading {
	var out []*reading
	end := 0
	for _, at := range corpus.Sentences(text) {
		if !blank(text[end:at.Start]) {
			return []*reading{g.read(text)}
		}
		out = append(out, g.read(at.In(text)))
		end = at.End
	}
	if !blank(text[end:]) {
		return []*reading{g.read(text)}
	}
	return out
}

// checkWords wants words enough, and each known to the sources, the question or
// the language.
func (g *gate) checkWords(text string) Flaw {
	terms := retrieval.Terms(fold(text).text)
	if len(terms) < minWords && !g.isAnswer(text) {
		return FlawLength
	}
	for _, t := range terms {
		if !g.isKnown(t) {
			return FlawStrange
		}
	}
	return ""
}

// isKnown says whether a word can be shown if what it says is borne out. Figures
// are known if they are; a letter by itself only if a source has it.
func (g *gate) isKnown(t retrieval.Term) bool {
	if isNumber(t.Word) || t.Word == "a" || t.Word == "i" {
		return true
	}
	if utf8.RuneCountInString(t.Word) > 1 && (g.isWord(t.Word) || g.reader.thesaurus[t.Stem] != nil || g.paraphrases[t.Stem] != nil || g.reader.gazetteer[t.Word] != "") {
		return true
	}
	return slices.ContainsFunc(g.sources, func(s *source) bool { return s.words[t.Word] || s.words[t.Stem] }) || g.asked.has(t)
}

// has says whether the question has a word.
func (q inquiry) has(t retrieval.Term) bool {
	return slices.ContainsFunc(q.words, func(w word) bool { return w.stem == t.Stem }) ||
		slices.ContainsFunc(q.names, func(n name) bool { return slices.Contains(n.words, t.Word) })
}

// isAnswer says whether a few words are just what the question asks for: a
// figure or a date, or a name.
func (g *gate) isAnswer(text string) bool {
	terms := retrieval.Terms(text)
	switch g.asked.kind {
	case howMany, howMuch, howBig, when:
		return slices.ContainsFunc(terms, func(t retrieval.Term) bool {
			return isNumber(t.Word) || isCount(t.Word) || isTimeWord(t.Word)
		})
	case who, where:
		return len(terms) > 0 && !slices.ContainsFunc(terms, func(t retrieval.Term) bool { return !isUpper(text, t) })
	}
	return false
}

// repeated is how many words in a row are a repetition.
const repeated = 4

// forbid has the gate stop what repeats four words in a row of a text, the
// prompt's instructions, unless the words stand in what it cites.
func (g *gate) forbid(text string) {
	for run := range runs(text) {
		g.forbidden[run] = true
	}
}

// repeats says whether a text has words in a row that are forbidden and are not
// the quote's.
func (g *gate) repeats(text string, quote *reading) bool {
	if len(g.forbidden) == 0 {
		return false
	}
	theirs := runs(quote.text)
	for run := range runs(text) {
		if g.forbidden[run] && !theirs[run] {
			return true
		}
	}
	return false
}

// runs are the runs of words of a text that are long enough to be repetitions.
func runs(text string) map[string]bool {
	words := strings.FieldsFunc(strings.ToLower(text), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
	out := map[string]bool{}
	for i := range max(0, len(words)-repeated+1) {
		out[strings.Join(words[i:i+repeated], " ")] = true
	}
	return out
}
