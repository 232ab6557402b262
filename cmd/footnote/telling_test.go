package main

import (
	"strings"
	"testing"

	"footnote/prompts"
	"footnote/retrieval"
)

// toldAnswer is one of two sentences, whose first source was there before the
// second one.
func toldAnswer() prompts.Answer {
	older, newer := shells(), shells()
	newer.Outlet, newer.URL, newer.Published = "Reuters", "", newer.Published.AddDate(0, 0, 9)
	return prompts.Answer{
		ID: "3f9a", Verdict: prompts.Answered, Answerer: "extractive",
		Sentences: []prompts.Sentence{{Text: "It buys shells.", Citations: []int{1, 2}}, {Text: "They go to Ukraine.", Citations: []int{2}}},
		Citations: []prompts.Citation{{N: 1, Hit: retrieval.Hit{Article: older}}, {N: 2, Hit: retrieval.Hit{Article: newer}}},
		Trace:     prompts.Trace{Question: "Who buys shells?"},
	}
}

const toldSources = `
[1] AP, 2022-11-11 · U.S. to buy shells · https://example.org/shells
[2] Reuters, 2022-11-20 · U.S. to buy shells
`

func TestAnswerText(t *testing.T) {
	const sentences = "It buys shells. [1][2]\nThey go to Ukraine. [2]\n"
	tests := []struct {
		name   string
		change func(*prompts.Answer)
		want   string
	}{
		{"quotes", func(*prompts.Answer) {},
			sentences + toldSources + "\nanswer 3f9a · extractive: quotes only · exact words: footnote sources\n"},
		{"a model's", func(a *prompts.Answer) { a.Answerer, a.Removed = "scribe", 1 },
			sentences + toldSources + "\nanswer 3f9a · scribe: 2 of 3 sentences verified, 1 removed · exact words: footnote sources\n"},
		{"a model's, nothing removed", func(a *prompts.Answer) { a.Answerer = "scribe" },
			sentences + toldSources + "\nanswer 3f9a · scribe: 2 of 2 sentences verified · exact words: footnote sources\n"},
		{"cut", func(a *prompts.Answer) { a.Answerer, a.Cut = "scribe", true },
			sentences + "The model's answer was cut off here; what is shown was verified.\n" + toldSources +
				"\nanswer 3f9a · scribe: 2 of 2 sentences verified · exact words: footnote sources\n"},
		{"rewritten", func(a *prompts.Answer) { a.Trace.Question = "Who buys\x1b[2J shells of Seoul?" },
			"Asked as: Who buys[2J shells of Seoul?\n\n" + sentences + toldSources +
				"\nanswer 3f9a · extractive: quotes only · exact words: footnote sources\n"},
		{"sources differ", func(a *prompts.Answer) {
			a.Disagreements = []prompts.Disagreement{{About: "number", Sides: []prompts.Side{
				{Citation: 1, Says: "100,000"}, {Citation: 2, Says: "120,000\nrounds", Newer: true},
			}}}
		},
			sentences + toldSources + "\nSources differ on a number:\n  AP, 2022-11-11 [1]: 100,000\n  Reuters, 2022-11-20 [2], newer: 120,000 rounds\n" +
				"\nanswer 3f9a · extractive: quotes only · exact words: footnote sources\n"},
	}
	for _, tt := range tests {
		for told := range 3 {
			t.Run(tt.name, func(t *testing.T) {
				a := toldAnswer()
				tt.change(&a)
				var b strings.Builder
				tell := &telling{page: page{Writer: &b}, question: "Who buys shells?"}
				for i, s := range a.Sentences[:told] {
					tell.show(prompts.Part{Sentence: s, Citations: a.Citations[i : i+1], Question: a.Trace.Question})
				}
				if err := tell.finish(a, retrieval.Coverage{}); err != nil {
					t.Fatal(err)
				}
				if b.String() != tt.want {
					t.Errorf("with %d sentences told before the end: got\n%s\nwant\n%s", told, &b, tt.want)
				}
			})
		}
	}
}

func TestFooterSaysWhyQuotesServe(t *testing.T) {
	for fallback, want := range map[prompts.Fallback]string{
		"":                       "extractive: quotes only",
		prompts.ModelUnavailable: "quotes only: the language model is not available",
		prompts.OverBudget:       "quotes only: the day's tokens are used up",
		prompts.NothingVerified:  "quotes only: nothing that the language model wrote could be verified as an answer",
		prompts.ModelFoundNone:   "quotes only: the language model found no answer",
	} {
		if got := answererLine(prompts.Answer{Answerer: "extractive", Fallback: fallback}); got != want {
			t.Errorf("%q: %s, want %s", fallback, got, want)
		}
	}
}

func TestABrokenOffAnswerKeepsItsSources(t *testing.T) {
	var b strings.Builder
	a := toldAnswer()
	tell := &telling{page: page{Writer: &b}, question: "Who buys shells?"}
	tell.show(prompts.Part{Sentence: a.Sentences[0], Citations: a.Citations})
	tell.breakOff()
	if want := "It buys shells. [1][2]\n" + toldSources; b.String() != want {
		t.Errorf("got\n%s\nwant\n%s", &b, want)
	}
}
