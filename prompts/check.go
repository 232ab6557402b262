package prompts

import (
	"context"
	"fmt"
	"slices"

	"footnote/retrieval"
)

// A Finding says what the articles say of one sentence of a message.
type Finding struct {
	Sentence string // in plain text
	Verdict  CheckVerdict
	Citation Citation // what supports or contradicts it; the nearest, if it is not covered; zero if there is none
	Differ   []Side   // Contradicted: the words that differ, in the citation
	About    string   // Contradicted: "number", "date" or "claim"
}

// A CheckVerdict says how a sentence stands to the articles.
type CheckVerdict int

// The verdicts of a check. A sentence that one article supports and another
// contradicts is Supported: somebody reports it, which is what a message claims.
const (
	NotCovered CheckVerdict = iota
	Supported
	Contradicted
)

// A Checker holds what somebody wrote against the articles. It is safe for use
// by several goroutines.
type Checker struct {
	retriever Retriever
	reader    *reader
	cleaner   *cleaner
	knows     func(word string) bool
}

// NewChecker checks against what r retrieves. knows says whether a word, in
// lower case, is one of the language; nil knows none, so that more sentences
// are not covered.
func NewChecker(r Retriever, knows func(word string) bool) *Checker {
	return &Checker{retriever: r, reader: newReader(), cleaner: newCleaner(), knows: knows}
}

// Over is the checker against what r retrieves, with all else shared.
func (c *Checker) Over(r Retriever) *Checker {
	return &Checker{retriever: r, reader: c.reader, cleaner: c.cleaner, knows: c.knows}
}

// Check holds each sentence of a Discord message against the articles, at most
// limit of them, each once; left is how many were passed over. What claims
// nothing is no such sentence: questions, greetings, exclamations. Citations are numbered from
// 1 in the order of the findings, one quote once.
func (c *Checker) Check(ctx context.Context, text string, limit int) (findings []Finding, left int, err error) {
	statements := distinct(c.statements(text))
	left = max(0, len(statements)-max(0, limit))
	var cited []Citation
	for _, s := range statements[:len(statements)-left] {
		f, err := c.hold(ctx, s)
		if err != nil {
			return nil, 0, err
		}
		f.number(&cited)
		findings = append(findings, f)
	}
	return findings, left, nil
}

// distinct are the statements without those that were made before.
func distinct(statements []statement) []statement {
	seen := make(map[string]bool)
	return slices.DeleteFunc(statements, func(s statement) bool {
		before := seen[s.told]
		seen[s.told] = true
		return before
	})
}

// number gives the finding's citation its number among those cited before.
func (f *Finding) number(cited *[]Citation) {
	if f.Citation.Quote == "" {
		return
	}
	f.Citation.N = len(*cited) + 1
	for _, old := range *cited {
		if old.Hit.Article.ID == f.Citation.Hit.Article.ID && old.QuoteStart == f.Citation.QuoteStart && old.QuoteEnd == f.Citation.QuoteEnd {
			f.Citation.N = old.N
		}
	}
	if f.Citation.N > len(*cited) {
		*cited = append(*cited, f.Citation)
	}
	for i := range f.Differ {
		f.Differ[i].Citation = f.Citation.N
	}
}

// hold holds one statement against what the articles have on it.
func (c *Checker) hold(ctx context.Context, s statement) (Finding, error) {
	hits, err := c.retriever.Retrieve(ctx, retrieval.Query{Text: s.told, Limit: consulted})
	if err != nil {
		return Finding{}, fmt.Errorf("searching the articles: %w", err)
	}
	t := newTrial(c, s, hits)
	return t.verdict(), nil
}
