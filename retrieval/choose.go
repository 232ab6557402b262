package retrieval

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"hash/maphash"
	"slices"

	"footnote/corpus"
)

// perArticle is how many passages of one article a result holds while others
// match.
const perArticle = 2

// sameShare is the share of three-word runs, of the shorter passage's, from
// which two passages are copies of one text.
const sameShare = .7

// choose makes hits of the best candidates: copies collapse, and an article has
// at most two passages unless that leaves room. The result is varied if it did
// not.
func (s *Searcher) choose(ctx context.Context, ranked []candidate, limit int) (hits []Hit, varied bool, err error) {
	c := chooser{searcher: s, limit: limit, records: map[corpus.ArticleID]*Record{}, seed: maphash.MakeSeed()}
	var spare []candidate
	count := map[corpus.ArticleID]int{}
	for _, r := range ranked {
		a := r.article()
		if count[a] == perArticle {
			spare = append(spare, r)
			continue
		}
		took, err := c.take(ctx, r)
		if err != nil {
			return nil, false, err
		}
		if took {
			count[a]++
		}
	}
	varied = len(c.hits) == limit
	for _, r := range spare {
		if _, err := c.take(ctx, r); err != nil {
			return nil, false, err
		}
	}
	slices.SortFunc(c.hits, compareHits)
	return c.hits, varied, nil
}

// compareHits puts the better hit first, and equals in the order of their
// articles and of their places in them.
func compareHits(a, b Hit) int {
	return cmp.Or(cmp.Compare(b.Score, a.Score), cmp.Compare(a.Article.ID, b.Article.ID), cmp.Compare(a.Passage.Start, b.Passage.Start))
}

// A chooser collects hits and remembers what it has read for them.
type chooser struct {
	searcher *Searcher
	limit    int
	hits     []Hit
	shingles []map[uint64]bool // of each hit
	records  map[corpus.ArticleID]*Record
	seed     maphash.Seed
}

// take adds a candidate unless the result is full, its article is damaged, gone
// or another collection's since, or a hit says the same.
func (c *chooser) take(ctx context.Context, r candidate) (bool, error) {
	if len(c.hits) == c.limit {
		return false, nil
	}
	record, err := c.record(ctx, r.article())
	if err != nil {
		return false, err
	}
	n := r.number()
	if record == nil || record.Collection != r.part.collection || n >= len(record.Passages) {
		return false, nil
	}
	p := record.Passages[n]
	shingles := c.shinglesOf(p.Text)
	for _, other := range c.shingles {
		if alike(shingles, other) {
			return false, nil
		}
	}
	article := record.Article
	article.Text = ""
	c.hits = append(c.hits, Hit{Passage: p, Article: article, Score: r.score, Why: r.why})
	c.shingles = append(c.shingles, shingles)
	return true, nil
}

// record reads an article once; nil if it is damaged or no longer there.
func (c *chooser) record(ctx context.Context, id corpus.ArticleID) (*Record, error) {
	if r, ok := c.records[id]; ok {
		return r, nil
	}
	r, err := c.searcher.library.Article(ctx, id)
	var damage *DamageError
	switch {
	case errors.As(err, &damage):
		c.searcher.options.Damaged(err)
		c.records[id] = nil
		return nil, nil
	case errors.Is(err, ErrNotFound):
		c.records[id] = nil
		return nil, nil
	case err != nil:
		return nil, fmt.Errorf("reading article %s: %w", id, err)
	}
	c.records[id] = &r
	return &r, nil
}

// shinglesOf are the hashes of a text's runs of three words.
func (c *chooser) shinglesOf(text string) map[uint64]bool {
	terms := Terms(text)
	out := make(map[uint64]bool, len(terms))
	for i := range terms {
		var h maphash.Hash
		h.SetSeed(c.seed)
		for _, t := range terms[i:min(i+3, len(terms))] {
			h.WriteString(t.Word)
			h.WriteByte(' ')
		}
		if i+3 <= len(terms) || i == 0 {
			out[h.Sum64()] = true
		}
	}
	return out
}

// alike says whether two sets of shingles come from copies of one text. A text
// without words is no copy of any.
func alike(a, b map[uint64]bool) bool {
	if len(a) > len(b) {
		a, b = b, a
	}
	if len(a) == 0 {
		return false
	}
	shared := 0
	for s := range a {
		if b[s] {
			shared++
		}
	}
	return float64(shared) >= sameShare*float64(len(a)) && len(b) < 2*len(a)+8
}
