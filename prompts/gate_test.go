package prompts

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"footnote/corpus"
	"footnote/corpus/sample"
	"footnote/retrieval"
	"footnote/retrieval/bert/mini"
)

// passages are the passages of an article as hits.
func passages(a corpus.Article) []retrieval.Hit {
	var out []retrieval.Hit
	head := a
	head.Text = ""
	for _, p := range (corpus.Chunker{}).Chunk(a) {
		out = append(out, retrieval.Hit{Passage: p, Article: head})
	}
	return out
}

// sampled are the passages of the sample articles.
func sampled(t testing.TB) []retrieval.Hit {
	t.Helper()
	articles, err := sample.Articles()
	if err != nil {
		t.Fatal(err)
	}
	var out []retrieval.Hit
	for _, a := range articles {
		out = append(out, passages(a)...)
	}
	return out
}

// A pair is a sentence and what it cites, and whether that bears it out.
type pair struct {
	good                         bool
	source, quote, sentence, why string
}

func pairs(t testing.TB, name string) []pair {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("testdata", "claims", name+".tsv"))
	if err != nil {
		t.Fatal(err)
	}
	var out []pair
	for line := range strings.Lines(string(data)) {
		f := strings.Split(strings.TrimSpace(line), "\t")
		if len(f) != 5 {
			t.Fatalf("%s: %q has %d fields, want 5", name, line, len(f))
		}
		out = append(out, pair{f[0] == "good", f[1], f[2], f[3], f[4]})
	}
	return out
}

// sources are the passages that a pair is held against.
func (p pair) sources(t testing.TB) []retrieval.Hit {
	t.Helper()
	if p.source == "own" {
		return passages(corpus.Article{ID: "own", Title: "Report", Outlet: "Reuters", Published: time.Date(2024, 5, 17, 0, 0, 0, 0, time.UTC), Text: p.quote})
	}
	if day, text, _ := strings.Cut(p.source, " "); text != "" {
		published, err := time.Parse(time.DateOnly, day)
		if err != nil {
			t.Fatal(err)
		}
		return passages(corpus.Article{ID: "own", Title: "Report", Outlet: "Reuters", Published: published, Text: text})
	}
	if p.source == "seeds" {
		return seeded(t)
	}
	var out []retrieval.Hit
	for _, h := range sampled(t) {
		if strings.HasPrefix(string(h.Article.ID), p.source) {
			out = append(out, h)
		}
	}
	return out
}

// seeded are the passages of the seed articles; none if they are not beside the
// project.
func seeded(t testing.TB) []retrieval.Hit {
	t.Helper()
	var out []retrieval.Hit
	for item := range corpus.Load(t.Context(), filepath.Join(shared, "seeds"), nil) {
		if item.Err != nil {
			return nil
		}
		out = append(out, passages(item.Article)...)
	}
	return out
}

// Pairs of a sentence and what it cites, as models retell and as they mislead.
// The rules were made with "tune" in sight; "held" was written last and changed
// them once. "fresh" was written by one who had not seen the rules, in three
// parts, each before the rules were changed for the one before: then .70 of its
// good ones passed, and .83 of its bad ones were stopped. The floors are a
// little below what was reached.
func TestGoodPassesAndBadDoesNot(t *testing.T) {
	r, knows := newReader(), mini.Knows()
	for name, floor := range map[string]struct{ passed, stopped float64 }{
		"tune":  {.89, .97},
		"held":  {.85, .95},
		"fresh": {.78, .97},
	} {
		t.Run(name, func(t *testing.T) {
			var good, passed, bad, stopped float64
			for _, p := range pairs(t, name) {
				sources := p.sources(t)
				if len(sources) == 0 {
					continue
				}
				_, flaw := newGate(r, inquiry{}, sources, knows).check(claim{p.sentence, p.quote, 1})
				if p.good {
					good++
				} else {
					bad++
				}
				switch {
				case p.good && flaw == "":
					passed++
				case !p.good && flaw != "":
					stopped++
				default:
					t.Logf("good %v, flaw %q: %s\n\t%s (%s)", p.good, flaw, p.sentence, p.quote, p.why)
				}
			}
			t.Logf("%s: %.0f of %.0f good ones pass, %.0f of %.0f bad ones are stopped", name, passed, good, stopped, bad)
			if passed < floor.passed*good || stopped < floor.stopped*bad {
				t.Errorf("%.2f of the good ones pass, and %.2f of the bad ones are stopped, want at least %.2f and %.2f",
					passed/good, stopped/bad, floor.passed, floor.stopped)
			}
		})
	}
}

// Each flaw by the simplest claim that has it, of a passage that says little.
func TestFlaws(t *testing.T) {
	article := corpus.Article{ID: "a", Title: "Rice", Outlet: "AFP", Published: time.Date(2024, 5, 17, 0, 0, 0, 0, time.UTC), Text: "Vietnam sold 40 tonnes of rice to Ghana on Friday. " +
		"Minister Lan Pham denied that the rice was bad. Ghana may buy more rice. The ship sails. The ship docks. The ship leaves. The price of rice rose."}
	const quote = "Vietnam sold 40 tonnes of rice to Ghana on Friday"
	g := newGate(newReader(), inquiry{kind: howMany}, passages(article), mini.Knows())
	g.forbid(secret)
	for _, test := range []struct {
		claim
		want Flaw
	}{
		{claim{"Vietnam sold 40 tonnes of rice to Ghana.", quote, 1}, ""},
		{claim{"Vietnam sold 40 tonnes of rice to Ghana.", quote, 9}, ""},
		{claim{"Vietnam sold 40 tonnes of rice to Ghana.", "", 1}, ""},
		{claim{"Vietnam sold rice on May 17, 2024.", quote, 1}, ""},
		{claim{"40 tonnes", "40 tonnes", 1}, ""},
		{claim{"Rice was sold by Vietnam.", "40", 1}, ""},
		{claim{"@here Vietnam sold 40 tonnes of rice.", quote, 1}, FlawNotPlain},
		{claim{"Vietnam sold 40 tonnes of rice via rice.example.", quote, 1}, FlawNotPlain},
		{claim{"Vietnam sold.", quote, 1}, FlawLength},
		{claim{"Copy each quote word for word.", quote, 1}, FlawInstructions},
		{claim{"Vietnam sold 40 tonnes of zzgrice.", quote, 1}, FlawStrange},
		{claim{"Vietnam sold 40 tonnes of rice.", "", 0}, FlawNoSource},
		{claim{"Vietnam sold 40 tonnes of rice.", "", 2}, FlawNoSource},
		{claim{"Vietnam sold 40 tonnes of rice.", "rice to", 1}, FlawShortQuote},
		{claim{"Vietnam sold 40 tonnes of rice.", "40", 2}, FlawShortQuote},
		{claim{"The ship sails and leaves.", "more rice. The ship sails. The ship docks. The ship leaves", 1}, FlawLongQuote},
		{claim{"Vietnam sold 40 tonnes of rice.", "Vietnam sold 40 tonnes of wheat", 1}, FlawQuote},
		{claim{"Pham said \"the rice was good\".", "Minister Lan Pham denied that", 1}, FlawQuote},
		{claim{"Vietnam sold 50 tonnes of rice.", quote, 1}, FlawNumber},
		{claim{"Vietnam sold rice on May 16.", quote, 1}, FlawDate},
		{claim{"Vietnam sold 40 tonnes of rice to Kenya.", quote, 1}, FlawName},
		{claim{"Ghana sold 40 tonnes of rice to Vietnam.", quote, 1}, FlawRole},
		{claim{"The rice was bad, Lan Pham said.", "Minister Lan Pham denied that", 1}, FlawNegation},
		{claim{"Ghana bought more rice.", "Ghana may buy more rice", 1}, FlawHedge},
		{claim{"The price of rice fell.", "The price of rice rose", 1}, FlawOpposite},
		{claim{"The ship carries gold.", "The price of rice rose", 1}, FlawUnsupported},
	} {
		if _, flaw := g.check(test.claim); flaw != test.want {
			t.Errorf("%+v has the flaw %q, want %q", test.claim, flaw, test.want)
		}
	}
}

func TestAFigureStaysWithWhoHasItInTheQuote(t *testing.T) {
	const quote = "Ukraine was burning up to 7,000 rounds a day, while Russia fired up to 20,000 rounds a day"
	article := corpus.Article{ID: "a", Text: "Last week, a defense official told reporters that " + quote + "."}
	g := newGate(newReader(), inquiry{kind: howMany}, passages(article), mini.Knows())
	for sentence, want := range map[string]Flaw{
		"Russia fired up to 20,000 rounds a day.":                                        "",
		"Russia fired up to 20,000 rounds a day, while Ukraine was burning up to 7,000.": "",
		"Ukraine was burning up to 7,000 rounds a day.":                                  "",
		"Russia fired up to 7,000 rounds a day.":                                         FlawRole,
		"Russia was burning up to 7,000 rounds a day.":                                   FlawRole,
	} {
		if _, flaw := g.check(claim{sentence, quote, 1}); flaw != want {
			t.Errorf("%q has the flaw %q, want %q", sentence, flaw, want)
		}
	}
}
