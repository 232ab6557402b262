package retrieval

import (
	"context"
	"errors"
	"fmt"
	"time"

	"footnote/corpus"
)

// Revisioned is a Library whose articles change: the number of an article
// grows with each change.
type Revisioned interface {
	Revisions(ctx context.Context) (map[corpus.ArticleID]int64, error)
}

// Refresh makes the index equal to the library again: what is new or changed
// is read, what is gone is dropped. Queries under way keep the state in which
// they began. It reports whether anything had changed.
func (s *Searcher) Refresh(ctx context.Context) (bool, error) {
	library, ok := s.library.(Revisioned)
	if !ok {
		return false, nil
	}
	s.refresh.Lock()
	defer s.refresh.Unlock()
	now, err := library.Revisions(ctx)
	if err != nil {
		return false, fmt.Errorf("reading the articles' revisions: %w", err)
	}
	gone, changed := differences(s.revisions, now)
	if len(gone)+len(changed) == 0 {
		return false, nil
	}
	var added []Record
	for _, id := range changed {
		r, err := s.library.Article(ctx, id)
		var damage *DamageError
		switch {
		case errors.As(err, &damage):
			s.options.Damaged(err)
		case errors.Is(err, ErrNotFound): // removed meanwhile; the next refresh sees it
		case err != nil:
			return false, fmt.Errorf("reading article %s: %w", id, err)
		default:
			added = append(added, r)
		}
	}
	s.index.Store(s.index.Load().replace(gone, added))
	s.revisions = now
	if s.vectors != nil {
		return true, s.loadVectors(ctx)
	}
	return true, nil
}

// differences are the articles that the index must drop, among them those that
// changed, and those it must read.
func differences(before, now map[corpus.ArticleID]int64) (gone map[corpus.ArticleID]bool, changed []corpus.ArticleID) {
	gone = map[corpus.ArticleID]bool{}
	for id, revision := range before {
		if now[id] != revision {
			gone[id] = true
		}
	}
	for id, revision := range now {
		if before[id] != revision {
			changed = append(changed, id)
		}
	}
	return gone, changed
}

// Watch refreshes the searcher whenever the store has changed, be it by another
// process, until ctx ends; it looks as often as every says. Errors go to
// failed, and the next look tries again.
func (s *Searcher) Watch(ctx context.Context, store *Store, every time.Duration, failed func(error)) {
	var seen int64
	tick := time.NewTicker(every)
	defer tick.Stop()
	for {
		version, err := store.DataVersion(ctx)
		if err == nil && version != seen {
			if _, err = s.Refresh(ctx); err == nil {
				seen = version
			}
		}
		if err != nil && ctx.Err() == nil {
			failed(err)
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}
