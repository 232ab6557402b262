package main

import (
	"fmt"
	"time"

	"footnote/prompts"
	"footnote/retrieval"
)

// A telling writes an answer to a page: its sentences as they are verified, and
// the rest at its end. What stands on the page in the end does not depend on
// how much of it came early.
type telling struct {
	page
	question string    // as it was put
	known    time.Time // the answer is as of the end of this day; zero is now

	told  int                // sentences
	cited []prompts.Citation // by what was told
}

// show writes the next sentence.
func (t *telling) show(p prompts.Part) {
	if t.told == 0 {
		t.begin(p.Question)
	}
	t.sentence(p.Sentence)
	t.cited = append(t.cited, p.Citations...)
	t.told++
}

// finish writes what of a is not on the page yet.
func (t *telling) finish(a prompts.Answer, c retrieval.Coverage) error {
	if t.told == 0 {
		t.begin(a.Trace.Question)
	}
	if a.Verdict == prompts.NotFound {
		return t.notFound(a, c)
	}
	for _, s := range a.Sentences[t.told:] {
		t.sentence(s)
	}
	if a.Cut {
		fmt.Fprintln(t, t.dim(t.wrap("The model's answer was cut off here; what is shown was verified.", 0)))
	}
	t.sources(a.Citations)
	for _, d := range a.Disagreements {
		t.disagreement(d, a.Citations)
	}
	_, err := fmt.Fprintf(t, "\n%s\n", t.dim(fmt.Sprintf("answer %s · %s · exact words: footnote sources", a.ID, answererLine(a))))
	return err
}

// breakOff ends an answer that does not come to its end: what was told keeps
// its sources.
func (t *telling) breakOff() {
	if t.told > 0 {
		t.sources(t.cited)
	}
}

// begin writes what was asked, if that is not how the question was put, and the
// day of the answer, if there is one.
func (t *telling) begin(asked string) {
	if asked = oneLine(asked); asked != "" && asked != t.question {
		fmt.Fprintf(t, "%s\n\n", t.dim(t.wrap("Asked as: "+asked, 0)))
	}
	t.asOf(t.known)
}

// sentence writes a sentence with its markers.
func (p page) sentence(s prompts.Sentence) {
	fmt.Fprintln(p, p.wrap(oneLine(s.Text)+" "+p.dim(markers(s.Citations)), 0))
}

// sources writes which articles the markers stand for.
func (p page) sources(citations []prompts.Citation) {
	fmt.Fprintln(p)
	for _, c := range citations {
		fmt.Fprintln(p, p.wrap(fmt.Sprintf("[%d] %s", c.N, p.source(c.Hit.Article)), 0))
	}
}

// disagreement writes what each side says, by outlet and date.
func (p page) disagreement(d prompts.Disagreement, citations []prompts.Citation) {
	fmt.Fprintf(p, "\nSources differ on a %s:\n", d.About)
	for _, s := range d.Sides {
		a := citations[s.Citation-1].Hit.Article
		side := fmt.Sprintf("%s, %s [%d]", outletOf(a), dayOf(a), s.Citation)
		if s.Newer {
			side += ", newer"
		}
		fmt.Fprintln(p, p.wrap(side+": "+oneLine(s.Says), 2))
	}
}

// answererLine says who wrote an answer, and how much of it was shown.
func answererLine(a prompts.Answer) string {
	if a.Fallback != "" {
		return "quotes only: " + fallbackWord(a.Fallback)
	}
	if a.Answerer == "extractive" {
		return "extractive: quotes only"
	}
	shown := len(a.Sentences)
	line := fmt.Sprintf("%s: %d of %s verified", oneLine(a.Answerer), shown, count(shown+a.Removed, "sentence"))
	if a.Removed > 0 {
		line += fmt.Sprintf(", %d removed", a.Removed)
	}
	return line
}

// fallbackWord is why quotes serve, for whoever asked.
func fallbackWord(f prompts.Fallback) string {
	switch f {
	case prompts.OverBudget:
		return "the day's tokens are used up"
	case prompts.NothingVerified:
		return "nothing that the language model wrote could be verified as an answer"
	case prompts.ModelFoundNone:
		return "the language model found no answer"
	}
	return "the language model is not available"
}
