package prompts

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"footnote/corpus"
)

// A folded text is one in which all that is alike which typesetting, and a
// model that copies, vary:
//   - a run of white space is one blank, and none stands at either end;
//   - all double quotation marks are ", all single ones and apostrophes are ';
//   - all hyphens, dashes and minus signs are -;
//   - ‹ and ›, which stand for < and > in a prompt, are these;
//   - … is three full stops;
//   - no blank parts initials: "U. S." is "U.S.";
//   - soft hyphens and characters without width are left out.
//
// Letters, their case, digits and all other marks stay.
type folded struct {
	text string
	from []int // from[i] is where in the original text[i] stood; one entry more, for the end
}

func fold(text string) folded {
	var out strings.Builder
	out.Grow(len(text))
	from := make([]int, 0, len(text)+1)
	write := func(s string, at int) {
		out.WriteString(s)
		for range len(s) {
			from = append(from, at)
		}
	}
	blank := -1 // where the white space began that is still to be written
	end := 0
	for i, r := range text {
		switch {
		case unicode.IsSpace(r):
			if blank < 0 {
				blank = i
			}
			continue
		case isWidthless(r):
			continue
		}
		if blank >= 0 && out.Len() > 0 && !partsInitials(out.String(), text[i:]) {
			write(" ", blank)
		}
		blank = -1
		end = i + runeLen(text[i:])
		if s := foldRune(r); s != "" {
			write(s, i)
		} else {
			write(text[i:end], i)
		}
	}
	return folded{out.String(), append(from, end)}
}

// runeLen is how many bytes the first rune of s takes, one if it is no rune.
func runeLen(s string) int {
	_, size := utf8.DecodeRuneInString(s)
	return size
}

// foldRune is what a mark is folded to; "" if it stays.
func foldRune(r rune) string {
	switch r {
	case '“', '”', '„', '‟', '«', '»', '″', '〝', '〞', '＂':
		return `"`
	case '‘', '’', '‚', '‛', '′', '`', '´', 'ʼ', '＇':
		return "'"
	case '‐', '‑', '‒', '–', '—', '―', '−', '﹘', '﹣', '－':
		return "-"
	case '‹':
		return "<"
	case '›':
		return ">"
	case '…':
		return "..."
	}
	return ""
}

// isWidthless says whether a rune takes no room on a line.
func isWidthless(r rune) bool {
	switch r {
	case '\u00ad', '\u200b', '\u200c', '\u200d', '\u2060', '\ufeff':
		return true
	}
	return false
}

// partsInitials says whether only a blank parts two initials.
func partsInitials(before, after string) bool {
	n := len(before)
	if n < 2 || before[n-1] != '.' || !isCapital(before[n-2]) || n > 2 && isWordByte(before[n-3]) {
		return false
	}
	if after == "" || !isCapital(after[0]) {
		return false
	}
	stop := firstRune(after[1:])
	return stop == '…' || stop == '.' && !isLetterOrDigit(firstRune(after[2:]))
}

func isCapital(c byte) bool { return 'A' <= c && c <= 'Z' }

func isWordByte(c byte) bool {
	return c >= utf8.RuneSelf || isCapital(c) || 'a' <= c && c <= 'z' || '0' <= c && c <= '9'
}

// singleQuotes makes a folded text one in which both kinds of quotation marks
// are alike; no offset changes.
func singleQuotes(s string) string { return strings.ReplaceAll(s, `"`, "'") }

// A needle is a quote as it is looked for: folded, without the quotation marks
// and dots of ellipsis around it and without the mark that ends it.
type needle string

func newNeedle(quote string) needle {
	if !utf8.ValidString(quote) {
		return ""
	}
	s := singleQuotes(fold(quote).text)
	s = strings.TrimLeft(s, "'. ")
	return needle(strings.TrimRight(s, "'.,;:!? "))
}

// words is how many words the needle has.
func (n needle) words() int {
	count := 0
	for f := range strings.FieldsSeq(string(n)) {
		if strings.ContainsFunc(f, isLetterOrDigit) {
			count++
		}
	}
	return count
}

func isLetterOrDigit(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }

// in are the places in a text at which the needle stands, as spans of the text
// before it was folded. It begins where a word does, and may end within one.
// Its first letter may be a capital where the text has none, and the other way
// about: models begin a quote as they begin a sentence.
func (n needle) in(f folded) []corpus.Span {
	if n == "" {
		return nil
	}
	hay := singleQuotes(f.text)
	var out []corpus.Span
	for _, s := range []string{string(n), otherCase(string(n))} {
		for at := 0; s != ""; {
			i := strings.Index(hay[at:], s)
			if i < 0 {
				break
			}
			at += i
			if before, _ := utf8.DecodeLastRuneInString(hay[:at]); at == 0 || !isLetterOrDigit(before) {
				out = append(out, corpus.Span{Start: f.from[at], End: f.from[at+len(s)]})
			}
			at += runeLen(hay[at:])
		}
	}
	return out
}

// otherCase is s with its first letter in the other case; "" if it has none.
func otherCase(s string) string {
	r, size := utf8.DecodeRuneInString(s)
	switch {
	case unicode.IsUpper(r):
		return string(unicode.ToLower(r)) + s[size:]
	case unicode.IsLower(r):
		return string(unicode.ToUpper(r)) + s[size:]
	}
	return ""
}

// maxSentences is how many sentences a quote may touch.
const maxSentences = 3

// widen is the run of whole sentences that a span touches. There is a flaw if
// the span goes beyond them, into a heading, or if they are too many.
func widen(text string, sentences []corpus.Span, at corpus.Span) (corpus.Span, Flaw) {
	var out corpus.Span
	n := 0
	for _, s := range sentences {
		if s.End <= at.Start || at.End <= s.Start {
			continue
		}
		if n > 0 && !blank(text[out.End:s.Start]) {
			return corpus.Span{}, FlawQuote
		}
		if n == 0 {
			out.Start = s.Start
		}
		out.End = s.End
		n++
	}
	switch {
	case n == 0 || at.Start < out.Start || out.End < at.End:
		return corpus.Span{}, FlawQuote
	case n > maxSentences:
		return corpus.Span{}, FlawLongQuote
	}
	return out, ""
}
