package bot

import (
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// maxText is how much a person can write at once, in characters.
const maxText = 4000

// badText says what is wrong with what a person wrote, or nothing.
func badText(r Request, t task, w gateWords) string {
	texts := []string{r.Text}
	for _, text := range r.Options {
		texts = append(texts, text)
	}
	for _, text := range texts {
		switch {
		case !utf8.ValidString(text):
			return w.unreadable
		case utf8.RuneCountInString(text) > maxText:
			return fmt.Sprintf(w.tooLong, maxText)
		}
	}
	switch {
	case r.Kind == Said && asksNothing(r.Text):
		return w.askMe
	case r.Kind == Menu && !isVisible(r.Text):
		return w.nothingToRead
	case r.Kind == Slash && slices.ContainsFunc(t.needs, func(name string) bool { return !isVisible(r.Options[name]) }):
		return w.noText
	}
	return ""
}

// isVisible says whether text holds anything that can be seen.
func isVisible(text string) bool {
	return strings.ContainsFunc(text, func(r rune) bool {
		blank := r == '\u115f' || r == '\u1160' || r == '\u3164' || r == '\uffa0' || r == '\u2800' // letters and signs without ink
		return !blank && unicode.In(r, unicode.L, unicode.N, unicode.P, unicode.S)
	})
}
