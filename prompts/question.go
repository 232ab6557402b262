package prompts

import (
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"footnote/retrieval"
)

// An inquiry is a question, analysed: the kind of answer it wants, whom and
// what it names, and what it says of them.
type inquiry struct {
	kind    kind
	names   []name
	words   []word   // what is asked of them
	office  []word   // the offices in a question for who holds them
	measure string   // what a question for a measure asks how much of: "old", "temperature"
	counted []string // stems of what a "how many" counts
	numbers []string // figures in the question
	bigrams [][2]string
}

// A name is a country or union of the gazetteer, or a run of capitalised words.
type name struct {
	key   string   // the same for all names of one thing
	words []string // its words in lower case, as they stand
	text  string   // as it is written
	place bool
}

// A word is a word of a question that is neither name nor filler.
type word struct {
	stem    string
	groups  []int // of the thesaurus
	weight  float64
	unknown bool // it says something, and no passage holds it
}

// A reader analyses questions and sentences. It never changes.
type reader struct {
	gazetteer gazetteer
	thesaurus thesaurus
	common    map[string]bool

	// What only the gate asks for is read when it first does.
	opposites   func() antonymy
	paraphrases func() thesaurus
	lemmas      func() map[string]string
}

func newReader() *reader {
	return &reader{
		newGazetteer(), newThesaurus(relations), common(),
		sync.OnceValue(newAntonymy), sync.OnceValue(func() thesaurus { return newThesaurus(paraphrases) }), sync.OnceValue(newLemmas),
	}
}

// inquiry analyses a question; weight is the weight of a stem in the corpus.
func (r *reader) inquiry(text string, weight func(stem string) float64) inquiry {
	terms := retrieval.Terms(text)
	q := inquiry{kind: kindOf(wordsOf(terms)), counted: counted(terms)}
	inName := make([]bool, len(terms))
	for _, m := range r.mentions(text, terms, saysCase(text, terms)) {
		q.names = append(q.names, m.name)
		for i := m.from; i < m.to; i++ {
			inName[i] = true
		}
	}
	before := ""
	for i, t := range terms {
		measured := q.kind == howBig && i > 0 && isMeasured(terms[i-1].Word, t.Word)
		if measured {
			q.measure = t.Word
		}
		if measured || retrieval.IsStop(t.Word) || retrieval.IsAsking(t.Word) || isFiller(t.Word) {
			before = ""
			continue
		}
		if before != "" {
			q.bigrams = append(q.bigrams, [2]string{before, t.Stem})
		}
		before = t.Stem
		if inName[i] {
			continue
		}
		w := r.word(t, weight)
		if i > 0 && kindOf([]string{terms[i-1].Word}) == who {
			w.weight *= predicateWeight // who *won* the cup
		}
		q.add(w, t)
	}
	return q
}

// word is a word of a question with its weight.
func (r *reader) word(t retrieval.Term, weight func(stem string) float64) word {
	idf := weight(t.Stem)
	w := word{stem: t.Stem, groups: r.thesaurus[t.Stem], weight: .5 + idf, unknown: idf >= weight("")}
	if isLight(t.Word) {
		w.weight, w.unknown = w.weight*lightWeight, false
	}
	return w
}

// add puts a word where it belongs.
func (q *inquiry) add(w word, t retrieval.Term) {
	if isNumber(t.Word) {
		q.numbers = append(q.numbers, t.Word)
		return
	}
	q.words = append(q.words, w)
	if q.kind == who && isOffice(t.Word) {
		q.office = append(q.office, w)
	}
}

// counted are the stems of the words between "how many" and the verb.
func counted(terms []retrieval.Term) []string {
	for i, t := range terms {
		if t.Word != "many" || i == 0 || terms[i-1].Word != "how" {
			continue
		}
		var out []string
		for _, t := range terms[i+1:] {
			if len(out) == 3 || retrieval.IsStop(t.Word) || retrieval.IsAsking(t.Word) || strings.HasSuffix(t.Word, "ed") {
				break
			}
			if !isFiller(t.Word) && t.Word != "times" {
				out = append(out, t.Stem)
			}
		}
		return out
	}
	return nil
}

// isFiller says whether a word of a question says nothing of what it is about.
func isFiller(w string) bool {
	switch w {
	case "article", "articles", "news", "report", "reports", "latest", "current", "currently", "please", "exactly",
		"really", "just", "now", "today", "recently", "happen", "happened", "going", "get", "got", "name", "called",
		"kind", "type", "sort", "date", "stand", "stands", "mean", "whats", "whos", "getting", "so", "far", "cause",
		"caused", "causes", "show", "explain", "describe", "there", "been", "being", "ever", "still", "s", "am",
		"im", "mr", "mrs", "ms", "dr", "lt", "col", "gen", "maj", "sgt", "capt", "prof", "number", "amount",
		"people", "country", "countries", "thing", "things":
		return true
	}
	return false
}

// lightWeight is what a word counts that says little by itself.
const lightWeight = .3

// predicateWeight is how often a word counts that says what somebody did whom
// the question asks for.
const predicateWeight = 3

// isLight says whether a verb leaves it to its object to say what is done.
func isLight(w string) bool {
	switch w {
	case "hold", "held", "make", "made", "making", "take", "taking", "put", "give", "given", "come", "go", "went", "keep",
		"kept", "use", "used", "want", "wants", "need", "know", "known", "think", "set", "become", "became", "try", "tried",
		"expect", "expected", "likely", "involved", "concerned", "reading", "heard", "end", "up", "out", "against",
		"before", "after", "between", "during", "from", "according", "latest", "one", "own":
		return true
	}
	return false
}

// isMeasured says whether a word, behind the one before, is what a question
// wants the measure of.
func isMeasured(before, w string) bool {
	return before == "how" || kindOfThing([]string{w}) == howBig
}

// isOffice says whether a word names what somebody is.
func isOffice(w string) bool {
	switch w {
	case "president", "minister", "secretary", "chancellor", "governor", "mayor", "ambassador", "king", "queen", "pope",
		"premier", "leader", "head", "chief", "chairman", "chair", "director", "ceo", "founder", "owner", "boss", "commander",
		"spokesman", "spokeswoman", "spokesperson", "coach", "manager", "captain", "author", "writer", "editor", "judge",
		"winner", "champion", "inventor", "designer", "architect":
		return true
	}
	return false
}

// saysCase says whether a text tells names by capitals: some words have them,
// and not nearly all.
func saysCase(text string, terms []retrieval.Term) bool {
	upper := 0
	for i, t := range terms {
		if i > 0 && isUpper(text, t) {
			upper++
		}
	}
	return upper > 0 && 3*upper < 2*len(terms)+3
}

func isUpper(text string, t retrieval.Term) bool {
	r, _ := utf8.DecodeRuneInString(text[t.Start:])
	return unicode.IsUpper(r)
}

// A mention is a name and the terms that it spans.
type mention struct {
	name
	from, to int
}

// mentions are the names in a text. If cased, names are told by capitals;
// otherwise only those of the gazetteer are found.
func (r *reader) mentions(text string, terms []retrieval.Term, cased bool) []mention {
	return r.mentionsBy(text, terms, cased, func(i int) bool { return cased && r.isNameWord(text, terms, i) })
}

// mentionsBy is mentions with another way to tell a word of a name.
func (r *reader) mentionsBy(text string, terms []retrieval.Term, cased bool, isNamed func(i int) bool) []mention {
	words := wordsOf(terms)
	var out []mention
	for i := 0; i < len(terms); {
		if place, n := r.gazetteer.at(words, i); n > 0 && isPlaceName(text, terms, i, cased) {
			out = append(out, mention{name{place, words[i : i+n], written(text, terms[i:i+n]), true}, i, i + n})
			i += n
			continue
		}
		n := 0
		for i+n < len(terms) && isNamed(i+n) && (n == 0 || adjacent(text, terms, i+n)) {
			if _, place := r.gazetteer.at(words, i+n); place > 0 && n > 0 {
				break
			}
			n++
		}
		if n > 0 {
			key := strings.Join(words[i:i+n], " ")
			out = append(out, mention{name{key, words[i : i+n], written(text, terms[i:i+n]), false}, i, i + n})
		}
		i += max(n, 1)
	}
	return out
}

// wordsOf are the words of terms, in lower case.
func wordsOf(terms []retrieval.Term) []string {
	words := make([]string, len(terms))
	for i, t := range terms {
		words[i] = t.Word
	}
	return words
}

// written is the run of a text that terms span.
func written(text string, terms []retrieval.Term) string {
	return text[terms[0].Start:max(terms[0].End, terms[len(terms)-1].End)]
}

// isPlaceName says whether the word of the gazetteer at terms[i] is written as
// a name. "us" is one only in capitals or after "the".
func isPlaceName(text string, terms []retrieval.Term, i int, cased bool) bool {
	t := terms[i]
	if t.Word == "us" && !strings.HasPrefix(text[t.Start:t.End], "U") {
		return i > 0 && terms[i-1].Word == "the"
	}
	if t.Word == "the" {
		return !cased || isUpper(text, terms[min(i+1, len(terms)-1)])
	}
	return !cased || isUpper(text, t)
}

// isNameWord says whether the term i can be a word of a name: capitalised, and
// neither a common word, a rank, a month nor the first word of its sentence,
// unless the next is capitalised too.
func (r *reader) isNameWord(text string, terms []retrieval.Term, i int) bool {
	t := terms[i]
	if !isUpper(text, t) || len(t.Word) < 2 || retrieval.IsStop(t.Word) || retrieval.IsAsking(t.Word) ||
		isFiller(t.Word) || isRank(t.Word) || isTimeWord(t.Word) || r.isCommon(t.Word) {
		return false
	}
	if i > 0 && !startsSentence(text, terms, i) {
		return true
	}
	return i+1 < len(terms) && isUpper(text, terms[i+1]) && adjacent(text, terms, i+1) || isAcronym(text[t.Start:t.End])
}

// isCommon says whether a word is one of the relations', in the singular or the
// plural.
func (r *reader) isCommon(w string) bool {
	return r.common[w] || len(w) > 4 && r.common[strings.TrimSuffix(w, "s")]
}

func isAcronym(s string) bool { return len(s) > 1 && strings.ToUpper(s) == s }

// startsSentence says whether a mark that ends a sentence or opens a quotation
// stands right before term i.
func startsSentence(text string, terms []retrieval.Term, i int) bool {
	return terms[i-1].End <= terms[i].Start && strings.ContainsAny(text[terms[i-1].End:terms[i].Start], ".!?:“\"‘")
}

// adjacent says whether only a blank or a hyphen parts term i from the one
// before.
func adjacent(text string, terms []retrieval.Term, i int) bool {
	if i == 0 || terms[i].Start < terms[i-1].End {
		return i > 0
	}
	switch strings.TrimSpace(text[terms[i-1].End:terms[i].Start]) {
	case "", "-", ".":
		return true
	}
	return false
}

// isRank says whether a word is a title or an office that stands before names.
func isRank(w string) bool {
	switch w {
	case "mr", "mrs", "ms", "dr", "sir", "lord", "king", "queen", "prince", "princess", "pope", "president", "minister",
		"secretary", "general", "lt", "col", "colonel", "capt", "captain", "gen", "maj", "major", "sgt", "adm", "admiral",
		"army", "navy", "prime", "defense", "defence", "foreign", "state", "chief", "chancellor", "senator", "governor",
		"ambassador", "professor", "prof", "spokesman", "spokeswoman", "director", "ministry", "department", "government",
		"parliament", "congress", "senate", "court", "bank", "agency", "north", "south", "east", "west", "security":
		return true
	}
	return false
}

func isNumber(w string) bool {
	return w != "" && w[0] >= '0' && w[0] <= '9'
}
