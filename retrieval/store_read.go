package retrieval

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"os"
	"runtime"
	"slices"
	"strings"
	"sync"
	"time"

	"footnote/corpus"
)

// An Entry is what a list of the corpus says of an article.
type Entry struct {
	corpus.Article // without its text
	Passages       int
	Bytes          int // of text
	Source         string
	Added          time.Time
	Damaged        bool // only the ID is to be trusted, and the others are zero
}

// List is an entry for each article, by id. It reads no text: whether that is
// whole, Article and Check say.
func (s *Store) List(ctx context.Context) (entries []Entry, err error) {
	take := func(rows *sql.Rows) (corpus.ArticleID, error) {
		e, err := readEntry(ctx, rows)
		if err == nil {
			entries = append(entries, e)
		}
		return e.ID, err
	}
	lost := func(id corpus.ArticleID) { entries = append(entries, damagedEntry(id)) }
	err = s.read(ctx, "listing the articles", func(tx *sql.Tx) error {
		return eachRow(ctx, tx, `SELECT `+headColumns+`, octet_length(text) FROM articles`, take, lost)
	})
	return entries, err
}

func damagedEntry(id corpus.ArticleID) Entry {
	return Entry{Article: corpus.Article{ID: id}, Damaged: true}
}

func readEntry(ctx context.Context, rows *sql.Rows) (Entry, error) {
	var h head
	var size int
	err := scan(ctx, rows, h.into(&size)...)
	if err != nil && !errors.Is(err, errMalformed) {
		return Entry{}, err
	}
	r, damage := h.record()
	if err != nil || damage != nil {
		return damagedEntry(corpus.ArticleID(h.id)), nil
	}
	return Entry{Article: r.Article, Passages: int(h.passages), Bytes: size, Source: r.Source, Added: r.Added}, nil
}

// eachRow hands every row of query, which selects from articles without a
// condition, to take, by id; take returns that id. Where the file itself is
// broken it goes on one article at a time, and calls lost for those whose row
// cannot be reached.
func eachRow(ctx context.Context, q querier, query string, take func(*sql.Rows) (corpus.ArticleID, error), lost func(corpus.ArticleID)) error {
	last, err := takeRows(ctx, q, take, query+` ORDER BY id`)
	if !unreadable(err) {
		return err
	}
	ids, listErr := idsAfter(ctx, q, last)
	for _, id := range ids {
		taken, err := takeRows(ctx, q, take, query+` WHERE id = ?`, string(id))
		if err != nil && !unreadable(err) {
			return err
		}
		if taken == "" {
			lost(id)
		}
	}
	return listErr
}

// takeRows hands each row of a query to take and is the last id that take
// returned.
func takeRows(ctx context.Context, q querier, take func(*sql.Rows) (corpus.ArticleID, error), query string, args ...any) (last corpus.ArticleID, err error) {
	rows, err := q.QueryContext(ctx, query, args...)
	if err != nil {
		return "", err
	}
	defer rows.Close()
	for rows.Next() {
		id, err := take(rows)
		if err != nil {
			return last, err
		}
		last = max(last, id)
	}
	return last, rows.Err()
}

// idsAfter are the ids of articles that sort after one, as far as they can be
// read. The index alone holds them.
func idsAfter(ctx context.Context, q querier, after corpus.ArticleID) ([]corpus.ArticleID, error) {
	return column[corpus.ArticleID](ctx, q, `SELECT id FROM articles WHERE id > ? ORDER BY id`, string(after))
}

// SourcesUnder are the articles that came from place or, if it is a folder,
// from anything under it, each with its source.
func (s *Store) SourcesUnder(ctx context.Context, place string) (map[corpus.ArticleID]string, error) {
	entries, err := s.List(ctx)
	if err != nil {
		return nil, err
	}
	under := make(map[corpus.ArticleID]string)
	for _, e := range entries {
		if !e.Damaged && liesUnder(e.Source, place) {
			under[e.ID] = e.Source
		}
	}
	return under, nil
}

func liesUnder(source, place string) bool {
	if place == "" {
		return false
	}
	separates := func(c byte) bool { return c == '/' || os.IsPathSeparator(c) }
	for place != "" && separates(place[len(place)-1]) {
		place = place[:len(place)-1]
	}
	rest, ok := strings.CutPrefix(source, place)
	return ok && (rest == "" || separates(rest[0]))
}

// Revisions are the numbers of all articles. An article's number grows with
// every change to it, and is greater then than that of any other before. An
// article whose row cannot be read has none.
func (s *Store) Revisions(ctx context.Context) (map[corpus.ArticleID]int64, error) {
	revisions := make(map[corpus.ArticleID]int64)
	take := func(rows *sql.Rows) (id corpus.ArticleID, err error) {
		var revision int64
		err = scan(ctx, rows, &id, &revision)
		if errors.Is(err, errMalformed) {
			return id, nil
		}
		if err == nil {
			revisions[id] = revision
		}
		return id, err
	}
	err := s.read(ctx, "reading the revisions of the articles", func(tx *sql.Tx) error {
		return eachRow(ctx, tx, `SELECT id, revision FROM articles`, take, func(corpus.ArticleID) {})
	})
	if err != nil {
		return nil, err
	}
	return revisions, nil
}

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
