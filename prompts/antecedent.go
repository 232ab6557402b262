package prompts

import (
	"slices"
	"strings"

	"footnote/retrieval"
)

// antecedent is what a pronoun can stand for among the words of one sentence of
// a turn.
func (u utterance) antecedent(p pronoun, t told) (string, bool) {
	switch {
	case p.noun != "":
		return u.described(p.noun, t)
	case p.sort == aPerson:
		return u.person()
	case p.sort == several:
		if !p.owner {
			if name, ok := u.newTo(t); ok {
				return name, true
			}
		}
		return u.group()
	case p.sort == aPlace:
		return u.place()
	case p.spoken:
		return "", false
	}
	if name, ok := u.newTo(t); ok && t.question.word(0) == "which" && !p.owner {
		return name, true
	}
	return u.thing()
}

// newTo is the first name of a turn's answer that its question lacks, if that
// asks for a name and u is the answer.
func (u utterance) newTo(t told) (string, bool) {
	if w := t.question.word(0); kindOf([]string{w}) != who && w != "which" || len(u.terms) == 0 || u.text == t.question.text {
		return "", false
	}
	for i, m := range u.mentions {
		if t.question.has(m) {
			continue
		}
		if i+1 < len(u.mentions) && u.mentions[i+1].from == m.to+1 && u.word(m.to) == "and" {
			return u.run(m.from, u.mentions[i+1].to), true
		}
		return u.withArticle(m.stretch()), true
	}
	return "", false
}

// has says whether a text names what a mention does.
func (u utterance) has(m mention) bool {
	words := stemsOf(u.terms)
	return !slices.ContainsFunc(m.words, func(w string) bool { return !words[retrieval.Stem(w)] })
}

// person is the likeliest name of a person, the first of equals.
func (u utterance) person() (string, bool) {
	best, found := 0, ""
	for _, m := range u.mentions {
		if p := u.isPersonal(m); p > best {
			best, found = p, m.text
		}
	}
	return found, found != ""
}

// group is names joined by "and", or what is counted, or else a thing.
func (u utterance) group() (string, bool) {
	for i := 1; i < len(u.mentions); i++ {
		a, b := u.mentions[i-1], u.mentions[i]
		if a.to+1 == b.from && u.word(a.to) == "and" {
			return u.run(a.from, b.to), true
		}
	}
	if u.word(0) == "how" && u.word(1) == "many" && len(u.terms) > 3 {
		if next := u.word(3); !opensYesNo(next) || isAuxiliary(next) {
			return "the " + u.word(2) + " that " + u.run(3, len(u.terms)), true
		}
		for _, at := range u.contents() {
			return "the " + u.run(at.from, at.to), true
		}
	}
	return u.thing()
}

// place is the last name of a place, or else of a thing.
func (u utterance) place() (string, bool) {
	for _, m := range slices.Backward(u.mentions) {
		if m.place {
			return m.text, true
		}
	}
	return u.thing()
}

// thing is the last name that no preposition governs, or else the last, or else
// the last noun with its article. What may be a person's name comes last.
func (u utterance) thing() (string, bool) {
	best, found := 0, mention{}
	for _, m := range u.mentions {
		rank := 2
		switch p := u.isPersonal(m); {
		case p == 2:
			continue
		case p == 0:
			rank += 4
		case len(m.words) == 1:
			rank += 2
		}
		if isPreposition(u.word(m.from - 1)) {
			rank--
		}
		if rank >= best {
			best, found = rank, m
		}
	}
	if best > 0 {
		return u.withArticle(u.headed(found.stretch())), true
	}
	for _, at := range slices.Backward(u.contents()) {
		if at.from > 0 && isArticle(u.word(at.from-1)) {
			return u.withArticle(at), true
		}
	}
	return "", false
}

// headed is a name with the nouns in the singular that it describes: the strike
// at the port of Velmouth.
func (u utterance) headed(at stretch) stretch {
	for {
		p := at.from - 1
		if u.word(p) == "the" {
			p--
		}
		noun := p
		for noun > 0 && u.isContent(noun-1) && adjacent(u.text, u.terms, noun) {
			noun--
		}
		if many := strings.HasSuffix(u.word(p-1), "s"); !isPreposition(u.word(p)) || noun == p || u.word(noun-1) != "the" || many {
			return at
		}
		at.from = noun
	}
}

func (m mention) stretch() stretch { return stretch{m.from, m.to} }

// withArticle is a name or noun with its article, and with the noun that a name
// describes: the James Webb telescope.
func (u utterance) withArticle(at stretch) string {
	if u.word(at.from-1) != "the" {
		return u.run(at.from, at.to)
	}
	end := at.to
	for m, ok := u.mentioned(at.from); ok && !m.place && u.isContent(end) && adjacent(u.text, u.terms, end); {
		end++
	}
	if aux := u.word(at.from - 2); opensYesNo(aux) && !isAuxiliary(aux) || strings.HasSuffix(u.word(end-1), "ing") || strings.HasSuffix(u.word(end-1), "ed") {
		end-- // a verb
	}
	return "the " + u.run(at.from, max(at.to, end))
}

// described is a noun as the turn describes it: with the name before it or,
// if there is none, beside the names of the turn's question.
func (u utterance) described(noun string, t told) (string, bool) {
	stem := retrieval.Stem(noun)
	at := slices.IndexFunc(u.terms, func(t retrieval.Term) bool { return t.Stem == stem })
	if at < 0 {
		return "", false
	}
	from := at
	for from > 0 && u.isContent(from-1) && adjacent(u.text, u.terms, from) {
		from--
	}
	if m, ok := u.mentioned(from - 1); ok {
		return u.withArticle(stretch{m.from, at + 1}), true
	}
	if m, ok := u.mentioned(at); ok {
		return u.withArticle(m.stretch()), true
	}
	names := t.names()
	if names == "" {
		return "the " + u.run(from, at+1), true
	}
	return "the " + u.run(from, at+1) + " (" + names + ")", true
}

// names are the names in a turn's question.
func (t told) names() string {
	var names []string
	for _, m := range t.question.mentions {
		names = append(names, m.text)
	}
	return strings.Join(names, ", ")
}
