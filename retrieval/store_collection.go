package retrieval

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"footnote/corpus"
)

// maxCollection is how many bytes a collection's name may have: it stands in
// the ids of its articles.
const maxCollection = 64

// checkCollection reports why a collection cannot have that name.
func checkCollection(name string) error {
	switch {
	case len(name) > maxCollection:
		return fmt.Errorf("the name of the collection is longer than %d bytes; give a shorter one", maxCollection)
	case !utf8.ValidString(name) || strings.ContainsFunc(name, unicode.IsControl) || strings.Contains(name, "/"):
		return errors.New("the name of the collection has a slash or control characters; give a plain one")
	}
	return nil
}

// IDIn is the id by which an article goes in a collection: in the common one
// its own, elsewhere "@collection/id". So what two collections take from one
// source is two articles. An id that is so already stays.
func IDIn(collection string, id corpus.ArticleID) corpus.ArticleID {
	prefix := corpus.ArticleID("@" + collection + "/")
	if collection == "" || id == "" || strings.HasPrefix(string(id), string(prefix)) {
		return id
	}
	return prefix + id
}

// takenError says that an id is that of another collection's article.
func takenError(id corpus.ArticleID) error {
	return &plainError{text: fmt.Sprintf("the id %q is that of another collection's article; give it another id", string(id))}
}

// AddTo takes one article into a collection ("" is the common one), under the
// id that IDIn gives, and says what that did, with the rules and errors of Save.
// It cuts the article itself: r.Passages do not matter.
func (s *Store) AddTo(ctx context.Context, collection string, r Record) (Change, error) {
	r.Collection, r.ID = collection, IDIn(collection, r.ID)
	r.Passages = corpus.Chunker{}.Chunk(r.Article)
	changes, err := s.Save(ctx, []Record{r})
	if err != nil {
		return 0, err
	}
	return changes[0], nil
}

// DropCollection removes a collection's articles, as Remove does, and returns
// how many there were. The common collection cannot be dropped.
func (s *Store) DropCollection(ctx context.Context, collection string) (int, error) {
	if collection == "" {
		return 0, errors.New("dropping a collection: the common articles are not one")
	}
	var ids []corpus.ArticleID
	err := s.write(ctx, "dropping a collection", func(tx *sql.Tx) (err error) {
		ids, err = column[corpus.ArticleID](ctx, tx, `SELECT id FROM articles WHERE collection = ? ORDER BY id`, collection)
		if err != nil {
			return err
		}
		return retireAll(ctx, tx, ids)
	})
	if err != nil {
		return 0, err
	}
	return len(ids), s.erase(ctx)
}
