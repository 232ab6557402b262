package prompts

import (
	"slices"
	"strings"

	"footnote/retrieval"
)

// withTopic is a question that has a verb and nothing that it is about, beside
// what the turn before is about: "who won", "how many were killed".
func (u utterance) withTopic(said []told) (string, bool) {
	n := len(u.terms)
	from, opened := u.opening()
	if u.isBrief(from, opened, said[0]) {
		return u.beside(topicOf(said)), true
	}
	if len(u.mentions) > 0 || n < from+2 || !isQuestionWord(u.word(from)) || !u.isContent(n-1) && u.word(n-1) != "happened" {
		return "", false
	}
	for i := from + 1; i < n-1; i++ {
		if w := u.word(i); w != "many" && w != "much" && w != "people" && w != "was" && w != "were" {
			return "", false
		}
		if w := u.word(i); (w == "was" || w == "were") && !strings.HasSuffix(u.word(n-1), "ed") {
			return "", false
		}
	}
	topic := topicOf(said)
	if topic == "" {
		return "", true
	}
	return asQuestion(u.run(from, n) + " (" + topic + ")"), true
}

// isBrief says whether a question leaves out what it is about: one that goes on
// from the turn before with "and", or asks for "any" of something or what the
// cost is, or has a question word behind a preposition and no verb, or asks how
// many there are of what that turn speaks of; and names nothing itself.
func (u utterance) isBrief(from int, opened bool, before told) bool {
	if _, dated := u.time(0); dated || len(u.mentions) > 0 {
		return false
	}
	verb := slices.ContainsFunc(u.terms, func(t retrieval.Term) bool { return opensYesNo(t.Word) })
	w, next := u.word(from), u.word(from+1)
	switch says := len(u.contents()) > 0; {
	case opened && says && isQuestionWord(w) && (w != "who" && w != "why" || verb):
		return true
	case w == "any":
		return !verb && says
	case w == "what" && (u.opensShort() && next == "the" || isAuxiliary(next) && u.word(from+2) == "the"):
		return isAspect(u.word(len(u.terms)-1)) && len(u.contents()) == 1 && u.word(len(u.terms)-2) == "the"
	case isPreposition(w) && (next == "which" || next == "what" || next == "how"):
		return !verb && len(u.terms) > from+2
	case says && w == "how" && next == "many" && len(u.terms) > from+2:
		if slices.ContainsFunc(u.terms, func(t retrieval.Term) bool { return isArticle(t.Word) }) {
			return false // it says of what itself
		}
		return u.word(from+2) == "are" || u.word(from+2) == "were" || before.speaksOf(u.terms[from+2])
	}
	return false
}

// speaksOf says whether a turn has a word.
func (t told) speaksOf(w retrieval.Term) bool {
	if isFiller(w.Word) || retrieval.IsStop(w.Word) || retrieval.IsAsking(w.Word) {
		return false
	}
	return slices.ContainsFunc(t.all(), func(u utterance) bool { return stemsOf(u.terms)[w.Stem] })
}

// topicOf is what the last turn is about or, if its question names nothing, what
// the last before it names that does.
func topicOf(said []told) string {
	for _, t := range said[1:] {
		if names := t.names(); len(said[0].question.mentions) == 0 && names != "" {
			return names
		}
	}
	return said[0].question.topic()
}

// isVerb says whether the word at i ends a topic as its verb: behind who does it,
// from the first word on, if it is alone there or the last of a question.
func (u utterance) isVerb(i, first int, alone bool) bool {
	last := i > first && i == len(u.terms)-1 && u.isAdverbial()
	return u.isDoing(first) && (alone || last) || last && alone && isPreposition(u.word(first-1))
}

// isAdverbial says whether a question is when, where, why or how somebody does
// something.
func (u utterance) isAdverbial() bool {
	aux := slices.IndexFunc(u.terms, func(t retrieval.Term) bool { return opensYesNo(t.Word) })
	return aux > 0 && !isAuxiliary(u.word(aux)) && slices.Contains(strings.Fields("when where why how"), u.word(0))
}

// topic is what a question names and the nouns that have articles, or else its
// last words that say something.
func (u utterance) topic() string {
	var topic []string
	runs := u.contents()
	for i := 0; i < len(u.terms); i++ {
		m, named := u.mentioned(i)
		end := m.to
		if run := slices.IndexFunc(runs, func(r stretch) bool { return r.from == max(i, end) }); run >= 0 && (named || isArticle(u.word(i-1))) {
			end = runs[run].to
			if u.isVerb(end-1, i, named && end == m.to+1) {
				end--
			}
		}
		if end > i {
			at := stretch{i, end}
			if named {
				topic = append(topic, u.withArticle(at))
			} else {
				topic = append(topic, u.run(at.from, at.to))
			}
			i = end - 1
		}
	}
	if len(topic) == 0 && len(runs) > 0 {
		last := runs[len(runs)-1]
		topic = append(topic, u.run(last.from, last.to))
	}
	return strings.Join(topic, ", ")
}
