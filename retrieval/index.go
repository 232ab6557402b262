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
	"time"

	"footnote/corpus"
)

// An index is all of a library that ranking needs, without its texts. It is
// never changed once it is published.
type index struct {
	words    *keywords
	articles []corpus.Article // by unit, without text

	keyed sync.Once // guards byKey, which only vectors need
	byKey map[string]unit
}

// group is how many records are handed to a goroutine at a time.
const group = 64

// buildIndex indexes records on all cores, each of which fills an index of its
// own. Errors of single records go to damaged; another error ends the build.
// Which number a unit gets is left to chance; nothing that is shown depends on
// it.
func buildIndex(ctx context.Context, records iter.Seq2[Record, error], damaged func(error)) (*index, error) {
	parts := make([]*index, runtime.GOMAXPROCS(0))
	groups := make(chan []Record, len(parts))
	var workers sync.WaitGroup
	for i := range parts {
		parts[i] = &index{words: newKeywords()}
		workers.Go(func() {
			for g := range groups {
				parts[i].add(g)
			}
		})
	}
	err := eachGroup(ctx, records, damaged, func(g []Record) { groups <- g })
	close(groups)
	workers.Wait()
	if err != nil {
		return nil, err
	}
	for _, p := range parts[1:] {
		parts[0].merge(p)
	}
	if n := len(parts[0].words.owner); n > maxUnits {
		return nil, fmt.Errorf("%d passages are more than the %d that one index holds; split the articles over several stores", n, maxUnits)
	}
	parts[0].words.settle()
	return parts[0], nil
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

// add appends articles. Only who has not published ix may call it.
func (ix *index) add(records []Record) {
	for _, r := range records {
		ix.words.add(r)
		a := r.Article
		a.Text = ""
		ix.articles = append(ix.articles, a)
	}
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
	out.add(added)
	out.words.settle()
	return out
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

// Coverage says what a corpus spans.
type Coverage struct {
	Articles    int
	Undated     int       // articles without a date: no date filter lets them in
	First, Last time.Time // of the others; zero if there are none
}

func (ix *index) coverage() Coverage {
	c := Coverage{Articles: len(ix.articles)}
	for _, a := range ix.articles {
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
