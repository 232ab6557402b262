package prompts

import (
	"strings"
	"testing"

	"footnote/corpus"
)

func TestQuotesAreFoundAsTheyAreTypeset(t *testing.T) {
	const text = "The U.S. ministry’s envoy said: “We will pay – soon.” It\u00adself  paid\n$19.3 billion‹so›far."
	for quote, want := range map[string]string{
		"The U. S. ministry's envoy":          "The U.S. ministry’s envoy",
		"\"We will pay - soon.\"":             "We will pay – soon",
		"... envoy said: 'We will pay":        "envoy said: “We will pay",
		"Itself paid $19.3 bil":               "It\u00adself  paid\n$19.3 bil",
		"billion<so>far…":                     "billion‹so›far",
		"\u201cthe U.S. ministry\u2019s envo": "The U.S. ministry’s envo",
		"tself paid $19.3":                    "",
		"The U.S. ministry ... paid":          "",
		"the u.s. ministry's":                 "",
		"":                                    "",
		"...":                                 "",
		"\xffThe U.S. ministry":               "",
	} {
		got := ""
		for _, at := range newNeedle(quote).in(fold(text)) {
			got = at.In(text)
		}
		if got != want {
			t.Errorf("%q is found as %q, want %q", quote, got, want)
		}
	}
}

func TestAQuoteIsWidenedToWholeSentences(t *testing.T) {
	const text = "One came here. Two went there. Three stayed on. Four left again.\n\n# Later\n\nFive came back."
	sentences := corpus.Sentences(text)
	for _, test := range []struct {
		from, to string
		want     string
		flaw     Flaw
	}{
		{"came", "here", "One came here.", ""},
		{"here", "Two", "One came here. Two went there.", ""},
		{"came", "stayed", "One came here. Two went there. Three stayed on.", ""},
		{"came", "left", "", FlawLongQuote},
		{"again", "Five", "", FlawQuote},
		{"Later", "Later", "", FlawQuote},
	} {
		at := corpus.Span{Start: strings.Index(text, test.from), End: strings.Index(text, test.to) + len(test.to)}
		got, flaw := widen(text, sentences, at)
		if got.In(text) != test.want || flaw != test.flaw {
			t.Errorf("%q is widened to %q, flaw %q, want %q, %q", at.In(text), got.In(text), flaw, test.want, test.flaw)
		}
	}
}
