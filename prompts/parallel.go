package prompts

import (
	"slices"
	"strings"

	"footnote/retrieval"
)

// completed is the question of an earlier turn with a fragment in the place of
// its parallel there.
func (r *reader) completed(f utterance, frag fragment, said []told) string {
	last := said[0].question
	frag = f.tail(frag, last)
	core := f.run(frag.core.from, frag.core.to)
	m, named := f.mentioned(frag.core.to - 1)
	switch {
	case core == "":
		return asQuestion(last.text + " " + frag.before)
	case f.pointsToTime(frag.core):
		return asQuestion(last.attach(frag.before, said[0].day(core)))
	case frag.isTime:
		return asQuestion(last.withTime(frag.before, core))
	case named && m.to == frag.core.to:
		return asQuestion(withName(said, frag.before, core, m))
	}
	if frag.before == "" && last.lacksParallel(core) {
		return f.beside(topicOf(said))
	}
	return asQuestion(last.withThing(frag.before, core))
}

// lacksParallel says whether a thing with its article, or any, is one of what a
// question is about, and no other of what it asks for: "the cost".
func (u utterance) lacksParallel(core string) bool {
	words := retrieval.Terms(core)
	head := words[len(words)-1]
	if slices.ContainsFunc(u.terms, func(t retrieval.Term) bool { return t.Stem == head.Stem }) {
		return false
	}
	return isArticle(words[0].Word) && isAspect(head.Word) || isOrder(head.Word) && u.order() < 0
}

// isAspect says whether a noun tells one of the things that there are to ask of
// something, and not another such thing: the cost, the reason.
func isAspect(w string) bool {
	switch kindOfThing([]string{w}) {
	case when, why, howBig, howMany, howMuch:
		return true
	}
	switch w {
	case "aim", "cause", "consequences", "cost", "costs", "damage", "fine", "goal", "motive", "name", "outcome",
		"penalty", "purpose", "result", "results", "score", "sentence", "toll", "verdict":
		return true
	}
	return false
}

// isOrder says whether a word names a thing by its place in an order.
func isOrder(w string) bool {
	switch w {
	case "first", "second", "third", "fourth", "fifth", "sixth", "last", "next", "previous", "other", "latter", "former":
		return true
	}
	return false
}

// order is the word of a question that names a thing by its place in an order,
// or -1.
func (u utterance) order() int {
	for i, t := range u.terms {
		if i > 0 && isOrder(t.Word) && u.word(i-1) == "the" {
			return i
		}
	}
	return -1
}

// tail is a fragment without a noun at its head that the question before has
// too: of "the election in Argentina" it is "in Argentina".
func (u utterance) tail(f fragment, before utterance) fragment {
	for i := f.core.from + 1; i < f.core.to-1; i++ {
		same := func(t retrieval.Term) bool { return t.Stem == u.terms[i-1].Stem }
		if f.before == "" && isPreposition(u.word(i)) && slices.ContainsFunc(before.terms, same) {
			return fragment{before: u.word(i), core: stretch{i + 1, f.core.to}}
		}
	}
	return f
}

// pointsToTime says whether words stand for a time told before.
func (u utterance) pointsToTime(at stretch) bool {
	w := u.word(at.from)
	return at.to-at.from == 1 && (w == "that" || w == "then") || w == "that" && (isPeriod(u.word(at.to-1)) || u.word(at.to-1) == "time")
}

// day is the date that a turn speaks of, or else other words.
func (t told) day(otherwise string) string {
	for _, u := range t.all() {
		if at, ok := u.time(0); ok {
			return u.run(at.from, at.to)
		}
	}
	return otherwise
}

// attach is the text with a date behind another preposition than its own.
func (u utterance) attach(before, date string) string {
	at, ok := u.time(0)
	if ok && isPreposition(u.word(at.from-1)) {
		return u.replace(at.from-1, at.to, strings.TrimSpace(before+" "+date))
	}
	return strings.TrimSpace(u.text + " " + strings.TrimSpace(before+" "+date))
}

// withTime is the text with another date, or with one if it has none.
func (u utterance) withTime(before, date string) string {
	at, ok := u.time(0)
	own := isPreposition(u.word(at.from - 1))
	preposition := before
	if before == "" {
		preposition = beforeDate(date)
	}
	switch {
	case !ok:
		return oneLine(u.text + " " + preposition + " " + date)
	case own && before == "" && preposition == "in":
		return u.replace(at.from, at.to, date)
	case own:
		return u.replace(at.from-1, at.to, strings.TrimSpace(preposition+" "+date))
	case at.to < len(u.terms):
		return u.replace(at.from, at.to, date) // the 2022 World Cup
	}
	return u.replace(at.from, at.to, strings.TrimSpace(preposition+" "+date))
}

// beforeDate is the preposition that a date wants.
func beforeDate(date string) string {
	first, rest, _ := strings.Cut(strings.ToLower(date), " ")
	switch {
	case slices.Contains([]string{"last", "this", "next", "yesterday", "today", "tomorrow"}, first):
		return ""
	case strings.HasSuffix(first, "day"), rest != "" && !isYear(rest) && isNumber(rest), isNumber(first) && rest != "":
		return "on"
	}
	return "in"
}

// withName is the latest question that has a parallel to a name, with the name
// in its place: the name behind the same preposition, or the first of its sort.
func withName(said []told, before, core string, m mention) string {
	last := said[0].question
	if before != "" {
		for _, other := range last.mentions {
			if last.word(other.from-1) == before {
				return last.replace(other.from, other.to, core)
			}
		}
		return last.text + " " + before + " " + core
	}
	likeness := func(other mention) bool { return other.place == m.place }
	if subject, ok := last.speaker(); ok && !slices.ContainsFunc(last.mentions, likeness) {
		return last.replace(subject.from, subject.to, core)
	}
	for _, sameSort := range []bool{true, false} {
		for _, t := range said {
			for _, other := range t.question.mentions {
				if other.key == m.key {
					return t.question.text
				}
				if other.place == m.place || !sameSort {
					return t.question.rename(other, core)
				}
			}
		}
	}
	if m.place {
		return last.text + " in " + core
	}
	return last.withThing("", core)
}

// speaker is who a question asks the words of: what stands between "did" and
// "say".
func (u utterance) speaker() (stretch, bool) {
	did := slices.IndexFunc(u.terms, func(t retrieval.Term) bool { return opensYesNo(t.Word) })
	say := slices.IndexFunc(u.terms, func(t retrieval.Term) bool { return t.Word == "say" || t.Word == "tell" })
	return stretch{did + 1, say}, did > 0 && say > did+1 && !isAuxiliary(u.word(did)) && !isPronoun(u.word(did+1))
}

// rename puts another name in the place of one, with its own article.
func (u utterance) rename(m mention, name string) string {
	from := m.from
	if u.word(from-1) == "the" && !m.isDemonym() {
		from--
	}
	return u.replace(from, m.to, name)
}

// isDemonym says whether a name of a place is one of its people.
func (m mention) isDemonym() bool {
	last := m.words[len(m.words)-1]
	return m.place && m.key != strings.Join(m.words, " ") &&
		slices.ContainsFunc([]string{"an", "ese", "ish", "ench", "i", "s"}, func(e string) bool { return strings.HasSuffix(last, e) && len(last) > 3 })
}

// withThing is the text with another thing in the place of the one that ends
// in the same word, of what is counted, or of what is done something with.
func (u utterance) withThing(before, core string) string {
	if before != "" {
		return u.text + " " + before + " " + core
	}
	if plain, ok := strings.CutSuffix(core, " one"); ok {
		core = plain
	}
	words := retrieval.Terms(core)
	head := words[len(words)-1].Stem
	if at := u.order(); at >= 0 && isOrder(words[len(words)-1].Word) {
		return u.replace(at-1, at+1, core)
	}
	runs := u.contents()
	for _, at := range runs {
		if u.terms[at.to-1].Stem == head {
			return u.replaceThing(at, core)
		}
	}
	at, ok := u.object()
	switch {
	case len(runs) == 0:
		return u.text + " and " + core
	case u.word(0) == "how" && u.word(1) == "many":
		at = runs[0]
	case len(words) == 1 && u.doer() > 0 && strings.HasSuffix(words[0].Word, "s"):
		at = stretch{u.doer(), u.doer() + 1}
	case !opensYesNo(u.word(0)) || !ok:
		at = u.noun(runs[len(runs)-1])
	}
	return u.replaceThing(at, core)
}

// doer is the plural behind the auxiliary verb of a question with a question
// word: in "what do cars pay" it is "cars"; -1 if there is none.
func (u utterance) doer() int {
	for i := 1; i+1 < len(u.terms); i++ {
		if w := u.word(i); opensYesNo(w) {
			if next := u.word(i + 1); isQuestionWord(u.word(0)) && !isAuxiliary(w) && u.isContent(i+1) && strings.HasSuffix(next, "s") {
				return i + 1
			}
			return -1
		}
	}
	return -1
}

// noun is a run of words with the name that stands before it, and without the
// verb at a question's end if it is who or what does it: did the Krell tunnel.
func (u utterance) noun(at stretch) stretch {
	if m, ok := u.mentioned(at.from - 1); ok && !m.place && u.word(m.from-1) == "the" {
		at.from = m.from
	}
	if at.to == len(u.terms) && at.to-at.from > 1 && u.isDoing(at.from) {
		at.to--
	}
	return at
}

// isDoing says whether "did" or the like stands before the words from the i-th
// on, or before their article.
func (u utterance) isDoing(i int) bool {
	if isArticle(u.word(i - 1)) {
		i--
	}
	w := u.word(i - 1)
	return opensYesNo(w) && w != "is" && w != "are" && w != "was" && w != "were"
}

// replaceThing puts a thing in the place of another, with one article.
func (u utterance) replaceThing(at stretch, core string) string {
	if first := strings.ToLower(strings.Fields(core)[0]); at.from > 0 && isArticle(u.word(at.from-1)) && isArticle(first) {
		at.from--
	}
	return u.replace(at.from, at.to, core)
}

func isArticle(w string) bool { return w == "the" || w == "a" || w == "an" }
