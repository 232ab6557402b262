package retrieval

import (
	"context"
	"errors"
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
}

// shard is how many records one goroutine indexes at a time.
const shard = 512

// buildIndex indexes records in their order, on all cores. Errors of single
// records go to damaged; another error ends the build.
func buildIndex(ctx context.Context, records iter.Seq2[Record, error], damaged func(error)) (*index, error) {
	type part struct {
		records []Record
		done    chan *index
	}
	parts := make(chan part, runtime.GOMAXPROCS(0))
	var order []part
	var workers sync.WaitGroup
	for range runtime.GOMAXPROCS(0) {
		workers.Go(func() {
			for p := range parts {
				p.done <- indexOf(p.records)
			}
		})
	}
	submit := func(r []Record) {
		p := part{r, make(chan *index, 1)}
		order = append(order, p)
		parts <- p
	}
	err := eachShard(ctx, records, damaged, submit)
	close(parts)
	workers.Wait()
	if err != nil {
		return nil, err
	}
	out := &index{words: newKeywords()}
	for i, p := range order {
		if next := <-p.done; i == 0 {
			out = next
		} else {
			out.merge(next)
		}
	}
	return out, nil
}

// eachShard hands the records on in groups.
func eachShard(ctx context.Context, records iter.Seq2[Record, error], damaged func(error), f func([]Record)) error {
	var group []Record
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
		if group = append(group, r); len(group) == shard {
			f(group)
			group = nil
		}
	}
	if len(group) > 0 {
		f(group)
	}
	return ctx.Err()
}

func indexOf(records []Record) *index {
	ix := &index{words: newKeywords()}
	for _, r := range records {
		ix.words.add(r)
		a := r.Article
		a.Text = ""
		ix.articles = append(ix.articles, a)
	}
	return ix
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
	out.merge(indexOf(added))
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
