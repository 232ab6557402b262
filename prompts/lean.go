package prompts

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"footnote/retrieval"
)

// An utterance is a question or an answer of a conversation, read for what
// another may refer to.
type utterance struct {
	text     string // on one line, without its question mark
	terms    []retrieval.Term
	mentions []mention
}

// A stretch is the words of an utterance from one up to another.
type stretch struct{ from, to int }

// utterance reads a text. Names without capitals are found if they are the
// gazetteer's.
func (r *reader) utterance(text string) utterance {
	text = strings.TrimRight(oneLine(text), " ?!.")
	terms := retrieval.Terms(text)
	cased := slices.ContainsFunc(terms, func(t retrieval.Term) bool { return isUpper(text, t) })
	u := utterance{text: text, terms: terms}
	found := r.mentions(text, terms, cased)
	for n, m := range found {
		before, end := 0, len(terms)
		if len(u.mentions) > 0 {
			before = u.mentions[len(u.mentions)-1].to
		}
		if next := slices.IndexFunc(found[n+1:], func(m mention) bool { return m.place }); next >= 0 {
			end = found[n+1+next].from
		}
		if m.from >= before {
			u.mentions = append(u.mentions, u.widened(m, before, end))
		}
	}
	return u
}

// widened is a mention with all of its name between two bounds: Suk-yeol and
// "von der" belong to one, as do capitalised words that are common otherwise.
func (u utterance) widened(m mention, from, end int) mention {
	if m.place {
		return m
	}
	for m.from > max(from, 1) && isUpper(u.text, u.terms[m.from-1]) && adjacent(u.text, u.terms, m.from) && !isRank(u.word(m.from-1)) {
		m.from--
	}
	for m.to < end && adjacent(u.text, u.terms, m.to) {
		next := m.to
		for next+1 < end && isParticle(u.word(next)) {
			next++
		}
		hyphened := u.terms[m.to].Start > 0 && u.text[u.terms[m.to].Start-1] == '-'
		if !isUpper(u.text, u.terms[next]) && !hyphened {
			break
		}
		m.to = next + 1
	}
	m.text, m.words = u.run(m.from, m.to), nil
	for _, t := range u.terms[m.from:m.to] {
		m.words = append(m.words, t.Word)
	}
	m.key = strings.Join(m.words, " ")
	return m
}

// isParticle says whether a word can stand within the name of a person.
func isParticle(w string) bool {
	return slices.Contains([]string{"von", "van", "der", "den", "de", "del", "la", "bin", "al"}, w)
}

// word is the i-th word in lower case; "" if there is none.
func (u utterance) word(i int) string { return wordOf(u.terms, i) }

// run is the text that the words from one up to another span.
func (u utterance) run(from, to int) string {
	if from >= to {
		return ""
	}
	return written(u.text, u.terms[from:to])
}

// replace is the text with other words in the place of a run of its own.
func (u utterance) replace(from, to int, with string) string {
	start, end := u.terms[from].Start, u.terms[to-1].End
	if with == "" {
		return oneLine(u.text[:start] + u.text[end:])
	}
	return u.text[:start] + with + u.text[end:]
}

// mentioned is the mention that the i-th word belongs to.
func (u utterance) mentioned(i int) (mention, bool) {
	n := slices.IndexFunc(u.mentions, func(m mention) bool { return m.from <= i && i < m.to })
	if n < 0 {
		return mention{}, false
	}
	return u.mentions[n], true
}

// isContent says whether the i-th word says something and is no part of a name
// or a date.
func (u utterance) isContent(i int) bool {
	w := u.word(i)
	_, named := u.mentioned(i)
	return w != "" && !named && !retrieval.IsStop(w) && !retrieval.IsAsking(w) && !isFiller(w) && !isLink(w) &&
		!opensYesNo(w) && !isPronoun(w) && !isTimeWord(w) && !isNumber(w)
}

// contents are the runs of neighbouring words that say something.
func (u utterance) contents() []stretch {
	var out []stretch
	for i := 0; i < len(u.terms); i++ {
		from := i
		for u.isContent(i) && (i == from || adjacent(u.text, u.terms, i)) {
			i++
		}
		if i > from {
			out = append(out, stretch{from, i})
			i--
		}
	}
	return out
}

// isLink says whether a word only ties others together.
func isLink(w string) bool {
	switch w {
	case "too", "also", "well", "either", "instead", "again", "else", "so", "exactly", "today":
		return true
	}
	return isPreposition(w) || isClauseMark(w)
}

func isPreposition(w string) bool {
	switch w {
	case "in", "on", "at", "to", "from", "of", "by", "with", "for", "about", "against", "before", "after", "since",
		"until", "during", "between", "under", "over", "near", "within", "without", "through", "into", "towards", "toward",
		"among", "around", "than", "as":
		return true
	}
	return false
}

// isClauseMark says whether a word opens a clause, or a part of a list.
func isClauseMark(w string) bool {
	switch w {
	case "that", "when", "if", "whether", "because", "while", "although", "after", "before", "and", "or", "but", "as",
		"who", "which", "since":
		return true
	}
	return false
}

// isPronoun says whether a word stands for something named elsewhere.
func isPronoun(w string) bool {
	switch w {
	case "it", "its", "this", "that", "these", "those", "hers", "theirs", "himself", "herself", "itself", "themselves":
		return true
	}
	return isPerson(w)
}

func isQuestionWord(w string) bool {
	switch w {
	case "who", "whom", "whose", "what", "which", "when", "where", "why", "how":
		return true
	}
	return false
}

// opening is how many words open a follow-up and say nothing else, and whether
// they lean: "and", "but what about".
func (u utterance) opening() (n int, leaning bool) {
	for n < len(u.terms) {
		switch w := u.word(n); {
		case n+1 < len(u.terms) && slices.Contains(strings.Fields("ok okay yes no thanks well hm great right sure"), w):
			n++
		case u.sameFor(n) > 0:
			return n + u.sameFor(n), true
		case w == "and" || w == "but" || w == "or" || w == "so" && isQuestionWord(u.word(n+1)) || w == "also" && n == 0:
			n, leaning = n+1, true
		case (w == "what" || w == "how") && u.word(n+1) == "about" && n+2 < len(u.terms):
			return n + 2, true
		default:
			return n, leaning
		}
	}
	return n, leaning
}

// sameFor is how many words from the n-th on ask for the same of another: "the
// same for", and "same" before any other preposition.
func (u utterance) sameFor(n int) int {
	i := n
	if u.word(i) == "the" {
		i++
	}
	switch next := u.word(i + 1); {
	case u.word(i) != "same" || i+2 >= len(u.terms) || !isPreposition(next):
		return 0
	case next == "for" || next == "with":
		return i + 2 - n
	}
	return i + 1 - n
}

// bareWords are the question words that are all a follow-up from the n-th word
// on consists of: "why", "by whom", "how many", "when was that".
func (u utterance) bareWords(n int) (stretch, bool) {
	asking := n
	for isPreposition(u.word(asking)) {
		asking++
	}
	w := u.word(asking)
	if !isQuestionWord(w) {
		return stretch{}, false
	}
	end := asking + 1
	for slices.Contains(strings.Fields("many much long often far soon else exactly not"), u.word(end)) {
		end++
	}
	if end == len(u.terms) {
		return stretch{n, end}, true
	}
	goesOn := opensYesNo(u.word(end)) || isLink(u.word(end))
	return stretch{n, end}, goesOn && w != "who" && w != "what" && w != "which" && u.saysNothing(end)
}

// saysNothing says whether the words from the n-th on neither say anything nor
// stand for anything but the answer as a whole.
func (u utterance) saysNothing(n int) bool {
	for i := n; i < len(u.terms); i++ {
		_, named := u.mentioned(i)
		switch w := u.word(i); {
		case named, u.isContent(i), isPerson(w), w == "it", w == "its", w == "there":
			return false
		}
	}
	return true
}

// doubts says whether a follow-up only asks whether the answer is true.
func (u utterance) doubts(n int) bool {
	return !slices.ContainsFunc(u.terms[n:], func(t retrieval.Term) bool {
		return !slices.Contains(strings.Fields("is was it that this true right correct so really are you sure says who"), t.Word)
	}) && u.word(n) != "who"
}

// isOwned says whether words begin with a pronoun for an owner, and name
// nothing themselves.
func (u utterance) isOwned(at stretch) bool {
	named := slices.ContainsFunc(u.mentions, func(m mention) bool { return m.from >= at.from })
	return !named && slices.Contains([]string{"its", "their", "his", "her"}, u.word(at.from))
}

// A fragment is a follow-up that is no sentence: "the North", "from Poland too".
type fragment struct {
	before string  // its preposition, or ""
	core   stretch // the words that matter
	isTime bool
}

// fragment reads the words from the n-th on. What was not opened as a
// follow-up is a fragment only if it is nothing but a name or a date, and
// a name only if it was asked, or stands with a preposition or "too".
func (u utterance) fragment(n int, opened, asked bool) (fragment, bool) {
	end := len(u.terms)
	for end > n && slices.Contains([]string{"too", "also", "well", "as", "either", "instead", "then"}, u.word(end-1)) {
		end--
	}
	beside := end < len(u.terms)
	if opensYesNo(u.word(n)) { // does Japan?
		n, opened, beside = n+1, false, true
	}
	f := fragment{core: stretch{n, end}}
	if n < end && isPreposition(u.word(n)) {
		f.before, f.core.from, beside = u.word(n), n+1, true
	}
	if f.core.from >= end {
		return f, opened && n < end
	}
	if at, ok := u.time(f.core.from); ok && u.isAll(f.core, at) {
		f.isTime = true
		return f, true
	}
	if m, ok := u.mentioned(end - 1); ok && u.isAll(f.core, m.stretch()) {
		return f, asked || opened || beside
	}
	return f, opened && !u.isSentence(n)
}

// isAll says whether a run is all of some words, but for an article.
func (u utterance) isAll(words, run stretch) bool {
	return run.to == words.to && (run.from == words.from || run.from == words.from+1 && u.word(words.from) == "the")
}

// isSentence says whether there is a verb of a question among the words from
// the n-th on, or a request at their head.
func (u utterance) isSentence(n int) bool {
	switch u.word(n) {
	case "tell", "show", "explain", "describe", "give", "list", "name", "find", "compare", "summarise", "summarize":
		return true
	}
	return slices.ContainsFunc(u.terms[n:], func(t retrieval.Term) bool {
		return isQuestionWord(t.Word) || opensYesNo(t.Word) && t.Word != "may" && t.Word != "will"
	})
}

// time is the last date or stretch of time that begins at the n-th word or
// later, without a preposition before it.
func (u utterance) time(n int) (at stretch, ok bool) {
	for i := n; i < len(u.terms); i++ {
		from := i
		for i < len(u.terms) && (u.isTime(i) || isNumber(u.word(i)) && (u.isTime(i-1) && i > from || u.isTime(i+1))) {
			i++
		}
		if i > from {
			at, ok = stretch{from, i}, true
		}
	}
	return at, ok
}

// isTime says whether the i-th word names a year, a month, a day, or a stretch
// of time beside "last", "this" or "next".
func (u utterance) isTime(i int) bool {
	w := u.word(i)
	switch w {
	case "may", "march":
		return isUpper(u.text, u.terms[i]) && i > 0
	case "last", "this", "next":
		return isPeriod(u.word(i + 1))
	}
	return isYear(w) && isNumber(w) || isTimeWord(w) || isPeriod(w) && slices.Contains([]string{"last", "this", "next"}, u.word(i-1))
}

func isPeriod(w string) bool {
	switch w {
	case "year", "month", "week", "summer", "winter", "spring", "autumn", "morning", "evening", "century", "decade", "season":
		return true
	}
	return false
}

// isPersonal says how likely a mention is a person's name: 2 if the words
// beside it say so, 0 if it itself tells otherwise.
func (u utterance) isPersonal(m mention) int {
	before, after := u.word(m.from-1), u.word(m.to)
	switch {
	case m.place || before == "the" || strings.ContainsAny(m.text, "0123456789") || isAcronym(m.text):
		return 0
	case isAuxiliary(before) && u.word(m.from-2) == "who", isOffice(before), isHonorific(before), isSpeech(after) && after != "reported":
		return 2
	}
	return 1
}

func isHonorific(w string) bool {
	switch w {
	case "mr", "mrs", "ms", "dr", "sir", "lord", "king", "queen", "prince", "princess", "pope", "general", "col",
		"colonel", "captain", "senator", "professor":
		return true
	}
	return false
}

// lowerFirst is a question as it goes on behind another word.
func lowerFirst(text string) string {
	first, _, _ := strings.Cut(text, " ")
	w := strings.ToLower(first)
	if !opensYesNo(w) && !retrieval.IsAsking(w) && !retrieval.IsStop(w) && !isPreposition(w) {
		return text
	}
	return w + text[len(first):]
}

// asQuestion is a sentence with a capital and a question mark.
func asQuestion(s string) string {
	first, size := utf8.DecodeRuneInString(s)
	s = strings.TrimRight(s, " ?") + "?"
	if unicode.IsLower(first) {
		return string(unicode.ToUpper(first)) + s[size:]
	}
	return s
}
