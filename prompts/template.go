package prompts

import (
	"cmp"
	_ "embed"
	"encoding/json"
	"fmt"
	"strings"
	"text/template"
	"time"
	"unicode"

	"footnote/corpus"
	"footnote/retrieval"
)

//go:embed templates/answer_system.tmpl
var answerSystem string

//go:embed templates/answer_words.tmpl
var answerWords string

//go:embed templates/answer_user.tmpl
var answerUser string

//go:embed templates/rewrite_system.tmpl
var rewriteSystem string

//go:embed templates/rewrite_words.tmpl
var rewriteWords string

//go:embed templates/rewrite_user.tmpl
var rewriteUser string

// The schemas keep to what all endpoints take in strict mode: every key is
// required, no other is allowed, and neither numbers nor lengths have bounds. A
// grammar made of one keeps to the order of its keys, so that a model copies a
// quote before it says what the quote means.
const (
	answerSchema = `{"type":"object","properties":{"answer":{"type":"array","items":{"type":"object",` +
		`"properties":{"source":{"type":"integer"},"quote":{"type":"string"},"sentence":{"type":"string"}},` +
		`"required":["source","quote","sentence"],"additionalProperties":false}}},` +
		`"required":["answer"],"additionalProperties":false}`
	rewriteSchema = `{"type":"object","properties":{"question":{"type":"string"}},` +
		`"required":["question"],"additionalProperties":false}`
)

// templates write the prompts. They never change.
type templates struct{ answerUser, rewriteUser *template.Template }

func newTemplates() *templates {
	return &templates{
		answerUser:  template.Must(template.New("answer").Parse(answerUser)),
		rewriteUser: template.Must(template.New("rewrite").Parse(rewriteUser)),
	}
}

// A prompt is what an answer is written from.
type prompt struct {
	question           string
	sources            []retrieval.Hit // sources[i] has number i+1
	asOf, since, until time.Time       // days, all included; zero is none
	outlets            []string        // none is all
}

// answer is the request for an answer, without its MaxTokens. The sources come
// first and the question last, so that an endpoint that caches what prompts
// begin with need not read the sources again.
func (t *templates) answer(p prompt) (Request, error) { return t.answerView(p.view()) }

func (t *templates) answerView(v promptView) (Request, error) {
	var user strings.Builder
	if err := t.answerUser.Execute(&user, v); err != nil {
		return Request{}, fmt.Errorf("writing the prompt for an answer: %w", err)
	}
	return newRequest(answerSystem, user.String(), Schema{"answer", json.RawMessage(answerSchema), answerWords}), nil
}

// rewrite is the request for a question that stands alone, without its
// MaxTokens.
func (t *templates) rewrite(turns []Turn, question string) (Request, error) {
	said := make([]Turn, len(turns))
	for i, turn := range turns {
		said[i] = Turn{oneLine(inert(turn.Question)), oneLine(inert(turn.Answer))}
	}
	var user strings.Builder
	err := t.rewriteUser.Execute(&user, struct {
		Turns    []Turn
		Question string
	}{said, oneLine(inert(question))})
	if err != nil {
		return Request{}, fmt.Errorf("writing the prompt for a question that stands alone: %w", err)
	}
	return newRequest(rewriteSystem, user.String(), Schema{"question", json.RawMessage(rewriteSchema), rewriteWords}), nil
}

// instructions are what a model is told of how to answer. No answer may show
// them.
func (*templates) instructions() string { return answerSystem + answerWords + answerUser }

// newRequest makes a request of texts that end as files do.
func newRequest(system, user string, s Schema) Request {
	s.Words = strings.TrimSpace(s.Words)
	return Request{System: strings.TrimSpace(system), User: strings.TrimSpace(user), Schema: s}
}

// A promptView is a prompt as its template reads it: nothing in it can act.
type promptView struct {
	Sources                               []sourceView
	AsOf, Since, Until, Outlets, Question string
}

// A sourceView is a source as the template reads it.
type sourceView struct {
	N                                     int
	Outlet, Date, Title, Heading, Passage string
}

func (p prompt) view() promptView {
	v := promptView{
		AsOf: corpus.Day(p.asOf), Since: corpus.Day(p.since), Until: corpus.Day(p.until),
		Outlets:  attribute(strings.Join(p.outlets, ", ")),
		Question: oneLine(inert(p.question)),
	}
	for i, h := range p.sources {
		v.Sources = append(v.Sources, sourceView{
			N:       i + 1,
			Outlet:  cmp.Or(attribute(h.Article.Outlet), "unknown"),
			Date:    cmp.Or(corpus.Day(h.Article.Published), "unknown"),
			Title:   cmp.Or(attribute(h.Article.Title), "unknown"),
			Heading: attribute(strings.Join(h.Passage.Heading, " / ")),
			Passage: strings.TrimSpace(inert(h.Passage.Text)),
		})
	}
	return v
}

// inert is s as it may stand in a prompt: valid UTF-8 in which nothing opens
// or closes a block and nothing is invisible. < and > become ‹ and ›, and any
// blank but a line break a plain one. Doing it twice changes nothing more.
func inert(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '<':
			return '‹'
		case r == '>':
			return '›'
		case r == '\n':
			return r
		case unicode.IsSpace(r):
			return ' '
		case unicode.In(r, unicode.C, unicode.Variation_Selector, unicode.Other_Default_Ignorable_Code_Point):
			return -1
		}
		return r
	}, strings.ToValidUTF8(s, ""))
}

// attribute is s as it may stand between quotation marks in a prompt.
func attribute(s string) string {
	return strings.ReplaceAll(oneLine(inert(s)), `"`, "’")
}
