package prompts

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"footnote/corpus"
	"footnote/retrieval"
)

// A scribe is a Completer that writes what it is told to.
type scribe struct {
	write    func(Request) (text string, finish Finish, err error)
	requests []Request
}

func (s *scribe) Model() string { return "scribe" }

func (s *scribe) Complete(_ context.Context, r Request, emit func(string)) (Completion, error) {
	s.requests = append(s.requests, r)
	text, finish, err := s.write(r)
	for _, delta := range strings.SplitAfter(text, " ") {
		emit(delta)
	}
	return Completion{Text: text, Finish: finish, Usage: Usage{10, 5}}, err
}

// says is a scribe that writes text, whatever it is asked.
func says(text string, finish Finish, err error) *scribe {
	return &scribe{write: func(Request) (string, Finish, error) { return text, finish, err }}
}

// claimsJSON are claims as a model writes them.
func claimsJSON(claims ...claim) string {
	type object struct {
		Source   int    `json:"source"`
		Quote    string `json:"quote"`
		Sentence string `json:"sentence"`
	}
	list := []object{}
	for _, c := range claims {
		list = append(list, object{c.source, c.quote, c.sentence})
	}
	out, _ := json.Marshal(map[string]any{"answer": list})
	return string(out)
}

// ruritania are two articles on one subject.
func ruritania() []corpus.Article {
	return []corpus.Article{
		{
			ID: "early", Outlet: "AP", Title: "Ruritania buys tanks", Published: day("2022-01-01"),
			Text: "The ministry of Ruritania bought 10 tanks from Graustark last month. Officials in Strelsau said the tanks will be delivered in spring.",
		},
		{
			ID: "late", Outlet: "AFP", Title: "Ruritania does not buy jets", Published: day("2022-06-01"),
			Text: "Ruritania will not buy fighter jets from Graustark, its defence minister said on Wednesday. The country has enough aircraft, he said.",
		},
	}
}

const tanksQuestion = "How many tanks did Ruritania buy?"

func tanksClaim() claim {
	return claim{"Ruritania bought 10 tanks from Graustark.", "The ministry of Ruritania bought 10 tanks from Graustark", 1}
}

func inventedClaim() claim {
	return claim{"Ruritania bought 900 submarines from Graustark.", "Ruritania bought 900 submarines from Graustark", 1}
}

// generate answers tanksQuestion by s, and is what was shown.
func generate(t *testing.T, s *scribe, q Question, o ModelOptions) (a Answer, parts []Part) {
	t.Helper()
	e := answering(t, ruritania()...)
	a, err := NewGenerative(e, s, o).Answer(t.Context(), q, func(p Part) { parts = append(parts, p) })
	if err != nil {
		t.Fatal(err)
	}
	return a, parts
}

func TestAModelsSentenceIsShownWithItsSource(t *testing.T) {
	a, parts := generate(t, says(claimsJSON(tanksClaim()), Whole, nil), Question{Text: tanksQuestion}, ModelOptions{})
	if a.Verdict != Answered || a.Answerer != "scribe" || a.Cut || a.Removed != 0 || a.Fallback != "" {
		t.Fatalf("got %+v", a)
	}
	if got := a.Sentences[0].Text; got != tanksClaim().sentence {
		t.Errorf("shown %q", got)
	}
	if got := a.Citations[0].Quote; got != "The ministry of Ruritania bought 10 tanks from Graustark last month." {
		t.Errorf("cited %q", got)
	}
	if len(parts) != 1 || cmp.Diff(parts[0].Citations, a.Citations) != "" {
		t.Errorf("parts %+v", parts)
	}
}

func TestWhatTheSourcesDoNotBearOutIsCountedAndNotShown(t *testing.T) {
	a, _ := generate(t, says(claimsJSON(inventedClaim(), tanksClaim(), inventedClaim()), Whole, nil), Question{Text: tanksQuestion}, ModelOptions{})
	if a.Removed != 2 || len(a.Sentences) != 1 || len(a.Trace.Removals) != 2 {
		t.Errorf("removed %d, shown %q", a.Removed, shown(a))
	}
}

func TestSentencesAreShownBeforeTheModelEnds(t *testing.T) {
	before := 0
	parts := 0
	watch := emitting(func(ctx context.Context, r Request, emit func(string)) (Completion, error) {
		text := claimsJSON(tanksClaim())
		emit(strings.TrimSuffix(text, "]}"))
		before = parts
		emit("]}")
		return Completion{Text: text, Finish: Whole}, nil
	})
	g := NewGenerative(answering(t, ruritania()...), watch, ModelOptions{})
	if _, err := g.Answer(t.Context(), Question{Text: tanksQuestion}, func(Part) { parts++ }); err != nil {
		t.Fatal(err)
	}
	if before != 1 {
		t.Errorf("%d parts were shown before the end, want 1", before)
	}
}

// emitting is a Completer that emits by itself.
type emitting func(context.Context, Request, func(string)) (Completion, error)

func (emitting) Model() string { return "emitting" }

func (e emitting) Complete(ctx context.Context, r Request, emit func(string)) (Completion, error) {
	return e(ctx, r, emit)
}

func TestQuotesServeWhereTheModelDoesNot(t *testing.T) {
	down := &retrieval.EndpointError{What: "down", Err: retrieval.ErrUnavailable}
	for name, test := range map[string]struct {
		scribe *scribe
		why    Fallback
	}{
		"it is down":              {says("", Broken, down), ModelUnavailable},
		"its settings are wrong":  {says("", Broken, &retrieval.EndpointError{What: "wrong"}), ModelUnavailable},
		"the budget is spent":     {says("", Broken, fmt.Errorf("asking: %w", retrieval.ErrBudget)), OverBudget},
		"it invents":              {says(claimsJSON(inventedClaim()), Whole, nil), NothingVerified},
		"it writes another thing": {says("Lorem ipsum dolor sit amet [1].", Whole, nil), NothingVerified},
		"it says there is none":   {says(claimsJSON(), Whole, nil), ModelFoundNone},
		"it breaks off at once":   {says(`{"answer":[{"source":1,"quote":"The mini`, Broken, down), ModelUnavailable},
	} {
		t.Run(name, func(t *testing.T) {
			a, parts := generate(t, test.scribe, Question{Text: tanksQuestion}, ModelOptions{})
			if a.Fallback != test.why || a.Answerer != extractive || a.Cut {
				t.Errorf("fallback %q by %s", a.Fallback, a.Answerer)
			}
			if !strings.Contains(shown(a), "10 tanks") || len(parts) != len(a.Sentences) {
				t.Errorf("shown %q in %d parts", shown(a), len(parts))
			}
		})
	}
}

func TestATextThatBreaksOffIsNeverShownAsWhole(t *testing.T) {
	whole := claimsJSON(tanksClaim(), tanksClaim())
	for _, finish := range []Finish{Broken, Full, Withheld, Digressed} {
		a, _ := generate(t, says(whole[:len(whole)-20], finish, nil), Question{Text: tanksQuestion}, ModelOptions{})
		if !a.Cut || len(a.Sentences) != 1 {
			t.Errorf("finish %d: cut %v with %q", finish, a.Cut, shown(a))
		}
	}
}

func TestWhatAilsTheModelIsTold(t *testing.T) {
	down := errors.New("down")
	var told error
	generate(t, says("", Broken, down), Question{Text: tanksQuestion}, ModelOptions{Degraded: func(err error) { told = err }})
	if told != down {
		t.Errorf("told %v", told)
	}
}

func TestNoModelIsAskedWhatNoArticleCanAnswer(t *testing.T) {
	for _, question := range []string{"zyzzyva quokka", "How many tanks did Zubrowka sell to Elbonia?"} {
		s := says(claimsJSON(tanksClaim()), Whole, nil)
		a, parts := generate(t, s, Question{Text: question}, ModelOptions{})
		if a.Verdict != NotFound || len(s.requests) != 0 || len(parts) != 0 {
			t.Errorf("%s: %v after %d requests", question, a.Verdict, len(s.requests))
		}
	}
}

func TestVerifiedSentencesThatDoNotAnswerAreHeldBack(t *testing.T) {
	off := claim{"Officials in Strelsau said the tanks will be delivered in spring.", "the tanks will be delivered in spring", 1}
	a, parts := generate(t, says(claimsJSON(off), Whole, nil), Question{Text: "How much did the tanks of Ruritania cost?"}, ModelOptions{})
	if a.Verdict != NotFound || len(parts) != 0 || a.Removed != 1 || a.Trace.Removals[0].Why != FlawBeside {
		t.Errorf("got %v with %q, %d removed", a.Verdict, shown(a), a.Removed)
	}
}

// A quote may answer what the sentence made of it does not.
func TestASentenceMustAnswerAndNotOnlyItsQuote(t *testing.T) {
	articles := []corpus.Article{{
		ID: "a", Outlet: "AP", Title: "A request", Published: day("2022-01-01"),
		Text: "South Korean President Yoon Suk-yeol urged Japan to send tanks. Tokyo has 40 of them.",
	}}
	s := says(claimsJSON(claim{"Japan was urged to send tanks.", "urged Japan to send tanks", 1}), Whole, nil)
	a, err := NewGenerative(answering(t, articles...), s, ModelOptions{}).Answer(t.Context(), Question{Text: "Who is the president of South Korea?"}, nil)
	if err != nil || a.Answerer != extractive || !strings.Contains(shown(a), "Yoon") {
		t.Errorf("%v: %q by %s", err, shown(a), a.Answerer)
	}
}

func TestAPromptThatIsTooLongIsTriedWithFewerSources(t *testing.T) {
	s := &scribe{}
	s.write = func(r Request) (string, Finish, error) {
		if strings.Count(r.User, "<source ") > 1 {
			return "", Broken, &retrieval.EndpointError{TooLong: true, ContextTokens: 1200}
		}
		return claimsJSON(tanksClaim()), Whole, nil
	}
	articles := ruritania()
	articles[1].Text = strings.Repeat("Ruritania and its tanks were the subject of a long debate in the house on that day, members said. ", 12)
	g := NewGenerative(answering(t, articles...), s, ModelOptions{MaxTokens: 300})
	for asked := range 2 {
		before := len(s.requests)
		a, err := g.Answer(t.Context(), Question{Text: tanksQuestion}, nil)
		if err != nil || a.Verdict != Answered || a.Trace.LeftOut == 0 {
			t.Fatalf("%v %v, left out %d", err, a.Verdict, a.Trace.LeftOut)
		}
		if n := len(s.requests) - before; asked > 0 && n != 1 {
			t.Errorf("%d requests for the second question, want 1: the context is remembered", n)
		}
	}
}

func TestTheModelMakesAFollowUpStandAlone(t *testing.T) {
	s := &scribe{}
	s.write = func(r Request) (string, Finish, error) {
		if strings.Contains(string(r.Schema.JSON), `"question"`) {
			return `{"question": "Will Ruritania buy fighter jets?"}`, Whole, nil
		}
		return claimsJSON(claim{"Ruritania will not buy fighter jets from Graustark.", "Ruritania will not buy fighter jets from Graustark", 1}), Whole, nil
	}
	q := Question{Text: "and fighter jets?", Turns: []Turn{{Question: "Will Ruritania buy tanks?", Answer: "Ruritania bought 10 tanks."}}}
	a, _ := generate(t, s, q, ModelOptions{})
	if a.Trace.Question != "Will Ruritania buy fighter jets?" || a.Trace.RewrittenBy != "scribe" || a.Verdict != Answered {
		t.Errorf("asked %q by %q: %v", a.Trace.Question, a.Trace.RewrittenBy, a.Verdict)
	}
	if a.Usage != (Usage{20, 10}) {
		t.Errorf("usage %v, want that of both calls", a.Usage)
	}
}

func TestAModelsRewritingThatInventsIsNotUsed(t *testing.T) {
	s := &scribe{}
	s.write = func(r Request) (string, Finish, error) {
		return `{"question": "Did Elbonia sell 900 submarines?"}`, Whole, nil
	}
	q := Question{Text: "and fighter jets?", Turns: []Turn{{Question: "Will Ruritania buy tanks?"}}}
	a, _ := generate(t, s, q, ModelOptions{})
	if a.Trace.RewrittenBy != byRules || strings.Contains(a.Trace.Question, "Elbonia") {
		t.Errorf("asked %q by %q", a.Trace.Question, a.Trace.RewrittenBy)
	}
}

func TestARewritingIsUsedAlsoIfItsTokensAreNotRecorded(t *testing.T) {
	s := emitting(func(_ context.Context, r Request, emit func(string)) (Completion, error) {
		if strings.Contains(string(r.Schema.JSON), `"question"`) {
			return Completion{Text: `{"question": "Will Ruritania buy fighter jets?"}`, Finish: Whole}, errDisk
		}
		text := claimsJSON(claim{"Ruritania will not buy fighter jets from Graustark.", "Ruritania will not buy fighter jets from Graustark", 1})
		emit(text)
		return Completion{Text: text, Finish: Whole}, nil
	})
	var told error
	g := NewGenerative(answering(t, ruritania()...), s, ModelOptions{Degraded: func(err error) { told = err }})
	q := Question{Text: "and fighter jets?", Turns: []Turn{{Question: "Will Ruritania buy tanks?"}}}
	a, err := g.Answer(t.Context(), q, nil)
	if err != nil || a.Trace.RewrittenBy != "emitting" || a.Answerer != "emitting" || told != errDisk {
		t.Errorf("by %q and %s, told %v: %v", a.Trace.RewrittenBy, a.Answerer, told, err)
	}
}

func TestARefusalAfterAGoodAnswer(t *testing.T) {
	q := Question{Text: "Who won the election in Elbonia?", Turns: []Turn{{Question: tanksQuestion, Answer: "Ruritania bought 10 tanks."}}}
	a, _ := generate(t, says(claimsJSON(tanksClaim()), Whole, nil), q, ModelOptions{})
	if a.Verdict != NotFound || a.Trace.RewrittenBy != "" {
		t.Errorf("got %v by %q: %q", a.Verdict, a.Trace.RewrittenBy, shown(a))
	}
}

func TestDatesAndFiltersReachThePrompt(t *testing.T) {
	s := says(claimsJSON(), Whole, nil)
	generate(t, s, Question{Text: tanksQuestion, AsOf: day("2022-03-01"), Since: day("2021-12-01"), Outlets: []string{"AP"}}, ModelOptions{})
	for _, fact := range []string{"2022-03-01", "2021-12-01", "AP", "2022-01-01"} {
		if !strings.Contains(s.requests[0].User, fact) {
			t.Errorf("the prompt lacks %s", fact)
		}
	}
	if strings.Contains(s.requests[0].User, "2022-06-01") {
		t.Error("the prompt holds an article that was not yet out")
	}
}

func TestAModelsAnswerCitesNoMoreSourcesThanAskedFor(t *testing.T) {
	second := claim{"Officials in Strelsau said the tanks will be delivered in spring.", "said the tanks will be delivered in spring", 1}
	a, _ := generate(t, says(claimsJSON(tanksClaim(), second), Whole, nil), Question{Text: tanksQuestion, Sources: 1}, ModelOptions{})
	if len(a.Citations) != 1 || len(a.Sentences) != 1 {
		t.Errorf("%d citations, %d sentences", len(a.Citations), len(a.Sentences))
	}
}

func TestOneQuoteIsOneCitation(t *testing.T) {
	again := claim{"Graustark was where the ministry bought its 10 tanks.", "bought 10 tanks from Graustark", 1}
	a, _ := generate(t, says(claimsJSON(tanksClaim(), again), Whole, nil), Question{Text: tanksQuestion}, ModelOptions{})
	if len(a.Sentences) != 2 || len(a.Citations) != 1 || !slices.Equal(a.Sentences[1].Citations, []int{1}) {
		t.Errorf("%d sentences with %d citations", len(a.Sentences), len(a.Citations))
	}
}

func TestAnAskerWhoGivesUpGetsAnError(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	s := emitting(func(context.Context, Request, func(string)) (Completion, error) {
		cancel()
		return Completion{}, ctx.Err()
	})
	_, err := NewGenerative(answering(t, ruritania()...), s, ModelOptions{}).Answer(ctx, Question{Text: tanksQuestion}, nil)
	if !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}

func TestProbeSaysWhatTheModelMakesOfOneSource(t *testing.T) {
	s := says(claimsJSON(tanksClaim(), inventedClaim()), Whole, nil)
	p, err := NewGenerative(answering(t, ruritania()...), s, ModelOptions{}).Probe(t.Context(), tanksQuestion)
	if err != nil || p.Verified != 1 || p.Removed != 1 || p.Finish != Whole || p.First == 0 {
		t.Errorf("%+v, %v", p, err)
	}
	if n := strings.Count(s.requests[0].User, "<source "); n != 1 {
		t.Errorf("%d sources in the prompt, want 1", n)
	}
}

func TestTheJSONOfAnAnswerHoldsNothingThatWasRemoved(t *testing.T) {
	a, _ := generate(t, says(claimsJSON(inventedClaim(), tanksClaim()), Whole, nil), Question{Text: tanksQuestion}, ModelOptions{})
	out, err := json.Marshal(a)
	if err != nil || strings.Contains(string(out), "submarines") {
		t.Errorf("%v: %s", err, out)
	}
}

// Whoever gives up gets no answer any more, not even one in quotes.
func TestNothingIsShownAfterTheAskerGaveUp(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	away := emitting(func(ctx context.Context, _ Request, _ func(string)) (Completion, error) {
		cancel()
		return Completion{}, ctx.Err()
	})
	g := NewGenerative(answering(t, ruritania()...), away, ModelOptions{})
	parts := 0
	_, err := g.Answer(ctx, Question{Text: tanksQuestion}, func(Part) { parts++ })
	if !errors.Is(err, context.Canceled) || parts != 0 {
		t.Errorf("error %v, %d parts shown", err, parts)
	}
}

func TestTheOperatorIsToldWhyACompletionFellShort(t *testing.T) {
	for _, text := range []string{"", claimsJSON(tanksClaim())} {
		for finish, setting := range map[Finish]string{
			Broken: modelAddress, Full: modelMaxTokens, Withheld: modelName, Digressed: modelName,
		} {
			var told error
			a, _ := generate(t, says(text, finish, nil), Question{Text: tanksQuestion}, ModelOptions{Degraded: func(err error) { told = err }})
			e, ok := errors.AsType[*retrieval.EndpointError](told)
			if !ok || e.Setting != setting {
				t.Errorf("finish %d after %q: told %v, want a word on %s", finish, text, told, setting)
			}
			if want := text != ""; a.Cut != want || !want && a.Fallback != ModelUnavailable {
				t.Errorf("finish %d after %q: cut %v, fallback %q", finish, text, a.Cut, a.Fallback)
			}
		}
	}
}

// Some servers say that a completion ended of itself wherever they broke it off.
func TestJSONThatIsNotClosedIsCutWhateverIsSaidOfItsEnd(t *testing.T) {
	whole := claimsJSON(tanksClaim())
	for text, want := range map[string]bool{
		whole:                                       false,
		strings.TrimSuffix(whole, "}"):              false, // all that matters was said
		strings.TrimSuffix(whole, "]}") + ",":       true,
		strings.TrimSuffix(whole, "]}") + `,{"sour`: true,
	} {
		a, _ := generate(t, says(text, Whole, nil), Question{Text: tanksQuestion}, ModelOptions{})
		if len(a.Sentences) != 1 || a.Cut != want {
			t.Errorf("%s: %d sentences, cut %v, want %v", text, len(a.Sentences), a.Cut, want)
		}
	}
}
