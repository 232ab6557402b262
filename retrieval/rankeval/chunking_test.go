package rankeval

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"text/tabwriter"

	"footnote/corpus"
	"footnote/retrieval"
)

var sweep = flag.Bool("chunking", false, "measure all settings of the chunker, not its default alone")

// A spanQuestion is a question with the runs of text that answer it.
type spanQuestion struct {
	text    string
	article corpus.ArticleID
	answers []corpus.Span // apart from each other; bytes of the article's text
}

// spanScore is how well the text retrieved for a question matches what answers
// it, each between 0 and 1, as Smith and Troynikov (2024, "Evaluating Chunking
// Strategies for Retrieval") define it but for the unit, which is bytes here:
// text counts once as found, and as often as it was retrieved as retrieved.
type spanScore struct {
	recall    float64 // share of the answers that was retrieved
	precision float64 // share of what was retrieved that belongs to the answers
	iou       float64 // what was found, as a share of answers and retrieved text together
}

// Recall alone would favour passages without end, IoU alone passages of one
// sentence; the default of today has .891 and .0442.
func TestChunkingFindsTheAnswers(t *testing.T) {
	const recall, iou = .88, .043
	articles, questions := readSpans(t)
	got := meanScore(questions, rankPassages(t, articles, questions, corpus.Chunker{}), best(5))
	t.Logf("%+v", got)
	if got.recall < recall || got.iou < iou {
		t.Errorf("the five best passages have recall %.4f and IoU %.4f, want at least %.2f and %.3f", got.recall, got.iou, recall, iou)
	}
}

// TestChunkingSweep prints what each setting of the chunker finds:
//
//	go test ./retrieval/rankeval -run ChunkingSweep -v -chunking
//
// R, P and IoU are of the five and of the ten best passages, which favours
// long ones; R@1000w is the recall of the first thousand words retrieved,
// which favours none. The last columns are nDCG@10 of articles.
func TestChunkingSweep(t *testing.T) {
	if !*sweep {
		t.Skip("-chunking was not given")
	}
	articles, questions := readSpans(t)
	var out strings.Builder
	table := tabwriter.NewWriter(&out, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(table, "words\toverlap\tpassages\tR@5\tP@5\tIoU@5\tR@10\tP@10\tIoU@10\tR@1000w\tcranfield\tscifact\t")
	for _, words := range []int{60, 100, 150, 200, 300} {
		for overlap := range 3 {
			c := corpus.Chunker{Words: words, Overlap: overlap}
			ranked := rankPassages(t, articles, questions, c)
			five, ten := meanScore(questions, ranked, best(5)), meanScore(questions, ranked, best(10))
			thousand := meanScore(questions, ranked, withinWords(1000))
			fmt.Fprintf(table, "%d\t%d\t%d\t", words, overlap, countPassages(articles, c))
			fmt.Fprintf(table, "%.3f\t%.3f\t%.3f\t", five.recall, five.precision, five.iou)
			fmt.Fprintf(table, "%.3f\t%.3f\t%.3f\t", ten.recall, ten.precision, ten.iou)
			fmt.Fprintf(table, "%.3f\t%.4f\t%.4f\t\n", thousand.recall, ndcgOf(t, "cranfield", c), ndcgOf(t, "scifact", c))
		}
	}
	if err := table.Flush(); err != nil {
		t.Fatal(err)
	}
	t.Log("\n" + out.String())
}

func TestSpanScores(t *testing.T) {
	q := spanQuestion{article: "a", answers: []corpus.Span{{Start: 10, End: 20}, {Start: 30, End: 40}}}
	at := func(a corpus.ArticleID, start, end int) corpus.Passage {
		return corpus.Passage{Article: a, Start: start, End: end}
	}
	for name, c := range map[string]struct {
		retrieved []corpus.Passage
		want      spanScore
	}{
		"nothing":             {nil, spanScore{}},
		"exactly the answers": {[]corpus.Passage{at("a", 30, 40), at("a", 10, 20)}, spanScore{1, 1, 1}},
		"half of one":         {[]corpus.Passage{at("a", 0, 15)}, spanScore{.25, 1. / 3, 5. / 30}},
		"all in one":          {[]corpus.Passage{at("a", 0, 80)}, spanScore{1, .25, .25}},
		"twice the same":      {[]corpus.Passage{at("a", 10, 20), at("a", 10, 20)}, spanScore{.5, .5, 10. / 30}},
		"one within another":  {[]corpus.Passage{at("a", 12, 14), at("a", 10, 20)}, spanScore{.5, 10. / 12, 10. / 22}},
		"another article":     {[]corpus.Passage{at("b", 10, 20)}, spanScore{}},
	} {
		if got := scoreOf(q, c.retrieved); got != c.want {
			t.Errorf("%s: got %+v, want %+v", name, got, c.want)
		}
	}
}

// readSpans reads the five documents and their questions.
func readSpans(t *testing.T) ([]corpus.Article, []spanQuestion) {
	t.Helper()
	dir := filepath.Join(shared, "chroma_chunking")
	if _, err := os.Stat(dir); err != nil {
		t.Skip("no evaluation data beside the project")
	}
	set, err := readSet(dir)
	if err != nil {
		t.Fatal(err)
	}
	texts, offsets := map[corpus.ArticleID]string{}, map[corpus.ArticleID][]int{}
	for _, a := range set.articles {
		texts[a.ID], offsets[a.ID] = a.Text, byteOffsets(a.Text)
	}
	var questions []spanQuestion
	err = eachLine(filepath.Join(dir, "queries.jsonl"), func(line string) error {
		var r spanRow
		if err := json.Unmarshal([]byte(line), &r); err != nil {
			return err
		}
		q, err := r.question(texts[r.Doc], offsets[r.Doc])
		questions = append(questions, q)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return set.articles, questions
}

// A spanRow is a line of the set's queries.jsonl. Its offsets count
// characters.
type spanRow struct {
	Text       string
	Doc        corpus.ArticleID
	References []struct {
		Content string
		Start   int `json:"start_index"`
		End     int `json:"end_index"`
	}
}

// question converts the offsets to bytes, and holds them against the words
// that must stand there.
func (r spanRow) question(text string, offsets []int) (spanQuestion, error) {
	q := spanQuestion{text: r.Text, article: r.Doc}
	for _, ref := range r.References {
		s := corpus.Span{Start: offsets[ref.Start], End: offsets[ref.End]}
		if s.In(text) != ref.Content {
			return spanQuestion{}, errors.New("an answer does not stand where its offsets say")
		}
		q.answers = append(q.answers, s)
	}
	return q, nil
}

// byteOffsets are where each character of text begins, and where the last one
// ends.
func byteOffsets(text string) []int {
	var out []int
	for i := range text {
		out = append(out, i)
	}
	return append(out, len(text))
}

// rankPassages returns the hundred best passages for each question, by words,
// out of all documents. Each passage is indexed as an article of its own, under
// its headings and without a title, so that passages compete with one another:
// with only five documents, the weight of the whole document and the limit of
// two passages an article would hide how they were cut.
func rankPassages(t *testing.T, articles []corpus.Article, questions []spanQuestion, c corpus.Chunker) [][]corpus.Passage {
	t.Helper()
	ctx := context.Background()
	store, err := retrieval.OpenStore(ctx, t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	records, passages := apart(articles, c)
	if _, err := store.Save(ctx, records); err != nil {
		t.Fatal(err)
	}
	searcher, err := retrieval.NewSearcher(ctx, store, retrieval.SearcherOptions{})
	if err != nil {
		t.Fatal(err)
	}
	out := make([][]corpus.Passage, len(questions))
	for i, q := range questions {
		ranked, err := searcher.RankArticles(ctx, retrieval.Query{Text: q.text}, 100)
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range ranked {
			out[i] = append(out[i], passages[r.ID])
		}
	}
	return out
}

// apart makes an article of every passage, and says which passage each was.
func apart(articles []corpus.Article, c corpus.Chunker) ([]retrieval.Record, map[corpus.ArticleID]corpus.Passage) {
	var records []retrieval.Record
	passages := map[corpus.ArticleID]corpus.Passage{}
	for _, whole := range articles {
		for _, p := range c.Chunk(whole) {
			a := corpus.Article{ID: corpus.ArticleID(p.ID), Text: p.Text}
			only := corpus.NewPassage(a, 0, 0, len(a.Text), p.Heading)
			records = append(records, retrieval.Record{Article: a, Passages: []corpus.Passage{only}, Source: "eval"})
			passages[a.ID] = p
		}
	}
	return records, passages
}

// best takes the first n passages of a ranking.
func best(n int) func([]corpus.Passage) []corpus.Passage {
	return func(ranked []corpus.Passage) []corpus.Passage { return ranked[:min(n, len(ranked))] }
}

// withinWords takes as much of a ranking as has n words, its last passage cut.
func withinWords(n int) func([]corpus.Passage) []corpus.Passage {
	return func(ranked []corpus.Passage) []corpus.Passage {
		var out []corpus.Passage
		left := n
		for _, p := range ranked {
			words := len(strings.Fields(p.Text))
			if words > left {
				cut := len(p.Text) * left / words
				p.Text, p.End = p.Text[:cut], p.Start+cut
			}
			out = append(out, p)
			if left -= words; left <= 0 {
				break
			}
		}
		return out
	}
}

// meanScore is the mean over the questions of what take leaves of each ranking.
func meanScore(questions []spanQuestion, ranked [][]corpus.Passage, take func([]corpus.Passage) []corpus.Passage) spanScore {
	var sum spanScore
	for i, q := range questions {
		s := scoreOf(q, take(ranked[i]))
		sum.recall += s.recall
		sum.precision += s.precision
		sum.iou += s.iou
	}
	n := float64(len(questions))
	return spanScore{sum.recall / n, sum.precision / n, sum.iou / n}
}

func scoreOf(q spanQuestion, retrieved []corpus.Passage) spanScore {
	var own []corpus.Span // runs of the question's article
	taken, wanted, found := 0, 0, 0
	for _, p := range retrieved {
		taken += p.End - p.Start
		if p.Article == q.article {
			own = append(own, corpus.Span{Start: p.Start, End: p.End})
		}
	}
	slices.SortFunc(own, func(a, b corpus.Span) int { return cmp.Compare(a.Start, b.Start) })
	for _, answer := range q.answers {
		wanted += answer.End - answer.Start
		found += covered(answer, own)
	}
	return spanScore{
		recall:    float64(found) / float64(wanted),
		precision: float64(found) / float64(max(1, taken)),
		iou:       float64(found) / float64(taken+wanted-found),
	}
}

// covered is how many bytes of s the runs cover, which are in the order of
// their starts.
func covered(s corpus.Span, runs []corpus.Span) int {
	n, from := 0, s.Start
	for _, r := range runs {
		start, end := max(from, r.Start), min(s.End, r.End)
		if start < end {
			n += end - start
			from = end
		}
	}
	return n
}

func countPassages(articles []corpus.Article, c corpus.Chunker) int {
	n := 0
	for _, a := range articles {
		n += len(c.Chunk(a))
	}
	return n
}

func ndcgOf(t *testing.T, name string, c corpus.Chunker) float64 {
	t.Helper()
	r, err := Run(context.Background(), filepath.Join(shared, name), Options{Chunker: c})
	if err != nil {
		t.Fatal(err)
	}
	return r.NDCG
}
