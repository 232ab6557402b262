package prompts

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"footnote/corpus"
	"footnote/retrieval"
)

// A line of testdata/disagreements has what two quotes differ on, or "no"; the
// day and the words of either; and perhaps what each side says. The lines of
// before.tsv were written before the rules. Those of after.tsv and fresh.tsv
// were written after them, to measure on: when they were new, 25 of 32 and 16 of
// 20 were found, with 3 false alarms of 40 and 2 of 25. Those of exam.tsv were
// written without a look at the rules: 16 of 18, with 2 of 20.
func TestDisagreementsAreFound(t *testing.T) {
	for name, floor := range map[string]struct{ found, alarms int }{
		"before": {31, 1}, "after": {26, 0}, "fresh": {16, 1}, "exam": {17, 0},
	} {
		r, found, differ, alarms, agree := newReader(), 0, 0, 0, 0
		for _, cols := range tsv(t, filepath.Join("disagreements", name+".tsv")) {
			got := r.disagreements(inquiry{}, []Citation{
				quoted(1, "one", cols[1], cols[2]), quoted(2, "two", cols[3], cols[4]),
			})
			right := len(got) > 0 && got[0].About == cols[0]
			for i := range min(2, max(0, len(cols)-5)) {
				right = right && strings.HasPrefix(got[0].Sides[i].Says, cols[5+i])
			}
			if cols[0] == "no" {
				agree++
				right = len(got) == 0
				if !right {
					alarms++
				}
			} else {
				differ++
				if right {
					found++
				}
			}
			if !right {
				t.Logf("want %s of\n  %s\n  %s\n  got %+v", cols[0], cols[2], cols[4], got)
			}
		}
		t.Logf("%s: %d of %d found, %d false alarms of %d", name, found, differ, alarms, agree)
		if found < floor.found || alarms > floor.alarms {
			t.Errorf("%s: want at least %d found, at most %d false alarms", name, floor.found, floor.alarms)
		}
	}
}

func quoted(n int, article, on, quote string) Citation {
	published, err := corpus.ParseDate(on)
	if on != "" && err != nil {
		panic(err)
	}
	hit := retrieval.Hit{
		Article: corpus.Article{ID: corpus.ArticleID(article), Published: published},
		Passage: corpus.Passage{Article: corpus.ArticleID(article), Text: quote, End: len(quote)},
	}
	return cite(n, hit, corpus.Span{End: len(quote)})
}

func TestSidesStandOldestFirst(t *testing.T) {
	const early, late = "The storm killed 12 people in Florida.", "The storm killed 40 people in Florida."
	for _, tc := range []struct {
		name         string
		first, other string // days of the citations
		want         []Side
	}{
		{"the newer is named", "2023-05-03", "2023-05-01", []Side{{2, "40 people", false}, {1, "12 people", true}}},
		{"one day has no newer", "2023-05-01", "2023-05-01", []Side{{1, "12 people", false}, {2, "40 people", false}}},
		{"an unknown day is not newer", "2023-05-01", "", []Side{{1, "12 people", false}, {2, "40 people", false}}},
	} {
		got := newReader().disagreements(inquiry{}, []Citation{quoted(1, "a", tc.first, early), quoted(2, "b", tc.other, late)})
		if d := cmp.Diff([]Disagreement{{onNumber, tc.want}}, got); d != "" {
			t.Errorf("%s: %s", tc.name, d)
		}
	}
}

func TestThreeSidesAreOneDisagreement(t *testing.T) {
	got := newReader().disagreements(inquiry{}, []Citation{
		quoted(1, "a", "2023-05-01", "The storm killed 12 people in Florida."),
		quoted(2, "b", "2023-05-02", "The storm killed 40 people in Florida."),
		quoted(3, "c", "2023-05-03", "The storm killed 90 people in Florida."),
		quoted(4, "d", "2023-05-03", "The big storm killed 90 people in Florida."), // a copy
	})
	want := []Disagreement{{onNumber, []Side{{1, "12 people", false}, {2, "40 people", false}, {3, "90 people", true}}}}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
}

// News prints apostrophes, dashes and sums in ways of its own.
func TestDisagreementsAreFoundInPrint(t *testing.T) {
	for _, tc := range []struct{ about, one, other, says string }{
		{onClaim, "South Korea didn’t send artillery shells to Ukraine.", "South Korea sent artillery shells to Ukraine.", "South Korea didn’t send artillery shells to Ukraine."},
		{onNumber, "Norway will pay £2.4bn for the fighter jets.", "Norway will pay £2.9bn for the fighter jets.", "£2.4bn"},
		{onNumber, "The cyclone killed 90–95  people in Malawi.", "The cyclone killed 499 people in Malawi.", "90–95  people"},
	} {
		got := newReader().disagreements(inquiry{}, []Citation{quoted(1, "a", "2023-05-01", tc.one), quoted(2, "b", "2023-05-02", tc.other)})
		if len(got) != 1 || got[0].About != tc.about || got[0].Sides[0].Says != tc.says {
			t.Errorf("%s\n  %s\n  got %+v", tc.one, tc.other, got)
		}
	}
	one, other := "Norway will pay £2.4bn for the jets.", "Norway is to pay £2.4 billion for the jets."
	if got := newReader().disagreements(inquiry{}, []Citation{quoted(1, "a", "2023-05-01", one), quoted(2, "b", "2023-05-02", other)}); len(got) > 0 {
		t.Errorf("%+v", got)
	}
}

func TestWhoDidItDiffersIfThatIsAsked(t *testing.T) {
	for _, tc := range []struct {
		kind kind
		a, b string
		want bool
	}{
		{who, "Pavel Orlin won the election in Hungary, the commission said.", "Mira Dovan won the election in Hungary, the court said.", true},
		{who, "The mural in Fenwick was painted by Jon Carrow, the gallery said.", "The mural in Fenwick was painted by Leila Amani.", true},
		{open, "Pavel Orlin won the election in Hungary, the commission said.", "Mira Dovan won the election in Hungary, the court said.", false},
		{who, "Pavel Orlin won the election in Hungary.", "Mira Dovan won the election in Poland.", false},
		{who, "Pavel Orlin won the election in Hungary in 2018.", "Mira Dovan won the election in Hungary in 2022.", false},
		{who, "Pavel Orlin won the election in Hungary.", "Orlin won the election in Hungary.", false},
		{who, "Pavel Orlin won the election in Hungary.", "Mira Dovan did not win the election in Hungary.", false},
		{who, "Katalin Karikó won the Nobel Prize in medicine.", "Drew Weissman won the Nobel Prize in medicine.", false},
		{who, "Jon Carrow won the third stage.", "Max Amani won the third stage.", false},
		{who, "Jon Carrow painted a mural in Fenwick.", "Leila Amani painted a mural in Fenwick.", false},
		{who, "Jon Carrow wrote the first book.", "Leila Amani wrote the second book.", false},
	} {
		got := newReader().disagreements(inquiry{kind: tc.kind}, []Citation{quoted(1, "a", "2024-05-01", tc.a), quoted(2, "b", "2024-05-08", tc.b)})
		if (len(got) == 1 && got[0].About == onClaim) != tc.want {
			t.Errorf("%q, %q: %+v", tc.a, tc.b, got)
		}
	}
}

func TestAnArticleDoesNotDisagreeWithItself(t *testing.T) {
	got := newReader().disagreements(inquiry{}, []Citation{
		quoted(1, "a", "2023-05-01", "The storm killed 12 people in Florida."),
		quoted(2, "a", "2023-05-01", "The storm killed 40 people in Florida."),
	})
	if len(got) > 0 {
		t.Errorf("%+v", got)
	}
}

func TestTheQuestionSaysWhichDisagreementComesFirst(t *testing.T) {
	citations := []Citation{
		quoted(1, "a", "2023-05-01", "The storm killed 12 people in Florida."),
		quoted(2, "b", "2023-05-02", "The storm killed 40 people in Florida."),
		quoted(3, "c", "2023-05-03", "The summit in Vilnius will take place on July 11."),
		quoted(4, "d", "2023-05-04", "The summit in Vilnius will take place on July 14."),
	}
	for kind, want := range map[kind]string{when: onDate, howMany: onNumber, open: onNumber} {
		if got := newReader().disagreements(inquiry{kind: kind}, citations); len(got) != 2 || got[0].About != want {
			t.Errorf("%v: %+v", kind, got)
		}
	}
}

func TestTheOtherSideIsFound(t *testing.T) {
	r := newReader()
	asked := r.inquiry("How many people did the storm in Florida kill?", func(string) float64 { return 1 })
	var hits []retrieval.Hit
	var exhibits []exhibit
	for i, text := range []string{
		"The storm killed 12 people in Florida.", "The storm killed 40 people in Florida.",
		"The storm killed 12 people in Florida, too.", "The storm in Florida was called Ida.",
	} {
		h := quoted(i+1, text, "2023-05-01", text).Hit
		h.Why.Coverage = 1
		hits = append(hits, h)
		exhibits = append(exhibits, r.exhibits(asked, i, h)...)
	}
	got := r.otherSides(asked, hits, exhibits, []Citation{cite(1, hits[0], exhibits[0].at)})
	if len(got) != 1 || got[0].hit != 1 {
		t.Errorf("%+v", got)
	}
}

func FuzzDisagreements(f *testing.F) {
	f.Add("The storm killed 12 people in Florida.", "At least 40 people were killed by the storm.")
	f.Add("It opened on Friday.", "It did not open on May 4, 2023, or between 5% and 10%.")
	f.Add("$", "between 1 to")
	r := newReader()
	f.Fuzz(func(t *testing.T, one, other string) {
		if len(one)+len(other) > 3000 {
			t.Skip()
		}
		citations := []Citation{quoted(1, "a", "2023-05-01", one), quoted(2, "b", "2023-05-02", other)}
		for _, d := range r.disagreements(inquiry{}, citations) {
			if len(d.Sides) != 2 || d.Sides[0].Newer || !d.Sides[1].Newer {
				t.Fatalf("%+v", d)
			}
			for i, s := range d.Sides {
				if s.Says == "" || !strings.Contains(citations[i].Quote, s.Says) {
					t.Fatalf("%q does not stand in %q", s.Says, citations[i].Quote)
				}
			}
		}
	})
}
