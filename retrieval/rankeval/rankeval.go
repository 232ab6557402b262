// Package rankeval measures retrieval on folders in BEIR layout (Thakur et
// al., 2021): corpus.jsonl, queries.jsonl and relevance judgements.
package rankeval

import (
	"context"
	"fmt"
	"io"
	"os"
	"slices"
	"time"

	"footnote/corpus"
	"footnote/retrieval"
)

// depth is how many articles of each query count.
const depth = 10

// Options say how Run measures.
type Options struct {
	Embedder     retrieval.Embedder // none: words alone rank
	Chunker      corpus.Chunker     // cuts the articles
	Since, Until time.Time
	Outlets      []string
	Run          io.Writer             // takes the ranking in TREC's format; may be nil
	Embedded     func(done, total int) // told after each batch of vectors; may be nil
}

// A Report is what Run measured: means over the queries that have a judgement,
// each between 0 and 1, and times of one query.
type Report struct {
	Queries           int
	NDCG, Recall, MRR float64 // of the first ten articles
	P50, P95          time.Duration
}

// Run indexes the folder's corpus in a temporary store and asks its queries
// one after the other.
func Run(ctx context.Context, dir string, o Options) (report Report, err error) {
	set, err := readSet(dir)
	if err != nil {
		return Report{}, err
	}
	temp, err := os.MkdirTemp("", "footnote-eval-")
	if err != nil {
		return Report{}, fmt.Errorf("making a folder for the temporary store: %w", err)
	}
	defer os.RemoveAll(temp)
	store, err := retrieval.OpenStore(ctx, temp)
	if err != nil {
		return Report{}, err
	}
	defer store.Close()
	if err := fill(ctx, store, set.articles, o); err != nil {
		return Report{}, err
	}
	searcher, err := retrieval.NewSearcher(ctx, store, retrieval.SearcherOptions{Embedder: o.Embedder, Vectors: store})
	if err != nil {
		return Report{}, err
	}
	return measure(ctx, searcher, set, o)
}

func fill(ctx context.Context, store *retrieval.Store, articles []corpus.Article, o Options) error {
	for batch := range slices.Chunk(articles, 64) {
		records := make([]retrieval.Record, len(batch))
		for i, a := range batch {
			records[i] = retrieval.Record{Article: a, Passages: o.Chunker.Chunk(a), Source: "eval", Added: time.Now()}
		}
		if _, err := store.Save(ctx, records); err != nil {
			return err
		}
	}
	if o.Embedder == nil {
		return nil
	}
	report, err := retrieval.Embed(ctx, store, o.Embedder, o.Embedded)
	if err == nil && report.Pending > 0 {
		err = fmt.Errorf("the embedder left %d passages without a vector: %w", report.Pending, retrieval.ErrUnavailable)
	}
	return err
}

func measure(ctx context.Context, s *retrieval.Searcher, set set, o Options) (Report, error) {
	var r Report
	var times []time.Duration
	for _, q := range set.queries {
		start := time.Now()
		ranked, err := s.RankArticles(ctx, retrieval.Query{Text: q.text, Since: o.Since, Until: o.Until, Outlets: o.Outlets}, depth)
		if err != nil {
			return Report{}, fmt.Errorf("query %s: %w", q.id, err)
		}
		times = append(times, time.Since(start))
		if err := writeRun(o.Run, q.id, ranked); err != nil {
			return Report{}, fmt.Errorf("writing the run: %w", err)
		}
		grades := set.grades[q.id]
		if len(grades) == 0 {
			continue
		}
		r.Queries++
		r.NDCG += ndcg(ranked, grades)
		r.Recall += recall(ranked, grades)
		r.MRR += reciprocalRank(ranked, grades)
	}
	if n := float64(r.Queries); n > 0 {
		r.NDCG, r.Recall, r.MRR = r.NDCG/n, r.Recall/n, r.MRR/n
	}
	slices.Sort(times)
	if n := len(times); n > 0 {
		r.P50, r.P95 = times[n/2], times[min(n-1, n*95/100)]
	}
	return r, nil
}

func writeRun(w io.Writer, query string, ranked []retrieval.RankedArticle) error {
	if w == nil {
		return nil
	}
	for i, a := range ranked {
		if _, err := fmt.Fprintf(w, "%s Q0 %s %d %.6f footnote\n", query, a.ID, i+1, a.Score); err != nil {
			return err
		}
	}
	return nil
}
