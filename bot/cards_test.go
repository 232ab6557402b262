package bot

import (
	"strings"
	"testing"
	"time"

	"footnote/corpus"
	"footnote/prompts"
	"footnote/retrieval"
)

// drawn is a reply as text: strong between asterisks, addresses in angle
// brackets, quotations behind ">", notes in parentheses, buttons in brackets.
func drawn(r Reply) string {
	var b strings.Builder
	for i, block := range r.Blocks {
		switch {
		case i == 0:
		case block.Kind == Sentence && r.Blocks[i-1].Kind == Sentence:
			b.WriteByte(' ')
		case block.Kind == Paragraph:
			b.WriteString("\n\n")
		default:
			b.WriteByte('\n')
		}
		text := spanText(block.Spans)
		switch block.Kind {
		case Heading:
			text = "# " + text
		case Quotation:
			text = "> " + text
		case Note:
			text = "(" + text + ")"
		}
		b.WriteString(text)
	}
	for _, row := range r.Rows {
		b.WriteByte('\n')
		for _, a := range row {
			b.WriteString("[" + a.Label + "]")
		}
	}
	return b.String()
}

func spanText(spans []Span) string {
	var b strings.Builder
	for _, s := range spans {
		switch s.Style {
		case Strong:
			b.WriteString("*" + s.Text + "*")
		case Link:
			b.WriteString(s.Text + " <" + s.URL + ">")
		default:
			b.WriteString(s.Text)
		}
	}
	return b.String()
}

func day(s string) time.Time {
	t, err := corpus.ParseDate(s)
	if err != nil {
		panic(err)
	}
	return t
}

// shellsAnswer is an answer of a model, of two sentences and two sources.
func shellsAnswer() prompts.Answer {
	ap := corpus.Article{ID: "a", Title: "U.S. to buy\nshells", Outlet: "AP", URL: "https://example.org/shells", Published: day("2022-11-11"), Text: "x"}
	reuters := corpus.Article{ID: "b", Title: "Shells for Ukraine", Derived: true, Outlet: "Reuters", Published: day("2022-11-20"), Text: "x"}
	return prompts.Answer{
		ID: "3f9a", Verdict: prompts.Answered, Answerer: "scribe",
		Question:  prompts.Question{Text: "Who buys shells?"},
		Sentences: []prompts.Sentence{{Text: "It buys shells.", Citations: []int{1, 2}}, {Text: "They go to Ukraine.", Citations: []int{2}}},
		Citations: []prompts.Citation{
			{N: 1, Quote: "The United States will buy 100,000 shells.", Hit: retrieval.Hit{Article: ap}},
			{N: 2, Quote: "Seoul sells 120,000 rounds, which go to Ukraine.", Hit: retrieval.Hit{Article: reuters}},
		},
		Trace: prompts.Trace{Question: "Who buys shells?"},
	}
}

func TestAnswerPage(t *testing.T) {
	const sentences = "It buys shells. [1][2] They go to Ukraine. [2]"
	const sources = "\n\n[1] *AP*, 2022-11-11 · U.S. to buy shells <https://example.org/shells>\n[2] *Reuters*, 2022-11-20 · “Shells for Ukraine”"
	tests := []struct {
		name   string
		change func(*prompts.Answer)
		want   string
	}{
		{"a model's", func(*prompts.Answer) {},
			sentences + sources + "\n(2 independent sources · 2 of 2 sentences verified · answer 3f9a)"},
		{"a sentence was removed", func(a *prompts.Answer) { a.Removed = 1 },
			sentences + sources + "\n(2 independent sources · 2 of 3 sentences verified, 1 removed · answer 3f9a)"},
		{"cut", func(a *prompts.Answer) { a.Cut = true },
			sentences + "\n(The model's answer was cut off here; what is shown was verified.)" + sources +
				"\n(2 independent sources · 2 of 2 sentences verified · answer 3f9a)"},
		{"asked in other words, as of a day", func(a *prompts.Answer) {
			a.Trace.Question, a.Question.AsOf = "Who buys shells of Seoul?", day("2022-11-30")
		},
			"(Asked as: Who buys shells of Seoul?)\n(As of the end of 2022-11-30)\n" + sentences + sources +
				"\n(2 independent sources · 2 of 2 sentences verified · answer 3f9a)"},
		{"asked of outlets and days", func(a *prompts.Answer) {
			a.Question.Outlets, a.Question.Since = []string{"AP", "Reuters"}, day("2022-11-01")
		},
			"(Limited to: AP, Reuters · 2022-11-01 –)\n" + sentences + sources + "\n(2 independent sources · 2 of 2 sentences verified · answer 3f9a)"},
		{"quotes, as the model is away", func(a *prompts.Answer) {
			a.Answerer, a.Fallback = "extractive", prompts.ModelUnavailable
			for i, c := range a.Citations {
				a.Sentences[i] = prompts.Sentence{Text: c.Quote, Citations: []int{c.N}}
			}
		},
			"The United States will buy 100,000 shells. [1]\n\nSeoul sells 120,000 rounds, which go to Ukraine. [2]" + sources +
				"\n(2 independent sources · quotes only: the language model is not available · answer 3f9a)"},
		{"the sources differ", func(a *prompts.Answer) {
			a.Disagreements = []prompts.Disagreement{{About: "number", Sides: []prompts.Side{
				{Citation: 1, Says: "100,000"}, {Citation: 2, Says: "120,000\nrounds", Newer: true},
			}}}
		},
			sentences + sources + "\n\nThe sources differ on a number:\n[1] *AP*, 2022-11-11: 100,000\n[2] *Reuters*, 2022-11-20, newer: 120,000 rounds" +
				"\n(2 independent sources · 2 of 2 sentences verified · answer 3f9a)"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			a := shellsAnswer()
			tt.change(&a)
			if got := drawn(Reply{Blocks: phrasesIn(English).answerBlocks(a, retrieval.Coverage{})}); got != tt.want {
				t.Errorf("got\n%s\nwant\n%s", got, tt.want)
			}
		})
	}
}

func TestRefusalPage(t *testing.T) {
	a := prompts.Answer{
		ID: "3f9a", Missing: []string{"Atlantis", "Lemuria", "Mu"},
		Nearest: []retrieval.Hit{{Article: shellsAnswer().Citations[0].Hit.Article, Passage: corpus.Passage{Text: "The United States\nwill buy shells."}}},
	}
	covered := retrieval.Coverage{Articles: 1234, First: day("2022-01-03"), Last: day("2024-05-01")}
	want := `The articles do not answer this. No article names Atlantis, Lemuria or Mu.

Nearest to it:
*AP*, 2022-11-11 · U.S. to buy shells <https://example.org/shells>
> The United States will buy shells.
(1,234 articles, 2022-01-03 to 2024-05-01 · answer 3f9a)`
	if got := drawn(Reply{Blocks: phrasesIn(English).answerBlocks(a, covered)}); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

func TestTheNearestPassagesOfOneArticleStandUnderItsName(t *testing.T) {
	article := corpus.Article{ID: "shells", Outlet: "AP"}
	a := prompts.Answer{ID: "3f9a", Nearest: []retrieval.Hit{
		{Article: article, Passage: corpus.Passage{Text: "One."}}, {Article: article, Passage: corpus.Passage{Text: "Two."}},
	}}
	got := drawn(Reply{Blocks: phrasesIn(English).answerBlocks(a, retrieval.Coverage{})})
	if want := "\n*AP*, undated\n> One.\n> Two.\n"; !strings.Contains(got, want) {
		t.Errorf("lacks %q:\n%s", want, got)
	}
}

func TestOneDayIsSaidOnce(t *testing.T) {
	c := retrieval.Coverage{Articles: 2, First: day("2022-11-11"), Last: day("2022-11-11")}
	if got := phrasesIn(English).covers(c); got != "2 articles, 2022-11-11" {
		t.Error(got)
	}
}

func TestNothingIsSingularInFrench(t *testing.T) {
	for language, want := range map[Language]string{French: "0 article", Spanish: "0 artículos"} {
		if p := phrasesIn(language); p.counted(0, p.answer.articles) != want {
			t.Errorf("%s: %s", language, p.counted(0, p.answer.articles))
		}
	}
}

func TestADraftEndsWithDots(t *testing.T) {
	a := shellsAnswer()
	parts := []prompts.Part{{Question: "Who buys shells of Seoul?", Sentence: a.Sentences[0], Citations: a.Citations}}
	want := "(Asked as: Who buys shells of Seoul?)\nIt buys shells. [1][2]\n(…)"
	if got := drawn(Reply{Blocks: phrasesIn(English).draftBlocks(a.Question, parts)}); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

func TestWhyQuotesServe(t *testing.T) {
	for fallback, want := range map[prompts.Fallback]string{
		"":                       "quotes only",
		prompts.ModelUnavailable: "quotes only: the language model is not available",
		prompts.OverBudget:       "quotes only: the day's tokens are used up",
		prompts.NothingVerified:  "quotes only: nothing that the language model wrote could be verified as an answer",
		prompts.ModelFoundNone:   "quotes only: the language model found no answer",
	} {
		if got := phrasesIn(English).verified(prompts.Answer{Answerer: "extractive", Fallback: fallback}); got != want {
			t.Errorf("%q: %s, want %s", fallback, got, want)
		}
	}
}

func TestCardPage(t *testing.T) {
	c := shellsAnswer().Citations[0]
	c.N, c.Hit.Passage.Heading = 2, []string{"Arms", "Shells"}
	s := Source{
		Citation: c, Article: c.Hit.Article, State: retrieval.Superseded,
		Card: prompts.Card{Before: "Winter nears. ", Quote: c.Quote, After: "\nSeoul agrees."},
	}
	for plain, want := range map[bool]string{
		false: `# 2/4 · *AP*, 2022-11-11 · U.S. to buy shells <https://example.org/shells>
Arms › Shells
> Winter nears. *The United States will buy 100,000 shells.*
Seoul agrees.
(The article has changed since.)`,
		true: `# Source 2 of 4 · *AP*, 2022-11-11 · U.S. to buy shells <https://example.org/shells>
Arms › Shells

Before the quote: Winter nears.

Quote: The United States will buy 100,000 shells.

After the quote: Seoul agrees.
(The article has changed since.)`,
	} {
		if got := drawn(Reply{Blocks: phrasesIn(English).cardBlocks(s, 4, plain)}); got != want {
			t.Errorf("plain %v: got\n%s\nwant\n%s", plain, got, want)
		}
	}
}

func TestAQuoteIsNeverCut(t *testing.T) {
	long := strings.Repeat("word ", 400)
	block := quoteBlock(prompts.Card{Before: long, Quote: long, After: long})
	if block.Spans[1].Text != long {
		t.Error("the quote is not whole")
	}
	for _, i := range []int{0, 2} {
		if n := len([]rune(block.Spans[i].Text)); n > shownContext {
			t.Errorf("%d characters beside it", n)
		}
	}
}

func TestNumbersAsTheLanguageWritesThem(t *testing.T) {
	for language, want := range map[Language]string{
		English: "1,234,567", German: "1.234.567", French: "1\u202f234\u202f567", Spanish: "1\u202f234\u202f567", Japanese: "1,234,567",
	} {
		if got := phrasesIn(language).grouped(1234567); got != want {
			t.Errorf("%s: %s, want %s", language, got, want)
		}
	}
}

func TestButtonsFitTheirBounds(t *testing.T) {
	a := shellsAnswer()
	refusal := prompts.Answer{ID: a.ID}
	for _, language := range Languages() {
		p := phrasesIn(language)
		for _, row := range append(append(p.answerRows(a), p.answerRows(refusal)...), p.pageRows(a.ID, 1, 2)...) {
			if len(row) > 5 {
				t.Errorf("%s: %d buttons in a row", language, len(row))
			}
			for _, button := range row {
				if _, err := parseAction(button.ID); err != nil || len([]rune(button.Label)) > 80 {
					t.Errorf("%s: %+v: %v", language, button, err)
				}
			}
		}
		if w := p.answer; len([]rune(w.followTitle)) > 45 || len([]rune(w.followLabel)) > 45 {
			t.Errorf("%s: the form's title or label is too long", language)
		}
	}
}
