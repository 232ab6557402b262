package prompts

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"footnote/retrieval"
)

// A finding is what the articles hold on a question that stands alone.
type finding struct {
	asked      inquiry
	hits       []retrieval.Hit // best first
	exhibits   []exhibit       // the sentences of all hits, the surest first
	confidence float64         // of the first exhibit
	missing    []string        // names in the question that no article knows
}

// consulted is how many passages are searched for sentences.
const consulted = 12

// find retrieves what bears on a question and weighs its sentences.
func (e *Extractive) find(ctx context.Context, q Question, text string) (finding, error) {
	hits, err := e.retriever.Retrieve(ctx, q.query(text))
	if err != nil {
		return finding{}, fmt.Errorf("searching the articles: %w", err)
	}
	f := finding{asked: e.reader.inquiry(text, e.retriever.Weight), hits: hits}
	f.exhibits = surestFirst(f.asked, e.weigh(f.asked, hits))
	if len(f.exhibits) > 0 {
		f.confidence = confidence(f.asked, f.exhibits[0].weights)
	}
	f.missing = e.missing(f.asked)
	return f, nil
}

// query is what to search for to answer q, which reads text where it stands
// alone.
func (q Question) query(text string) retrieval.Query {
	until := q.Until
	if !q.AsOf.IsZero() && (until.IsZero() || q.AsOf.Before(until)) {
		until = q.AsOf
	}
	return retrieval.Query{Text: text, Limit: consulted, Since: q.Since, Until: until, Outlets: q.Outlets}
}

// missing are the names in a question, as they are written, that no article
// knows: a place by none of its names, another by its last word.
func (e *Extractive) missing(asked inquiry) []string {
	var out []string
	seen := map[string]bool{}
	for _, n := range asked.names {
		names := n.words[len(n.words)-1:]
		if n.place {
			names = e.reader.gazetteer.names(n.key)
		}
		if !seen[n.key] && !slices.ContainsFunc(names, e.known) {
			out = append(out, n.text)
		}
		seen[n.key] = true
	}
	return out
}

// known says whether all words of a name, stop words aside, occur in the
// articles.
func (e *Extractive) known(name string) bool {
	return !slices.ContainsFunc(strings.Fields(name), func(w string) bool {
		return !retrieval.IsStop(w) && e.retriever.Weight(retrieval.Stem(w)) >= e.retriever.Weight("")
	})
}

// weigh returns the sentences of all hits, the best first, in a total order.
func (e *Extractive) weigh(q inquiry, hits []retrieval.Hit) []exhibit {
	top := 0.0
	for _, h := range hits {
		top = max(top, h.Score)
	}
	var out []exhibit
	for i, h := range hits {
		for _, x := range e.reader.exhibits(q, i, h) {
			x.score = merit(q, x.weights, h.Score/max(top, 1e-9))
			out = append(out, x)
		}
	}
	slices.SortStableFunc(out, func(a, b exhibit) int {
		return cmp.Or(cmp.Compare(b.score, a.score), cmp.Compare(a.hit, b.hit), cmp.Compare(a.at.End, b.at.End))
	})
	return out
}

// near is the share of the best exhibit's merit from which a surer one leads in
// its place.
const near = .75

// surestFirst brings to the front the first of the exhibits near the best of
// which it is sure that it answers.
func surestFirst(q inquiry, exhibits []exhibit) []exhibit {
	for i, x := range exhibits {
		if x.score < near*exhibits[0].score {
			break
		}
		if !x.leaning && confidence(q, x.weights) >= threshold {
			return slices.Concat(exhibits[i:i+1], exhibits[:i], exhibits[i+1:])
		}
	}
	return exhibits
}

// merit ranks sentences for one question; rank is the hit's score as a share of
// the best hit's.
func merit(q inquiry, w weights, rank float64) float64 {
	m := .2*w.relation + .2*w.own + .15*w.name + .2*w.weakest + .1*rank + .1*w.bigrams + .1*w.numbers
	if q.kind != open && q.kind != yesNo {
		m += .25 * w.expected
	}
	if w.leaning {
		m -= .15
	}
	if q.kind == yesNo && w.stance {
		m += .05
	}
	return m
}
