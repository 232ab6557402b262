package prompts

import (
	"strings"

	"footnote/retrieval"
)

// IndependentSources is how many of the citations do not lean on one another.
// Articles of one outlet count as one source, and so do copies: articles of
// which the cited passages or the quotes are the same but for a few words, as
// newspapers print what an agency sends them. What copies a copy is no source of
// its own either.
func IndependentSources(citations []Citation) int {
	source := make([]int, len(citations)) // of each citation the first one of its source
	count := 0
	for i := range citations {
		source[i] = i
		count++
		for j := range i {
			if source[j] != source[i] && citations[i].leansOn(citations[j]) {
				merge(source[:i+1], source[i], source[j])
				count--
			}
		}
	}
	return count
}

// merge makes one source of two.
func merge(source []int, a, b int) {
	for i, s := range source {
		if s == a || s == b {
			source[i] = min(a, b)
		}
	}
}

// leansOn says whether two citations are of one source.
func (c Citation) leansOn(d Citation) bool {
	return c.Hit.Article.ID == d.Hit.Article.ID || isOneOutlet(c.Hit.Article.Outlet, d.Hit.Article.Outlet) ||
		retrieval.AreCopies(c.Hit.Passage.Text, d.Hit.Passage.Text) ||
		min(newNeedle(c.Quote).words(), newNeedle(d.Quote).words()) >= copiedWords && retrieval.AreCopies(c.Quote, d.Quote)
}

// copiedWords is how many words two quotes have at least that are not alike by
// chance.
const copiedWords = 10

// isOneOutlet says whether two articles have one outlet; an unknown one is
// nobody's.
func isOneOutlet(a, b string) bool {
	a, b = strings.TrimSpace(a), strings.TrimSpace(b)
	return a != "" && strings.EqualFold(a, b)
}
