package prompts

import "math"

// threshold is the confidence from which an answer is shown.
const threshold = .5

// confidence estimates from the best exhibit whether the articles answer the
// question. All features are shares, which transfer between corpora where
// counts do not. A name, a figure, half of what is asked or the kind of answer
// that is missing weighs more than any sum can outweigh. The weights were
// chosen by hand, on questions about the sample articles and with CLAPNQ and
// SQuAD 2.0 in sight, where they tell the answerable from the unanswerable with
// AUROC .76 and .64; BM25's best score, the words' idf sum aside, has .72 and
// .60.
func confidence(q inquiry, w weights) float64 {
	if len(q.names)+len(q.words)+len(q.numbers) == 0 {
		return 0 // nothing is asked
	}
	x := -5.4 + 4*w.coverage + 5*w.relation + 1.3*w.name + 1*w.expected + .6*w.bigrams + 1*w.numbers
	p := 1 / (1 + math.Exp(-x))
	if len(q.names) > 0 && w.weakest < nameNear {
		p *= .2 + .8*w.weakest
	}
	if w.relation < .55 {
		p *= w.relation / .55
	}
	if w.numbers < .5 {
		p *= .5
	}
	if len(q.words) > 0 && w.own == 0 || q.kind == yesNo && w.unheard {
		p *= .5
	}
	if q.kind != open && q.kind != yesNo && w.expected < .5 || !w.office {
		p *= .4
	}
	return p
}

// vote is what a model's own verdict is worth, in log-odds: it may have read
// what the rules have not.
const vote = 1

// lift shifts a probability by log-odds.
func lift(p, by float64) float64 {
	odds := p * math.Exp(by)
	return odds / (1 - p + odds)
}
