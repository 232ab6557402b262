package main

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"footnote/bot"
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
	cards, err := bot.Sources(ctx, lib.store, lib, lib.samples > 0, answer)
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
	if store == nil {
		return prompts.Answer{}, noAnswer(id)
	}
	answer, err := bot.Recall(ctx, store, id)
	if errors.Is(err, retrieval.ErrNotFound) {
		return prompts.Answer{}, noAnswer(id)
	}
	return answer, err
}

func noAnswer(id string) *failure {
	if id == "" {
		return &failure{exit: exitFailure, code: "not_found", err: errors.New("no answer yet"), hint: "ask first: footnote ask QUESTION"}
	}
	return &failure{exit: exitFailure, code: "not_found", err: fmt.Errorf("there is no answer %q", oneLine(id)), hint: "the last one is shown by: footnote sources"}
}

// cards writes the citations shown of all that an answer has.
func (p page) cards(answer prompts.Answer, shown []bot.Source, all int) error {
	fmt.Fprintf(p, "%s\n", p.dim("answer "+answer.ID+" to: "+oneLine(answer.Question.Text)))
	if all == 0 {
		_, err := fmt.Fprintln(p, "\nIt cites nothing: the articles did not answer.")
		return err
	}
	for _, c := range shown {
		fmt.Fprintf(p, "\n%d/%d · %s\n", c.N, all, p.source(c.Article))
		if heading := oneLine(strings.Join(c.Hit.Passage.Heading, " › ")); heading != "" {
			fmt.Fprintf(p, "    %s\n", p.dim(heading))
		}
		fmt.Fprintf(p, "%s\n", p.wrap(p.quoted(c.Card), 4))
		if note := stateNote(c.State); note != "" {
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
