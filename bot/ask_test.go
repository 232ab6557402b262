package bot

import (
	"context"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	_ "modernc.org/sqlite"

	"footnote/corpus"
	"footnote/corpus/sample"
	"footnote/prompts"
	"footnote/retrieval"
)

const (
	shellsQuestion = "Who buys artillery shells from South Korea?"
	winnerQuestion = "Who won the World Cup final in 2022?"
)

// samplesBut is a library of the sample articles without those whose ids hold
// one of the words.
func samplesBut(t *testing.T, words ...string) *retrieval.Memory {
	t.Helper()
	articles, err := sample.Articles()
	if err != nil {
		t.Fatal(err)
	}
	return retrieval.NewMemory(slices.DeleteFunc(articles, func(a corpus.Article) bool {
		return slices.ContainsFunc(words, func(w string) bool { return strings.Contains(string(a.ID), w) })
	}), corpus.Chunker{})
}

// corpusOf answers from a library, in quotes.
func corpusOf(t *testing.T, library retrieval.Library) Corpus {
	t.Helper()
	searcher, err := retrieval.NewSearcher(t.Context(), library, retrieval.SearcherOptions{})
	if err != nil {
		t.Fatal(err)
	}
	return quoting(searcher.In(""))
}

// allSamples answers from all sample articles; indexed once for all tests.
var allSamples = sync.OnceValue(func() Corpus {
	articles, err := sample.Articles()
	if err != nil {
		panic(err)
	}
	searcher, err := retrieval.NewSearcher(context.Background(), retrieval.NewMemory(articles, corpus.Chunker{}), retrieval.SearcherOptions{})
	if err != nil {
		panic(err)
	}
	return quoting(searcher.In(""))
})

func quoting(scope *retrieval.Scope) Corpus {
	quotes := prompts.NewExtractive(scope)
	return Corpus{Answerer: quotes, Quotes: quotes, Scope: scope}
}

// answerBot answers from the sample articles, with a store and a state of its
// own. It is noon of 2 May 2024.
func answerBot(t *testing.T) *Bot {
	t.Helper()
	store, err := retrieval.OpenStore(t.Context(), t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { store.Close() })
	library := samplesBut(t)
	known := allSamples()
	b, err := New(t.Context(), Options{
		Corpus: func(string) Corpus { return known }, Store: store, Library: library, Samples: func() bool { return true },
		State: openTestState(t, t.TempDir()), Workers: 1, Unlimited: true, Log: slog.New(slog.DiscardHandler),
		Now: func() time.Time { return time.Date(2024, 5, 2, 12, 0, 0, 0, time.UTC) },
	})
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// Where and by whom things are asked.
var (
	ann, bob = Person{ID: "ann"}, Person{ID: "bob"}
	town     = Place{Guild: "town", Channel: "square"}
	alley    = Place{Guild: "town", Channel: "alley", Parent: "square"}
	home     = Place{Channel: "ann-and-bot", Direct: true}
)

// done is what comes of a request that the gate admits.
func done(t *testing.T, b *Bot, r Request) Reply {
	t.Helper()
	c := b.callOf(r)
	task, no := b.admit(t.Context(), c)
	if no != nil {
		return notice(no.text)
	}
	if task.instant != nil {
		if reply, ok := task.instant(b, c); ok {
			return reply
		}
	}
	reply, err := task.run(t.Context(), b, c)
	if err != nil {
		t.Fatal(err)
	}
	return reply
}

// asked is the reply to a question, which was then shown in a message of the
// answer's id.
func asked(t *testing.T, b *Bot, who Person, where Place, options map[string]string) Reply {
	t.Helper()
	r := Request{Kind: Slash, Name: "ask", Options: options, Person: who, Place: where}
	reply := done(t, b, r)
	if options["private"] != "true" {
		b.shown(t.Context(), where, reply.Answer, time.Now(), Posted{Channel: where.Channel, Messages: []string{reply.Answer}})
	}
	return reply
}

func pressed(t *testing.T, b *Bot, who Person, where Place, name, answer, arg string) Reply {
	t.Helper()
	return done(t, b, Request{Kind: Pressed, Action: action{name, answer, arg}.id(), Person: who, Place: where})
}

func TestAskQuotesTheSamples(t *testing.T) {
	b := answerBot(t)
	r := asked(t, b, ann, town, map[string]string{"question": shellsQuestion})
	want := `(Question: ` + shellsQuestion + `)
The United States will buy 100,000 artillery shells from South Korean manufacturers and pass them on to Ukraine, a U.S. official said on Thursday, Nov. 10, 2022. [1]

The ministry was answering reports that the United States would buy 100,000 South Korean artillery shells for use in the war. [2]

Army Lt. Col. Marty Meiners, a Pentagon spokesman, said the U.S. government was discussing a purchase from South Korea's private defense industry. [3]

[1][3] *AP*, 2022-11-11 · U.S. to buy 100,000 South Korean artillery shells for Ukraine
[2] *Al Jazeera*, 2022-11-11 · Seoul says its policy on lethal aid to Ukraine is unchanged
(2 independent sources · quotes only · answer ` + r.Answer + `)
(From the sample articles, as no others are here yet.)
[Sources (3)][Ask a follow-up][👍 Helpful][👎 Not helpful]
[Retry][Delete]`
	if got := drawn(r); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

func TestAskRefusesWhatTheArticlesDoNotAnswer(t *testing.T) {
	r := asked(t, answerBot(t), ann, town, map[string]string{"question": "Who is the mayor of Atlantis?"})
	got := drawn(r)
	for _, want := range []string{
		"The articles do not answer this. No article names Atlantis.\n", "(10 articles, 2022-10-11 to 2024-03-13 · answer " + r.Answer + ")",
		"\n[Tell me when an article answers this][Ask a follow-up][👍 Helpful][👎 Not helpful]\n[Retry][Delete]",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("not %q in\n%s", want, got)
		}
	}
}

func TestAMessageAsksTheSame(t *testing.T) {
	r := done(t, answerBot(t), Request{Kind: Said, Text: " " + shellsQuestion + "\n", Person: ann, Place: home})
	if !strings.HasPrefix(drawn(r), "The United States will buy 100,000") {
		t.Error(drawn(r))
	}
}

func TestSentencesAreShownAsTheyCome(t *testing.T) {
	b := answerBot(t)
	c := b.callOf(Request{Kind: Said, Text: shellsQuestion, Person: ann, Place: home})
	var drafts []string
	c.show = func(r Reply) { drafts = append(drafts, drawn(r)) }
	if _, err := runAsk(t.Context(), b, c); err != nil {
		t.Fatal(err)
	}
	if len(drafts) != 3 || !strings.HasSuffix(drafts[0], "Nov. 10, 2022. [1]\n(…)") || !strings.HasPrefix(drafts[2], strings.TrimSuffix(drafts[0], "\n(…)")) {
		t.Errorf("%q", drafts)
	}
}

func TestWhatCannotBeAskedIsSaidToThePersonAlone(t *testing.T) {
	b := answerBot(t)
	tests := []struct {
		name    string
		options map[string]string
		want    string
	}{
		{"nothing", map[string]string{"question": "\u202e\u200d \x1b"}, "There is nothing to read in that."},
		{"a date that is none", map[string]string{"question": "x", "since": "next\nSpring"}, "“next Spring” is not a date"},
		{"no day between", map[string]string{"question": "x", "since": "2023", "as_of": "2022"}, "These dates leave no day"},
		{"an outlet that is none", map[string]string{"question": "x", "outlet": "AP, Daily Planet"}, "No article here is from “Daily Planet”"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r := asked(t, b, ann, town, tt.options)
			if !r.Private || r.Answer != "" || !strings.HasPrefix(drawn(r), tt.want) {
				t.Errorf("private %v: %s", r.Private, drawn(r))
			}
		})
	}
}

func TestWhatIsAskedOf(t *testing.T) {
	b := answerBot(t)
	c := b.callOf(Request{Place: town, Locale: "de", Options: map[string]string{
		"question": "what\nnow", "since": "2022-11", "until": "2022-11", "as_of": "3d", "outlet": "ap, nasa,", "private": "true",
	}})
	got, err := c.ask(b.options.Now())
	if err != nil || got.Text != "what now" || !got.Since.Equal(day("2022-11-01")) || !got.Until.Equal(day("2022-11-30")) ||
		!got.AsOf.Equal(day("2024-04-29")) || strings.Join(got.Outlets, "|") != "ap|nasa" || !got.Private || got.Language != German {
		t.Errorf("%+v, %v", got, err)
	}
}

func TestTheServersOutletsServeWhereNoneIsNamed(t *testing.T) {
	b := answerBot(t)
	for named, want := range map[string]string{"": "WHO", "NASA": "NASA"} {
		c := b.callOf(Request{Place: town, Options: map[string]string{"question": "x", "outlet": named}})
		c.settings.Outlets = []string{"WHO"}
		if got, err := c.ask(b.options.Now()); err != nil || strings.Join(got.Outlets, "|") != want {
			t.Errorf("%q: %v, %v; want %s", named, got.Outlets, err, want)
		}
	}
}

func TestOutletsAreCompleted(t *testing.T) {
	known := []string{"AP", "Al Jazeera", "Naples Times", strings.Repeat("a", 101)}
	tests := []struct{ typed, want string }{
		{"", "AP|Al Jazeera|Naples Times"},
		{"aP", "AP|Naples Times"},
		{"AP,al j", "AP, Al Jazeera"},
		{"zz", ""},
	}
	for _, tt := range tests {
		var got []string
		for _, c := range outletChoices(known, tt.typed) {
			got = append(got, c.Value)
		}
		if strings.Join(got, "|") != tt.want {
			t.Errorf("%q: %q, want %q", tt.typed, got, tt.want)
		}
	}
	if n := len(outletChoices(slices.Repeat([]string{"AP"}, 99), "a")); n != maxChoices {
		t.Errorf("%d choices", n)
	}
}

func TestUndatedArticlesThatAreLeftOutAreSaid(t *testing.T) {
	b := answerBot(t)
	library := retrieval.NewMemory([]corpus.Article{{ID: "a", Title: "Undated", Text: "It rains in Naples."}}, corpus.Chunker{})
	known := corpusOf(t, library)
	b.options.Corpus = func(string) Corpus { return known }
	const note = "(Left out: 1 article without a date.)"
	for since, want := range map[string]bool{"": false, "2022": true} {
		r := asked(t, b, ann, town, map[string]string{"question": "Where does it rain?", "since": since})
		if got := strings.Contains(drawn(r), note); got != want {
			t.Errorf("since %q: %s", since, drawn(r))
		}
	}
}

func TestAnAnswerThatCannotBeKeptIsShownWithoutButtons(t *testing.T) {
	b := answerBot(t)
	if err := b.options.Store.Close(); err != nil {
		t.Fatal(err)
	}
	r := done(t, b, Request{Kind: Slash, Name: "ask", Options: map[string]string{"question": shellsQuestion}, Person: ann, Place: town})
	if r.Rows != nil || !strings.Contains(drawn(r), "\nThe United States will buy") || !strings.Contains(drawn(r), "could not be kept") {
		t.Errorf("%s", drawn(r))
	}
}
