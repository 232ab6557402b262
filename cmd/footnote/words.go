package main

import (
	"strconv"
	"strings"
	"unicode"
)

// nearest is the candidate that differs from word in the fewest letters, if
// they are few enough for a slip of the hand; else "".
func nearest(word string, candidates []string) string {
	best, distance := "", max(2, len(word)/5)+1
	for _, candidate := range candidates {
		if d := edits(word, candidate); d < distance {
			best, distance = candidate, d
		}
	}
	return best
}

// edits counts the letters to insert, drop or change to turn a into b.
func edits(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			change := diagonal
			if a[i] != b[j] {
				change++
			}
			diagonal = row[j+1]
			row[j+1] = min(change, row[j]+1, diagonal+1)
		}
	}
	return row[len(b)]
}

// list joins items as a sentence does: "a, b and c".
func list(items []string) string {
	if len(items) < 2 {
		return strings.Join(items, "")
	}
	last := len(items) - 1
	return strings.Join(items[:last], ", ") + " and " + items[last]
}

// The marks that join letters and emoji or keep them apart: Persian and the
// scripts of India cannot be spelled without them.
const (
	nonJoiner = '\u200c'
	joiner    = '\u200d'
)

// printable is s without what could steer a terminal or hide in a line: all
// control and formatting characters but line breaks, tabs and joiners.
func printable(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\n', r == '\t', r == nonJoiner, r == joiner:
			return r
		case unicode.IsControl(r) || unicode.Is(unicode.Cf, r):
			return -1
		}
		return r
	}, s)
}

// oneLine is s printable and on one line.
func oneLine(s string) string { return strings.Join(strings.Fields(printable(s)), " ") }

// count is a number of things in words: "1 passage", "1,234 passages".
func count(n int, thing string) string {
	if n == 1 {
		return "1 " + thing
	}
	return grouped(n) + " " + thing + "s"
}

// grouped is n with commas between thousands.
func grouped(n int) string {
	digits := strconv.Itoa(n)
	start := 1
	if n < 0 {
		start = 2
	}
	for i := len(digits) - 3; i >= start; i -= 3 {
		digits = digits[:i] + "," + digits[i:]
	}
	return digits
}
