package prompts

import (
	"slices"
	"strings"

	"footnote/retrieval"
)

// checkRoles wants whoever does something in the sentence to do it in the quote
// too, where both say who does.
func (g *gate) checkRoles(s *reading, e evidence) Flaw {
	for _, n := range s.names {
		if verb := s.verbOf(n); verb >= 0 && g.othersDo(s.terms[verb], n, e.quote) && !s.gaps(n, e.quote) {
			return FlawRole
		}
		if s.isTurned(n, e.quote) {
			return FlawRole
		}
		if n.place && s.describesOther(n, e.quote) && !s.gaps(n, e.quote) {
			return FlawRole
		}
	}
	if s.swapsFigures(e.quote) {
		return FlawRole
	}
	return s.checkWays(e.quote)
}

// othersDo says whether a quote names who does something, and never a certain
// one.
func (g *gate) othersDo(deed retrieval.Term, who mention, quote *reading) bool {
	others := false
	if !who.place && quote.words[who.words[0]] && !slices.ContainsFunc(quote.names, who.isOf) {
		return false // in the quote it is no name
	}
	for w, t := range quote.terms {
		if quote.isName(w) || t.Stem != deed.Stem && (quote.words[deed.Stem] || !g.isAlike(deed.Stem, t.Stem)) {
			continue
		}
		doers := quote.doers(w)
		if slices.ContainsFunc(doers, func(d mention) bool { return d.isOf(who) }) {
			return false
		}
		others = others || len(doers) > 0 || quote.suffers(who, w)
	}
	return others
}

// isTurned says whether a name suffers in the sentence what it does in the
// quote.
func (x *reading) isTurned(n mention, quote *reading) bool {
	for i := max(0, n.from-2); i < n.from; i++ {
		if x.isName(i) || !saysSomething(x.terms[i].Word) && !isSpeech(x.terms[i].Word) || !x.suffers(n, i) {
			continue
		}
		for w, t := range quote.terms {
			if t.Stem == x.terms[i].Stem && quote.does(n, w) && !quote.suffers(n, w) {
				return true
			}
		}
	}
	return false
}

// does says whether a name is the last one right before a verb in the active.
func (x *reading) does(who mention, verb int) bool {
	before := x.namesBetween(max(0, verb-4), verb)
	if len(before) == 0 || !before[len(before)-1].isOf(who) || isForm(x.terms[verb-1].Word) {
		return false
	}
	for i := before[len(before)-1].to; i <= verb; i++ {
		if endsClause(x.text, x.terms, i) {
			return false
		}
	}
	return true
}

// suffers says whether a name stands right behind a verb in the active.
func (x *reading) suffers(who mention, verb int) bool {
	switch x.terms[verb].Word {
	case "said", "says", "added", "wrote", "explained": // may stand before who speaks
		return false
	}
	if verb > 0 && isForm(x.terms[verb-1].Word) {
		return false
	}
	return slices.ContainsFunc(x.names, func(n mention) bool {
		return n.isOf(who) && (n.from == verb+1 || n.from == verb+2 && isArticle(x.terms[verb+1].Word))
	})
}

// describesOther says whether the word right behind a place is in the quote
// always right behind another: a Russian official, not a U.S. one.
func (x *reading) describesOther(n mention, quote *reading) bool {
	if n.to == len(x.terms) || !saysSomething(x.terms[n.to].Word) || x.isName(n.to) {
		return false
	}
	found := false
	for w, t := range quote.terms {
		if t.Stem != x.terms[n.to].Stem {
			continue
		}
		before := quote.namesBetween(max(0, w-longestPlace), w)
		if len(before) == 0 {
			return false
		}
		if last := before[len(before)-1]; last.to != w || !last.place || last.key == n.key {
			return false
		}
		found = true
	}
	return found
}

// verbOf is the first word that says something right behind a name that does
// it, -1 if there is none, or the name owns or suffers what is said.
func (x *reading) verbOf(n mention) int {
	if n.isAdjective() {
		return -1
	}
	if last := x.terms[n.to-1]; strings.HasSuffix(last.In(x.text), "'s") || strings.HasPrefix(x.text[last.End:], "'s") {
		return -1
	}
	for i := n.to; i < min(n.to+5, len(x.terms)); i++ {
		w := x.terms[i].Word
		if endsClause(x.text, x.terms, i) || x.isName(i) || isPreposition(w) {
			return -1
		}
		if !saysSomething(w) && !isSpeech(w) && !isGift(w) {
			continue
		}
		if isForm(x.terms[i-1].Word) || isOffice(w) || isRank(w) || w == "official" || w == "officials" {
			return -1
		}
		return i
	}
	return -1
}

// isGift says whether a light verb tells who gives and who takes.
func isGift(w string) bool {
	switch w {
	case "give", "gave", "given", "take", "took", "taken", "make", "made":
		return true
	}
	return false
}

// isAdjective says whether a place is named by its adjective or its people:
// Russian, Chinese, British.
func (m mention) isAdjective() bool {
	text := strings.ToLower(m.text)
	if !m.place || text == m.key {
		return false
	}
	for _, ending := range [...]string{"an", "ese", "ish", "ch", "ss", "i"} {
		if strings.HasSuffix(text, ending) {
			return true
		}
	}
	return false
}

// isName says whether terms[i] is part of a name.
func (x *reading) isName(i int) bool {
	return slices.ContainsFunc(x.names, func(n mention) bool { return n.from <= i && i < n.to })
}

// doers are the names that may do what terms[verb] tells: those before it, or
// in the passive those behind "by". Who speaks may also stand behind.
func (x *reading) doers(verb int) []mention {
	from, to := 0, verb
	if x.isPassive(verb) {
		by := slices.IndexFunc(x.terms[verb:], func(t retrieval.Term) bool { return t.Word == "by" })
		if by < 0 {
			return nil
		}
		from, to = verb+by, min(verb+by+6, len(x.terms))
	}
	out := slices.DeleteFunc(x.namesBetween(from, to), func(n mention) bool { return x.hasSuffered(n, verb) })
	if len(out) == 0 && isSpeech(x.terms[verb].Word) {
		return x.namesBetween(verb, min(verb+5, len(x.terms)))
	}
	return out
}

// hasSuffered says whether a name is what another does something to, before "and"
// leads on to what that one does next.
func (x *reading) hasSuffered(who mention, verb int) bool {
	before := x.namesBetween(0, who.from)
	if len(before) == 0 || !slices.Contains(x.content, who.from-1) || before[len(before)-1].to != who.from-1 {
		return false
	}
	return len(x.namesBetween(who.to, verb)) == 0 && slices.ContainsFunc(x.terms[who.to:verb], func(t retrieval.Term) bool { return isJoint(t.Word) })
}

func (x *reading) namesBetween(from, to int) []mention {
	var out []mention
	for _, n := range x.names {
		if n.from >= from && n.to <= to {
			out = append(out, n)
		}
	}
	return out
}

// isOf says whether two names can be those of one.
func (m mention) isOf(n mention) bool { return m.key == n.key || shareWord(m.words, n.words) }

// gaps says whether the quote leaves out a verb behind the name and goes on
// with a figure of the sentence: Ukraine fires 7,000, and Russia 20,000.
func (x *reading) gaps(n mention, quote *reading) bool {
	owner := func(f figuredRun) bool {
		o, ok := quote.owner(f)
		return ok && o.isOf(n) && o.from > 0 && quote.opensClause(o.from)
	}
	return slices.ContainsFunc(x.figures, func(f figuredRun) bool {
		return slices.ContainsFunc(quote.figures, func(q figuredRun) bool { return f.says(q.figure) && owner(q) })
	})
}

// swapsFigures says whether a figure of the sentence belongs to a name that in
// the quote has another figure, and this one always to another name.
func (x *reading) swapsFigures(quote *reading) bool {
	return slices.ContainsFunc(x.figures, func(f figuredRun) bool {
		mine, ok := x.owner(f)
		if !ok {
			return false
		}
		elsewhere, others := false, false
		for _, q := range quote.figures {
			o, ok := quote.owner(q)
			switch same := f.says(q.figure); {
			case same && (!ok || o.isOf(mine)):
				return false
			case same:
				others = true
			case ok && o.isOf(mine):
				elsewhere = true
			}
		}
		return elsewhere && others
	})
}

// opensClause says whether a clause, or what "and" joins to one, begins with
// terms[i].
func (x *reading) opensClause(i int) bool {
	return endsClause(x.text, x.terms, i) || x.terms[i-1].Word == "and" || x.terms[i].Word == "and"
}

// owner is the last name before a figure.
func (x *reading) owner(f figuredRun) (mention, bool) {
	before := x.namesBetween(0, f.from)
	if len(before) == 0 {
		return mention{}, false
	}
	return before[len(before)-1], true
}

// checkWays wants no place to be where something comes from in the sentence and
// where it goes in the quote, or the other way about, and no two places to
// change theirs.
func (x *reading) checkWays(quote *reading) Flaw {
	for _, way := range [...][2]string{{"from", "to"}, {"to", "from"}} {
		mine, there, back := x.placesBehind(way[0]), quote.placesBehind(way[0]), quote.placesBehind(way[1])
		for key := range mine {
			if back[key] && !there[key] {
				return FlawRole
			}
			for other := range there {
				if !mine[other] && !there[key] && x.places[other] && quote.places[key] {
					return FlawRole
				}
			}
		}
	}
	return ""
}

// placesBehind are the keys of the places that stand right behind a word.
func (x *reading) placesBehind(word string) map[string]bool {
	out := map[string]bool{}
	for _, n := range x.names {
		if n.place && n.from > 0 && x.terms[n.from-1].Word == word {
			out[n.key] = true
		}
	}
	return out
}
