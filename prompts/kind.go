package prompts

import (
	"slices"
	"strings"
)

// A kind is what sort of answer a question wants.
type kind int

const (
	open kind = iota
	yesNo
	who
	when
	where
	howMany
	howMuch
	why
	said // what did X say
)

// kindOf tells the kind from a question's words, all in lower case.
func kindOf(words []string) kind {
	has := func(w string) bool { return slices.Contains(words, w) }
	for i, w := range words {
		next := ""
		if i+1 < len(words) {
			next = words[i+1]
		}
		switch w {
		case "who", "whom", "whose":
			return who
		case "when":
			return when
		case "where":
			return where
		case "why":
			return why
		case "how":
			switch next {
			case "many", "often", "old", "long", "far", "high", "tall", "fast", "large", "big", "deep", "hot":
				return howMany
			case "much":
				return howMuch
			}
		case "what", "which":
			switch next {
			case "year", "date", "day", "month", "time":
				return when
			case "country", "countries", "city", "place", "state":
				return where
			case "number", "percentage", "share", "proportion", "percent":
				return howMany
			case "price", "amount", "sum", "cost":
				return howMuch
			case "person", "people", "company", "team", "organisation", "organization":
				return who
			}
			if has("say") || has("said") || has("tell") || has("told") {
				return said
			}
		}
	}
	if len(words) > 0 && opensYesNo(words[0]) {
		return yesNo
	}
	return open
}

func opensYesNo(word string) bool {
	return slices.Contains(strings.Fields(`is are was were do does did has have had can could will would should may might
		isn't aren't doesn't didn't hasn't isnt arent doesnt didnt hasnt`), word)
}
