package retrieval

import (
	"cmp"
	"context"
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
	parts     atomic.Pointer[parts]
	refresh   sync.Mutex // held by who publishes parts
	revisions map[corpus.ArticleID]int64
	stamp     Stamp // of revisions, or an earlier one
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
	built, err := buildIndexes(ctx, library.All(ctx), o.Damaged)
	if err != nil {
		return nil, fmt.Errorf("indexing the articles: %w", err)
	}
	all := parts{}
	for collection, ix := range built {
		all[collection] = s.newPart(collection, ix)
	}
	s.parts.Store(&all)
	if s.embeds() {
		if err := s.load(ctx, all.lacking(), o.Vectors.Vectors(ctx, o.Embedder.Model())); err != nil {
			return nil, err
		}
	}
	return s, nil
}

// embeds says whether meaning ranks besides words.
func (s *Searcher) embeds() bool { return s.options.Embedder != nil && s.options.Vectors != nil }

// newPart has no vectors yet.
func (s *Searcher) newPart(collection string, ix *index) *part {
	p := &part{collection: collection, index: ix}
	if s.embeds() {
		p.vectors = newVectors(s.options.Embedder.Model())
	}
	return p
}

// In is the scope of a collection; "" sees the common articles alone.
func (s *Searcher) In(collection string) *Scope { return &Scope{s, collection} }

// Retrieve is Scope.Retrieve for the common articles.
func (s *Searcher) Retrieve(ctx context.Context, q Query) ([]Hit, error) {
	return s.In("").Retrieve(ctx, q)
}

// Coverage says what the common articles span.
func (s *Searcher) Coverage() Coverage { return s.In("").Coverage() }

// Weight is Scope.Weight for the common articles.
func (s *Searcher) Weight(stem string) float64 { return s.In("").Weight(stem) }

// How deep each ranking goes before they are fused, at first and at most.
const (
	candidates = 100
	deepest    = 4096
)

// A candidate is a passage on its way to becoming a hit.
type candidate struct {
	place
	score float64
	why   Why
}

// compareCandidates puts the better one first, and equals in a fixed order.
func compareCandidates(a, b candidate) int {
	return cmp.Or(cmp.Compare(b.score, a.score), a.compare(b.place))
}

func (s *Searcher) retrieve(ctx context.Context, v view, q Query) ([]Hit, error) {
	if q.Limit <= 0 {
		q.Limit = DefaultLimit
	}
	vector, err := s.embed(ctx, v, q.Text)
	if err != nil {
		return nil, err
	}
	// Copies of one text may fill the ranking as deep as it goes: then it goes
	// deeper.
	for depth := max(candidates, 4*q.Limit); ; depth *= 4 {
		ranked, err := s.rank(ctx, v, q, vector, depth, q.Limit)
		if err != nil {
			return nil, err
		}
		hits, varied, err := s.choose(ctx, ranked, q.Limit)
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

// RankArticles returns the n common articles that bear most on q, best first.
func (s *Searcher) RankArticles(ctx context.Context, q Query, n int) ([]RankedArticle, error) {
	v := s.parts.Load().view("")
	vector, err := s.embed(ctx, v, q.Text)
	if err != nil {
		return nil, err
	}
	ranked, err := s.rank(ctx, v, q, vector, n+candidates, 1)
	if err != nil {
		return nil, err
	}
	var out []RankedArticle
	seen := map[corpus.ArticleID]bool{}
	for _, c := range ranked {
		id := c.article()
		if !seen[id] && len(out) < n {
			seen[id] = true
			out = append(out, RankedArticle{id, c.score})
		}
	}
	return out, nil
}

// A look is what a query makes of a part: which articles it lets in, and the
// word scores of their passages; those of others are 0.
type look struct {
	part  *part
	keep  []bool
	words []float64
}

func (v view) look(q Query) []look {
	words := v.vocabulary().query(q.Text)
	looks := make([]look, len(v))
	for i, p := range v {
		keep, scores := p.index.filter(q), p.index.words.scores(words)
		for passage, a := range p.index.words.owner {
			if !keep[a] {
				scores[passage] = 0
			}
		}
		looks[i] = look{p, keep, scores}
	}
	return looks
}

// rank fuses the rankings by words and, if there is a vector, by vectors. At
// most depth passages come from each, and from words at most perArticle of one
// article.
func (s *Searcher) rank(ctx context.Context, v view, q Query, vector Vector, depth, perArticle int) ([]candidate, error) {
	looks := v.look(q)
	found := byWords(looks, depth, perArticle)
	if vector == nil {
		return found, ctx.Err()
	}
	near, err := byMeaning(ctx, looks, vector, depth)
	if err != nil {
		return nil, err
	}
	return s.fuse(vector, found, near), nil
}

// byWords are the passages with the best word scores, best first.
func byWords(looks []look, depth, perArticle int) []candidate {
	var found []candidate
	for _, l := range looks {
		ix := l.part.index
		for _, p := range top(ix.thin(l.words, perArticle), depth, ix.compare) {
			found = append(found, candidate{place: place{l.part, p}, score: l.words[p], why: Why{Coverage: l.words[p]}})
		}
	}
	slices.SortFunc(found, compareCandidates)
	found = found[:min(depth, len(found))]
	for i := range found {
		found[i].why.WordRank = i + 1
	}
	return found
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
