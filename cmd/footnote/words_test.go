package main

import "testing"

func TestGrouped(t *testing.T) {
	for n, want := range map[int]string{0: "0", 999: "999", 1000: "1,000", 1234567: "1,234,567", -999: "-999", -1000: "-1,000"} {
		if got := grouped(n); got != want {
			t.Errorf("grouped(%d) = %s, want %s", n, got, want)
		}
	}
}

func TestNearest(t *testing.T) {
	names := []string{"ask", "search", "sources"}
	for word, want := range map[string]string{"aks": "ask", "serch": "search", "xylophone": "", "sorces": "sources"} {
		if got := nearest(word, names); got != want {
			t.Errorf("nearest(%q) = %q, want %q", word, got, want)
		}
	}
}

func TestList(t *testing.T) {
	tests := []struct {
		items []string
		want  string
	}{{nil, ""}, {[]string{"a"}, "a"}, {[]string{"a", "b"}, "a and b"}, {[]string{"a", "b", "c"}, "a, b and c"}}
	for _, tt := range tests {
		if got := list(tt.items); got != tt.want {
			t.Errorf("list(%q) = %q, want %q", tt.items, got, tt.want)
		}
	}
}

func TestOneLine(t *testing.T) {
	for text, want := range map[string]string{
		"two\nlines\tand  blanks ": "two lines and blanks",
		"\x1b[31mred\x1b[0m":       "[31mred[0m",
		"a\u202eb\u200bc":          "abc",
		"می\u200cروم 👩\u200d🚒":     "می\u200cروم 👩\u200d🚒",
		"naïve 東京":                 "naïve 東京",
	} {
		if got := oneLine(text); got != want {
			t.Errorf("oneLine(%q) = %q, want %q", text, got, want)
		}
	}
}

func TestClip(t *testing.T) {
	tests := []struct {
		text  string
		width int
		want  string
	}{
		{"short", 10, "short"},
		{"the quick brown fox", 17, "the quick brown…"},
		{"unbreakable", 6, "unbre…"},
		{"東京都庁舎", 7, "東京都…"},
	}
	for _, tt := range tests {
		if got := clip(tt.text, tt.width); got != tt.want {
			t.Errorf("clip(%q, %d) = %q, want %q", tt.text, tt.width, got, tt.want)
		}
	}
}

func TestColumnsAlignWideRunes(t *testing.T) {
	got := columns([][]string{{"東京", "b"}, {"a", "c"}})
	if got[0] != "東京  b" || got[1] != "a     c" {
		t.Errorf("columns = %q", got)
	}
}
