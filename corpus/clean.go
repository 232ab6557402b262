package corpus

import (
	"bytes"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"unicode"
	"unicode/utf8"
)

// maxControl is the share of control bytes, in percent, from which on bytes
// are not taken for text.
const maxControl = 10

const maxURL = 2048 // bytes

// clean is data as text: UTF-8, lines ended by \n, and nothing in it that a
// reader cannot see. All else keeps its bytes. Cleaning twice changes nothing.
// The error is fit to be shown to whoever supplied data.
func clean(data []byte) (string, error) {
	if err := checkText(data); err != nil {
		return "", err
	}
	text := strings.ReplaceAll(string(data), "\r\n", "\n")
	return strings.Map(visible, text), nil
}

// checkText reports why data is not UTF-8 text, or nil.
func checkText(data []byte) error {
	if isUTF16(data) {
		return errors.New("the text is UTF-16, not UTF-8; convert it, for example: iconv -f UTF-16 -t UTF-8")
	}
	if bytes.IndexByte(data, 0) >= 0 || controls(data)*100 > len(data)*maxControl {
		return errors.New("this looks like a binary file, not text")
	}
	if at := badByte(data); at >= 0 {
		return fmt.Errorf("the text is not UTF-8 (first bad byte at offset %d); convert it, for example: iconv -f WINDOWS-1252 -t UTF-8", at)
	}
	return nil
}

// isUTF16 reports whether data begins with a byte order mark of UTF-16.
func isUTF16(data []byte) bool {
	return bytes.HasPrefix(data, []byte{0xFF, 0xFE}) || bytes.HasPrefix(data, []byte{0xFE, 0xFF})
}

// controls counts the bytes that have no place in a text file.
func controls(data []byte) int {
	n := 0
	for _, b := range data {
		if b < ' ' && (b < '\t' || b > '\r') || b == 0x7F {
			n++
		}
	}
	return n
}

// badByte is the offset of the first byte of data that is not UTF-8, or -1.
func badByte(data []byte) int {
	for at := 0; at < len(data); {
		r, size := utf8.DecodeRune(data[at:])
		if r == utf8.RuneError && size == 1 {
			return at
		}
		at += size
	}
	return -1
}

// visible maps what ends a line to \n and drops what cannot be seen, which is
// where instructions to a model would hide. The joiners U+200C and U+200D
// stay: Persian and Hindi are misspelt without them.
func visible(r rune) rune {
	switch {
	case r == '\n' || r == '\t':
		return r
	case r == '\r' || r == '\v' || r == '\f' || r == 0x85 || r == 0x2028 || r == 0x2029:
		return '\n'
	case unicode.IsControl(r),
		r == 0xAD,                             // soft hyphen
		r == 0x200B, r == 0x180E, r == 0xFEFF, // blanks of no width, byte order mark
		r >= 0x2060 && r <= 0x2064,            // word joiner, invisible operators
		r == 0x061C, r == 0x200E, r == 0x200F, // marks of direction
		r >= 0x202A && r <= 0x202E,                // embeddings and overrides
		r >= 0x2066 && r <= 0x2069,                // isolates
		unicode.Is(unicode.Variation_Selector, r), // can spell any bytes
		r >= 0xE0000 && r <= 0xE007F:              // tags
		return -1
	}
	return r
}

// OneLine is s as a title or the name of an outlet may stand: on one line,
// without what cannot be seen, at most MaxTitle runes.
func OneLine(s string) string {
	s = strings.Map(visible, strings.ToValidUTF8(s, ""))
	s = strings.Join(strings.Fields(s), " ")
	return strings.TrimSpace(firstRunes(s, MaxTitle))
}

// complete gives a the form that every article has: trimmed, and with a title
// made of its lead if it has none.
func complete(a Article) Article {
	a.Text = strings.TrimSpace(a.Text)
	a.Title, a.Outlet = OneLine(a.Title), OneLine(a.Outlet)
	if a.Title == "" {
		a.Title = titleFrom(a.Text)
		a.Derived = a.Title != ""
	}
	return a
}

// ParseURL reads the address at which readers can check an article: http or
// https, at most 2048 bytes, with nothing in it that would end it early where it
// is printed. "" is no address, and no error.
func ParseURL(s string) (string, error) {
	s = strings.TrimSpace(s)
	if s == "" {
		return "", nil
	}
	u, err := url.Parse(s)
	switch {
	case err != nil,
		len(s) > maxURL,
		u.Scheme != "http" && u.Scheme != "https",
		u.Hostname() == "" || u.User != nil,
		strings.ContainsAny(s, "\"<>`\\"),
		strings.ContainsFunc(s, func(r rune) bool { return unicode.IsSpace(r) || visible(r) != r }),
		!utf8.ValidString(s):
		return "", fmt.Errorf("%q is not the address of a page; write it as https://example.org/article", clip(s, 80))
	}
	return s, nil
}

// firstRunes is s cut to at most n runes.
func firstRunes(s string, n int) string {
	for at := range s {
		if n--; n < 0 {
			return s[:at]
		}
	}
	return s
}

// clip is s cut at the end of a word to at most n runes, "…" included if
// anything was cut.
func clip(s string, n int) string {
	head := firstRunes(s, n)
	if head == s {
		return s
	}
	head = firstRunes(s, n-1)
	if at := strings.LastIndexByte(head, ' '); at > 0 {
		head = head[:at]
	}
	return strings.TrimRight(head, " ,;:–—-") + "…"
}
