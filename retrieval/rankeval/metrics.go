package rankeval

import (
	"math"
	"slices"

	"footnote/corpus"
	"footnote/retrieval"
)

// grades are the judgements of one query; what is not in it has grade 0.
type grades map[corpus.ArticleID]int

// ndcg is the normalised discounted cumulative gain of the ranking (Järvelin
// and Kekäläinen, 2002), with the grade itself as gain.
func ndcg(ranked []retrieval.RankedArticle, g grades) float64 {
	gain := 0.0
	for i, a := range ranked {
		gain += float64(g[a.ID]) / math.Log2(float64(i)+2)
	}
	best := make([]int, 0, len(g))
	for _, grade := range g {
		best = append(best, grade)
	}
	slices.Sort(best)
	slices.Reverse(best)
	ideal := 0.0
	for i, grade := range best[:min(depth, len(best))] {
		ideal += float64(grade) / math.Log2(float64(i)+2)
	}
	return gain / ideal
}

// recall is the share of the relevant articles that the ranking holds.
func recall(ranked []retrieval.RankedArticle, g grades) float64 {
	found := 0
	for _, a := range ranked {
		if g[a.ID] > 0 {
			found++
		}
	}
	return float64(found) / float64(len(g))
}

// reciprocalRank is one through the rank of the first relevant article, or 0.
func reciprocalRank(ranked []retrieval.RankedArticle, g grades) float64 {
	for i, a := range ranked {
		if g[a.ID] > 0 {
			return 1 / float64(i+1)
		}
	}
	return 0
}
