package retrieval

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"maps"
	"slices"

	"footnote/corpus"
)

// A selective source can leave out the vectors of articles that nobody asks
// for.
type selective interface {
	VectorsOf(ctx context.Context, model string, articles []corpus.ArticleID) iter.Seq2[PassageVector, error]
}

// loadMissing loads vectors while passages lack theirs, and reports whether
// there were any: they are made after the articles were saved, which leaves
// the revisions as they are.
func (s *Searcher) loadMissing(ctx context.Context) (bool, error) {
	if !s.embeds() {
		return false, nil
	}
	all := *s.parts.Load()
	lacking := all.lacking()
	if len(lacking) == 0 {
		return false, nil
	}
	model, before := s.options.Embedder.Model(), all.embedded()
	var vectors iter.Seq2[PassageVector, error]
	if source, ok := s.options.Vectors.(selective); ok {
		vectors = source.VectorsOf(ctx, model, slices.Sorted(maps.Keys(lacking)))
	} else {
		vectors = s.options.Vectors.Vectors(ctx, model)
	}
	err := s.load(ctx, lacking, vectors)
	return all.embedded() > before, err
}

// load adds vectors of some articles to the part of each.
func (s *Searcher) load(ctx context.Context, homes map[corpus.ArticleID]*part, vectors iter.Seq2[PassageVector, error]) error {
	for v, err := range vectors {
		var damage *DamageError
		if errors.As(err, &damage) {
			s.options.Damaged(err)
			continue
		}
		if home := homes[v.Article]; err == nil && home != nil {
			err = home.embed(ctx, v)
		}
		if err != nil {
			return fmt.Errorf("loading vectors: %w", err)
		}
	}
	return nil
}

// embed adds a vector, unless the index does not hold its passage.
func (p *part) embed(ctx context.Context, v PassageVector) error {
	key := string(corpus.PassageIDOf(v.Article, v.N))
	if _, ok := p.index.unitOf(key); !ok {
		return nil
	}
	return p.vectors.add(ctx, key, v.Vector)
}

// lacking are the articles that have a passage without a vector, each with its
// part.
func (p parts) lacking() map[corpus.ArticleID]*part {
	out := map[corpus.ArticleID]*part{}
	for _, part := range p {
		ix := part.index
		if part.vectors.len() == len(ix.words.owner) {
			continue
		}
		for passage, a := range ix.words.owner {
			if !part.vectors.has(string(ix.passage(unit(passage)))) {
				out[ix.articles[a].ID] = part
			}
		}
	}
	return out
}

// embedded is how many passages have a vector.
func (p parts) embedded() int {
	n := 0
	for _, part := range p {
		n += part.vectors.len()
	}
	return n
}
