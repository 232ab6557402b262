package retrieval

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"runtime"
	"slices"
	"strings"
	"sync"

	"footnote/corpus"
)

// An index is all of a collection that ranking needs, without its texts. It is
// never changed once it is published.
type index struct {
	words    *keywords
	articles []corpus.Article // by unit, without text

	keyed sync.Once // guards byKey, which only vectors need
	byKey map[string]unit

	listed sync.Once // guards ids
	ids    map[corpus.ArticleID]bool
}

// group is how many records are handed to a goroutine at a time.
const group = 64

// An indexes is an index for each collection.
type indexes map[string]*index

// of is the index of a collection, made if there is none.
func (x indexes) of(collection string) *index {
	ix, ok := x[collection]
	if !ok {
		ix = &index{words: newKeywords()}
		x[collection] = ix
	}
	return ix
}

// buildIndexes indexes records by collection on all cores, each of which fills
// indexes of its own. The common collection has one even if it is empty. Errors
// of single records go to damaged; another error ends the build. Which number a
// unit gets is left to chance; nothing that is shown depends on it.
func buildIndexes(ctx context.Context, records iter.Seq2[Record, error], damaged func(error)) (indexes, error) {
	shares := make([]indexes, runtime.GOMAXPROCS(0))
	groups := make(chan []Record, len(shares))
	var workers sync.WaitGroup
	for i := range shares {
		shares[i] = indexes{}
		workers.Go(func() {
			for g := range groups {
				for _, r := range g {
					shares[i].of(r.Collection).add(r)
				}
			}
		})
	}
	err := eachGroup(ctx, records, damaged, func(g []Record) { groups <- g })
	close(groups)
	workers.Wait()
	if err != nil {
		return nil, err
	}
	all := shares[0]
	for _, share := range shares[1:] {
		for collection, ix := range share {
			all.of(collection).merge(ix)
		}
	}
	all.of("") // even if it is empty
	return all, all.settle()
}

// settle ends the build of each, unless one has grown too large.
func (x indexes) settle() error {
	for _, ix := range x {
		if n := len(ix.words.owner); n > maxUnits {
			return fmt.Errorf("%d passages are more than the %d that one index holds; split the articles over several stores", n, maxUnits)
		}
		ix.words.settle()
	}
	return nil
}

// eachGroup hands the records on in groups.
func eachGroup(ctx context.Context, records iter.Seq2[Record, error], damaged func(error), f func([]Record)) error {
	var g []Record
	for r, err := range records {
		var damage *DamageError
		switch {
		case ctx.Err() != nil:
			return ctx.Err()
		case errors.As(err, &damage):
			damaged(err)
			continue
		case err != nil:
			return err
		}
		if g = append(g, r); len(g) == group {
			f(g)
			g = nil
		}
	}
	if len(g) > 0 {
		f(g)
	}
	return ctx.Err()
}

// add appends an article. Only who has not published ix may call it.
func (ix *index) add(r Record) {
	ix.words.add(r)
	a := r.Article
	a.Text = ""
	ix.articles = append(ix.articles, a)
}

// merge appends the articles of other. Only who has published neither may call
// it.
func (ix *index) merge(other *index) {
	ix.words.merge(other.words)
	ix.articles = append(ix.articles, other.articles...)
}

// replace is a copy of ix without the articles in gone, and with those of
// added.
func (ix *index) replace(gone map[corpus.ArticleID]bool, added []Record) *index {
	isGone := func(a unit) bool { return gone[ix.articles[a].ID] }
	out := &index{words: ix.words.without(isGone)}
	for _, a := range ix.articles {
		if !gone[a.ID] {
			out.articles = append(out.articles, a)
		}
	}
	for _, r := range added {
		out.add(r)
	}
	out.words.settle()
	return out
}

// holds says whether an article is in the index.
func (ix *index) holds(id corpus.ArticleID) bool {
	ix.listed.Do(func() {
		ix.ids = make(map[corpus.ArticleID]bool, len(ix.articles))
		for _, a := range ix.articles {
			ix.ids[a.ID] = true
		}
	})
	return ix.ids[id]
}

// holdsAny says whether any of some articles is in the index.
func (ix *index) holdsAny(articles map[corpus.ArticleID]bool) bool {
	return slices.ContainsFunc(ix.articles, func(a corpus.Article) bool { return articles[a.ID] })
}

// passage is the id of a passage of the index.
func (ix *index) passage(p unit) corpus.PassageID {
	a := ix.words.owner[p]
	return corpus.PassageIDOf(ix.articles[a].ID, int(p-ix.words.first[a]))
}

// compare orders passages of equal score: by article, then by place.
func (ix *index) compare(p, q unit) int {
	a, b := ix.words.owner[p], ix.words.owner[q]
	if a != b {
		return strings.Compare(string(ix.articles[a].ID), string(ix.articles[b].ID))
	}
	return int(p) - int(q)
}

// filter says of each article whether q lets it in.
func (ix *index) filter(q Query) []bool {
	keep := make([]bool, len(ix.articles))
	for i, a := range ix.articles {
		keep[i] = q.admits(a)
	}
	return keep
}

// dated says whether the query asks for a time.
func (q Query) dated() bool { return !q.Since.IsZero() || !q.Until.IsZero() }

func (q Query) admits(a corpus.Article) bool {
	if q.dated() && a.Published.IsZero() {
		return false
	}
	if !q.Since.IsZero() && a.Published.Before(q.Since) || !q.Until.IsZero() && a.Published.After(q.Until) {
		return false
	}
	return len(q.Outlets) == 0 || slices.ContainsFunc(q.Outlets, func(o string) bool { return strings.EqualFold(o, a.Outlet) })
}
