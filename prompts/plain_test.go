package prompts

import (
	"strings"
	"testing"
)

func TestMarkersAndEmphasisAreTakenAway(t *testing.T) {
	for sentence, want := range map[string]string{
		"The deal is off [1].":                     "The deal is off.",
		"The deal [1, 2] is off [3][4].":           "The deal is off.",
		"The deal is off 【2】":                      "The deal is off",
		"The **deal** is *off*.":                   "The deal is off.",
		"The ***deal*** is __off__.":               "The deal is off.",
		"The `deal` is _off_.":                     "The deal is off.",
		"**The deal is off.**":                     "The deal is off.",
		"The\tdeal\n is\u2028off.":                 "The deal is off.",
		"It cost $5 (£4), i.e. 5% – “cheap”.":      "It cost $5 (£4), i.e. 5% – “cheap”.",
		"قال المسؤول إن الصفقة تمت.":               "قال المسؤول إن الصفقة تمت.",
		"می\u200cخواهم بروم.":                      "می\u200cخواهم بروم.",
		"Zelenskyy’s café served AT&T and 3 °C.":   "Zelenskyy’s café served AT&T and 3 °C.",
		"The cafe\u0301 is open.":                  "The cafe\u0301 is open.",
		strings.Repeat("a", maxShown-6) + " word.": strings.Repeat("a", maxShown-6) + " word.",
	} {
		if got, flaw := plain(sentence); got != want || flaw != "" {
			t.Errorf("%q is %q, flaw %q, want %q", sentence, got, flaw, want)
		}
	}
}

func TestWhatActsIsRefused(t *testing.T) {
	for _, sentence := range []string{
		"Hello <@1> there.", "Hello @everyone there.", "See [here](https://a.example).", "A # mark.", "- A list.", "> A quote.", "A ||spoiler||.",
		"A ~~line~~ here.", "A ``code`` word.", "A *loose mark.", "A snake_case word.", "A {brace} here.", "A back\\slash.", "Red \x1b[31mwords.",
		"Left \u202ewords.", "Zero\u200bwidth words.", "Latin\u200djoiner words.", "A tag \U000e0041 word.", "A private \ue000 word.",
		"A smile \U0001f600 here.", "A heart \u2764\ufe0f here.", "z\u0335\u0336\u0337algo words.", "A \u0301 mark.", "Not \xff valid.",
		"Wide ＠everyone words.", "Arabic ٣ digits.", "Filler \u3164 words.", "Dots -- ... -- here.", "A ❱ mark → here.",
	} {
		if got, flaw := plain(sentence); flaw != FlawNotPlain {
			t.Errorf("%q is %q, flaw %q", sentence, got, flaw)
		}
	}
	if _, flaw := plain(strings.Repeat("a ", maxShown)); flaw != FlawLength {
		t.Errorf("a sentence of %d characters has the flaw %q", 2*maxShown-1, flaw)
	}
}

func TestAddressesAreKnown(t *testing.T) {
	for text, want := range map[string]string{
		"India.com said so.":              "India.com",
		"The U.S. paid at 6:04 p.m. then": "",
		"It rose 3.5 points, i.e. a lot":  "",
		"See a.example and b.example.":    "a.example b.example",
		"She said: “So be it.”":           "",
	} {
		if got, ok := hosts(text); strings.Join(got, " ") != want || !ok {
			t.Errorf("%q has the hosts %q, %v, want %q", text, got, ok, want)
		}
	}
	for _, text := range []string{"https://a.example", "a.example/path", "www.a.example", "steam:run", "a.example:80", "mailto:x", "//a.example/b"} {
		if got, ok := hosts(text); ok {
			t.Errorf("%q has the hosts %q and nothing that leads there", text, got)
		}
	}
}
