package corpus

import (
	"slices"
	"strings"
	"testing"
	"unicode/utf8"
)

// Each case is a text with its sentences parted by "|".
func TestSentencesEndWhereTheyEnd(t *testing.T) {
	for _, marked := range []string{
		"One. |Two! |Three? |Four…",
		"The U.S. Army bought shells. |The U.S. government agreed.",
		"He lives in the U.S. |He works there.",
		"He was born in the U.K. and left.",
		"Army Lt. Col. Marty Meiners spoke. |He added little.",
		"Dr. J. K. Rowling met Mr. Smith. |They talked.",
		"George W. Bush won. |Harry S. Truman lost.",
		"It rose 3.5 percent to $19.3 billion. |Then it fell.",
		"On Nov. 11 it began. |On Sept. 2 it ended.",
		"It was in May. |Then came June.",
		"See No. 5 there. |No. |I will not.",
		"Acme Inc. said so. |Acme Inc. |The firm failed.",
		"“We came. We saw. We left,” she said. |He nodded.",
		"He said: “We have never sent weapons.” |The ministry agreed.",
		"“Never!” Yoon told reporters. |He left.",
		"“Never again.” |The crowd cheered for a very long time in the square that night.",
		"\"Stop. Go,\" he said. |Nobody moved.",
		"It met at 5 p.m. on Friday. |It met at 5 p.m. |The talks failed.",
		"Visit example.com today. |Use v2.0.1 instead.",
		"He paused... then went on. |He stopped... |But why?",
		"(He left early.) |She stayed.",
		"东京下雨。|大阪晴。",
		"Washington, D.C. is far. |Prof. Lee and Gen. Mark A. Milley agree, e.g. Smith et al. disagree.",
		"Cities vs. Towns was filed by St. John's Hospital. |It won.",
		"A Dec. 5 deadline passed. |Jan. 1, 2023 came.",
		"He sat. |Yoon left. |They met on Sat. Nov. 5 in Fla. |The sun set. |Moon rose.",
		"the flow is steady. |the wing is thin . |it lifts.",
		"Prices (up 2.1 percent.) rose. |So what?",
	} {
		text := strings.ReplaceAll(marked, "|", "")
		var got []string
		for _, s := range Sentences(text) {
			got = append(got, s.In(text))
		}
		want := strings.Split(marked, "|")
		for i := range want {
			want[i] = strings.TrimSpace(want[i])
		}
		if !slices.Equal(got, want) {
			t.Errorf("got  %q\nwant %q", got, want)
		}
	}
}

func TestLinesAndHeadings(t *testing.T) {
	text := "First line ends.\nPutin warns Seoul\nA US ally spoke.\n\n## Aid\nMore text here\nwhich goes on.\n\nLast words"
	var heads, prose []string
	for _, b := range blocks(text) {
		if b.level > 0 {
			heads = append(heads, headingText(b.In(text)))
		} else {
			prose = append(prose, b.In(text))
		}
	}
	if want := []string{"Putin warns Seoul", "Aid"}; !slices.Equal(heads, want) {
		t.Errorf("headings %q, want %q", heads, want)
	}
	if want := []string{"First line ends.", "A US ally spoke.", "More text here\nwhich goes on.", "Last words"}; !slices.Equal(prose, want) {
		t.Errorf("prose %q, want %q", prose, want)
	}
}

func TestMarksOfListsAreNoneOfASentence(t *testing.T) {
	text := "The ministry listed:\n- shells for guns\n* helmets\n1. vests\n> \"We never sent any,\" he said."
	var got []string
	for _, s := range Sentences(text) {
		got = append(got, s.In(text))
	}
	want := []string{"The ministry listed:", "shells for guns", "helmets", "vests", "\"We never sent any,\" he said."}
	if !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestWrappedLinesAreOneParagraph(t *testing.T) {
	text := "The ministry of defence said on Friday that its position on\nthe matter remained unchanged. It would not send any weapons\nto Ukraine."
	got := Sentences(text)
	if len(got) != 2 || !strings.HasPrefix(got[1].In(text), "It would") {
		t.Errorf("got %d sentences, want 2: %v", len(got), got)
	}
}

// A sentence that ends with its line leaves a group of which too few lines are
// open to tell by number; the width of the text does.
func TestAFullLineGoesOn(t *testing.T) {
	text := `The ministry said on Monday that it had no comment on the report yet.
Prime Minister Anna Berg told the parliament that she would meet with
Vladimir Orlov in May.

A third suspect, a former employee of the plant, is believed to be in
Germany.

It now holds assets of
$2.4 billion, it said.`
	var got []string
	for _, s := range Sentences(text) {
		got = append(got, strings.Join(strings.Fields(s.In(text)), " "))
	}
	want := []string{
		"The ministry said on Monday that it had no comment on the report yet.",
		"Prime Minister Anna Berg told the parliament that she would meet with Vladimir Orlov in May.",
		"A third suspect, a former employee of the plant, is believed to be in Germany.",
	}
	if !slices.Equal(got[:3], want) {
		t.Errorf("got %q", got)
	}
}

func TestEndlessTextIsCut(t *testing.T) {
	for _, text := range []string{strings.Repeat("a", 20000), strings.Repeat("é", 20000), strings.Repeat("word ", 5000)} {
		for _, s := range Sentences(text) {
			if n := s.End - s.Start; n > maxSentence || !utf8.ValidString(s.In(text)) {
				t.Fatalf("sentence of %d bytes, valid %t", n, utf8.ValidString(s.In(text)))
			}
		}
	}
}
