package prompts

import (
	"context"
	"errors"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"footnote/corpus"
	"footnote/retrieval"
	"footnote/retrieval/bert/mini"
)

// A line of testdata/checks has the verdict on a message of one sentence, words
// of the quote that it rests on, the message, and why. What changes a name or a
// place need not be found, but is never supported. The lines of before.tsv and
// exam.tsv were written before the rules. Those of exam.tsv were not looked at
// until the rules had been tuned to the others: then 16 of its 22 were supported
// and 12 of 26 contradicted; of the other 35 none was contradicted, and one
// supported. Those of fresh.tsv were written last: 8 of 11, 11 of 18, none of 19.
func TestChecks(t *testing.T) {
	c, texts := checking(t)
	for name, floor := range map[string]struct{ supported, contradicted int }{
		"before": {28, 25}, "exam": {16, 13}, "fresh": {8, 11},
	} {
		supported, contradicted := 0, 0
		for _, cols := range tsv(t, filepath.Join("checks", name+".tsv")) {
			f := check(t, c, cols[2])
			checkCitation(t, f, texts)
			switch {
			case f.Verdict == NotCovered:
			case cols[0] == "supported" && f.Verdict == Supported && strings.Contains(f.Citation.Quote, cols[1]):
				supported++
			case f.About == cols[0] && strings.Contains(f.Citation.Quote, cols[1]):
				contradicted++
			default:
				t.Errorf("%s: want %s, got %d %s of %q\n  from %q", name, cols[0], f.Verdict, f.About, cols[2], f.Citation.Quote)
			}
		}
		t.Logf("%s: %d supported, %d contradicted", name, supported, contradicted)
		if supported < floor.supported || contradicted < floor.contradicted {
			t.Errorf("%s: %d supported and %d contradicted, want at least %d and %d", name, supported, contradicted, floor.supported, floor.contradicted)
		}
	}
}

// What models retell rightly is the harder half of the gate's own pairs.
func TestNothingTrueIsContradicted(t *testing.T) {
	c := NewChecker(nil, mini.Knows())
	for _, name := range []string{"tune", "held", "fresh"} {
		for _, p := range pairs(t, name) {
			if !p.good {
				continue
			}
			if f := check(t, c.Over(found(p.sources(t))), p.sentence); f.Verdict == Contradicted {
				t.Errorf("%q is contradicted by %q", p.sentence, f.Citation.Quote)
			}
		}
	}
}

// found are hits that are found for every query.
type found []retrieval.Hit

func (f found) Retrieve(context.Context, retrieval.Query) ([]retrieval.Hit, error) { return f, nil }
func (found) Weight(string) float64                                                { return 1 }

// checking checks against the sample articles and the invented ones of
// testdata/checks; texts are those of all.
func checking(t testing.TB) (*Checker, map[corpus.ArticleID]string) {
	t.Helper()
	articles := sampleArticles(t)
	for item := range corpus.Load(t.Context(), filepath.Join("testdata", "checks", "articles.jsonl"), nil) {
		if item.Err != nil {
			t.Fatal(item.Err)
		}
		articles = append(articles, item.Article)
	}
	return NewChecker(answering(t, articles...).retriever, mini.Knows()), textsOf(articles)
}

// check is the finding on the first statement of a message; zero if it has none.
func check(t testing.TB, c *Checker, message string) Finding {
	t.Helper()
	findings, _, err := c.Check(t.Context(), message, 1)
	if err != nil {
		t.Fatal(err)
	}
	return slices.Concat(findings, []Finding{{}})[0]
}

// checkCitation wants a finding's quote to stand in its article, and what
// differs to stand in the quote.
func checkCitation(t testing.TB, f Finding, texts map[corpus.ArticleID]string) {
	t.Helper()
	c := f.Citation
	if c.Quote != "" && texts[c.Hit.Article.ID][c.QuoteStart:c.QuoteEnd] != c.Quote || f.Verdict != NotCovered && c.Quote == "" {
		t.Errorf("%q does not stand in %s at %d", c.Quote, c.Hit.Article.ID, c.QuoteStart)
	}
	for _, s := range f.Differ {
		if s.Citation != c.N || s.Says == "" || !strings.Contains(c.Quote, s.Says) {
			t.Errorf("%+v differs in %d %q", s, c.N, c.Quote)
		}
	}
	if (f.Verdict == Contradicted) != (len(f.Differ) == 1 && f.About != "") {
		t.Errorf("verdict %d, about %q, differs in %v", f.Verdict, f.About, f.Differ)
	}
}

// rice is what an article says of rice, as hits.
func rice(text string) found {
	return passages(corpus.Article{ID: "rice", Title: "Rice", Outlet: "AFP", Published: day("2024-05-17"), Text: text})
}

func TestWhatDiffersIsNamed(t *testing.T) {
	for _, tc := range []struct{ source, message, about, says string }{
		{"Vietnam sold 40 tonnes of rice to Ghana.", "Vietnam sold 90 tonnes of rice to Ghana.", onNumber, "40 tonnes of rice"},
		{"Lan Pham died on May 3, 2024.", "Lan Pham died on May 4, 2024.", onDate, "May 3, 2024"},
		{"Exports of rice from Ghana fell by 4 percent.", "Exports of rice from Ghana rose by 4 percent.", onClaim, "fell"},
		{"Ghana did not buy rice from Vietnam.", "Ghana bought rice from Vietnam.", onClaim, "Ghana did not buy rice from Vietnam."},
	} {
		f := check(t, NewChecker(rice(tc.source), mini.Knows()), tc.message)
		if f.About != tc.about || len(f.Differ) != 1 || f.Differ[0].Says != tc.says {
			t.Errorf("%q: %+v", tc.message, f)
		}
	}
}

// What a sentence tells of one day, place or part says nothing of another.
func TestWhatMayBothBeTrueIsNoContradiction(t *testing.T) {
	for _, tc := range []struct{ source, message string }{
		{"Vietnam sold 40 tonnes of rice to Ghana on Friday.", "Vietnam sold 90 tonnes of rice to Ghana."},
		{"Vietnam sold 40 tonnes of rice to Ghana.", "Vietnam sold 90 tonnes of rice."},
		{"Vietnam sold at least 40 tonnes of rice to Ghana.", "Vietnam sold 90 tonnes of rice to Ghana."},
		{"Vietnam sold 40 tonnes of rice to Ghana.", "The country sold 90 tonnes of rice."},
		{"Vietnam won 40 percent in the first round.", "Vietnam won 60 percent in the round."},
		{"Vietnam sold rice to Ghana on May 3, 2024.", "Vietnam sold rice to Ghana on June 20, 2023."},
		{"Vietnam may sell 40 tonnes of rice to Ghana.", "Vietnam may sell 90 tonnes of rice to Ghana."},
		{"Ghana did not buy broken rice from Vietnam.", "Ghana bought rice from Vietnam."},
		{"Ghana did not buy rice from Vietnam and Laos.", "Ghana bought rice from Vietnam."},
	} {
		if f := check(t, NewChecker(rice(tc.source), mini.Knows()), tc.message); f.Verdict == Contradicted {
			t.Errorf("%q is contradicted by %q", tc.message, tc.source)
		}
	}
}

func TestOneArticleThatSupportsIsEnough(t *testing.T) {
	other := rice("Vietnam sold 40 tonnes of rice to Ghana.")
	other[0].Article.ID = "other"
	c := NewChecker(slices.Concat(rice("Vietnam sold 90 tonnes of rice to Ghana."), other), mini.Knows())
	if f := check(t, c, "Vietnam sold 40 tonnes of rice to Ghana."); f.Verdict != Supported || f.Citation.Hit.Article.ID != "other" {
		t.Errorf("%+v", f)
	}
}

// A number of those who say it is no number of what they say.
func TestWhoSaysItIsNotWhatDiffers(t *testing.T) {
	c := NewChecker(rice("Vietnam sold rice to Ghana, 3 officials said."), mini.Knows())
	if f := check(t, c, "Vietnam sold 90 tonnes of rice to Ghana in 5 ships."); f.Verdict != NotCovered {
		t.Errorf("%+v", f)
	}
}

func TestAPronounStandsForTheOnlyNameBefore(t *testing.T) {
	c := NewChecker(rice("Minister Lan Pham bought 40 tonnes of rice. Ana Silva bought 90 tonnes of rice."), mini.Knows())
	for _, tc := range []struct {
		message string
		want    CheckVerdict
	}{
		{"Lan Pham spoke to farmers. She bought 40 tonnes of rice.", Supported},
		{"Lan Pham spoke to farmers. She bought 90 tonnes of rice.", Contradicted},
		{"Lan Pham met Ana Silva. She bought 40 tonnes of rice.", NotCovered},
		{"She bought 40 tonnes of rice.", NotCovered},
		{"They bought 40 tonnes of rice.", NotCovered},
		{"Joe Brown likes farmers. 40 tonnes of rice were bought.", NotCovered},
	} {
		findings, _, err := c.Check(t.Context(), tc.message, 5)
		if err != nil || len(findings) == 0 || findings[len(findings)-1].Verdict != tc.want {
			t.Errorf("%q: %+v, %v", tc.message, findings, err)
		}
	}
}

func TestFindingsAreCountedAndNumbered(t *testing.T) {
	c := NewChecker(rice("Vietnam sold 40 tonnes of rice to Ghana. Lan Pham denied that the rice was bad."), mini.Knows())
	const message = "Hello! Vietnam sold 40 tonnes of rice to Ghana. Lan Pham denied that the rice was bad. " +
		"Is that so? Vietnam sold 90 tonnes of rice to Ghana. Zyzzyva quokka blorped a frobnitz. Lan Pham spoke to Ghana."
	findings, left, err := c.Check(t.Context(), message, 4)
	if err != nil || left != 1 {
		t.Fatalf("%d left, %v", left, err)
	}
	type line struct {
		Verdict CheckVerdict
		N       int
	}
	var got []line
	for _, f := range findings {
		got = append(got, line{f.Verdict, f.Citation.N})
	}
	if d := cmp.Diff([]line{{Supported, 1}, {Supported, 2}, {Contradicted, 1}, {NotCovered, 0}}, got); d != "" {
		t.Error(d)
	}
}

func TestASearchThatFailsIsAnError(t *testing.T) {
	broken := errors.New("broken")
	if _, _, err := NewChecker(failing{broken}, nil).Check(t.Context(), "Vietnam sold 40 tonnes of rice.", 1); !errors.Is(err, broken) {
		t.Error(err)
	}
}

type failing struct{ err error }

func (f failing) Retrieve(context.Context, retrieval.Query) ([]retrieval.Hit, error) {
	return nil, f.err
}
func (failing) Weight(string) float64 { return 1 }

func FuzzCheck(f *testing.F) {
	f.Add("**Vietnam** sold ~~90~~ 40 tonnes <@1> of [rice](https://a.example) to Ghana on <t:1715904000:D>. He did not.\n> It `fell`")
	f.Add("```\nx\n``` She 5-\u0301\u0301\u0301 \\* || ||")
	const text = "Vietnam sold 40 tonnes of rice to Ghana on Friday. Lan Pham denied that it was bad. Exports fell by 4 percent in May 2023."
	c := NewChecker(rice(text), mini.Knows())
	f.Fuzz(func(t *testing.T, message string) {
		if len(message) > 4000 {
			t.Skip()
		}
		findings, left, err := c.Check(t.Context(), message, 3)
		if err != nil || left < 0 || len(findings) > 3 {
			t.Fatalf("%d findings, %d left, %v", len(findings), left, err)
		}
		for _, x := range findings {
			checkCitation(t, x, map[corpus.ArticleID]string{"rice": text})
		}
	})
}

func TestWhatIsSaidTwiceIsCheckedOnce(t *testing.T) {
	const claim = "South Korea sends no lethal aid to Ukraine. "
	c := NewChecker(rice(claim), mini.Knows())
	findings, left, err := c.Check(t.Context(), strings.Repeat(claim, 9), 8)
	if err != nil || len(findings) != 1 || left != 0 {
		t.Errorf("%d findings, %d left, %v", len(findings), left, err)
	}
}
