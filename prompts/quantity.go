package prompts

import (
	"math"
	"slices"
	"strings"

	"footnote/retrieval"
)

// A quantity is a figure with what it counts: a value or a range.
type quantity struct {
	figuredRun
	most    float64  // the upper end of a range, else the value
	things  []string // the stems of what is counted, the nearest first
	end     int      // the term behind those
	rate    string   // "day" of "a day"
	rounded bool     // about, up to, at least
	change  bool     // by so much
	added   bool     // another, of them
}

// differInNumber finds two of the quantities that a and b tell of one thing.
func (r *reader) differInNumber(a, b telling, qa, qb []quantity) ([2]point, bool) {
	for _, x := range qa {
		for _, y := range qb {
			if !r.countsSame(x, y) || !agreeInTime(a, b) {
				continue
			}
			nearA, nearB := a.near(x.from, x.to, reach), b.near(y.from, y.to, reach)
			if !r.sameMatter(a, b, nearA, nearB) {
				continue
			}
			crowded := severalOf(qa, x) || severalOf(qb, y)
			if crowded && r.strange(nearA, b.content)+r.strange(nearB, a.content) > 0 {
				continue
			}
			return [2]point{a.run(x.from, x.end), b.run(y.from, y.end)}, true
		}
	}
	return [2]point{}, false
}

// severalOf says whether there is more than one quantity in x's unit.
func severalOf(all []quantity, x quantity) bool {
	n := 0
	for _, q := range all {
		if q.unit == x.unit && q.rate == x.rate {
			n++
		}
	}
	return n > 1
}

// without are the quantities that none of the others agrees with.
func without(all, others []quantity) []quantity {
	return slices.DeleteFunc(slices.Clone(all), func(q quantity) bool {
		return slices.ContainsFunc(others, func(o quantity) bool { return q.unit == o.unit && q.agrees(o) })
	})
}

// agrees says whether two quantities can be the same: their ranges meet, one is
// little more than what the other is more than, or they are as close as rounding
// or "about" makes them.
func (q quantity) agrees(o quantity) bool {
	if q.value <= o.most && o.value <= q.most {
		return true
	}
	low, high := q.most, o.value
	if low > high {
		low, high = o.most, q.value
	}
	off := (high - low) / high
	if least, exact := q, o; q.bound != o.bound {
		if q.bound <= 0 {
			least, exact = o, q
		}
		if least.bound > 0 && exact.bound == 0 && least.most < exact.value && off <= .2 {
			return true
		}
	}
	return (q.rounded || o.rounded) && off <= .1 || off <= .05 && high-low <= max(unitOfLast(low), unitOfLast(high))/2
}

// unitOfLast is what one counts in the last place of a number that is not 0.
func unitOfLast(v float64) float64 {
	unit := .001
	for unit < v && math.Abs(v/(unit*10)-math.Round(v/(unit*10))) < 1e-9 {
		unit *= 10
	}
	return unit
}

// countsSame says whether two quantities count the same things in one unit.
func (r *reader) countsSame(x, y quantity) bool {
	if x.unit != y.unit || x.rate != y.rate || x.change != y.change || x.added != y.added || x.share != y.share {
		return false
	}
	if len(x.things) == 0 || len(y.things) == 0 {
		return true
	}
	return slices.ContainsFunc(x.things, func(s string) bool {
		return slices.ContainsFunc(y.things, func(t string) bool { return r.sameWord(s, t) })
	})
}

// agreeInTime says whether two tellings may be about one time.
func agreeInTime(a, b telling) bool {
	if x, y := a.span(), b.span(); x != "" && y != "" && x != y {
		return false
	}
	if len(a.dates) == 0 || len(b.dates) == 0 {
		return true
	}
	for _, x := range a.dates {
		for _, y := range b.dates {
			if a.compatible(x.date, b, y.date) {
				return true
			}
		}
	}
	return false
}

// span is the stretch of time that a telling names from where it stands, or "".
func (x telling) span() string {
	for i := 1; i < len(x.terms); i++ {
		if w, next := x.terms[i-1].Word, x.terms[i].Word; isSpan(w, next) {
			return w + " " + next
		}
	}
	return ""
}

// quantities are what a telling counts and measures, without ordinals, parts
// of names, scores, and numbers too vague to differ.
func (x telling) quantities() []quantity {
	var out []quantity
	for i := 0; i < len(x.figures); i++ {
		f := x.figures[i]
		if f.ordinal || f.vague || f.code != "" || f.name != "" || f.unit == "mm" {
			continue
		}
		q := quantity{figuredRun: f, most: f.value}
		if i+1 < len(x.figures) && x.isRange(f, x.figures[i+1]) {
			i++
			q.most, q.to = x.figures[i].value, x.figures[i].to
			if q.unit == "" {
				q.unit = x.figures[i].unit
			}
			q.value *= scale(q.value, q.most)
		} else if x.isScore(i) {
			continue
		}
		x.describe(&q)
		out = append(out, q)
	}
	return out
}

// scale is what the lower end of a range lacks: 2 to 3 million.
func scale(low, high float64) float64 {
	for _, m := range [...]float64{1e9, 1e6, 1e3} {
		if high >= m && low < 1e3 && low > 0 {
			return m
		}
	}
	return 1
}

// isRange says whether "to", "and" behind "between", or a dash makes a range of
// two figures.
func (x telling) isRange(f, g figuredRun) bool {
	switch g.from - f.to {
	case 0:
		return f.value >= 20 && f.value < g.value && joined(x.text, x.terms, g.from, "- ")
	case 1:
		w := x.terms[f.to].Word
		return f.value < g.value && (w == "to" || w == "and" && f.from > 0 && x.terms[f.from-1].Word == "between")
	}
	return false
}

// isScore says whether a dash ties the i-th figure to another: 4-2.
func (x telling) isScore(i int) bool {
	tied := func(a, b int) bool {
		return a >= 0 && b < len(x.figures) && x.figures[a].to == x.figures[b].from && joined(x.text, x.terms, x.figures[b].from, "-")
	}
	return tied(i-1, i) || tied(i, i+1)
}

// describe reads the words around a quantity.
func (x telling) describe(q *quantity) {
	word := func(i int) string { return wordOf(x.terms, i) }
	before, second := word(q.from-1), word(q.from-2)
	q.rounded = q.bound != 0 || isApproximate(before)
	q.change = (before == "by" || second == "by") && slices.ContainsFunc(x.terms, func(t retrieval.Term) bool { return isChange(t.Word) })
	q.added = before == "another" || before == "further" || before == "additional" || second == "another"
	i := q.to
	if q.unit != "" && i < len(x.terms) && unitOf(word(i)) == q.unit {
		i++
	}
	q.end = i
	if q.unit == "" && q.value != math.Trunc(q.value) {
		return // a value on a scale counts nothing
	}
	if word(i) == "of" && (word(i+1) == "them" || word(i+1) == "whom" || word(i+1) == "those") {
		q.added = true
		return
	}
	for ; i < len(x.terms) && (x.says[i] || word(i) == "of") && joined(x.text, x.terms, i, " -") && !isSpan(word(i), word(i+1)); i++ {
		if strings.HasSuffix(word(i), "ed") || strings.HasSuffix(word(i), "ing") {
			break
		}
		if word(i) != "of" {
			q.things, q.end = append(q.things, x.terms[i].Stem), i+1
		}
	}
	switch w := word(i); {
	case comma(x.text, x.terms, i):
	case w == "a" || w == "per" || w == "each" || w == "every":
		q.rate = word(i + 1)
	case w == "daily" || w == "day":
		q.rate = "day"
	}
}

// isApproximate says whether a word makes of the number behind it no more than
// one near it.
func isApproximate(w string) bool {
	switch w {
	case "about", "around", "some", "roughly", "approximately", "nearly", "almost":
		return true
	}
	return false
}

// isChange says whether a verb tells that something becomes more or less. By so
// many is by whom otherwise: "backed by 47 percent of voters".
func isChange(w string) bool {
	switch w {
	case "cut", "cuts", "cutting", "up", "down", "rise", "rises", "rose", "risen", "fall", "falls", "fell", "fallen", "grow",
		"grows", "grew", "grown", "shrink", "shrank", "shrunk", "lose", "lost", "win", "won", "less", "more", "higher",
		"lower", "beat", "short", "trim", "trims", "trimmed", "edged", "slid", "sank", "behind", "ahead":
		return true
	}
	switch retrieval.Stem(w) {
	case "rais", "reduc", "increas", "decreas", "declin", "drop", "climb", "jump", "slip", "slump", "soar", "gain",
		"expand", "extend", "lower", "widen", "narrow", "shorten", "slow", "boost", "plung", "tumbl", "surg",
		"multipli", "exce", "outnumb", "defeat", "late", "delai", "hike", "tighten", "eas", "improv", "worsen",
		"advanc", "weaken", "strengthen", "chang", "reviz", "adjust", "doubl":
		return true
	}
	return false
}

// isSpan says whether two words name a stretch of time from where one stands:
// "last season".
func isSpan(w, next string) bool {
	return (w == "last" || w == "this" || w == "next") && isPeriod(next)
}
