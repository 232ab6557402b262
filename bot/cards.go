package bot

import (
	"fmt"
	"strconv"
	"strings"

	"footnote/corpus"
	"footnote/retrieval"
)

// How much of a text is shown, in characters.
const (
	shownTitle   = 150
	shownSnippet = 160
	shownContext = 400 // of a sentence beside a quote; a quote itself is never cut
)

// textBlock is a block of text in the normal style.
func textBlock(kind BlockKind, text string) Block { return Block{kind, []Span{{Text: text}}} }

// saying is a reply of one paragraph.
func saying(text string) Reply { return Reply{Blocks: []Block{textBlock(Paragraph, text)}} }

// notice is an immediate reply of one paragraph, for the person alone.
func notice(text string) Reply {
	r := saying(text)
	r.Private = true
	return r
}

// sourceSpans name an article: outlet, day, and the title that leads to it. A
// title that footnote made from the article's first words stands in quotation
// marks.
func (p phrases) sourceSpans(a corpus.Article) []Span {
	spans := []Span{{Text: p.outletOf(a), Style: Strong}, {Text: ", " + p.dayOf(a)}}
	title := clip(oneLine(a.Title), shownTitle)
	switch {
	case title == "":
		title = a.URL
	case a.Derived:
		title = "“" + title + "”"
	}
	if title == "" {
		return spans
	}
	link := Span{Text: title}
	if a.URL != "" {
		link.Style, link.URL = Link, a.URL
	}
	return append(spans, Span{Text: " · "}, link)
}

func (p phrases) outletOf(a corpus.Article) string {
	if outlet := oneLine(a.Outlet); outlet != "" {
		return outlet
	}
	return p.answer.unknownOutlet
}

func (p phrases) dayOf(a corpus.Article) string {
	if day := corpus.Day(a.Published); day != "" {
		return day
	}
	return p.answer.undated
}

// hitBlocks are a passage that was found: its article, and how it begins.
func (p phrases) hitBlocks(h retrieval.Hit) []Block {
	return []Block{{Line, p.sourceSpans(h.Article)}, textBlock(Quotation, clip(oneLine(h.Passage.Text), shownSnippet))}
}

// covers says how many articles there are, and of which days.
func (p phrases) covers(c retrieval.Coverage) string {
	articles := p.counted(c.Articles, p.answer.articles)
	if c.First.IsZero() {
		return articles
	}
	first, last := corpus.Day(c.First), corpus.Day(c.Last)
	if first == last {
		return articles + ", " + first
	}
	return fmt.Sprintf(p.answer.dated, articles, first, last)
}

// counted is a number of things in words. In French nothing is singular.
func (p phrases) counted(n int, c count) string {
	form := c.Many
	if n == 1 || n == 0 && p.language == French {
		form = c.One
	}
	return strings.Replace(form, "%d", p.grouped(n), 1)
}

// grouped is n with its thousands apart, as the language writes them.
func (p phrases) grouped(n int) string {
	mark := ","
	switch p.language {
	case German:
		mark = "."
	case French, Spanish:
		mark = "\u202f" // narrow, and no line breaks there
	}
	digits := strconv.Itoa(n)
	for i := len(digits) - 3; i > 0; i -= 3 {
		digits = digits[:i] + mark + digits[i:]
	}
	return digits
}

// alternatives are words as a sentence names them of which any may be meant:
// "a, b or c".
func (p phrases) alternatives(words []string) string {
	if len(words) < 2 {
		return strings.Join(words, "")
	}
	last := len(words) - 1
	return strings.Join(words[:last], p.answer.comma) + p.answer.or + words[last]
}

// markers are the numbers of citations, each in brackets.
func markers(citations []int) []Span {
	var spans []Span
	for _, n := range citations {
		spans = append(spans, Span{Text: "[" + strconv.Itoa(n) + "]", Style: Marker})
	}
	return spans
}

// clip cuts text to n characters, at a blank if there is one near.
func clip(text string, n int) string {
	runes := []rune(text)
	if len(runes) <= n {
		return text
	}
	cut := string(runes[:n-1])
	if i := strings.LastIndexByte(cut, ' '); i > len(cut)*3/4 {
		cut = cut[:i]
	}
	return strings.TrimRight(cut, " ,;:.") + "…"
}

// clipStart is clip that keeps the end of a text.
func clipStart(text string, n int) string {
	runes := []rune(text)
	if len(runes) <= n {
		return text
	}
	kept := string(runes[len(runes)-n+1:])
	if i := strings.IndexByte(kept, ' '); i >= 0 && i < len(kept)/4 {
		kept = kept[i+1:]
	}
	return "…" + kept
}

// oneLine is s with each run of white space as one blank.
func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }
