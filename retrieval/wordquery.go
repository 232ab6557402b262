package retrieval

import (
	"math"

	"footnote/corpus"
)

// How much the whole article, the passage itself and the article's first
// passage count in a word score. News says in its first passage what it is
// about. Package rankeval has the measurements.
const (
	articleWeight = .5
	passageWeight = .5
	leadWeight    = .2
)

// A wordQuery is a query as the index of words sees it.
type wordQuery struct {
	terms []int32 // distinct, in the order of the query; those of no article left out
	mass  float64 // what a passage would score that held nothing but every word
}

// wordQuery analyses a query. Words that ask ("what", "according") are dropped
// unless nothing else is left.
func (k *keywords) wordQuery(text string) wordQuery {
	stems := queryStems(text, true)
	if len(stems) == 0 {
		stems = queryStems(text, false)
	}
	var q wordQuery
	for _, stem := range stems {
		n := 0
		if t, ok := k.lexicon.stems[stem]; ok {
			q.terms = append(q.terms, t)
			n = len(k.passages.of(t))
		}
		q.mass += k.passages.idf(n)
	}
	return q
}

// queryStems are the distinct stems of a query without stop words and, if
// asked, without the words that ask.
func queryStems(text string, dropAsking bool) []string {
	var out []string
	var s stemmer
	seen := map[string]bool{}
	eachWord(text, func(word []byte, _ corpus.Span) {
		w := string(word)
		if IsStop(w) || dropAsking && IsAsking(w) {
			return
		}
		if stem := s.stem(w); !seen[stem] {
			seen[stem] = true
			out = append(out, stem)
		}
	})
	return out
}

// scores are the word scores of all passages, as a share of the best that the
// query could reach: 0 to about 1.
func (k *keywords) scores(q wordQuery) []float64 {
	out := k.passages.scores(q.terms)
	articles := k.articles.scores(q.terms)
	full := (articleWeight + passageWeight + leadWeight) * max(q.mass, math.SmallestNonzeroFloat64)
	for a, score := range articles {
		from, to := k.passagesOf(unit(a))
		if from == to || score == 0 {
			continue
		}
		common := articleWeight*score + leadWeight*out[from]
		for p := from; p < to; p++ {
			if out[p] > 0 {
				out[p] = (passageWeight*out[p] + common) / full
			}
		}
	}
	return out
}

// weight is the idf of a stem among the passages: the rarer, the more.
func (k *keywords) weight(stem string) float64 {
	t, ok := k.lexicon.stems[stem]
	if !ok {
		return k.passages.idf(0)
	}
	return k.passages.idf(len(k.passages.of(t)))
}
