package prompts

import (
	"cmp"
	"slices"
	"strings"
	"unicode/utf8"

	"footnote/corpus"
	"footnote/retrieval"
)

// reach is how many words on either side of a number, a date or a denied word
// tell what it is about.
const reach = 3

// mostOtherSides is how many sentences join an answer because they disagree.
const mostOtherSides = 2

// What citations differ on.
const (
	onNumber = "number"
	onDate   = "date"
	onClaim  = "claim"
)

// A point is what a telling says of something that another tells otherwise.
type point struct {
	citation int
	at       corpus.Span // in the quote
}

// A difference is two points that differ.
type difference struct {
	about string
	sides [2]point
}

// disagreements are the points on which citations of different articles
// differ, what the question asks for first. Citations count as differing only
// where both plainly tell of the same: what is open is no disagreement.
func (r *reader) disagreements(asked inquiry, citations []Citation) []Disagreement {
	var found []difference
	told := make([][]telling, len(citations))
	for i, c := range citations {
		told[i] = r.tellings(i, c)
		for j := range i {
			if c.Hit.Article.ID != citations[j].Hit.Article.ID {
				found = append(found, r.compare(asked, told[j], told[i])...)
			}
		}
	}
	out := r.grouped(found, citations, told)
	slices.SortStableFunc(out, func(a, b Disagreement) int {
		return cmp.Compare(asked.rank(a.About), asked.rank(b.About))
	})
	return out
}

// rank is the place of a disagreement among others.
func (q inquiry) rank(about string) int {
	order := []string{onClaim, onNumber, onDate}
	switch q.kind {
	case howMany, howMuch, howBig:
		order = []string{onNumber, onClaim, onDate}
	case when:
		order = []string{onDate, onClaim, onNumber}
	}
	return slices.Index(order, about)
}

// compare are the differences between two citations. On who did something they
// differ only if that is asked.
func (r *reader) compare(asked inquiry, a, b []telling) []difference {
	if copies(a, b) {
		return nil
	}
	var out []difference
	for _, x := range a {
		for _, y := range b {
			found := r.differences(x, y)
			if asked.kind == who && len(found) == 0 && r.differInDoer(x, y) {
				found = []difference{{onClaim, [2]point{x.whole(), y.whole()}}}
			}
			out = append(out, found...)
		}
	}
	return out
}

// repeats says whether two citations tell the same in nearly the same words.
func (r *reader) repeats(a, b []telling) bool {
	return len(r.compare(inquiry{kind: who}, a, b)) == 0 && slices.EqualFunc(a, b, func(x, y telling) bool {
		return overlap(stemsOf(x.terms), stemsOf(y.terms)) >= copied
	})
}

// copies says whether two citations have the same words.
func copies(a, b []telling) bool {
	return slices.EqualFunc(a, b, func(x, y telling) bool {
		return slices.EqualFunc(x.terms, y.terms, func(s, t retrieval.Term) bool { return s.Word == t.Word })
	})
}

// differences are what two tellings differ on: on the claim itself, or on its
// numbers, or on its dates. What other numbers and dates tell of is another
// matter.
func (r *reader) differences(a, b telling) []difference {
	qa, qb := a.quantities(), b.quantities()
	qa, qb = without(qa, qb), without(qb, qa)
	if pair, ok := r.differInNumber(a, b, qa, qb); ok {
		return []difference{{onNumber, pair}}
	}
	if len(qa) > 0 && len(qb) > 0 {
		return nil
	}
	if r.denies(a, b) || r.denies(b, a) {
		return []difference{{onClaim, [2]point{a.whole(), b.whole()}}}
	}
	if pair, ok := r.differInDate(a, b); ok {
		return []difference{{onDate, pair}}
	}
	return nil
}

func (x telling) whole() point { return point{x.citation, x.at} }

// run is the point that a run of terms makes, with the sign of its currency or
// share.
func (x telling) run(from, to int) point {
	start, end := x.terms[from].Start, x.terms[to-1].End
	if currencyBefore(x.text[:start]) != "" {
		start -= utf8.RuneLen(lastRune(x.text[:start]))
	}
	if strings.HasPrefix(x.text[end:], "%") {
		end++
	}
	return point{x.citation, corpus.Span{Start: x.at.Start + x.from[start], End: x.at.Start + x.from[end]}}
}

// denies says whether a denies what b asserts: the first word that a negator
// governs is one of b's and not denied there, and both are about one matter.
func (r *reader) denies(a, b telling) bool {
	i := a.denied()
	if i < 0 {
		return false
	}
	predicate, asserted := bare(a.terms[i]), -1
	if a.asserts(predicate) {
		return false // they passed one law and did not pass another
	}
	for j := range b.terms {
		switch {
		case !b.says[j]:
		case b.stances[j].denied && r.deniesToo(a, bare(b.terms[j])):
			return false
		case !b.stances[j].denied && !b.stances[j].hedged && asserted < 0 && r.sameWord(predicate, bare(b.terms[j])):
			asserted = j
		}
	}
	return asserted >= 0 && a.isToCome() == b.isToCome() && r.sameMatter(a, b, a.near(i, i, reach), b.near(asserted, asserted, reach)) &&
		r.strange(b.content, a.content) <= 1+len(b.content)/4
}

// asserts says whether a word is said here and not denied.
func (x telling) asserts(stem string) bool {
	for i, t := range x.terms {
		if x.says[i] && !x.stances[i].denied && bare(t) == stem {
			return true
		}
	}
	return false
}

// deniesToo says whether a word is denied here.
func (r *reader) deniesToo(x telling, stem string) bool {
	for i := range x.terms {
		if x.says[i] && x.stances[i].denied && r.sameWord(stem, bare(x.terms[i])) {
			return true
		}
	}
	return false
}

// isToCome says whether a telling is of the future.
func (x telling) isToCome() bool {
	return slices.ContainsFunc(x.terms, func(t retrieval.Term) bool { return t.Word == "will" || t.Word == "wont" })
}

// denied is the first word that a negator governs, or -1. Not to say
// something is not to deny it.
func (x telling) denied() int {
	for i, t := range x.terms {
		if !x.stances[i].denied || negates(x.text, x.terms, i) {
			continue
		}
		if isSpeech(t.Word) || slices.Contains([]string{"say", "tell", "comment", "disclose", "know"}, t.Word) {
			return -1
		}
		if x.says[i] {
			return i
		}
	}
	return -1
}

// differInDate finds a date that both tell of one event and that differs.
func (r *reader) differInDate(a, b telling) ([2]point, bool) {
	for _, x := range a.dates {
		for _, y := range b.dates {
			if agreesWithAny(a, x.date, b) || agreesWithAny(b, y.date, a) || !a.isOnce(x, b, y) {
				continue
			}
			if r.sameMatter(a, b, a.near(x.from, x.to, reach), b.near(y.from, y.to, reach)) {
				return [2]point{a.run(x.from, x.to), b.run(y.from, y.to)}, true
			}
		}
	}
	return [2]point{}, false
}

func agreesWithAny(a telling, d date, b telling) bool {
	return slices.ContainsFunc(b.dates, func(y datedRun) bool { return a.compatible(d, b, y.date) })
}

// compatible says whether two dates, each told in an article of its day, can
// be the same.
func (x telling) compatible(d date, o telling, e date) bool {
	for _, m := range d.days(x.published) {
		for _, n := range e.days(o.published) {
			if m.agrees(n) || n.agrees(m) {
				return true
			}
		}
	}
	return false
}

// isOnce says whether two dates may be those of one event: both closer than
// the year, or of something that happens but once.
func (x telling) isOnce(d datedRun, o telling, e datedRun) bool {
	if d.fineness() > 1 && e.fineness() > 1 {
		return true
	}
	for stem := range x.content {
		if isOnceOnly(stem) && o.content[stem] {
			return true
		}
	}
	return false
}

// isOnceOnly says whether a stem is of what happens once to one thing.
func isOnceOnly(stem string) bool {
	switch stem {
	case "di", "born", "found", "built", "establish", "creat", "invent", "discov", "kill", "assassin", "death", "birth",
		"independ", "complet", "open":
		return true
	}
	return false
}

// grouped makes one disagreement of the differences that share a point.
func (r *reader) grouped(found []difference, citations []Citation, told [][]telling) []Disagreement {
	var out []Disagreement
	for len(found) > 0 {
		about, group := found[0].about, []point{found[0].sides[0], found[0].sides[1]}
		for grown := true; grown; {
			grown = false
			found = slices.DeleteFunc(found, func(d difference) bool {
				touches := d.about == about && (slices.Contains(group, d.sides[0]) || slices.Contains(group, d.sides[1]))
				if touches {
					group, grown = append(group, d.sides[0], d.sides[1]), true
				}
				return touches
			})
		}
		if d := r.disagreement(about, group, citations, told); len(d.Sides) > 1 {
			out = append(out, d)
		}
	}
	return out
}

// disagreement orders points by the day on which they were published, those of
// no known day last, each citation once and none that repeats another.
func (r *reader) disagreement(about string, group []point, citations []Citation, told [][]telling) Disagreement {
	slices.SortStableFunc(group, func(a, b point) int {
		return cmp.Or(cmp.Compare(dayOrLast(citations[a.citation]), dayOrLast(citations[b.citation])),
			cmp.Compare(citations[a.citation].N, citations[b.citation].N), cmp.Compare(a.at.Start, b.at.Start))
	})
	d := Disagreement{About: about}
	var used []int
	for _, p := range group {
		if slices.ContainsFunc(used, func(i int) bool { return i == p.citation || r.repeats(told[i], told[p.citation]) }) {
			continue
		}
		used = append(used, p.citation)
		d.Sides = append(d.Sides, Side{Citation: citations[p.citation].N, Says: p.at.In(citations[p.citation].Quote)})
	}
	if n := len(used); n > 1 {
		last, before := citations[used[n-1]], citations[used[n-2]]
		d.Sides[n-1].Newer = !last.Hit.Article.Published.IsZero() && dayOrLast(last) > dayOrLast(before)
	}
	return d
}

// dayOrLast is the day on which a citation's article was published, or what
// sorts behind all days.
func dayOrLast(c Citation) string {
	if c.Hit.Article.Published.IsZero() {
		return "~"
	}
	return corpus.Day(c.Hit.Article.Published)
}

// otherSides are at most two exhibits of other articles that answer the
// question, disagree with a citation and are not cited yet, the best first.
func (r *reader) otherSides(asked inquiry, hits []retrieval.Hit, exhibits []exhibit, citations []Citation) []exhibit {
	told := make([][]telling, len(citations))
	for i, c := range citations {
		told[i] = r.tellings(i, c)
	}
	var out []exhibit
	for _, x := range exhibits {
		if len(out) == mostOtherSides {
			break
		}
		other := cite(0, hits[x.hit], x.at)
		if x.leaning || confidence(asked, x.weights) < threshold || slices.ContainsFunc(citations, other.overlaps) {
			continue
		}
		says := r.tellings(0, other)
		for i, c := range citations {
			if c.Hit.Article.ID != hits[x.hit].Article.ID && len(r.compare(asked, told[i], says)) > 0 {
				out = append(out, x)
				break
			}
		}
	}
	return out
}
