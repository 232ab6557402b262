package bot

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"footnote/corpus"
	"footnote/retrieval"
)

func removeCommand() command {
	spec := newSpec("remove", func(p phrases) naming { return p.admin.remove.command })
	spec.Admin, spec.GuildOnly = true, true
	article := newOption("article", Text, func(p phrases) naming { return p.admin.remove.article })
	article.Required, article.Completes = true, true
	spec.Options = []OptionSpec{article}
	return command{CommandSpec: spec, private: always, instant: completeOwn, run: kindly(proposeRemoval)}
}

// completeOwn offers the server's own articles while one is typed.
func completeOwn(_ *Bot, c *call) (Reply, bool) {
	if c.Kind != Typing {
		return Reply{}, false
	}
	choices := []Choice{}
	for _, a := range matching(ownArticles(c.corpus.Scope), oneLine(c.Options["article"])) {
		label := strings.Join([]string{clip(oneLine(a.Title), 60), c.words.outletOf(a), c.words.dayOf(a)}, " · ")
		choices = append(choices, Choice{Label: clip(label, maxChoice), Value: shortID(a.ID)})
		if len(choices) == maxChoices {
			break
		}
	}
	return Reply{Choices: choices}, true
}

// ownArticles are the articles that a server has added itself, the newest first.
func ownArticles(s *retrieval.Scope) []corpus.Article {
	var out []corpus.Article
	for _, a := range s.Articles() {
		if s.Own(a.ID) {
			out = append(out, a)
		}
	}
	return out
}

// shortID stands for an article's id, which may be longer than a choice.
func shortID(id corpus.ArticleID) string { return corpus.TextSum(string(id))[:20] }

// proposeRemoval asks whether an article is to go.
func proposeRemoval(_ context.Context, b *Bot, c *call) (Reply, error) {
	w := c.words.admin.remove
	a, err := namedArticle(c)
	if err != nil {
		return Reply{}, err
	}
	b.shelves.plans.put(c.ID, ownerOf(c.Request), b.options.Now(), plan{remove: a.ID})
	return Reply{
		Blocks: []Block{
			textBlock(Heading, w.question),
			{Line, c.words.sourceSpans(a)},
			textBlock(Note, w.kept),
		},
		Rows: [][]Action{{
			{Label: w.remove, ID: action{name: "remove", arg: c.ID}.id(), Danger: true},
			{Label: c.words.admin.cancel, ID: action{name: "cancel", arg: c.ID}.id()},
		}},
	}, nil
}

// namedArticle is the one of the server's own articles that was chosen, or
// whose title was typed.
func namedArticle(c *call) (corpus.Article, error) {
	typed := oneLine(c.Options["article"])
	own := ownArticles(c.corpus.Scope)
	for _, a := range own {
		if typed == shortID(a.ID) || typed == string(a.ID) {
			return a, nil
		}
	}
	found := matching(own, typed)
	if typed == "" || len(found) == 0 {
		return corpus.Article{}, refusal(c.words.admin.remove.none)
	}
	if len(found) > 1 {
		return corpus.Article{}, refusal(c.words.admin.remove.several)
	}
	return found[0], nil
}

// removePlanned removes the article that its admin has agreed to remove.
func removePlanned(ctx context.Context, b *Bot, c *call) (Reply, error) {
	w := c.words.admin.remove
	p, err := b.planned(c)
	if err != nil {
		return Reply{}, err
	}
	if !c.corpus.Scope.Own(p.remove) {
		return Reply{}, refusal(w.gone)
	}
	_, err = b.options.Store.Remove(ctx, p.remove)
	b.ingested(ctx)
	switch {
	case errors.Is(err, retrieval.ErrNotFound):
		return Reply{}, refusal(w.gone)
	case errors.Is(err, retrieval.ErrTraces):
		return saying(w.traces), nil
	case err != nil:
		return Reply{}, fmt.Errorf("removing a server's article: %w", err)
	}
	return saying(w.done), nil
}
