package retrieval

import (
	"context"
	"errors"
	"fmt"
	"footnote/corpus"
	"slices"
)

// embedBatch is how many passages are embedded and stored at a time.
const embedBatch = 512

// Embed makes the vectors that the store still lacks for the embedder's model.
// It returns how many wait because the embedder is not there, which is no
// error, and the passages whose text the embedder refuses: words find them all
// the same. What was embedded before an error stays; the next call goes on from
// there.
func Embed(ctx context.Context, s *Store, e Embedder) (pending int, refused []Skip, err error) {
	left := map[corpus.PassageID]bool{} // those refused
	for {
		passages, err := s.WithoutVector(ctx, e.Model(), embedBatch+len(left))
		if err != nil {
			return 0, refused, err
		}
		passages = slices.DeleteFunc(passages, func(p corpus.Passage) bool { return left[p.ID] })
		if len(passages) == 0 {
			return 0, refused, nil
		}
		err = embedPassages(ctx, s, e, passages)
		var poison *TextError
		switch {
		case errors.As(err, &poison) && poison.Index < len(passages):
			p := passages[poison.Index]
			left[p.ID] = true
			refused = append(refused, Skip{string(p.ID), "the embedder refuses the passage, words still find it: " + poison.Err.Error()})
		case errors.Is(err, ErrUnavailable) && ctx.Err() == nil:
			pending, err = s.CountWithoutVector(ctx, e.Model())
			return pending - len(left), refused, err
		case err != nil:
			return 0, refused, err
		}
	}
}

func embedPassages(ctx context.Context, s *Store, e Embedder, passages []corpus.Passage) error {
	texts := make([]string, len(passages))
	titles := map[corpus.ArticleID]string{}
	for i, p := range passages {
		title, ok := titles[p.Article]
		if !ok {
			r, err := s.Article(ctx, p.Article)
			var damage *DamageError
			if err != nil && !errors.Is(err, ErrNotFound) && !errors.As(err, &damage) {
				return fmt.Errorf("reading article %s: %w", p.Article, err)
			}
			if !r.Derived {
				title = r.Title
			}
			titles[p.Article] = title
		}
		texts[i] = EmbeddedText(title, p)
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

// EmbeddedText is what of a passage is embedded: its article's title, its
// headings and its text, a line each. Only the text is ever cited.
func EmbeddedText(title string, p corpus.Passage) string {
	text := ""
	for _, context := range append([]string{title}, p.Heading...) {
		if context != "" {
			text += context + "\n"
		}
	}
	return text + p.Text
}
