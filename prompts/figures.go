package prompts

import (
	"strconv"
	"strings"

	"footnote/retrieval"
)

// A figure is a number in a text, in digits or in words, with what it counts.
type figure struct {
	value   float64
	unit    string // "%", a currency, or a unit of measure in the singular; "" if none is known
	name    string // what it belongs to: covid in COVID-19, 11hour in 11 hours and 23 minutes
	code    string // a word that only begins with digits and is none of the numbers: 5g
	vague   bool   // thousands of
	ordinal bool   // third, 3rd
	bound   int    // 1: more than; -1: less than; 2: at least, which is no more than what it says
	rate    string // the unit of time behind "a" or "per": 7,000 rounds a day
	share   bool   // a word for a part: half, a third
	minus   bool   // below zero
}

// A figured run is a figure and the terms that it spans.
type figuredRun struct {
	figure
	from, to int
}

// figures are the numbers in a text, in order, those aside that skip tells to
// be parts of dates.
func figures(text string, terms []retrieval.Term, skip []bool) []figuredRun {
	var out []figuredRun
	for i := 0; i < len(terms); {
		f, n := figureAt(text, terms, i)
		if n == 0 || skip[i] {
			i++
			continue
		}
		f.bound, f.rate, f.minus = boundBefore(terms, i), rateBehind(terms, i+n), isMinus(text, terms, i, n)
		if last := len(out) - 1; last >= 0 && i > 1 && terms[i-1].Word == "and" && out[last].isPartOf(f) && i-out[last].to < 3 {
			f.name = strconv.FormatFloat(out[last].value, 'g', -1, 64) + out[last].unit
		}
		if f.unit == "decade" {
			f.value, f.unit = 10*f.value, "year"
		}
		out = append(out, figuredRun{f, i, i + n})
		i += n
	}
	return out
}

// isPartOf says whether a figure and the next are two parts of one span of time:
// 11 hours and 23 minutes.
func (f figure) isPartOf(next figure) bool {
	switch f.unit {
	case "hour":
		return next.unit == "minute"
	case "minute":
		return next.unit == "second"
	case "year":
		return next.unit == "month"
	}
	return false
}

// figureAt is the figure that begins with terms[i], and how many terms it has;
// 0 if none does.
func figureAt(text string, terms []retrieval.Term, i int) (figure, int) {
	t := terms[i]
	if !isNumber(t.Word) {
		return wordedFigure(text, terms, i)
	}
	digits := strings.TrimRight(t.Word, "abcdefghijklmnopqrstuvwxyz")
	value, err := strconv.ParseFloat(digits, 64)
	f := figure{value: value, unit: currencyBefore(text[:t.Start])}
	if err != nil || !f.take(t.Word[len(digits):]) {
		return figure{code: t.Word}, 1
	}
	if i > 0 && joined(text, terms, i, "-") && terms[i-1].End < t.Start && !isNumber(terms[i-1].Word) && f.unit == "" {
		f.name = terms[i-1].Word
	}
	n := 1
	for i+n < len(terms) && joined(text, terms, i+n, " -") && multiplier(terms[i+n].Word) > 0 {
		f.value *= multiplier(terms[i+n].Word)
		n++
	}
	if f.unit == "" && f.name == "" && !f.ordinal {
		f.unit = unitBehind(text, terms, i+n)
	}
	return f, n
}

// isMinus says whether a word or a sign makes a number of n terms one below zero.
func isMinus(text string, terms []retrieval.Term, i, n int) bool {
	if w := wordOf(terms, i-1); w == "minus" || w == "negative" {
		return true
	}
	for j := i + n; j+1 < min(i+n+4, len(terms)); j++ {
		if (terms[j].Word == "below" || terms[j].Word == "under") && (terms[j+1].Word == "zero" || terms[j+1].Word == "freezing") {
			return true
		}
	}
	before := strings.TrimRight(text[:terms[i].Start], "-−")
	return before != text[:terms[i].Start] && isDigitByte(text[terms[i].Start]) && (before == "" || lastRune(before) == ' ')
}

// take reads the letters behind digits; it says whether it knows them.
func (f *figure) take(letters string) bool {
	switch letters {
	case "":
	case "st", "nd", "rd", "th":
		f.ordinal = true
	case "bn", "b":
		f.value *= 1e9
	case "tn", "trn":
		f.value *= 1e12
	case "k":
		f.value *= 1e3
	case "mn":
		f.value *= 1e6
	case "m":
		if f.unit != "" {
			f.value *= 1e6
		} else {
			f.unit = "m"
		}
	case "c", "f":
		f.unit = "degree"
	default:
		f.unit = unitOf(letters)
		return f.unit != ""
	}
	return true
}

// rateBehind is the unit of time that a figure which ends before terms[i] is
// told by; "" if it is told by none.
func rateBehind(terms []retrieval.Term, i int) string {
	for j := i; j+1 < min(i+4, len(terms)); j++ {
		if w := terms[j].Word; w != "a" && w != "per" && w != "each" && w != "every" {
			continue
		}
		switch unit := unitOf(terms[j+1].Word); unit {
		case "second", "minute", "hour", "day", "week", "month", "year":
			return unit
		}
	}
	return ""
}

// currencyBefore is the currency whose sign ends a text, "" if none does.
func currencyBefore(text string) string {
	switch lastRune(text) {
	case '$':
		return "dollar"
	case '€':
		return "euro"
	case '£':
		return "pound"
	case '¥':
		return "yen"
	case '₩':
		return "won"
	case '₹':
		return "rupee"
	}
	return ""
}

// unitBehind is the unit of a number that ends before terms[i]: the next word
// or, behind an adjective, the one after.
func unitBehind(text string, terms []retrieval.Term, i int) string {
	if strings.HasPrefix(text[terms[i-1].End:], "%") {
		return "%"
	}
	for j := i; j < min(i+2, len(terms)) && joined(text, terms, j, " -"); j++ {
		if isNumber(terms[j].Word) || retrieval.IsStop(terms[j].Word) {
			break
		}
		if unit := unitOf(terms[j].Word); unit != "" {
			return unit
		}
		if terms[j].Word == "per" && j+1 < len(terms) && terms[j+1].Word == "cent" {
			return "%"
		}
	}
	return ""
}

// unitOf is the unit that a word names, always by the same word; "" if it
// names none.
func unitOf(word string) string {
	switch word {
	case "percent", "percentage", "pct":
		return "%"
	case "pm", "am", "mm", "cm", "m", "km", "kg", "g", "s":
		return word
	case "basis":
		return "basis point"
	case "feet":
		return "foot"
	case "millimetre", "millimeter", "millimetres", "millimeters":
		return "mm"
	case "kilometre", "kilometer", "kilometres", "kilometers":
		return "km"
	case "metre", "meter", "metres", "meters":
		return "m"
	case "krona", "kronor", "kroner", "crown", "crowns":
		return "krona"
	}
	singular := strings.TrimSuffix(word, "s")
	switch singular {
	case "dollar", "euro", "pound", "yen", "won", "rupee", "yuan", "rouble", "ruble", "cent",
		"second", "minute", "hour", "day", "week", "month", "year", "decade",
		"mile", "foot", "inch", "yard", "acre", "hectare", "degree", "kilogram", "gram", "ton", "tonne", "ounce", "barrel",
		"litre", "liter", "gallon", "knot", "volt", "watt", "megawatt", "gigawatt", "kilowatt":
		return singular
	}
	return ""
}

// boundBefore is what the words before terms[i] make of a number, see figure;
// 0 if they leave it.
func boundBefore(terms []retrieval.Term, i int) int {
	word := func(back int) string {
		if i < back {
			return ""
		}
		return terms[i-back].Word
	}
	switch word(1) {
	case "over", "above", "exceeding":
		return 1
	case "least":
		return 2
	case "under", "below", "nearly", "almost", "most":
		return -1
	case "than":
		switch word(2) {
		case "more", "greater", "higher", "larger":
			return 1
		case "less", "fewer", "lower", "smaller":
			return -1
		}
	case "to":
		if word(2) == "up" {
			return -1
		}
	}
	return 0
}

// says says whether a figure of a quote bears out f.
func (f figure) says(q figure) bool {
	switch {
	case f.code != "" || q.code != "":
		return f.code == q.code
	case f.minus != q.minus:
		return false
	case f.name != q.name, f.rate != "" && q.rate != "" && f.rate != q.rate:
		return false
	case f.vague:
		return q.vague && q.value == f.value || !q.vague && !q.ordinal && q.unit == "" && q.value >= 2*f.value
	case f.share && q.unit == "%":
		return same(100*f.value, q.value)
	case q.share && f.unit == "%":
		return same(f.value, 100*q.value)
	case q.vague || f.ordinal != q.ordinal || f.bound*q.bound < 0 || f.bound&1 != 0 && q.bound == 0:
		return false
	case f.unit == "m" && q.unit == "" && same(1e6*f.value, q.value), q.unit == "m" && f.unit == "" && same(f.value, 1e6*q.value):
		return true // 5m people
	}
	return same(f.value, q.value) && f.unit == q.unit || same(f.value, q.value) && f.isBare(q)
}

// isBare says whether f may leave out the unit of q. A share and a sum of money
// are told with theirs.
func (f figure) isBare(q figure) bool {
	if f.unit != "" {
		return false
	}
	switch q.unit {
	case "%", "dollar", "euro", "pound", "yen", "won", "rupee", "yuan", "rouble", "ruble", "cent", "krona":
		return false
	}
	return true
}

func same(a, b float64) bool {
	diff := a - b
	return diff <= 1e-9*max(a, b) && -diff <= 1e-9*max(a, b)
}
