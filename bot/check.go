package bot

import (
	"context"
	"fmt"
	"strings"

	"footnote/prompts"
)

// mostChecked is how many sentences of a message are checked, and how much of
// each is repeated, in characters.
const (
	mostChecked  = 8
	checkedRunes = 160
)

func checkCommand() command {
	spec := newSpec("Check this message", func(p phrases) naming { return p.around.check.command })
	spec.Menu, spec.Description = true, nil
	return command{CommandSpec: spec, private: always, limited: true, run: kindly(checkMessage)}
}

// checkMessage holds each sentence of a message against the articles.
func checkMessage(ctx context.Context, _ *Bot, c *call) (Reply, error) {
	w := c.words.around.check
	findings, left, err := c.corpus.Checker.Check(ctx, withoutRemarks(c.Text), mostChecked)
	if err != nil {
		return Reply{}, fmt.Errorf("checking a message: %w", err)
	}
	if len(findings) == 0 {
		return Reply{}, refusal(w.noClaim)
	}
	blocks := []Block{textBlock(Heading, w.heading)}
	uncovered := false
	for _, f := range findings {
		blocks = append(blocks, findingBlocks(c.words, f)...)
		uncovered = uncovered || f.Verdict == prompts.NotCovered
	}
	if left > 0 {
		blocks = append(blocks, textBlock(Note, c.words.counted(left, w.left)))
	}
	if uncovered {
		blocks = append(blocks, textBlock(Note, w.noJudgement))
	}
	return Reply{Blocks: blocks}, nil
}

// withoutRemarks is a message without the lines that claim nothing where it is
// one of the bot's own: small print, and which article a marker stands for.
func withoutRemarks(message string) string {
	var b strings.Builder
	for line := range strings.Lines(message) {
		if !strings.HasPrefix(line, "-# ") && !(isNumbered(line) && strings.Contains(line, "] **")) {
			b.WriteString(line)
		}
	}
	return b.String()
}

// isNumbered says whether a line begins with a marker.
func isNumbered(line string) bool {
	number, _, ok := strings.Cut(strings.TrimPrefix(line, "["), "]")
	return ok && line[0] == '[' && number != "" && strings.Trim(number, "0123456789") == ""
}

// findingBlocks are a sentence, how it stands to the articles, and the words
// that say so. What is only near to it is named and not quoted.
func findingBlocks(p phrases, f prompts.Finding) []Block {
	sentence := Block{Paragraph, []Span{
		{Text: verdictWord(p.around.check, f) + p.around.colon, Style: Strong}, {Text: clip(oneLine(f.Sentence), checkedRunes)},
	}}
	if f.Citation.Quote == "" {
		return []Block{sentence}
	}
	source := p.sourceSpans(f.Citation.Hit.Article)
	if f.Verdict == prompts.NotCovered {
		return []Block{sentence, {Line, append([]Span{{Text: p.around.check.nearest + p.around.colon}}, source...)}}
	}
	return []Block{sentence, {Quotation, marked(f.Citation.Quote, f.Differ)}, {Line, source}}
}

func verdictWord(w checkWords, f prompts.Finding) string {
	switch {
	case f.Verdict == prompts.Supported:
		return w.supported
	case f.Verdict == prompts.NotCovered:
		return w.notCovered
	case f.About == "number":
		return w.otherNumber
	case f.About == "date":
		return w.otherDate
	}
	return w.contradicted
}

// marked is a quote with the first run that differs from what was said set in
// bold.
func marked(quote string, sides []prompts.Side) []Span {
	for _, s := range sides {
		if before, after, ok := strings.Cut(quote, s.Says); ok && s.Says != "" {
			return []Span{{Text: before}, {Text: s.Says, Style: Strong}, {Text: after}}
		}
	}
	return []Span{{Text: quote}}
}
