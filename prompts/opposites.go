package prompts

import (
	"strings"

	"footnote/corpus"
	"footnote/retrieval"
)

// opposites are words that say the contrary of one another, a pair of groups a
// line: none of the left ones may tell what the quote tells by a right one.
const opposites = `
accept agree approve grant | reject refuse decline rebuff
rise rose raise increase climb gain surge soar jump | fall fell drop decrease decline cut lower reduce plunge tumble slide slip
grow grew growth expand | shrink shrank contract
double doubled triple | halve halved
crash | land landed
little few scarce | great much many huge
buy bought purchase | sell sold
win won victory beat gain | lose lost loss
confirm acknowledge admit | deny denied
open reopen | close closed shut
more increase | less fewer
support back favour favor endorse | oppose against condemn criticise criticize reject
allow permit authorise legalise | ban forbid prohibit bar outlaw
begin began start launch resume | end finish stop halt cease
arrive enter | leave left depart
import | export
ally friend | enemy foe
success succeed successful succeeded | fail failure failed
strengthen improve improved | weaken worsen worse
advance | retreat withdraw withdrawal withdrew
free freed release | jail imprison detain arrest
remember | forget forgot
hot hotter hottest warm warmer warmest | cold colder coldest cool cooler coolest
high higher highest record | low lower lowest
large larger largest big bigger biggest | small smaller smallest
early earlier | late later
before | after once
first | last
long longer | short shorter shorten
lethal | nonlethal
public open | secret secretly confidential
alive survive survived | dead died killed
north northern | south southern
east eastern | west western
maximum most | minimum least
above exceed exceeded | below
include | exclude
safe safer | dangerous unsafe
adopt adopted pass passed approve | reject rejected
hold keep stick | abandon abandoned drop scrap scrapped
boost encourage | dampen curb discourage
complete completed conclude concluded finalise finalize | discuss negotiate consider propose
born | died
strong stronger strongest | weak weaker weakest
new newer newest | old older oldest
convict convicted | clear cleared acquit acquitted
lead led | trail trailed
rich richer | poor poorer
presence present | absence absent
miss missed | hit convert converted
unchanged keep maintain remain | change alter abandon drop scrap
`

// An antonymy maps a stem to the stems of its opposites, and to those that can
// stand for it.
type antonymy map[string]*sides

type sides struct{ same, contrary map[string]bool }

func newAntonymy() antonymy {
	a := antonymy{}
	for line := range strings.Lines(opposites) {
		left, right, _ := strings.Cut(line, "|")
		l, r := stemSet(left), stemSet(right)
		a.add(l, r)
		a.add(r, l)
	}
	return a
}

func (a antonymy) add(same, contrary map[string]bool) {
	for s := range same {
		if a[s] == nil {
			a[s] = &sides{map[string]bool{}, map[string]bool{}}
		}
		for w := range same {
			a[s].same[w] = true
		}
		for w := range contrary {
			a[s].contrary[w] = true
		}
	}
}

func stemSet(words string) map[string]bool {
	out := map[string]bool{}
	for w := range strings.FieldsSeq(words) {
		out[retrieval.Stem(w)] = true
	}
	return out
}

// checkOpposites wants no word of the sentence whose opposite the quote has in
// its place, unless one of the two is denied.
func (g *gate) checkOpposites(s *reading, e evidence) Flaw {
	for i, t := range s.terms {
		pair := g.opposites[t.Stem]
		if pair == nil {
			continue
		}
		near, far := -1, -1 // in common with the clauses that say the same, and the contrary
		for _, c := range e.quote.spans() {
			has := func(stems map[string]bool, denied bool) bool {
				for j := c.Start; j < c.End; j++ {
					if stems[e.quote.terms[j].Stem] && e.quote.stances[j].denied == denied {
						return true
					}
				}
				return false
			}
			in := s.inCommon(e.quote, c, pair)
			switch denied := s.stances[i].denied; {
			case has(pair.same, denied) || has(pair.contrary, !denied) || s.hasAny(pair.contrary):
				near = max(near, in)
			case has(pair.contrary, denied):
				far = max(far, in)
			}
		}
		if far > near {
			return FlawOpposite
		}
	}
	return ""
}

// inCommon weighs what the terms of a clause of the quote share with the
// sentence, the pair aside: a time or a number tells more than a word.
func (x *reading) inCommon(quote *reading, clause corpus.Span, pair *sides) int {
	sum := 0
	for _, t := range quote.terms[clause.Start:clause.End] {
		switch {
		case pair.same[t.Stem] || pair.contrary[t.Stem] || retrieval.IsStop(t.Word) || !x.words[t.Stem]:
		case isNumber(t.Word) || isTimeWord(t.Word):
			sum += 3
		default:
			sum++
		}
	}
	return sum
}

// spans are the clauses of a text, as runs of its terms.
func (x *reading) spans() []corpus.Span {
	var out []corpus.Span
	for i := range x.terms {
		if i == 0 || endsClause(x.text, x.terms, i) || x.terms[i].Word == "and" {
			out = append(out, corpus.Span{Start: i})
		}
		out[len(out)-1].End = i + 1
	}
	return out
}

// checkNegation wants the sentence to deny what the quote denies, and nothing
// else.
func checkNegation(s *reading, e evidence) Flaw {
	theirs := map[string][2]bool{} // whether the quote affirms, and denies, a stem
	denies := false
	for i, t := range e.quote.terms {
		both := theirs[bare(t)]
		if e.quote.stances[i].denied {
			both[1], denies = true, true
		} else {
			both[0] = true
		}
		theirs[bare(t)] = both
	}
	same, other, mine := 0, 0, 0
	for _, i := range s.content {
		denied := s.stances[i].denied
		if denied {
			mine++
		}
		both, shared := theirs[bare(s.terms[i])]
		switch {
		case !shared:
		case denied && both[1]:
			same++
		case denied && !both[1], !denied && !both[0]:
			other++
		}
	}
	if other > 2*same || mine > 0 && !denies {
		return FlawNegation
	}
	return ""
}

// checkHedges wants no bare statement of what the quote only holds possible,
// alleges or plans.
func (g *gate) checkHedges(s *reading, e evidence) Flaw {
	if s.isMadeSure(e.quote) {
		return FlawHedge
	}
	if isOpen(s.text, s.terms) {
		return ""
	}
	if s.isUnrealised(e.quote) {
		return FlawHedge
	}
	open := func(x stance) bool { return x.hedged }
	if s.words["will"] {
		open = func(x stance) bool { return x.doubted }
	}
	shared, hedged := 0, 0
	for _, i := range s.content {
		found, firm := false, false
		for j, q := range e.quote.terms {
			if g.isAlike(s.terms[i].Stem, q.Stem) {
				found, firm = true, firm || !open(e.quote.stances[j]) || e.quote.isScheduled(j, s.terms[i].Word)
			}
		}
		if found {
			shared++
		}
		if found && !firm {
			hedged++
		}
	}
	if hedged > 0 && 2*hedged >= shared {
		return FlawHedge
	}
	return ""
}

// hasAny says whether a text has a word of one of the stems.
func (x *reading) hasAny(stems map[string]bool) bool {
	for s := range stems {
		if x.words[s] {
			return true
		}
	}
	return false
}
