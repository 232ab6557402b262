package retrieval

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"footnote/corpus"
)

// testWords are few, so that random texts share them; some share a stem.
var testWords = strings.Fields("the of and river rivers flood flooded shell shells army minister price prices week what 7000 155mm us")

func randomText(rnd *rand.Rand, least, most int) string {
	words := make([]string, least+rnd.IntN(most-least+1))
	for i := range words {
		words[i] = testWords[rnd.IntN(len(testWords))]
	}
	return strings.Join(words, " ")
}

// randomRecord is an article of up to four passages, some under headings.
func randomRecord(rnd *rand.Rand, id string) Record {
	a := corpus.Article{ID: corpus.ArticleID(id), Title: randomText(rnd, 0, 4), Derived: rnd.IntN(3) == 0}
	a.Outlet = []string{"AP", "Reuters", ""}[rnd.IntN(3)]
	if rnd.IntN(4) > 0 {
		a.Published = time.Date(2022, 11, 1+rnd.IntN(28), 0, 0, 0, 0, time.UTC)
	}
	runs := make([]string, rnd.IntN(5))
	for i := range runs {
		runs[i] = randomText(rnd, 1, 12)
	}
	a.Text = strings.Join(runs, "\n\n")
	r := Record{Article: a}
	start, heading := 0, []string(nil)
	for i, run := range runs {
		if rnd.IntN(2) == 0 {
			heading = []string{randomText(rnd, 1, 2)}
		}
		r.Passages = append(r.Passages, corpus.NewPassage(a, i, start, start+len(run), heading))
		start += len(run) + len("\n\n")
	}
	return r
}

func randomRecords(rnd *rand.Rand, n int) []Record {
	records := make([]Record, n)
	for i := range records {
		records[i] = randomRecord(rnd, fmt.Sprintf("a%02d", i))
	}
	return records
}

func keywordsOf(records []Record) *keywords {
	k := newKeywords()
	for _, r := range records {
		k.add(r)
	}
	return k
}

// plainStems are the stems of a text of testWords.
func plainStems(text string) []string {
	var out []string
	for _, w := range strings.Fields(text) {
		if !IsStop(w) {
			out = append(out, Stem(w))
		}
	}
	return out
}

// plainIDF is the weight of a stem that n of so many bags hold.
func plainIDF(bags [][]string, stem string) float64 {
	n := 0.0
	for _, bag := range bags {
		if slices.Contains(bag, stem) {
			n++
		}
	}
	return math.Log(1 + (float64(len(bags))-n+.5)/(n+.5))
}

// plainBM25 is the score of a bag among others, straight from the formula.
func plainBM25(bags [][]string, bag, query []string) float64 {
	all := 0
	for _, other := range bags {
		all += len(other)
	}
	score := 0.0
	for _, stem := range query {
		tf := 0.0
		for _, s := range bag {
			if s == stem {
				tf++
			}
		}
		norm := .25 + .75*float64(len(bag))*float64(len(bags))/float64(all)
		if tf > 0 {
			score += plainIDF(bags, stem) * tf / (tf + 1.2*norm)
		}
	}
	return score
}

// plainBags are the words of each article and of each passage, a title made
// from the lead left out.
func plainBags(records []Record) (articles, passages [][]string) {
	for _, r := range records {
		title := r.Title
		if r.Derived {
			title = ""
		}
		article := title
		for _, p := range r.Passages {
			body := strings.Join(p.Heading, " ") + " " + p.Text
			passages = append(passages, plainStems(title+" "+body))
			article += " " + body
		}
		articles = append(articles, plainStems(article))
	}
	return articles, passages
}

// plainScores are the scores that keywords.scores promises for a query of
// distinct stems.
func plainScores(records []Record, query []string) []float64 {
	articles, passages := plainBags(records)
	mass := 0.0
	for _, stem := range query {
		mass += plainIDF(passages, stem)
	}
	var out []float64
	for i, r := range records {
		lead := 0.0
		for j := range r.Passages {
			score := plainBM25(passages, passages[len(out)], query)
			if j == 0 {
				lead = score
			}
			if score > 0 {
				score = .5*score + .5*plainBM25(articles, articles[i], query) + .2*lead
			}
			out = append(out, score/(1.2*mass))
		}
	}
	return out
}

func TestScoresAreThoseOfPlainBM25(t *testing.T) {
	for seed := range uint64(200) {
		rnd := rand.New(rand.NewPCG(seed, 1))
		records := randomRecords(rnd, 1+rnd.IntN(12))
		k := keywordsOf(records)
		for _, query := range []string{"river", "flooded shell prices", "army 7000 unheard", "shell shells of the us"} {
			stems := plainStems(query)
			slices.Sort(stems)
			want := plainScores(records, slices.Compact(stems))
			got := k.scores(vocabulary{k}.query(query))
			if !slices.EqualFunc(got, want, func(a, b float64) bool { return math.Abs(a-b) < 1e-12 }) {
				t.Fatalf("seed %d, %q: got %v, want %v", seed, query, got, want)
			}
		}
	}
}

func weightIn(k *keywords, stem string) float64 {
	w, _ := vocabulary{k}.weigh(stem)
	return w.passage
}

// checkSameScores reports where two indexes differ in any bit of what ranking
// takes from them.
func checkSameScores(t *testing.T, got, want *keywords) {
	t.Helper()
	for _, query := range []string{"river", "flooded shell prices", "army 7000 unheard", "what week", "minister us 155mm"} {
		asked, wanted := vocabulary{got}.query(query), vocabulary{want}.query(query)
		g, w := got.scores(asked), want.scores(wanted)
		if !slices.Equal(g, w) {
			t.Fatalf("%q: got scores %v, want %v", query, g, w)
		}
		if asked.mass != wanted.mass {
			t.Fatalf("%q: got mass %v, want %v", query, asked.mass, wanted.mass)
		}
	}
	for _, word := range testWords {
		if g, w := weightIn(got, Stem(word)), weightIn(want, Stem(word)); g != w {
			t.Fatalf("%q: got weight %v, want %v", word, g, w)
		}
	}
	if !slices.Equal(got.first, want.first) || !slices.Equal(got.owner, want.owner) {
		t.Fatalf("got passages %v of %v, want %v of %v", got.first, got.owner, want.first, want.owner)
	}
}

func TestMergedPartsScoreAsOneBuild(t *testing.T) {
	for seed := range uint64(100) {
		rnd := rand.New(rand.NewPCG(seed, 2))
		records := randomRecords(rnd, 20)
		merged := newKeywords()
		for rest := records; len(rest) > 0; {
			n := 1 + rnd.IntN(len(rest))
			merged.merge(keywordsOf(rest[:n]))
			rest = rest[n:]
		}
		checkSameScores(t, merged, keywordsOf(records))
	}
}

func TestWithoutScoresAsABuildWithout(t *testing.T) {
	for seed := range uint64(100) {
		rnd := rand.New(rand.NewPCG(seed, 3))
		var records []Record
		k := newKeywords()
		for range 10 {
			added := randomRecords(rnd, rnd.IntN(6))
			records = append(records, added...)
			for _, r := range added {
				k.add(r)
			}
			gone := make([]bool, len(records))
			var left []Record
			for i, r := range records {
				if gone[i] = rnd.IntN(3) == 0; !gone[i] {
					left = append(left, r)
				}
			}
			before := k.scores(vocabulary{k}.query("river shell"))
			next := k.without(func(a unit) bool { return gone[a] })
			if after := k.scores(vocabulary{k}.query("river shell")); !slices.Equal(before, after) {
				t.Fatalf("seed %d: without changed what it copies", seed)
			}
			k, records = next, left
			checkSameScores(t, k, keywordsOf(records))
		}
	}
}

func TestQueryStems(t *testing.T) {
	for _, tt := range []struct{ name, query, want string }{
		{"stop words are dropped", "the river and the shells", "river shell"},
		{"words that ask are dropped", "What did the minister say about shells?", "minist shell"},
		{"unless nothing is left", "What did they say?", "what did sai"},
		{"a word counts once in all its forms", "shell shells Shell's", "shell"},
		{"the country does not ask", "what about us", "us"},
		{"stop words never count", "is it the", ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			k := keywordsOf([]Record{{Article: corpus.Article{Title: tt.query}}})
			var got []string
			for _, term := range (vocabulary{k}).query(tt.query).terms {
				got = append(got, term.stem)
			}
			if g := strings.Join(got, " "); g != tt.want {
				t.Errorf("got %q, want %q", g, tt.want)
			}
		})
	}
}

func TestUnknownWordsCountInTheMass(t *testing.T) {
	k := keywordsOf(randomRecords(rand.New(rand.NewPCG(1, 4)), 10))
	n := float64(len(k.owner))
	got := vocabulary{k}.query("river unheard").mass - vocabulary{k}.query("river").mass
	if want := math.Log(1 + (n+.5)/.5); math.Abs(got-want) > 1e-12 {
		t.Errorf("the unknown word counts %v, want %v", got, want)
	}
}

func TestAnUnknownWordWeighsMost(t *testing.T) {
	k := keywordsOf(randomRecords(rand.New(rand.NewPCG(1, 5)), 10))
	for stem := range k.lexicon.stems {
		if held, unheard := weightIn(k, stem), weightIn(k, "unheard"); held >= unheard {
			t.Errorf("%q weighs %v, a word that occurs nowhere %v", stem, held, unheard)
		}
	}
}
