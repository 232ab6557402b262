package retrieval

import (
	"fmt"
	"hash/maphash"
	"strings"
	"testing"
)

const wire = "The army said on Friday that it had bought 100,000 shells from the ministry, and that the first of them were on their way to the river."

func TestCopiesCountOnce(t *testing.T) {
	var tale strings.Builder
	for i := range 60 {
		fmt.Fprintf(&tale, " tale%d", i)
	}
	other := "The army denied any talk of shells. A clerk at the docks saw no ship come in, nor did anybody else that he knew of there."
	for _, tt := range []struct{ name, one, two, want string }{
		{"the same text", wire, wire, "a"},
		{"the same words in other marks and case", wire, strings.ToUpper(strings.ReplaceAll(wire, ",", " –")), "a"},
		{"with another first word", wire, strings.Replace(wire, "The", "Its", 1), "a"},
		{"with a sentence more", wire, wire + " More is to follow.", "a"},
		{"within a far longer text", wire, wire + tale.String() + ".", "a b"},
		{"another text about the same", wire, other, "a b"},
		{"two short ones that differ", "Shells were sold.", "Shells were bought.", "a b"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s := newTestSearcher(t, newShelf(written("a", tt.one), written("b", tt.two)), SearcherOptions{})
			hits := retrieve(t, s, Query{Text: "shells"})
			if got := len(hits); got != len(strings.Fields(tt.want)) {
				t.Errorf("found %s, want %s", articlesOf(hits), tt.want)
			}
		})
	}
}

func TestTheFirstOfEqualCopiesStays(t *testing.T) {
	s := newTestSearcher(t, newShelf(written("c", wire), written("a", wire), written("b", wire)), SearcherOptions{})
	if got := articlesOf(retrieve(t, s, Query{Text: "shells"})); got != "a" {
		t.Errorf("found %s, want a", got)
	}
}

func TestATextWithoutWordsIsNoCopy(t *testing.T) {
	c := chooser{seed: maphash.MakeSeed()}
	for _, text := range []string{"", "***", "Shells.", wire} {
		if alike(c.shinglesOf("* * *"), c.shinglesOf(text)) {
			t.Errorf("it passes for a copy of %q", text)
		}
	}
}

// chapters is an article of n passages, each with its own words about the
// river.
func chapters(id string, n int) Record {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, "# Chapter %d\n\nThe river rose%s.\n\n", i, strings.Repeat(fmt.Sprintf(" and %s%d", id, i), 6))
	}
	return written(id, b.String())
}

func TestAnArticleHasTwoPassagesAtMost(t *testing.T) {
	for _, tt := range []struct {
		name  string
		few   int // articles of one passage besides
		limit int
		want  int // passages of the long article
	}{
		{"while others match", 6, 8, 2},
		{"unless that leaves room", 3, 8, 5},
		{"unless it is alone", 0, 8, 6},
	} {
		t.Run(tt.name, func(t *testing.T) {
			library := newShelf(chapters("long", 6))
			for i := range tt.few {
				library.put(told(fmt.Sprintf("short%d", i)))
			}
			got := 0
			for _, h := range retrieve(t, newTestSearcher(t, library, SearcherOptions{}), Query{Text: "river", Limit: tt.limit}) {
				if h.Article.ID == "long" {
					got++
				}
			}
			if got != tt.want {
				t.Errorf("got %d passages of it, want %d", got, tt.want)
			}
		})
	}
}
