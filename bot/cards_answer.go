package bot

import (
	"fmt"
	"strings"

	"footnote/corpus"
	"footnote/prompts"
	"footnote/retrieval"
)

// answerBlocks are an answer as it is shown; c is what was asked of.
func (p phrases) answerBlocks(a prompts.Answer, c retrieval.Coverage) []Block {
	blocks := p.openingBlocks(a.Question, a.Trace.Question)
	if a.Verdict == prompts.NotFound {
		return append(blocks, p.refusalBlocks(a, c)...)
	}
	blocks = append(blocks, sentenceBlocks(a.Sentences, a.Citations)...)
	if a.Cut {
		blocks = append(blocks, textBlock(Note, p.answer.cut))
	}
	blocks = append(blocks, p.citationBlocks(a.Citations)...)
	for _, d := range a.Disagreements {
		blocks = append(blocks, p.disagreementBlocks(d, a.Citations)...)
	}
	return append(blocks, textBlock(Note, strings.Join([]string{
		p.counted(prompts.IndependentSources(a.Citations), p.answer.independent),
		p.verified(a),
		fmt.Sprintf(p.answer.answerID, a.ID),
	}, " · ")))
}

// draftBlocks are as much of an answer as there is so far.
func (p phrases) draftBlocks(q prompts.Question, parts []prompts.Part) []Block {
	var sentences []prompts.Sentence
	var citations []prompts.Citation
	for _, part := range parts {
		sentences = append(sentences, part.Sentence)
		citations = append(citations, part.Citations...)
	}
	blocks := p.openingBlocks(q, parts[0].Question)
	blocks = append(blocks, sentenceBlocks(sentences, citations)...)
	return append(blocks, textBlock(Note, "…"))
}

// openingBlocks say what was asked, if that is not how q puts it, and the day,
// the days and the outlets that it is asked of, if there are any.
func (p phrases) openingBlocks(q prompts.Question, asked string) []Block {
	var blocks []Block
	if asked = oneLine(asked); asked != "" && asked != oneLine(q.Text) {
		blocks = append(blocks, textBlock(Note, fmt.Sprintf(p.answer.askedAs, asked)))
	}
	if !q.AsOf.IsZero() {
		blocks = append(blocks, textBlock(Note, fmt.Sprintf(p.answer.asOfDay, corpus.Day(q.AsOf))))
	}
	if limits := limitsOf(q); limits != "" {
		blocks = append(blocks, textBlock(Note, fmt.Sprintf(p.answer.limitedTo, limits)))
	}
	return blocks
}

// limitsOf are the outlets and days that a question is asked of; "" is all.
func limitsOf(q prompts.Question) string {
	var limits []string
	if len(q.Outlets) > 0 {
		limits = append(limits, oneLine(strings.Join(q.Outlets, ", ")))
	}
	if !q.Since.IsZero() || !q.Until.IsZero() {
		limits = append(limits, strings.TrimSpace(corpus.Day(q.Since)+" – "+corpus.Day(q.Until)))
	}
	return strings.Join(limits, " · ")
}

// sentenceBlocks are sentences with their markers. One that is its source's own
// words begins a paragraph, as it follows from none before it.
func sentenceBlocks(sentences []prompts.Sentence, citations []prompts.Citation) []Block {
	quotes := make(map[int]string, len(citations))
	for _, c := range citations {
		quotes[c.N] = oneLine(c.Quote)
	}
	var blocks []Block
	for i, s := range sentences {
		kind, text := Sentence, oneLine(s.Text)
		if i > 0 && len(s.Citations) == 1 && quotes[s.Citations[0]] == text {
			kind = Paragraph
		}
		blocks = append(blocks, Block{kind, append([]Span{{Text: text + " "}}, markers(s.Citations)...)})
	}
	return blocks
}

// citationBlocks say which articles the markers stand for, each in one line.
func (p phrases) citationBlocks(citations []prompts.Citation) []Block {
	var articles []corpus.Article
	cited := make(map[corpus.ArticleID][]int)
	for _, c := range citations {
		a := c.Hit.Article
		if cited[a.ID] == nil {
			articles = append(articles, a)
		}
		cited[a.ID] = append(cited[a.ID], c.N)
	}
	var blocks []Block
	for i, a := range articles {
		kind := Line
		if i == 0 {
			kind = Paragraph
		}
		spans := append(markers(cited[a.ID]), Span{Text: " "})
		blocks = append(blocks, Block{kind, append(spans, p.sourceSpans(a)...)})
	}
	return blocks
}

// disagreementBlocks are what each side says, by outlet and day.
func (p phrases) disagreementBlocks(d prompts.Disagreement, citations []prompts.Citation) []Block {
	about := p.answer.differClaim
	switch d.About {
	case "number":
		about = p.answer.differNumber
	case "date":
		about = p.answer.differDate
	}
	blocks := []Block{textBlock(Paragraph, about)}
	for _, s := range d.Sides {
		a := citations[s.Citation-1].Hit.Article
		when := ", " + p.dayOf(a)
		if s.Newer {
			when += ", " + p.answer.newer
		}
		spans := append(markers([]int{s.Citation}), Span{Text: " "}, Span{Text: p.outletOf(a), Style: Strong}, Span{Text: when + p.around.colon + oneLine(s.Says)})
		blocks = append(blocks, Block{Line, spans})
	}
	return blocks
}

// refusalBlocks say that there is no answer, and what comes nearest.
func (p phrases) refusalBlocks(a prompts.Answer, c retrieval.Coverage) []Block {
	blocks := []Block{textBlock(Sentence, p.answer.notFound)}
	if len(a.Missing) > 0 {
		missing := fmt.Sprintf(p.answer.missing, oneLine(p.alternatives(a.Missing)))
		blocks = append(blocks, textBlock(Sentence, missing))
	}
	if len(a.Nearest) > 0 {
		blocks = append(blocks, textBlock(Paragraph, p.answer.nearest))
	}
	for i, h := range a.Nearest {
		hit := p.hitBlocks(h)
		if i > 0 && a.Nearest[i-1].Article.ID == h.Article.ID {
			hit = hit[1:] // under the same name
		}
		blocks = append(blocks, hit...)
	}
	return append(blocks, textBlock(Note, p.covers(c)+" · "+fmt.Sprintf(p.answer.answerID, a.ID)))
}

// verified says who wrote an answer, and how much of it was shown.
func (p phrases) verified(a prompts.Answer) string {
	if why := p.fallback(a.Fallback); why != "" {
		return p.answer.quotesOnly + ": " + why
	}
	if a.Answerer == "extractive" {
		return p.answer.quotesOnly
	}
	shown := len(a.Sentences)
	form := p.answer.verified.Many
	if shown+a.Removed == 1 {
		form = p.answer.verified.One
	}
	line := fmt.Sprintf(form, shown, shown+a.Removed)
	if a.Removed > 0 {
		line += ", " + p.counted(a.Removed, p.answer.removed)
	}
	return line
}

// fallback is why quotes serve although a model is set up; "" if they do not.
func (p phrases) fallback(f prompts.Fallback) string {
	switch f {
	case "":
		return ""
	case prompts.OverBudget:
		return p.answer.overBudget
	case prompts.NothingVerified:
		return p.answer.nothingVerified
	case prompts.ModelFoundNone:
		return p.answer.modelFoundNone
	}
	return p.answer.modelUnavailable
}
