package corpus

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// A block is a paragraph, a list item or a heading of a text.
type block struct {
	Span
	level int // of a heading, from 1; 0 is prose
}

// How long a heading is at most: it is kept with every passage under it.
const (
	maxHeading = 80  // runes, of one that only its form tells
	maxMarked  = 400 // bytes, of one that is marked
)

// blocks cuts a text into its paragraphs and headings, in order, without the
// white space between them. A newline ends a paragraph unless the lines around
// it are wrapped, that is, most of them stop in the middle of a sentence, or
// the next line plainly goes on.
func blocks(text string) []block {
	var out []block
	groups := lineGroups(text)
	width := wrapWidth(text, groups)
	for _, group := range groups {
		out = append(out, joinLines(text, group, width, wrapped(text, group))...)
	}
	return demoteTail(out)
}

// joinLines makes blocks of the lines of a group. Marked headings and items of
// lists begin a block of their own.
func joinLines(text string, group []Span, width int, wrapped bool) []block {
	var out []block
	for i, line := range group {
		t := line.In(text)
		n := len(out) - 1
		begins := n < 0 || out[n].level > 0 || markedLevel(t) > 0 || isItem(t)
		if !begins && (wrapped || goesOn(out[n].In(text), t) || isFull(group[i-1].In(text), width)) {
			out[n].End = line.End
			continue
		}
		level := markedLevel(t)
		leftOpen := i+1 < len(group) && (goesOn(t, group[i+1].In(text)) || isFull(t, width))
		if level == 0 && !wrapped && !leftOpen && looksLikeHeading(t) {
			level = bareHeading
		}
		line.Start += itemMark(t)
		out = append(out, block{Span: trim(text, line), level: level})
	}
	return out
}

// The widths, in runes, between which the longest line of a wrapped text lies.
const (
	minWidth = 60
	maxWidth = 100
)

// wrapWidth is the length of the longest line, in runes, of a text that may be
// wrapped; 0 of another.
func wrapWidth(text string, groups [][]Span) int {
	width := 0
	for _, group := range groups {
		for _, line := range group {
			width = max(width, utf8.RuneCountInString(line.In(text)))
		}
	}
	if width < minWidth || width > maxWidth {
		return 0
	}
	return width
}

// isFull says whether a line of a wrapped text ended, in the middle of a
// sentence, for want of room.
func isFull(line string, width int) bool {
	return width > 0 && !closed(line) && 4*utf8.RuneCountInString(line) >= 3*width
}

// goesOn says whether the sentence that a line leaves open plainly goes on
// with the next.
func goesOn(line, next string) bool {
	r, _ := utf8.DecodeRuneInString(next)
	return !closed(line) && unicode.IsLower(r)
}

// demoteTail takes the last block for prose if it merely looked like a
// heading: nothing stands under it.
func demoteTail(b []block) []block {
	if n := len(b) - 1; n >= 0 && b[n].level == bareHeading {
		b[n].level = 0
	}
	return b
}

// lineGroups are the runs of lines that no blank line parts, each line without
// the white space at its ends.
func lineGroups(text string) [][]Span {
	var groups [][]Span
	var group []Span
	for start := 0; start <= len(text); {
		end := len(text)
		if i := strings.IndexByte(text[start:], '\n'); i >= 0 {
			end = start + i
		}
		if line := trim(text, Span{start, end}); line.Start < line.End {
			group = append(group, line)
		} else if group != nil {
			groups, group = append(groups, group), nil
		}
		start = end + 1
	}
	if group != nil {
		groups = append(groups, group)
	}
	return groups
}

// trim is s without the white space at its ends.
func trim(text string, s Span) Span {
	t := s.In(text)
	left := strings.TrimLeftFunc(t, unicode.IsSpace)
	s.Start += len(t) - len(left)
	s.End = s.Start + len(strings.TrimRightFunc(left, unicode.IsSpace))
	return s
}

// wrapped says whether most lines of a group, its last aside, end within a
// sentence and are too long to be headings or items of a list.
func wrapped(text string, group []Span) bool {
	open := 0
	for i, line := range group[:len(group)-1] {
		next := group[i+1].In(text)
		if len(line.In(text)) >= 40 && !closed(line.In(text)) && markedLevel(next) == 0 && !isItem(next) {
			open++
		}
	}
	return 2*open > len(group)-1
}

// bareHeading is the level of a heading that only its form tells: short, with
// no closing mark. Marked headings ("## Aid") stand above it.
const bareHeading = 7

// looksLikeHeading says whether a line is a heading by its form.
func looksLikeHeading(line string) bool {
	if closed(line) || isItem(line) || utf8.RuneCountInString(line) > maxHeading {
		return false
	}
	first, _ := utf8.DecodeRuneInString(line)
	last, _ := utf8.DecodeLastRuneInString(line)
	return (unicode.IsUpper(first) || unicode.IsDigit(first)) && !strings.ContainsRune(",;-–—", last)
}

// markedLevel is the number of the "#" that mark a heading, or 0.
func markedLevel(line string) int {
	n := len(line) - len(strings.TrimLeft(line, "#"))
	if n == 0 || n > 6 || n == len(line) || line[n] != ' ' || len(line) > maxMarked {
		return 0
	}
	return n
}

// headingText is a heading without its mark.
func headingText(line string) string {
	return strings.TrimSpace(strings.TrimRight(strings.TrimLeft(line, "#"), "#"))
}

// isItem says whether a line begins an item of a list, a quotation or a row of
// a table.
func isItem(line string) bool { return strings.HasPrefix(line, "|") || itemMark(line) > 0 }

// itemMark is the length of the mark that begins an item of a list or a
// quotation, with the blank behind it; 0 if there is none.
func itemMark(line string) int {
	for _, mark := range [...]string{"- ", "* ", "+ ", "• ", "– ", "> "} {
		if strings.HasPrefix(line, mark) {
			return len(mark)
		}
	}
	digits := len(line) - len(strings.TrimLeft(line, "0123456789"))
	rest := line[digits:]
	if digits > 0 && digits < 4 && (strings.HasPrefix(rest, ". ") || strings.HasPrefix(rest, ") ")) {
		return digits + 2
	}
	return 0
}

// closed says whether a line ends as a sentence does.
func closed(line string) bool {
	line = strings.TrimRightFunc(line, isCloser)
	last, _ := utf8.DecodeLastRuneInString(line)
	return isTerminator(last) || last == ':'
}
