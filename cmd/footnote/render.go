package main

import (
	"fmt"
	"strings"
	"time"

	"footnote/corpus"
	"footnote/prompts"
	"footnote/retrieval"

	"charm.land/lipgloss/v2"
)

// snippetWidth is how many columns of a passage a hit shows.
const snippetWidth = 160

// asOf writes the day at whose end what follows was known, if there is one.
func (p page) asOf(day time.Time) {
	if !day.IsZero() {
		fmt.Fprintf(p, "As of %s:\n\n", corpus.Day(day))
	}
}

// notFound writes that there is no answer, and what comes nearest.
func (p page) notFound(a prompts.Answer, c retrieval.Coverage) error {
	fmt.Fprintln(p, "The articles do not answer this.")
	if len(a.Missing) > 0 {
		fmt.Fprintf(p, "No article names %s.\n", printable(oneLine(strings.Join(a.Missing, " or "))))
	}
	if len(a.Nearest) > 0 {
		fmt.Fprintln(p, "\nNearest to it:")
	}
	for _, h := range a.Nearest {
		p.hit("  · ", h)
	}
	if c.First.IsZero() {
		return nil
	}
	_, err := fmt.Fprintf(p, "\n%s\n", p.dim(fmt.Sprintf("%s, dated %s to %s", count(c.Articles, "article"), corpus.Day(c.First), corpus.Day(c.Last))))
	return err
}

// hit writes what a passage is of and how it begins.
func (p page) hit(lead string, h retrieval.Hit) {
	indent := lipgloss.Width(lead)
	fmt.Fprintf(p, "%s%s\n", lead, p.source(h.Article))
	fmt.Fprintf(p, "%s%s\n", strings.Repeat(" ", indent), p.dim(p.snippet(h.Passage.Text, indent)))
}

// snippet is the beginning of text on one line that fits beside indent.
func (p page) snippet(text string, indent int) string {
	width := snippetWidth
	if p.width > 0 {
		width = max(20, p.width-indent)
	}
	return clip(oneLine(text), width)
}

// clip cuts s to width columns, at a blank if there is one near.
func clip(s string, width int) string {
	if lipgloss.Width(s) <= width {
		return s
	}
	var b strings.Builder
	used := 1 // for the dots
	for _, r := range s {
		w := lipgloss.Width(string(r))
		if used+w > width {
			break
		}
		used += w
		b.WriteRune(r)
	}
	cut := b.String()
	if i := strings.LastIndexByte(cut, ' '); i > len(cut)*3/4 {
		cut = cut[:i]
	}
	return strings.TrimRight(cut, " ,;:.") + "…"
}

// source names an article: outlet, date, title, link. A title that footnote
// made from the article's first words stands in quotation marks.
func (p page) source(a corpus.Article) string {
	title := oneLine(a.Title)
	if a.Derived {
		title = "“" + title + "”"
	}
	parts := []string{p.bold(outletOf(a) + ", " + dayOf(a))}
	for _, part := range []string{title, oneLine(a.URL)} {
		if part != "" {
			parts = append(parts, part)
		}
	}
	return strings.Join(parts, " · ")
}

func outletOf(a corpus.Article) string {
	if outlet := oneLine(a.Outlet); outlet != "" {
		return outlet
	}
	return "unknown outlet"
}

func dayOf(a corpus.Article) string {
	if day := corpus.Day(a.Published); day != "" {
		return day
	}
	return "undated"
}

func markers(citations []int) string {
	var b strings.Builder
	for _, n := range citations {
		fmt.Fprintf(&b, "[%d]", n)
	}
	return b.String()
}
