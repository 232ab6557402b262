package prompts

import (
	"slices"
	"time"
)

// sameDays is how far apart two articles may be published that tell of one
// thing that only one can have done.
const sameDays = 180 * 24 * time.Hour

// differInDoer says whether two tellings name different doers of what only one
// can do once, in otherwise the same words: Smith won the election, the mural
// was painted by Jones.
func (r *reader) differInDoer(a, b telling) bool {
	doerA, onlyA := a.doer(r)
	doerB, onlyB := b.doer(r)
	if onlyA == "" || onlyA != onlyB || !agreeInTime(a, b) || a.isToCome() != b.isToCome() || a.numbersOtherwise(b) ||
		!a.published.IsZero() && !b.published.IsZero() && a.published.Sub(b.published).Abs() > sameDays {
		return false
	}
	if slices.ContainsFunc(doerA, func(w string) bool { return slices.Contains(doerB, w) }) {
		return false
	}
	restA, restB := a.besides(doerA), b.besides(doerB)
	return r.strange(restA, restB) == 0 && r.strange(restB, restA) == 0 && len(restA) > 1 && within(a.places, b.places) && within(b.places, a.places)
}

// doer is the name of who did something that only one can do once, and the stem
// of the verb.
func (x telling) doer(r *reader) (words []string, verb string) {
	for i, t := range x.terms {
		if !x.isDoneByOne(i) || x.stances[i].denied || x.stances[i].hedged {
			continue
		}
		if m, ok := x.nameAt(r, i); ok {
			return m.words, t.Stem
		}
	}
	return nil, ""
}

// nameAt is the name of a person that ends before the i-th word, or that stands
// behind "by" after it.
func (x telling) nameAt(r *reader, i int) (mention, bool) {
	for _, m := range r.mentions(x.text, x.terms, true) {
		before := m.to == i && m.from == 0
		behind := m.from == i+2 && x.terms[i+1].Word == "by"
		if !m.place && (before || behind) && len(m.words) > 1 {
			return m, true
		}
	}
	return mention{}, false
}

// besides are the stems of what a telling says in the part that has the doer,
// less the doer.
func (x telling) besides(doer []string) map[string]bool {
	out := map[string]bool{}
	for i, t := range x.terms {
		if comma(x.text, x.terms, i) && len(out) > 0 {
			break
		}
		if x.says[i] && !slices.Contains(doer, t.Word) {
			out[bare(t)] = true
		}
	}
	return out
}

// isDoneByOne says whether the i-th word is a verb of what only one can do to
// one thing: a work has its author, an election its winner. There are many
// matches to win, and prizes that several share.
func (x telling) isDoneByOne(i int) bool {
	if i+1 < len(x.terms) && (x.terms[i+1].Word == "a" || x.terms[i+1].Word == "an") {
		return false
	}
	if x.terms[i].Word == "won" {
		return slices.ContainsFunc([]string{"elect", "presid", "runoff", "primari", "tender", "contract"}, func(s string) bool { return x.content[s] })
	}
	switch x.terms[i].Word {
	case "painted", "wrote", "written", "composed", "designed", "invented", "discovered", "founded", "directed":
		return true
	}
	return false
}
