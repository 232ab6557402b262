package prompts

import (
	"slices"

	"footnote/retrieval"
)

// wordedFigure is the figure in words that begins with terms[i], and how many
// terms it has; 0 if none does.
func wordedFigure(text string, terms []retrieval.Term, i int) (figure, int) {
	w := terms[i].Word
	if v := vagueNumber(w); v > 0 {
		if i+2 < len(terms) && terms[i+1].Word == "of" && vagueNumber(terms[i+2].Word) > 0 {
			return figure{value: v * vagueNumber(terms[i+2].Word), vague: true}, 3
		}
		return figure{value: v, vague: true}, 1
	}
	if v := shareOf(terms, i); v > 0 {
		if i+2 < len(terms) && terms[i+1].Word == "a" && multiplier(terms[i+2].Word) > 0 {
			return figure{value: v * multiplier(terms[i+2].Word)}, 3
		}
		for _, t := range terms[i+1 : min(i+4, len(terms))] {
			if t.Word == "percentage" {
				return figure{value: v, unit: "%"}, 1
			}
		}
		return figure{value: v, share: true}, 1
	}
	if v := ordinalNumber(w); v > 0 && (i == 0 || smallNumber(terms[i-1].Word) == 0 && !isNumber(terms[i-1].Word)) {
		return figure{value: v, ordinal: true, unit: periodBehind(terms, i+1)}, 1
	}
	value, n := numeral(text, terms, i)
	if n == 0 || n == 1 && w == "one" && !countsOne(terms, i) {
		return figure{}, 0
	}
	if i+n < len(terms) {
		switch parts := terms[i+n].Word; parts {
		case "thirds":
			return figure{value: value / 3, share: true}, n + 1
		case "quarters":
			return figure{value: value / 4, share: true}, n + 1
		case "fifths":
			return figure{value: value / 5, share: true}, n + 1
		}
	}
	return figure{value: value, unit: unitBehind(text, terms, i+n)}, n
}

// periodBehind is the unit of time that terms[i] names, or "".
func periodBehind(terms []retrieval.Term, i int) string {
	if i < len(terms) && isPeriod(terms[i].Word) {
		return terms[i].Word
	}
	return ""
}

// numeral is the whole number whose words begin with terms[i], and how many
// they are; 0 if none does.
func numeral(text string, terms []retrieval.Term, i int) (value float64, n int) {
	group := 0.0 // below the last multiplier
	for ; i+n < len(terms) && (n == 0 || joined(text, terms, i+n, " -")); n++ {
		v, m := smallNumber(terms[i+n].Word), multiplier(terms[i+n].Word)
		switch {
		case v > 0 && goesOn(int(group), v):
			group += v
		case m == 100:
			group = max(group, 1) * m
		case m > 0:
			value += max(group, 1) * m
			group = 0
		default:
			return value + group, n
		}
	}
	return value + group, n
}

// goesOn says whether the word for v can follow those for a number: twenty
// five, hundred ten.
func goesOn(number int, v float64) bool {
	return number%100 == 0 || v < 10 && number%10 == 0 && number%100 >= 20
}

func multiplier(word string) float64 {
	switch word {
	case "hundred":
		return 1e2
	case "thousand":
		return 1e3
	case "million":
		return 1e6
	case "billion":
		return 1e9
	case "trillion":
		return 1e12
	case "dozen":
		return 12
	}
	return 0
}

// smallNumber is the number below a hundred that one word names, 0 for other
// words.
func smallNumber(word string) float64 {
	switch word {
	case "both", "twice", "pair", "double", "doubles", "doubled", "doubling":
		return 2
	case "triple", "tripled", "thrice":
		return 3
	}
	for i, w := range [...]string{"one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
		"thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"} {
		if w == word {
			return float64(i + 1)
		}
	}
	for i, w := range [...]string{"twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"} {
		if w == word {
			return float64(10 * (i + 2))
		}
	}
	return 0
}

// ordinalNumber is the number of an ordinal in one word, 0 for other words.
func ordinalNumber(word string) float64 {
	for i, w := range [...]string{"first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth",
		"eleventh", "twelfth", "thirteenth", "fourteenth", "fifteenth", "sixteenth", "seventeenth", "eighteenth", "nineteenth",
		"twentieth"} {
		if w == word {
			return float64(i + 1)
		}
	}
	return 0
}

// vagueNumber is the least that a word for an unsaid number can mean, 0 for
// other words.
func vagueNumber(word string) float64 {
	switch word {
	case "tens":
		return 10
	case "dozens":
		return 12
	case "hundreds":
		return 1e2
	case "thousands":
		return 1e3
	case "millions":
		return 1e6
	case "billions":
		return 1e9
	}
	return 0
}

// shareOf is the share that terms[i] names, 0 for other words.
func shareOf(terms []retrieval.Term, i int) float64 {
	switch terms[i].Word {
	case "half", "halve", "halves", "halved", "halving":
		return 1. / 2
	case "quarter":
		return 1. / 4
	case "third":
		if i > 0 && (terms[i-1].Word == "a" || terms[i-1].Word == "one") {
			return 1. / 3
		}
	}
	return 0
}

// countsOne says whether the "one" at terms[i] is a number: not a pronoun, as in
// "no one", "one of them", "this one".
func countsOne(terms []retrieval.Term, i int) bool {
	if i+1 == len(terms) || retrieval.IsStop(terms[i+1].Word) || retrieval.IsAsking(terms[i+1].Word) {
		return false
	}
	return i == 0 || !slices.Contains([]string{"no", "any", "every", "some", "this", "that", "the", "each", "another"}, terms[i-1].Word)
}
