package main

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"footnote/retrieval"

	"github.com/spf13/cobra"
)

type reindexJSON struct {
	Model     string   `json:"model"`
	Embedded  int      `json:"embedded"`
	Refused   int      `json:"refused"` // passages that the embedder does not take
	Pending   int      `json:"pending"` // passages that still wait
	Dropped   []string `json:"dropped"` // the models whose vectors went
	ElapsedMS int64    `json:"elapsed_ms"`
}

// reindexCommand is "footnote reindex".
func (a *app) reindexCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "reindex",
		Short: "Embed what lacks a vector of the embedder in force",
		Long: `Embeds the passages that lack a vector of the embedder in force, then drops the
vectors of other embedders. It may be interrupted at any time: what was made is
kept, and the same command goes on from there.`,
		Args: atMost(0),
		RunE: func(cmd *cobra.Command, _ []string) error { return a.reindex(cmd.Context()) },
	}
}

func (a *app) reindex(ctx context.Context) (err error) {
	embedder, err := a.embedder()
	if err != nil {
		return err
	}
	if embedder == nil {
		return errNoEmbedder()
	}
	store, err := a.begunStore(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, store.Close()) }()
	begun := a.now()
	if err := dropStale(ctx, store, embedder); err != nil {
		return err
	}
	report, err := a.embed(ctx, store, embedder)
	if err != nil {
		return err
	}
	var dropped []string
	if report.Pending == 0 {
		if dropped, err = dropOthers(ctx, store, embedder.Model()); err != nil {
			return err
		}
	}
	return a.showReindex(embedder.Model(), report, dropped, a.now().Sub(begun))
}

// dropStale drops the vectors of e's model if they are of another dimension
// than e makes: another model goes by that name now, and they are of no use.
func dropStale(ctx context.Context, store *retrieval.Store, e retrieval.Embedder) error {
	known, err := store.VectorDimension(ctx, e.Model())
	if err != nil || known == 0 {
		return err
	}
	vectors, err := e.EmbedPassages(ctx, []string{"news"})
	if errors.Is(err, retrieval.ErrUnavailable) {
		return nil // which is said when it embeds
	}
	if err != nil {
		return fmt.Errorf("embedding a word: %w", err)
	}
	if len(vectors[0]) == known {
		return nil
	}
	return store.DropVectors(ctx, e.Model())
}

// dropOthers drops the vectors of all models but one, and returns their names
// in order.
func dropOthers(ctx context.Context, store *retrieval.Store, keep string) ([]string, error) {
	models, err := store.VectorModels(ctx)
	if err != nil {
		return nil, err
	}
	delete(models, keep)
	others := slices.Sorted(maps.Keys(models))
	for _, model := range others {
		if err := store.DropVectors(ctx, model); err != nil {
			return nil, err
		}
	}
	return others, nil
}

func (a *app) showReindex(model string, r retrieval.EmbedReport, dropped []string, elapsed time.Duration) error {
	a.warnOfRefused(r.Refused)
	if r.Pending > 0 {
		a.warnOfPending(r.Pending)
	}
	if err := a.printReindex(model, r, dropped, elapsed); err != nil {
		return err
	}
	switch {
	case r.Pending > 0:
		return outcome(exitFailure)
	case len(r.Refused) > 0:
		return outcome(exitSkipped)
	}
	return nil
}

func (a *app) printReindex(model string, r retrieval.EmbedReport, dropped []string, elapsed time.Duration) error {
	if a.flags.json {
		return a.printJSON(reindexJSON{model, r.Embedded, len(r.Refused), r.Pending, append([]string{}, dropped...), elapsed.Milliseconds()})
	}
	fmt.Fprintf(a.stdout, "%s embedded by %s in %.1f s\n", count(r.Embedded, "passage"), oneLine(model), elapsed.Seconds())
	for _, other := range dropped {
		fmt.Fprintf(a.stdout, "the vectors of %s were dropped\n", oneLine(other))
	}
	return nil
}
