package corpus

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Bounds, in bytes, on what is taken for one sentence.
const (
	// maxSentence is where a run without an end is cut at white space: a table,
	// a log, a text in which somebody pressed one key. No sentence of prose is
	// as long.
	maxSentence = 3000
	// maxQuotation is how long a quotation may be to be kept in one piece with
	// the sentence that it stands in.
	maxQuotation = 700
)

// Sentences are the sentences of a text, in order, headings left out. A
// sentence does not end at an abbreviation, an initial or a decimal point, nor
// within a quotation of ordinary length, and is never longer than 3,000 bytes.
// The rules are our own: loading the tables of a trained splitter (Kiss and
// Strunk, 2006) takes longer than all of a short answer.
func Sentences(text string) []Span {
	var out []Span
	for _, b := range blocks(text) {
		if b.level == 0 {
			out = appendSentences(out, text, b.Span)
		}
	}
	return out
}

// appendSentences appends the sentences of the paragraph p of text.
func appendSentences(out []Span, text string, p Span) []Span {
	for p.Start < p.End {
		end := p.Start + sentenceEnd(p.In(text))
		out = append(out, trim(text, Span{p.Start, end}))
		p = trim(text, Span{end, p.End})
	}
	return out
}

// sentenceEnd is where the first sentence of a paragraph ends: a positive
// offset.
func sentenceEnd(p string) int {
	quoteEnd := 0 // no sentence ends before it
	for i := 0; i < len(p); {
		r, size := utf8.DecodeRuneInString(p[i:])
		if i >= maxSentence {
			return cutLong(p[:i])
		}
		if i >= quoteEnd && opensQuote(p, i, r) {
			quoteEnd = closeQuote(p, i+size, r)
		}
		if i >= quoteEnd-size && isTerminator(r) || i+size == quoteEnd && i > 0 {
			if end, ok := endsAt(p, i, r); ok {
				return end
			}
		}
		i += size
	}
	if len(p) > maxSentence {
		return cutLong(p[:maxSentence])
	}
	return len(p)
}

// endsAt says whether the sentence ends with the mark r at p[i], or with the
// mark before the closing quotation mark r, and after which closing marks.
func endsAt(p string, i int, r rune) (int, bool) {
	end := i + utf8.RuneLen(r)
	if !isTerminator(r) {
		before, _ := utf8.DecodeLastRuneInString(p[:i])
		if !isTerminator(before) {
			return 0, false
		}
	}
	for end < len(p) && end < maxSentence {
		c, size := utf8.DecodeRuneInString(p[end:])
		if !isTerminator(c) && !isCloser(c) {
			break
		}
		end += size
	}
	rest := strings.TrimLeftFunc(p[end:], unicode.IsSpace)
	switch {
	case rest == "", end >= maxSentence:
		return end, true
	case isWide(r):
		return end, true
	case len(rest) == len(p[end:]): // no white space: 3.5, example.com
		return 0, false
	}
	return end, (begins(rest) || isUncased(p, rest)) && !held(p[:i+utf8.RuneLen(r)], rest) && !attributes(p[:end], rest)
}

// begins says whether a sentence may begin with s.
func begins(s string) bool {
	s = strings.TrimLeftFunc(s, func(r rune) bool { return strings.ContainsRune("\"'“‘«([*_¿¡", r) })
	r, _ := utf8.DecodeRuneInString(s)
	return !unicode.IsLower(r) && !strings.ContainsRune(",;:)]–—-/&", r)
}

// isUncased says whether rest goes on in a text that does without capitals, so
// that their absence says nothing.
func isUncased(p, rest string) bool {
	first, _ := utf8.DecodeRuneInString(rest)
	return unicode.IsLower(first) && !strings.ContainsFunc(p[:min(len(p), maxSentence)], unicode.IsUpper)
}

// held says whether the full stop that ends s belongs to its last word, so
// that the sentence goes on with rest.
func held(s, rest string) bool {
	if !strings.HasSuffix(s, ".") {
		return false
	}
	word := lastWord(s[:len(s)-1])
	next := firstWord(rest[:min(len(rest), 64)])
	switch lower := strings.ToLower(word); {
	case isRank(lower):
		return true
	case isMonth(lower) || lower == "no" || lower == "nos" || lower == "art" || lower == "sec" || lower == "fig":
		return next != "" && unicode.IsDigit(rune(next[0]))
	case isAbbreviation(lower), isNameAbbreviation(lower) && word != lower, isAcronym(word), isInitial(word):
		return !isStarter(strings.ToLower(next))
	}
	return false
}

// attributes says whether rest names the speaker of the quotation that ends s:
// “Never!” Yoon said.
func attributes(s, rest string) bool {
	if last, _ := utf8.DecodeLastRuneInString(s); !isQuote(last) {
		return false
	}
	clause := rest[:min(len(rest), 60)]
	if i := strings.IndexAny(clause, ".!?“\""); i >= 0 {
		clause = clause[:i]
	} else if len(clause) < len(rest) {
		return false
	}
	for i, word := range strings.Fields(clause) {
		if isSpeechVerb(strings.Trim(word, ",;:")) {
			return i > 0
		}
	}
	return false
}

// opensQuote says whether r at p[i] opens a quotation.
func opensQuote(p string, i int, r rune) bool {
	if r == '“' || r == '«' || r == '„' {
		return true
	}
	if r != '"' {
		return false
	}
	before, _ := utf8.DecodeLastRuneInString(p[:i])
	return i == 0 || unicode.IsSpace(before) || strings.ContainsRune("([—–-", before)
}

// closeQuote is where the quotation that r opened at p[start:] ends, after its
// closing mark, or 0 if it does not close within the bounds of one.
func closeQuote(p string, start int, r rune) int {
	closers := map[rune]string{'“': "”", '"': "\"", '«': "»", '„': "“”"}[r]
	limit := min(len(p), start+maxQuotation)
	i := strings.IndexAny(p[start:limit], closers)
	if i < 0 {
		return 0
	}
	_, size := utf8.DecodeRuneInString(p[start+i:])
	return start + i + size
}

// cutLong is where to cut a run that is too long for a sentence: after its
// last white space, or else at its last whole rune.
func cutLong(p string) int {
	if i := strings.LastIndexFunc(p, unicode.IsSpace); i > len(p)/2 {
		return i
	}
	end := len(p)
	for end > 0 && !utf8.ValidString(p[max(0, end-utf8.UTFMax):end]) && !utf8.RuneStart(p[end-1]) {
		end--
	}
	if r, size := utf8.DecodeLastRuneInString(p[:end]); r == utf8.RuneError && size == 1 {
		end--
	}
	return max(end, 1)
}

func isTerminator(r rune) bool {
	return r == '.' || r == '!' || r == '?' || r == '…' || isWide(r)
}

// isWide is true of the full stops after which no space is written.
func isWide(r rune) bool { return r == '。' || r == '！' || r == '？' }

func isQuote(r rune) bool { return r == '"' || r == '”' || r == '»' || r == '’' }

func isCloser(r rune) bool {
	return isQuote(r) || r == '\'' || r == ')' || r == ']' || r == '*' || r == '_' || r == '“' || r == '」'
}

// lastWord is the run of letters and full stops that ends s.
func lastWord(s string) string {
	i := strings.LastIndexFunc(s, func(r rune) bool { return !unicode.IsLetter(r) && r != '.' })
	if i < 0 {
		return s
	}
	_, size := utf8.DecodeRuneInString(s[i:])
	return s[i+size:]
}

// firstWord is the run of letters and digits that begins s, opening marks
// aside.
func firstWord(s string) string {
	other := func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }
	s = strings.TrimLeftFunc(s, other)
	if i := strings.IndexFunc(s, other); i >= 0 {
		return s[:i]
	}
	return s
}

// isAcronym says whether a word is letters parted by full stops: U.S, a.m.
func isAcronym(word string) bool {
	parts := strings.Split(word, ".")
	for _, part := range parts {
		if utf8.RuneCountInString(part) > 2 || part == "" {
			return false
		}
	}
	return len(parts) > 1
}

// isInitial says whether a word is one capital letter.
func isInitial(word string) bool {
	r, size := utf8.DecodeRuneInString(word)
	return size == len(word) && unicode.IsUpper(r)
}
