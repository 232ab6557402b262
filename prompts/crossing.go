package prompts

import (
	"slices"
	"strings"
)

// A unit is what a clause says in one place: a name, a figure, a date or a word.
type unit struct {
	kind     byte // 'n', 'f', 'd' or 'w'
	name     mention
	figure   figure
	date     date
	stem     string
	from, to int // terms
	clause   int
}

// units are the units of a text in their order, and the clause of each. What
// "and" or "or" joins is taken for clauses.
func (x *reading) units() []unit {
	if x.parts != nil {
		return x.parts
	}
	out := []unit{}
	clause := 0
	for i := range x.terms {
		if i > 0 && (endsClause(x.text, x.terms, i) || isJoint(x.terms[i].Word)) {
			clause++
		}
		if u, ok := x.unitAt(i); ok {
			u.clause = clause
			out = append(out, u)
		}
	}
	x.parts = out
	return out
}

func isJoint(w string) bool { return w == "and" || w == "or" }

// unitAt is the unit that begins with terms[i].
func (x *reading) unitAt(i int) (unit, bool) {
	for _, d := range x.dates {
		if d.from == i {
			return unit{kind: 'd', date: d.date, from: i, to: d.to}, true
		}
	}
	for _, f := range x.figures {
		if f.from == i {
			return unit{kind: 'f', figure: f.figure, from: i, to: f.to}, true
		}
	}
	for _, n := range x.names {
		if n.from == i {
			return unit{kind: 'n', name: n, from: i, to: n.to}, true
		}
	}
	if _, ok := slices.BinarySearch(x.content, i); ok {
		return unit{kind: 'w', stem: x.roots[i], from: i, to: i + 1}, true
	}
	return unit{}, false
}

// is says whether two units say the same.
func (u unit) is(v unit) bool {
	if u.kind != v.kind {
		return false
	}
	switch u.kind {
	case 'd':
		return u.date == v.date
	case 'f':
		return u.figure.value == v.figure.value && u.figure.ordinal == v.figure.ordinal
	case 'n':
		return u.name.isOf(v.name)
	}
	return u.stem == v.stem
}

// isLike says whether one unit could stand in the place of another.
func (u unit) isLike(v unit) bool {
	return u.kind == v.kind && u.figure.unit == v.figure.unit && u.figure.ordinal == v.figure.ordinal && u.name.place == v.name.place
}

// A couple is two units side by side in a clause.
type couple struct{ a, b unit }

func couples(units []unit) []couple {
	var out []couple
	for i := 1; i < len(units); i++ {
		if units[i-1].clause == units[i].clause {
			out = append(out, couple{units[i-1], units[i]})
		}
		if i > 1 && units[i-2].clause == units[i].clause && units[i-1].name.place && units[i].kind == 'w' {
			out = append(out, couple{units[i-2], units[i]}) // the union in Lagos agreed
		}
	}
	return out
}

func (p couple) isIn(all []couple) bool {
	return slices.ContainsFunc(all, func(q couple) bool { return p.a.is(q.a) && p.b.is(q.b) })
}

// checkCouples wants no two things of the quote to change places in the
// sentence: guilty of fraud, cleared of theft; 5 dead, 9 hurt; critics less
// impressed than audiences.
func (g *gate) checkCouples(s, quote *reading) Flaw {
	ours, others := s.units(), quote.units()
	if isTurned(s, quote, ours, others) {
		return FlawRole
	}
	mine, theirs := couples(ours), couples(others)
	revoiced := slices.ContainsFunc(ours, func(u unit) bool { return isRevoiced(s, quote, u, others) })
	for _, p := range mine {
		if p.isIn(theirs) || (couple{p.b, p.a}).isIn(theirs) {
			continue
		}
		if s.isDeed(p.b.from) && g.hasOther(p, ours, theirs) {
			return FlawRole
		}
		if flaw := p.isMixed(mine, theirs, revoiced); flaw != "" {
			return flaw
		}
	}
	return ""
}

// hasOther says whether what a couple tells of one is told of another in another
// clause of the quote, where that one does something else.
func (g *gate) hasOther(p couple, mine []unit, theirs []couple) bool {
	for _, l := range theirs {
		if !p.a.is(l.a) || l.b.kind != 'w' || g.isAlike(l.b.stem, p.b.stem) {
			continue
		}
		for _, r := range theirs {
			if p.b.is(r.b) && r.a.clause != l.a.clause && r.a.kind == p.a.kind && (r.a.kind != 'w' || !g.isAlike(r.a.stem, p.a.stem)) &&
				!slices.ContainsFunc(mine, r.a.is) {
				return true
			}
		}
	}
	return false
}

// isMixed says whether a couple is joined from two of the quote, of which the
// sentence joins the rest too, or of which one part is a figure.
func (p couple) isMixed(mine, theirs []couple, revoiced bool) Flaw {
	says := func(u unit) bool {
		return slices.ContainsFunc(mine, func(m couple) bool { return m.a.is(u) || m.b.is(u) })
	}
	for _, l := range theirs {
		if !p.a.is(l.a) {
			continue
		}
		for _, r := range theirs {
			if !p.b.is(r.b) || r.a.is(l.a) || r.b.is(l.b) {
				continue
			}
			if p.a.isLike(r.a) && p.b.isLike(l.b) && (p.a.kind == 'f' && !says(l.b) || p.b.kind == 'f' && !says(r.a)) {
				return FlawNumber
			}
			if rest := (couple{r.a, l.b}); !revoiced && rest.isIn(mine) && !rest.isIn(theirs) && !(couple{l.b, r.a}).isIn(theirs) {
				return FlawRole
			}
		}
	}
	return ""
}

// maxMiddle is how many units may stand between two that change places.
const maxMiddle = 3

// isTurned says whether the units around those in the middle, one of them a
// deed, are in the quote the other way about, in the same voice: less impressed
// than.
func isTurned(s, quote *reading, mine, theirs []unit) bool {
	for k := 1; k <= maxMiddle; k++ {
		for i := range max(0, len(mine)-k-1) {
			m := mine[i : i+k+2]
			if m[0].clause != m[k+1].clause || !s.mayTurn(m) {
				continue
			}
			for j := range max(0, len(theirs)-k-1) {
				t := theirs[j : j+k+2]
				if t[0].clause == t[k+1].clause && t[0].is(m[k+1]) && m[0].is(t[k+1]) && !m[0].is(t[0]) &&
					slices.EqualFunc(m[1:k+1], t[1:k+1], unit.is) && s.isPassive(m[k].from) == quote.isPassive(t[k].from) {
					return true
				}
			}
		}
	}
	return false
}

// mayTurn says whether it matters which of the outer units stands first: they
// are numbers, or those between tell what one does to the other.
func (x *reading) mayTurn(units []unit) bool {
	first, last := units[0], units[len(units)-1]
	if first.kind == 'f' && last.kind == 'f' {
		return true
	}
	deed := func(u unit) bool { return u.kind == 'w' && x.isDeed(u.from) && !isMutual(u.stem) }
	return !deed(first) && !deed(last) && slices.ContainsFunc(units[1:len(units)-1], deed)
}

// isPassive says whether what terms[i] tells is done to what stands before it.
func (x *reading) isPassive(i int) bool {
	return i > 0 && isForm(x.terms[i-1].Word) || i+1 < len(x.terms) && x.terms[i+1].Word == "by"
}

// isDeed says whether terms[i] has the form of a verb.
func (x *reading) isDeed(i int) bool {
	t := x.terms[i]
	return strings.HasSuffix(t.Word, "ed") || strings.HasSuffix(t.Word, "ing") || x.roots[i] != t.Stem || x.isPredicate(i)
}

// isRevoiced says whether a unit of the sentence is told in another voice in the
// quote.
func isRevoiced(s, quote *reading, u unit, others []unit) bool {
	return u.kind == 'w' && slices.ContainsFunc(others, func(v unit) bool { return u.is(v) && s.isPassive(u.from) != quote.isPassive(v.from) })
}

// isMutual says whether what a stem tells of one and another it tells of the
// other and the one.
func isMutual(stem string) bool {
	return slices.Contains([]string{"meet", "marri", "clash", "border", "agre", "join", "fight", "talk"}, stem)
}
