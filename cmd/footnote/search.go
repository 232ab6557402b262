package main

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"footnote/retrieval"

	"github.com/spf13/cobra"
)

// searchCommand is "footnote search".
func (a *app) searchCommand() *cobra.Command {
	var f filters
	cmd := &cobra.Command{
		Use:   "search QUERY",
		Short: "The passages that bear on a query, ranked",
		Long:  "Lists the passages that bear on a query, best first, without an answer.\nEnds with exit code 3 if there are none.",
		Example: `  footnote search artillery shells
  footnote search --since 2022-11 --outlet AP -n 3 --json "lethal aid"`,
		Args: atLeast(1, "a query"),
		RunE: func(cmd *cobra.Command, args []string) error {
			s, err := f.scope(cmd, a.now())
			if err != nil {
				return err
			}
			query, err := checkWords(strings.Join(args, " "), "search", "query")
			if err != nil {
				return err
			}
			return a.search(cmd.Context(), query, s)
		},
	}
	f.add(a, cmd)
	f.addLimit(cmd, "hits")
	return cmd
}

func (a *app) search(ctx context.Context, query string, s scope) (err error) {
	lib, err := a.openLibrary(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, lib.close()) }()
	searcher, err := a.searcher(ctx, lib)
	if err != nil {
		return err
	}
	in := searcher.In(s.collection)
	hits, err := in.Retrieve(ctx, retrieval.Query{
		Text:    query,
		Limit:   s.n,
		Since:   s.since,
		Until:   s.last(),
		Outlets: s.outlets,
	})
	if err != nil {
		return err
	}
	a.noteUndated(s, in.Coverage())
	if err := a.showHits(query, s.asOf, hits); err != nil {
		return err
	}
	if len(hits) == 0 {
		return outcome(exitNothing)
	}
	return nil
}

func (a *app) showHits(query string, asOf time.Time, hits []retrieval.Hit) error {
	if a.flags.json {
		return a.printJSON(newSearchJSON(query, asOf, hits))
	}
	p := a.page()
	p.asOf(asOf)
	if len(hits) == 0 {
		_, err := fmt.Fprintln(p, "Nothing was found.")
		return err
	}
	for i, h := range hits {
		p.hit(fmt.Sprintf("%2d. ", i+1), h)
	}
	return nil
}
