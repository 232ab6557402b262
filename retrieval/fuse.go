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

// nearWeight is what a nearness of 1 counts, where a passage with every word of
// the query counts 1: with footnote-mini, nDCG@10 on scifact, cranfield and
// clapnq is within .003 of its best from .6 to 1. Adding scores beat reciprocal
// rank fusion (Cormack, Clarke and Büttcher, 2009) by .02 on news, and keeps an
// absolute scale.
const nearWeight = .7

// floor is the nearness that a passage needs which shares no word with the
// query: below it lies whatever is in the store.
const floor = .2

// leadShare is how much of a passage's nearness to a query is that of the
// passage its article begins with: the title and the lead say what an article
// is about.
const leadShare = .25

// embed is the vector of a query: nil if words alone are to rank, be it that
// there is no embedder, nothing to embed, that the embedder is not there, or
// that another one goes by its name now.
func (s *Searcher) embed(ctx context.Context, text string) (Vector, error) {
	if s.vectors == nil || s.vectors.len() == 0 || strings.TrimSpace(text) == "" {
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
	if err := s.vectors.comparable(len(vector)); err != nil {
		s.options.Degraded(err)
		return nil, nil
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
			if words[p] == 0 && s.nearness(n.cosine) < floor {
				continue
			}
			i = len(found)
			found = append(found, candidate{passage: p, why: Why{Coverage: words[p]}})
		}
		found[i].why.VectorRank = rank + 1
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
	look := func(p unit) (cosine, nearness float64) {
		if c, ok := s.vectors.cosine(string(ix.passage(p)), vector); ok {
			return c, s.nearness(c)
		}
		return 0, s.nearness(last)
	}
	leads := map[unit]float64{} // by article
	for i := range found {
		c := &found[i]
		cosine, own := look(c.passage)
		c.why.Cosine = cosine
		a := ix.words.owner[c.passage]
		lead, known := leads[a]
		if !known {
			_, lead = look(ix.words.first[a])
			leads[a] = lead
		}
		c.score = c.why.Coverage + nearWeight*((1-leadShare)*own+leadShare*lead)
	}
}

// nearness is a cosine on the scale from 0, what the model gives texts that
// have nothing to do with one another, to 1.
func (s *Searcher) nearness(cosine float64) float64 {
	unrelated := 0.0
	if scaled, ok := s.options.Embedder.(Scaled); ok {
		unrelated = scaled.Unrelated()
	}
	return max(0, (cosine-unrelated)/(1-unrelated))
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
