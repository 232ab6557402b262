package prompts

import (
	"slices"
	"strings"
	"unicode/utf8"

	"footnote/corpus"
	"footnote/retrieval"
)

const (
	longestRewriting = 400 // characters
	turnsBack        = 3   // how many turns a question can lean on
)

// standAlone is the question as it stands alone, and whether it leans on the
// turns before. A question that does not comes back as it is, as does one of
// which the rules cannot tell what it leans on. A rewriting has no word that is
// in neither the question nor the turns but for glue: "and", "in", "on", "the",
// "that".
func (r *reader) standAlone(question string, turns []Turn) (string, bool) {
	if len(turns) == 0 || utf8.RuneCountInString(question) > longestRewriting {
		return question, false
	}
	said := r.turns(turns[max(0, len(turns)-turnsBack):])
	f := r.utterance(question)
	asked := strings.HasSuffix(strings.TrimSpace(question), "?")
	pointed := false
	if text, ok := r.towards(f, said); ok {
		f, pointed = r.utterance(text), true
	}
	rewritten, leans := r.rewrite(f, said, asked)
	if !leans && pointed {
		rewritten, leans = asQuestion(f.text), true
	}
	if !leans || rewritten == "" || utf8.RuneCountInString(rewritten) > longestRewriting {
		return question, leans
	}
	return rewritten, true
}

// A told is a turn, read.
type told struct {
	question utterance
	answer   []utterance // its sentences
}

// turns reads turns, the last first.
func (r *reader) turns(turns []Turn) []told {
	var out []told
	for _, t := range slices.Backward(turns) {
		if q := r.utterance(t.Question); len(q.terms) > 0 {
			this := told{question: q}
			for _, s := range corpus.Sentences(t.Answer) {
				this.answer = append(this.answer, r.utterance(s.In(t.Answer)))
			}
			out = append(out, this)
		}
	}
	return out
}

// all is what was said, the question first.
func (t told) all() []utterance { return append([]utterance{t.question}, t.answer...) }

// rewrite is the rewriting of a follow-up, and whether it leans at all.
func (r *reader) rewrite(f utterance, said []told, asked bool) (string, bool) {
	n, opened := f.opening()
	if n == len(f.terms) || len(said) == 0 {
		return "", false
	}
	if bare, ok := f.bareWords(n); ok {
		return said[0].question.askedAgain(f, bare), true
	}
	if f.doubts(n) {
		return asQuestion(said[0].question.text), true
	}
	if frag, ok := f.fragment(n, opened, asked); ok && !f.isOwned(frag.core) {
		return r.completed(f, frag, said), true
	}
	return resolved(f, said)
}

// towards replaces "the North" by the country's name where the turns name its
// neighbour in the south, and the like.
func (r *reader) towards(f utterance, said []told) (string, bool) {
	for i := 1; i < len(f.terms); i++ {
		w := f.word(i)
		if f.word(i-1) != "the" || !slices.Contains([]string{"north", "south", "east", "west"}, w) || f.isContent(i+1) {
			continue
		}
		if m, ok := f.mentioned(i); ok && m.to != i+1 {
			continue
		}
		for _, t := range said {
			if place, ok := r.neighbour(w, t); ok {
				return f.replace(i-1, i+1, inCapitals(place)), true
			}
		}
	}
	return "", false
}

// neighbour is the country whose name has another quarter of the compass than
// one that a turn names.
func (r *reader) neighbour(quarter string, t told) (string, bool) {
	for _, u := range t.all() {
		for _, m := range u.mentions {
			_, land, found := strings.Cut(m.key, " ")
			if place := quarter + " " + land; found && m.place && r.gazetteer[place] == place {
				return place, true
			}
		}
	}
	return "", false
}

func inCapitals(place string) string {
	words := strings.Fields(place)
	for i, w := range words {
		words[i] = strings.ToUpper(w[:1]) + w[1:]
	}
	return strings.Join(words, " ")
}

// askedAgain is u's question asked with the question words of another.
func (u utterance) askedAgain(f utterance, bare stretch) string {
	asking := lowerFirst(f.run(bare.from, bare.to))
	last := f.word(bare.to - 1)
	first := slices.IndexFunc(u.terms, func(t retrieval.Term) bool { return opensYesNo(t.Word) })
	lead := u.leading()
	switch {
	case 0 < lead && lead < first: // for how long did it
		return asQuestion(asking + " " + u.text[u.terms[first].Start:])
	case first < 0 && u.opensShort():
		return asQuestion(asking + " (" + u.topic() + ")")
	case last == "else" && isQuestionWord(u.word(0)):
		return asQuestion(u.replace(0, 1, asking))
	case u.word(0) == f.word(bare.from) && bare.to-bare.from == 1:
		return asQuestion(u.text)
	case first == 0 && (last == "many" || last == "much"):
		return asQuestion(u.counting(asking))
	case first == 0, !isQuestionWord(u.word(0)):
		return asQuestion(asking + " " + lowerFirst(u.text))
	case first < 0:
		return asQuestion(asking + " and " + lowerFirst(u.text))
	}
	return asQuestion(asking + " " + u.afterAsking(first))
}

// leading is how many prepositions stand before a question word at the head.
func (u utterance) leading() int {
	n := 0
	for isPreposition(u.word(n)) {
		n++
	}
	if !isQuestionWord(u.word(n)) {
		return 0
	}
	return n
}

// opensShort says whether a question word at the head has its verb in it:
// what's.
func (u utterance) opensShort() bool {
	first, _, _ := strings.Cut(strings.ReplaceAll(u.text, "’", "'"), " ")
	w, ok := strings.CutSuffix(strings.ToLower(first), "'s")
	return ok && isQuestionWord(w)
}

// counting asks how many or how much of what a yes-or-no question speaks of.
func (u utterance) counting(asking string) string {
	at, ok := u.object()
	if !ok {
		return asking + " " + lowerFirst(u.text)
	}
	thing := u.run(at.from, at.to)
	if isArticle(u.word(at.from - 1)) {
		at.from--
	}
	return asking + " " + thing + " " + lowerFirst(u.replace(at.from, at.to, ""))
}

// object is what a yes-or-no question says that somebody does something with:
// the words behind the verb that follows the first name.
func (u utterance) object() (stretch, bool) {
	for _, at := range u.contents() {
		switch {
		case at.to-at.from > 1:
			return stretch{at.from + 1, at.to}, true
		case !slices.ContainsFunc(u.mentions, func(m mention) bool { return m.to == at.from }):
			return at, true
		}
	}
	return stretch{}, false
}

// afterAsking is a question from its auxiliary verb on, with what it asked for
// before its first preposition or at its end.
func (u utterance) afterAsking(aux int) string {
	from := 1
	if w := u.word(1); w == "many" || w == "much" {
		from = 2
	}
	rest, thing := u.text[u.terms[aux].Start:], ""
	if from < aux && u.word(0) != "when" && u.word(0) != "where" && u.word(0) != "why" {
		thing = strings.TrimSpace(u.run(from, aux))
	}
	if thing == "" || !u.isContent(from) {
		return rest
	}
	for i := aux + 1; i < len(u.terms); i++ {
		if isPreposition(u.word(i)) {
			cut := u.terms[i].Start - u.terms[aux].Start
			return rest[:cut] + thing + " " + rest[cut:]
		}
	}
	return rest + " " + thing
}
