package prompts

import (
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"footnote/corpus"
	"footnote/retrieval"
	"footnote/retrieval/bert/mini"
)

// checkBorneOut is the oracle of the gate: a simple one, which knows none of its
// rules. What passed is plain text, cites whole bytes of its passage, and has
// no figure and no name that the citation or what stands around it lacks.
func checkBorneOut(t testing.TB, hits []retrieval.Hit, c claim, v verified) {
	t.Helper()
	checkPlain(t, v.text)
	if v.source < 0 || v.source >= len(hits) {
		t.Fatalf("%q cites source %d of %d", v.text, v.source, len(hits))
	}
	h := hits[v.source]
	text := h.Passage.Text
	if v.at.Start < 0 || v.at.Start >= v.at.End || v.at.End > len(text) || !utf8.ValidString(v.at.In(text)) {
		t.Fatalf("%q cites %v of %d bytes", v.text, v.at, len(text))
	}
	cited := v.at.In(text)
	if !strings.Contains(letters(cited), letters(c.quote)) {
		t.Errorf("the quote %q does not stand in %q", c.quote, cited)
	}
	around := h.Article.Title + " " + h.Article.Outlet
	for _, other := range hits {
		if other.Article.ID == h.Article.ID {
			around += " " + strings.Join(other.Passage.Heading, " ") + " " + other.Passage.Text
		}
	}
	around = strings.ToLower(around)
	checkDigits(t, h, v.text, cited, strings.ToLower(text))
	checkCapitals(t, v.text, around)
}

// letters are the letters and digits of a text, in lower case.
func letters(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, s)
}

var digitRuns = regexp.MustCompile(`[0-9]+(?:[.,][0-9]+)*`)

// checkDigits wants each number in digits in the citation, or in a date around
// it; a number may be written with a multiplier here and without one there.
func checkDigits(t testing.TB, h retrieval.Hit, sentence, cited, around string) {
	t.Helper()
	plainDigits := func(s string) string { return strings.TrimLeft(strings.ReplaceAll(s, ",", ""), "0") }
	zeros := func(s string) string {
		if strings.Contains(s, ".") {
			s = strings.TrimRight(s, "0")
		}
		return strings.TrimRight(strings.TrimSuffix(plainDigits(s), "."), "0")
	}
	if strings.ContainsAny(sentence, "½¼¾²³") || hasNumberWord(sentence) || hasNumberWord(cited) {
		return // a number in words is no run of digits
	}
	theirs := digitRuns.FindAllString(cited+" "+h.Article.Published.Format("2 January 2006")+" "+h.Article.Published.AddDate(-1, 0, 0).Format("2006"), -1)
	for _, run := range digitRuns.FindAllString(sentence, -1) {
		same := func(s string) bool { return zeros(s) == zeros(run) }
		if !slices.ContainsFunc(theirs, same) && !isDayAround(run, h, around) {
			t.Errorf("the number %s of %q stands neither in %q nor in its date", run, sentence, cited)
		}
	}
}

// isDayAround says whether a number is one of a date: a year or a day that the
// context tells, or that a weekday in it means.
func isDayAround(run string, h retrieval.Hit, around string) bool {
	for back := range 8 {
		for _, d := range []int{-back, back} {
			if h.Article.Published.AddDate(0, 0, d).Format("2") == run {
				return true
			}
		}
	}
	return slices.Contains(digitRuns.FindAllString(around, -1), run)
}

func hasNumberWord(s string) bool {
	for f := range strings.FieldsFuncSeq(strings.ToLower(s), func(r rune) bool { return !unicode.IsLetter(r) }) {
		if smallNumber(f) > 0 || multiplier(f) > 0 || shareOf([]retrieval.Term{{Word: f}}, 0) > 0 || ordinalNumber(f) > 0 {
			return true
		}
	}
	return false
}

// checkCapitals wants each capitalised word within a sentence around the
// citation, unless it is a place that goes by another name there, a month or a
// day.
func checkCapitals(t testing.TB, sentence, around string) {
	t.Helper()
	r := newReader()
	places := r.study(around).places
	for _, m := range r.mentions(around, retrieval.Terms(around), false) {
		places[m.key] = true
	}
	terms := retrieval.Terms(sentence)
	for i, term := range terms {
		if i == 0 || !isUpper(sentence, term) || strings.ContainsAny(sentence[max(0, term.Start-3):term.Start], `.!?:"“'‘`) {
			continue
		}
		w := term.Word
		place, _ := r.gazetteer.at([]string{w}, 0)
		_, known := r.gazetteer[w]
		if strings.Contains(letters(around), w) || places[place] || known || retrieval.IsStop(w) || retrieval.IsAsking(w) || isTimeWord(w) ||
			r.related([]string{term.Stem}, term.Stem) || isPartOfPlace(r, terms, i) {
			continue
		}
		t.Errorf("the name %q of %q stands nowhere in %q", w, sentence, around)
	}
}

// isPartOfPlace says whether a word is one of the several of a place's name.
func isPartOfPlace(r *reader, terms []retrieval.Term, i int) bool {
	for from := max(0, i-longestPlace+1); from <= i; from++ {
		words := []string{}
		for _, t := range terms[from:] {
			words = append(words, t.Word)
		}
		if _, n := r.gazetteer.at(words, 0); from+n > i {
			return true
		}
	}
	return false
}

// checkAgain wants what was verified to be verified again, with its own words.
func checkAgain(t testing.TB, g *gate, v verified) {
	t.Helper()
	again, flaw := g.check(claim{v.text, v.at.In(g.sources[v.source].hit.Passage.Text), v.source + 1})
	if flaw != "" || again != v {
		t.Errorf("%q is %+v first, then %+v with the flaw %q", v.text, v, again, flaw)
	}
}

func TestAllThatPassesIsBorneOut(t *testing.T) {
	r, knows := newReader(), mini.Knows()
	passed := 0
	for _, set := range []string{"tune", "held"} {
		for _, p := range pairs(t, set) {
			hits := p.sources(t)
			g := newGate(r, inquiry{}, hits, knows)
			for _, quote := range []string{p.quote, ""} {
				for n := range len(hits) + 2 {
					c := claim{p.sentence, quote, n}
					if v, flaw := g.check(c); flaw == "" {
						passed++
						checkBorneOut(t, hits, c, v)
						checkAgain(t, g, v)
					}
				}
			}
		}
	}
	if passed == 0 {
		t.Error("nothing passed")
	}
}

func FuzzGate(f *testing.F) {
	hits := append(sampled(f), passages(corpus.Article{
		ID: "odd", Title: "Odd", Text: "Mr. X. Y. Zed said: “It’s 5 p.m. — or so…” He paid $1.5m (‹cash›) to 3,000 people.\n\nThe U. S. won 4–2. The U.S. won 4-2.",
	})...)
	g := newGate(newReader(), inquiry{kind: howMany}, hits, mini.Knows())
	g.forbid(secret)
	for _, p := range pairs(f, "tune") {
		f.Add(p.sentence, p.quote, 1)
		f.Add(p.sentence, "", 2)
	}
	for _, p := range payloads(f) {
		f.Add(p, truthQuote, 1)
	}
	f.Fuzz(func(t *testing.T, sentence, quote string, number int) {
		c := claim{sentence, quote, number}
		v, flaw := g.check(c)
		if flaw != "" {
			if v != (verified{}) {
				t.Errorf("%+v has the flaw %q and gives %+v", c, flaw, v)
			}
			return
		}
		checkBorneOut(t, hits, c, v)
		checkAgain(t, g, v)
	})
}

func FuzzFold(f *testing.F) {
	f.Add("The U. S. said: “It’s – well… ‹so›”")
	f.Add("  a\u00adb\u200b \n c  ")
	f.Add("000 A. A…")
	f.Add("A. A.”")
	f.Fuzz(func(t *testing.T, text string) {
		x := fold(text)
		if len(x.from) != len(x.text)+1 || !slices.IsSorted(x.from) || x.from[len(x.text)] > len(text) {
			t.Fatalf("%q folds to %q from %v", text, x.text, x.from)
		}
		if again := fold(x.text); utf8.ValidString(text) && again.text != x.text {
			t.Errorf("%q folds to %q, and that to %q", text, x.text, again.text)
		}
		for _, at := range newNeedle(text).in(x) {
			if at.Start < 0 || at.Start >= at.End || at.End > len(text) {
				t.Errorf("%q is found in itself at %v", text, at)
			}
		}
	})
}

// Twelve sources and a sentence whose quote the last of them has.
func BenchmarkGate(b *testing.B) {
	hits := sampled(b)
	hits = hits[:min(12, len(hits))]
	last := hits[len(hits)-1].Passage.Text
	sentence := corpus.Sentences(last)[0].In(last)
	r, knows := newReader(), mini.Knows()
	for name, c := range map[string]claim{"quote": {sentence, sentence, 1}, "prose": {sentence, "", len(hits)}, "flaw": {"The sky is green today.", sentence, 1}} {
		b.Run(name, func(b *testing.B) {
			g := newGate(r, inquiry{}, hits, knows)
			for b.Loop() {
				g.check(c)
			}
		})
	}
	b.Run("new", func(b *testing.B) {
		r := newReader()
		for b.Loop() {
			newGate(r, inquiry{}, hits, knows)
		}
	})
}
