package discord

import (
	"fmt"
	"net/url"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Bounds on what is never split, so that it fits into a message.
const (
	maxPiece     = 100 // characters of a word
	maxCharacter = 24  // bytes
	maxLabel     = 200 // UTF-16 units of a link's text
	maxURL       = 700 // bytes
	maxMarks     = 4   // on one letter: what the scripts need, and no tower of them
)

// escape is a word, or a piece of one, that no markdown and no mention can come
// of within a line: escapeStart is for its beginning. What does nothing stays as
// it is. before is what it follows without a blank; final says that other text
// may follow it so.
func escape(word, before string, final bool) string {
	var b strings.Builder
	for i, r := range word {
		rest := word[i+utf8.RuneLen(r):]
		if strings.ContainsRune("\\*_~|`<@", r) || // acts anywhere
			r == '(' && strings.HasSuffix(before+word[:i], "]") || // makes a link
			r == '.' && isInvitation(before+word) || // makes a card of a server
			r == ':' && opensName(rest, final) { // makes an emoji or a link
			b.WriteByte('\\')
		}
		b.WriteRune(r)
	}
	return b.String()
}

// isInvitation says whether a word may be the address of a server, of which
// Discord makes a card that no flag suppresses.
func isInvitation(word string) bool { return strings.Contains(strings.ToLower(word), "discord") }

// opensName says whether a colon before rest begins the name of an emoji, or
// stands in an address.
func opensName(rest string, final bool) bool {
	isName := func(r rune) bool {
		return r == '_' || r < unicode.MaxASCII && (unicode.IsLetter(r) || unicode.IsDigit(r))
	}
	after := strings.TrimLeftFunc(rest, isName)
	return strings.HasPrefix(rest, "//") || rest != after && strings.HasPrefix(after, ":") || final && (after == "" || rest == "/")
}

// escapeStart is the first word of a line, as escape made it, without what would
// make a list, a heading or a quotation of the line. digits are what stands
// before it on the line, if it goes on from digits.
func escapeStart(word, digits string) string {
	switch number, ok := strings.CutSuffix(word, "."); {
	case ok && isNumber(digits+number):
		return number + `\.`
	case digits == "" && word != "" && strings.ContainsRune("#>-+", rune(word[0])):
		return `\` + word
	}
	return word
}

func isNumber(s string) bool { return s != "" && strings.Trim(s, "0123456789") == "" }

// isBlank says whether words may be parted there.
func isBlank(r rune) bool { return unicode.IsSpace(r) && !isHardBlank(r) }

// gapOf is the one blank that white space is shown as: its first, if that is
// wider or narrower than others, as in Japanese and between digits.
func gapOf(s string) string {
	if r, _ := utf8.DecodeRuneInString(s); unicode.Is(unicode.Zs, r) {
		return string(r)
	}
	return " "
}

func isHardBlank(r rune) bool { return r == '\u00a0' || r == '\u202f' }

// clean is a text without what cannot be seen: controls, marks of direction,
// joiners where no script needs them, towers of accents.
func clean(s string) string {
	s = strings.ToValidUTF8(s, "\ufffd")
	var b strings.Builder
	var before rune
	marks := 0
	for i, r := range s {
		next, _ := utf8.DecodeRuneInString(s[i+utf8.RuneLen(r):])
		if marks++; !unicode.IsMark(r) {
			marks = 0
		}
		switch {
		case marks > maxMarks, !isVisible(r):
			continue
		case isHardBlank(r) && (before == 0 || unicode.IsSpace(before) || unicode.IsSpace(next)):
			r = ' '
		case isJoiner(r) && !(needsJoiner(before) && needsJoiner(next)) && !joinsPictures(before, r, next):
			continue
		case !isJoiner(r) && !unicode.IsSpace(r) && isHidden(r):
			continue
		}
		b.WriteRune(r)
		before = r
	}
	return b.String()
}

// isVisible is false for letters and marks that show nothing, and for those
// that choose how the one before is drawn.
func isVisible(r rune) bool {
	switch r {
	case '\u034f', '\u115f', '\u1160', '\u17b4', '\u17b5', '\u2800', '\u3164', '\uffa0':
		return false
	}
	return !unicode.Is(unicode.Variation_Selector, r) && !unicode.Is(unicode.Other_Default_Ignorable_Code_Point, r)
}

// isHidden says whether r stands for no character. One that is newer than Go's
// tables does: it is shown.
func isHidden(r rune) bool {
	return unicode.In(r, unicode.Cc, unicode.Cf, unicode.Co, unicode.Cs, unicode.Noncharacter_Code_Point)
}

func isJoiner(r rune) bool { return r == '\u200c' || r == '\u200d' }

// needsJoiner says whether a rune is of a script that is not written rightly
// without joiners.
func needsJoiner(r rune) bool {
	return unicode.In(r, unicode.Arabic, unicode.Syriac, unicode.Mongolian, unicode.Devanagari, unicode.Bengali,
		unicode.Gurmukhi, unicode.Gujarati, unicode.Oriya, unicode.Tamil, unicode.Telugu, unicode.Kannada,
		unicode.Malayalam, unicode.Sinhala, unicode.Khmer, unicode.Myanmar)
}

// joinsPictures says whether a joiner makes one emoji of two: a family, a
// profession.
func joinsPictures(before, joiner, next rune) bool {
	return joiner == '\u200d' && (unicode.Is(unicode.So, before) || isTone(before)) && unicode.Is(unicode.So, next)
}

// isTone says whether r colours the skin of the emoji before it.
func isTone(r rune) bool { return '\U0001f3fb' <= r && r <= '\U0001f3ff' }

// pieceLen is the length in bytes of the first piece of a word: the word, or
// what goes up to the end of a sentence in a script without blanks, or maxPiece
// characters.
func pieceLen(word string) int {
	end := 0
	for count := 0; end < len(word) && count < maxPiece; count++ {
		before, _ := utf8.DecodeLastRuneInString(word[:end])
		next, _ := utf8.DecodeRuneInString(word[end:])
		if isFullStop(before) && !isFullStop(next) && !isClosing(next) {
			break
		}
		end += characterLen(word[end:])
	}
	return end
}

// isFullStop says whether r ends sentences in a script without blanks.
func isFullStop(r rune) bool { return strings.ContainsRune("。！？", r) }

// clip is s, or as many whole characters of it as fit into most UTF-16 units
// with three dots.
func clip(s string, most int) string {
	if units(s) <= most {
		return s
	}
	end := 0
	for size := units("…"); ; {
		n := characterLen(s[end:])
		if size += units(s[end : end+n]); size > most {
			return strings.TrimSpace(s[:end]) + "…"
		}
		end += n
	}
}

// characterLen is the length in bytes of what a reader takes for the first
// character: a rune with its marks and what is joined to it, or a flag.
func characterLen(s string) int {
	isFlag := func(r rune) bool { return '\U0001f1e6' <= r && r <= '\U0001f1ff' }
	var before rune
	for i, r := range s {
		isSecond := i > 0 && i == utf8.RuneLen(before)
		bound := unicode.IsMark(r) || isTone(r) || isJoiner(r) || isJoiner(before) || isSecond && isFlag(r) && isFlag(before)
		if i > 0 && !bound || i >= maxCharacter {
			return i
		}
		before = r
	}
	return len(s)
}

func isClosing(r rune) bool { return strings.ContainsRune("\"'”’»)]」』）", r) }

// endsSentence says whether a word may be the last of a sentence.
func endsSentence(word string) bool {
	r, _ := utf8.DecodeLastRuneInString(strings.TrimRightFunc(word, isClosing))
	return strings.ContainsRune(".!?…。！？", r)
}

// isMarker says whether a text is no more than numbers in brackets.
func isMarker(s string) bool {
	return len(s) > 2 && len(s) < maxPiece && s[0] == '[' && s[len(s)-1] == ']' && strings.Trim(s, "[]0123456789, ") == ""
}

// isVerbatim says whether a text can stand between backquotes as it is.
func isVerbatim(s string) bool {
	return s != "" && len(s) <= maxPiece && !strings.ContainsAny(s, "`<@\\\n") && strings.TrimSpace(s) == s
}

// label is the text of a link: the words, or the host if there are none.
func label(words, address string) string {
	if fields := strings.FieldsFunc(words, isBlank); len(fields) > 0 {
		words = strings.Join(fields, " ")
	} else if u, err := url.Parse(address); err == nil {
		words = clean(u.Host)
	}
	words = strings.NewReplacer("[", "(", "]", ")").Replace(clip(words, maxLabel))
	return escape(words, "", true)
}

// address is where a link may lead, with nothing in it that could end the link;
// "" if it is not http or https, hides its host behind a name, or is too long.
func address(s string) string {
	u, err := url.Parse(strings.TrimSpace(s))
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" || u.User != nil {
		return ""
	}
	var b strings.Builder
	for _, c := range []byte(u.String()) {
		if c <= ' ' || c >= 0x7f || strings.IndexByte("()<>[]\\\"'`|*@^{}", c) >= 0 {
			fmt.Fprintf(&b, "%%%02X", c)
			continue
		}
		b.WriteByte(c)
	}
	if b.Len() > maxURL {
		return ""
	}
	return b.String()
}
