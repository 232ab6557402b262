package retrieval

import (
	"context"
	"errors"
	"fmt"
	"footnote/corpus"
	"slices"
	"strings"
)

// embedBatch is how many passages are embedded and stored at a time: what a
// kill undoes at most.
const embedBatch = 64

// An EmbedReport says what Embed did.
type EmbedReport struct {
	Embedded int
	Pending  int    // passages that wait because the embedder is not there
	Refused  []Skip // passages whose text the embedder refuses; words find them
}

// Embed makes the vectors that the store still lacks for the embedder's model.
// That the embedder is not there is no error. What was embedded before an error
// stays; the next call goes on from there, whoever makes it. After each batch
// progress, if it is not nil, is told how many of how many are embedded.
func Embed(ctx context.Context, s *Store, e Embedder, progress func(done, total int)) (report EmbedReport, err error) {
	total, err := s.CountWithoutVector(ctx, e.Model())
	if err != nil {
		return report, err
	}
	left := map[corpus.PassageID]bool{} // those refused
	for {
		passages, err := s.WithoutVector(ctx, e.Model(), embedBatch+len(left))
		if err != nil {
			return report, err
		}
		passages = slices.DeleteFunc(passages, func(p corpus.Passage) bool { return left[p.ID] })
		if len(passages) == 0 {
			return report, nil
		}
		err = embedPassages(ctx, s, e, passages)
		var poison *TextError
		switch {
		case err == nil:
			report.Embedded += len(passages)
			if progress != nil {
				progress(report.Embedded, max(total, report.Embedded))
			}
		case errors.As(err, &poison) && poison.Index < len(passages):
			p := passages[poison.Index]
			left[p.ID] = true
			report.Refused = append(report.Refused, Skip{string(p.ID), "the embedder refuses the passage, words still find it: " + poison.Err.Error()})
		case errors.Is(err, ErrUnavailable) && ctx.Err() == nil:
			pending, err := s.CountWithoutVector(ctx, e.Model())
			report.Pending = pending - len(left)
			return report, err
		default:
			return report, err
		}
	}
}

func embedPassages(ctx context.Context, s *Store, e Embedder, passages []corpus.Passage) error {
	texts := make([]string, len(passages))
	articles := map[corpus.ArticleID]corpus.Article{}
	for i, p := range passages {
		a, ok := articles[p.Article]
		if !ok {
			r, err := s.Article(ctx, p.Article)
			var damage *DamageError
			if err != nil && !errors.Is(err, ErrNotFound) && !errors.As(err, &damage) {
				return fmt.Errorf("reading article %s: %w", p.Article, err)
			}
			a = r.Article
			articles[p.Article] = a
		}
		texts[i] = EmbeddedText(a, p)
	}
	vectors, err := e.EmbedPassages(ctx, texts)
	if err != nil {
		return fmt.Errorf("embedding %d passages: %w", len(passages), err)
	}
	out := make([]PassageVector, len(passages))
	for i, p := range passages {
		n, err := passageNumber(p)
		if err != nil {
			return err
		}
		out[i] = PassageVector{Article: p.Article, N: int(n), Vector: vectors[i], Text: p.Text}
	}
	return s.SaveVectors(ctx, e.Model(), out)
}

// EmbeddedText is what of an article's passage is embedded: the title, unless
// it was made from the lead, the headings and the text, a line each. Only the
// text is ever cited.
func EmbeddedText(a corpus.Article, p corpus.Passage) string {
	var lines []string
	if !a.Derived {
		lines = append(lines, a.Title)
	}
	lines = append(append(lines, p.Heading...), p.Text)
	return strings.Join(slices.DeleteFunc(lines, func(line string) bool { return line == "" }), "\n")
}
