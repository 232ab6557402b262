package retrieval

import (
	"errors"
	"strings"
	"testing"

	"footnote/corpus"
)

func TestMemory(t *testing.T) {
	m := NewMemory([]corpus.Article{{ID: "b", Text: "Two."}, {ID: "c", Text: "# A\n\nOne.\n\n# B\n\nTwo."}, {ID: "a", Text: "One."}}, corpus.Chunker{})
	var got []string
	for r, err := range m.All(t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
		if again, err := m.Article(t.Context(), r.ID); err != nil || again.Text != r.Text || len(again.Passages) != len(r.Passages) {
			t.Errorf("Article(%q) = %v, %v", r.ID, again, err)
		}
		for _, p := range r.Passages {
			got = append(got, string(p.ID))
		}
	}
	if want := "a#0 b#0 c#0 c#1"; strings.Join(got, " ") != want {
		t.Errorf("All has the passages %v, want %s", got, want)
	}
	for range m.All(t.Context()) {
		break
	}
}

func TestMemoryHasNoOtherArticles(t *testing.T) {
	m := NewMemory([]corpus.Article{{ID: "b", Text: "One."}}, corpus.Chunker{})
	for _, id := range []corpus.ArticleID{"", "a", "c"} {
		if _, err := m.Article(t.Context(), id); !errors.Is(err, ErrNotFound) {
			t.Errorf("%q: got %v", id, err)
		}
	}
}
