package corpus

import (
	"strings"
	"testing"
	"unicode/utf8"
)

func TestClean(t *testing.T) {
	for in, want := range map[string]string{
		"a\r\nb\rc\n":                      "a\nb\nc\n",
		"\ufeffa":                          "a",
		"a\u200bb\u00adc\u2060":            "abc",
		"a\u202eb\u2066c\u200f":            "abc",
		"a\U000e0041\U000e007fb":           "ab",
		"a\ufe0fb\U000e0100":               "ab",
		"Ukraine’s 155mm shells\x1b, said": "Ukraine’s 155mm shells, said",
		"a\u2028b\u0085c\fd":               "a\nb\nc\nd",
		"می\u200cخواهم":                    "می\u200cخواهم",
		"  a \t b  ":                       "  a \t b  ",
	} {
		if got, err := clean([]byte(in)); err != nil || got != want {
			t.Errorf("%q: got %q and %v, want %q", in, got, err, want)
		}
	}
}

func TestCleanRefuses(t *testing.T) {
	for in, want := range map[string]string{
		"a\x00b":        "binary",
		"\x01\x02\x03a": "binary",
		"ab\xffc":       "offset 2",
		"\xfe\xff\x00a": "UTF-16",
		"\xff\xfea\x00": "UTF-16",
	} {
		if _, err := clean([]byte(in)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: got %v, want %q", in, err, want)
		}
	}
}

func TestOneLine(t *testing.T) {
	for in, want := range map[string]string{
		" a\n\tb  c ":            "a b c",
		"a\u202eb\xffc\x00":      "abc",
		strings.Repeat("é", 600): strings.Repeat("é", MaxTitle),
	} {
		if got := OneLine(in); got != want {
			t.Errorf("%q: got %q, want %q", in, got, want)
		}
	}
}

func TestClip(t *testing.T) {
	for _, test := range []struct {
		in   string
		n    int
		want string
	}{
		{"one two", 7, "one two"},
		{"one two three", 9, "one two…"},
		{"one, two three", 8, "one…"},
		{"ééééé", 3, "éé…"},
	} {
		if got := clip(test.in, test.n); got != test.want {
			t.Errorf("%q: got %q, want %q", test.in, got, test.want)
		}
	}
}

func TestParseURL(t *testing.T) {
	for _, good := range []string{"", "https://example.org/a?b=c#d", "http://[::1]:80/", "https://example.org/новости"} {
		if got, err := ParseURL(" " + good + "\n"); err != nil || got != good {
			t.Errorf("%q: got %q and %v", good, got, err)
		}
	}
	for _, bad := range []string{
		"example.org", "ftp://example.org", "javascript:alert(1)", "https://", "https://:80/", "https://ap.org@example.org/",
		"https://example.org/a b", "https://example.org/<a>", "https://example.org/\u202e", "https://example.org/\u00a0a",
		"https://example.org/\xff", "https://example.org/" + strings.Repeat("a", maxURL),
	} {
		if got, err := ParseURL(bad); err == nil {
			t.Errorf("%q: got %q, want an error", bad, got)
		}
	}
}

func FuzzClean(f *testing.F) {
	f.Add([]byte("\ufeffa\r\nb\u200b"))
	f.Fuzz(func(t *testing.T, data []byte) {
		text, err := clean(data)
		if err != nil {
			return
		}
		if !utf8.ValidString(text) || strings.ContainsAny(text, "\r\x00") {
			t.Errorf("got %q", text)
		}
		if again, err := clean([]byte(text)); err != nil || again != text {
			t.Errorf("cleaned twice: got %q and %v, want %q", again, err, text)
		}
		if line := OneLine(text); line != OneLine(line) {
			t.Errorf("OneLine of %q changes %q", text, line)
		}
	})
}
