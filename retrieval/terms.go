package retrieval

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/blevesearch/snowballstem"
	"github.com/blevesearch/snowballstem/porter"
	"github.com/clipperhouse/uax29/v2/words"

	"footnote/corpus"
)

// A Term is a word of a text as the index sees it.
type Term struct {
	corpus.Span        // where the word stands
	Word        string // lower case, without a possessive ending or inner marks
	Stem        string // by Porter (1980); the same for "sends" and "sending"
}

// Terms are the words of a text, in order, stop words included.
func Terms(text string) []Term {
	var out []Term
	var stem stemmer
	eachWord(text, func(word []byte, at corpus.Span) {
		w := string(word)
		out = append(out, Term{Span: at, Word: w, Stem: stem.stem(w)})
	})
	return out
}

// Stem is the stem of one lower-case word.
func Stem(word string) string { return (&stemmer{}).stem(word) }

// A stemmer reduces words to stems. Its zero value is ready; it is not safe
// for use by several goroutines.
type stemmer struct{ env *snowballstem.Env }

func (s *stemmer) stem(word string) string {
	if len(word) < 3 || len(word) > maxWord {
		return word
	}
	if s.env == nil {
		s.env = snowballstem.NewEnv("")
	}
	s.env.SetCurrent(word)
	porter.Stem(s.env)
	return s.env.Current()
}

// IsStop says whether a lower-case word is too common to tell texts apart.
func IsStop(word string) bool {
	switch word {
	case "a", "an", "and", "are", "as", "at", "be", "but", "by", "for", "if", "in", "into", "is", "it", "no", "not",
		"of", "on", "or", "such", "that", "the", "their", "then", "there", "these", "they", "this", "to", "was",
		"will", "with":
		return true
	}
	return false
}

// IsAsking says whether a lower-case word of a question asks rather than says
// what about. "us" does not: it may be the country.
func IsAsking(word string) bool {
	switch word {
	case "what", "which", "who", "whom", "whose", "when", "where", "why", "how", "did", "do", "does", "has", "have",
		"had", "were", "can", "could", "would", "should", "may", "might", "any", "many", "much", "about", "according",
		"week", "tell", "me", "i", "you", "we", "he", "she", "his", "her", "its", "say", "said":
		return true
	}
	return false
}

// maxWord is how many bytes of a word count; what is longer is no word.
const maxWord = 64

// eachWord calls f with each word of text in lower case and where it stands.
// The bytes are f's only during the call. Words are those of Unicode's
// annex 29, with these differences that search wants: a possessive ending is
// left out, letters parted by full stops are one word (U.S. is us), digits
// parted by commas are one number (7,000 is 7000), other words end at a mark,
// and two neighbouring ideographs make a word besides each alone.
func eachWord(text string, f func(word []byte, at corpus.Span)) {
	var buf [maxWord]byte
	for i := 0; i < len(text); {
		if c := text[i]; c < utf8.RuneSelf && !isAlnum(c) {
			i++
			continue
		}
		end, ascii := runEnd(text, i)
		if ascii {
			asciiWords(text, i, end, buf[:0], f)
		} else {
			unicodeWords(text, i, end, buf[:0], f)
		}
		i = end
	}
}

// runEnd is where the run of non-blank bytes at i ends, and whether all of
// them are ASCII.
func runEnd(text string, i int) (end int, ascii bool) {
	ascii = true
	for end = i; end < len(text); end++ {
		c := text[end]
		if c <= ' ' {
			break
		}
		ascii = ascii && c < utf8.RuneSelf
	}
	return end, ascii
}

func isAlnum(c byte) bool {
	return '0' <= c && c <= '9' || 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z'
}

func isDigit(c byte) bool { return '0' <= c && c <= '9' }

// asciiWords emits the words of the run text[i:end], all ASCII.
func asciiWords(text string, i, end int, buf []byte, f func([]byte, corpus.Span)) {
	for i < end {
		if !isAlnum(text[i]) {
			i++
			continue
		}
		start := i
		word := buf
		for i < end {
			c := text[i]
			if isAlnum(c) {
				if 'A' <= c && c <= 'Z' {
					c += 'a' - 'A'
				}
				if len(word) < maxWord {
					word = append(word, c)
				}
				i++
				continue
			}
			if !joins(text, start, i, end) {
				break
			}
			if c == '.' && isDigit(text[i-1]) && len(word) < maxWord {
				word = append(word, c)
			}
			i++
		}
		f(word, corpus.Span{Start: start, End: i})
		if i+1 < end && text[i] == '\'' && (text[i+1] == 's' || text[i+1] == 'S') && (i+2 == end || !isAlnum(text[i+2])) {
			i += 2
		}
	}
}

// joins says whether the mark at text[i] stands within the word that began at
// start: a full stop between single letters, a comma or point between digits,
// an apostrophe that is not a possessive's.
func joins(text string, start, i, end int) bool {
	if i+1 >= end || !isAlnum(text[i+1]) {
		return false
	}
	before, after := text[i-1], text[i+1]
	switch text[i] {
	case '.':
		if isDigit(before) && isDigit(after) {
			return true
		}
		alone := func(j int) bool { return j < start || j >= end || !isAlnum(text[j]) }
		return !isDigit(before) && !isDigit(after) && alone(i-2) && alone(i+2)
	case ',':
		return isDigit(before) && isDigit(after)
	case '\'':
		return !(after == 's' || after == 'S') || i+2 < end && isAlnum(text[i+2])
	}
	return false
}

// unicodeWords emits the words of a run that holds more than ASCII.
func unicodeWords(text string, i, end int, buf []byte, f func([]byte, corpus.Span)) {
	var before string // the ideograph that stands right before
	tokens := words.FromString(text[i:end])
	for tokens.Next() {
		token := tokens.Value()
		at := corpus.Span{Start: i + tokens.Start(), End: i + tokens.End()}
		r, size := utf8.DecodeRuneInString(token)
		if !unicode.IsLetter(r) && !unicode.IsDigit(r) {
			before = ""
			continue
		}
		token = foldWord(token)
		if isIdeograph(r) && size == len(token) {
			if before != "" {
				f(append(append(buf, before...), token...), corpus.Span{Start: at.Start - len(before), End: at.End})
			}
			before = token
		} else {
			before = ""
		}
		decimal := isDecimal(token)
		for part := range strings.FieldsFuncSeq(token, func(r rune) bool { return r == '.' && !decimal }) {
			f(append(buf, part[:min(len(part), maxWord)]...), at)
		}
	}
}

// foldWord is a word in lower case without a possessive ending and without
// marks between digits, single letters, or within a contraction.
func foldWord(word string) string {
	word = strings.ToLower(strings.ReplaceAll(word, "’", "'"))
	word = strings.TrimSuffix(word, "'s")
	word = strings.ReplaceAll(strings.ReplaceAll(word, "'", ""), ",", "")
	if isDotted(word) {
		word = strings.ReplaceAll(word, ".", "")
	}
	return word
}

// isDotted says whether a word is single letters parted by full stops.
func isDotted(word string) bool {
	for part := range strings.SplitSeq(word, ".") {
		if r, size := utf8.DecodeRuneInString(part); size != len(part) || !unicode.IsLetter(r) {
			return false
		}
	}
	return strings.Contains(word, ".")
}

// isDecimal says whether a word is a number with a decimal point.
func isDecimal(word string) bool {
	return strings.Trim(word, "0123456789.") == ""
}

func isIdeograph(r rune) bool {
	return unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana)
}
