// Package prompts goes from a question and the passages that bear on it to an
// answer of which every sentence is borne out by the exact words of a source.
package prompts

import (
	"context"
	"time"

	"footnote/retrieval"
)

// A Question is what a person asked.
type Question struct {
	Text         string
	Since, Until time.Time // by day of publication, both included; zero is open
	AsOf         time.Time // answer as of the end of this day; zero is now
	Outlets      []string  // any of these; none is all
	Sources      int       // how many citations at most; 0 is up to the answerer
	Turns        []Turn    // what was said before, the oldest first
}

// A Turn is a question of a conversation and what it was told.
type Turn struct {
	Question string // as it stands alone, see Trace.Question
	Answer   string // the sentences that were shown; "" after a refusal
}

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

// A Fallback says why quotes serve although a model is set up. The zero value
// is that they do not.
type Fallback string

// Why quotes serve instead of a model's sentences.
const (
	ModelUnavailable Fallback = "model_unavailable" // it is down, slow, or its settings are wrong
	OverBudget       Fallback = "over_budget"       // the tokens of the day are used up
	NothingVerified  Fallback = "nothing_verified"  // no sentence that it wrote stood in the sources and answered
	ModelFoundNone   Fallback = "model_found_none"  // it says that the sources do not answer
)

// An Answer is a verified completion: what can be shown to a person.
type Answer struct {
	ID            string
	Follows       string // the id of the answer that the question follows up; may be empty
	Question      Question
	Verdict       Verdict
	Confidence    float64         // 0 to 1: the estimate that the corpus answers the question
	Sentences     []Sentence      // each with the citations that bear it out; none if NotFound
	Citations     []Citation      // by number; none if NotFound
	Disagreements []Disagreement  // what the citations differ on
	Nearest       []retrieval.Hit // what came nearest, best first
	Missing       []string        // names in the question that no article knows; only if NotFound
	Removed       int             // sentences a model wrote and the sources did not bear out
	Cut           bool            // the model's text broke off; what is shown came before
	Answerer      string          // "extractive", or the model's name
	Fallback      Fallback        // only if Answerer is "extractive"
	Usage         Usage
	Trace         Trace
	Elapsed       time.Duration
}

// A Trace is how an answer came about, for whoever looks into it.
type Trace struct {
	Question    string        // what was searched for: the question as it stands alone
	RewrittenBy string        // who made it so: "rules", a model's name, or "" if it did
	Sources     int           // passages in the model's prompt
	LeftOut     int           // passages that its context had no room for
	Removals    []Removal     // what Removed counts
	Model       time.Duration // until the model had ended
}

// A Removal is a sentence of a model that was not shown.
type Removal struct {
	Sentence string // as the model wrote it: never show it
	Why      Flaw
}

// A Part is what there is to show of an answer so far: a verified sentence and
// the citations that it is the first to bear.
type Part struct {
	Question  string // the trace's, the same in all parts
	Sentence  Sentence
	Citations []Citation
}

// An Answerer answers questions from the articles.
type Answerer interface {
	// Answer answers a question, or says that the articles do not, which is a
	// verdict and not an error. It calls show, unless that is nil, with each
	// part as soon as it is verified; the answer holds them all.
	Answer(ctx context.Context, q Question, show func(Part)) (Answer, error)
}

// A Disagreement is a point on which citations of an answer differ.
type Disagreement struct {
	About string // "number", "date" or "claim"
	Sides []Side // two or more, the oldest first
}

// A Side is what one citation says of the point.
type Side struct {
	Citation int    // its number
	Says     string // the words that differ, a run of the quote
	Newer    bool   // it was published after all other sides
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

func (u Usage) plus(v Usage) Usage {
	return Usage{u.PromptTokens + v.PromptTokens, u.CompletionTokens + v.CompletionTokens}
}
