package prompts

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"footnote/corpus"
	"footnote/retrieval"
)

// A telling is a sentence of a citation, read for what another may tell
// otherwise. Who says it is not part of it.
type telling struct {
	citation  int         // index of the citation
	at        corpus.Span // in its quote
	published time.Time
	folded    // its text
	terms     []retrieval.Term
	stances   []stance
	figures   []figuredRun
	dates     []datedRun
	says      []bool          // of each term whether it says what happens
	content   map[string]bool // the stems of those
	places    map[string]bool // keys of the places named
}

// tellings are the sentences of the n-th citation.
func (r *reader) tellings(n int, c Citation) []telling {
	var out []telling
	for _, at := range corpus.Sentences(c.Quote) {
		x := r.telling(at.In(c.Quote))
		x.citation, x.at, x.published = n, at, c.Hit.Article.Published
		out = append(out, x)
	}
	return out
}

func (r *reader) telling(sentence string) telling {
	f := fold(sentence)
	text, terms := f.text, wholeNumbers(f.text, retrieval.Terms(f.text))
	x := telling{folded: f, terms: terms, stances: stances(text, terms), content: map[string]bool{}, places: map[string]bool{}}
	silent := attribution(text, terms)
	taken := slices.Clone(silent)
	for _, d := range dates(text, terms) {
		if !silent[d.from] && !saidThen(terms, d.from) {
			x.dates = append(x.dates, d)
		}
		fill(taken, d.from, d.to)
	}
	x.figures = figures(text, terms, taken)
	for _, f := range x.figures {
		fill(taken, f.from, f.to)
	}
	for _, m := range r.mentions(text, terms, true) {
		if m.place {
			fill(taken, m.from, m.to)
			if !silent[m.from] {
				x.places[m.key] = true
			}
		}
	}
	x.says = make([]bool, len(terms))
	for i, t := range terms {
		x.says[i] = !taken[i] && saysSomething(t.Word) && !negates(text, terms, i) && !isVague(t.Word)
		if x.says[i] {
			x.content[bare(t)] = true
		}
	}
	return x
}

// saidThen says whether the date at terms[i] is that of a verb of speech.
func saidThen(terms []retrieval.Term, i int) bool {
	return slices.ContainsFunc(terms[max(0, i-2):i], func(t retrieval.Term) bool { return isSpeech(t.Word) })
}

func fill(taken []bool, from, to int) {
	for i := from; i < to; i++ {
		taken[i] = true
	}
}

// isVague says whether a word tells neither what happened nor to whom.
func isVague(w string) bool {
	switch w {
	case "repeatedly", "already", "about", "some", "another", "further", "up", "officially", "later", "earlier", "far",
		"planned", "plans", "plan", "least", "almost", "likely", "possibly", "perhaps", "probably", "reportedly", "allegedly":
		return true
	}
	return false
}

// attribution tells the terms that say whose words a sentence has: "X said" at
// its head, ", X said on Friday" at its end, "according to X".
func attribution(text string, terms []retrieval.Term) []bool {
	out := make([]bool, len(terms))
	for i, t := range terms {
		switch {
		case t.Word == "according" && i+1 < len(terms) && terms[i+1].Word == "to":
			end := i + 1
			for end < len(terms) && !comma(text, terms, end) {
				end++
			}
			fill(out, i, end)
		case !isSpeech(t.Word) && t.Word != "citing" && t.Word != "found" && !shows(t.Word) || negates(text, terms, i):
		case shows(t.Word) && i+1 < len(terms) && terms[i+1].Word != "that":
		case lastComma(text, terms, i) > 0 && len(terms)-lastComma(text, terms, i) <= longestTag:
			fill(out, lastComma(text, terms, i), len(terms))
		case i > 0 && i < longestHead && !comma(text, terms, i+1) && !isPreposition(terms[min(i+1, len(terms)-1)].Word):
			fill(out, 0, i+1)
		}
	}
	return out
}

// shows says whether a verb is of what makes something known: wood samples show.
func shows(w string) bool {
	return slices.Contains([]string{"show", "shows", "showed", "suggest", "suggests", "suggested", "indicate", "indicates"}, w)
}

// How many words tell at most whose words a sentence has, at its end and at
// its head.
const (
	longestTag  = 9
	longestHead = 5
)

// comma says whether a mark parts terms[i] from the one before.
func comma(text string, terms []retrieval.Term, i int) bool {
	return i > 0 && i < len(terms) && terms[i-1].End <= terms[i].Start && strings.ContainsAny(text[terms[i-1].End:terms[i].Start], `,;"`)
}

// lastComma is the first term behind the last mark before terms[i]; 0 if there
// is none.
func lastComma(text string, terms []retrieval.Term, i int) int {
	for ; i > 0; i-- {
		if comma(text, terms, i) {
			return i
		}
	}
	return 0
}

// near are the stems of the words that say something next to a run of terms:
// at most so many on either side.
func (x telling) near(from, to, reach int) map[string]bool {
	out := map[string]bool{}
	for i, left := from-1, reach; i >= 0 && left > 0; i-- {
		if x.says[i] {
			out[bare(x.terms[i])] = true
			left--
		}
	}
	for i, left := to, reach; i < len(x.terms) && left > 0; i++ {
		if x.says[i] {
			out[bare(x.terms[i])] = true
			left--
		}
	}
	return out
}

// tells says whether a text has a word, or one that says the same.
func (r *reader) tells(content map[string]bool, stem string) bool {
	if content[stem] {
		return true
	}
	for other := range content {
		if r.sameWord(stem, other) {
			return true
		}
	}
	return false
}

// sameWord says whether two stems can tell of the same. The thesaurus also has
// words together that are each other's opposite.
func (r *reader) sameWord(a, b string) bool {
	if a == b {
		return true
	}
	for _, pair := range [...][2]string{{"open", "close"}, {"confirm", "deni"}, {"support", "oppos"}, {"win", "lose"}, {"begin", "end"}} {
		if a == pair[0] && b == pair[1] || a == pair[1] && b == pair[0] {
			return false
		}
	}
	return intersects(r.thesaurus[a], r.thesaurus[b])
}

// strange are the stems of a that b does not tell.
func (r *reader) strange(a, b map[string]bool) int {
	n := 0
	for stem := range a {
		if !r.tells(b, stem) {
			n++
		}
	}
	return n
}

// sameMatter says whether two tellings may be about one thing, going by the
// words next to two of their runs: not both have a word there that the other
// lacks, nor a place, and they share half of what the shorter says.
func (r *reader) sameMatter(a, b telling, nearA, nearB map[string]bool) bool {
	if r.strange(nearA, b.content) > 0 && r.strange(nearB, a.content) > 0 {
		return false
	}
	if a.numbersOtherwise(b) || !within(a.places, b.places) && !within(b.places, a.places) {
		return false
	}
	short, long := a.content, b.content
	if len(short) > len(long) {
		short, long = long, short
	}
	shared := len(short) - r.strange(short, long)
	for p := range a.places {
		if b.places[p] {
			shared++
		}
	}
	return shared >= 2 && 2*(len(short)-r.strange(short, long)) >= len(short)
}

// numbersOtherwise says whether both name something by its place in an order,
// and not by the same: the first half, the second.
func (x telling) numbersOtherwise(o telling) bool {
	ordinals := func(x telling) map[string]bool {
		out := map[string]bool{}
		for _, f := range x.figures {
			if f.ordinal {
				out[strconv.Itoa(int(f.value))] = true
			}
		}
		return out
	}
	a, b := ordinals(x), ordinals(o)
	return len(a) > 0 && len(b) > 0 && !within(a, b) && !within(b, a)
}

// within says whether the larger set holds all of the smaller.
func within(part, whole map[string]bool) bool {
	for p := range part {
		if !whole[p] {
			return false
		}
	}
	return true
}
