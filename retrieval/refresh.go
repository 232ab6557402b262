package retrieval

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"

	"footnote/corpus"
)

// Revisioned is a Library whose articles change: the number of an article
// grows with each change.
type Revisioned interface {
	Revisions(ctx context.Context) (map[corpus.ArticleID]int64, error)
}

// stamped is a Revisioned that can tell cheaply that nothing has changed.
type stamped interface {
	Stamp(ctx context.Context) (Stamp, error)
}

// A Stamp is the same as long as no article changes.
type Stamp struct {
	Revision int64 // of the latest article that was saved or edited
	Articles int   // one that is removed leaves fewer
}

// Refresh makes the indexes equal to the library again: what is new or changed
// is read, what is gone is dropped, and an index in whose collection nothing
// changed stays as it is. Queries under way keep the state in which they began.
// It reports whether anything had changed. That costs reading the revisions of
// all articles, the changed ones themselves, and a copy of the indexes that
// hold them.
func (s *Searcher) Refresh(ctx context.Context) (bool, error) {
	library, ok := s.library.(Revisioned)
	if !ok {
		return false, nil
	}
	s.refresh.Lock()
	defer s.refresh.Unlock()
	replaced, err := s.catchUp(ctx, library)
	if err != nil {
		return false, err
	}
	loaded, err := s.loadMissing(ctx)
	return replaced || loaded, err
}

// catchUp replaces what has changed, and reports whether anything had. What was
// committed and changed no article, such as an answer, costs no look at them.
func (s *Searcher) catchUp(ctx context.Context, library Revisioned) (bool, error) {
	stamp, err := stampOf(ctx, library)
	if err != nil {
		return false, fmt.Errorf("looking whether articles changed: %w", err)
	}
	if stamp == s.stamp && stamp != (Stamp{}) {
		return false, nil
	}
	now, err := library.Revisions(ctx)
	if err != nil {
		return false, fmt.Errorf("reading the articles' revisions: %w", err)
	}
	gone, changed := differences(s.revisions, now)
	if len(gone) > 0 {
		if err := s.replace(ctx, gone, changed); err != nil {
			return false, err
		}
		s.revisions = now
	}
	s.stamp = stamp
	return len(gone) > 0, nil
}

// stampOf is the stamp of a library, zero if it has none.
func stampOf(ctx context.Context, library Revisioned) (Stamp, error) {
	if l, ok := library.(stamped); ok {
		return l.Stamp(ctx)
	}
	return Stamp{}, nil
}

// replace publishes parts without the articles in gone and with those in
// changed as they now are.
func (s *Searcher) replace(ctx context.Context, gone map[corpus.ArticleID]bool, changed []corpus.ArticleID) error {
	added, err := s.read(ctx, changed)
	if err != nil {
		return err
	}
	all := maps.Clone(*s.parts.Load())
	for collection := range added {
		if all[collection] == nil {
			all[collection] = s.newPart(collection, &index{words: newKeywords()})
		}
	}
	for collection, p := range all {
		if len(added[collection]) == 0 && !p.index.holdsAny(gone) {
			continue
		}
		next, err := p.replace(ctx, gone, added[collection])
		if err != nil {
			return err
		}
		all[collection] = next
		if collection != "" && len(next.index.articles) == 0 {
			delete(all, collection)
		}
	}
	s.parts.Store(&all)
	return nil
}

// read reads articles, without those that are damaged, by collection.
func (s *Searcher) read(ctx context.Context, ids []corpus.ArticleID) (map[string][]Record, error) {
	records := map[string][]Record{}
	for _, id := range ids {
		r, err := s.library.Article(ctx, id)
		var damage *DamageError
		switch {
		case errors.As(err, &damage):
			s.options.Damaged(err)
		case errors.Is(err, ErrNotFound): // removed meanwhile; the next refresh sees it
		case err != nil:
			return nil, fmt.Errorf("reading article %s: %w", id, err)
		default:
			records[r.Collection] = append(records[r.Collection], r)
		}
	}
	return records, nil
}

// differences are the articles that the index must drop and those it must
// read, by id. What it must read it drops too, even what is new: an article
// that was added while the first index was built is in it.
func differences(before, now map[corpus.ArticleID]int64) (gone map[corpus.ArticleID]bool, changed []corpus.ArticleID) {
	gone = map[corpus.ArticleID]bool{}
	for id := range before {
		if _, ok := now[id]; !ok {
			gone[id] = true
		}
	}
	for id, revision := range now {
		if before[id] != revision {
			gone[id] = true
			changed = append(changed, id)
		}
	}
	slices.Sort(changed)
	return gone, changed
}
