package bert

import (
	"cmp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// A mark is a piece that stands for itself wherever it occurs in a text, such
// as [MASK]; the reference calls it an added token.
type mark struct {
	content string // not empty
	id      int32
	alone   bool // only where no letter or digit stands beside it
}

// marks are what to look for in a text.
type marks struct {
	all    []mark // the longest first
	begins [256]bool
}

// newMarks makes marks of all; of two with the same content the first counts.
func newMarks(all []mark) marks {
	m := marks{all: slices.SortedStableFunc(slices.Values(all), func(a, b mark) int {
		return cmp.Compare(len(b.content), len(a.content))
	})}
	for _, mark := range m.all {
		m.begins[mark.content[0]] = true
	}
	return m
}

// A place is where a mark was found.
type place struct {
	start, end int
	id         int32
}

// find is the first place of a mark in text[from:], of several that begin there
// the longest one's. If there is none, it is the end of text, with the id none.
func (m *marks) find(text string, from int) place {
	for i := from; i < len(text); i++ {
		if !m.begins[text[i]] {
			continue
		}
		found, ok := m.at(text, i)
		if !ok {
			continue
		}
		end := i + len(found.content)
		if !found.alone || !endsInWord(text[:i]) && !beginsWithWord(text[end:]) {
			return place{start: i, end: end, id: found.id}
		}
		i = end - 1
	}
	return place{start: len(text), end: len(text), id: none}
}

// at is the longest mark that begins at text[i].
func (m *marks) at(text string, i int) (mark, bool) {
	for _, mark := range m.all {
		if strings.HasPrefix(text[i:], mark.content) {
			return mark, true
		}
	}
	return mark{}, false
}

func endsInWord(text string) bool {
	r, size := utf8.DecodeLastRuneInString(text)
	return size > 0 && isWordRune(r)
}

func beginsWithWord(text string) bool {
	r, size := utf8.DecodeRuneInString(text)
	return size > 0 && isWordRune(r)
}

// isWordRune reports whether r is of a word by Unicode's technical standard 18.
func isWordRune(r rune) bool {
	return unicode.In(r, unicode.L, unicode.M, unicode.Nd, unicode.Nl, unicode.Pc, unicode.Other_Alphabetic, unicode.Join_Control)
}
