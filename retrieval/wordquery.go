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

// A vocabulary is the indexes of words that are searched as if they were one:
// what a word weighs depends on all of them, and on no other.
type vocabulary []*keywords

// A wordQuery is a query with what its words weigh in a vocabulary.
type wordQuery struct {
	terms                    []weighed // distinct, in the order of the query; those of no article left out
	mass                     float64   // what a passage would score that held nothing but every word
	articleMean, passageMean float64   // the lengths of articles and of passages, in terms
}

// A weighed is a stem with its idf among articles and among passages.
type weighed struct {
	stem             string
	article, passage float64
}

// query analyses a query. Words that ask ("what", "according") are dropped
// unless nothing else is left.
func (v vocabulary) query(text string) wordQuery {
	stems := queryStems(text, true)
	if len(stems) == 0 {
		stems = queryStems(text, false)
	}
	var q wordQuery
	for _, stem := range stems {
		w, known := v.weigh(stem)
		if known {
			q.terms = append(q.terms, w)
		}
		q.mass += w.passage
	}
	q.articleMean, q.passageMean = v.means()
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

// weigh is what a stem weighs, and whether any article holds it.
func (v vocabulary) weigh(stem string) (w weighed, known bool) {
	var articles, passages, allArticles, allPassages int
	for _, k := range v {
		if t, ok := k.lexicon.stems[stem]; ok {
			a, p := k.holding(t)
			articles, passages = articles+a, passages+p
		}
		allArticles += len(k.first)
		allPassages += len(k.owner)
	}
	return weighed{stem, idf(articles, allArticles), idf(passages, allPassages)}, articles > 0
}

// means are the mean lengths of the articles and of the passages.
func (v vocabulary) means() (article, passage float64) {
	var articles, passages int
	var articleTerms, passageTerms int64
	for _, k := range v {
		articles += len(k.first)
		passages += len(k.owner)
		articleTerms += k.titles.total + k.bodies.total
		passageTerms += k.bodies.total
		for a, title := range k.titles.lengths {
			from, to := k.passagesOf(unit(a))
			passageTerms += int64(title) * int64(to-from)
		}
	}
	return float64(articleTerms) / max(1, float64(articles)), float64(passageTerms) / max(1, float64(passages))
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
	out, articles, lengths := make([]float64, len(k.owner)), make([]float64, len(k.first)), k.lengths()
	for _, w := range q.terms {
		t, ok := k.lexicon.stems[w.stem]
		if !ok {
			continue
		}
		k.eachArticle(t, func(a unit, title float64, body []posting) {
			from, to := k.passagesOf(a)
			titleLength, total := float64(k.titles.lengths[a]), title
			score := func(p unit, tf float64) {
				out[p] += bm25(w.passage, tf, float64(k.bodies.lengths[p])+titleLength, q.passageMean)
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
			articles[a] += bm25(w.article, total, lengths[a], q.articleMean)
		})
	}
	k.blend(out, articles, q.mass)
	return out
}

// lengths are the lengths of the articles in terms.
func (k *keywords) lengths() []float64 {
	out := make([]float64, len(k.first))
	for a := range out {
		from, to := k.passagesOf(unit(a))
		out[a] = float64(k.titles.lengths[a])
		for _, n := range k.bodies.lengths[from:to] {
			out[a] += float64(n)
		}
	}
	return out
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
