package retrieval

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"footnote/corpus"
)

// corrupt changes rows behind the store's back.
func corrupt(t *testing.T, s *Store, statement string) {
	t.Helper()
	conn, err := s.writer.Conn(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	for _, q := range []string{`PRAGMA foreign_keys = 0`, statement, `PRAGMA foreign_keys = 1`} {
		if _, err := conn.ExecContext(t.Context(), q); err != nil {
			t.Fatal(err)
		}
	}
}

// fullStore is a store with a row in every table.
func fullStore(t testing.TB, dir string) *Store {
	t.Helper()
	s := openTestStore(t, dir)
	for _, id := range []string{"a", "b", "c", "d"} {
		mustSave(t, s, testRecord(id, 1))
	}
	old := testRecord("a", 0)
	if err := s.Remember(t.Context(), testAnswer("answer", 1), []corpus.Article{old.Article, testRecord("b", 1).Article}); err != nil {
		t.Fatal(err)
	}
	v := randomVector(rand.New(rand.NewPCG(1, 2)), 16)
	if err := s.SaveVectors(t.Context(), "m", []PassageVector{{Article: "a", N: 1, Vector: v}, {Article: "b", N: 0, Vector: v}}); err != nil {
		t.Fatal(err)
	}
	if err := s.ReserveTokens(t.Context(), noon(1), 20, 100); err != nil {
		t.Fatal(err)
	}
	if err := s.SetNote(t.Context(), "key", "value", noon(1)); err != nil {
		t.Fatal(err)
	}
	return s
}

func TestCheckFindsDamage(t *testing.T) {
	for _, tt := range []struct {
		statement string
		article   corpus.ArticleID
		what      string
	}{
		{`UPDATE articles SET text = replace(text, 'rose', 'fell') WHERE id = 'b'`, "b", "its text is not what was saved"},
		{`UPDATE articles SET title = 'X' WHERE id = 'b'`, "b", "what is known about it is not what was saved"},
		{`UPDATE articles SET outlet = 'X' WHERE id = 'b'`, "b", "what is known"},
		{`UPDATE articles SET url = 'X' WHERE id = 'b'`, "b", "what is known"},
		{`UPDATE articles SET published = '2022-11-12' WHERE id = 'b'`, "b", "what is known"},
		{`UPDATE articles SET derived = 0 WHERE id = 'b'`, "b", "what is known"},
		{`UPDATE articles SET source = 'X' WHERE id = 'b'`, "b", "what is known"},
		{`UPDATE articles SET added = replace(added, '2024', '2025') WHERE id = 'b'`, "b", "what is known"},
		{`UPDATE articles SET loaded = zeroblob(32) WHERE id = 'b'`, "b", "what is known"},
		{`UPDATE articles SET edited = 1 WHERE id = 'b'`, "b", "what is known"},
		{`UPDATE articles SET revision = 1 WHERE id = 'b'`, "b", "what is known"},
		{`UPDATE articles SET sum = zeroblob(32) WHERE id = 'b'`, "b", "what is known"},
		{`UPDATE articles SET collection = 'g' WHERE id = 'b'`, "b", "what is known"},
		{`UPDATE articles SET id = 'e' WHERE id = 'd'`, "e", "what is known"},
		{`UPDATE passages SET start_at = start_at + 1 WHERE article = 'b' AND n = 1`, "b", "its passage 1 is not what was saved"},
		{`UPDATE passages SET end_at = 1000000 WHERE article = 'b' AND n = 1`, "b", "its passage 1"},
		{`UPDATE passages SET heading = '["X"]' WHERE article = 'b' AND n = 1`, "b", "its passage 1"},
		{`UPDATE passages SET n = 7 WHERE article = 'b' AND n = 1`, "b", "its passage 7"},
		{`DELETE FROM passages WHERE article = 'b' AND n = 1`, "b", "2 of its 3 passages are there"},
		{`DELETE FROM articles WHERE id = 'b'`, "", "there are passages without articles"},
		{`UPDATE versions SET text = text || 'X'`, "a", "a text of it that an answer cites is not what was saved"},
		{`UPDATE versions SET collection = 'g'`, "a", "a text of it that an answer cites is not what was saved"},
		{`DELETE FROM versions`, "a", "a text of it that an answer cites is missing"},
		{`DELETE FROM cited WHERE article = 'a'`, "a", "a text of it was kept that no answer cites"},
		{`UPDATE cited SET article = 'c' WHERE article = 'a'`, "", `answer "answer" is not what was saved`},
		{`UPDATE answers SET question = 'X'`, "", `answer "answer" is not what was saved`},
		{`UPDATE answers SET asked = replace(asked, '2024', '2025')`, "", `answer "answer" is not what was saved`},
		{`UPDATE answers SET body = x'58'`, "", `answer "answer" is not what was saved`},
		{`UPDATE vectors SET vector = zeroblob(64) WHERE article = 'b'`, "b", "the vector of its passage 0 by model \"m\""},
		{`UPDATE vectors SET passage = zeroblob(32) WHERE article = 'b'`, "b", "the vector of its passage 0"},
		{`UPDATE vectors SET model = 'n' WHERE article = 'b'`, "b", "the vector of its passage 0"},
		{`UPDATE counter SET revision = 0`, "", "the counter of changes"},
		{`DELETE FROM counter`, "", "the counter of changes"},
		{`UPDATE usage SET reserved = 0`, "", "the count of tokens of 2024-05-01 is not what was saved"},
		{`UPDATE usage SET day = '2024-05-02'`, "", "the count of tokens of 2024-05-02"},
		{`UPDATE usage SET sum = zeroblob(32)`, "", "the count of tokens of 2024-05-01"},
		{`UPDATE notes SET value = 'X'`, "", "what was noted of key is not what was saved"},
		{`UPDATE notes SET at = replace(at, '2024', '2025')`, "", "what was noted of key"},
	} {
		t.Run(tt.statement, func(t *testing.T) {
			s := fullStore(t, t.TempDir())
			corrupt(t, s, tt.statement)
			report, err := s.Check(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			if !slices.ContainsFunc(report.Damaged, func(d DamageError) bool {
				return d.Article == tt.article && strings.Contains(d.What, tt.what)
			}) {
				t.Errorf("Check found %v, want %q of article %q", report.Damaged, tt.what, tt.article)
			}
		})
	}
}

func TestDamagedArticleIsLeftOut(t *testing.T) {
	s := fullStore(t, t.TempDir())
	corrupt(t, s, `UPDATE articles SET text = replace(text, 'rose', 'fell') WHERE id = 'b'`)
	var damage *DamageError
	if r, err := s.Article(t.Context(), "b"); !errors.As(err, &damage) || damage.Article != "b" || r.Text != "" {
		t.Errorf("Article = %v, %v, want a DamageError", r, err)
	}
	var good []Record
	for r, err := range s.All(t.Context()) {
		if err == nil {
			good = append(good, r)
		} else if !errors.As(err, &damage) {
			t.Fatal(err)
		}
	}
	if want := []Record{testRecord("a", 1), testRecord("c", 1), testRecord("d", 1)}; !reflect.DeepEqual(good, want) {
		t.Errorf("All = %v, want %v", good, want)
	}
}

func TestSavingAgainRepairs(t *testing.T) {
	for _, statement := range []string{
		`UPDATE articles SET text = replace(text, 'rose', 'fell') WHERE id = 'b'`,
		`UPDATE articles SET title = 'X' WHERE id = 'b'`,
		`DELETE FROM passages WHERE article = 'b' AND n = 1`,
	} {
		t.Run(statement, func(t *testing.T) {
			s := fullStore(t, t.TempDir())
			corrupt(t, s, statement)
			if changes := mustSave(t, s, testRecord("b", 1)); changes[0] != Changed {
				t.Errorf("Save = %v, want Changed", changes)
			}
			if r, err := s.Article(t.Context(), "b"); err != nil || !reflect.DeepEqual(r, testRecord("b", 1)) {
				t.Errorf("Article = %v, %v", r, err)
			}
			checkClean(t, s)
		})
	}
}

func TestDamagedArticleCanBeRemoved(t *testing.T) {
	s := fullStore(t, t.TempDir())
	corrupt(t, s, `UPDATE articles SET title = 'X' WHERE id = 'c'`)
	entries, err := s.List(t.Context())
	if want := (Entry{Article: corpus.Article{ID: "c"}, Damaged: true}); err != nil || entries[2] != want {
		t.Fatalf("List = %v, %v, want c as damaged", entries, err)
	}
	if _, err := s.Remove(t.Context(), "c"); err != nil {
		t.Fatal(err)
	}
	checkClean(t, s)
}

// holedStore is a store of forty articles, a01 to a40, with a page of their
// rows zeroed; lost are those whose rows lay there.
func holedStore(t *testing.T) (s *Store, lost []corpus.ArticleID) {
	t.Helper()
	const pageSize, tableLeaf = 4096, 0x0d
	dir := t.TempDir()
	var records []Record
	for i := range 40 {
		records = append(records, testRecord(fmt.Sprintf("a%02d", i+1), 1))
	}
	whole, err := OpenStore(t.Context(), dir)
	if err != nil {
		t.Fatal(err)
	}
	mustSave(t, whole, records...)
	if err := whole.Close(); err != nil {
		t.Fatal(err)
	}
	content := readStoreFile(t, dir)
	var pages [][]byte
	for at := 0; at < len(content); at += pageSize {
		if page := content[at : at+pageSize]; page[0] == tableLeaf && bytes.Contains(page, []byte("Flood in ")) {
			pages = append(pages, page)
		}
	}
	page := pages[len(pages)/2]
	for _, found := range regexp.MustCompile(`Flood in (a\d\d)`).FindAllSubmatch(page, -1) {
		lost = append(lost, corpus.ArticleID(found[1]))
	}
	slices.Sort(lost)
	clear(page)
	if err := os.WriteFile(filepath.Join(dir, storeFile), content, 0o600); err != nil {
		t.Fatal(err)
	}
	return openTestStore(t, dir), lost
}

func TestListNamesWhatABrokenPageHeld(t *testing.T) {
	s, lost := holedStore(t)
	entries, err := s.List(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	var damaged []corpus.ArticleID
	for _, e := range entries {
		if e.Damaged {
			damaged = append(damaged, e.ID)
		}
	}
	if len(entries) != 40 || !slices.Equal(damaged, lost) {
		t.Errorf("List has %d articles, of which %q are damaged, want 40 and %q", len(entries), damaged, lost)
	}
}

func TestRevisionsOutliveABrokenPage(t *testing.T) {
	s, lost := holedStore(t)
	revisions, err := s.Revisions(t.Context())
	if err != nil || len(revisions) != 40-len(lost) {
		t.Errorf("Revisions has %d articles, %v, want %d", len(revisions), err, 40-len(lost))
	}
}

func TestABrokenPageStopsNoOtherArticle(t *testing.T) {
	s, lost := holedStore(t)
	if changes := mustSave(t, s, testRecord("a01", 1), testRecord("a40", 2), testRecord("b", 1)); !slices.Equal(changes, []Change{Unchanged, Changed, Added}) {
		t.Errorf("Save = %v", changes)
	}
	if n, err := s.Remove(t.Context(), "a01", "b"); n != 2 || err != nil {
		t.Errorf("Remove = %d, %v", n, err)
	}
	changes, err := s.Compare(t.Context(), []Record{testRecord("a02", 1), testRecord(string(lost[0]), 1)})
	if err != nil || !slices.Equal(changes, []Change{Unchanged, Changed}) {
		t.Errorf("Compare = %v, %v", changes, err)
	}
}

func TestALostArticleIsToldWithARemedyThatWorks(t *testing.T) {
	s, lost := holedStore(t)
	id := lost[0]
	want := fmt.Sprintf("article %q is damaged: its rows cannot be read; move the others to a new store: "+
		"footnote articles export -o FILE, then footnote --data FOLDER ingest FILE", string(id))
	title := "New"
	for what, do := range map[string]func() error{
		"Article": func() error { _, err := s.Article(t.Context(), id); return err },
		"Save":    func() error { _, err := s.Save(t.Context(), []Record{testRecord(string(id), 1)}); return err },
		"Remove":  func() error { _, err := s.Remove(t.Context(), id); return err },
		"Edit":    func() error { return s.Edit(t.Context(), id, Edit{Title: &title}) },
	} {
		if err := do(); err == nil || err.Error() != want {
			t.Errorf("%s: %v, want %s", what, err, want)
		}
	}
}

// closedStore is the bytes of a store with a row in every table.
func closedStore(t testing.TB) []byte {
	t.Helper()
	dir := t.TempDir()
	s := fullStore(t, dir)
	if _, err := s.checkpoint(context.Background(), "TRUNCATE"); err != nil {
		t.Fatal(err)
	}
	content, err := os.ReadFile(filepath.Join(dir, storeFile))
	if err != nil {
		t.Fatal(err)
	}
	return content
}

// survey opens content as a store and reads all of it. It fails the test if
// anything comes out that was not put in, and reports what was left and
// whether anything was said to be wrong.
func survey(t testing.TB, content []byte) (articles int, reported bool) {
	t.Helper()
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, storeFile), content, 0o600); err != nil {
		t.Fatal(err)
	}
	s, err := OpenStore(t.Context(), dir)
	if err != nil {
		return 0, true
	}
	defer s.Close() // a damaged file may not let itself be closed cleanly
	for r, err := range s.All(t.Context()) {
		if err != nil {
			reported = true
			continue
		}
		articles++
		if !reflect.DeepEqual(r, testRecord(string(r.ID), 1)) {
			t.Errorf("All yields what was not saved: %v", r)
		}
	}
	cited, err := s.Cited(t.Context(), "answer")
	reported = reported || err != nil
	for _, c := range cited {
		if want := testRecord("a", 0).Article; c.ID == "a" && c.Article != want {
			t.Errorf("Cited gives what was not saved: %v", c)
		}
	}
	for _, err := range s.Vectors(t.Context(), "m") {
		reported = reported || err != nil
	}
	if got, err := s.TokensOn(t.Context(), noon(1)); err == nil && got != (Tokens{}) && got != (Tokens{Reserved: 20}) {
		t.Errorf("TokensOn gives what was not saved: %+v", got)
	}
	if got, _, _ := s.Note(t.Context(), "key"); got != "" && got != "value" {
		t.Errorf("Note gives what was not saved: %q", got)
	}
	report, err := s.Check(t.Context())
	return articles, reported || err != nil || len(report.Damaged) > 0
}

func TestNoFlippedBitIsSilent(t *testing.T) {
	content := closedStore(t)
	var used []int // most of a page that is not full are zeros
	for at, b := range content {
		if b != 0 {
			used = append(used, at)
		}
	}
	rnd := rand.New(rand.NewPCG(3, 4))
	found := 0
	for range 150 {
		at, bit := used[rnd.IntN(len(used))], rnd.IntN(8)
		flipped := bytes.Clone(content)
		flipped[at] ^= 1 << bit
		articles, reported := survey(t, flipped)
		if articles < 4 && !reported {
			t.Errorf("with bit %d of byte %d flipped %d of 4 articles are left and nothing is said", bit, at, articles)
		}
		if reported {
			found++
		}
	}
	if found < 100 {
		t.Errorf("of 150 flipped bits %d were found; the others cannot all have been in unused bytes", found)
	}
}

func TestCutStoreIsReported(t *testing.T) {
	content := closedStore(t)
	for size := 512; size < len(content); size += len(content) / 20 {
		if articles, reported := survey(t, content[:size]); articles < 4 && !reported {
			t.Errorf("cut to %d bytes it has %d of 4 articles and nothing is said", size, articles)
		}
	}
}

func TestDamageIsToldOnOneLine(t *testing.T) {
	content := closedStore(t)
	for size := 4096; size < len(content); size += 4096 {
		dir := t.TempDir()
		if err := os.WriteFile(filepath.Join(dir, storeFile), content[:size], 0o600); err != nil {
			t.Fatal(err)
		}
		s, err := OpenStore(t.Context(), dir)
		if err != nil {
			if !errors.Is(err, ErrDamaged) || strings.Contains(err.Error(), "\n") {
				t.Errorf("cut to %d bytes: OpenStore = %v, want ErrDamaged on one line", size, err)
			}
			continue
		}
		report, err := s.Check(t.Context())
		if err != nil || len(report.Damaged) == 0 {
			t.Errorf("cut to %d bytes: Check = %v, %v, want damage", size, report, err)
		}
		for _, d := range report.Damaged {
			if strings.Contains(d.What, "\n") {
				t.Errorf("cut to %d bytes: %q", size, d.What)
			}
		}
		_ = s.Close() // a damaged file may not let itself be closed cleanly
	}
}

func FuzzStoreFile(f *testing.F) {
	content := closedStore(f)
	f.Add([]byte{})
	f.Add([]byte("SQLite format 3\x00"))
	f.Add(content[:4096])
	f.Add(content)
	f.Fuzz(func(t *testing.T, content []byte) { survey(t, content) })
}
