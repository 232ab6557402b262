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

// leadShare is how much of a passage's nearness to a query is that of the
// passage its article begins with: the title and the lead say what an article
// is about.
const leadShare = .25

// embed is the vector of a query: nil if words alone are to rank, be it that
// there is no embedder, nothing to embed, or that the embedder is not there.
func (s *Searcher) embed(ctx context.Context, text string) (Vector, error) {
	if s.vectors == nil || strings.TrimSpace(text) == "" {
		return nil, ctx.Err()
	}
	vector, err := s.options.Embedder.EmbedQuery(ctx, text)
	switch {
	case errors.Is(err, ErrUnavailable) && ctx.Err() == nil:
		s.options.Degraded(err)
		return nil, nil
	case errors.Is(err, ErrNoVector):
		return nil, ctx.Err()
	case err != nil:
		return nil, fmt.Errorf("embedding the query: %w", err)
	}
	return vector, nil
}

// fuse adds the ranking by vectors to the passages found by words.
func (s *Searcher) fuse(ctx context.Context, ix *index, vector Vector, found []candidate, keep []bool, words []float64, depth int) ([]candidate, error) {
	near, err := s.vectors.nearest(ctx, vector, depth, func(key string) bool {
		p, ok := ix.unitOf(key)
		return ok && keep[ix.words.owner[p]]
	})
	if err != nil {
		return nil, fmt.Errorf("searching by meaning: %w", err)
	}
	at := make(map[unit]int, len(found))
	for i := range found {
		at[found[i].passage] = i
	}
	for rank, n := range near {
		p, _ := ix.unitOf(n.key)
		i, ok := at[p]
		if !ok {
			i = len(found)
			found = append(found, candidate{passage: p, why: Why{Coverage: words[p]}})
		}
		found[i].why.VectorRank, found[i].why.Cosine = rank+1, n.cosine
	}
	s.score(ix, vector, found, near)
	slices.SortFunc(found, func(a, b candidate) int {
		return cmp.Or(cmp.Compare(b.score, a.score), ix.compare(a.passage, b.passage))
	})
	return found, nil
}

// score gives candidates their fused scores. One that has no vector yet counts
// as near as the last of those near, lest it fall behind all that have one.
func (s *Searcher) score(ix *index, vector Vector, found []candidate, near []near) {
	last := 0.0
	if len(near) > 0 {
		last = near[len(near)-1].cosine
	}
	cosine := func(p unit) float64 {
		if c, ok := s.vectors.cosine(string(ix.passage(p)), vector); ok {
			return c
		}
		return last
	}
	leads := map[unit]float64{} // by article
	for i := range found {
		c := &found[i]
		if c.why.VectorRank == 0 {
			c.why.Cosine = cosine(c.passage)
		}
		a := ix.words.owner[c.passage]
		lead, ok := leads[a]
		if !ok {
			lead = cosine(ix.words.first[a])
			leads[a] = lead
		}
		c.score = c.why.Coverage + cosineWeight*((1-leadShare)*c.why.Cosine+leadShare*lead)
	}
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

// unitOf is the passage whose vector has a key; false if the index has none.
func (ix *index) unitOf(key string) (unit, bool) {
	ix.keyed.Do(func() {
		ix.byKey = make(map[string]unit, len(ix.words.owner))
		for p := range ix.words.owner {
			ix.byKey[string(ix.passage(unit(p)))] = unit(p)
		}
	})
	p, ok := ix.byKey[key]
	return p, ok
}
