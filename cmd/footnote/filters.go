package main

import (
	"time"

	"footnote/corpus"
	"footnote/prompts"

	"github.com/spf13/cobra"
)

// filters are the flags that narrow down what ask and search look at.
type filters struct {
	since, until, asOf string
	outlets            []string
	collection         string
	n                  int
}

// A scope is what filters mean: days, both ends included, zero being open.
type scope struct {
	since, until, asOf time.Time
	outlets            []string
	collection         string // whose articles count beside the common ones; "" is nobody's
	n                  int    // 0 is the command's own number
}

const maxResults = 100

func (f *filters) add(a *app, cmd *cobra.Command) {
	flags := cmd.Flags()
	flags.StringVar(&f.since, "since", "", "articles of `DATE` or later: 2022-11-11, 2022-11, 2022, or 7d, 3w, 6m, 1y ago")
	flags.StringVar(&f.until, "until", "", "articles of `DATE` or earlier")
	flags.StringVar(&f.asOf, "as-of", "", "what was known at the end of `DATE`")
	flags.StringArrayVar(&f.outlets, "outlet", nil, "articles of the outlet `NAME`; repeat for more")
	addCollection(cmd, &f.collection, "ask also the articles of a server, by the `ID` of its collection")
	// The name is registered just above, so this cannot go wrong.
	_ = cmd.RegisterFlagCompletionFunc("outlet", a.completeOutlets)
}

// addCollection adds --collection to what asks, or changes, a server's articles.
func addCollection(cmd *cobra.Command, collection *string, use string) {
	cmd.Flags().StringVar(collection, "collection", "", use)
}

// addLimit adds -n, the number of what there is to be at most.
func (f *filters) addLimit(cmd *cobra.Command, what string) {
	cmd.Flags().IntVarP(&f.n, "limit", "n", 0, "how many "+what+" at most: 1 to 100")
}

// scope says what f means today.
func (f filters) scope(cmd *cobra.Command, now time.Time) (scope, error) {
	s := scope{outlets: f.outlets, collection: f.collection, n: f.n}
	if cmd.Flags().Changed("limit") && (f.n < 1 || f.n > maxResults) {
		return s, usage("", "-n must be 1 to %d, not %d", maxResults, f.n)
	}
	for _, d := range []struct {
		flag, text string
		end        bool
		day        *time.Time
	}{
		{"since", f.since, false, &s.since},
		{"until", f.until, true, &s.until},
		{"as-of", f.asOf, true, &s.asOf},
	} {
		if !cmd.Flags().Changed(d.flag) {
			continue
		}
		day, err := corpus.ParseRange(d.text, now, d.end)
		if err != nil {
			return s, usage("", "--%s: %w", d.flag, err)
		}
		*d.day = day
	}
	if last := s.last(); !last.IsZero() && last.Before(s.since) {
		return s, usage("", "the dates leave nothing: --since is %s and the end is %s", corpus.Day(s.since), corpus.Day(last))
	}
	return s, nil
}

// question is what text asks of the scope, after what was said before.
func (s scope) question(text string, turns []prompts.Turn) prompts.Question {
	return prompts.Question{
		Text: text, Since: s.since, Until: s.until, AsOf: s.asOf, Outlets: s.outlets, Sources: s.n, Turns: turns,
	}
}

// dated says whether the scope leaves out articles by their date.
func (s scope) dated() bool { return !s.since.IsZero() || !s.last().IsZero() }

// last is the last day of the scope, zero if it is open.
func (s scope) last() time.Time {
	if s.until.IsZero() || !s.asOf.IsZero() && s.asOf.Before(s.until) {
		return s.asOf
	}
	return s.until
}
