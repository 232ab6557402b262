package bot

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"footnote/corpus"
	"footnote/prompts"
	"footnote/retrieval"
)

// A Source is a citation as it is shown: the exact words in their context, and
// the article as it was when it was cited.
type Source struct {
	prompts.Citation
	prompts.Card
	Article corpus.Article
	State   retrieval.CitedState // what became of the article since
}

// Sources are the citations of an answer that Remember kept, in its order, cut
// from the articles as they were when it was given; none if it cites nothing.
// With samples, the library is the sample articles, which the store does not
// know. It is an error if a quote does not stand in its article to the byte.
func Sources(ctx context.Context, store *retrieval.Store, library Library, samples bool, answer prompts.Answer) ([]Source, error) {
	if len(answer.Citations) == 0 {
		return nil, nil
	}
	versions, err := store.Cited(ctx, answer.ID)
	if err != nil {
		return nil, err
	}
	cited := make(map[corpus.ArticleID]retrieval.CitedVersion, len(versions))
	for _, v := range versions {
		if samples {
			v.State = stateIn(ctx, library, v)
		}
		cited[v.ID] = v
	}
	sources := make([]Source, len(answer.Citations))
	for i, c := range answer.Citations {
		v, ok := cited[c.Hit.Article.ID]
		if !ok {
			return nil, &retrieval.DamageError{Article: c.Hit.Article.ID, What: "the version that answer " + answer.ID + " cites is not kept"}
		}
		card, err := prompts.NewCard(c, v.Text)
		if err != nil {
			return nil, err
		}
		sources[i] = Source{c, card, v.Article, v.State}
	}
	return sources, nil
}

// stateIn is what became of v in a library.
func stateIn(ctx context.Context, library Library, v retrieval.CitedVersion) retrieval.CitedState {
	record, err := library.Article(ctx, v.ID)
	switch {
	case err != nil:
		return retrieval.Gone
	case record.Text != v.Text:
		return retrieval.Superseded
	}
	return retrieval.Current
}

func sourcesCommand() command {
	spec := newSpec("sources", func(p phrases) naming { return p.answer.sources })
	id := newOption("answer", Text, func(p phrases) naming { return p.answer.answer })
	id.Max = maxDay
	spec.Options = []OptionSpec{id}
	return command{CommandSpec: spec, private: always, run: runSources}
}

// runSources shows the first source of the answer that is named, or of the last
// one where it was asked for.
func runSources(ctx context.Context, b *Bot, c *call) (Reply, error) {
	asked, err := b.named(ctx, c)
	if errors.Is(err, retrieval.ErrNotFound) {
		return saying(c.words.gate.noAnswer), nil
	}
	if err != nil {
		return Reply{}, err
	}
	return b.source(ctx, c, asked.Answer, 1)
}

// named is the answer of /sources, as far as the person may see it there. The
// error wraps retrieval.ErrNotFound if there is none: nobody learns of others.
func (b *Bot) named(ctx context.Context, c *call) (Asked, error) {
	id := strings.ToLower(strings.TrimSpace(c.Options["answer"]))
	if id == "" {
		return b.options.State.LastOf(ctx, c.Place.Guild, c.Place.Channel, c.Person.ID)
	}
	asked, err := b.options.State.Asked(ctx, id)
	if err == nil && !c.maySee(asked) {
		err = retrieval.ErrNotFound
	}
	return asked, err
}

// pressSources shows a source of the answer that the button is under, or the
// next one if the button is a source's own.
func pressSources(ctx context.Context, b *Bot, c *call) (Reply, error) {
	page, err := strconv.Atoi(c.action.arg)
	if err != nil {
		page = 1
	}
	return b.source(ctx, c, c.asked.Answer, page)
}

// source is the reply with one source of an answer; pages count from 1, and
// one that there is not is the nearest that there is.
func (b *Bot) source(ctx context.Context, c *call, id string, page int) (Reply, error) {
	answer, err := Recall(ctx, b.options.Store, id)
	if errors.Is(err, retrieval.ErrNotFound) {
		return saying(c.words.gate.noAnswer), nil
	}
	if err != nil {
		return Reply{}, err
	}
	sources, err := Sources(ctx, b.options.Store, b.options.Library, b.options.Samples(), answer)
	if err != nil {
		return Reply{}, err
	}
	asked := textBlock(Note, fmt.Sprintf(c.words.answer.toQuestion, clip(oneLine(answer.Question.Text), shownTitle)))
	if len(sources) == 0 {
		return Reply{Blocks: []Block{textBlock(Paragraph, c.words.answer.citesNone), asked}}, nil
	}
	page = min(max(page, 1), len(sources))
	return Reply{
		Blocks: append(c.words.cardBlocks(sources[page-1], len(sources), c.plain), asked),
		Rows:   c.words.pageRows(answer.ID, page, len(sources)),
	}, nil
}

// cardBlocks are one source of all that an answer has: whose it is, the quote
// in its context, and what became of the article.
func (p phrases) cardBlocks(s Source, all int, plain bool) []Block {
	page := p.answer.page
	if plain {
		page = p.answer.plainPage
	}
	title := append([]Span{{Text: fmt.Sprintf(page, s.N, all) + " · "}}, p.sourceSpans(s.Article)...)
	blocks := []Block{{Heading, title}}
	if heading := oneLine(strings.Join(s.Hit.Passage.Heading, " › ")); heading != "" {
		blocks = append(blocks, textBlock(Line, heading))
	}
	if plain {
		blocks = append(blocks, p.spokenQuote(s.Card)...)
	} else {
		blocks = append(blocks, quoteBlock(s.Card))
	}
	switch s.State {
	case retrieval.Superseded:
		blocks = append(blocks, textBlock(Note, p.answer.changed))
	case retrieval.Gone:
		blocks = append(blocks, textBlock(Note, p.answer.gone))
	}
	return blocks
}

// quoteBlock is a quote, strong, in its context.
func quoteBlock(c prompts.Card) Block {
	return Block{Quotation, []Span{
		{Text: strings.TrimLeft(clipStart(c.Before, shownContext), " \t\n")},
		{Text: c.Quote, Style: Strong},
		{Text: strings.TrimRight(clip(c.After, shownContext), " \t\n")},
	}}
}

// spokenQuote is quoteBlock for who hears it and cannot see what is strong.
func (p phrases) spokenQuote(c prompts.Card) []Block {
	var blocks []Block
	for _, part := range []struct{ label, text string }{
		{p.answer.before, clipStart(oneLine(c.Before), shownContext)},
		{p.answer.quote, oneLine(c.Quote)},
		{p.answer.after, clip(oneLine(c.After), shownContext)},
	} {
		if part.text != "" {
			blocks = append(blocks, textBlock(Paragraph, fmt.Sprintf(part.label, part.text)))
		}
	}
	return blocks
}

// pageRows lead from a source to those beside it.
func (p phrases) pageRows(answer string, page, all int) [][]Action {
	if all == 1 {
		return nil
	}
	to := func(label string, page int) Action {
		return Action{
			Label: label, ID: action{"page", answer, strconv.Itoa(page)}.id(), Disabled: page < 1 || page > all,
		}
	}
	return [][]Action{{to(p.answer.previous, page-1), to(p.answer.next, page+1)}}
}
