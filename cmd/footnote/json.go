package main

import (
	"encoding/json"
	"fmt"
	"time"

	"footnote/bot"
	"footnote/corpus"
	"footnote/prompts"
	"footnote/retrieval"
)

// printJSON writes v to stdout as one line.
func (a *app) printJSON(v any) error {
	encoder := json.NewEncoder(a.stdout)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(v); err != nil {
		return fmt.Errorf("writing JSON: %w", err)
	}
	return nil
}

type errorJSON struct {
	Error errorBody `json:"error"`
}

type errorBody struct {
	Code    string `json:"code"`
	Message string `json:"message"`
	Hint    string `json:"hint"`
}

type removedJSON struct {
	Removed int `json:"removed"`
}

type searchJSON struct {
	Query string            `json:"query"`
	AsOf  string            `json:"as_of,omitempty"`
	Hits  []prompts.HitJSON `json:"hits"`
}

func newSearchJSON(query string, asOf time.Time, hits []retrieval.Hit) searchJSON {
	out := searchJSON{Query: query, AsOf: corpus.Day(asOf), Hits: []prompts.HitJSON{}}
	for i, h := range hits {
		out.Hits = append(out.Hits, prompts.NewHitJSON(i+1, h))
	}
	return out
}

type sourcesJSON struct {
	Answer    string     `json:"answer"`
	Question  string     `json:"question"`
	Citations []cardJSON `json:"citations"`
}

type cardJSON struct {
	prompts.CitationJSON
	Before string `json:"before"`
	After  string `json:"after"`
	State  string `json:"state"` // current, changed or removed
}

func newSourcesJSON(answer prompts.Answer, cards []bot.Source) sourcesJSON {
	out := sourcesJSON{Answer: answer.ID, Question: answer.Question.Text, Citations: []cardJSON{}}
	for _, c := range cards {
		out.Citations = append(out.Citations, cardJSON{prompts.NewCitationJSON(c.Citation), c.Before, c.After, stateWord(c.State)})
	}
	return out
}

func stateWord(s retrieval.CitedState) string {
	switch s {
	case retrieval.Superseded:
		return "changed"
	case retrieval.Gone:
		return "removed"
	}
	return "current"
}

type articlesJSON struct {
	Articles []entryJSON `json:"articles"`
	Pending  int         `json:"pending"` // passages that wait for their vector
}

type entryJSON struct {
	prompts.ArticleJSON
	Passages int        `json:"passages"`
	Bytes    int        `json:"bytes"` // of text
	Source   string     `json:"source"`
	Added    *time.Time `json:"added"`
	Damaged  bool       `json:"damaged,omitempty"`
	// Collection is the server whose article it is; "" if it is everybody's.
	Collection string `json:"collection,omitempty"`
}

func newEntryJSON(e retrieval.Entry) entryJSON {
	out := entryJSON{
		ArticleJSON: prompts.NewArticleJSON(e.Article),
		Passages:    e.Passages,
		Bytes:       e.Bytes,
		Source:      e.Source,
		Damaged:     e.Damaged,
		Collection:  e.Collection,
	}
	if !e.Added.IsZero() {
		out.Added = &e.Added
	}
	return out
}

func newArticlesJSON(entries []retrieval.Entry, pending int) articlesJSON {
	out := articlesJSON{Articles: []entryJSON{}, Pending: pending}
	for _, e := range entries {
		out.Articles = append(out.Articles, newEntryJSON(e))
	}
	return out
}

type shownJSON struct {
	entryJSON
	Text string `json:"text"`
}

func newShownJSON(r retrieval.Record) shownJSON {
	return shownJSON{newEntryJSON(entryOf(r)), r.Text}
}

// entryOf is what a list says of r.
func entryOf(r retrieval.Record) retrieval.Entry {
	return retrieval.Entry{
		Article:    r.Article,
		Passages:   len(r.Passages),
		Bytes:      len(r.Text),
		Source:     r.Source,
		Added:      r.Added,
		Collection: r.Collection,
	}
}

// exportJSON is a line of an export, as ingest reads it back.
type exportJSON struct {
	prompts.ArticleJSON
	Derived bool   `json:"derived,omitempty"`
	Text    string `json:"text"`
}

func newExportJSON(a corpus.Article) exportJSON {
	return exportJSON{prompts.NewArticleJSON(a), a.Derived, a.Text}
}
