package prompts

import (
	"slices"
	"strings"
	"unicode/utf8"

	"footnote/retrieval"
)

// expects says how well a sentence has what the kind of question wants: 0 not
// at all, 1 plainly.
func (q inquiry) expects(r *reader, sentence study) float64 {
	text, terms := sentence.text, sentence.terms
	switch q.kind {
	case howMany:
		return q.expectsCount(r, text, terms)
	case howMuch:
		return expectsAmount(text, terms)
	case howBig:
		return q.expectsMeasure(text, terms)
	case when:
		return expectsTime(terms)
	case who:
		return q.expectsName(sentence, false)
	case where:
		return q.expectsName(sentence, true)
	case why:
		return expectsReason(terms)
	case said:
		return expectsSpeech(text, terms)
	}
	return 1
}

// expectsCount wants a number that the question lacks, best beside what is
// counted.
func (q inquiry) expectsCount(r *reader, text string, terms []retrieval.Term) float64 {
	best := 0.0
	for i, t := range terms {
		if !isCount(t.Word) || slices.Contains(q.numbers, t.Word) || isYear(t.Word) || belongs(text, t) {
			continue
		}
		best = max(best, .5)
		if len(q.counted) == 0 {
			best = 1
		}
		for _, near := range terms[i+1 : min(i+6, len(terms))] {
			if slices.Contains(q.counted, near.Stem) || r.related(q.counted, near.Stem) {
				return 1
			}
		}
	}
	return best
}

// belongs says whether a number is part of a name or a sum of money: F-16, $9.
func belongs(text string, t retrieval.Term) bool {
	before, _ := utf8.DecodeLastRuneInString(text[:t.Start])
	return strings.ContainsRune("-$€£¥₩₹", before)
}

// related says whether the stem is in a group with any of the others.
func (r *reader) related(stems []string, stem string) bool {
	for _, s := range stems {
		if intersects(r.thesaurus[s], r.thesaurus[stem]) {
			return true
		}
	}
	return false
}

func intersects(a, b []int) bool {
	return slices.ContainsFunc(a, func(x int) bool { return slices.Contains(b, x) })
}

func isCount(w string) bool {
	switch w {
	case "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve", "dozen", "dozens",
		"twenty", "thirty", "forty", "fifty", "hundred", "hundreds", "thousand", "thousands", "million", "millions",
		"billion", "billions", "half", "none", "zero":
		return true
	}
	return w != "" && strings.Trim(w, "0123456789.") == ""
}

// isYear says whether a number is most likely a year.
func isYear(w string) bool {
	y := yearOf(w)
	return 1900 <= y && y < 2100
}

const moneyOrShare = "$€£¥₩₹%"

// expectsAmount wants money or a share, or else a large number.
func expectsAmount(text string, terms []retrieval.Term) float64 {
	if strings.ContainsAny(text, moneyOrShare) {
		return 1
	}
	best := 0.0
	for _, t := range terms {
		switch t.Word {
		case "percentage", "point", "points", "dollars", "dollar", "euros", "euro", "pounds", "yen", "won", "rupees",
			"percent", "cents", "tons", "tonnes", "kilograms", "degrees":
			best = max(best, .9)
		case "million", "billion", "trillion":
			best = max(best, .8)
		}
		if isCount(t.Word) && !isYear(t.Word) {
			best = max(best, .4)
		}
	}
	return best
}

// expectsMeasure wants a number with a unit of what is measured.
func (q inquiry) expectsMeasure(text string, terms []retrieval.Term) float64 {
	if q.measure == "old" {
		return expectsAge(text, terms)
	}
	units := unitsOf(q.measure)
	if strings.Contains(units, "%") && strings.ContainsAny(text, moneyOrShare) {
		return 1
	}
	best := 0.0
	for i, t := range terms {
		if unit := strings.TrimLeft(t.Word, "0123456789."); unit != t.Word && isUnit(units, unit) {
			return 1 // 142m
		}
		if !isCount(t.Word) || isYear(t.Word) {
			continue
		}
		best = max(best, .4)
		for _, near := range terms[i+1 : min(i+3, len(terms))] {
			if isUnit(units, near.Word) {
				return 1
			}
		}
	}
	return best
}

// expectsAge wants somebody's age: aged 54, a 54-year-old, Banda, 54, said.
func expectsAge(text string, terms []retrieval.Term) float64 {
	for i, t := range terms {
		switch {
		case t.Word == "aged" || t.Word == "age":
			return 1
		case !isCount(t.Word) || len(t.Word) > 3:
		case i+2 < len(terms) && strings.HasPrefix(terms[i+1].Word, "year") && terms[i+2].Word == "old":
			return 1
		case strings.HasSuffix(text[:t.Start], ", ") && strings.HasPrefix(text[t.End:], ","):
			return 1
		}
	}
	return 0
}

// The units in which things are measured, singular.
const (
	lengths      = " m cm mm ft km kilometer kilometre mile meter metre foot feet inch yard light "
	spans        = " year month week day hour minute second decade century "
	weightUnits  = " kg g gram kilogram pound ton tonne ounce "
	temperatures = " c f degree celsius fahrenheit kelvin "
	speeds       = " mph kph km kilometer kilometre mile meter metre knot foot feet "
	shares       = " % percent percentage point million billion euro dollar "
	extents      = " acre hectare square barrel liter litre people magnitude "
)

// unitsOf are the units of what an adjective measures.
func unitsOf(adjective string) string {
	switch adjective {
	case "long", "length":
		return lengths + spans
	case "far", "tall", "wide", "deep", "thick", "close", "height", "depth", "width", "distance":
		return lengths
	case "heavy", "weight":
		return weightUnits
	case "hot", "warm", "cold", "temperature":
		return temperatures
	case "fast", "speed":
		return speeds
	case "high":
		return lengths + temperatures + shares
	}
	return lengths + spans + weightUnits + temperatures + shares + extents
}

func isUnit(units, word string) bool {
	return strings.Contains(units, " "+word+" ") || strings.Contains(units, " "+strings.TrimSuffix(word, "s")+" ")
}

// expectsTime wants a date or a word for one.
func expectsTime(terms []retrieval.Term) float64 {
	best := 0.0
	for i, t := range terms {
		switch {
		case isYear(t.Word), isTimeWord(t.Word) && t.Word != "may":
			return 1
		case t.Word == "may" && i > 0 && (terms[i-1].Word == "in" || terms[i-1].Word == "on" || isNumber(terms[i-1].Word)):
			return 1
		case isVagueTime(t.Word):
			best = max(best, .6)
		}
	}
	return best
}

// isVagueTime says whether a word speaks of time without naming a day.
func isVagueTime(w string) bool {
	switch w {
	case "quickly", "soon", "later", "week", "month", "year", "day", "hours", "minutes", "decade", "century", "era":
		return true
	}
	return false
}

// isTimeWord says whether a word names a month, a day or a relative day.
func isTimeWord(w string) bool {
	switch w {
	case "yesterday", "today", "tomorrow":
		return true
	}
	return monthOf(w) > 0 || weekdayOf(w) > 0
}

// expectsName wants a name that the question lacks, or else an office. A place
// wants a preposition before it.
func (q inquiry) expectsName(sentence study, place bool) float64 {
	best := 0.0
	terms := sentence.terms
	for _, m := range sentence.mentions {
		known := slices.ContainsFunc(q.names, func(n name) bool { return n.key == m.key || shareWord(n.words, m.words) })
		switch {
		case known:
		case place:
			if m.place || m.from > 0 && leadsToPlace(terms[m.from-1].Word) {
				return 1
			}
			best = max(best, .3)
		case !m.place:
			return 1
		case m.from == 0:
			best = max(best, .8)
		default:
			best = max(best, .5)
		}
	}
	for _, t := range terms {
		switch t.Word {
		case "officials", "official", "spokesman", "spokeswoman", "experts":
			best = max(best, .6)
		}
	}
	return best
}

// leadsToPlace says whether a word can stand before the name of a place.
func leadsToPlace(w string) bool {
	return slices.Contains([]string{"in", "at", "near", "from", "to", "of", "outside", "on"}, w)
}

func shareWord(a, b []string) bool {
	return slices.ContainsFunc(a, func(w string) bool { return slices.Contains(b, w) })
}

func expectsReason(terms []retrieval.Term) float64 {
	best := .5
	for _, t := range terms {
		switch t.Word {
		case "because", "due", "reason", "reasons", "therefore", "amid", "fear", "fearing", "fears", "order", "thanks",
			"owing", "citing", "cause", "caused", "causing":
			return 1
		case "after", "since", "so":
			best = .7
		}
	}
	return best
}

// expectsSpeech wants somebody's words.
func expectsSpeech(text string, terms []retrieval.Term) float64 {
	if strings.ContainsAny(text, "“”\"") {
		return 1
	}
	for _, t := range terms {
		if isSpeech(t.Word) {
			return .9
		}
	}
	return .3
}

func isSpeech(w string) bool {
	switch w {
	case "said", "says", "told", "added", "warned", "urged", "denied", "announced", "stated", "confirmed", "insisted",
		"called", "acknowledged", "maintained", "declared", "explained", "reported", "declined",
		"opposed", "rejected", "criticised", "criticized", "supported", "welcomed", "condemned", "wrote", "asked":
		return true
	}
	return false
}

// isStance says whether a word takes a position on something.
func isStance(w string) bool {
	switch w {
	case "not", "no", "never", "non", "none", "only", "without", "denied", "denies", "deny", "refused", "rejected", "declined",
		"confirmed", "confirms", "unchanged", "maintained", "maintains", "insisted", "insists", "policy", "principle",
		"agreed", "acknowledged", "remains", "remained", "ruled":
		return true
	}
	return false
}
