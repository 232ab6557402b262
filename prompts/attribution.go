package prompts

import (
	"slices"

	"footnote/retrieval"
)

// An utterer is who says something in a text, and the stems of what is said.
type utterer struct {
	who  unit
	says map[string]bool
}

// checkSpeakers wants nobody in the sentence to say what in the quote another
// says, and not they.
func checkSpeakers(s, quote *reading) Flaw {
	mine, theirs := s.utterers(), quote.utterers()
	if len(mine) != 1 || len(theirs) < 2 {
		return ""
	}
	own, others := -1, 0
	for _, u := range theirs {
		shared := 0
		for stem := range mine[0].says {
			if u.says[stem] {
				shared++
			}
		}
		if u.who.is(mine[0].who) {
			own = max(own, shared)
		} else {
			others = max(others, shared)
		}
	}
	if own >= 0 && own < others {
		return FlawRole
	}
	return ""
}

// utterers are those of whom a clause says that they say something.
func (x *reading) utterers() []utterer {
	var out []utterer
	units := x.units()
	for _, c := range x.spans() {
		v := slices.IndexFunc(x.terms[c.Start:c.End], func(t retrieval.Term) bool { return isUttering(t.Word) })
		if v < 0 {
			continue
		}
		v += c.Start
		who, ok := x.uttererAt(units, v, c.Start, c.End)
		if !ok {
			continue
		}
		from := c.Start
		if who.to >= v && who.to == c.End || v == c.End-1 {
			from = 0 // what is said stands before
		}
		u := utterer{who, map[string]bool{}}
		for _, i := range x.content {
			if from <= i && i < c.End && (i < who.from || i >= who.to) {
				u.says[x.roots[i]] = true
			}
		}
		out = append(out, u)
	}
	return out
}

// uttererAt is the unit right before the verb at v, within a clause, or else the
// one right behind it.
func (x *reading) uttererAt(units []unit, v, from, to int) (unit, bool) {
	before := slices.IndexFunc(units, func(u unit) bool { return from <= u.from && (u.to == v || u.to == v-1 && isForm(x.terms[v-1].Word)) })
	if before >= 0 && units[before].kind != 'f' && units[before].kind != 'd' {
		return units[before], true
	}
	behind := slices.IndexFunc(units, func(u unit) bool { return u.from > v && u.to <= to && v == from })
	if behind >= 0 {
		return units[behind], true
	}
	return unit{}, false
}

// isUttering says whether a word tells that somebody says something.
func isUttering(w string) bool {
	switch w {
	case "say", "says", "claim", "claims", "claimed", "insist", "insists", "argue", "argues", "argued", "believe", "believes", "believed",
		"maintains", "alleges", "alleged", "estimates", "estimated", "reports", "warns", "thinks", "suggested", "suggests":
		return true
	}
	return isSpeech(w)
}
