package prompts

import (
	"context"
	"errors"
	"fmt"
	"math"
	"sync/atomic"
	"time"

	"footnote/retrieval"
)

// ModelOptions are what a Generative answerer knows of its model.
type ModelOptions struct {
	Context   int                    // tokens that a prompt and its completion may have together; 0 is 4096
	MaxTokens int                    // of a completion; 0 is 1000
	Knows     func(word string) bool // whether a word, in lower case, is one of the language; nil knows none
	Degraded  func(error)            // told why the model did not serve, or not to its end; may be nil
}

const (
	defaultContext   = 4096
	defaultMaxTokens = 1000
	rewritingTokens  = 160 // of a question that is made to stand alone
	attempts         = 5   // at a prompt that is too long for the model
)

// hopeless is the confidence below which a refusal needs no model.
const hopeless = .05

// A Generative is the answerer that has a model write, and shows of that only
// what the gate lets through. It is safe for use by several goroutines.
type Generative struct {
	quotes    *Extractive
	completer Completer
	options   ModelOptions
	templates *templates
	context   *atomic.Int64 // tokens; shrinks where the endpoint takes fewer
}

// NewGenerative answers with what c writes from the passages that e finds, and
// with e's quotes where that is nothing.
func NewGenerative(e *Extractive, c Completer, o ModelOptions) *Generative {
	if o.Context == 0 {
		o.Context = defaultContext
	}
	if o.MaxTokens == 0 {
		o.MaxTokens = defaultMaxTokens
	}
	g := &Generative{quotes: e, completer: c, options: o, templates: newTemplates(), context: new(atomic.Int64)}
	g.context.Store(int64(o.Context))
	return g
}

// Over is the answerer that answers from what r retrieves, with all else shared:
// the model, its options, and what is learned of its context.
func (g *Generative) Over(r Retriever) *Generative {
	over := *g
	over.quotes = g.quotes.Over(r)
	return &over
}

// Answer implements Answerer. A sentence is shown when it is verified and it,
// or one before it, answers the question. Whatever ails the model, the answer
// is in quotes then, also if ctx's deadline passes while it writes; errors are
// a search that fails and a ctx that is cancelled.
func (g *Generative) Answer(ctx context.Context, q Question, show func(Part)) (Answer, error) {
	begun := time.Now()
	text, by, usage, fault := g.standAlone(ctx, q)
	f, err := g.quotes.find(ctx, q, text)
	if err != nil {
		return Answer{}, err
	}
	a := newAnswer(q, f)
	a.Trace.Question, a.Trace.RewrittenBy, a.Usage = text, by, usage
	switch {
	case f.confidence < hopeless, f.confidence < threshold && len(f.missing) > 0:
		g.degrade(fault)
	case fault != nil:
		g.fallBack(&a, f, fault, show)
	default:
		g.write(ctx, &a, f, show)
	}
	if errors.Is(ctx.Err(), context.Canceled) {
		return Answer{}, ctx.Err()
	}
	a.Elapsed = time.Since(begun)
	return a, nil
}

// standAlone is Extractive's, but by the model where a question leans on the
// turns before, unless what the model makes of it cannot be trusted. As in
// write, what ended of itself counts, whatever else went wrong.
func (g *Generative) standAlone(ctx context.Context, q Question) (text, by string, usage Usage, err error) {
	text, by = g.quotes.standAlone(q)
	if by == "" {
		return text, by, Usage{}, nil
	}
	r, err := g.templates.rewrite(q.Turns, q.Text)
	if err != nil {
		return text, by, Usage{}, err
	}
	r.MaxTokens = rewritingTokens
	c, err := g.completer.Complete(ctx, r, func(string) {})
	if c.Finish != Whole {
		return text, by, c.Usage, err
	}
	g.degrade(err)
	if anew := rewritten(c.Text); g.quotes.reader.trustworthy(anew, q.Text, q.Turns) {
		text, by = anew, g.completer.Model()
	}
	return text, by, c.Usage, nil
}

// write makes a the answer that the model writes to what was found. A
// completion that ended of itself counts, whatever else went wrong.
func (g *Generative) write(ctx context.Context, a *Answer, f finding, show func(Part)) {
	d := &draft{answer: a, finding: f, generative: g, show: show}
	finish, err := g.complete(ctx, d)
	if errors.Is(ctx.Err(), context.Canceled) {
		return
	}
	if err == nil {
		err = shortfall(finish)
	}
	if a.Verdict == Answered {
		a.Cut = finish != Whole || d.claims.unfinished()
		d.finish()
		g.degrade(err)
		return
	}
	switch {
	case finish != Whole && (finish != Full || a.Removed == 0):
		g.fallBack(a, f, err, show)
		return
	case d.claims.none():
		a.Confidence = lift(a.Confidence, -vote)
		g.quote(a, f, ModelFoundNone, show)
	default:
		d.drop()
		g.quote(a, f, NothingVerified, show)
	}
	g.degrade(err)
}

// shortfall is what it means that a completion ended so, for the operator.
func shortfall(f Finish) error {
	switch f {
	case Whole:
		return nil
	case Full:
		return modelFault(modelMaxTokens, "stopped before the model had finished", "raise %s")
	case Withheld:
		return modelFault(modelName, "withheld the answer", "choose another %s")
	case Digressed:
		return modelFault(modelName, "called a tool where an answer was due", "choose another %s")
	}
	return modelUnavailable(modelAddress, "ended its reply before the model had finished", "try again later, or check %s")
}

// complete has the model write into d from as many sources as there is room
// for, and again from fewer where the endpoint takes no prompt that long, or
// the day has not as many tokens left.
func (g *Generative) complete(ctx context.Context, d *draft) (Finish, error) {
	begun := time.Now()
	defer func() { d.answer.Trace.Model = time.Since(begun) }()
	left := math.MaxInt
	for try := 1; ; try++ {
		c, err := g.try(ctx, d, left)
		d.answer.Usage = d.answer.Usage.plus(c.Usage)
		long, _ := errors.AsType[*retrieval.EndpointError](err)
		dear, _ := errors.AsType[*retrieval.BudgetError](err)
		switch {
		case try == attempts || c.Text != "":
			return c.Finish, err
		case long != nil && long.TooLong:
			g.shrink(long.ContextTokens)
		case dear != nil:
			left = dear.Limit - dear.Taken
		default:
			return c.Finish, err
		}
	}
}

// try is one request of complete, which takes left tokens at most.
func (g *Generative) try(ctx context.Context, d *draft, left int) (Completion, error) {
	room, tokens := g.split(min(int(g.context.Load()), left))
	p, dropped, err := fit(g.templates, d.prompt(), room)
	if errors.Is(err, ErrContext) && left < math.MaxInt {
		return Completion{}, fmt.Errorf("%w: %d are left, which is too few for one passage", retrieval.ErrBudget, left)
	}
	if known := int(g.context.Load()); errors.Is(err, ErrContext) && known < g.options.Context {
		return Completion{}, modelFault(modelName, fmt.Sprintf("has a context of %d tokens, which is too few for one passage", known),
			"start the server with more and set model.context to that, or choose another %s")
	}
	if err != nil {
		return Completion{}, err
	}
	r, err := g.templates.answer(p)
	if err != nil {
		return Completion{}, err
	}
	r.MaxTokens = tokens
	d.begin(p.sources, dropped)
	c, err := g.completer.Complete(ctx, r, d.write)
	if c.Finish == Whole {
		d.end()
	}
	return c, err
}

// split parts the tokens of a request into room for the prompt and what the
// completion may have, which is less where there are fewer than was set.
func (g *Generative) split(most int) (room, completion int) {
	completion = g.options.MaxTokens
	if most < g.options.Context {
		completion = min(completion, most/4)
	}
	return most - completion, completion
}

// shrink takes note that the model's context has fewer tokens than was
// thought: n, or 0 if the endpoint does not say.
func (g *Generative) shrink(n int) {
	known := g.context.Load()
	if n <= 0 || int64(n) >= known {
		n = int(known) * 2 / 3
	}
	g.context.CompareAndSwap(known, int64(n))
}

// fallBack answers in quotes because of what ails the model.
func (g *Generative) fallBack(a *Answer, f finding, fault error, show func(Part)) {
	g.degrade(fault)
	why := ModelUnavailable
	if errors.Is(fault, retrieval.ErrBudget) {
		why = OverBudget
	}
	g.quote(a, f, why, show)
}

// quote answers in quotes. A refusal of the model's own is no fallback.
func (g *Generative) quote(a *Answer, f finding, why Fallback, show func(Part)) {
	if why == ModelFoundNone && a.Confidence < threshold {
		a.Answerer = g.completer.Model()
		return
	}
	a.Fallback = why
	g.quotes.answer(a, f, show)
}

func (g *Generative) degrade(err error) {
	if err != nil && g.options.Degraded != nil {
		g.options.Degraded(err)
	}
}
