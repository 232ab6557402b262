package prompts

import (
	"context"
	"errors"
	"time"
)

// A Probe is what came of a trial question to a model.
type Probe struct {
	Verified, Removed int  // sentences
	None              bool // the model says that the source does not answer
	Finish            Finish
	Usage             Usage
	First             time.Duration // until the first verified sentence; 0 if there is none
	Elapsed           time.Duration
}

// Probe has the model answer question from the one passage that bears on it
// most, in the way of Answer but with nothing shown. Its errors are those of the
// completer, of retrieval, ErrContext, and that of a reply that is none.
func (g *Generative) Probe(ctx context.Context, question string) (Probe, error) {
	begun := time.Now()
	f, err := g.quotes.find(ctx, Question{}, question)
	if err != nil {
		return Probe{}, err
	}
	if len(f.hits) == 0 {
		return Probe{}, errors.New("no article bears on the trial question")
	}
	f.hits = f.hits[:1]
	var p Probe
	a := newAnswer(Question{Text: question}, f)
	a.Trace.Question = question
	d := &draft{answer: &a, finding: f, generative: g, show: func(Part) {
		if p.First == 0 {
			p.First = time.Since(begun)
		}
	}}
	finish, err := g.complete(ctx, d)
	p.Verified, p.Removed, p.None = len(a.Sentences)+len(d.held), a.Removed, d.claims.none()
	if err == nil && (finish == Broken || finish == Digressed) {
		err = shortfall(finish)
	}
	p.Finish, p.Usage, p.Elapsed = finish, a.Usage, time.Since(begun)
	return p, err
}
