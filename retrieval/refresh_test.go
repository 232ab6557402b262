package retrieval

import (
	"context"
	"errors"
	"iter"
	"sync"
	"testing"
	"time"

	"footnote/corpus"
)

func mustRefresh(t *testing.T, s *Searcher) bool {
	t.Helper()
	changed, err := s.Refresh(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return changed
}

func TestRefreshSeesWhatAnotherHandleDid(t *testing.T) {
	dir := t.TempDir()
	ours, theirs := openTestStore(t, dir), openTestStore(t, dir)
	mustSave(t, theirs, told("kept"), told("changed"), told("removed"))
	s := newTestSearcher(t, ours, SearcherOptions{})
	river := Query{Text: "river"}
	for _, tt := range []struct {
		name    string
		do      func()
		changed bool
		want    string
	}{
		{"nothing", func() {}, false, "changed kept removed"},
		{"a new article", func() { mustSave(t, theirs, told("new")) }, true, "changed kept new removed"},
		{"a change", func() { mustSave(t, theirs, written("changed", "Bread is dear.")) }, true, "kept new removed"},
		{"a change back", func() { mustSave(t, theirs, told("changed")) }, true, "changed kept new removed"},
		{"a removal", func() { _, _ = theirs.Remove(t.Context(), "removed") }, true, "changed kept new"},
		{"a return", func() { mustSave(t, theirs, told("removed")) }, true, "changed kept new removed"},
		{"what it had already", func() { mustSave(t, theirs, told("new")) }, false, "changed kept new removed"},
		{"an answer", func() { mustRemember(t, theirs, testAnswer("answer", 1)) }, false, "changed kept new removed"},
	} {
		tt.do()
		if got := mustRefresh(t, s); got != tt.changed {
			t.Errorf("after %s: changed is %v", tt.name, got)
		}
		if got := articlesOf(retrieve(t, s, river)); got != tt.want {
			t.Errorf("after %s: found %q, want %q", tt.name, got, tt.want)
		}
	}
}

func TestRefreshSeesAnEdit(t *testing.T) {
	store := openTestStore(t, t.TempDir())
	mustSave(t, store, told("a"))
	s := newTestSearcher(t, store, SearcherOptions{})
	outlet := "Le Monde"
	if err := store.Edit(t.Context(), "a", Edit{Outlet: &outlet}); err != nil {
		t.Fatal(err)
	}
	if q := (Query{Text: "river", Outlets: []string{outlet}}); !mustRefresh(t, s) || len(retrieve(t, s, q)) != 1 {
		t.Error("the article is not found by its new outlet")
	}
}

func TestALibraryThatNeverChangesNeedsNoRefresh(t *testing.T) {
	s := newTestSearcher(t, NewMemory([]corpus.Article{told("a").Article}, corpus.Chunker{}), SearcherOptions{})
	if mustRefresh(t, s) {
		t.Error("it has changed")
	}
}

// A late is a shelf that gets an article while it is walked for the first time.
type late struct {
	*shelf
	put func()
}

func (l *late) All(ctx context.Context) iter.Seq2[Record, error] {
	l.put()
	return l.shelf.All(ctx)
}

func TestAnArticleAddedDuringTheFirstBuildIsThereOnce(t *testing.T) {
	library := newShelf(told("a"))
	s := newTestSearcher(t, &late{library, func() { library.put(told("b")) }}, SearcherOptions{})
	mustRefresh(t, s)
	if got := s.Coverage().Articles; got != 2 {
		t.Errorf("there are %d articles, want 2", got)
	}
}

func TestRefreshLeavesOutWhatCannotBeRead(t *testing.T) {
	damage := &DamageError{Article: "b", What: "its text is not what was saved"}
	for _, tt := range []struct {
		name     string
		fault    error
		reported bool
	}{{"a damaged article", damage, true}, {"one removed meanwhile", notFound("b"), false}} {
		t.Run(tt.name, func(t *testing.T) {
			library := newShelf(told("a"), told("b"))
			var reported error
			s := newTestSearcher(t, library, SearcherOptions{Damaged: func(err error) { reported = err }})
			library.put(told("b"))
			library.readFault["b"] = tt.fault
			if !mustRefresh(t, s) || s.Coverage().Articles != 1 || errors.Is(reported, damage) != tt.reported {
				t.Errorf("there are %d articles, reported is %v", s.Coverage().Articles, reported)
			}
		})
	}
}

func TestARefreshThatFailsChangesNothingAndIsMadeUpFor(t *testing.T) {
	library, broken := newShelf(told("a"), told("b")), errors.New("the disk is gone")
	s := newTestSearcher(t, library, SearcherOptions{})
	library.drop("a")
	library.put(told("c"))
	library.readFault["c"] = broken
	if _, err := s.Refresh(t.Context()); !errors.Is(err, broken) {
		t.Errorf("got %v", err)
	}
	if got := articlesOf(retrieve(t, s, Query{Text: "river"})); got != "b" { // a is gone from the library itself
		t.Errorf("found %q", got)
	}
	delete(library.readFault, "c")
	mustRefresh(t, s)
	if got := articlesOf(retrieve(t, s, Query{Text: "river"})); got != "b c" {
		t.Errorf("then found %q", got)
	}
}

// embeddedStore is a searcher that ranks by meaning over a store of one
// article, which has its vector if embedded.
func embeddedStore(t *testing.T, embedded bool) (*Searcher, *Store) {
	t.Helper()
	store := openTestStore(t, t.TempDir())
	mustSave(t, store, written("a", "An automobile stood in the square."))
	if embedded {
		mustEmbed(t, store)
	}
	return newTestSearcher(t, store, SearcherOptions{Embedder: &thesaurus{}, Vectors: store}), store
}

func mustEmbed(t *testing.T, store *Store) {
	t.Helper()
	if r, err := Embed(t.Context(), store, &thesaurus{}, nil); r.Pending != 0 || err != nil {
		t.Fatalf("%d passages have no vector: %v", r.Pending, err)
	}
}

func TestRefreshLoadsVectorsThatWereMadeLater(t *testing.T) {
	s, store := embeddedStore(t, false)
	if got := articlesOf(retrieve(t, s, Query{Text: "cars"})); got != "" || mustRefresh(t, s) {
		t.Errorf("found %q before there were vectors", got)
	}
	mustEmbed(t, store)
	if !mustRefresh(t, s) || mustRefresh(t, s) {
		t.Error("Refresh does not report the vectors once")
	}
	if got := articlesOf(retrieve(t, s, Query{Text: "cars"})); got != "a" {
		t.Errorf("found %q", got)
	}
}

func TestAVectorNeverStandsForAnotherText(t *testing.T) {
	s, store := embeddedStore(t, true)
	mustSave(t, store, written("a", "Bread is dear."))
	mustRefresh(t, s)
	if hits := retrieve(t, s, Query{Text: "cars bread"}); len(hits) != 1 || hits[0].Why.Cosine != 0 {
		t.Errorf("found %+v", hits)
	}
}

func TestVectorsGoWithTheirArticle(t *testing.T) {
	s, store := embeddedStore(t, true)
	if _, err := store.Remove(t.Context(), "a"); err != nil {
		t.Fatal(err)
	}
	mustRefresh(t, s)
	if n := s.parts.Load().embedded(); n != 0 {
		t.Errorf("%d vectors are left", n)
	}
}

// watch lets s follow store until the test ends.
func watch(t *testing.T, s *Searcher, store *Store, failed func(error)) {
	t.Helper()
	var watching sync.WaitGroup
	ctx, stop := context.WithCancel(t.Context())
	refresh := func(ctx context.Context) error { _, err := s.Refresh(ctx); return err }
	watching.Go(func() { store.Watch(ctx, time.Millisecond, refresh, failed) })
	t.Cleanup(func() { stop(); watching.Wait() })
}

// eventually fails the test unless what is true within five seconds.
func eventually(t *testing.T, what func() bool) {
	t.Helper()
	for deadline := time.Now().Add(5 * time.Second); !what(); time.Sleep(time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatal("it did not come to pass")
		}
	}
}

func TestWatchFollowsAnotherHandle(t *testing.T) {
	dir := t.TempDir()
	ours, theirs := openTestStore(t, dir), openTestStore(t, dir)
	mustSave(t, theirs, told("a"), told("b"))
	s := newTestSearcher(t, ours, SearcherOptions{Embedder: &thesaurus{}, Vectors: ours})
	watch(t, s, ours, func(err error) { t.Error(err) })
	finds := func(text, want string) func() bool {
		return func() bool { return articlesOf(retrieve(t, s, Query{Text: text})) == want }
	}
	mustSave(t, theirs, told("c"), written("car", "An automobile stood in the square."))
	eventually(t, finds("river", "a b c"))
	mustSave(t, theirs, written("b", "Bread is dear."))
	eventually(t, finds("river", "a c"))
	if _, err := theirs.Remove(t.Context(), "c"); err != nil {
		t.Fatal(err)
	}
	eventually(t, finds("river", "a"))
	mustEmbed(t, theirs)
	eventually(t, func() bool {
		hits := retrieve(t, s, Query{Text: "cars"})
		return len(hits) > 0 && hits[0].Article.ID == "car"
	})
}

func TestWatchTellsOfAFailureAndGoesOn(t *testing.T) {
	store, library := openTestStore(t, t.TempDir()), newShelf()
	mustSave(t, store, told("a"))
	s := newTestSearcher(t, library, SearcherOptions{})
	broken := errors.New("the disk is gone")
	library.put(told("b"))
	library.readFault["b"] = broken
	heard := make(chan error, 1)
	watch(t, s, store, func(err error) {
		select {
		case heard <- err:
		default:
		}
	})
	select {
	case err := <-heard:
		if !errors.Is(err, broken) {
			t.Errorf("told of %v", err)
		}
	case <-time.After(5 * time.Second):
		t.Error("nobody was told")
	}
	library.mu.Lock()
	delete(library.readFault, "b")
	library.mu.Unlock()
	eventually(t, func() bool { return s.Coverage().Articles == 1 })
}

func TestStampTellsOfEveryChangeToAnArticle(t *testing.T) {
	s := openTestStore(t, t.TempDir())
	stamp := func() Stamp {
		t.Helper()
		stamp, err := s.Stamp(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		return stamp
	}
	before := stamp()
	for _, tt := range []struct {
		name    string
		do      func() error
		changes bool
	}{
		{"save", func() error { mustSave(t, s, testRecord("a", 1), testRecord("b", 1)); return nil }, true},
		{"save again", func() error { mustSave(t, s, testRecord("a", 1)); return nil }, false},
		{"save another text", func() error { mustSave(t, s, testRecord("a", 2)); return nil }, true},
		{"edit", func() error { return s.Edit(t.Context(), "b", Edit{Title: new("T")}) }, true},
		{"remove", func() error { _, err := s.Remove(t.Context(), "a"); return err }, true},
		{"remember an answer", func() error { mustRemember(t, s, testAnswer("answer", 1)); return nil }, false},
	} {
		if err := tt.do(); err != nil {
			t.Fatalf("%s: %v", tt.name, err)
		}
		after := stamp()
		if (after != before) != tt.changes {
			t.Errorf("%s: the stamp went from %v to %v", tt.name, before, after)
		}
		before = after
	}
}

// BenchmarkRefreshForNothing is a refresh after a commit that changed no
// article.
func BenchmarkRefreshForNothing(b *testing.B) {
	store := openTestStore(b, b.TempDir())
	mustSave(b, store, benchRecords(10_000)...)
	s, err := NewSearcher(b.Context(), store, SearcherOptions{})
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if _, err := s.Refresh(b.Context()); err != nil {
			b.Fatal(err)
		}
	}
}
