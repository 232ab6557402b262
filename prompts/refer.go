package prompts

import (
	"slices"
	"strings"

	"footnote/retrieval"
)

// resolved is a question with what its pronouns stand for in their place, and
// whether it has any that it does not explain itself.
func resolved(f utterance, said []told) (string, bool) {
	var text strings.Builder
	leans, done, event := false, 0, false
	for i := range f.terms {
		p, ok := f.pronoun(i)
		if !ok {
			continue
		}
		p.asked = f.asksWho()
		with, known := said[0].clause(p)
		if !known {
			with, known = referent(p, said)
		}
		leans = leans || known || f.word(i) != "the"
		if event = event || f.isOfEvent(p, said[0]) || p.spoken && p.asked && !known; event {
			continue
		}
		if known && !strings.Contains(f.text+text.String(), with) {
			text.WriteString(f.text[done:f.terms[p.from].Start] + with)
			done = f.terms[p.to-1].End
		}
	}
	switch {
	case !leans:
		return f.withTopic(said)
	case done == 0 && event:
		return f.beside(topicOf(said)), true
	case done == 0:
		return "", true
	}
	return asQuestion(oneLine(text.String() + f.text[done:])), true
}

// beside is a question with a topic in brackets, or nothing without one.
func (u utterance) beside(topic string) string {
	if topic == "" {
		return ""
	}
	return asQuestion(u.text + " (" + topic + ")")
}

// isOfEvent says whether the "it" of a question goes on or ends, and the one
// thing that the turn before names does not: it is what happens there.
func (u utterance) isOfEvent(p pronoun, t told) bool {
	last := u.word(len(u.terms) - 1)
	if p.sort != aThing || p.owner || u.word(p.from) != "it" || !slices.Contains(strings.Fields("over last end ended start started begin began continue happen finished"), last) {
		return false
	}
	thing, ok := t.question.thing()
	return ok && slices.ContainsFunc(t.question.mentions, func(m mention) bool { return m.text == thing && isPreposition(t.question.word(m.from-1)) })
}

// A pronoun stands for something that an earlier turn names.
type pronoun struct {
	stretch
	sort     reference
	noun     string // what a demonstrative points to: "this deal"
	owner    bool   // its, their
	governed bool   // a preposition stands before it
	spoken   bool   // it is what somebody says: "who said that"
	asked    bool   // and the question is who
	bare     bool   // a demonstrative without a noun
}

// A reference is the sort of thing that a pronoun stands for.
type reference int

const (
	aThing reference = iota
	aPerson
	several
	aPlace
	aTime
)

// pronoun is the one at the i-th word, unless the question explains it itself.
func (u utterance) pronoun(i int) (pronoun, bool) {
	p := pronoun{stretch: stretch{i, i + 1}, governed: isPreposition(u.word(i - 1))}
	switch w := u.word(i); w {
	case "he", "him", "she", "his", "her":
		p.sort = aPerson
		p.owner = w == "his" || w == "her" && u.ownsNext(i)
	case "so":
		p.spoken = i == len(u.terms)-1 && (isSpeech(u.word(i-1)) || u.word(i-1) == "says")
		return p, p.spoken
	case "it", "its":
		p.owner = w == "its"
		p.spoken = i == len(u.terms)-1 && u.asksWho() && makesKnown(u.word(i-1))
		if u.isEmpty(i) {
			return p, false
		}
	case "they", "them", "their":
		p.sort, p.owner = several, w == "their"
	case "there":
		p.sort = aPlace
		return p, !isAuxiliary(u.word(i-1)) && !isAuxiliary(u.word(i+1)) && !u.explains(i, p)
	case "then":
		p.sort = aTime
		return p, i == len(u.terms)-1
	case "this", "that", "these", "those", "the":
		return u.pointing(i)
	default:
		return p, false
	}
	return p, !u.explains(i, p)
}

// ownsNext says whether the "her" at i is that of an owner.
func (u utterance) ownsNext(i int) bool {
	_, named := u.mentioned(i + 1)
	return u.isContent(i+1) || named
}

func isAuxiliary(w string) bool {
	return slices.Contains([]string{"is", "are", "was", "were", "be", "been", "will", "has", "have"}, w)
}

// isEmpty says whether the "it" at i stands for nothing: is it true that.
func (u utterance) isEmpty(i int) bool {
	w := u.word(i + 1)
	if w == "take" || isWeather(w) || w == "going" && isWeather(u.word(i+3)) || u.word(i-2) == "time" {
		return true
	}
	return isAuxiliary(u.word(i-1)) && (slices.Contains([]string{"that", "whether", "if"}, u.word(i+2)) ||
		u.word(i+2) == "to" && !strings.HasSuffix(w, "ing") && !strings.HasSuffix(w, "ed"))
}

func isWeather(w string) bool { return w == "rain" || w == "snow" || w == "raining" || w == "snowing" }

// explains says whether something stands before the i-th word of the question
// that its pronoun can stand for. In one clause that is only an owner.
func (u utterance) explains(i int, p pronoun) bool {
	apart := p.owner
	for j := range i {
		apart = apart || j > 0 && (isClauseMark(u.word(j)) || isQuestionWord(u.word(j)))
	}
	if !apart {
		return false
	}
	if p.owner && p.sort != aPerson && u.asksWhich(i) {
		return true
	}
	for _, m := range u.mentions {
		if m.to <= i && (p.sort != aPerson || !m.place) {
			return true
		}
	}
	for j := range i {
		if p.sort != aPlace && (isArticle(u.word(j)) || u.word(j) == "some") && u.isContent(j+1) {
			return true
		}
	}
	return false
}

// asksWhich says whether a question asks which or how many of something do what
// it tells before the i-th word: "how many people lost".
func (u utterance) asksWhich(i int) bool {
	n, _ := u.opening()
	if w := u.word(n); w == "how" && u.word(n+1) == "many" {
		n++
	} else if w != "which" && w != "what" {
		return false
	}
	return n+2 < i && !retrieval.IsStop(u.word(n+1)) && !slices.ContainsFunc(u.terms[n+1:i], func(t retrieval.Term) bool { return opensYesNo(t.Word) })
}

// pointing is the demonstrative at i with its noun. An article points back
// only in a question without names, and with no words behind its noun that say
// which is meant.
func (u utterance) pointing(i int) (pronoun, bool) {
	w, before := u.word(i), u.word(i-1)
	p := pronoun{stretch: stretch{i, i + 1}, spoken: isSpeech(before) || before == "say" || isAuxiliary(before) && i+2 == len(u.terms)}
	if w == "those" || w == "these" {
		p.sort = several
	}
	if isPeriod(u.word(i+1)) || u.word(i+1) == "time" {
		p.sort, p.to = aTime, i+2
		return p, w == "that"
	}
	end := i + 1
	for u.isContent(end) && (end == i+1 || adjacent(u.text, u.terms, end)) {
		end++
	}
	opens := i == 0 || opensYesNo(before) || isPreposition(before)
	switch {
	case w == "the":
		return u.definite(i, end)
	case i == len(u.terms)-1:
		p.bare = true
		return p, opens || p.spoken || u.isContent(i-1)
	case opens && !opensYesNo(before) && end > i+1:
		p.to, p.noun = end, u.word(end-1)
	default:
		p.bare = true
	}
	return p, opens // or else it joins two clauses
}

// definite is a noun with its article that may point back.
func (u utterance) definite(i, end int) (pronoun, bool) {
	for end > i+2 && !isPreposition(u.word(end)) && end == len(u.terms) {
		end-- // the last word of a question may be its verb
	}
	p := pronoun{stretch: stretch{i, i + 2}, noun: u.word(i + 1)}
	next := u.word(i + 2)
	says := next == "that" || isPreposition(next) && !slices.Contains([]string{"before", "after", "about"}, next)
	_, dated := u.time(0)
	return p, end > i+1 && len(u.mentions) == 0 && !dated && !says
}

// asksWho says whether a question is who does something.
func (u utterance) asksWho() bool {
	n, _ := u.opening()
	return u.word(n) == "who" && (isSpeech(u.word(n+1)) || u.word(n+1) == "says")
}

// makesKnown says whether a verb is of telling what happened.
func makesKnown(w string) bool {
	return slices.Contains([]string{"said", "says", "announced", "confirmed", "reported", "acknowledged", "denied"}, w)
}

// clause is what a pronoun for what somebody says stands for: what the question
// before states if it asks for yes or no, or else what its answer states if the
// question is who says so.
func (t told) clause(p pronoun) (string, bool) {
	u := t.question
	if p.spoken && p.asked && !opensYesNo(u.word(0)) && len(t.answer) > 0 {
		return t.answer[0].statement()
	}
	if !p.spoken || p.noun != "" || !opensYesNo(u.word(0)) || len(u.mentions) == 0 || u.mentions[0].from > 2 {
		return "", false
	}
	subject := u.run(1, u.mentions[0].to)
	rest := strings.TrimSpace(u.text[u.terms[u.mentions[0].to-1].End:])
	return "that " + subject + " " + u.word(0) + " " + rest, true
}

// statement is what a sentence states, without who says so; only if it tells.
func (u utterance) statement() (string, bool) {
	silent := attribution(u.text, u.terms)
	if at := lastComma(u.text, u.terms, len(u.terms)-1); at > 0 && len(u.terms)-at <= longestTag && isSaying(u.word(len(u.terms)-1)) {
		fill(silent, at, len(u.terms))
	}
	if !slices.Contains(silent, true) {
		return "", false
	}
	from, to := slices.Index(silent, false), len(u.terms)
	for to > 0 && silent[to-1] {
		to--
	}
	if from >= 0 && u.word(from) == "that" {
		from++
	}
	if from < 0 || from >= to {
		return "", false
	}
	return "that " + lowerFirst(u.run(from, to)), true
}

// isSaying says whether a word at the end of a sentence tells of somebody's
// saying it.
func isSaying(w string) bool {
	switch w {
	case "says", "estimates", "estimated", "shows", "showed", "thinks", "believes", "predicts", "wrote":
		return true
	}
	return isSpeech(w)
}

// referent is what a pronoun stands for: in the latest turn that has something
// fitting, in its question before its answer.
func referent(p pronoun, said []told) (string, bool) {
	for _, t := range said {
		if day := t.day(""); p.sort == aTime && day != "" {
			return "in " + day, true
		}
		for _, u := range t.inOrder(p) {
			with, ok := u.antecedent(p, t)
			switch {
			case !ok:
				continue
			case p.owner:
				return with + "'s", true
			case p.sort == aPlace && !p.governed:
				return "in " + with, true
			}
			return with, true
		}
	}
	return "", false
}

// inOrder is where in a turn to look for what a pronoun stands for. Somebody
// that its question asked for is in its answer.
func (t told) inOrder(p pronoun) []utterance {
	if p.bare {
		return []utterance{t.question}
	}
	first := t.question.word(0)
	sought := kindOf([]string{first}) == who && (p.sort == aPerson || p.sort == several) || first == "which" && !p.owner
	if sought && !slices.ContainsFunc(t.question.mentions, func(m mention) bool { return t.question.isPersonal(m) == 2 }) {
		return slices.Concat(t.answer, []utterance{t.question})
	}
	return t.all()
}
