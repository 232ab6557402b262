package retrieval

import (
	"cmp"
	"context"
	"iter"
	"time"

	"footnote/corpus"
)

// A part is one collection as a search sees it. It has an index of words and
// vectors of its own, so that a search of other parts cannot come upon its
// articles, nor weigh a word by them.
type part struct {
	collection string
	index      *index
	vectors    *vectors // nil without an embedder
}

// parts are those of all collections, by name. What is published is never
// changed, but for the vectors in it.
type parts map[string]*part

// view is the parts that a collection may see: the common one, and its own if
// it has articles.
func (p parts) view(collection string) view {
	v := view{p[""]}
	if own := p[collection]; own != nil && collection != "" {
		v = append(v, own)
	}
	return v
}

// replace is p without the articles in gone and with those of added. The
// vectors of the former go first, lest one stand for a text that it was not
// made of.
func (p *part) replace(ctx context.Context, gone map[corpus.ArticleID]bool, added []Record) (*part, error) {
	if p.vectors != nil {
		if err := p.vectors.remove(ctx, p.index.keys(gone)...); err != nil {
			return nil, err
		}
	}
	return &part{p.collection, p.index.replace(gone, added), p.vectors}, nil
}

// A view is the parts that are searched as if they were one.
type view []*part

func (v view) vocabulary() vocabulary {
	var out vocabulary
	for _, p := range v {
		out = append(out, p.index.words)
	}
	return out
}

func (v view) articles() iter.Seq[corpus.Article] {
	return func(yield func(corpus.Article) bool) {
		for _, p := range v {
			for _, a := range p.index.articles {
				if !yield(a) {
					return
				}
			}
		}
	}
}

// embedded says whether any passage has a vector.
func (v view) embedded() bool {
	for _, p := range v {
		if p.vectors != nil && p.vectors.len() > 0 {
			return true
		}
	}
	return false
}

// comparable is what keeps a query of that dimension from being compared, for
// the operator; nil if nothing does.
func (v view) comparable(dimension int) error {
	for _, p := range v {
		if err := p.vectors.comparable(dimension); err != nil {
			return err
		}
	}
	return nil
}

// Coverage says what articles span.
type Coverage struct {
	Articles    int
	Undated     int       // articles without a date: no date filter lets them in
	First, Last time.Time // of the others; zero if there are none
}

func (v view) coverage() Coverage {
	var c Coverage
	for a := range v.articles() {
		c.Articles++
		switch {
		case a.Published.IsZero():
			c.Undated++
			continue
		case c.First.IsZero() || a.Published.Before(c.First):
			c.First = a.Published
		}
		if a.Published.After(c.Last) {
			c.Last = a.Published
		}
	}
	return c
}

// A place is a passage of a part.
type place struct {
	part    *part
	passage unit
}

func (p place) owner() unit { return p.part.index.words.owner[p.passage] }

// article is the id of the article that the passage is of.
func (p place) article() corpus.ArticleID { return p.part.index.articles[p.owner()].ID }

// lead is the passage that the article begins with.
func (p place) lead() place { return place{p.part, p.part.index.words.first[p.owner()]} }

// number is which of its article's passages it is, from 0.
func (p place) number() int { return int(p.passage - p.lead().passage) }

// similarity is how near the passage's vector is to one; false if it has none yet.
func (p place) similarity(vector Vector) (float64, bool) {
	return p.part.vectors.cosine(string(p.part.index.passage(p.passage)), vector)
}

// compare orders places: by article, then by number.
func (p place) compare(q place) int {
	if p.part == q.part {
		return p.part.index.compare(p.passage, q.passage)
	}
	return cmp.Compare(p.article(), q.article())
}
