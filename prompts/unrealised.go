package prompts

import "strings"

// isUnrealised says whether the sentence tells as done, in the past, what the
// quote tells only behind "to" or a modal: agreed to pay, would be called up.
func (x *reading) isUnrealised(quote *reading) bool {
	for i := range x.terms {
		if root := x.roots[i]; x.isPast(i) && !x.isAhead(i) && !x.stances[i].denied && !x.isName(i) && quote.words[root] && !quote.tellsDone(root) {
			return true
		}
	}
	return false
}

// isPast says whether terms[i] has the form of a verb in the past, and stands
// where it tells what was done.
func (x *reading) isPast(i int) bool {
	if i == 0 || isArticle(x.wordOf(i-1)) || x.wordOf(i-1) == "to" {
		return false
	}
	return strings.HasSuffix(x.terms[i].Word, "ed") || x.roots[i] != x.terms[i].Stem
}

// tellsDone says whether a text tells what a root means otherwise than as still
// to be done.
func (x *reading) tellsDone(root string) bool {
	for j := range x.terms {
		if x.roots[j] == root && !x.isAhead(j) {
			return true
		}
	}
	return false
}

// isAhead says whether terms[j] stands behind "to" or a modal, with no more than
// "be" or an adverb between, and nothing before it says that it was done.
func (x *reading) isAhead(j int) bool {
	for j--; j > 0 && (x.wordOf(j) == "be" || strings.HasSuffix(x.wordOf(j), "ly")); {
		j--
	}
	switch x.wordOf(j) {
	case "will", "would", "may", "might", "could", "should", "must", "can":
		return true
	case "to":
		return j > 0 && !isImplicative(x.wordOf(j-1))
	}
	return false
}

// isImplicative says whether what stands behind a verb and "to" was done if the
// verb is true.
func isImplicative(w string) bool {
	switch w {
	case "began", "begun", "begin", "begins", "start", "started", "starts", "continue", "continued", "continues", "managed", "went", "came", "goes",
		"forced", "helped", "help", "helps", "used", "led", "moved", "able", "failed", "seen", "known", "found", "compelled", "proceeded",
		"chose", "decided", "got", "happened", "first", "last", "woman", "man", "person", "country", "said", "reported", "due":
		return true
	}
	return false
}

// isMadeSure says whether the sentence tells without a doubt what in the quote a
// word of doubt stands right before.
func (x *reading) isMadeSure(quote *reading) bool {
	for i := range x.terms {
		if doubts(x.terms, i) {
			return false
		}
	}
	for _, i := range x.content {
		found, firm := false, false
		for j := range quote.terms {
			if quote.roots[j] == x.roots[i] {
				found, firm = true, firm || !quote.isDoubted(j)
			}
		}
		if found && !firm {
			return true
		}
	}
	return false
}

// isScheduled says whether terms[j] is a word behind a bare "will": schools will
// reopen, schools reopen.
func (x *reading) isScheduled(j int, word string) bool {
	return j > 0 && x.wordOf(j) == word && x.wordOf(j-1) == "will"
}

// isDoubted says whether a word of doubt stands before terms[j], with no more
// than "to be" or an article between.
func (x *reading) isDoubted(j int) bool {
	for j--; j >= 0 && (isArticle(x.wordOf(j)) || isForm(x.wordOf(j)) || x.wordOf(j) == "to" || x.wordOf(j) == "have"); {
		j--
	}
	return j >= 0 && doubts(x.terms, j)
}
