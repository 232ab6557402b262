package retrieval

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"strings"

	"footnote/corpus"
)

// A Scope is what one collection may see of a Searcher: the common articles,
// and its own. No other collection's article is a candidate, counts among the
// words or leaves a trace. It is a prompts.Retriever, follows the searcher's
// refreshes, and is safe for use by several goroutines.
type Scope struct {
	searcher   *Searcher
	collection string
}

func (c *Scope) view() view { return c.searcher.parts.Load().view(c.collection) }

// Retrieve returns the passages that bear on q, best first, in a total order:
// the same query on the same library returns the same hits. Filters hold
// before anything is ranked; copies of one passage count once; an article has
// at most two passages unless too few articles match.
func (c *Scope) Retrieve(ctx context.Context, q Query) ([]Hit, error) {
	return c.searcher.retrieve(ctx, c.view(), q)
}

// Weight is the idf of a stem among the passages: the rarer, the more; most
// for one that occurs nowhere.
func (c *Scope) Weight(stem string) float64 {
	w, _ := c.view().vocabulary().weigh(stem)
	return w.passage
}

// Coverage says what the scope's articles span.
func (c *Scope) Coverage() Coverage { return c.view().coverage() }

// Outlets are the outlets of the scope's articles, those of most articles
// first. Of spellings that differ in case only it has the most frequent one.
func (c *Scope) Outlets() []string {
	counts := map[string]int{}
	for a := range c.view().articles() {
		counts[a.Outlet]++
	}
	delete(counts, "")
	names := slices.SortedFunc(maps.Keys(counts), func(a, b string) int {
		return cmp.Or(counts[b]-counts[a], cmp.Compare(a, b))
	})
	seen := map[string]bool{}
	return slices.DeleteFunc(names, func(name string) bool {
		folded := strings.ToLower(name)
		known := seen[folded]
		seen[folded] = true
		return known
	})
}

// Articles are the scope's articles without their texts, the newest first and
// those without a date last.
func (c *Scope) Articles() []corpus.Article {
	return slices.SortedFunc(c.view().articles(), func(a, b corpus.Article) int {
		return cmp.Or(b.Published.Compare(a.Published), cmp.Compare(a.ID, b.ID))
	})
}

// Own says whether an article is the collection's own, not a common one.
func (c *Scope) Own(id corpus.ArticleID) bool {
	own := (*c.searcher.parts.Load())[c.collection]
	return c.collection != "" && own != nil && own.index.holds(id)
}
