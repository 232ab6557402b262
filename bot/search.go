package bot

import (
	"context"
	"fmt"
	"time"

	"footnote/retrieval"
)

// How many passages /search finds, and shows at a time.
const (
	mostHits    = 25
	hitsPerPage = 5
	maxQuery    = 400 // characters
)

func searchCommand() command {
	spec := newSpec("search", func(p phrases) naming { return p.around.search.command })
	query := newOption("query", Text, func(p phrases) naming { return p.around.search.query })
	query.Required, query.Max = true, maxQuery
	since := newOption("since", Text, func(p phrases) naming { return p.answer.since })
	until := newOption("until", Text, func(p phrases) naming { return p.answer.until })
	outlet := newOption("outlet", Text, func(p phrases) naming { return p.answer.outlet })
	since.Max, until.Max, outlet.Max, outlet.Completes = maxDay, maxDay, maxOutlets, true
	spec.Options = []OptionSpec{query, since, until, outlet}
	return command{CommandSpec: spec, private: always, limited: true, instant: searchInstantly, run: kindly(search)}
}

// searchInstantly completes the outlet, and refuses what cannot be searched for
// before it counts.
func searchInstantly(b *Bot, c *call) (Reply, bool) {
	if c.Kind == Typing {
		return Reply{Choices: outletChoices(c.corpus.Scope.Outlets(), c.Options["outlet"])}, true
	}
	if _, err := searchQuery(c, b.options.Now()); err != nil {
		return notice(err.Error()), true
	}
	return Reply{}, false
}

// search shows the passages that bear on a query, without an answer.
func search(ctx context.Context, b *Bot, c *call) (Reply, error) {
	now := b.options.Now()
	q, err := searchQuery(c, now)
	if err != nil {
		return Reply{}, err
	}
	b.shelves.lists.put(c.ID, ownerOf(c.Request), now, listing{query: q})
	return searchPage(ctx, c, q, c.ID, 1)
}

func turnSearch(ctx context.Context, b *Bot, c *call) (Reply, error) {
	wanted, key, n, err := b.turned(c)
	if err != nil {
		return Reply{}, err
	}
	return searchPage(ctx, c, wanted.query, key, n)
}

// searchQuery is what the options of /search ask for, which are read as those
// of /ask are. Its error is a refusal.
func searchQuery(c *call, now time.Time) (retrieval.Query, error) {
	text := question(c.Options["query"])
	if !isVisible(text) {
		return retrieval.Query{}, refusal(c.words.gate.noText)
	}
	ask, err := c.filters(now)
	return retrieval.Query{Text: text, Limit: mostHits, Since: ask.Since, Until: ask.Until, Outlets: ask.Outlets}, err
}

func searchPage(ctx context.Context, c *call, q retrieval.Query, key string, n int) (Reply, error) {
	hits, err := c.corpus.Scope.Retrieve(ctx, q)
	if err != nil {
		return Reply{}, fmt.Errorf("searching for passages: %w", err)
	}
	w := c.words.around.search
	p := pageOf("search", key, n, len(hits), hitsPerPage)
	blocks := []Block{textBlock(Heading, fmt.Sprintf(w.heading, clip(q.Text, 80)))}
	if len(hits) == 0 {
		blocks = append(blocks, textBlock(Paragraph, w.nothing))
	}
	for i, h := range hits[p.from:p.to] {
		hit := c.words.hitBlocks(h)
		hit[0].Spans = numbered(p.from+i+1, hit[0].Spans)
		blocks = append(blocks, hit...)
	}
	dated := !q.Since.IsZero() || !q.Until.IsZero()
	if undated := c.corpus.Scope.Coverage().Undated; dated && undated > 0 {
		blocks = append(blocks, textBlock(Note, c.words.counted(undated, c.words.answer.undatedLeft)))
	}
	return p.under(blocks, c.words), nil
}
