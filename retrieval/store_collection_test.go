package retrieval

import (
	"errors"
	"reflect"
	"slices"
	"strings"
	"testing"

	"footnote/corpus"
)

func mustAddTo(t *testing.T, s *Store, collection string, r Record) Change {
	t.Helper()
	change, err := s.AddTo(t.Context(), collection, r)
	if err != nil {
		t.Fatal(err)
	}
	return change
}

func TestIDsOfCollections(t *testing.T) {
	for _, tt := range []struct {
		collection string
		id, want   corpus.ArticleID
	}{
		{"", "a", "a"},
		{"g", "a", "@g/a"},
		{"g", "@g/a", "@g/a"},
		{"g", "@h/a", "@g/@h/a"},
		{"", "@g/a", "@g/a"},
		{"g", "", ""},
	} {
		if got := IDIn(tt.collection, tt.id); got != tt.want {
			t.Errorf("IDIn(%q, %q) = %q, want %q", tt.collection, tt.id, got, tt.want)
		}
	}
}

func TestAddToIsIdempotent(t *testing.T) {
	s := openTestStore(t, t.TempDir())
	for _, tt := range []struct {
		collection string
		record     Record
		want       Change
	}{
		{"g", told("a"), Added},
		{"g", told("a"), Unchanged},
		{"h", told("a"), Added},
		{"", told("a"), Added},
		{"", told("a"), Unchanged},
		{"g", written("a", "Bread is dear."), Changed},
		{"h", told("a"), Unchanged},
	} {
		if got := mustAddTo(t, s, tt.collection, tt.record); got != tt.want {
			t.Errorf("adding %s to %q = %v, want %v", tt.record.ID, tt.collection, got, tt.want)
		}
	}
	if got := held(t, s); got != "@g/a @h/a a" {
		t.Errorf("the store holds %s", got)
	}
	checkClean(t, s)
}

func TestACollectionIsKept(t *testing.T) {
	s := openTestStore(t, t.TempDir())
	r := testRecord("a", 1)
	r.ID, r.Collection = "@g/a", "g"
	r.Passages = corpus.Chunker{}.Chunk(r.Article)
	mustAddTo(t, s, "g", testRecord("a", 1))
	if got, err := s.Article(t.Context(), r.ID); err != nil || !reflect.DeepEqual(got, r) {
		t.Errorf("Article = %+v, %v\nwant %+v", got, err, r)
	}
	if err := s.Edit(t.Context(), r.ID, Edit{Title: new("By hand")}); err != nil {
		t.Fatal(err)
	}
	if entries, err := s.List(t.Context()); err != nil || len(entries) != 1 || entries[0].Collection != "g" {
		t.Errorf("List = %+v, %v", entries, err)
	}
	corrupt(t, s, `UPDATE articles SET collection = ''`)
	if report, err := s.Check(t.Context()); err != nil || len(report.Damaged) != 1 {
		t.Errorf("Check of an article that was made common = %+v, %v", report, err)
	}
	if got := mustAddTo(t, s, "g", testRecord("a", 1)); got != Changed {
		t.Errorf("adding it again = %v", got)
	}
	checkClean(t, s)
}

func TestAnIDIsOneCollections(t *testing.T) {
	s := openTestStore(t, t.TempDir())
	mustAddTo(t, s, "g", told("a"))
	mustSave(t, s, told("@g/b"))
	for what, try := range map[string]func() error{
		"a common article with a server's id": func() error { _, err := s.AddTo(t.Context(), "", told("@g/a")); return err },
		"a server's with a common one's":      func() error { _, err := s.AddTo(t.Context(), "g", told("b")); return err },
	} {
		if err := try(); err == nil || !strings.Contains(err.Error(), "another collection's") {
			t.Errorf("%s: %v", what, err)
		}
	}
	title := "Mine"
	items := []corpus.Item{file("@g/a", "A text.")}
	report := mustSync(t, s, items, SyncOptions{Override: &Edit{Title: &title}})
	if len(report.Skipped) != 1 || report.Added+report.Changed+report.Unchanged > 0 {
		t.Errorf("Sync of a server's id = %+v", report)
	}
	if dry := mustSync(t, s, items, SyncOptions{DryRun: true}); !reflect.DeepEqual(dry, report) {
		t.Errorf("the dry run said %+v", dry)
	}
	if r, err := s.Article(t.Context(), "@g/a"); err != nil || r.Title == title || r.Collection != "g" {
		t.Errorf("the server's article is %+v, %v", r, err)
	}
}

func TestNamesThatNoCollectionHas(t *testing.T) {
	s := openTestStore(t, t.TempDir())
	for _, name := range []string{"a/b", "a\n", "\xff", strings.Repeat("x", 65)} {
		if _, err := s.AddTo(t.Context(), name, told("a")); err == nil || !strings.Contains(err.Error(), "name of the collection") {
			t.Errorf("AddTo %q: %v", name, err)
		}
		if _, err := trySync(t, s, files("a"), SyncOptions{Collection: name}); err == nil {
			t.Errorf("Sync took the collection %q", name)
		}
	}
}

func TestSyncOfACollectionLeavesOthersAlone(t *testing.T) {
	s := openTestStore(t, t.TempDir())
	place := SyncOptions{Prune: true, Places: []string{"/news"}}
	of := func(collection string) SyncOptions {
		o := place
		o.Collection = collection
		return o
	}
	for _, tt := range []struct {
		collection string
		items      []corpus.Item
		want       SyncReport
		held       string
	}{
		{"", files("a", "b"), SyncReport{Added: 2, Passages: 2}, "a b"},
		{"g", files("a", "c"), SyncReport{Added: 2, Passages: 2}, "@g/a @g/c a b"},
		{"g", files("a", "c"), SyncReport{Unchanged: 2}, "@g/a @g/c a b"},
		{"h", files("c"), SyncReport{Added: 1, Passages: 1}, "@g/a @g/c @h/c a b"},
		{"g", files("a"), SyncReport{Unchanged: 1, Removed: 1}, "@g/a @h/c a b"},
		{"", files("b"), SyncReport{Unchanged: 1, Removed: 1}, "@g/a @h/c b"},
	} {
		if got := mustSync(t, s, tt.items, of(tt.collection)); !reflect.DeepEqual(got, tt.want) {
			t.Errorf("%q: got %+v, want %+v", tt.collection, got, tt.want)
		}
		if got := held(t, s); got != tt.held {
			t.Errorf("%q: the store holds %s, want %s", tt.collection, got, tt.held)
		}
	}
	checkClean(t, s)
}

func TestDropCollectionErasesIt(t *testing.T) {
	dir := t.TempDir()
	s := openTestStore(t, dir)
	cited := told("cited")
	for _, r := range []Record{written("secret", "The river of hemlock."), cited} {
		mustAddTo(t, s, "g", r)
	}
	mustAddTo(t, s, "h", told("other"))
	mustSave(t, s, told("common"))
	cited.ID = "@g/cited"
	mustRemember(t, s, testAnswer("answer", 1), cited.Article)
	if n, err := s.DropCollection(t.Context(), "g"); n != 2 || err != nil {
		t.Errorf("DropCollection = %d, %v", n, err)
	}
	if got := held(t, s); got != "@h/other common" {
		t.Errorf("the store holds %s", got)
	}
	assertNoTrace(t, dir, "hemlock")
	if got, err := s.Cited(t.Context(), "answer"); err != nil || len(got) != 1 || got[0].State != Gone {
		t.Errorf("Cited = %+v, %v", got, err)
	}
	if n, err := s.DropCollection(t.Context(), "g"); n != 0 || err != nil {
		t.Errorf("DropCollection of none = %d, %v", n, err)
	}
	checkClean(t, s)
	if err := s.ForgetAnswers(t.Context(), "answer"); err != nil {
		t.Fatal(err)
	}
	assertNoTrace(t, dir, "@g/")
}

func TestTheCommonArticlesCannotBeDropped(t *testing.T) {
	s := openTestStore(t, t.TempDir())
	mustSave(t, s, told("a"))
	if n, err := s.DropCollection(t.Context(), ""); n != 0 || err == nil || held(t, s) != "a" {
		t.Errorf("DropCollection = %d, %v; the store holds %q", n, err, held(t, s))
	}
}

func TestForgetAnswersLeavesNoTrace(t *testing.T) {
	dir := t.TempDir()
	s := openTestStore(t, dir)
	var ids []string
	for i := range 40 {
		id := "kept-" + strings.Repeat("k", i)
		if i%2 == 0 {
			id = "mine-" + strings.Repeat("m", i)
			ids = append(ids, id)
		}
		mustRemember(t, s, testAnswer(id, i), testRecord("about-"+id, 1).Article, testRecord("shared", 1).Article)
	}
	if err := s.ForgetAnswers(t.Context(), append(ids, "unknown", "kept")...); err != nil {
		t.Fatal(err)
	}
	assertNoTrace(t, dir, "mine-")
	left, err := s.Answers(t.Context(), -1)
	if err != nil || len(left) != 20 || slices.ContainsFunc(left, func(r Remembered) bool { return !strings.HasPrefix(r.ID, "kept-") }) {
		t.Errorf("%d answers are left, %v, want the 20 others", len(left), err)
	}
	if cited, err := s.Cited(t.Context(), left[0].ID); err != nil || len(cited) != 2 {
		t.Errorf("Cited of one of them = %v, %v", cited, err)
	}
	checkClean(t, s)
}

func TestForgettingAgainErasesWhatWasLeft(t *testing.T) {
	dir := t.TempDir()
	s := openTestStore(t, dir)
	mustRemember(t, s, testAnswer("first", 1))
	if _, err := s.writer.Exec(`PRAGMA busy_timeout = 1`); err != nil {
		t.Fatal(err)
	}
	tx, err := s.readers.Begin()
	if err != nil {
		t.Fatal(err)
	}
	defer tx.Rollback() // nothing is left to end after the one below
	if _, err := column[string](t.Context(), tx, `SELECT id FROM answers`); err != nil {
		t.Fatal(err)
	}
	if err := s.ForgetAnswers(t.Context(), "first"); !errors.Is(err, ErrTraces) {
		t.Errorf("ForgetAnswers while another reads: %v", err)
	}
	if err := errors.Join(tx.Rollback(), s.ForgetAnswers(t.Context(), "first")); err != nil {
		t.Fatal(err)
	}
	assertNoTrace(t, dir, "What of first")
}
