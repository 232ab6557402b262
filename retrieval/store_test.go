package retrieval

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	_ "modernc.org/sqlite"

	"footnote/corpus"
)

// openTestStore is the store in dir until the test ends.
func openTestStore(t testing.TB, dir string) *Store {
	t.Helper()
	s, err := OpenStore(t.Context(), dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

// testRecord is an article of three passages whose text names it and version.
func testRecord(id string, version int) Record {
	return recordOf(id, version, 3)
}

func recordOf(id string, version, passages int) Record {
	var text strings.Builder
	spans := make([]corpus.Span, passages)
	for i := range spans {
		start := text.Len()
		fmt.Fprintf(&text, "Paragraph %d of %s, version %d: «%s».", i, id, version, strings.Repeat("the river rose again ", 10))
		spans[i] = corpus.Span{Start: start, End: text.Len()}
		text.WriteString("\n\n")
	}
	a := corpus.Article{
		ID: corpus.ArticleID(id), Title: "Flood in " + id, Derived: true, Outlet: "AP", URL: "https://example.org/" + id,
		Published: time.Date(2022, 11, 11, 0, 0, 0, 0, time.UTC), Text: text.String(),
	}
	r := Record{Article: a, Source: "/news/" + id, Added: time.Date(2024, 2, 3, 4, 5, 6, 7000, time.UTC)}
	for i, s := range spans {
		var heading []string
		if i > 0 {
			heading = []string{"World", `A "quoted" heading`}
		}
		r.Passages = append(r.Passages, corpus.NewPassage(a, i, s.Start, s.End, heading))
	}
	return r
}

func mustSave(t testing.TB, s *Store, records ...Record) []Change {
	t.Helper()
	changes, err := s.Save(t.Context(), records)
	if err != nil {
		t.Fatal(err)
	}
	return changes
}

// all is what the store yields; it fails the test on any error.
func all(t testing.TB, s *Store) []Record {
	t.Helper()
	var out []Record
	for r, err := range s.All(t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, r)
	}
	return out
}

func checkClean(t testing.TB, s *Store) {
	t.Helper()
	report, err := s.Check(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if len(report.Damaged) > 0 {
		t.Errorf("Check found damage: %v", report.Damaged)
	}
}

func TestStoreRoundTrip(t *testing.T) {
	odd := testRecord("odd", 1)
	odd.Published = time.Time{}
	odd.Text = "Nul \x00, pile \U0001F4A9 and\r\nline ends.\n"
	odd.Passages = nil
	want := []Record{testRecord("a", 1), testRecord("b/π?#%", 1), odd}
	dir := filepath.Join(t.TempDir(), "new", "folder with ? and # and %20")
	s := openTestStore(t, dir)
	mustSave(t, s, want[2], want[0], want[1])

	other := openTestStore(t, dir)
	if got := all(t, other); !reflect.DeepEqual(got, want) {
		t.Errorf("All = %v\nwant %v", got, want)
	}
	for _, w := range want {
		got, err := other.Article(t.Context(), w.ID)
		if err != nil || !reflect.DeepEqual(got, w) {
			t.Errorf("Article(%q) = %v, %v", w.ID, got, err)
		}
	}
	entries, err := other.List(t.Context())
	if err != nil || len(entries) != 3 {
		t.Fatalf("List = %v, %v", entries, err)
	}
	withoutText := want[0].Article
	withoutText.Text = ""
	first := Entry{Article: withoutText, Passages: 3, Bytes: len(want[0].Text), Source: "/news/a", Added: want[0].Added}
	if entries[0] != first {
		t.Errorf("List[0] = %+v\nwant %+v", entries[0], first)
	}
	checkClean(t, other)
}

func TestStoreFilesArePrivate(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "data")
	s := openTestStore(t, dir)
	mustSave(t, s, testRecord("a", 1))
	for name, want := range map[string]os.FileMode{".": 0o700, storeFile: 0o600, storeFile + "-wal": 0o600} {
		info, err := os.Stat(filepath.Join(dir, name))
		if err != nil || info.Mode().Perm() != want {
			t.Errorf("%s has mode %v (%v), want %v", name, info.Mode().Perm(), err, want)
		}
	}
}

func TestFindStore(t *testing.T) {
	dir := t.TempDir()
	finds := func(dir string, want bool) {
		t.Helper()
		if found, err := FindStore(dir); found != want || err != nil {
			t.Errorf("FindStore = %v, %v, want %v", found, err, want)
		}
	}
	finds(dir, false)
	finds(filepath.Join(dir, "missing"), false)
	empty := t.TempDir()
	if err := os.WriteFile(filepath.Join(empty, storeFile), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	finds(empty, false)
	openTestStore(t, dir)
	finds(dir, true)
	if _, err := FindStore(filepath.Join(dir, storeFile)); err == nil || !strings.Contains(err.Error(), "cannot be reached (not a directory)") {
		t.Errorf("FindStore in a file: %v", err)
	}
}

func TestStoreCloseLeavesOneFile(t *testing.T) {
	dir := t.TempDir()
	s, err := OpenStore(t.Context(), dir)
	if err != nil {
		t.Fatal(err)
	}
	mustSave(t, s, testRecord("a", 1))
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	entries, err := os.ReadDir(dir)
	if err != nil || len(entries) != 1 {
		t.Errorf("the folder holds %v (%v), want the store only", entries, err)
	}
}

func TestSaveSaysWhatItDid(t *testing.T) {
	s := openTestStore(t, t.TempDir())
	mustSave(t, s, testRecord("a", 1), testRecord("b", 1))
	batch := []Record{testRecord("a", 1), testRecord("b", 2), testRecord("c", 1), testRecord("c", 1), testRecord("c", 2)}
	want := []Change{Unchanged, Changed, Added, Unchanged, Changed}

	compared, err := s.Compare(t.Context(), batch)
	if err != nil || !slices.Equal(compared, want) {
		t.Errorf("Compare = %v, %v, want %v", compared, err, want)
	}
	if saved := mustSave(t, s, batch...); !slices.Equal(saved, want) {
		t.Errorf("Save = %v, want %v", saved, want)
	}
	if got, want := all(t, s), []Record{testRecord("a", 1), testRecord("b", 2), testRecord("c", 2)}; !reflect.DeepEqual(got, want) {
		t.Errorf("All = %v\nwant %v", got, want)
	}
	checkClean(t, s)
}

func TestSaveOfTheUnchangedCommitsNothing(t *testing.T) {
	s := openTestStore(t, t.TempDir())
	mustSave(t, s, testRecord("a", 1))
	before := dataVersion(t, s)
	mustSave(t, s, testRecord("a", 1))
	if after := dataVersion(t, s); after != before {
		t.Errorf("the data version went from %d to %d", before, after)
	}
}

func TestChangedArticleLosesPassages(t *testing.T) {
	s := openTestStore(t, t.TempDir())
	mustSave(t, s, recordOf("a", 1, 5))
	mustSave(t, s, recordOf("a", 2, 2))
	got, err := s.Article(t.Context(), "a")
	if err != nil || len(got.Passages) != 2 {
		t.Errorf("Article = %d passages, %v; want 2", len(got.Passages), err)
	}
}

func TestSaveRefuses(t *testing.T) {
	foreign, shifted, twice, late := testRecord("a", 1), testRecord("a", 1), testRecord("a", 1), testRecord("a", 1)
	foreign.Passages[1].Article = "b"
	shifted.Passages[1].Start++
	twice.Passages[1] = twice.Passages[0]
	late.Published = time.Date(10000, 1, 1, 0, 0, 0, 0, time.UTC)
	for name, bad := range map[string]Record{
		"an empty article":              {Article: corpus.Article{ID: "a"}},
		"a passage of another article":  foreign,
		"a passage that is no run":      shifted,
		"two passages of one number":    twice,
		"a date that would not survive": late,
	} {
		t.Run(name, func(t *testing.T) {
			s := openTestStore(t, t.TempDir())
			if changes, err := s.Save(t.Context(), []Record{testRecord("good", 1), bad}); err == nil {
				t.Errorf("Save = %v, want an error", changes)
			}
			if got := all(t, s); len(got) != 0 {
				t.Errorf("the store holds %v, want nothing of the batch", got)
			}
		})
	}
}

func TestBegunStaysTrue(t *testing.T) {
	s := openTestStore(t, t.TempDir())
	begun := func() bool {
		b, err := s.Begun(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
	if begun() {
		t.Error("a new store has begun")
	}
	mustSave(t, s, testRecord("a", 1))
	if !begun() {
		t.Error("a store with an article has not begun")
	}
	if _, err := s.Remove(t.Context(), "a"); err != nil {
		t.Fatal(err)
	}
	if !begun() {
		t.Error("a store whose articles were removed has not begun")
	}
}

func TestRemove(t *testing.T) {
	s := openTestStore(t, t.TempDir())
	mustSave(t, s, testRecord("a", 1), testRecord("b", 1), testRecord("c", 1))
	n, err := s.Remove(t.Context(), "a", "nowhere")
	if n != 0 || !errors.Is(err, ErrNotFound) || !strings.Contains(err.Error(), `"nowhere"`) {
		t.Errorf("Remove of an unknown id = %d, %v", n, err)
	}
	if n, err := s.Remove(t.Context(), "a", "c", "a"); n != 2 || err != nil {
		t.Errorf("Remove = %d, %v, want 2", n, err)
	}
	if got := all(t, s); !reflect.DeepEqual(got, []Record{testRecord("b", 1)}) {
		t.Errorf("All = %v, want b", got)
	}
	if _, err := s.Article(t.Context(), "a"); !errors.Is(err, ErrNotFound) {
		t.Errorf("Article of a removed id: %v", err)
	}
	checkClean(t, s)
}

func TestRemovedTextLeavesNoTrace(t *testing.T) {
	dir := t.TempDir()
	s := openTestStore(t, dir)
	for i := range 100 {
		r := testRecord(fmt.Sprintf("public-%d", i), 1)
		if i%5 == 0 {
			r = testRecord(fmt.Sprintf("secret-%d", i), 1)
		}
		mustSave(t, s, r)
	}
	for i := 0; i < 100; i += 5 {
		id := corpus.ArticleID(fmt.Sprintf("secret-%d", i))
		if err := s.Edit(t.Context(), id, Edit{Title: new("secret-title")}); err != nil {
			t.Fatal(err)
		}
		if _, err := s.Remove(t.Context(), id); err != nil {
			t.Fatal(err)
		}
	}
	assertNoTrace(t, dir, "secret-")
}

// assertNoTrace looks for a text in the bytes of the store's files.
func assertNoTrace(t *testing.T, dir, text string) {
	t.Helper()
	for _, name := range []string{storeFile, storeFile + "-wal"} {
		content, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil && !errors.Is(err, os.ErrNotExist) {
			t.Fatal(err)
		}
		if n := bytes.Count(content, []byte(text)); n > 0 {
			t.Errorf("%s holds %d traces of %q", name, n, text)
		}
	}
}

func TestEditsSurvive(t *testing.T) {
	s := openTestStore(t, t.TempDir())
	mustSave(t, s, testRecord("a", 1))
	day := time.Date(2020, 2, 29, 0, 0, 0, 0, time.UTC)
	if err := s.Edit(t.Context(), "a", Edit{Title: new("By hand"), Published: &day}); err != nil {
		t.Fatal(err)
	}
	if changes := mustSave(t, s, testRecord("a", 1)); changes[0] != Unchanged {
		t.Errorf("saving the same file again = %v", changes)
	}
	changed := testRecord("a", 2)
	changed.Outlet = "Reuters"
	mustSave(t, s, changed)
	want := changed
	want.Title, want.Derived, want.Published = "By hand", false, day
	got, err := s.Article(t.Context(), "a")
	if err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("Article = %v, %v\nwant %v", got, err, want)
	}
	checkClean(t, s)
}

func TestEditSetsEachField(t *testing.T) {
	s := openTestStore(t, t.TempDir())
	want := testRecord("a", 1)
	mustSave(t, s, want)
	for _, step := range []struct {
		edit  Edit
		apply func(*Record)
	}{
		{Edit{Outlet: new("BBC")}, func(r *Record) { r.Outlet = "BBC" }},
		{Edit{URL: new("")}, func(r *Record) { r.URL = "" }},
		{Edit{Published: new(time.Time)}, func(r *Record) { r.Published = time.Time{} }},
		{Edit{Title: new("T")}, func(r *Record) { r.Title, r.Derived = "T", false }},
		{Edit{}, func(*Record) {}},
	} {
		if err := s.Edit(t.Context(), "a", step.edit); err != nil {
			t.Fatal(err)
		}
		step.apply(&want)
		if got, err := s.Article(t.Context(), "a"); err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("after %+v: %v, %v\nwant %v", step.edit, got, err, want)
		}
	}
	if err := s.Edit(t.Context(), "b", Edit{}); !errors.Is(err, ErrNotFound) {
		t.Errorf("Edit of an unknown id: %v", err)
	}
}

func TestEditThatChangesNothingIsNoCommit(t *testing.T) {
	s := openTestStore(t, t.TempDir())
	mustSave(t, s, testRecord("a", 1))
	var revisions []int64
	for range 2 {
		if err := s.Edit(t.Context(), "a", Edit{Outlet: new("BBC")}); err != nil {
			t.Fatal(err)
		}
		all, err := s.Revisions(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		revisions = append(revisions, all["a"])
	}
	if revisions[0] != revisions[1] {
		t.Errorf("the second edit moved the revision: %v", revisions)
	}
}

func TestRevisionsGrow(t *testing.T) {
	s := openTestStore(t, t.TempDir())
	mustSave(t, s, testRecord("a", 1), testRecord("b", 1))
	before := revisions(t, s)
	mustSave(t, s, testRecord("a", 2), testRecord("b", 1))
	between := revisions(t, s)
	if between["a"] <= before["a"] || between["b"] != before["b"] {
		t.Errorf("revisions went from %v to %v, though only a changed", before, between)
	}
	if err := s.Edit(t.Context(), "b", Edit{Title: new("T")}); err != nil {
		t.Fatal(err)
	}
	if after := revisions(t, s); after["b"] <= between["a"] {
		t.Errorf("revisions went from %v to %v, though b was edited last", between, after)
	}
}

func revisions(t *testing.T, s *Store) map[corpus.ArticleID]int64 {
	t.Helper()
	r, err := s.Revisions(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func dataVersion(t *testing.T, s *Store) int64 {
	t.Helper()
	v, err := s.DataVersion(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func TestDataVersionSeesEveryCommit(t *testing.T) {
	dir := t.TempDir()
	one, two := openTestStore(t, dir), openTestStore(t, dir)
	before := []int64{dataVersion(t, one), dataVersion(t, two)}
	mustSave(t, one, testRecord("a", 1))
	if own, other := dataVersion(t, one), dataVersion(t, two); own == before[0] || other == before[1] {
		t.Errorf("data versions are %d and %d after a commit, as before it", own, other)
	}
	if got := all(t, two); len(got) != 1 {
		t.Errorf("the other handle sees %d articles, want 1", len(got))
	}
}

func TestSourcesUnder(t *testing.T) {
	s := openTestStore(t, t.TempDir())
	for id, source := range map[string]string{"1": "/n/a.txt", "2": "/n/sub/b.txt", "3": "/news/c.txt", "4": "/n", "5": "https://x.org/n/d"} {
		r := testRecord(id, 1)
		r.Source = source
		mustSave(t, s, r)
	}
	for place, want := range map[string]string{
		"/n": "124", "/n/": "124", "/n/sub": "2", "/n/a.txt": "1", "/": "1234", "https://x.org": "5", "/nope": "", "": "",
	} {
		found, err := s.SourcesUnder(t.Context(), "", place)
		if err != nil {
			t.Fatal(err)
		}
		var ids string
		for _, id := range slices.Sorted(maps.Keys(found)) {
			ids += string(id)
		}
		if ids != want {
			t.Errorf("SourcesUnder(%q) = %v, want the articles %q", place, found, want)
		}
	}
}

func TestHandlesSaveAtOnce(t *testing.T) {
	dir := t.TempDir()
	var wg sync.WaitGroup
	for h := range 4 {
		s := openTestStore(t, dir)
		wg.Go(func() {
			for i := range 20 {
				if _, err := s.Save(t.Context(), []Record{testRecord(fmt.Sprintf("%d-%d", h, i), 1)}); err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
	s := openTestStore(t, dir)
	if got := all(t, s); len(got) != 80 {
		t.Errorf("%d articles are there, want 80", len(got))
	}
	checkClean(t, s)
}

func TestStoresOpenAtOnce(t *testing.T) {
	dir := t.TempDir()
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			s, err := OpenStore(t.Context(), dir)
			if err != nil {
				t.Error(err)
				return
			}
			if err := s.Close(); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
}

func TestAllStopsEarly(t *testing.T) {
	s := openTestStore(t, t.TempDir())
	for i := range 50 {
		mustSave(t, s, testRecord(fmt.Sprint(i), 1))
	}
	for _, err := range s.All(t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
		break
	}
	if n := s.readers.Stats().InUse; n != 0 {
		t.Errorf("%d connections are still in use", n)
	}
}

func TestAllEndsWithItsContext(t *testing.T) {
	s := openTestStore(t, t.TempDir())
	for i := range 50 {
		mustSave(t, s, testRecord(fmt.Sprint(i), 1))
	}
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	var last error
	n := 0
	for _, err := range s.All(ctx) {
		cancel()
		n, last = n+1, err
	}
	if !errors.Is(last, context.Canceled) || n > 49 {
		t.Errorf("All ended after %d with %v, want context.Canceled before the end", n, last)
	}
}

func TestFullDiskLosesNothing(t *testing.T) {
	s := openTestStore(t, t.TempDir())
	mustSave(t, s, testRecord("a", 1))
	var pages int
	if err := s.writer.QueryRow(`PRAGMA page_count`).Scan(&pages); err != nil {
		t.Fatal(err)
	}
	limit := func(n int) {
		if _, err := s.writer.Exec(fmt.Sprintf(`PRAGMA max_page_count = %d`, n)); err != nil {
			t.Fatal(err)
		}
	}
	limit(pages + 1)
	_, err := s.Save(t.Context(), []Record{testRecord("b", 1), recordOf("c", 1, 500)})
	if err == nil || !strings.HasPrefix(err.Error(), "the disk is full; nothing that was saved is lost") {
		t.Errorf("Save on a full disk: %v", err)
	}
	if got := all(t, s); !reflect.DeepEqual(got, []Record{testRecord("a", 1)}) {
		t.Errorf("All = %v, want what was there", got)
	}
	limit(1 << 20)
	mustSave(t, s, testRecord("b", 1))
	checkClean(t, s)
}

func TestFullDiskLeavesNoEmptyStore(t *testing.T) {
	dir := t.TempDir()
	full := func(context.Context, *sql.Tx) error { return codedError(codeFull) }
	if _, err := openStore(t.Context(), dir, []migration{full}); err == nil || !strings.Contains(err.Error(), "the disk is full") {
		t.Errorf("openStore = %v", err)
	}
	left, err := os.ReadDir(dir)
	if err != nil || len(left) > 0 {
		t.Errorf("%v were left behind (%v)", left, err)
	}
}

func TestRemovedButNotErasedSaysSo(t *testing.T) {
	s := openTestStore(t, t.TempDir())
	mustSave(t, s, testRecord("a", 1))
	if _, err := s.writer.Exec(`PRAGMA busy_timeout = 1`); err != nil {
		t.Fatal(err)
	}
	err := s.read(t.Context(), "reading", func(tx *sql.Tx) error {
		if _, err := column[string](t.Context(), tx, `SELECT id FROM articles`); err != nil {
			return err
		}
		n, err := s.Remove(t.Context(), "a")
		if n != 1 || !errors.Is(err, ErrTraces) || !strings.Contains(err.Error(), "-wal until other footnote processes end") {
			t.Errorf("Remove while another reads = %d, %v", n, err)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if got := all(t, s); len(got) > 0 {
		t.Errorf("All = %v, want nothing", got)
	}
}

func TestBusyStoreSaysSo(t *testing.T) {
	dir := t.TempDir()
	one, two := openTestStore(t, dir), openTestStore(t, dir)
	if _, err := two.writer.Exec(`PRAGMA busy_timeout = 1`); err != nil {
		t.Fatal(err)
	}
	err := one.write(t.Context(), "holding", func(*sql.Tx) error {
		_, err := two.Save(t.Context(), []Record{testRecord("a", 1)})
		return err
	})
	if err == nil || !strings.Contains(err.Error(), "another footnote process holds the store") {
		t.Errorf("Save while another writes: %v", err)
	}
}

// A codedError is a fault as the SQLite driver reports it.
type codedError int

func (e codedError) Error() string { return fmt.Sprintf("sqlite fault %d", int(e)) }
func (e codedError) Code() int     { return int(e) }

func TestFaultsBecomeSentences(t *testing.T) {
	s := &Store{path: "/data/footnote.db"}
	for code, want := range map[codedError]string{
		codeFull:             "the disk is full; nothing that was saved is lost; free some space and run the same command again",
		codeShmSize:          "the disk is full; nothing that was saved is lost; free some space and run the same command again",
		codeBusy | 2<<8:      "another footnote process holds the store for writing; try again",
		codeIO | 4<<8:        "the disk under /data/footnote.db does not answer as it should; check it, then try again",
		codeShortRead:        "/data/footnote.db is cut short; restore a backup, or move it away and ingest again",
		codeCorrupt:          "/data/footnote.db is damaged; restore a backup, or move it away and ingest again",
		codeCantOpen:         "/data/footnote.db cannot be opened; check that you may read and write it and its folder",
		codeTooBig:           "the text is too large for the store; split it into several articles",
		codeReadOnly | 11<<8: "/data/footnote.db can only be read; make it and its folder writable, or use another --data folder",
		codeError:            "saving articles: sqlite fault 1",
	} {
		err := s.explain("saving articles", code)
		if err.Error() != want || !errors.Is(err, code) {
			t.Errorf("fault %d is told as %q, want %q", int(code), err, want)
		}
	}
	if err := s.explain("saving articles", codedError(codeInterrupt)); !errors.Is(err, context.Canceled) {
		t.Errorf("an interrupt is told as %v, want context.Canceled", err)
	}
}
