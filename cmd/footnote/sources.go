package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"footnote/corpus"
	"footnote/prompts"
	"footnote/retrieval"

	"github.com/spf13/cobra"
)

// sourcesCommand is "footnote sources".
func (a *app) sourcesCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "sources [ANSWER [N]]",
		Short: "The exact passages that an earlier answer cites",
		Long: `Shows what an answer cites, each quote with a sentence either side: the last
answer, or the one whose id (or its beginning) is given; with N only the
citation of that number. The quote is bold in colour, and stands between » and «
without.`,
		Example: `  footnote sources
  footnote sources 3f9a 2`,
		Args: atMost(2),
		RunE: func(cmd *cobra.Command, args []string) error {
			n := 0
			if len(args) == 2 {
				var err error
				if n, err = strconv.Atoi(args[1]); err != nil || n < 1 {
					return usage("", "the number of a citation is 1 or more, not %q", oneLine(args[1]))
				}
			}
			return a.sources(cmd.Context(), strings.Join(args[:min(len(args), 1)], ""), n)
		},
	}
}

// A card is a citation as it is shown: with its article as it was cited.
type card struct {
	prompts.Citation
	prompts.Card
	article corpus.Article
	state   retrieval.CitedState
}

// sources shows the citations of the answer id, "" being the last one, or only
// the n-th if n is not 0.
func (a *app) sources(ctx context.Context, id string, n int) (err error) {
	lib, err := a.openLibrary(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, lib.close()) }()
	answer, err := remembered(ctx, lib.store, id)
	if err != nil {
		return err
	}
	cards, err := cardsOf(ctx, lib, answer)
	if err != nil {
		return err
	}
	if n > len(cards) {
		return &failure{exit: exitFailure, code: "not_found", err: fmt.Errorf("answer %s has no citation %d; it has %s", answer.ID, n, count(len(cards), "citation"))}
	}
	shown := cards
	if n > 0 {
		shown = cards[n-1 : n]
	}
	if a.flags.json {
		return a.printJSON(newSourcesJSON(answer, shown))
	}
	return a.page().cards(answer, shown, len(cards))
}

// remembered is the answer of that id, or the last one.
func remembered(ctx context.Context, store *retrieval.Store, id string) (prompts.Answer, error) {
	var kept retrieval.Remembered
	err := error(retrieval.ErrNotFound)
	switch {
	case store == nil:
	case id == "":
		kept, err = store.LastAnswer(ctx)
	default:
		kept, err = store.Answer(ctx, id)
	}
	if errors.Is(err, retrieval.ErrNotFound) {
		return prompts.Answer{}, noAnswer(id)
	}
	if err != nil {
		return prompts.Answer{}, err
	}
	var answer prompts.Answer
	if err := json.Unmarshal(kept.Body, &answer); err != nil {
		return prompts.Answer{}, fmt.Errorf("reading answer %s: %w", kept.ID, err)
	}
	return answer, nil
}

func noAnswer(id string) *failure {
	if id == "" {
		return &failure{exit: exitFailure, code: "not_found", err: errors.New("no answer yet"), hint: "ask first: footnote ask QUESTION"}
	}
	return &failure{exit: exitFailure, code: "not_found", err: fmt.Errorf("there is no answer %q", oneLine(id)), hint: "the last one is shown by: footnote sources"}
}

// cardsOf are the citations of answer, in its order, cut from the articles as
// they were when it was given.
func cardsOf(ctx context.Context, lib *library, answer prompts.Answer) ([]card, error) {
	if len(answer.Citations) == 0 {
		return nil, nil
	}
	versions, err := lib.store.Cited(ctx, answer.ID)
	if err != nil {
		return nil, err
	}
	cited := make(map[corpus.ArticleID]retrieval.CitedVersion, len(versions))
	for _, v := range versions {
		cited[v.ID] = v
	}
	cards := make([]card, len(answer.Citations))
	for i, c := range answer.Citations {
		v, ok := cited[c.Hit.Article.ID]
		if !ok {
			return nil, &retrieval.DamageError{Article: c.Hit.Article.ID, What: "the version that answer " + answer.ID + " cites is not kept"}
		}
		cut, err := prompts.NewCard(c, v.Text)
		if err != nil {
			return nil, err
		}
		cards[i] = card{c, cut, v.Article, stateIn(ctx, lib, v)}
	}
	return cards, nil
}

// stateIn is what became of v in lib. The store does not know the samples, so
// that to it they are gone.
func stateIn(ctx context.Context, lib *library, v retrieval.CitedVersion) retrieval.CitedState {
	if lib.samples == 0 {
		return v.State
	}
	record, err := lib.Article(ctx, v.ID)
	switch {
	case err != nil:
		return retrieval.Gone
	case record.Text != v.Text:
		return retrieval.Superseded
	}
	return retrieval.Current
}

// cards writes the citations shown of all that an answer has.
func (p page) cards(answer prompts.Answer, shown []card, all int) error {
	fmt.Fprintf(p, "%s\n", p.dim("answer "+answer.ID+" to: "+oneLine(answer.Question.Text)))
	if all == 0 {
		_, err := fmt.Fprintln(p, "\nIt cites nothing: the articles did not answer.")
		return err
	}
	for _, c := range shown {
		fmt.Fprintf(p, "\n%d/%d · %s\n", c.N, all, p.source(c.article))
		if heading := oneLine(strings.Join(c.Hit.Passage.Heading, " › ")); heading != "" {
			fmt.Fprintf(p, "    %s\n", p.dim(heading))
		}
		fmt.Fprintf(p, "%s\n", p.wrap(p.quoted(c.Card), 4))
		if note := stateNote(c.state); note != "" {
			fmt.Fprintf(p, "    (%s)\n", note)
		}
	}
	return nil
}

// quoted is the quote, marked, in the text around it.
func (p page) quoted(c prompts.Card) string {
	quote := printable(c.Quote)
	if p.styled {
		quote = p.bold(quote)
	} else {
		quote = "»" + quote + "«"
	}
	return strings.TrimSpace(printable(c.Before) + quote + printable(c.After))
}

func stateNote(s retrieval.CitedState) string {
	switch s {
	case retrieval.Superseded:
		return "the article has changed since"
	case retrieval.Gone:
		return "the article is no longer in the corpus"
	}
	return ""
}
