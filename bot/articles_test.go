package bot

import (
	"strings"
	"testing"

	"footnote/corpus"
)

func TestArticlesListsTheNewestFirst(t *testing.T) {
	s := newStage(t, nil)
	s.add(ownArticle("Mayor opens a bridge", "The mayor opened a bridge on Tuesday."))
	r := s.slash(reader, "articles")
	expect(t, r, "11 articles, 2022-", " to 2024-04-30; 1 is this server's own",
		"1. The Bugle, 2024-04-30 · Mayor opens a bridge · this server's own", "\n10. ", "Page 1 of 2")
	expect(t, s.press(reader, r, "Next"), "\n11. ", "Page 2 of 2")
}

func TestArticlesFilters(t *testing.T) {
	s := newStage(t, nil)
	r := s.slash(reader, "articles", "filter", "straits")
	expect(t, r, "With “straits”: 2 articles", "1. The Straits Times")
	expectNot(t, r, "AP", "this server's own")
	expect(t, s.slash(reader, "articles", "filter", "NOBEL"), "1 article", "Karikó and Weissman win the Nobel Prize")
	expect(t, s.slash(reader, "articles", "filter", "no such thing"), "0 articles")
}

func TestListedArticlesAreShort(t *testing.T) {
	a := listed(corpus.Article{Title: strings.Repeat("word ", 90), URL: "https://example.org/" + strings.Repeat("a", 200)})
	if len([]rune(a.Title)) > listedTitle || a.URL != "" {
		t.Errorf("%q %q", a.Title, a.URL)
	}
}
