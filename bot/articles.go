package bot

import (
	"context"
	"fmt"
	"strings"

	"footnote/corpus"
	"footnote/retrieval"
)

// How many articles /articles lists at a time, and how much it shows of what
// could be long, in characters, so that a page is one message.
const (
	articlesPerPage = 10
	maxFilter       = 100
	listedTitle     = 70
	listedOutlet    = 40
	listedURL       = 100
)

func articlesCommand() command {
	spec := newSpec("articles", func(p phrases) naming { return p.around.articles.command })
	filter := newOption("filter", Text, func(p phrases) naming { return p.around.articles.filter })
	filter.Max = maxFilter
	spec.Options = []OptionSpec{filter}
	return command{CommandSpec: spec, private: always, run: kindly(listArticles)}
}

// listArticles shows what the place may see, the newest first.
func listArticles(_ context.Context, b *Bot, c *call) (Reply, error) {
	filter := question(c.Options["filter"])
	b.shelves.lists.put(c.ID, ownerOf(c.Request), b.options.Now(), listing{filter: filter})
	return articlesPage(c, filter, c.ID, 1), nil
}

func turnArticles(_ context.Context, b *Bot, c *call) (Reply, error) {
	wanted, key, n, err := b.turned(c)
	if err != nil {
		return Reply{}, err
	}
	return articlesPage(c, wanted.filter, key, n), nil
}

func articlesPage(c *call, filter, key string, n int) Reply {
	w, scope := c.words.around.articles, c.corpus.Scope
	all := scope.Articles()
	found := matching(all, filter)
	p := pageOf("articles", key, n, len(found), articlesPerPage)
	blocks := []Block{
		textBlock(Heading, w.heading),
		textBlock(Paragraph, c.words.covers(scope.Coverage())+ownNote(c.words, countOwn(scope, all))),
	}
	if filter != "" {
		count := c.words.counted(len(found), c.words.answer.articles)
		blocks = append(blocks, textBlock(Line, fmt.Sprintf(w.matching, clip(filter, 60), count)))
	}
	for i, a := range found[p.from:p.to] {
		spans := numbered(p.from+i+1, c.words.sourceSpans(listed(a)))
		if scope.Own(a.ID) {
			spans = append(spans, Span{Text: " · " + w.own})
		}
		blocks = append(blocks, Block{Line, spans})
	}
	return p.under(blocks, c.words)
}

// listed is an article as a list shows it: with a short title, and without an
// address that takes the room of several articles.
func listed(a corpus.Article) corpus.Article {
	a.Title, a.Outlet = clip(a.Title, listedTitle), clip(a.Outlet, listedOutlet)
	if len(a.URL) > listedURL {
		a.URL = ""
	}
	return a
}

// matching are the articles whose title or outlet holds the filter, in
// whatever case.
func matching(articles []corpus.Article, filter string) []corpus.Article {
	if filter = strings.ToLower(filter); filter == "" {
		return articles
	}
	var out []corpus.Article
	for _, a := range articles {
		if strings.Contains(strings.ToLower(a.Title), filter) || strings.Contains(strings.ToLower(a.Outlet), filter) {
			out = append(out, a)
		}
	}
	return out
}

func countOwn(s *retrieval.Scope, articles []corpus.Article) int {
	return countOf(articles, func(a corpus.Article) bool { return s.Own(a.ID) })
}

// ownNote says how many articles are the server's own, if any.
func ownNote(p phrases, own int) string {
	if own == 0 {
		return ""
	}
	return p.counted(own, p.around.articles.ownCount)
}
