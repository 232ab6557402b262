package bot

import (
	"strings"
	"testing"
)

func TestCheckHoldsSentencesAgainstTheArticles(t *testing.T) {
	s := newStage(t, nil)
	r := s.do(Request{
		Kind: Menu, Name: "Check this message", Person: reader, Message: "77",
		Text: "Katalin Karikó and Drew Weissman won the 2023 Nobel Prize in Physiology or Medicine. The mayor of Springfield sold his tractor.",
	})
	expect(t, r,
		"Supported: Katalin Karikó and Drew Weissman won",
		"\nKatalin Karikó and Drew Weissman won the 2023 Nobel Prize in Physiology or Medicine on Monday, Oct. 2, 2023.\nAP, 2023-10-02 · Karikó",
		"Not covered: The mayor of Springfield sold his tractor.",
		"“Not covered” is no judgement")
}

func TestCheckMarksTheWordsThatDiffer(t *testing.T) {
	s := newStage(t, nil)
	r := s.do(Request{
		Kind: Menu, Name: "Check this message", Person: reader,
		Text: "The United States will buy 200,000 artillery shells from South Korean manufacturers.",
	})
	expect(t, r, "Contradicted: another number", "100,000")
	for _, b := range r.Blocks {
		for _, span := range b.Spans {
			if b.Kind == Quotation && span.Style == Strong && strings.HasPrefix(span.Text, "100,000") {
				return
			}
		}
	}
	t.Errorf("no words stand out: %+v", r.Blocks)
}

func TestCheckSaysThatThereIsNothingToCheck(t *testing.T) {
	s := newStage(t, nil)
	r := s.do(Request{Kind: Menu, Name: "Check this message", Person: reader, Text: "Good morning! How are you?"})
	expect(t, r, "states nothing")
}

func TestCheckStopsAtEightSentences(t *testing.T) {
	s := newStage(t, nil)
	text := ""
	for _, who := range []string{"Ann", "Bob", "Cid", "Dan", "Eve", "Fay", "Gus", "Hal", "Ida", "Jan"} {
		text += who + " Miller sold a tractor to the mayor of Springfield. "
	}
	expect(t, s.do(Request{Kind: Menu, Name: "Check this message", Person: reader, Text: text}), "2 more sentences were not checked.")
}

func TestOfTheBotsOwnMessageOnlyWhatItSaysIsChecked(t *testing.T) {
	const message = "-# Question: Who buys?\nThe United States buys shells. [1]\n\n[1][3] **AP**, 2022-11-11 · Shells\n[2] and [4] differ.\n-# 1 source"
	if got, want := withoutRemarks(message), "The United States buys shells. [1]\n\n[2] and [4] differ.\n"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}
