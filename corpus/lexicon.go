package corpus

// The words by which a full stop is told from a dot, all in lower case.

// isRank says whether a word is a title or the like, which never ends a
// sentence.
func isRank(word string) bool {
	switch word {
	case "mr", "mrs", "ms", "mx", "dr", "prof", "gen", "lt", "col", "sgt", "capt", "cpt", "maj", "sen", "rep", "reps",
		"sens", "gov", "pres", "rev", "hon", "adm", "cmdr", "cdr", "brig", "cpl", "pvt", "messrs", "supt", "insp",
		"det", "amb", "atty", "fr", "sr", "sra", "st", "ste", "mme", "mlle", "msgr", "vs", "approx", "ca", "cf":
		return true
	}
	return false
}

// isMonth says whether a word is a month cut short.
func isMonth(word string) bool {
	switch word {
	case "jan", "feb", "mar", "apr", "jun", "jul", "aug", "sep", "sept", "oct", "nov", "dec":
		return true
	}
	return false
}

// isAbbreviation says whether a word is cut short and may end a sentence.
func isAbbreviation(word string) bool {
	switch word {
	case "llc", "plc", "esq", "etc", "al", "dept", "assn", "est", "vol", "pp", "ed", "eds", "phd", "md", "bsc", "ba",
		"ma", "hr", "hrs", "min", "mins", "secs", "lb", "lbs", "oz", "kg", "km", "mph", "a.m", "p.m", "e.g", "i.e":
		return true
	}
	return false
}

// isNameAbbreviation says whether a word, if it has a capital, is a name cut short and
// may end a sentence.
func isNameAbbreviation(word string) bool {
	switch word {
	case "inc", "ltd", "co", "corp", "bros", "jr", "sr", "univ", "ave", "blvd", "rd", "mt", "ft", "sec", "intl", "natl",
		"gov", "sgt", "mon", "tue", "tues", "wed", "thu", "thur", "thurs", "fri", "sat", "sun", "ala", "ariz", "ark",
		"calif", "colo", "conn", "del", "fla", "ga", "ill", "ind", "kan", "ky", "la", "mass", "mich", "minn", "miss",
		"mo", "mont", "neb", "nev", "okla", "ore", "pa", "tenn", "tex", "va", "vt", "wash", "wis", "wyo":
		return true
	}
	return false
}

// isStarter says whether a word begins sentences, and seldom follows an abbreviation
// within one.
func isStarter(word string) bool {
	switch word {
	case "the", "a", "an", "in", "on", "at", "it", "its", "he", "she", "they", "we", "i", "you", "this", "that", "these",
		"those", "there", "but", "and", "or", "nor", "so", "yet", "if", "when", "while", "as", "after", "before",
		"since", "because", "however", "meanwhile", "although", "though", "for", "from", "with", "his", "her", "their",
		"our", "my", "what", "who", "why", "how", "where", "which", "some", "many", "most", "all", "both", "each", "no",
		"not", "then", "now", "according", "officials", "police", "critics", "experts", "earlier", "last", "by",
		"under", "during", "despite", "until", "once", "also", "still", "even", "only", "just", "another", "one", "two",
		"three":
		return true
	}
	return false
}

// isSpeechVerb says whether a word says that somebody spoke.
func isSpeechVerb(word string) bool {
	switch word {
	case "said", "says", "told", "added", "adds", "asked", "asks", "replied", "wrote", "writes", "warned", "warns",
		"insisted", "explained", "noted", "argued", "declared", "announced", "tweeted", "shouted", "recalled",
		"concluded", "continued":
		return true
	}
	return false
}
