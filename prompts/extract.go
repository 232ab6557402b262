package prompts

import (
	"cmp"
	"context"
	"crypto/rand"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"
	"time"

	"footnote/retrieval"
)

// A Retriever finds the passages that bear on a query.
type Retriever interface {
	// Retrieve returns hits, best first.
	Retrieve(ctx context.Context, q retrieval.Query) ([]retrieval.Hit, error)
	// Weight is how much a stem tells passages apart: its idf.
	Weight(stem string) float64
}

// Extractive is the answerer that needs no model: it quotes the sentences that
// answer, each from a dated, named source. It is safe for use by several
// goroutines.
type Extractive struct {
	retriever Retriever
	reader    *reader
}

// NewExtractive answers from what r retrieves.
func NewExtractive(r Retriever) *Extractive {
	return &Extractive{retriever: r, reader: newReader()}
}

// consulted is how many passages are searched for sentences.
const consulted = 12

// nearest is how many passages a refusal shows.
const nearest = 3

// Answer answers a question, or says that the articles do not. That is a
// verdict, not an error.
func (e *Extractive) Answer(ctx context.Context, q Question) (Answer, error) {
	begun := time.Now()
	hits, err := e.retriever.Retrieve(ctx, q.query())
	if err != nil {
		return Answer{}, fmt.Errorf("searching the articles: %w", err)
	}
	a := Answer{ID: newAnswerID(), Question: q, Answerer: "extractive", Nearest: hits[:min(nearest, len(hits))]}
	asked := e.reader.inquiry(q.Text, e.retriever.Weight)
	exhibits := surestFirst(asked, e.weigh(asked, hits))
	if len(exhibits) > 0 {
		a.Confidence = confidence(asked, exhibits[0].weights)
	}
	if a.Confidence >= threshold {
		a.Verdict = Answered
		a.quote(hits, choose(asked, hits, exhibits, q.sources()))
	} else {
		a.Missing = e.missing(asked)
	}
	a.Elapsed = time.Since(begun)
	return a, nil
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

// query is what to search for.
func (q Question) query() retrieval.Query {
	until := q.Until
	if !q.AsOf.IsZero() && (until.IsZero() || q.AsOf.Before(until)) {
		until = q.AsOf
	}
	return retrieval.Query{Text: q.Text, Limit: consulted, Since: q.Since, Until: until, Outlets: q.Outlets}
}

func (q Question) sources() int {
	if q.Sources > 0 {
		return q.Sources
	}
	return DefaultSources
}

// newAnswerID is a fresh name for an answer.
func newAnswerID() string {
	var b [6]byte
	rand.Read(b[:])
	return hex.EncodeToString(b[:])
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

// Bounds of what joins the best sentence.
const (
	near      = .75 // of the best one's merit, to lead in its place
	enough    = .85 // of the leading one's merit
	ownEnough = .45 // of what the leading one says by itself
	redundant = .6  // of the words shared within one outlet
	copied    = .85 // of the words shared between two
)

// choose picks the sentences of an answer: the best one, and others that come
// close and say something else, those of outlets not yet heard first.
func choose(q inquiry, hits []retrieval.Hit, exhibits []exhibit, n int) []exhibit {
	chosen := exhibits[:1:1]
	for _, fresh := range []bool{true, false} {
		for _, x := range exhibits[1:] {
			if len(chosen) == n {
				break
			}
			if !adds(q, exhibits[0], x) || fresh == heard(hits, chosen, x) || repeats(hits, chosen, x) {
				continue
			}
			chosen = append(chosen, x)
		}
	}
	return chosen
}

// adds says whether x comes close enough to the leading exhibit to stand beside
// it.
func adds(q inquiry, leading, x exhibit) bool {
	if q.kind == said && x.weakest < 1 {
		return false // somebody else's words
	}
	return x.score >= enough*leading.score && x.own >= ownEnough*leading.own &&
		!x.leaning && confidence(q, x.weights) >= threshold
}

// heard says whether an exhibit's outlet already speaks in the answer.
func heard(hits []retrieval.Hit, chosen []exhibit, x exhibit) bool {
	return slices.ContainsFunc(chosen, func(c exhibit) bool { return voice(hits[c.hit]) == voice(hits[x.hit]) })
}

// voice is who speaks in a hit: its outlet, or its article if that names none.
func voice(h retrieval.Hit) string {
	return cmp.Or(strings.ToLower(h.Article.Outlet), string(h.Article.ID))
}

// repeats says whether the answer already tells what x does. Another outlet's
// word for it is no repetition but a second source, unless it is a copy.
func repeats(hits []retrieval.Hit, chosen []exhibit, x exhibit) bool {
	return slices.ContainsFunc(chosen, func(c exhibit) bool {
		if c.hit == x.hit && c.at.Start < x.at.End && x.at.Start < c.at.End {
			return true
		}
		if voice(hits[c.hit]) == voice(hits[x.hit]) {
			return overlap(c.content, x.content) >= redundant
		}
		return overlap(c.content, x.content) >= copied
	})
}

// overlap is the share of the smaller set that the larger one holds.
func overlap(a, b map[string]bool) float64 {
	if len(a) > len(b) {
		a, b = b, a
	}
	shared := 0
	for s := range a {
		if b[s] {
			shared++
		}
	}
	return float64(shared) / float64(max(1, len(a)))
}

// quote makes the answer's sentences and citations of the chosen exhibits: each
// is shown in its source's words.
func (a *Answer) quote(hits []retrieval.Hit, chosen []exhibit) {
	for i, x := range chosen {
		c := cite(i+1, hits[x.hit], x.at)
		a.Citations = append(a.Citations, c)
		a.Sentences = append(a.Sentences, Sentence{Text: oneLine(c.Quote), Citations: []int{c.N}})
	}
}

// oneLine is a quote as a sentence of an answer: line breaks and runs of blanks
// become one blank each.
func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }
