package retrieval

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"time"

	"footnote/corpus"
)

// Remove takes articles out of the corpus, all of them or, if one is not there
// (ErrNotFound), none. Their texts are gone from the disk when it returns,
// except what an answer cites. It returns how many there were; with ErrTraces
// they are removed, but can still be found on the disk.
func (s *Store) Remove(ctx context.Context, ids ...corpus.ArticleID) (int, error) {
	if len(ids) == 0 {
		return 0, nil
	}
	ids = slices.Compact(slices.Sorted(slices.Values(ids)))
	err := s.write(ctx, "removing articles", func(tx *sql.Tx) error { return retireAll(ctx, tx, ids) })
	if err != nil {
		return 0, err
	}
	return len(ids), s.erase(ctx)
}

// erase makes what was deleted unreadable on the disk: its pages are zeros
// already, and their older copies lie in the file's companion.
func (s *Store) erase(ctx context.Context) error {
	done, err := s.checkpoint(ctx, "TRUNCATE")
	if err == nil && done {
		return nil
	}
	until := "other footnote processes end"
	if err != nil {
		until = "the store can be written again"
	}
	return &plainError{
		text:  fmt.Sprintf("removed, but traces stay in %s-wal until %s", s.path, until),
		cause: errors.Join(ErrTraces, err),
	}
}

// An Edit sets what a source did not say, or said wrongly. A nil field stays.
type Edit struct {
	Title, Outlet, URL *string
	Published          *time.Time
}

// Edit sets fields of an article; they outlive changes of its source. Setting
// again what was set so before changes nothing, not even the revision. The
// error wraps ErrNotFound if there is no such article.
func (s *Store) Edit(ctx context.Context, id corpus.ArticleID, e Edit) error {
	if e.Published != nil {
		if err := checkDay(*e.Published); err != nil {
			return err
		}
	}
	return s.write(ctx, "editing an article", func(tx *sql.Tx) error {
		var h head
		err := scan(ctx, tx.QueryRowContext(ctx, `SELECT `+headColumns+` FROM articles WHERE id = ?`, string(id)), h.into()...)
		if errors.Is(err, sql.ErrNoRows) {
			return notFound(id)
		}
		if unreadable(err) && !errors.Is(err, errMalformed) {
			return lostArticle(id)
		}
		if err != nil {
			return err
		}
		if _, err := h.record(); err != nil {
			return err
		}
		edited := h.edit(e)
		if bytes.Equal(edited.seal(), h.sum) {
			return nil
		}
		if edited.title != h.title || edited.derived != h.derived {
			// It stands before every passage that is embedded.
			if _, err := tx.ExecContext(ctx, `DELETE FROM vectors WHERE article = ?`, string(id)); err != nil {
				return err
			}
		}
		return updateHead(ctx, tx, edited)
	})
}

// edit is h with the fields that e sets, not yet sealed.
func (h head) edit(e Edit) head {
	if e.Title != nil {
		h.title, h.derived, h.edited = *e.Title, 0, h.edited|editedTitle
	}
	if e.Outlet != nil {
		h.outlet, h.edited = *e.Outlet, h.edited|editedOutlet
	}
	if e.URL != nil {
		h.url, h.edited = *e.URL, h.edited|editedURL
	}
	if e.Published != nil {
		h.published, h.edited = corpus.Day(*e.Published), h.edited|editedPublished
	}
	return h
}

// updateHead seals h under a new revision and writes what an edit can change.
func updateHead(ctx context.Context, tx *sql.Tx, h head) (err error) {
	if h.revision, err = nextRevision(ctx, tx); err != nil {
		return err
	}
	h.sum = h.seal()
	_, err = tx.ExecContext(ctx, `UPDATE articles
		SET title = ?, derived = ?, outlet = ?, url = ?, published = ?, edited = ?, revision = ?, sum = ? WHERE id = ?`,
		h.title, h.derived, h.outlet, h.url, h.published, h.edited, h.revision, h.sum, h.id)
	return err
}
