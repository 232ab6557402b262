package retrieval

import (
	"cmp"
	"context"
	"crypto/sha256"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"time"

	"footnote/corpus"
)

// A Change says what saving an article does to the store.
type Change int

// What saving an article can do. Taken is no saving: the id is that of another
// collection's article.
const (
	Added Change = iota
	Changed
	Unchanged
	Taken
)

// String is the change in a word.
func (c Change) String() string {
	switch c {
	case Added:
		return "added"
	case Changed:
		return "changed"
	case Unchanged:
		return "unchanged"
	case Taken:
		return "taken"
	}
	return fmt.Sprintf("Change(%d)", int(c))
}

// Compare says what Save would do with each record, as it was loaded from its
// source, and writes nothing. An article that is damaged in the store counts as
// changed, so that saving it again repairs it. Passages do not matter.
func (s *Store) Compare(ctx context.Context, records []Record) (changes []Change, err error) {
	err = s.read(ctx, "comparing articles with the store", func(tx *sql.Tx) error {
		known, err := readRegister(ctx, tx, idsOf(records))
		if err != nil {
			return err
		}
		for _, r := range records {
			sum := r.Article.Sum()
			changes = append(changes, known.change(r, sum))
			known[r.ID] = line{loaded: sum, collection: r.Collection, now: r.Article}
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return changes, nil
}

func idsOf(records []Record) []corpus.ArticleID {
	ids := make([]corpus.ArticleID, len(records))
	for i, r := range records {
		ids[i] = r.ID
	}
	return ids
}

// Save keeps records, all or none of them, and says what that did to each. An
// article that is as it was when it was last loaded stays as it is. One that
// has changed keeps the fields that a person has edited, and its old text is
// gone unless an answer cites it. It is an error if one is Taken.
func (s *Store) Save(ctx context.Context, records []Record) (changes []Change, err error) {
	for _, r := range records {
		if err := checkRecord(r); err != nil {
			return nil, fmt.Errorf("article %q: %w", string(r.ID), err)
		}
	}
	changes, err = s.Compare(ctx, records)
	if err != nil || !slices.ContainsFunc(changes, func(c Change) bool { return c != Unchanged }) {
		return changes, err
	}
	err = s.write(ctx, "saving articles", func(tx *sql.Tx) error {
		changes, err = save(ctx, tx, records)
		return err
	})
	if err != nil {
		return nil, err
	}
	return changes, nil
}

// checkRecord reports why r would not come out of the store as it went in.
func checkRecord(r Record) error {
	if err := cmp.Or(checkCollection(r.Collection), r.Validate(), checkDay(r.Published)); err != nil {
		return err
	}
	for _, p := range r.Passages {
		if p.Article != r.ID {
			return fmt.Errorf("passage %q is of another article", p.ID)
		}
		if p.Start < 0 || p.Start > p.End || p.End > len(r.Text) || r.Text[p.Start:p.End] != p.Text {
			return fmt.Errorf("passage %q is not a run of the text", p.ID)
		}
	}
	return nil
}

func checkDay(day time.Time) error {
	if y := day.Year(); y < 0 || y > 9999 {
		return errors.New("the date has a year of more than four digits; give one like 2022-11-11")
	}
	return nil
}

// A register is what the store knows of some articles before they are saved.
type register map[corpus.ArticleID]line

type line struct {
	loaded     [sha256.Size]byte // the article's sum as it was loaded; zero if it is damaged
	collection string            // unknown if it is damaged
	edited     int64             // which fields a person has set
	now        corpus.Article    // with the values of those fields; zero if what is known of it is damaged
	lost       bool              // its rows cannot be reached
}

func readRegister(ctx context.Context, q querier, ids []corpus.ArticleID) (register, error) {
	known := make(register)
	if len(ids) == 0 {
		return known, nil
	}
	err := known.read(ctx, q, ids)
	if !unreadable(err) {
		return known, err
	}
	for _, id := range ids {
		err := known.read(ctx, q, []corpus.ArticleID{id})
		if unreadable(err) {
			known[id] = line{lost: true}
			continue
		}
		if err != nil {
			return nil, err
		}
	}
	return known, nil
}

// read adds what the store knows of the articles of these ids.
func (known register) read(ctx context.Context, q querier, ids []corpus.ArticleID) error {
	for raw, err := range rawArticles(ctx, q, ids) {
		var damage *DamageError
		switch {
		case errors.As(err, &damage):
			known[damage.Article] = line{}
		case err != nil:
			return err
		default:
			known[corpus.ArticleID(raw.head.id)] = raw.line()
		}
	}
	return nil
}

// line is what remains to be known of an article, down to nothing but that it
// exists.
func (raw *rawArticle) line() line {
	r, err := raw.head.record()
	if err != nil {
		return line{}
	}
	l := line{collection: r.Collection, edited: raw.head.edited, now: r.Article}
	if _, err := raw.verify(); err == nil {
		copy(l.loaded[:], raw.head.loaded)
	}
	return l
}

func (known register) change(r Record, loaded [sha256.Size]byte) Change {
	was, ok := known[r.ID]
	switch {
	case !ok:
		return Added
	case was.now.ID == r.ID && was.collection != r.Collection:
		return Taken
	case was.loaded == loaded:
		return Unchanged
	}
	return Changed
}

// keepEdits is a with the fields that a person has set.
func (l line) keepEdits(a corpus.Article) corpus.Article {
	if l.edited&editedTitle != 0 {
		a.Title, a.Derived = l.now.Title, false
	}
	if l.edited&editedOutlet != 0 {
		a.Outlet = l.now.Outlet
	}
	if l.edited&editedURL != 0 {
		a.URL = l.now.URL
	}
	if l.edited&editedPublished != 0 {
		a.Published = l.now.Published
	}
	return a
}

func save(ctx context.Context, tx *sql.Tx, records []Record) ([]Change, error) {
	known, err := readRegister(ctx, tx, idsOf(records))
	if err != nil {
		return nil, err
	}
	for _, r := range records {
		if known[r.ID].lost {
			return nil, lostArticle(r.ID)
		}
	}
	w, err := newRecordWriter(ctx, tx)
	if err != nil {
		return nil, err
	}
	changes := make([]Change, len(records))
	for i, r := range records {
		loaded := r.Article.Sum()
		changes[i] = known.change(r, loaded)
		switch changes[i] {
		case Unchanged:
			continue
		case Taken:
			return nil, takenError(r.ID)
		case Changed:
			if _, err := retire(ctx, tx, r.ID); err != nil {
				return nil, err
			}
		}
		was := known[r.ID]
		r.Article = was.keepEdits(r.Article)
		if err := w.insert(ctx, r, loaded, was.edited); err != nil {
			return nil, err
		}
		known[r.ID] = line{loaded: loaded, collection: r.Collection, edited: was.edited, now: r.Article}
	}
	return changes, nil
}

// A recordWriter inserts records, all under one new revision.
type recordWriter struct {
	revision                  int64
	article, passage, version *sql.Stmt
}

// newRecordWriter prepares statements that tx closes when it ends.
func newRecordWriter(ctx context.Context, tx *sql.Tx) (*recordWriter, error) {
	revision, err := nextRevision(ctx, tx)
	prepare := func(query string) (stmt *sql.Stmt) {
		if err == nil {
			stmt, err = tx.PrepareContext(ctx, query)
		}
		return stmt
	}
	w := &recordWriter{
		revision: revision,
		article:  prepare(`INSERT INTO articles (` + headColumns + `, text) VALUES (` + headMarks + `, ?)`),
		passage:  prepare(`INSERT INTO passages (article, n, start_at, end_at, heading, sum) VALUES (?, ?, ?, ?, ?, ?)`),
		version:  prepare(`DELETE FROM versions WHERE id = ? AND version = ?`),
	}
	return w, err
}

func (w *recordWriter) insert(ctx context.Context, r Record, loaded [sha256.Size]byte, edited int64) error {
	h := newHead(r, loaded, edited, w.revision)
	// A version is kept apart only while it is not the one in the corpus.
	if _, err := w.version.ExecContext(ctx, h.id, h.version); err != nil {
		return err
	}
	if _, err := w.article.ExecContext(ctx, h.values(r.Text)...); err != nil {
		return err
	}
	for _, p := range r.Passages {
		row, err := newRun(p)
		if err != nil {
			return err
		}
		if _, err := w.passage.ExecContext(ctx, row.article, row.n, row.start, row.end, row.heading, row.sum); err != nil {
			return err
		}
	}
	return nil
}

// retireAll retires articles, all of which must be there.
func retireAll(ctx context.Context, tx *sql.Tx, ids []corpus.ArticleID) error {
	for _, id := range ids {
		found, err := retire(ctx, tx, id)
		if err != nil {
			return err
		}
		if !found {
			return notFound(id)
		}
	}
	return nil
}

// retire takes an article out of the corpus, with its passages and vectors,
// and keeps its row if an answer cites it. It reports whether there was one; a
// *DamageError says that nothing reaches it.
func retire(ctx context.Context, tx *sql.Tx, id corpus.ArticleID) (bool, error) {
	found, err := moveOut(ctx, tx, id)
	if unreadable(err) {
		return false, lostArticle(id)
	}
	return found, err
}

func moveOut(ctx context.Context, tx *sql.Tx, id corpus.ArticleID) (bool, error) {
	_, err := tx.ExecContext(ctx, `INSERT OR IGNORE INTO versions (`+headColumns+`, text)
		SELECT `+headColumns+`, text FROM articles WHERE id = ? AND EXISTS (
			SELECT 1 FROM cited WHERE cited.article = articles.id AND cited.version = articles.version)`, string(id))
	if err != nil {
		return false, err
	}
	result, err := tx.ExecContext(ctx, `DELETE FROM articles WHERE id = ?`, string(id))
	if err != nil {
		return false, err
	}
	n, err := result.RowsAffected()
	return n > 0, err
}

func nextRevision(ctx context.Context, tx *sql.Tx) (revision int64, err error) {
	err = tx.QueryRowContext(ctx, `UPDATE counter SET revision = revision + 1 RETURNING revision`).Scan(&revision)
	return revision, err
}
