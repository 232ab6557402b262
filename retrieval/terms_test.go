package retrieval

import (
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"footnote/corpus"
)

func TestWordsOfAText(t *testing.T) {
	for text, want := range map[string]string{
		"South Korea's ministry":             "south korea ministry",
		"South Korea’s ministry":             "south korea ministry",
		"The U.S. and the US":                "the us and the us",
		"7,000 rounds, 3.5 percent":          "7000 rounds 3.5 percent",
		"155mm $400m":                        "155mm 400m",
		"non-lethal (aid)":                   "non lethal aid",
		"Lt. Col. don't can’t":               "lt col dont cant",
		"example.com end.Next":               "example com end next",
		"Café ÉCOLE naïve":                   "café école naïve",
		"北京大学":                               "北 北京 京 京大 大 大学 学",
		"“quoted”—dash":                      "quoted dash",
		"":                                   "",
		"😀 …":                                "",
		"O'Brien's":                          "obrien",
		strings.Repeat("x", 200) + " a.m. 5": strings.Repeat("x", maxWord) + " am 5",
	} {
		var got []string
		for _, term := range Terms(text) {
			got = append(got, term.Word)
		}
		if g := strings.Join(got, " "); g != want {
			t.Errorf("%q: got %q, want %q", text, g, want)
		}
	}
}

func TestFormsOfAWordShareAStem(t *testing.T) {
	for _, forms := range [][]string{{"sends", "sending", "send"}, {"shells", "shell"}, {"negotiations", "negotiation"}} {
		for _, f := range forms {
			if got := Stem(f); got != Stem(forms[0]) {
				t.Errorf("stem of %s is %s, of %s is %s", f, got, forms[0], Stem(forms[0]))
			}
		}
	}
}

// The fast path for ASCII must say what the general one says.
func FuzzWords(f *testing.F) {
	f.Add("The U.S. bought 100,000 shells; don't ask O'Brien's a.b.c 1.2.3 a.bc")
	f.Fuzz(func(t *testing.T, text string) {
		if !utf8.ValidString(text) {
			t.Skip()
		}
		last := 0
		eachWord(text, func(word []byte, at corpus.Span) {
			if len(word) == 0 || len(word) > maxWord || at.Start < 0 || at.End > len(text) || at.Start >= at.End || at.End < last {
				t.Fatalf("word %q at %v", word, at)
			}
			last = at.End
		})
	})
}

func TestAsciiWordsAreTheLibrarysWords(t *testing.T) {
	text := "The U.S. Army bought 100,000 shells, at $3.50 each; Lt. Col. Smith (of Reuters) didn't say why. It's O'Brien's non-lethal aid: 9 a.m. sharp!"
	var fast, slow []string
	collect := func(to *[]string) func([]byte, corpus.Span) {
		return func(w []byte, _ corpus.Span) { *to = append(*to, string(w)) }
	}
	for start := 0; start < len(text); {
		end, ascii := runEnd(text, start)
		if !ascii {
			t.Fatal("the text is not ASCII")
		}
		asciiWords(text, start, end, nil, collect(&fast))
		unicodeWords(text, start, end, nil, collect(&slow))
		start = end + 1
	}
	if !slices.Equal(fast, slow) {
		t.Errorf("fast %q\nslow %q", fast, slow)
	}
}
