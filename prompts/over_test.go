package prompts

import (
	"context"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"footnote/retrieval/bert/mini"
)

func TestOverAnswersFromAnotherRetriever(t *testing.T) {
	other := answering(t, ruritania()...).retriever
	quotes, _ := samples(t)
	if a := ask(t, quotes, tanksQuestion); a.Verdict == Answered {
		t.Fatalf("the samples answer: %q", shown(a))
	}
	if a := ask(t, quotes.Over(other), tanksQuestion); a.Verdict != Answered {
		t.Errorf("the other retriever's articles do not answer (%.2f)", a.Confidence)
	}
	g := NewGenerative(quotes, says(claimsJSON(tanksClaim()), Whole, nil), ModelOptions{})
	a, err := g.Over(other).Answer(t.Context(), Question{Text: tanksQuestion}, nil)
	if err != nil || a.Answerer != "scribe" {
		t.Errorf("answered by %q, %v", a.Answerer, err)
	}
}

func TestOverKnowsWhatWasLearnedOfTheModel(t *testing.T) {
	g := NewGenerative(NewExtractive(nil), says("", Whole, nil), ModelOptions{})
	g.Over(nil).shrink(1000)
	if room, _ := g.split(int(g.context.Load())); room > 1000 {
		t.Errorf("room for %d tokens", room)
	}
}

// Run with -race, this says that one answerer and one checker serve all.
func TestManyAskAtOnce(t *testing.T) {
	quotes, _ := samples(t)
	model := NewGenerative(quotes, emitting(func(_ context.Context, _ Request, emit func(string)) (Completion, error) {
		text := claimsJSON(claim{"NASA's DART mission cost $325 million.", "The mission cost $325 million", 1})
		emit(text)
		return Completion{Text: text, Finish: Whole}, nil
	}), ModelOptions{Knows: mini.Knows()})
	checker := NewChecker(quotes.retriever, mini.Knows())
	question := Question{Text: "How much did the DART mission cost?"}
	work := func() (answers [2]Answer, findings []Finding, err error) {
		if answers[0], err = quotes.Answer(t.Context(), question, nil); err != nil {
			return answers, nil, err
		}
		if answers[1], err = model.Over(quotes.retriever).Answer(t.Context(), question, func(Part) {}); err != nil {
			return answers, nil, err
		}
		findings, _, err = checker.Over(quotes.retriever).Check(t.Context(), "NASA's DART mission cost $525 million.", 1)
		return answers, findings, err
	}
	wantAnswers, wantFindings, err := work()
	if err != nil {
		t.Fatal(err)
	}
	same := cmp.Options{cmpopts.IgnoreFields(Answer{}, "ID", "Elapsed"), cmpopts.IgnoreFields(Trace{}, "Model")}
	var all sync.WaitGroup
	for range 16 {
		all.Go(func() {
			answers, findings, err := work()
			if d := cmp.Diff(wantAnswers, answers, same) + cmp.Diff(wantFindings, findings, same); err != nil || d != "" {
				t.Errorf("%v %s", err, d)
			}
		})
	}
	all.Wait()
}
