package bert

import (
	"unicode"
	"unicode/utf8"

	unicodenorm "golang.org/x/text/unicode/norm"
)

// A normalizer is what becomes of a text before it is cut into words. Its zero
// value changes nothing.
//
// It does to every code point what the reference does, the package tokenizers
// of Hugging Face. One thing is left out: the few combining marks that are not
// removed with the accents keep their order where several stand in a row. They
// are in no published vocabulary, so that their word is unknown either way.
type normalizer struct {
	clean      bool // control characters go, white space becomes a blank
	ideographs bool // get a blank on either side
	accents    bool // go
	lower      bool // case, for all letters
}

// append appends the normal form of text to form. It is valid UTF-8: each byte
// that is not reads as U+FFFD.
func (n normalizer) append(form []byte, text string) []byte {
	for i := 0; i < len(text); {
		c := text[i]
		if ' ' <= c && c < 0x7f {
			if n.lower && 'A' <= c && c <= 'Z' {
				c += 'a' - 'A'
			}
			form = append(form, c)
			i++
			continue
		}
		r, size := utf8.DecodeRuneInString(text[i:])
		form = n.appendRune(form, r)
		i += size
	}
	return form
}

// appendRune appends the normal form of r.
func (n normalizer) appendRune(form []byte, r rune) []byte {
	switch {
	case n.clean && unicode.Is(controls, r):
		return form
	case n.clean && unicode.IsSpace(r):
		return append(form, ' ')
	case n.ideographs && isIdeograph(r):
		form = n.appendLetter(append(form, ' '), r)
		return append(form, ' ')
	default:
		return n.appendLetter(form, r)
	}
}

// appendLetter appends r without accents and in lower case, where n wants it.
func (n normalizer) appendLetter(form []byte, r rune) []byte {
	if !n.accents {
		return n.appendCase(form, r)
	}
	if isSyllable(r) {
		return appendSyllable(form, r)
	}
	var room [utf8.UTFMax]byte
	parts := unicodenorm.NFD.Properties(utf8.AppendRune(room[:0], r)).Decomposition()
	if parts == nil || unicode.Is(composed, r) {
		return n.appendBase(form, r)
	}
	for len(parts) > 0 {
		part, size := utf8.DecodeRune(parts)
		form = n.appendBase(form, part)
		parts = parts[size:]
	}
	return form
}

// appendBase appends r unless it is an accent.
func (n normalizer) appendBase(form []byte, r rune) []byte {
	if unicode.Is(accents, r) {
		return form
	}
	return n.appendCase(form, r)
}

// appendCase appends r in lower case, if n wants it. Case depends on nothing
// that stands around r: Σ is σ at the end of a word too.
func (n normalizer) appendCase(form []byte, r rune) []byte {
	switch {
	case !n.lower:
		return utf8.AppendRune(form, r)
	case r == 'İ':
		return append(form, "i\u0307"...)
	default:
		return utf8.AppendRune(form, lower(r))
	}
}

// lower is r in lower case by Unicode 17, which the tables of Go 1.26 are
// older than.
func lower(r rune) rune {
	switch {
	case r == 0x1c89, r == 0xa7cc, r == 0xa7ce, r == 0xa7d2, r == 0xa7d4, r == 0xa7da:
		return r + 1
	case r == 0xa7cb:
		return 0x0264
	case r == 0xa7dc:
		return 0x019b
	case 0x10d50 <= r && r <= 0x10d65:
		return r + 0x20
	case 0x16ea0 <= r && r <= 0x16eb8:
		return r + 0x1b
	default:
		return unicode.ToLower(r)
	}
}

// composed are letters newer than Unicode 9, which the reference therefore
// does not take apart.
var composed = &unicode.RangeTable{R32: []unicode.Range32{
	{0x105c9, 0x105c9, 1}, {0x105e4, 0x105e4, 1}, {0x11383, 0x11385, 2}, {0x1138e, 0x11391, 3}, {0x113c5, 0x113c5, 1},
	{0x113c7, 0x113c8, 1}, {0x11938, 0x11938, 1}, {0x16121, 0x16128, 1}, {0x16d68, 0x16d6a, 1},
}}

// isIdeograph reports whether r is what BERT calls a Chinese character; the
// gaps are its own.
func isIdeograph(r rune) bool {
	switch {
	case r < 0x3400:
		return false
	case r <= 0x4dbf, 0x4e00 <= r && r <= 0x9fff, 0xf900 <= r && r <= 0xfaff:
		return true
	case 0x20000 <= r && r <= 0x2a6df, 0x2a700 <= r && r <= 0x2b81f, 0x2b920 <= r && r <= 0x2ceaf:
		return true
	default:
		return 0x2f800 <= r && r <= 0x2fa1f
	}
}

// Syllables of Hangul are numbered by their first, second and last letter
// (The Unicode Standard, 3.12); without a last one it is 0.
const (
	firstSyllable = 0xac00
	lastSyllable  = 0xd7a3
	seconds       = 21
	lasts         = 28
)

func isSyllable(r rune) bool { return firstSyllable <= r && r <= lastSyllable }

// appendSyllable appends the two or three letters of a syllable of Hangul.
func appendSyllable(form []byte, r rune) []byte {
	n := r - firstSyllable
	form = utf8.AppendRune(form, 0x1100+n/(seconds*lasts))
	form = utf8.AppendRune(form, 0x1161+n/lasts%seconds)
	if last := n % lasts; last > 0 {
		form = utf8.AppendRune(form, 0x11a7+last)
	}
	return form
}
