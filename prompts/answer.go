// Package prompts goes from a question and the passages that bear on it to an
// answer of which every sentence is borne out by the exact words of a source.
package prompts

import (
	"time"

	"footnote/retrieval"
)

// A Question is what a person asked.
type Question struct {
	Text         string
	Since, Until time.Time // by day of publication, both included; zero is open
	AsOf         time.Time // answer as of the end of this day; zero is now
	Outlets      []string  // any of these; none is all
	Sources      int       // how many citations at most; 0 is DefaultSources
}

// DefaultSources is how many citations an answer has at most if the question
// does not say.
const DefaultSources = 4

// A Verdict says whether the articles answer a question.
type Verdict int

// The verdicts. The zero value is NotFound, so that an answer nobody filled in
// claims nothing.
const (
	NotFound Verdict = iota
	Answered
)

// String is the verdict as the contract spells it.
func (v Verdict) String() string {
	if v == Answered {
		return "answered"
	}
	return "not_found"
}

// An Answer is a verified completion: what can be shown to a person.
type Answer struct {
	ID         string
	Question   Question
	Verdict    Verdict
	Confidence float64         // 0 to 1: the estimate that the corpus answers the question
	Sentences  []Sentence      // each with the citations that bear it out; none if NotFound
	Citations  []Citation      // by number; none if NotFound
	Nearest    []retrieval.Hit // what came nearest, best first
	Missing    []string        // names in the question that no article knows; only if NotFound
	Removed    int             // sentences a model wrote and the sources did not bear out
	Answerer   string          // "extractive", or the model's name
	Usage      Usage
	Elapsed    time.Duration
}

// A Sentence is one sentence of an answer.
type Sentence struct {
	Text      string
	Citations []int // numbers of the citations, ascending, at least one
}

// A Citation is a verified marker with its quote.
type Citation struct {
	N                    int // counts from 1
	Hit                  retrieval.Hit
	Quote                string // verbatim: article.Text[QuoteStart:QuoteEnd]
	QuoteStart, QuoteEnd int    // bytes into the article's text
}

// Usage counts the tokens that a model took; zero without one.
type Usage struct{ PromptTokens, CompletionTokens int }
