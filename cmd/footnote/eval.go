package main

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"time"

	"footnote/retrieval/rankeval"

	"github.com/spf13/cobra"
)

type evalJSON struct {
	Embedder string  `json:"embedder"` // names the vector space; "none" if words alone rank
	Queries  int     `json:"queries"`
	NDCG     float64 `json:"ndcg@10"`
	Recall   float64 `json:"recall@10"`
	MRR      float64 `json:"mrr@10"`
	P50      float64 `json:"ms_p50"`
	P95      float64 `json:"ms_p95"`
}

// evalCommand is "footnote eval".
func (a *app) evalCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:     "eval retrieval FOLDER",
		Short:   "Measure footnote on questions whose answers are known",
		Example: "  footnote eval retrieval scifact/ --run run.trec",
		Args:    a.noSuchCommand,
		RunE:    func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(a.evalRetrievalCommand())
	return cmd
}

func (a *app) evalRetrievalCommand() *cobra.Command {
	var f filters
	var file, embedder string
	cmd := &cobra.Command{
		Use:   "retrieval FOLDER",
		Short: "Measure how well articles are found",
		Long: `Measures on a folder in BEIR layout: corpus.jsonl, queries.jsonl and qrels.tsv
or qrels/test.tsv. The index lies in a temporary store; one's own is not touched.`,
		Example: "  footnote eval retrieval scifact/ --run run.trec\n  footnote eval retrieval scifact/ --embedder bge-small",
		Args:    cobra.MatchAll(atLeast(1, "a folder in BEIR layout"), atMost(1)),
		RunE: func(cmd *cobra.Command, args []string) error {
			s, err := f.scope(cmd, a.now())
			if err != nil {
				return err
			}
			return a.evalRetrieval(cmd.Context(), args[0], file, embedder, s)
		},
	}
	f.add(a, cmd)
	cmd.Flags().StringVar(&file, "run", "", "write the ten best articles of each query to `FILE`, as TREC does")
	cmd.Flags().StringVar(&embedder, "embedder", "", "measure `EMBEDDER`: builtin, none, openai, an installed model or the path of one; by default that of the settings")
	_ = cmd.RegisterFlagCompletionFunc("embedder", a.completeEmbedders) // fails only for a flag that is not there
	return cmd
}

func (a *app) evalRetrieval(ctx context.Context, folder, file, named string, s scope) error {
	embedder, model, err := a.namedEmbedder(named)
	if err != nil {
		return err
	}
	step, finish := a.bar("passages embedded")
	o := rankeval.Options{Embedder: embedder, Embedded: step, Since: s.since, Until: s.last(), Outlets: s.outlets}
	// It is small, ten lines a query, and an earlier run stays till this one is
	// whole.
	var run bytes.Buffer
	if file != "" {
		o.Run = &run
	}
	report, err := rankeval.Run(ctx, folder, o)
	finish()
	if err != nil {
		return err
	}
	if file != "" {
		if err := os.WriteFile(file, run.Bytes(), 0o666); err != nil {
			return fmt.Errorf("writing the file of the run: %w", err)
		}
	}
	return a.showEval(report, model)
}

func (a *app) showEval(r rankeval.Report, model string) error {
	if a.flags.json {
		return a.printJSON(evalJSON{model, r.Queries, r.NDCG, r.Recall, r.MRR, milliseconds(r.P50), milliseconds(r.P95)})
	}
	_, err := fmt.Fprintf(a.stdout, "embedder   %s\nqueries    %d\nnDCG@10    %.4f\nrecall@10  %.4f\nMRR@10     %.4f\np50        %.2f ms\np95        %.2f ms\n",
		oneLine(model), r.Queries, r.NDCG, r.Recall, r.MRR, milliseconds(r.P50), milliseconds(r.P95))
	return err
}

func milliseconds(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }
