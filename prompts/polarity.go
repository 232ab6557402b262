package prompts

import (
	"slices"
	"strings"

	"footnote/retrieval"
)

// A stance is how a text stands to one of its words.
type stance struct {
	denied  bool // an odd number of negators govern it
	hedged  bool // it is held possible, planned or alleged
	doubted bool // it is held possible or alleged
}

// stances are the stances of a text to its terms. A negator or a hedge governs
// what follows it within its clause; a verb that denies, in the passive, also
// what comes before.
func stances(text string, terms []retrieval.Term) []stance {
	out := make([]stance, len(terms))
	var now stance
	clause := 0
	for i, t := range terms {
		if i > 0 && endsClause(text, terms, i) {
			now, clause = stance{}, i
		}
		out[i] = now
		if positive, ok := strings.CutPrefix(t.Word, "un"); ok && isDenial(positive) {
			out[i].denied = !now.denied
		}
		if i > 0 && terms[i-1].Word == "non" {
			now.denied = !now.denied // it governs one word
		}
		switch {
		case negates(text, terms, i) && governsBefore(terms, i):
			deny(out[clause:i])
			now.denied = now.denied != (t.Word != "failed")
		case negates(text, terms, i):
			now.denied = !now.denied || t.Word == "nor"
		case hedges(text, terms, i):
			now.hedged, now.doubted = true, now.doubted || doubts(terms, i)
		}
	}
	return out
}

// deny turns stances round.
func deny(stances []stance) {
	for i := range stances {
		stances[i].denied = !stances[i].denied
	}
}

// governsBefore says whether the negator terms[i] denies what comes before it
// too: it denies the verb of the clause, is a passive, or fails by itself.
func governsBefore(terms []retrieval.Term, i int) bool {
	w := terms[i].Word
	if w == "failed" {
		return i+1 == len(terms) || terms[i+1].Word != "to"
	}
	if w == "not" || w == "never" || w == "cannot" {
		return true
	}
	return i > 0 && isForm(terms[i-1].Word) && (strings.HasSuffix(w, "ed") || w == "forbidden")
}

// endsClause says whether a clause ends before terms[i].
func endsClause(text string, terms []retrieval.Term, i int) bool {
	if terms[i-1].End <= terms[i].Start && strings.ContainsAny(text[terms[i-1].End:terms[i].Start], ",;:()") {
		return true
	}
	if terms[i-1].End <= terms[i].Start && strings.Contains(text[terms[i-1].End:terms[i].Start], " - ") {
		return true
	}
	if endsSentence(text, terms, i) {
		return true
	}
	switch terms[i].Word {
	case "before":
		before := terms[i-1].Word
		return i+1 < len(terms) && before != "never" && before != "ever" && before != "not"
	case "but", "although", "though", "while", "whereas", "because", "since", "after", "despite", "until", "unless":
		return true
	}
	return false
}

// endsSentence says whether a full stop, no initial's or abbreviation's, or its
// like stands right before terms[i].
func endsSentence(text string, terms []retrieval.Term, i int) bool {
	if terms[i-1].End > terms[i].Start {
		return false
	}
	between := text[terms[i-1].End:terms[i].Start]
	return strings.ContainsAny(between, "!?") ||
		strings.HasPrefix(between, ".") && len(between) > 1 && isUpper(text, terms[i]) && !isInitialBefore(text, terms[i-1])
}

// negates says whether terms[i] denies what follows.
func negates(text string, terms []retrieval.Term, i int) bool {
	switch w := terms[i].Word; w {
	case "not", "no", "never", "none", "neither", "nor", "without", "cannot", "nobody", "nothing", "hardly", "barely", "non",
		"deny", "denies", "denied", "denying", "refuse", "refuses", "refused", "refusing", "reject", "rejects", "rejected",
		"rejecting", "fail", "fails", "failed", "failing", "prevent", "prevents", "prevented", "lack", "lacks", "lacked",
		"lacking", "stop", "stops", "stopped", "halt", "halts", "halted", "ban", "bans", "banned", "refrain", "refrains",
		"refrained", "oppose", "opposes", "opposed", "abstain", "abstained", "avoid", "avoids", "avoided", "forbid",
		"forbids", "forbidden", "prohibit", "prohibits", "prohibited", "ceased", "rebuffed", "scrapped", "cancelled", "canceled",
		"refusal", "rejection", "denial", "unable", "unwilling", "delayed", "postponed", "suspended", "blocked", "vetoed",
		"shelved", "excluding", "excludes", "excluded":
		return true
	case "against":
		return i > 0 && isDecision(terms[i-1].Stem)
	case "unclear", "unknown", "unsure", "uncertain":
		return i+1 < len(terms) && (terms[i+1].Word == "whether" || terms[i+1].Word == "if" || retrieval.IsAsking(terms[i+1].Word))
	case "decline", "declines", "declined", "declining":
		return i+1 < len(terms) && (terms[i+1].Word == "to" || terms[i+1].Word == "a" || terms[i+1].Word == "the")
	case "turned", "turn", "turns":
		return slices.ContainsFunc(terms[i+1:min(i+2, len(terms))], func(t retrieval.Term) bool { return t.Word == "down" })
	case "ruled", "rule", "rules", "ruling":
		return i+1 < len(terms) && terms[i+1].Word == "out"
	default:
		return len(w) > 3 && strings.HasSuffix(w, "nt") && strings.HasSuffix(text[:terms[i].End], "'t")
	}
}

// isDecision says whether a stem is that of a word for what one can do for or
// against something.
func isDecision(stem string) bool {
	switch stem {
	case "advis", "vote", "decid", "decis", "polici", "argu", "recommend", "principl":
		return true
	}
	return false
}

// isDenial says whether un- before the rest of a word denies it: unchanged,
// unspecified, not under.
func isDenial(rest string) bool {
	switch rest {
	case "able", "willing":
		return false // negators of their own, see negates
	}
	if len(rest) < 5 {
		return false
	}
	for _, ending := range [...]string{"ed", "able", "ible", "ing", "al", "ful", "ly", "ar", "wn", "ic"} {
		if strings.HasSuffix(rest, ending) {
			return !strings.HasPrefix(rest, "it") && !strings.HasPrefix(rest, "der") && !strings.HasPrefix(rest, "iver")
		}
	}
	return false
}

// bare is the stem of a word without the un- that denies it.
func bare(t retrieval.Term) string {
	if positive, ok := strings.CutPrefix(t.Word, "un"); ok && isDenial(positive) {
		return retrieval.Stem(positive)
	}
	return t.Stem
}

// hedges says whether terms[i] makes of what follows no more than something
// possible, planned or alleged.
func hedges(text string, terms []retrieval.Term, i int) bool {
	switch terms[i].Word {
	case "likely":
		before := wordOf(terms, i-1)
		return before != "less" && before != "more" // than others
	case "may":
		return !isUpper(text, terms[i]) && (i+1 == len(terms) || terms[i+1].Word != "not") // what is forbidden is certain
	case "to":
		return i > 0 && (isForm(terms[i-1].Word) || terms[i-1].Word == "thought")
	case "might", "could", "possibly", "perhaps", "probably", "potentially", "allegedly", "alleged", "alleging",
		"allegation", "allegations", "accuse", "accused", "accuses", "accusing", "accusation", "accusations", "claim",
		"claims", "claimed", "claiming", "suspect", "suspects", "suspected", "reportedly", "rumoured", "rumored", "plan", "plans", "planned",
		"planning", "consider", "considers", "considered", "considering", "propose", "proposes", "proposed", "proposal",
		"intend", "intends", "intended", "hopes", "hoped", "seek", "seeks", "seeking", "sought", "talks",
		"negotiating", "negotiations", "negotiation", "discussing", "discussed", "if", "whether", "believe", "believes",
		"believed", "expect", "expects", "expected", "potential", "possible", "possibility", "appears", "appeared",
		"threaten", "threatens", "threatened", "want", "wants", "wanted", "fear", "fears", "feared", "fearing", "asks",
		"asked", "asking", "urged", "urges", "urging", "request", "requests", "requested", "demand",
		"demands", "demanded", "should", "projected", "forecast", "tried", "tries", "trying", "attempted",
		"attempt", "attempts", "aims", "aimed", "wish", "wishes", "would", "risk", "warned", "warning", "warns",
		"promise", "promises", "promised", "promising", "pledge", "pledges", "pledged", "pledging", "vow", "vows", "vowed", "vowing",
		"demanding", "requesting", "seeming", "hoping", "intending", "wanting", "proposing", "wishing", "aiming", "attempting", "believing",
		"expecting", "threatening", "projecting", "forecasting", "offered", "offering",
		"supposed", "presumed", "purported", "apparently", "maybe", "seemingly", "unclear", "nearing", "will", "premise", "assume", "assumes", "assumption", "appeal", "appeals", "appealed":
		return true
	}
	return false
}

// doubts says whether terms[i] leaves open what will or does happen.
func doubts(terms []retrieval.Term, i int) bool {
	switch terms[i].Word {
	case "may", "might", "could", "possibly", "perhaps", "probably", "potentially", "allegedly", "alleged", "reportedly", "possible",
		"potential", "possibility", "suspected", "if", "whether", "likely", "appears", "supposed", "presumed", "purported", "apparently",
		"maybe", "seemingly":
		return true
	case "thought":
		return i+1 < len(terms) && terms[i+1].Word == "to"
	}
	return false
}

// isOpen says whether a text hedges anywhere.
func isOpen(text string, terms []retrieval.Term) bool {
	for i, t := range terms {
		if t.Word == "can" || t.Word == "cannot" || hedges(text, terms, i) && t.Word != "will" {
			return true
		}
	}
	return false
}

// isForm says whether a word is a form of "be".
func isForm(w string) bool {
	switch w {
	case "is", "are", "was", "were", "be", "been", "being":
		return true
	}
	return false
}
