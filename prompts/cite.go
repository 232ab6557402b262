package prompts

import (
	"fmt"
	"strings"

	"footnote/corpus"
	"footnote/retrieval"
)

// cite is the n-th citation: the run of a hit's passage between two offsets
// into the passage's text. The store has verified the passage against its
// article, so that the quote stands in the article to the byte.
func cite(n int, h retrieval.Hit, at corpus.Span) Citation {
	return Citation{
		N: n, Hit: h, Quote: at.In(h.Passage.Text),
		QuoteStart: h.Passage.Start + at.Start, QuoteEnd: h.Passage.Start + at.End,
	}
}

// overlaps says whether two citations have a part of their quotes in common.
func (c Citation) overlaps(d Citation) bool {
	return c.Hit.Article.ID == d.Hit.Article.ID && c.QuoteStart < d.QuoteEnd && d.QuoteStart < c.QuoteEnd
}

// A Card is a quote in its context: the exact words, and a sentence either side
// unless a heading stands between. The three are one run of the article's text.
type Card struct{ Before, Quote, After string }

// NewCard cuts the card of c from the text of the article version that it
// cites. It is an error if the quote does not stand there to the byte: such a
// card is never shown.
func NewCard(c Citation, text string) (Card, error) {
	if c.QuoteStart < 0 || c.QuoteEnd > len(text) || c.QuoteStart >= c.QuoteEnd || text[c.QuoteStart:c.QuoteEnd] != c.Quote {
		return Card{}, fmt.Errorf("citation %d does not stand in article %s as it was quoted", c.N, c.Hit.Article.ID)
	}
	card := Card{Quote: c.Quote}
	for _, s := range corpus.Sentences(text) {
		if s.End <= c.QuoteStart && blank(text[s.End:c.QuoteStart]) {
			card.Before = text[s.Start:c.QuoteStart]
		}
		if s.Start >= c.QuoteEnd {
			if blank(text[c.QuoteEnd:s.Start]) {
				card.After = text[c.QuoteEnd:s.End]
			}
			break
		}
	}
	return card, nil
}

func blank(s string) bool { return strings.TrimSpace(s) == "" }
