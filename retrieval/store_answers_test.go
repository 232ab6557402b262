package retrieval

import (
	"errors"
	"reflect"
	"strings"
	"testing"
	"time"

	"footnote/corpus"
)

func testAnswer(id string, minute int) Remembered {
	return Remembered{
		ID: id, Question: "What of " + id + "?", Asked: time.Date(2024, 5, 6, 7, minute, 8, 9, time.UTC), Body: []byte(`{"id":"` + id + `"}`),
	}
}

func mustRemember(t *testing.T, s *Store, r Remembered, cited ...corpus.Article) {
	t.Helper()
	if err := s.Remember(t.Context(), r, cited); err != nil {
		t.Fatal(err)
	}
}

func TestAnswersComeBack(t *testing.T) {
	s := openTestStore(t, t.TempDir())
	if _, err := s.LastAnswer(t.Context()); !errors.Is(err, ErrNotFound) {
		t.Errorf("LastAnswer of none: %v", err)
	}
	first, last, middle := testAnswer("abcd1111", 1), testAnswer("abcd2222", 3), testAnswer("efgh3333", 2)
	for _, r := range []Remembered{first, last, middle} {
		mustRemember(t, s, r)
	}
	if got, err := s.LastAnswer(t.Context()); err != nil || !reflect.DeepEqual(got, last) {
		t.Errorf("LastAnswer = %v, %v, want the one asked last", got, err)
	}
	if got, err := s.Answers(t.Context(), 2); err != nil || !reflect.DeepEqual(got, []Remembered{last, middle}) {
		t.Errorf("Answers(2) = %v, %v", got, err)
	}
	if got, err := s.Answers(t.Context(), -1); err != nil || len(got) != 3 {
		t.Errorf("Answers(-1) = %v, %v, want all three", got, err)
	}
	checkClean(t, s)
}

func TestAnswerByPrefix(t *testing.T) {
	s := openTestStore(t, t.TempDir())
	for _, id := range []string{"abcd1", "abcd2", "efgh1", "ab%_1", "xyz"} {
		mustRemember(t, s, testAnswer(id, 1))
	}
	for given, want := range map[string]string{
		"abcd1": "abcd1", "efgh": "efgh1", "ab%_": "ab%_1", "xyz": "xyz",
		"abcd": "", "efg": "", "ab__": "", "efgh2": "", "": "",
	} {
		got, err := s.Answer(t.Context(), given)
		if got.ID != want || (want == "") != errors.Is(err, ErrNotFound) {
			t.Errorf("Answer(%q) = %q, %v, want %q", given, got.ID, err, want)
		}
	}
}

func TestCitedTextsAreKept(t *testing.T) {
	s := openTestStore(t, t.TempDir())
	current, superseded, gone, sample := testRecord("current", 1), testRecord("superseded", 1), testRecord("gone", 1), testRecord("sample", 1)
	mustSave(t, s, current, superseded, gone)
	mustRemember(t, s, testAnswer("answer-1", 1), current.Article, superseded.Article, superseded.Article, gone.Article, sample.Article)
	mustSave(t, s, testRecord("superseded", 2))
	if _, err := s.Remove(t.Context(), "gone"); err != nil {
		t.Fatal(err)
	}
	want := []CitedVersion{
		{current.Article, Current}, {superseded.Article, Superseded}, {gone.Article, Gone}, {sample.Article, Gone},
	}
	if got, err := s.Cited(t.Context(), "answ"); err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("Cited = %v, %v\nwant %v", got, err, want)
	}
	checkClean(t, s)

	mustSave(t, s, testRecord("superseded", 1), testRecord("gone", 1))
	got, err := s.Cited(t.Context(), "answer-1")
	if err != nil || got[1].State != Current || got[2].State != Current {
		t.Errorf("Cited after the texts came back = %v, %v, want them Current", got, err)
	}
	if n := countVersions(t, s); n != 1 {
		t.Errorf("%d versions are kept aside, want that of the sample only", n)
	}
	checkClean(t, s)
}

func TestUncitedTextsAreNotKept(t *testing.T) {
	dir := t.TempDir()
	s := openTestStore(t, dir)
	mustSave(t, s, testRecord("a", 1))
	mustSave(t, s, testRecord("a", 2))
	if n := countVersions(t, s); n != 0 {
		t.Errorf("%d versions are kept though no answer cites any", n)
	}
}

func TestForget(t *testing.T) {
	dir := t.TempDir()
	s := openTestStore(t, dir)
	shared, lone := testRecord("shared", 1), testRecord("lone", 1)
	mustSave(t, s, shared, lone)
	mustRemember(t, s, testAnswer("first", 1), shared.Article, lone.Article)
	mustRemember(t, s, testAnswer("second", 2), shared.Article)
	if _, err := s.Remove(t.Context(), "shared", "lone"); err != nil {
		t.Fatal(err)
	}
	if err := s.Forget(t.Context(), "first"); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Answer(t.Context(), "first"); !errors.Is(err, ErrNotFound) {
		t.Errorf("Answer after Forget: %v", err)
	}
	if got, err := s.Cited(t.Context(), "second"); err != nil || len(got) != 1 || got[0].Text != shared.Text {
		t.Errorf("Cited of the other answer = %v, %v", got, err)
	}
	assertNoTrace(t, dir, "of lone, version")
	assertNoTrace(t, dir, "What of first")
	if err := s.Forget(t.Context(), "first"); !errors.Is(err, ErrNotFound) {
		t.Errorf("Forget of an unknown answer: %v", err)
	}
	checkClean(t, s)
}

func TestRememberRefusesACitationWithoutText(t *testing.T) {
	s := openTestStore(t, t.TempDir())
	a := testRecord("a", 1).Article
	a.Text = ""
	if err := s.Remember(t.Context(), testAnswer("first", 1), []corpus.Article{a}); err == nil || !strings.Contains(err.Error(), "no text") {
		t.Errorf("Remember = %v, want an error", err)
	}
}

func countVersions(t *testing.T, s *Store) (n int) {
	t.Helper()
	if err := s.readers.QueryRow(`SELECT count(*) FROM versions`).Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}
