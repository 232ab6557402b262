package retrieval

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"runtime"
	"slices"
	"sync"

	"footnote/corpus"
)

// Article is the article of that id. The error wraps ErrNotFound if there is
// none, and is a *DamageError if it is not what was saved.
func (s *Store) Article(ctx context.Context, id corpus.ArticleID) (r Record, err error) {
	err = s.read(ctx, "reading an article", func(tx *sql.Tx) error {
		r, err = readArticle(ctx, tx, id)
		return err
	})
	return r, err
}

// All yields every article, by id, all of one state of the store. For one that
// is not what was saved it yields a *DamageError and goes on; any other error
// ends it.
func (s *Store) All(ctx context.Context) iter.Seq2[Record, error] {
	return func(yield func(Record, error) bool) {
		err := s.read(ctx, "reading the articles", func(tx *sql.Tx) error {
			return walk(ctx, tx, yield)
		})
		if err != nil && !errors.Is(err, errStopped) {
			yield(Record{}, err)
		}
	}
}

// errStopped says that whoever ranges over a sequence wants no more of it.
var errStopped = errors.New("stopped")

// walk yields every article. Where the file itself is broken it goes on one
// article at a time, so that only those are lost whose rows cannot be reached.
func walk(ctx context.Context, tx *sql.Tx, yield func(Record, error) bool) error {
	var last corpus.ArticleID
	for r, err := range verified(rawArticles(ctx, tx, nil)) {
		var damage *DamageError
		switch {
		case err == nil:
			last = r.ID
		case errors.As(err, &damage):
			last = max(last, damage.Article)
		case unreadable(err):
			return salvage(ctx, tx, last, yield)
		default:
			return err
		}
		if !yield(r, err) {
			return errStopped
		}
	}
	return nil
}

func salvage(ctx context.Context, tx *sql.Tx, after corpus.ArticleID, yield func(Record, error) bool) error {
	ids, listErr := idsAfter(ctx, tx, after)
	for _, id := range ids {
		r, err := readArticle(ctx, tx, id)
		if errors.Is(err, ErrNotFound) {
			err = lostArticle(id)
		}
		if !yield(r, err) {
			return errStopped
		}
	}
	return listErr
}

// column is all that a query of one column gives, up to the first error.
func column[T any](ctx context.Context, q querier, query string, args ...any) ([]T, error) {
	rows, err := q.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []T
	for rows.Next() {
		var v T
		if err := scan(ctx, rows, &v); err != nil {
			return out, err
		}
		out = append(out, v)
	}
	return out, rows.Err()
}

func readArticle(ctx context.Context, q querier, id corpus.ArticleID) (Record, error) {
	for raw, err := range rawArticles(ctx, q, []corpus.ArticleID{id}) {
		if unreadable(err) {
			return Record{}, lostArticle(id)
		}
		if err != nil {
			return Record{}, err
		}
		return raw.verify()
	}
	return Record{}, notFound(id)
}

func notFound(id corpus.ArticleID) error {
	return &plainError{
		text:  fmt.Sprintf("there is no article %q; footnote articles lists them", string(id)),
		cause: ErrNotFound,
	}
}

// A rawArticle is an article as its rows have it, yet to be verified.
type rawArticle struct {
	head head
	text string
	runs []run
}

// verify is the article if all of it is what was saved, or a *DamageError.
func (raw *rawArticle) verify() (Record, error) {
	r, err := raw.head.full(raw.text)
	if err != nil {
		return Record{}, err
	}
	if int64(len(raw.runs)) != raw.head.passages {
		return Record{}, raw.head.damage(fmt.Sprintf("%d of its %d passages are there", len(raw.runs), raw.head.passages))
	}
	r.Passages = slices.Grow(r.Passages, len(raw.runs))
	for i := range raw.runs {
		p, err := raw.runs[i].passage(r.Article)
		if err != nil {
			return Record{}, err
		}
		r.Passages = append(r.Passages, p)
	}
	return r, nil
}

// verified yields what seq does, verified, in its order, by several goroutines
// that work a little ahead of whoever ranges over it.
func verified(seq iter.Seq2[*rawArticle, error]) iter.Seq2[Record, error] {
	type result struct {
		record Record
		err    error
	}
	return func(yield func(Record, error) bool) {
		var workers sync.WaitGroup
		defer workers.Wait()
		var queue []chan result
		first := func() bool {
			r := <-queue[0]
			queue = queue[1:]
			return yield(r.record, r.err)
		}
		ahead := 4 * runtime.GOMAXPROCS(0)
		for raw, err := range seq {
			if len(queue) == ahead && !first() {
				return
			}
			done := make(chan result, 1)
			queue = append(queue, done)
			workers.Go(func() {
				if err != nil {
					done <- result{err: err}
					return
				}
				r, err := raw.verify()
				done <- result{record: r, err: err}
			})
		}
		for len(queue) > 0 && first() {
		}
	}
}

// rawArticles yields the articles of these ids, or all if ids is nil, by id.
// For one whose row cannot be read it yields a *DamageError and goes on; any
// other error is the last.
func rawArticles(ctx context.Context, q querier, ids []corpus.ArticleID) iter.Seq2[*rawArticle, error] {
	return func(yield func(*rawArticle, error) bool) {
		articles, err := selectOf(ctx, q, `SELECT `+headColumns+`, text FROM articles`, "id", "id", ids)
		if err != nil {
			yield(nil, err)
			return
		}
		defer articles.Close()
		rows, err := selectOf(ctx, q, `SELECT article, n, start_at, end_at, heading, sum FROM passages`, "article", "article, n", ids)
		if err != nil {
			yield(nil, err)
			return
		}
		defer rows.Close()
		runs := runReader{rows: rows}
		for articles.Next() {
			raw, err := readRaw(ctx, articles, &runs)
			var damage *DamageError
			if !yield(raw, err) || err != nil && !errors.As(err, &damage) {
				return
			}
		}
		if err := articles.Err(); err != nil {
			yield(nil, err)
		}
	}
}

func readRaw(ctx context.Context, articles *sql.Rows, runs *runReader) (*rawArticle, error) {
	raw := new(rawArticle)
	err := scan(ctx, articles, raw.head.into(&raw.text)...)
	if errors.Is(err, errMalformed) {
		return nil, raw.head.damage("its row cannot be read")
	}
	if err != nil {
		return nil, err
	}
	raw.runs, err = runs.of(ctx, raw.head.id, int(raw.head.passages))
	return raw, err
}

// selectOf runs a query for the rows whose key is one of ids, or for all rows
// if ids is nil.
func selectOf(ctx context.Context, q querier, query, key, order string, ids []corpus.ArticleID) (*sql.Rows, error) {
	if ids == nil {
		return q.QueryContext(ctx, query+` ORDER BY `+order)
	}
	list, err := json.Marshal(ids)
	if err != nil {
		return nil, err
	}
	return q.QueryContext(ctx, query+` WHERE `+key+` IN (SELECT value FROM json_each(?)) ORDER BY `+order, string(list))
}

// A runReader hands out the rows of passages article by article; both come in
// the order of the articles' ids.
type runReader struct {
	rows  *sql.Rows
	next  run
	ahead bool // next was read and belongs to an article to come
}

// of are the passages of an article. Rows that cannot be read are left out, as
// are those of articles that do not exist.
func (r *runReader) of(ctx context.Context, article string, expected int) ([]run, error) {
	runs := make([]run, 0, min(max(expected, 0), 1024))
	for r.ahead || r.rows.Next() {
		if !r.ahead {
			err := scan(ctx, r.rows, &r.next.article, &r.next.n, &r.next.start, &r.next.end, &r.next.heading, &r.next.sum)
			if errors.Is(err, errMalformed) {
				continue
			}
			if err != nil {
				return nil, err
			}
		}
		r.ahead = r.next.article > article
		if r.ahead {
			return runs, nil
		}
		if r.next.article == article {
			runs = append(runs, r.next)
		}
	}
	return runs, r.rows.Err()
}
