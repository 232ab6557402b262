package retrieval

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"footnote/corpus"
)

// file is an article as Load finds it in a file of its own under /news.
func file(id, text string) corpus.Item {
	return corpus.Item{Source: "/news/" + id + ".txt", Article: corpus.Article{ID: corpus.ArticleID(id), Title: "On " + id, Text: text}}
}

// row is an article as Load finds it in a line of /news/all.jsonl.
func row(line int, id, text string) corpus.Item {
	item := file(id, text)
	item.Source, item.Line = "/news/all.jsonl", line
	return item
}

// files are articles that differ, one a file.
func files(ids ...string) []corpus.Item {
	var items []corpus.Item
	for _, id := range ids {
		items = append(items, file(id, "A text on "+id+"."))
	}
	return items
}

func broken(source string) corpus.Item {
	return corpus.Item{Source: source, Err: errors.New("it cannot be read")}
}

func trySync(t *testing.T, s *Store, items []corpus.Item, o SyncOptions) (SyncReport, error) {
	t.Helper()
	return Sync(t.Context(), s, slices.Values(items), o)
}

func mustSync(t *testing.T, s *Store, items []corpus.Item, o SyncOptions) SyncReport {
	t.Helper()
	report, err := trySync(t, s, items, o)
	if err != nil {
		t.Fatal(err)
	}
	return report
}

// held names the articles of a store.
func held(t *testing.T, s *Store) string {
	t.Helper()
	var ids []string
	for _, r := range all(t, s) {
		ids = append(ids, string(r.ID))
	}
	return strings.Join(ids, " ")
}

func TestSyncCounts(t *testing.T) {
	s := openTestStore(t, t.TempDir())
	long := file("a", "# One\n\nFirst.\n\n# Two\n\nSecond.")
	items := append(files("b", "c"), long)
	want := SyncReport{Added: 3, Passages: 4}
	if got := mustSync(t, s, items, SyncOptions{}); !reflect.DeepEqual(got, want) {
		t.Errorf("the first: got %+v, want %+v", got, want)
	}
	items = append(files("c", "d"), file("a", "Another text."))
	want = SyncReport{Added: 1, Changed: 1, Unchanged: 1, Passages: 2}
	if got := mustSync(t, s, items, SyncOptions{}); !reflect.DeepEqual(got, want) {
		t.Errorf("the second: got %+v, want %+v", got, want)
	}
	if got := held(t, s); got != "a b c d" {
		t.Errorf("the store holds %s", got)
	}
	checkClean(t, s)
}

func TestSyncOfTheSameIsFree(t *testing.T) {
	s := openTestStore(t, t.TempDir())
	o := SyncOptions{Prune: true, Places: []string{"/news"}}
	mustSync(t, s, files("a", "b"), o)
	mustEmbed(t, s)
	before := dataVersion(t, s)
	if got, want := mustSync(t, s, files("a", "b"), o), (SyncReport{Unchanged: 2}); !reflect.DeepEqual(got, want) {
		t.Errorf("got %+v, want %+v", got, want)
	}
	mustEmbed(t, s)
	if after := dataVersion(t, s); after != before {
		t.Error("it wrote to the store")
	}
}

func TestSyncSkipsWhatItCannotTake(t *testing.T) {
	late := file("late", "A text.")
	late.Article.Published = time.Date(12022, 1, 1, 0, 0, 0, 0, time.UTC)
	for _, tt := range []struct {
		name    string
		bad     corpus.Item
		skipped string // in the reason; "" if it is to be taken
	}{
		{"a source that cannot be read", broken("/news/x.txt"), "it cannot be read"},
		{"an article without a text", file("x", " "), "no text"},
		{"an article without an id", file("", "A text."), "no id"},
		{"a date beyond the calendar", late, "2022-11-11"},
		{"an id that is taken", file("a", "Another text."), "/news/a.txt; give it another id"},
		{"an id that a line has taken", row(9, "l", "Another text."), "/news/all.jsonl:1; give it another id"},
		{"a file with the text of another", file("x", "A text on a."), "/news/a.txt; keep one"},
		{"a file with the text of a line", file("x", "A text on l."), "/news/all.jsonl:1; keep one"},
		{"a line with the text of another", row(9, "x", "A text on l."), ""},
		{"a line with the text of a file", row(9, "x", "A text on a."), ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s := openTestStore(t, t.TempDir())
			items := slices.Concat(files("a"), []corpus.Item{row(1, "l", "A text on l."), tt.bad}, files("b"))
			got := mustSync(t, s, items, SyncOptions{})
			if tt.skipped == "" {
				if got.Added != 4 || len(got.Skipped) > 0 {
					t.Errorf("got %+v", got)
				}
				return
			}
			if len(got.Skipped) != 1 || got.Skipped[0].Source != tt.bad.Where() || !strings.Contains(got.Skipped[0].Reason, tt.skipped) {
				t.Errorf("skipped %q", got.Skipped)
			}
			if held := held(t, s); got.Added != 3 || held != "a b l" {
				t.Errorf("added %d, the store holds %s", got.Added, held)
			}
		})
	}
}

func TestADryRunSaysWhatARealOneDoes(t *testing.T) {
	for _, tt := range []struct {
		name     string
		was, now []corpus.Item
		options  SyncOptions
	}{
		{"into an empty store", nil, files("a", "b"), SyncOptions{}},
		{"with changes and skips", files("a", "b", "c"), slices.Concat(files("a"), []corpus.Item{file("b", "New."), broken("/news/x")}, files("d", "d")), SyncOptions{}},
		{"with a prune", files("a", "b", "c"), files("a", "b"), SyncOptions{Prune: true, Places: []string{"/news"}}},
		{"with places in one another", files("a", "b", "c"), files("a", "b"), SyncOptions{Prune: true, Places: []string{"/news", "/news/c.txt"}, Force: true}},
		{"when all is renamed", files("a", "b"), files("c", "d", "e"), SyncOptions{Prune: true, Places: []string{"/news"}}},
		{"when the guard holds", files("a", "b", "c"), files("a"), SyncOptions{Prune: true, Places: []string{"/news"}}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s := openTestStore(t, t.TempDir())
			mustSync(t, s, tt.was, SyncOptions{})
			before, records := dataVersion(t, s), all(t, s)
			o := tt.options
			o.DryRun = true
			said, dryErr := trySync(t, s, tt.now, o)
			if dataVersion(t, s) != before || !reflect.DeepEqual(all(t, s), records) {
				t.Error("it wrote to the store")
			}
			did, err := trySync(t, s, tt.now, tt.options)
			if !reflect.DeepEqual(said, did) || fmt.Sprint(dryErr) != fmt.Sprint(err) {
				t.Errorf("said %+v, %v\ndid  %+v, %v", said, dryErr, did, err)
			}
		})
	}
}

func TestPrune(t *testing.T) {
	place := SyncOptions{Prune: true, Places: []string{"/news"}}
	for _, tt := range []struct {
		name    string
		now     []corpus.Item
		options SyncOptions
		want    string // of a b c d under /news, x under /newsroom and y with no place
	}{
		{"removes what is gone", files("a", "b", "d"), place, "a b d x y"},
		{"removes nothing unless asked", files("a"), SyncOptions{Places: []string{"/news"}}, "a b c d x y"},
		{"keeps what came from elsewhere", files("a", "b"), SyncOptions{Prune: true, Places: []string{"/news/a.txt", "/news/c.txt"}, Force: true}, "a b d x y"},
		{"takes a place with a slash at its end", files("a", "b", "d"), SyncOptions{Prune: true, Places: []string{"/news/"}}, "a b d x y"},
		{"keeps what could not be read", append(files("a", "b"), broken("/news/c.txt")), place, "a b c x y"},
		{"keeps all of a folder that could not be read", []corpus.Item{broken("/news")}, place, "a b c d x y"},
		{"keeps what is skipped", append(files("a", "b", "d"), file("c", "A text on a.")), place, "a b c d x y"},
		{"counts once what two places hold", files("a", "b", "d"), SyncOptions{Prune: true, Places: []string{"/news", "/news/c.txt"}, Force: true}, "a b d x y"},
		{"removes half", files("a", "b"), place, "a b x y"},
		{"removes all if forced", nil, SyncOptions{Prune: true, Places: []string{"/news"}, Force: true}, "x y"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s := openTestStore(t, t.TempDir())
			away, nowhere := file("x", "A text on x."), file("y", "A text on y.")
			away.Source, nowhere.Source = "/newsroom/x.txt", "-"
			mustSync(t, s, append(files("a", "b", "c", "d"), away, nowhere), SyncOptions{})
			report := mustSync(t, s, tt.now, tt.options)
			got := held(t, s)
			if got != tt.want {
				t.Errorf("the store holds %s, want %s", got, tt.want)
			}
			if n := 6 - len(strings.Fields(got)); report.Removed != n {
				t.Errorf("the report has %d removed, %d are gone", report.Removed, n)
			}
		})
	}
}

func TestPruneOfLinesDespiteARepeatedOne(t *testing.T) {
	s := openTestStore(t, t.TempDir())
	mustSync(t, s, []corpus.Item{row(1, "a", "One."), row(2, "b", "Two."), row(3, "c", "Three.")}, SyncOptions{})
	now := []corpus.Item{row(1, "a", "One."), row(2, "b", "Two."), row(3, "b", "Two.")}
	mustSync(t, s, now, SyncOptions{Prune: true, Places: []string{"/news/all.jsonl"}})
	if got := held(t, s); got != "a b" {
		t.Errorf("the store holds %s", got)
	}
}

func TestPruneGuard(t *testing.T) {
	s := openTestStore(t, t.TempDir())
	mustSync(t, s, files("a", "b", "c", "d"), SyncOptions{})
	report, err := trySync(t, s, files("a", "new"), SyncOptions{Prune: true, Places: []string{"/news"}})
	if !errors.Is(err, ErrPruneGuard) || !strings.Contains(err.Error(), "3 of the 5 articles from /news") || !strings.Contains(err.Error(), "--force") {
		t.Errorf("got %v", err)
	}
	if got := held(t, s); got != "a b c d new" || report.Added != 1 || report.Removed != 0 {
		t.Errorf("the store holds %s; %+v", got, report)
	}
}

func TestPruneAfterAFolderIsGone(t *testing.T) {
	s, dir := openTestStore(t, t.TempDir()), filepath.Join(t.TempDir(), "news")
	if err := os.Mkdir(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "a.txt"), []byte("The river rose."), 0o600); err != nil {
		t.Fatal(err)
	}
	o := SyncOptions{Prune: true, Places: []string{dir}, Force: true}
	load := func() SyncReport {
		report, err := Sync(t.Context(), s, corpus.Load(t.Context(), dir, nil), o)
		if err != nil {
			t.Fatal(err)
		}
		return report
	}
	if got := load(); got.Added != 1 {
		t.Fatalf("got %+v", got)
	}
	if err := os.RemoveAll(dir); err != nil {
		t.Fatal(err)
	}
	if got := load(); got.Removed != 0 || len(got.Skipped) != 1 || held(t, s) == "" {
		t.Errorf("got %+v", got)
	}
}

func TestOverride(t *testing.T) {
	title, outlet, url, day := "T", "", "https://example.org/", time.Date(2022, 11, 11, 0, 0, 0, 0, time.UTC)
	of := file("a", "A text.")
	of.Article.Outlet, of.Article.Derived = "AP", true
	for _, tt := range []struct {
		name string
		edit Edit
		want corpus.Article
	}{
		{"nothing", Edit{}, of.Article},
		{"all", Edit{&title, &outlet, &url, &day}, corpus.Article{ID: "a", Title: title, URL: url, Published: day, Text: "A text."}},
		{"one field", Edit{Published: &day}, corpus.Article{ID: "a", Title: "On a", Derived: true, Outlet: "AP", Published: day, Text: "A text."}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s := openTestStore(t, t.TempDir())
			mustSync(t, s, []corpus.Item{of}, SyncOptions{Override: &tt.edit})
			if got := all(t, s)[0].Article; got != tt.want {
				t.Errorf("got %+v, want %+v", got, tt.want)
			}
		})
	}
}

func TestSyncKeepsSourceAndTime(t *testing.T) {
	s := openTestStore(t, t.TempDir())
	now := time.Date(2024, 2, 3, 4, 5, 6, 0, time.FixedZone("", 3600))
	mustSync(t, s, []corpus.Item{row(7, "a", "A text.")}, SyncOptions{Now: func() time.Time { return now }})
	if r := all(t, s)[0]; r.Source != "/news/all.jsonl" || !r.Added.Equal(now) {
		t.Errorf("got source %q and %v", r.Source, r.Added)
	}
}

func TestSyncTakesMoreThanOneBatch(t *testing.T) {
	s := openTestStore(t, t.TempDir())
	var items []corpus.Item
	for i := range 2*batchArticles + 7 {
		items = append(items, files(fmt.Sprintf("a%03d", i))...)
	}
	items = append(items, items[0]) // its like is in the store by now
	var told []string
	got := mustSync(t, s, items, SyncOptions{Progress: func(done int, source string) { told = append(told, fmt.Sprint(done, source)) }})
	if n := len(items) - 1; got.Added != n || len(got.Skipped) != 1 || len(all(t, s)) != n {
		t.Errorf("got %+v", got)
	}
	if n := len(items); len(told) != n || told[1] != "2/news/a001.txt" {
		t.Errorf("told %q", told)
	}
}

func TestSyncFlushesByBytesToo(t *testing.T) {
	s := openTestStore(t, t.TempDir())
	large := file("a", strings.Repeat("word ", batchBytes/5)+"end.")
	seen := -1
	items := func(yield func(corpus.Item) bool) {
		if yield(large) {
			seen = len(all(t, s))
			yield(file("b", "A text."))
		}
	}
	if _, err := Sync(t.Context(), s, items, SyncOptions{}); err != nil || seen != 1 {
		t.Errorf("%d articles were saved before the next was read: %v", seen, err)
	}
}

func TestSyncEndsWithItsContext(t *testing.T) {
	s := openTestStore(t, t.TempDir())
	mustSync(t, s, files("a"), SyncOptions{})
	ctx, cancel := context.WithCancel(t.Context())
	items := func(yield func(corpus.Item) bool) {
		yield(file("b", "A text."))
		cancel() // Load ends early then, so that what it has yet to yield seems gone
	}
	report, err := Sync(ctx, s, items, SyncOptions{Prune: true, Places: []string{"/news"}, Force: true})
	if !errors.Is(err, context.Canceled) || report.Added != 0 || held(t, s) != "a" {
		t.Errorf("got %+v, %v; the store holds %s", report, err, held(t, s))
	}
}

// An away is a thesaurus that is not there until it has been asked often
// enough.
type away struct {
	thesaurus
	refusals int
}

func (a *away) EmbedPassages(ctx context.Context, texts []string) ([]Vector, error) {
	if a.refusals--; a.refusals >= 0 {
		return nil, fmt.Errorf("asking: %w", ErrUnavailable)
	}
	return a.thesaurus.EmbedPassages(ctx, texts)
}

func TestEmbedMakesUpForAnEmbedderThatWasAway(t *testing.T) {
	s, e := openTestStore(t, t.TempDir()), &away{refusals: 1}
	mustSync(t, s, files("a", "b"), SyncOptions{})
	for _, want := range []EmbedReport{{Pending: 2}, {Embedded: 2}, {}} {
		if got, err := Embed(t.Context(), s, e, nil); !reflect.DeepEqual(got, want) || err != nil {
			t.Errorf("got %+v, %v, want %+v", got, err, want)
		}
	}
	if got := len(vectorsOf(t, s, "thesaurus")); got != 2 {
		t.Errorf("there are %d vectors", got)
	}
}

func TestEmbedGoesOnWhereItWasInterrupted(t *testing.T) {
	s := openTestStore(t, t.TempDir())
	names := make([]string, 2*embedBatch+1)
	for i := range names {
		names[i] = fmt.Sprintf("a%04d", i)
	}
	mustSync(t, s, files(names...), SyncOptions{})
	ctx, cancel := context.WithCancel(t.Context())
	report, err := Embed(ctx, s, &thesaurus{}, func(int, int) { cancel() })
	if report.Embedded != embedBatch || !errors.Is(err, context.Canceled) {
		t.Errorf("got %+v, %v", report, err)
	}
	var told []int
	report, err = Embed(t.Context(), s, &thesaurus{}, func(done, total int) { told = append(told, done, total) })
	if report.Embedded != embedBatch+1 || err != nil {
		t.Errorf("got %+v, %v", report, err)
	}
	if want := []int{embedBatch, embedBatch + 1, embedBatch + 1, embedBatch + 1}; !slices.Equal(told, want) {
		t.Errorf("it told of %v, want %v", told, want)
	}
}

// A meddler is a thesaurus beside which the store changes while it works.
type meddler struct {
	thesaurus
	meddle func()
}

func (m *meddler) EmbedPassages(ctx context.Context, texts []string) ([]Vector, error) {
	meddle := m.meddle
	m.meddle = func() {}
	meddle()
	return m.thesaurus.EmbedPassages(ctx, texts)
}

func TestVectorsAreOfTheTextsThatTheStoreHolds(t *testing.T) {
	s := openTestStore(t, t.TempDir())
	mustSave(t, s, written("a", "An automobile."), written("b", "A stream."), written("c", "A deluge."))
	m := &meddler{meddle: func() {
		mustSave(t, s, written("a", "Some ammunition."))
		if _, err := s.Remove(t.Context(), "b"); err != nil {
			t.Error(err)
		}
	}}
	if r, err := Embed(t.Context(), s, m, nil); r.Pending != 0 || err != nil {
		t.Fatalf("%d passages have no vector: %v", r.Pending, err)
	}
	want := []PassageVector{{Article: "a", Vector: meaning("ammunition")}, {Article: "c", Vector: meaning("deluge")}}
	if got := vectorsOf(t, s, "thesaurus"); !reflect.DeepEqual(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

func TestEmbeddingIgnoresAnArticleThatIsGone(t *testing.T) {
	s := openTestStore(t, t.TempDir())
	mustSave(t, s, told("a"))
	passages := slices.Concat(told("a").Passages, told("gone").Passages)
	if err := embedPassages(t.Context(), s, &thesaurus{}, passages); err != nil {
		t.Fatal(err)
	}
	if got := vectorsOf(t, s, "thesaurus"); len(got) != 1 || got[0].Article != "a" {
		t.Errorf("got %v", got)
	}
}

func TestEmbedReturnsOtherErrors(t *testing.T) {
	s, refused := openTestStore(t, t.TempDir()), errors.New("the key is refused")
	mustSave(t, s, told("a"))
	if _, err := Embed(t.Context(), s, refuser{refused}, nil); !errors.Is(err, refused) {
		t.Errorf("got %v", err)
	}
}

// A refuser is an Embedder that embeds nothing.
type refuser struct{ err error }

func (refuser) Model() string { return "refuser" }

func (r refuser) EmbedPassages(context.Context, []string) ([]Vector, error) { return nil, r.err }

func (r refuser) EmbedQuery(context.Context, string) (Vector, error) { return nil, r.err }

func TestEmbeddedText(t *testing.T) {
	for _, tt := range []struct {
		title   string
		heading []string
		want    string
	}{
		{"", nil, "Text."},
		{"Title", nil, "Title\nText."},
		{"Title", []string{"One", "", "Two"}, "Title\nOne\nTwo\nText."},
	} {
		if got := EmbeddedText(corpus.Article{Title: tt.title}, corpus.Passage{Heading: tt.heading, Text: "Text."}); got != tt.want {
			t.Errorf("got %q, want %q", got, tt.want)
		}
	}
}

func TestAnEmptiedFolderCanBePruned(t *testing.T) {
	ctx := t.Context()
	s := openTestStore(t, t.TempDir())
	dir := t.TempDir()
	file := filepath.Join(dir, "a.txt")
	if err := os.WriteFile(file, []byte("One article stood here."), 0o600); err != nil {
		t.Fatal(err)
	}
	sync := func(o SyncOptions) (SyncReport, error) {
		o.Prune, o.Places = true, []string{dir}
		return Sync(ctx, s, corpus.Load(ctx, dir, nil), o)
	}
	if _, err := sync(SyncOptions{}); err != nil {
		t.Fatal(err)
	}
	if err := os.Remove(file); err != nil {
		t.Fatal(err)
	}
	if _, err := sync(SyncOptions{}); !errors.Is(err, ErrPruneGuard) {
		t.Errorf("without force: %v", err)
	}
	if r, err := sync(SyncOptions{Force: true}); err != nil || r.Removed != 1 {
		t.Errorf("with force: %+v, %v", r, err)
	}
}

// What is said of one file outlives a later ingest of it without a word.
func TestAnOverrideIsAnEdit(t *testing.T) {
	ctx := t.Context()
	s := openTestStore(t, t.TempDir())
	outlet := "AP"
	for i, step := range []struct {
		override *Edit
		want     SyncReport
	}{
		{nil, SyncReport{Added: 1, Passages: 1}},
		{&Edit{Outlet: &outlet}, SyncReport{Changed: 1}},
		{&Edit{Outlet: &outlet}, SyncReport{Unchanged: 1}},
		{nil, SyncReport{Unchanged: 1}},
	} {
		got, err := Sync(ctx, s, slices.Values(files("a")), SyncOptions{Override: step.override})
		if err != nil || !reflect.DeepEqual(got, step.want) {
			t.Errorf("step %d: got %+v, %v, want %+v", i, got, err, step.want)
		}
	}
	if r, err := s.Article(ctx, "a"); err != nil || r.Outlet != "AP" {
		t.Errorf("got outlet %q, %v", r.Outlet, err)
	}
	if _, err := Sync(ctx, s, slices.Values(files("b", "c")), SyncOptions{Override: &Edit{Outlet: &outlet}}); err == nil {
		t.Error("one outlet was given to two articles")
	}
}

// A passage that the embedder refuses keeps no other from its vector.
func TestARefusedPassageIsLeftOut(t *testing.T) {
	ctx := t.Context()
	s := openTestStore(t, t.TempDir())
	mustSync(t, s, files("a", "poison", "z"), SyncOptions{})
	report, err := Embed(ctx, s, picky{}, nil)
	if err != nil || len(report.Refused) != 1 || report.Refused[0].Source != "poison#0" || report.Pending != 0 || report.Embedded != 2 {
		t.Errorf("got %+v, %v", report, err)
	}
	if n, err := s.CountWithoutVector(ctx, picky{}.Model()); n != 1 || err != nil {
		t.Errorf("%d passages lack a vector, %v, want 1", n, err)
	}
}

// picky refuses any text about poison.
type picky struct{}

func (picky) Model() string { return "picky" }

func (picky) EmbedPassages(_ context.Context, texts []string) ([]Vector, error) {
	out := make([]Vector, len(texts))
	for i, text := range texts {
		if strings.Contains(text, "poison") {
			return nil, &TextError{Index: i, Err: errors.New("it is poison")}
		}
		out[i] = Vector{1, 0}
	}
	return out, nil
}

func (picky) EmbedQuery(context.Context, string) (Vector, error) { return Vector{1, 0}, nil }

// An article in whose place the store is broken is skipped, and the rest goes
// in.
func TestABrokenPlaceStopsNoOtherArticle(t *testing.T) {
	s, lost := holedStore(t)
	report, err := Sync(t.Context(), s, slices.Values(files("b", string(lost[0]), "c")), SyncOptions{})
	if err != nil || report.Added != 2 || report.Passages != 2 || len(report.Skipped) != 1 {
		t.Errorf("got %+v, %v", report, err)
	}
}
