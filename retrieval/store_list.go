package retrieval

import (
	"context"
	"database/sql"
	"errors"
	"os"
	"strings"
	"time"

	"footnote/corpus"
)

// An Entry is what a list of the corpus says of an article.
type Entry struct {
	corpus.Article        // without its text
	Collection     string // "" is the common one
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
	return Entry{
		Article: r.Article, Collection: r.Collection, Passages: int(h.passages), Bytes: size, Source: r.Source, Added: r.Added,
	}, nil
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

// SourcesUnder are the articles of a collection that came from place or, if it
// is a folder, from anything under it, each with its source.
func (s *Store) SourcesUnder(ctx context.Context, collection, place string) (map[corpus.ArticleID]string, error) {
	entries, err := s.List(ctx)
	if err != nil {
		return nil, err
	}
	under := make(map[corpus.ArticleID]string)
	for _, e := range entries {
		if !e.Damaged && e.Collection == collection && liesUnder(e.Source, place) {
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

// Stamp tells cheaply whether an article was saved, edited or removed.
func (s *Store) Stamp(ctx context.Context) (Stamp, error) {
	var stamp Stamp
	row := s.readers.QueryRowContext(ctx, `SELECT (SELECT revision FROM counter), (SELECT count(*) FROM articles)`)
	err := scan(ctx, row, &stamp.Revision, &stamp.Articles)
	return stamp, s.explain("reading the store", err)
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
