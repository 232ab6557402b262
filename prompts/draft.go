package prompts

import (
	"math"
	"slices"

	"footnote/retrieval"
)

// modelSources is how many citations a model's answer has at most if the
// question does not say.
const modelSources = 8

// A draft is an answer while a model writes it. The zero value of its private
// state is one that nobody wrote to.
type draft struct {
	answer     *Answer
	finding    finding
	generative *Generative
	show       func(Part)

	claims claimReader
	gate   *gate
	held   []proven // verified, as long as none of them answers the question
	said   map[string]bool
}

// A proven sentence is one that the gate let through, with what bears it out.
type proven struct {
	text string
	by   []verified
	p    float64 // confidence that it answers the question
}

// prompt is what to ask the model, from all sources that were found.
func (d *draft) prompt() prompt {
	q := d.answer.Question
	return prompt{
		question: d.answer.Trace.Question, sources: d.finding.hits,
		asOf: q.AsOf, since: q.Since, until: q.Until, outlets: q.Outlets,
	}
}

// begin makes ready for a completion from sources; left did not fit.
func (d *draft) begin(sources []retrieval.Hit, left int) {
	g := d.generative
	d.answer.Trace.Sources, d.answer.Trace.LeftOut = len(sources), left
	d.claims, d.said = claimReader{}, map[string]bool{}
	d.gate = newGate(g.quotes.reader, d.finding.asked, sources, g.options.Knows)
	d.gate.forbid(g.templates.instructions())
}

// write takes the next of the completion's text.
func (d *draft) write(delta string) { d.take(d.claims.write(delta)) }

// end takes what was unfinished until the completion had ended.
func (d *draft) end() { d.take(d.claims.close()) }

// take holds claims against the sources, those of one sentence together.
func (d *draft) take(claims []claim) {
	for len(claims) > 0 {
		n := 1
		for n < len(claims) && claims[n].sentence == claims[0].sentence {
			n++
		}
		d.judge(claims[:n])
		claims = claims[n:]
	}
}

// judge shows or drops a sentence. One of its claims must hold, and none may
// name a source that there is not.
func (d *draft) judge(claims []claim) {
	s := proven{}
	var flaw Flaw
	for _, c := range claims {
		v, f := d.gate.check(c)
		if f == "" {
			s.by, s.text = append(s.by, v), v.text
			s.p = max(s.p, d.sureness(v))
		} else if flaw != FlawNoSource {
			flaw = f
		}
	}
	switch {
	case len(s.by) == 0, flaw == FlawNoSource:
		d.remove(claims[0].sentence, flaw)
	case d.said[s.text]:
	default:
		d.said[s.text] = true
		d.hold(s)
	}
}

func (d *draft) remove(sentence string, why Flaw) {
	d.answer.Removed++
	d.answer.Trace.Removals = append(d.answer.Trace.Removals, Removal{sentence, why})
}

// hold shows s and what is held, if one of them answers the question.
func (d *draft) hold(s proven) {
	d.held = append(d.held, s)
	if d.answer.Verdict != Answered && lift(s.p, vote) < threshold {
		return
	}
	for _, s := range d.held {
		d.tell(s)
	}
	d.held = nil
}

// drop removes what is held, none of which answers the question.
func (d *draft) drop() {
	for _, s := range d.held {
		d.remove(s.text, FlawBeside)
	}
	d.held = nil
}

// beside is the confidence below which a sentence has nothing to do with the
// question.
const beside = .25

// tell adds s to the answer and shows it, unless that takes more sources than
// were asked for.
func (d *draft) tell(s proven) {
	a := d.answer
	if s.p < beside {
		d.remove(s.text, FlawBeside)
		return
	}
	part := Part{Sentence: Sentence{Text: s.text}}
	for _, v := range s.by {
		c, known := d.citation(v, len(part.Citations))
		if !known && c.N > a.Question.sources(modelSources) {
			continue
		}
		if !known {
			part.Citations = append(part.Citations, c)
		}
		if !slices.Contains(part.Sentence.Citations, c.N) {
			part.Sentence.Citations = append(part.Sentence.Citations, c.N)
		}
	}
	if len(part.Sentence.Citations) == 0 {
		return
	}
	slices.Sort(part.Sentence.Citations)
	if a.Verdict != Answered {
		a.Verdict, a.Missing, a.Answerer, a.Confidence = Answered, nil, d.generative.completer.Model(), 0
	}
	a.Confidence = max(a.Confidence, lift(s.p, vote))
	a.add(part, d.show)
}

// citation is the one of v, and whether the answer has it already; fresh are
// those that the sentence adds before it.
func (d *draft) citation(v verified, fresh int) (c Citation, known bool) {
	c = cite(len(d.answer.Citations)+fresh+1, d.finding.hits[v.source], v.at)
	for _, old := range d.answer.Citations {
		if old.Hit.Article.ID == c.Hit.Article.ID && old.QuoteStart <= c.QuoteStart && c.QuoteEnd <= old.QuoteEnd {
			return old, true
		}
	}
	return c, false
}

// sureness is the confidence that a verified sentence answers the question. What
// it leaves to its quote counts, but only together with what it says itself.
func (d *draft) sureness(v verified) float64 {
	f := d.finding
	own := confidence(f.asked, d.generative.quotes.reader.weighAlone(f.asked, f.hits[v.source], v.text))
	quoted := own
	for _, x := range f.exhibits {
		if x.hit == v.source && x.at.Start < v.at.End && v.at.Start < x.at.End {
			quoted = max(quoted, confidence(f.asked, x.weights))
		}
	}
	return math.Sqrt(own * quoted)
}

// finish adds the other side of what the answer says, where there is one, and
// names what its citations differ on.
func (d *draft) finish() {
	a, f, r := d.answer, d.finding, d.generative.quotes.reader
	for _, x := range r.otherSides(f.asked, f.hits, f.exhibits, a.Citations) {
		if len(a.Citations) < a.Question.sources(modelSources) {
			a.quote(f.hits[x.hit], x.at, d.show)
		}
	}
	a.Disagreements = r.disagreements(f.asked, a.Citations)
}
