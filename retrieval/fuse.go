package retrieval

import (
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
func (s *Searcher) embed(ctx context.Context, v view, text string) (Vector, error) {
	if !v.embedded() || strings.TrimSpace(text) == "" {
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
	if err := v.comparable(len(vector)); err != nil {
		s.options.Degraded(err)
		return nil, nil
	}
	return vector, nil
}

// A neighbour is a passage whose vector is near to a query's.
type neighbour struct {
	near
	place
	words float64 // its word score
}

// byMeaning are the passages nearest to a vector, the nearest first.
func byMeaning(ctx context.Context, looks []look, vector Vector, depth int) ([]neighbour, error) {
	var found []neighbour
	for _, l := range looks {
		ix := l.part.index
		nearest, err := l.part.vectors.nearest(ctx, vector, depth, func(key string) bool {
			p, ok := ix.unitOf(key)
			return ok && l.keep[ix.words.owner[p]]
		})
		if err != nil {
			return nil, fmt.Errorf("searching by meaning: %w", err)
		}
		for _, n := range nearest {
			p, _ := ix.unitOf(n.key)
			found = append(found, neighbour{n, place{l.part, p}, l.words[p]})
		}
	}
	slices.SortFunc(found, func(a, b neighbour) int { return compareNear(a.near, b.near) })
	return found[:min(depth, len(found))], nil
}

// fuse adds the ranking by vectors to the passages found by words.
func (s *Searcher) fuse(vector Vector, found []candidate, near []neighbour) []candidate {
	at := make(map[place]int, len(found))
	for i, c := range found {
		at[c.place] = i
	}
	for rank, n := range near {
		i, ok := at[n.place]
		if !ok {
			if n.words == 0 && s.nearness(n.cosine) < floor {
				continue
			}
			i = len(found)
			found = append(found, candidate{place: n.place, why: Why{Coverage: n.words}})
		}
		found[i].why.VectorRank = rank + 1
	}
	s.score(vector, found, near)
	slices.SortFunc(found, compareCandidates)
	return found
}

// score gives candidates their fused scores. One that has no vector yet counts
// as near as the last of those near, lest it fall behind all that have one.
func (s *Searcher) score(vector Vector, found []candidate, near []neighbour) {
	last := 0.0
	if len(near) > 0 {
		last = near[len(near)-1].cosine
	}
	look := func(p place) (cosine, nearness float64) {
		if c, ok := p.similarity(vector); ok {
			return c, s.nearness(c)
		}
		return 0, s.nearness(last)
	}
	leads := map[place]float64{}
	for i := range found {
		c := &found[i]
		cosine, own := look(c.place)
		c.why.Cosine = cosine
		at := c.lead()
		lead, known := leads[at]
		if !known {
			_, lead = look(at)
			leads[at] = lead
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
