package prompts

import (
	"strings"
	"testing"

	"footnote/retrieval"
)

func TestStancesToWords(t *testing.T) {
	for text, want := range map[string]struct{ denied, hedged string }{
		"Seoul did not send shells, it sent aid.":        {"seoul did send shells", ""},
		"They don't sell tanks but buy them.":            {"sell tanks", ""},
		"Seoul denied that it sent shells.":              {"that it sent shells", ""},
		"He did not deny it.":                            {"he did deny", ""},
		"The offer was rejected.":                        {"the offer was", ""},
		"Only non-lethal aid came.":                      {"lethal", ""},
		"The policy is unchanged.":                       {"unchanged", ""},
		"Neither Rome nor Milan voted.":                  {"rome nor milan voted", ""},
		"It turned down the offer.":                      {"down the offer", ""},
		"It ruled out a strike.":                         {"out a strike", ""},
		"The party voted against the law.":               {"the law", ""},
		"It was unclear whether they pay.":               {"unclear whether they pay", "they pay"},
		"It may rain.":                                   {"", "rain"},
		"They may not park.":                             {"they may park", ""},
		"In May they came.":                              {"", ""},
		"Washington accused Pyongyang of sending shells": {"", "pyongyang of sending shells"},
		"A probe is to land.":                            {"", "land"},
	} {
		terms := retrieval.Terms(text)
		var denied, hedged []string
		for i, s := range stances(text, terms) {
			if s.denied {
				denied = append(denied, terms[i].Word)
			}
			if s.hedged {
				hedged = append(hedged, terms[i].Word)
			}
		}
		if d, h := strings.Join(denied, " "), strings.Join(hedged, " "); d != want.denied || h != want.hedged {
			t.Errorf("%q denies %q and hedges %q, want %q and %q", text, d, h, want.denied, want.hedged)
		}
	}
}
