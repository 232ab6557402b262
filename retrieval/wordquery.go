package retrieval

import (
	"math"

	"footnote/corpus"
)

// BM25's parameters (Robertson and Zaragoza, 2009), in the form that leaves
// out the factor k1 + 1, so that a word's score stays below its idf.
const (
	k1 = 1.2
	b  = .75
)

// bm25 is the score of a word of that idf which occurs tf times in a unit of
// the given length; mean is that of all units.
func bm25(idf, tf, length, mean float64) float64 {
	return idf * tf / (tf + k1*(1-b+b*length/mean))
}

// idf is the weight of a word that n of all units hold: the rarer, the more.
func idf(n, all int) float64 {
	return math.Log1p((float64(all) - float64(n) + .5) / (float64(n) + .5))
}

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
		if t, ok := k.lexicon.stems[stem]; ok {
			q.terms = append(q.terms, t)
		}
		q.mass += k.weight(stem)
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

// weight is the idf of a stem among the passages.
func (k *keywords) weight(stem string) float64 {
	passages := 0
	if t, ok := k.lexicon.stems[stem]; ok {
		_, passages = k.holding(t)
	}
	return idf(passages, len(k.owner))
}

// holding counts the articles and the passages that hold a term.
func (k *keywords) holding(term int32) (articles, passages int) {
	k.eachArticle(term, func(a unit, title float64, body []posting) {
		articles++
		passages += len(body)
		if title > 0 {
			from, to := k.passagesOf(a)
			passages += int(to-from) - len(body)
		}
	})
	return articles, passages
}

// eachArticle calls f with every article that holds a term, in order: how often
// its title does, and the postings of its passages.
func (k *keywords) eachArticle(term int32, f func(a unit, title float64, body []posting)) {
	titles, bodies := k.titles.of(term), k.bodies.of(term)
	for len(titles)+len(bodies) > 0 {
		a, title, n := unit(len(k.first)), 0.0, 0
		if len(bodies) > 0 {
			a = k.owner[bodies[0].unit()]
		}
		if len(titles) > 0 && titles[0].unit() <= a {
			a, title = titles[0].unit(), titles[0].tf()
			titles = titles[1:]
		}
		for n < len(bodies) && k.owner[bodies[n].unit()] == a {
			n++
		}
		f(a, title, bodies[:n])
		bodies = bodies[n:]
	}
}

// scores are the word scores of all passages, as a share of the best that the
// query could reach: 0 to about 1.
func (k *keywords) scores(q wordQuery) []float64 {
	out, articles := make([]float64, len(k.owner)), make([]float64, len(k.first))
	lengths, articleMean, passageMean := k.lengths()
	for _, t := range q.terms {
		holdingArticles, holdingPassages := k.holding(t)
		articleIDF, passageIDF := idf(holdingArticles, len(k.first)), idf(holdingPassages, len(k.owner))
		k.eachArticle(t, func(a unit, title float64, body []posting) {
			from, to := k.passagesOf(a)
			titleLength, total := float64(k.titles.lengths[a]), title
			score := func(p unit, tf float64) {
				out[p] += bm25(passageIDF, tf, float64(k.bodies.lengths[p])+titleLength, passageMean)
			}
			next := from
			for _, hit := range body {
				p := hit.unit()
				for ; title > 0 && next < p; next++ {
					score(next, title)
				}
				score(p, title+hit.tf())
				next = p + 1
				total += hit.tf()
			}
			for ; title > 0 && next < to; next++ {
				score(next, title)
			}
			articles[a] += bm25(articleIDF, total, lengths[a], articleMean)
		})
	}
	k.blend(out, articles, q.mass)
	return out
}

// lengths are the lengths of the articles in terms, their mean, and the mean of
// the passages.
func (k *keywords) lengths() (articles []float64, articleMean, passageMean float64) {
	articles = make([]float64, len(k.first))
	sum := 0.0
	for a := range articles {
		from, to := k.passagesOf(unit(a))
		title := float64(k.titles.lengths[a])
		articles[a] = title
		for _, n := range k.bodies.lengths[from:to] {
			articles[a] += float64(n)
		}
		sum += articles[a]
		passageMean += articles[a] + title*float64(to-from-1)
	}
	return articles, sum / max(1, float64(len(k.first))), passageMean / max(1, float64(len(k.owner)))
}

// blend adds to the score of each passage that has one those of its article and
// of the article's first passage, and divides by the best there could be.
func (k *keywords) blend(passages, articles []float64, mass float64) {
	full := (articleWeight + passageWeight + leadWeight) * max(mass, math.SmallestNonzeroFloat64)
	for a, score := range articles {
		from, to := k.passagesOf(unit(a))
		if from == to || score == 0 {
			continue
		}
		common := articleWeight*score + leadWeight*passages[from]
		for p := from; p < to; p++ {
			if passages[p] > 0 {
				passages[p] = (passageWeight*passages[p] + common) / full
			}
		}
	}
}
