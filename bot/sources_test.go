package bot

import (
	"strings"
	"testing"

	"footnote/corpus"
	"footnote/retrieval"
)

func TestSourcesAreShownOneAPage(t *testing.T) {
	b := answerBot(t)
	answer := asked(t, b, ann, town, map[string]string{"question": shellsQuestion}).Answer
	first := `# 1/3 · *AP*, 2022-11-11 · U.S. to buy 100,000 South Korean artillery shells for Ukraine
> *The United States will buy 100,000 artillery shells from South Korean manufacturers and pass them on to Ukraine, a U.S. official said on Thursday, Nov. 10, 2022.* Other U.S. defense officials confirmed the outline of the deal, on which Washington and Seoul had worked for some time.
(Question: ` + shellsQuestion + `)
[Previous][Next]`
	opened := pressed(t, b, bob, town, "sources", answer, "")
	if got := drawn(opened); got != first {
		t.Errorf("got\n%s\nwant\n%s", got, first)
	}
	if back, on := opened.Rows[0][0], opened.Rows[0][1]; !back.Disabled || on.Disabled || on.ID != (action{"page", answer, "2"}).id() {
		t.Errorf("%+v, %+v", back, on)
	}
	last := pressed(t, b, bob, town, "page", answer, "3")
	if got := drawn(last); !strings.HasPrefix(got, "# 3/3 · *AP*") || !strings.Contains(got, "*Army Lt. Col. Marty Meiners") {
		t.Error(got)
	}
	if back, on := last.Rows[0][0], last.Rows[0][1]; back.Disabled || !on.Disabled {
		t.Errorf("%+v, %+v", back, on)
	}
}

func TestAPageThatThereIsNotIsTheNearest(t *testing.T) {
	b := answerBot(t)
	answer := asked(t, b, ann, town, map[string]string{"question": shellsQuestion}).Answer
	for arg, want := range map[string]string{"": "# 1/3", "0": "# 1/3", "99": "# 3/3", "x": "# 1/3"} {
		if got := drawn(pressed(t, b, ann, town, "page", answer, arg)); !strings.HasPrefix(got, want) {
			t.Errorf("%q: %s", arg, got)
		}
	}
}

func TestWhichAnswersSources(t *testing.T) {
	b := answerBot(t)
	first := asked(t, b, ann, town, map[string]string{"question": shellsQuestion}).Answer
	second := asked(t, b, ann, alley, map[string]string{"question": winnerQuestion}).Answer
	private := asked(t, b, bob, Place{Guild: "town", Channel: "mill"}, map[string]string{"question": winnerQuestion, "private": "true"}).Answer
	tests := []struct {
		name   string
		person Person
		place  Place
		answer string
		want   string
	}{
		{"the last one in the channel", bob, town, "", shellsQuestion},
		{"another one of the server", bob, town, " " + strings.ToUpper(second), winnerQuestion},
		{"the person's own private one", bob, Place{Guild: "town", Channel: "mill"}, "", winnerQuestion},
		{"none of another's private ones", ann, Place{Guild: "town", Channel: "mill"}, "", ""},
		{"nor by its id", ann, town, private, ""},
		{"none of another server", ann, Place{Guild: "village", Channel: "green"}, first, ""},
		{"none that is not", ann, town, "nonsense", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := drawn(done(t, b, Request{Kind: Slash, Name: "sources", Options: map[string]string{"answer": tt.answer}, Person: tt.person, Place: tt.place}))
			if tt.want == "" && !strings.HasPrefix(got, "I know no such answer here.") || !strings.Contains(got, tt.want) {
				t.Error(got)
			}
		})
	}
}

func TestARefusalCitesNothing(t *testing.T) {
	b := answerBot(t)
	asked(t, b, ann, town, map[string]string{"question": "Who is the mayor of Atlantis?"})
	got := drawn(done(t, b, Request{Kind: Slash, Name: "sources", Person: ann, Place: town}))
	if want := "This answer cites nothing, as the articles did not answer.\n(Question: Who is the mayor of Atlantis?)"; got != want {
		t.Error(got)
	}
}

func TestWhatBecameOfACitedArticle(t *testing.T) {
	tests := []struct {
		name   string
		change func(*corpus.Article)
		want   string
	}{
		{"nothing", func(*corpus.Article) {}, ""},
		{"it changed", func(a *corpus.Article) { a.Text += "\n\nCorrected." }, "(The article has changed since.)"},
		{"it went", func(a *corpus.Article) { a.ID = "another" }, "(The article is no longer among the articles here.)"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			b := answerBot(t)
			answer := asked(t, b, ann, town, map[string]string{"question": shellsQuestion}).Answer
			var articles []corpus.Article
			for record := range samplesBut(t).All(t.Context()) {
				if strings.Contains(string(record.ID), "shells") {
					tt.change(&record.Article)
				}
				articles = append(articles, record.Article)
			}
			b.options.Library = retrieval.NewMemory(articles, corpus.Chunker{})
			got := drawn(pressed(t, b, ann, town, "sources", answer, ""))
			if !strings.Contains(got, "*The United States will buy 100,000") || !strings.Contains(got, tt.want) || tt.want == "" && strings.Contains(got, "(The article") {
				t.Error(got)
			}
		})
	}
}
