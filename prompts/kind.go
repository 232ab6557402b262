package prompts

import "footnote/retrieval"

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
	howBig // how long, old, far, heavy …
	why
	said // what did X say
)

// kindOf tells the kind from a question's words, all in lower case.
func kindOf(words []string) kind {
	for i, w := range words {
		k := open
		switch w {
		case "who", "whom", "whose", "whos":
			return who
		case "when":
			return when
		case "where":
			return where
		case "why":
			return why
		case "how":
			k = kindOfMeasure(words[i+1:])
		case "what", "which", "whats":
			k = kindOfThing(words[i+1:])
		}
		if k != open {
			return k
		}
	}
	if len(words) > 0 && opensYesNo(words[0]) {
		return yesNo
	}
	return open
}

// kindOfMeasure is the kind of a question from the words after "how".
func kindOfMeasure(rest []string) kind {
	if len(rest) == 0 {
		return open
	}
	switch rest[0] {
	case "many", "often":
		return howMany
	case "old", "long", "far", "high", "tall", "wide", "heavy", "fast", "large", "big", "deep", "hot", "warm", "cold", "strong",
		"close", "thick", "loud", "bright":
		return howBig
	case "much":
		return howMuch
	}
	return open
}

// kindOfThing is the kind of a question from the words after "what" or
// "which": the thing stands within the next few, before any verb.
func kindOfThing(rest []string) kind {
	for _, w := range rest[:min(4, len(rest))] {
		switch w {
		case "year", "date", "day", "month", "time":
			return when
		case "country", "city", "place", "town":
			return where
		case "caused", "causes", "reason":
			return why
		case "temperature", "height", "length", "depth", "width", "size", "speed", "distance", "age", "weight":
			return howBig
		case "number", "percentage", "share", "proportion", "percent":
			return howMany
		case "price", "amount", "sum":
			return howMuch
		case "person", "company", "team", "newspaper", "agency":
			return who
		}
		if retrieval.IsAsking(w) || retrieval.IsStop(w) {
			break
		}
	}
	for _, w := range rest {
		switch w {
		case "cost", "costs", "price":
			return howMuch
		case "say", "said", "tell", "told":
			return said
		}
	}
	return open
}

func opensYesNo(word string) bool {
	switch word {
	case "is", "are", "was", "were", "do", "does", "did", "has", "have", "had", "can", "could", "will", "would",
		"should", "may", "might", "isnt", "arent", "doesnt", "didnt", "hasnt":
		return true
	}
	return false
}
