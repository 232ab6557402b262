package prompts

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"footnote/corpus"
	"footnote/retrieval"
)

// trustworthy says whether a model's rewriting of a question may be searched
// for. It is one question in plain text on one line of at most 400 characters,
// leans on nothing, asks for the same kind of answer, keeps what the question
// says, and says nothing that neither the question nor the turns say.
func (r *reader) trustworthy(rewritten, question string, turns []Turn) bool {
	if !isPlainQuestion(rewritten) {
		return false
	}
	if _, leans := r.standAlone(rewritten, turns); leans {
		return false
	}
	before := []string{question}
	for _, t := range turns {
		before = append(before, t.Question, t.Answer)
	}
	told := r.vocabulary(strings.Join(before, ". "))
	asked, now := r.vocabulary(question), r.vocabulary(rewritten)
	return asked.sameKind(now) && r.holds(now, asked) && r.holds(told, now) &&
		(!now.negated || told.negated)
}

// isPlainQuestion says whether a text is one line, one sentence, short, and
// without the marks of links, mentions and markup.
func isPlainQuestion(s string) bool {
	control := func(r rune) bool { return unicode.IsControl(r) || unicode.Is(unicode.Cf, r) || r == utf8.RuneError }
	if strings.ContainsAny(s, "<>[]{}|`*_#@\\~^=") || strings.ContainsFunc(s, control) || strings.Contains(s, "://") {
		return false
	}
	if at := strings.IndexRune(s, '?'); at >= 0 && at != len(s)-1 {
		return false
	}
	return utf8.RuneCountInString(s) <= longestRewriting && len(corpus.Sentences(s)) == 1
}

// A vocabulary is what a text says, word by word.
type vocabulary struct {
	kind    kind
	places  map[string]bool // by key
	stems   map[string]bool // of all its words
	said    []retrieval.Term
	numbers []string
	negated bool
}

func (r *reader) vocabulary(text string) vocabulary {
	u := r.utterance(text)
	v := vocabulary{kind: kindOf(wordsOf(u.terms)), places: map[string]bool{}, stems: stemsOf(u.terms)}
	for i, t := range u.terms {
		m, named := u.mentioned(i)
		switch {
		case named && m.place:
			v.places[m.key] = true
		case isNumber(t.Word):
			v.numbers = append(v.numbers, t.Word)
		case named, isTimeWord(t.Word), u.isContent(i):
			v.said = append(v.said, t)
		case t.Word == "not" || t.Word == "no" || t.Word == "never" || strings.HasSuffix(t.Word, "nt") && opensYesNo(t.Word):
			v.negated = true
		}
	}
	return v
}

// sameKind says whether both ask for the same kind of answer, as far as the
// first says which.
func (v vocabulary) sameKind(other vocabulary) bool {
	return v.kind == open || v.kind == other.kind
}

// holds says whether all that part says stands in whole: places by any name,
// numbers as they are, other words in any form or as a word for the same.
func (r *reader) holds(whole, part vocabulary) bool {
	for p := range part.places {
		if !whole.places[p] {
			return false
		}
	}
	for _, n := range part.numbers {
		if !slices.Contains(whole.numbers, n) {
			return false
		}
	}
	return !slices.ContainsFunc(part.said, func(t retrieval.Term) bool {
		return !r.tells(whole.stems, t.Stem)
	})
}
