package prompts

import (
	"context"
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"footnote/corpus"
	"footnote/corpus/sample"
	"footnote/retrieval"
)

// samples answers from the sample articles, whose texts it returns by id.
func samples(t testing.TB) (*Extractive, map[corpus.ArticleID]string) {
	t.Helper()
	articles := sampleArticles(t)
	return answering(t, articles...), textsOf(articles)
}

func sampleArticles(t testing.TB) []corpus.Article {
	t.Helper()
	articles, err := sample.Articles()
	if err != nil {
		t.Fatal(err)
	}
	return articles
}

func textsOf(articles []corpus.Article) map[corpus.ArticleID]string {
	texts := map[corpus.ArticleID]string{}
	for _, a := range articles {
		texts[a.ID] = a.Text
	}
	return texts
}

// checkAnswer holds what every answer promises: each sentence has citations,
// each citation's quote stands in its article to the byte, and the sentence is
// that quote.
func checkAnswer(t testing.TB, a Answer, texts map[corpus.ArticleID]string) {
	t.Helper()
	if a.Confidence < 0 || a.Confidence > 1 {
		t.Fatalf("confidence %v", a.Confidence)
	}
	if (a.Verdict == Answered) != (len(a.Citations) > 0) || len(a.Sentences) != len(a.Citations) {
		t.Fatalf("verdict %v with %d sentences and %d citations", a.Verdict, len(a.Sentences), len(a.Citations))
	}
	checkQuotes(t, a, texts)
	for i, s := range a.Sentences {
		if !slices.Equal(s.Citations, []int{i + 1}) {
			t.Fatalf("sentence %d cites %v", i, s.Citations)
		}
		if oneLine(a.Citations[i].Quote) != s.Text {
			t.Fatalf("%q is not the quote %q", s.Text, a.Citations[i].Quote)
		}
	}
}

// checkQuotes holds what is true of any answer: every sentence cites, and every
// quote stands in its article to the byte.
func checkQuotes(t testing.TB, a Answer, texts map[corpus.ArticleID]string) {
	t.Helper()
	for _, s := range a.Sentences {
		if len(s.Citations) == 0 || s.Citations[0] < 1 || s.Citations[len(s.Citations)-1] > len(a.Citations) {
			t.Fatalf("%q cites %v of %d", s.Text, s.Citations, len(a.Citations))
		}
	}
	for i, c := range a.Citations {
		if text := texts[c.Hit.Article.ID]; c.N != i+1 || text[c.QuoteStart:c.QuoteEnd] != c.Quote {
			t.Fatalf("quote %d, %q, does not stand in %s", c.N, c.Quote, c.Hit.Article.ID)
		}
		if _, err := NewCard(c, texts[c.Hit.Article.ID]); err != nil {
			t.Fatal(err)
		}
	}
}

func FuzzAnswer(f *testing.F) {
	e, texts := samples(f)
	for _, q := range []string{
		"Is South Korea sending lethal aid?", "how many", "who", "When did DART hit Dimorphos?", "US us U.S. the us",
		"\x00\xff", strings.Repeat("why ", 500), "北京?", "\"(“”)\"", "How much did it cost in $ and €?",
	} {
		f.Add(q)
	}
	f.Fuzz(func(t *testing.T, question string) {
		if len(question) > 4000 {
			t.Skip()
		}
		checkAnswer(t, ask(t, e, question), texts)
	})
}

func TestTheSameQuestionGetsTheSameAnswer(t *testing.T) {
	e, _ := samples(t)
	first := ask(t, e, "Is South Korea sending lethal aid?")
	for range 10 {
		again := ask(t, e, "Is South Korea sending lethal aid?")
		again.ID, again.Elapsed = first.ID, first.Elapsed
		if d := cmp.Diff(first, again); d != "" {
			t.Fatal(d)
		}
	}
}

func TestAnAnswerHearsIndependentOutlets(t *testing.T) {
	e, _ := samples(t)
	outlets := map[string]bool{}
	for _, c := range ask(t, e, "Is South Korea sending lethal aid?").Citations {
		outlets[c.Hit.Article.Outlet] = true
	}
	if !outlets["AP"] || !outlets["Al Jazeera"] {
		t.Errorf("heard %v, want both AP and Al Jazeera", outlets)
	}
}

func day(s string) time.Time { d, _ := time.Parse(time.DateOnly, s); return d }

func TestAsOfHidesWhatCameLater(t *testing.T) {
	e := answering(t,
		corpus.Article{ID: "early", Outlet: "AP", Published: day("2022-01-01"), Text: "The ministry of Ruritania bought 10 tanks."},
		corpus.Article{ID: "late", Outlet: "AFP", Published: day("2022-06-01"), Text: "The ministry of Ruritania bought 30 tanks."},
	)
	a, err := e.Answer(context.Background(), Question{Text: "How many tanks did Ruritania buy?", AsOf: day("2022-03-01")}, nil)
	if err != nil {
		t.Fatal(err)
	}
	if got := shown(a); !strings.Contains(got, "10 tanks") || strings.Contains(got, "30 tanks") {
		t.Errorf("got %q", got)
	}
}

func TestARefusalSaysWhomNoArticleNames(t *testing.T) {
	e, _ := samples(t)
	for question, want := range map[string][]string{
		"Is Japan sending lethal aid?":                       {"Japan"},
		"Did Zebulon Quux meet Yoon Suk-yeol in Kazakhstan?": {"Zebulon Quux", "Kazakhstan"},
		"zyzzyva quokka":                                     nil,
	} {
		a := ask(t, e, question)
		if a.Verdict != NotFound || !slices.Equal(a.Missing, want) {
			t.Errorf("%s: got %v %q, want %q", question, a.Verdict, a.Missing, want)
		}
	}
}

func TestAPlaceIsKnownByAnyOfItsNames(t *testing.T) {
	e := answering(t, corpus.Article{ID: "a", Text: "A Japanese ship left the port of Strelsau."})
	if a := ask(t, e, "Is Japan sending lethal aid to New Zealand?"); !slices.Equal(a.Missing, []string{"New Zealand"}) {
		t.Errorf("missing %q", a.Missing)
	}
}

func TestASentenceThatLeansBringsTheOneBefore(t *testing.T) {
	e := answering(t, corpus.Article{ID: "a", Text: "Duke Otto of Ruritania spoke in parliament. He announced a census of all castles."})
	a := ask(t, e, "Who announced a census of castles?")
	if got := shown(a); !strings.Contains(got, "Duke Otto") {
		t.Errorf("got %q", got)
	}
}

func TestADatelineIsNotQuoted(t *testing.T) {
	e := answering(t, corpus.Article{ID: "a", Text: "STRELSAU, Ruritania (AP) The duke of Ruritania opened the bridge."})
	if got := shown(ask(t, e, "Who opened the bridge?")); !strings.HasPrefix(got, "The duke") {
		t.Errorf("got %q", got)
	}
}

func TestAnswersSurviveJSON(t *testing.T) {
	e, _ := samples(t)
	for _, q := range []string{"Is South Korea sending lethal aid?", "zyzzyva quokka"} {
		a := ask(t, e, q)
		a.Elapsed = 1001 * time.Microsecond // 1.001 ms has no exact double
		a.Question.AsOf = time.Date(2022, 11, 11, 0, 0, 0, 0, time.UTC)
		data, err := json.Marshal(a)
		if err != nil {
			t.Fatal(err)
		}
		var back Answer
		if err := json.Unmarshal(data, &back); err != nil {
			t.Fatal(err)
		}
		again, err := json.Marshal(back)
		if err != nil {
			t.Fatal(err)
		}
		if string(again) != string(data) {
			t.Errorf("got  %s\nwant %s", again, data)
		}
	}
}

func TestACardIsCutAtHeadingsAndRefusedWhenTheTextDiffers(t *testing.T) {
	text := "One. Two.\n\n# Head\n\nThree. Four."
	at := func(s string) Citation {
		i := strings.Index(text, s)
		return Citation{N: 1, Hit: retrieval.Hit{}, Quote: s, QuoteStart: i, QuoteEnd: i + len(s)}
	}
	for quote, want := range map[string]Card{
		"Two.":   {Before: "One. ", Quote: "Two."},
		"Three.": {Quote: "Three.", After: " Four."},
		"One.":   {Quote: "One.", After: " Two."},
	} {
		got, err := NewCard(at(quote), text)
		if err != nil || got != want {
			t.Errorf("%s: got %+v, %v, want %+v", quote, got, err, want)
		}
	}
	if _, err := NewCard(at("Two."), "One. TWO."); err == nil {
		t.Error("a quote that does not stand in the text was shown")
	}
}

func TestKindsOfQuestions(t *testing.T) {
	for question, want := range map[string]kind{
		"Is South Korea sending lethal aid?": yesNo,
		"who won":                            who,
		"Which newspaper said so?":           who,
		"How many shells?":                   howMany,
		"How much did it cost?":              howMuch,
		"what does a shell cost":             howMuch,
		"In what year was it?":               when,
		"Where was it?":                      where,
		"Why?":                               why,
		"What did Yoon say?":                 said,
		"What is a prime number?":            open,
		"":                                   open,
	} {
		var words []string
		for _, term := range retrieval.Terms(question) {
			words = append(words, term.Word)
		}
		if got := kindOf(words); got != want {
			t.Errorf("%q: got %d, want %d", question, got, want)
		}
	}
}

func TestPlacesAreOneByAllTheirNames(t *testing.T) {
	r := newReader()
	for text, want := range map[string]string{
		"Seoul said":                    "south korea",
		"South Korean shells":           "south korea",
		"the U.S. Army":                 "united states",
		"They told us so":               "",
		"Washington and Moscow":         "russia united states",
		"turkey for dinner":             "",
		"The United States' government": "united states",
	} {
		var keys []string
		for k := range r.study(text).places {
			keys = append(keys, k)
		}
		slices.Sort(keys)
		if got := strings.Join(keys, " "); got != want {
			t.Errorf("%q: got %q, want %q", text, got, want)
		}
	}
}
