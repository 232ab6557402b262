package prompts

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Bounds on a sentence that is shown.
const (
	maxShown = 500 // characters
	minWords = 3   // unless it is the very answer
)

// plain is a model's sentence as plain text: each run of white space is one
// blank; markers such as [1] and Markdown's emphasis around words are gone. Any
// other thing that could act in Discord or in a terminal is a flaw and is never
// repaired. Addresses are left to the caller, see addresses.
func plain(sentence string) (string, Flaw) {
	if !utf8.ValidString(sentence) {
		return "", FlawNotPlain
	}
	text := oneLine(sentence)
	if len(text) > utf8.UTFMax*maxShown {
		return "", FlawLength
	}
	text = strings.TrimSpace(dropMarkers(text))
	for _, mark := range [...]string{"***", "**", "*", "___", "__", "_", "`"} {
		text = unmark(text, mark)
	}
	switch {
	case utf8.RuneCountInString(text) > maxShown:
		return "", FlawLength
	case strings.HasPrefix(text, "- ") || strings.HasPrefix(text, "+ ") || isMarked(text) || isScribble(text):
		return "", FlawNotPlain
	}
	return text, ""
}

// dropMarkers leaves out the numbers of sources, [1] or [1, 2], each with the
// blank before it.
func dropMarkers(text string) string {
	var out strings.Builder
	for {
		i := strings.IndexAny(text, "[【")
		if i < 0 {
			out.WriteString(text)
			return out.String()
		}
		size := runeLen(text[i:])
		end := strings.IndexAny(text[i+size:], "]】")
		if end < 1 || strings.Trim(text[i+size:i+size+end], "0123456789,; ") != "" {
			out.WriteString(text[:i+size])
			text = text[i+size:]
			continue
		}
		out.WriteString(strings.TrimSuffix(text[:i], " "))
		end += i + size
		text = text[end+runeLen(text[end:]):]
	}
}

// unmark leaves out each mark that stands before a word and the next one, if
// that stands behind a word.
func unmark(text, mark string) string {
	for from := 0; ; {
		i := strings.Index(text[from:], mark)
		if i < 0 {
			return text
		}
		i += from
		before, rest := text[:i], text[i+len(mark):]
		length := strings.Index(rest, mark)
		if length < 1 || !isEdge(lastRune(before)) || !isEdge(firstRune(rest[length+len(mark):])) ||
			rest[0] == ' ' || rest[length-1] == ' ' {
			from = i + len(mark)
			continue
		}
		text = before + rest[:length] + rest[length+len(mark):]
		from = i + length
	}
}

// isEdge says whether a word may begin behind r, or end before it. Zero is the
// edge of the text.
func isEdge(r rune) bool { return r == 0 || !isLetterOrDigit(r) && r != '*' && r != '_' && r != '`' }

func firstRune(s string) rune {
	if s == "" {
		return 0
	}
	r, _ := utf8.DecodeRuneInString(s)
	return r
}

func lastRune(s string) rune {
	if s == "" {
		return 0
	}
	r, _ := utf8.DecodeLastRuneInString(s)
	return r
}

// isMarked says whether a text has a character that is more than text.
func isMarked(text string) bool {
	marks := 0 // combining ones in a row
	var before rune
	for i, r := range text {
		switch {
		case unicode.IsMark(r):
			if marks++; marks > 2 || !isVisible(r) || marks == 1 && !unicode.IsLetter(before) {
				return true
			}
		case isJoiner(r) && needsJoiner(before) && needsJoiner(firstRune(text[i+utf8.RuneLen(r):])):
			marks = 0
			continue
		case !isShown(r):
			return true
		default:
			marks = 0
		}
		before = r
	}
	return false
}

// isScribble says whether marks stand where words should, or one word stands
// three times in a row, or what a comma or a colon announces is missing. A mark
// by itself is a dash or its like, or a quotation mark, between words and not behind
// another mark.
func isScribble(text string) bool {
	if strings.Contains(text, ",,") || strings.HasSuffix(text, ",") || strings.HasSuffix(text, ":") {
		return true
	}
	before, last, times := false, "", 0
	for f := range strings.FieldsSeq(text) {
		says := strings.ContainsFunc(f, isLetterOrDigit)
		if !says && (!before || !isLoneMark(f) || strings.HasSuffix(last, ":") || strings.HasSuffix(last, ",")) {
			return true
		}
		if times++; f != last {
			last, times = f, 1
		}
		if times > 2 {
			return true
		}
		before = says
	}
	return !before
}

func isLoneMark(f string) bool {
	switch f {
	case "-", "--", "–", "—", "&", "+", "/", "·", "»", "=", "×", "÷", "±", "…", "...", "%":
		return true
	}
	return false
}

// isShown says whether a letter, digit or mark is one that a sentence is made
// of. Digits are the ten that figures are read in.
func isShown(r rune) bool {
	switch {
	case r == ' ', '0' <= r && r <= '9', unicode.IsLetter(r) && isVisible(r), unicode.Is(unicode.Sc, r):
		return true
	case unicode.IsPunct(r):
		return !strings.ContainsRune(`@#*_\[]{}`, r) && isVisible(r) && !isWideTwin(r)
	}
	return strings.ContainsRune("+±×÷=−°©®™№½¼¾²³", r)
}

// isWideTwin says whether a mark is the wide or the small twin of one of
// ASCII's, those aside that are used in Chinese and Japanese.
func isWideTwin(r rune) bool {
	return ('\ufe50' <= r && r <= '\ufe6f' || '\uff00' <= r && r <= '\uff65') && !strings.ContainsRune("，：；！？（）", r)
}

// isVisible is false for letters and marks that show nothing, and for those
// that choose how the one before is drawn.
func isVisible(r rune) bool {
	switch r {
	case '\u034f', '\u115f', '\u1160', '\u17b4', '\u17b5', '\u3164', '\uffa0':
		return false
	}
	return !unicode.Is(unicode.Variation_Selector, r) && !unicode.Is(unicode.Other_Default_Ignorable_Code_Point, r)
}

func isJoiner(r rune) bool { return r == '\u200c' || r == '\u200d' }

// needsJoiner says whether a rune is of a script that is not written rightly
// without joiners.
func needsJoiner(r rune) bool {
	return unicode.In(r, unicode.Arabic, unicode.Syriac, unicode.Mongolian, unicode.Devanagari, unicode.Bengali,
		unicode.Gurmukhi, unicode.Gujarati, unicode.Oriya, unicode.Tamil, unicode.Telugu, unicode.Kannada,
		unicode.Malayalam, unicode.Sinhala, unicode.Khmer, unicode.Myanmar)
}

// hosts are the names of hosts in a text, as they stand: a full stop that joins
// two words of which the last has two letters or more. ok is false if the text
// has an address that tells how to reach it: a scheme, a path, a port.
func hosts(text string) (names []string, ok bool) {
	for f := range strings.FieldsSeq(text) {
		if i := strings.IndexByte(f, ':'); i > 0 && i+1 < len(f) && !isDigitByte(f[i+1]) && !strings.ContainsRune(`"'”’)`, firstRune(f[i+1:])) {
			return nil, false
		}
		f = strings.TrimFunc(f, func(r rune) bool { return !isLetterOrDigit(r) })
		if !isHost(f) {
			continue
		}
		if strings.ContainsAny(f, "/?=&:") || strings.EqualFold(f[:min(len(f), len("www."))], "www.") {
			return nil, false
		}
		names = append(names, f)
	}
	return names, true
}

// isHost says whether a word has a full stop before two letters or more; the
// full stop of Chinese counts before Latin ones.
func isHost(word string) bool {
	for i, r := range word {
		if i == 0 || r != '.' && r != '。' {
			continue
		}
		rest := word[i+utf8.RuneLen(r):]
		label := rest[:len(rest)-len(strings.TrimLeftFunc(rest, unicode.IsLetter))]
		if utf8.RuneCountInString(label) > 1 && (r == '.' || label[0] < utf8.RuneSelf) {
			return true
		}
	}
	return false
}

func isDigitByte(c byte) bool { return '0' <= c && c <= '9' }
