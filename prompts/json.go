package prompts

import (
	"encoding/json"
	"fmt"
	"maps"
	"math"
	"slices"
	"time"

	"footnote/corpus"
	"footnote/retrieval"
)

// ArticleJSON is an article as scripts see it.
type ArticleJSON struct {
	ID        string  `json:"id"`
	Title     string  `json:"title"`
	Outlet    string  `json:"outlet"`
	URL       string  `json:"url"`
	Published *string `json:"published"` // 2022-11-11, or null
}

// NewArticleJSON is a as scripts see it.
func NewArticleJSON(a corpus.Article) ArticleJSON {
	return ArticleJSON{string(a.ID), a.Title, a.Outlet, a.URL, dayJSON(a.Published)}
}

func (a ArticleJSON) article() (corpus.Article, error) {
	day, err := parseDay(a.Published)
	return corpus.Article{ID: corpus.ArticleID(a.ID), Title: a.Title, Outlet: a.Outlet, URL: a.URL, Published: day}, err
}

func dayJSON(t time.Time) *string {
	if t.IsZero() {
		return nil
	}
	day := corpus.Day(t)
	return &day
}

func parseDay(day *string) (time.Time, error) {
	if day == nil {
		return time.Time{}, nil
	}
	return time.Parse(time.DateOnly, *day)
}

// PassageJSON is a passage as scripts see it; offsets are bytes into the
// article's text.
type PassageJSON struct {
	ID      string   `json:"id"`
	Start   int      `json:"start"`
	End     int      `json:"end"`
	Text    string   `json:"text"`
	Heading []string `json:"heading"`
}

func newPassageJSON(p corpus.Passage) PassageJSON {
	heading := p.Heading
	if heading == nil {
		heading = []string{}
	}
	return PassageJSON{string(p.ID), p.Start, p.End, p.Text, heading}
}

func (p PassageJSON) passage(article string) corpus.Passage {
	return corpus.Passage{
		ID: corpus.PassageID(p.ID), Article: corpus.ArticleID(article), Heading: p.Heading,
		Start: p.Start, End: p.End, Text: p.Text,
	}
}

// HitJSON is a hit as scripts see it.
type HitJSON struct {
	Rank       int         `json:"rank"` // from 1
	Score      float64     `json:"score"`
	Article    ArticleJSON `json:"article"`
	Passage    PassageJSON `json:"passage"`
	VectorRank *int        `json:"vector_rank"` // null: that ranking did not hold it
	WordRank   *int        `json:"word_rank"`
}

// NewHitJSON is h as scripts see it, at a rank that counts from 1.
func NewHitJSON(rank int, h retrieval.Hit) HitJSON {
	return HitJSON{
		rank, h.Score, NewArticleJSON(h.Article), newPassageJSON(h.Passage),
		rankJSON(h.Why.VectorRank), rankJSON(h.Why.WordRank),
	}
}

func rankJSON(rank int) *int {
	if rank == 0 {
		return nil
	}
	return &rank
}

func (h HitJSON) hit() (retrieval.Hit, error) {
	a, err := h.Article.article()
	hit := retrieval.Hit{Passage: h.Passage.passage(h.Article.ID), Article: a, Score: h.Score}
	if h.VectorRank != nil {
		hit.Why.VectorRank = *h.VectorRank
	}
	if h.WordRank != nil {
		hit.Why.WordRank = *h.WordRank
	}
	return hit, err
}

// QuoteJSON is a quote and where it stands in the article's text.
type QuoteJSON struct {
	Text  string `json:"text"`
	Start int    `json:"start"`
	End   int    `json:"end"`
}

// CitationJSON is a citation as scripts see it.
type CitationJSON struct {
	N       int         `json:"n"`
	Article ArticleJSON `json:"article"`
	Passage PassageJSON `json:"passage"`
	Quote   QuoteJSON   `json:"quote"`
}

// NewCitationJSON is c as scripts see it.
func NewCitationJSON(c Citation) CitationJSON {
	return CitationJSON{
		c.N, NewArticleJSON(c.Hit.Article), newPassageJSON(c.Hit.Passage),
		QuoteJSON{c.Quote, c.QuoteStart, c.QuoteEnd},
	}
}

type sentenceJSON struct {
	Text      string `json:"text"`
	Citations []int  `json:"citations"`
}

type usageJSON struct {
	PromptTokens     int `json:"prompt_tokens"`
	CompletionTokens int `json:"completion_tokens"`
}

type disagreementJSON struct {
	About string     `json:"about"`
	Sides []sideJSON `json:"sides"`
}

type sideJSON struct {
	Citation int    `json:"citation"`
	Says     string `json:"says"`
	Newer    bool   `json:"newer"`
}

// traceJSON counts removals by their flaw: what a model wrote and nothing bore
// out is shown nowhere.
type traceJSON struct {
	Question    string       `json:"question"`
	RewrittenBy string       `json:"rewritten_by"`
	Sources     int          `json:"sources"`
	LeftOut     int          `json:"left_out"`
	Removed     map[Flaw]int `json:"removed"`
	ModelMS     float64      `json:"model_ms"`
}

type answerJSON struct {
	ID            string             `json:"id"`
	Follows       string             `json:"follows,omitempty"`
	Question      string             `json:"question"`
	Verdict       string             `json:"verdict"`
	Confidence    float64            `json:"confidence"`
	AsOf          *string            `json:"as_of"`
	Sentences     []sentenceJSON     `json:"sentences"`
	Citations     []CitationJSON     `json:"citations"`
	Disagreements []disagreementJSON `json:"disagreements"`
	Nearest       []HitJSON          `json:"nearest"`
	Missing       []string           `json:"missing,omitempty"`
	Removed       int                `json:"removed"`
	Cut           bool               `json:"cut"`
	Answerer      string             `json:"answerer"`
	Fallback      Fallback           `json:"fallback"`
	Usage         usageJSON          `json:"usage"`
	Trace         traceJSON          `json:"trace"`
	ElapsedMS     float64            `json:"elapsed_ms"`
}

func milliseconds(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }

func duration(milliseconds float64) time.Duration {
	return time.Duration(math.Round(milliseconds*1000)) * time.Microsecond
}

func newTraceJSON(t Trace) traceJSON {
	out := traceJSON{t.Question, t.RewrittenBy, t.Sources, t.LeftOut, map[Flaw]int{}, milliseconds(t.Model)}
	for _, r := range t.Removals {
		out.Removed[r.Why]++
	}
	return out
}

// trace is what is known of the trace that t was made from; of what was
// removed, only why.
func (t traceJSON) trace() Trace {
	out := Trace{Question: t.Question, RewrittenBy: t.RewrittenBy, Sources: t.Sources, LeftOut: t.LeftOut, Model: duration(t.ModelMS)}
	for _, why := range slices.Sorted(maps.Keys(t.Removed)) {
		out.Removals = append(out.Removals, slices.Repeat([]Removal{{Why: why}}, max(0, min(t.Removed[why], 100)))...)
	}
	return out
}

func newDisagreementJSON(d Disagreement) disagreementJSON {
	out := disagreementJSON{About: d.About}
	for _, s := range d.Sides {
		out.Sides = append(out.Sides, sideJSON(s))
	}
	return out
}

func (d disagreementJSON) disagreement() Disagreement {
	out := Disagreement{About: d.About}
	for _, s := range d.Sides {
		out.Sides = append(out.Sides, Side(s))
	}
	return out
}

// MarshalJSON writes the answer as scripts see it and as it is remembered.
func (a Answer) MarshalJSON() ([]byte, error) {
	out := answerJSON{
		ID: a.ID, Follows: a.Follows, Question: a.Question.Text, Verdict: a.Verdict.String(), Confidence: a.Confidence,
		AsOf: dayJSON(a.Question.AsOf), Sentences: []sentenceJSON{}, Citations: []CitationJSON{},
		Disagreements: []disagreementJSON{}, Nearest: []HitJSON{}, Missing: a.Missing, Removed: a.Removed, Cut: a.Cut,
		Answerer: a.Answerer, Fallback: a.Fallback, Usage: usageJSON(a.Usage), Trace: newTraceJSON(a.Trace),
		ElapsedMS: milliseconds(a.Elapsed),
	}
	for _, d := range a.Disagreements {
		out.Disagreements = append(out.Disagreements, newDisagreementJSON(d))
	}
	for _, s := range a.Sentences {
		out.Sentences = append(out.Sentences, sentenceJSON(s))
	}
	for _, c := range a.Citations {
		out.Citations = append(out.Citations, NewCitationJSON(c))
	}
	for i, h := range a.Nearest {
		out.Nearest = append(out.Nearest, NewHitJSON(i+1, h))
	}
	return json.Marshal(out)
}

// UnmarshalJSON reads what MarshalJSON wrote. The question's filters, but for
// its day, are not in it.
func (a *Answer) UnmarshalJSON(data []byte) error {
	var in answerJSON
	if err := json.Unmarshal(data, &in); err != nil {
		return err
	}
	asOf, err := parseDay(in.AsOf)
	if err != nil {
		return fmt.Errorf("the day of the answer: %w", err)
	}
	*a = Answer{
		ID: in.ID, Follows: in.Follows, Question: Question{Text: in.Question, AsOf: asOf}, Confidence: in.Confidence,
		Missing: in.Missing, Removed: in.Removed, Cut: in.Cut, Answerer: in.Answerer, Fallback: in.Fallback,
		Usage: Usage(in.Usage), Trace: in.Trace.trace(), Elapsed: duration(in.ElapsedMS),
	}
	for _, d := range in.Disagreements {
		a.Disagreements = append(a.Disagreements, d.disagreement())
	}
	if in.Verdict == Answered.String() {
		a.Verdict = Answered
	}
	for _, s := range in.Sentences {
		a.Sentences = append(a.Sentences, Sentence(s))
	}
	for _, c := range in.Citations {
		article, err := c.Article.article()
		if err != nil {
			return fmt.Errorf("citation %d: %w", c.N, err)
		}
		hit := retrieval.Hit{Article: article, Passage: c.Passage.passage(c.Article.ID)}
		a.Citations = append(a.Citations, Citation{c.N, hit, c.Quote.Text, c.Quote.Start, c.Quote.End})
	}
	for _, h := range in.Nearest {
		hit, err := h.hit()
		if err != nil {
			return fmt.Errorf("hit %d: %w", h.Rank, err)
		}
		a.Nearest = append(a.Nearest, hit)
	}
	return nil
}
