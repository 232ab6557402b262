package prompts

import "math"

// threshold is the confidence from which an answer is shown.
const threshold = .5

// confidence estimates from the best exhibit whether the articles answer the
// question. The coefficients are a logistic regression's on the answerable and
// unanswerable questions of CLAPNQ and SQuAD 2.0, where they are shares and so
// transfer between corpora; a name or a figure that stands nowhere near
// settles it alone.
func confidence(q inquiry, w weights) float64 {
	x := -4.6 + 5*w.coverage + 2*w.relation + 1.3*w.name + 1.4*w.expected + .6*w.bigrams + 1.2*w.numbers
	p := 1 / (1 + math.Exp(-x))
	if len(q.names) > 0 && w.weakest < nameNear {
		p *= .2 + .8*w.weakest
	}
	if w.numbers < .5 {
		p *= .5
	}
	if (q.kind == howMany || q.kind == howMuch || q.kind == when) && w.expected < .5 {
		p *= .4
	}
	if len(q.words) > 0 && w.relation < .2 {
		p *= .5
	}
	return p
}
