package prompts

import (
	"cmp"
	"context"
	"crypto/rand"
	"encoding/hex"
	"slices"
	"strings"
	"time"

	"footnote/corpus"
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

// Over is the answerer that answers from what r retrieves, with all else shared.
func (e *Extractive) Over(r Retriever) *Extractive {
	return &Extractive{retriever: r, reader: e.reader}
}

// extractive is the name of the answerer that needs no model.
const extractive = "extractive"

// quotedSources is how many citations an answer in quotes has at most if the
// question does not say.
const quotedSources = 4

// nearest is how many passages a refusal shows.
const nearest = 3

// Answer implements Answerer; all of it is shown at once.
func (e *Extractive) Answer(ctx context.Context, q Question, show func(Part)) (Answer, error) {
	begun := time.Now()
	text, by := e.standAlone(q)
	f, err := e.find(ctx, q, text)
	if err != nil {
		return Answer{}, err
	}
	a := newAnswer(q, f)
	a.Trace.Question, a.Trace.RewrittenBy = text, by
	e.answer(&a, f, show)
	a.Elapsed = time.Since(begun)
	return a, nil
}

// byRules is who makes questions stand alone where no model does.
const byRules = "rules"

// standAlone is a question without the turns before, and who made it so.
func (e *Extractive) standAlone(q Question) (text, by string) {
	text, leaned := e.reader.standAlone(q.Text, q.Turns)
	if !leaned {
		return text, ""
	}
	return text, byRules
}

// newAnswer is an answer that claims nothing yet.
func newAnswer(q Question, f finding) Answer {
	return Answer{
		ID: newAnswerID(), Question: q, Answerer: extractive, Confidence: f.confidence,
		Nearest: f.hits[:min(nearest, len(f.hits))], Missing: f.missing,
	}
}

// answer makes a the answer in quotes to what was found.
func (e *Extractive) answer(a *Answer, f finding, show func(Part)) {
	if a.Confidence < threshold {
		return
	}
	a.Verdict, a.Missing = Answered, nil
	n := a.Question.sources(quotedSources)
	chosen := choose(f, n)
	others := e.reader.otherSides(f.asked, f.hits, f.exhibits, citations(f.hits, chosen))
	kept := chosen[:min(len(chosen), max(1, n-len(others)))]
	for _, x := range slices.Concat(kept, others[:min(len(others), n-len(kept))]) {
		a.quote(f.hits[x.hit], x.at, show)
	}
	a.Disagreements = e.reader.disagreements(f.asked, a.Citations)
}

// citations are those of exhibits, in order.
func citations(hits []retrieval.Hit, exhibits []exhibit) []Citation {
	out := make([]Citation, len(exhibits))
	for i, x := range exhibits {
		out[i] = cite(i+1, hits[x.hit], x.at)
	}
	return out
}

// quote adds a run of a hit's passage to an answer, as a sentence in its
// source's words, and shows it.
func (a *Answer) quote(h retrieval.Hit, at corpus.Span, show func(Part)) {
	c := cite(len(a.Citations)+1, h, at)
	a.add(Part{Sentence: Sentence{oneLine(c.Quote), []int{c.N}}, Citations: []Citation{c}}, show)
}

// add adds a part to an answer, and shows it unless show is nil.
func (a *Answer) add(p Part, show func(Part)) {
	a.Sentences = append(a.Sentences, p.Sentence)
	a.Citations = append(a.Citations, p.Citations...)
	if show != nil {
		p.Question = a.Trace.Question
		show(p)
	}
}

// sources is how many citations an answer to q has at most, usual where q does
// not say.
func (q Question) sources(usual int) int {
	if q.Sources > 0 {
		return q.Sources
	}
	return usual
}

// newAnswerID is a fresh name for an answer.
func newAnswerID() string {
	var b [6]byte
	rand.Read(b[:])
	return hex.EncodeToString(b[:])
}

// Bounds of what joins the best sentence.
const (
	enough    = .85 // of the leading one's merit
	ownEnough = .45 // of what the leading one says by itself
	redundant = .6  // of the words shared within one outlet
	copied    = .85 // of the words shared between two
)

// choose picks the sentences of an answer: the best one, and others that come
// close and say something else, those of outlets not yet heard first.
func choose(f finding, n int) []exhibit {
	chosen := f.exhibits[:1:1]
	for _, fresh := range []bool{true, false} {
		for _, x := range f.exhibits[1:] {
			if len(chosen) == n {
				break
			}
			if !adds(f.asked, f.exhibits[0], x) || fresh == heard(f.hits, chosen, x) || repeats(f.hits, chosen, x) {
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

// oneLine is a quote as a sentence of an answer: line breaks and runs of blanks
// become one blank each.
func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }
