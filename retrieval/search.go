package retrieval

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"iter"
	"slices"
	"sync"
	"sync/atomic"

	"footnote/corpus"
)

// A Library is where a Searcher takes articles from.
type Library interface {
	// All yields every article in the order of ids. A damaged one yields a
	// *DamageError, and the walk goes on.
	All(ctx context.Context) iter.Seq2[Record, error]
	// Article is one of them; the error wraps ErrNotFound if there is none.
	Article(ctx context.Context, id corpus.ArticleID) (Record, error)
}

// A VectorSource holds the vectors of a library's passages.
type VectorSource interface {
	Vectors(ctx context.Context, model string) iter.Seq2[PassageVector, error]
}

// SearcherOptions are what a Searcher may have besides its library.
type SearcherOptions struct {
	Embedder Embedder     // none: words alone rank
	Vectors  VectorSource // the passages' vectors, made by Embedder
	Damaged  func(error)  // told of every article that is left out because it is damaged
	Degraded func(error)  // told when the embedder is not there and words alone rank
}

// A Searcher finds the passages that bear on a query. It is safe for use by
// several goroutines. A query ranks one state of the library; a passage that
// changes meanwhile is shown, and cited, as it is when it is read.
type Searcher struct {
	library   Library
	options   SearcherOptions
	index     atomic.Pointer[index]
	vectors   *vectors // nil without an embedder
	refresh   sync.Mutex
	revisions map[corpus.ArticleID]int64
}

// NewSearcher indexes a library.
func NewSearcher(ctx context.Context, library Library, o SearcherOptions) (*Searcher, error) {
	if o.Damaged == nil {
		o.Damaged = func(error) {}
	}
	if o.Degraded == nil {
		o.Degraded = func(error) {}
	}
	s := &Searcher{library: library, options: o}
	var err error
	if r, ok := library.(Revisioned); ok {
		if s.revisions, err = r.Revisions(ctx); err != nil {
			return nil, fmt.Errorf("reading the articles' revisions: %w", err)
		}
	}
	ix, err := buildIndex(ctx, library.All(ctx), o.Damaged)
	if err != nil {
		return nil, fmt.Errorf("indexing the articles: %w", err)
	}
	s.index.Store(ix)
	if o.Embedder != nil && o.Vectors != nil {
		s.vectors = newVectors(o.Embedder.Model())
		if err := s.loadVectors(ctx); err != nil {
			return nil, err
		}
	}
	return s, nil
}

// loadVectors reads the vectors of the passages in the index.
func (s *Searcher) loadVectors(ctx context.Context) error {
	ix := s.index.Load()
	for v, err := range s.options.Vectors.Vectors(ctx, s.options.Embedder.Model()) {
		var damage *DamageError
		if errors.As(err, &damage) {
			s.options.Damaged(err)
			continue
		}
		key := string(corpus.PassageIDOf(v.Article, v.N))
		if _, ok := ix.unitOf(key); err == nil && !ok {
			continue
		}
		if err == nil {
			err = s.vectors.add(ctx, key, v.Vector)
		}
		if err != nil {
			return fmt.Errorf("loading vectors: %w", err)
		}
	}
	return nil
}

// Coverage says what the library spans.
func (s *Searcher) Coverage() Coverage { return s.index.Load().coverage() }

// Weight is the idf of a stem among the passages: the rarer, the more; most
// for one that occurs nowhere.
func (s *Searcher) Weight(stem string) float64 { return s.index.Load().words.weight(stem) }

// How deep each ranking goes before they are fused, at first and at most.
const (
	candidates = 100
	deepest    = 4096
)

// A candidate is a passage on its way to becoming a hit.
type candidate struct {
	passage unit
	score   float64
	why     Why
}

// Retrieve returns the passages that bear on q, best first, in a total order:
// the same query on the same library returns the same hits. Filters hold
// before anything is ranked; copies of one passage count once; an article has
// at most two passages unless too few articles match.
func (s *Searcher) Retrieve(ctx context.Context, q Query) ([]Hit, error) {
	if q.Limit <= 0 {
		q.Limit = DefaultLimit
	}
	ix := s.index.Load()
	vector, err := s.embed(ctx, q.Text)
	if err != nil {
		return nil, err
	}
	// Copies of one text may fill the ranking as deep as it goes: then it goes
	// deeper.
	for depth := max(candidates, 4*q.Limit); ; depth *= 4 {
		ranked, err := s.rank(ctx, ix, q, vector, depth, q.Limit)
		if err != nil {
			return nil, err
		}
		hits, varied, err := s.choose(ctx, ix, ranked, q.Limit)
		if err != nil || varied || len(ranked) < depth || depth > deepest {
			return hits, err
		}
	}
}

// A RankedArticle is an article by the score of its best passage.
type RankedArticle struct {
	ID    corpus.ArticleID
	Score float64
}

// RankArticles returns the n articles that bear most on q, best first.
func (s *Searcher) RankArticles(ctx context.Context, q Query, n int) ([]RankedArticle, error) {
	ix := s.index.Load()
	vector, err := s.embed(ctx, q.Text)
	if err != nil {
		return nil, err
	}
	ranked, err := s.rank(ctx, ix, q, vector, n+candidates, 1)
	if err != nil {
		return nil, err
	}
	var out []RankedArticle
	seen := map[unit]bool{}
	for _, c := range ranked {
		a := ix.words.owner[c.passage]
		if !seen[a] && len(out) < n {
			seen[a] = true
			out = append(out, RankedArticle{ix.articles[a].ID, c.score})
		}
	}
	return out, nil
}

// rank fuses the rankings by words and, if there is a vector, by vectors. At
// most depth passages come from each, and from words at most perArticle of one
// article.
func (s *Searcher) rank(ctx context.Context, ix *index, q Query, vector Vector, depth, perArticle int) ([]candidate, error) {
	keep := ix.filter(q)
	scores := ix.words.scores(ix.words.wordQuery(q.Text))
	for p, a := range ix.words.owner {
		if !keep[a] {
			scores[p] = 0
		}
	}
	byWords := top(ix.thin(scores, perArticle), depth, ix.compare)
	found := make([]candidate, len(byWords))
	for i, p := range byWords {
		found[i] = candidate{p, scores[p], Why{WordRank: i + 1, Coverage: scores[p]}}
	}
	if vector == nil {
		return found, ctx.Err()
	}
	return s.fuse(ctx, ix, vector, found, keep, scores, depth)
}

// thin is a copy of the scores in which only the best n passages of each
// article have one.
func (ix *index) thin(scores []float64, n int) []float64 {
	out := slices.Clone(scores)
	for a := range ix.articles {
		from, to := ix.words.passagesOf(unit(a))
		if int(to-from) <= n {
			continue
		}
		best := top(scores[from:to], n, func(p, q unit) int { return int(p - q) })
		clear(out[from:to])
		for _, p := range best {
			out[from+p] = scores[from+p]
		}
	}
	return out
}

// top are the units with the n highest scores above zero, highest first, equal
// ones as compare orders them.
func top(scores []float64, n int, compare func(p, q unit) int) []unit {
	better := func(p, q unit) int {
		return cmp.Or(cmp.Compare(scores[q], scores[p]), compare(p, q))
	}
	var out []unit
	least := 0.0 // what a unit must reach once n are known
	for p, score := range scores {
		if score <= 0 || score < least {
			continue
		}
		if out = append(out, unit(p)); len(out) >= 2*n {
			slices.SortFunc(out, better)
			out = out[:n]
			least = scores[out[n-1]]
		}
	}
	slices.SortFunc(out, better)
	return out[:min(n, len(out))]
}
