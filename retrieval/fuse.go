package retrieval

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"footnote/corpus"
)

// embed is the vector of a query: nil if words alone are to rank, be it that
// there is no embedder, no word to embed, or that the embedder is not there.
func (s *Searcher) embed(ctx context.Context, text string) (Vector, error) {
	if s.vectors == nil || strings.TrimSpace(text) == "" {
		return nil, ctx.Err()
	}
	vector, err := s.options.Embedder.EmbedQuery(ctx, text)
	if errors.Is(err, ErrUnavailable) && ctx.Err() == nil {
		s.options.Degraded(err)
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("embedding the query: %w", err)
	}
	return vector, nil
}

// fuse adds the ranking by vectors to the passages found by words.
func (s *Searcher) fuse(ctx context.Context, ix *index, vector Vector, found []candidate, keep []bool, words []float64, depth int) ([]candidate, error) {
	units := ix.units(keep)
	near, err := s.vectors.nearest(ctx, vector, depth, func(key string) bool { _, ok := units[key]; return ok })
	if err != nil {
		return nil, fmt.Errorf("searching by meaning: %w", err)
	}
	at := make(map[unit]int, len(found))
	for i := range found {
		at[found[i].passage] = i
	}
	for rank, n := range near {
		p := units[n.key]
		i, ok := at[p]
		if !ok {
			i = len(found)
			found = append(found, candidate{passage: p, why: Why{Coverage: words[p]}})
		}
		found[i].why.VectorRank, found[i].why.Cosine = rank+1, n.cosine
	}
	for i := range found {
		c := &found[i]
		if c.why.VectorRank == 0 {
			c.why.Cosine, _ = s.vectors.cosine(string(ix.passage(c.passage)), vector)
		}
		c.score = c.why.Coverage + cosineWeight*c.why.Cosine
	}
	slices.SortFunc(found, func(a, b candidate) int {
		return cmp.Or(cmp.Compare(b.score, a.score), ix.compare(a.passage, b.passage))
	})
	return found, nil
}

// keys are the keys of the vectors of some articles' passages.
func (ix *index) keys(articles map[corpus.ArticleID]bool) []string {
	var out []string
	for p, a := range ix.words.owner {
		if articles[ix.articles[a].ID] {
			out = append(out, string(ix.passage(unit(p))))
		}
	}
	return out
}

// units are the passages of the articles to keep, by the key that their
// vectors have.
func (ix *index) units(keep []bool) map[string]unit {
	out := make(map[string]unit, len(ix.words.owner))
	for p, a := range ix.words.owner {
		if keep[a] {
			out[string(ix.passage(unit(p)))] = unit(p)
		}
	}
	return out
}
