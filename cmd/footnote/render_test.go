package main

import (
	"strings"
	"testing"
	"time"

	"footnote/bot"
	"footnote/corpus"
	"footnote/prompts"
	"footnote/retrieval"
)

func shells() corpus.Article {
	return corpus.Article{
		ID: "shells", Title: "U.S. to buy shells", Outlet: "AP", URL: "https://example.org/shells",
		Published: time.Date(2022, 11, 11, 0, 0, 0, 0, time.UTC),
	}
}

func TestSourceLine(t *testing.T) {
	tests := []struct {
		name   string
		change func(*corpus.Article)
		want   string
	}{
		{"all is known", func(*corpus.Article) {}, "AP, 2022-11-11 · U.S. to buy shells · https://example.org/shells"},
		{"derived title", func(a *corpus.Article) { a.Derived = true }, "AP, 2022-11-11 · “U.S. to buy shells” · https://example.org/shells"},
		{"no date", func(a *corpus.Article) { a.Published = time.Time{} }, "AP, undated · U.S. to buy shells · https://example.org/shells"},
		{"no outlet, no link", func(a *corpus.Article) { a.Outlet, a.URL = "", "" }, "unknown outlet, 2022-11-11 · U.S. to buy shells"},
		{"no control characters", func(a *corpus.Article) { a.Title, a.URL = "U.S.\x1b[2J\nto", "" }, "AP, 2022-11-11 · U.S.[2J to"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			a := shells()
			tt.change(&a)
			if got := (page{}).source(a); got != tt.want {
				t.Errorf("got  %s\nwant %s", got, tt.want)
			}
		})
	}
}

func TestCardText(t *testing.T) {
	cut := prompts.Card{Before: "Before it. ", Quote: "It buys\nshells.", After: " After it."}
	hit := retrieval.Hit{Article: shells(), Passage: corpus.Passage{Heading: []string{"War", "Aid"}}}
	cards := []bot.Source{{Citation: prompts.Citation{N: 2, Hit: hit}, Card: cut, Article: shells(), State: retrieval.Superseded}}
	answer := prompts.Answer{ID: "3f9a", Question: prompts.Question{Text: "Who buys?"}}
	tests := []struct {
		name   string
		styled bool
		want   string
	}{
		{"plain", false, `answer 3f9a to: Who buys?

2/4 · AP, 2022-11-11 · U.S. to buy shells · https://example.org/shells
    War › Aid
    Before it. »It buys
    shells.« After it.
    (the article has changed since)
`},
		{"styled", true, "\x1b[2manswer 3f9a to: Who buys?\x1b[m\n\n" +
			"2/4 · \x1b[1mAP, 2022-11-11\x1b[m · U.S. to buy shells · https://example.org/shells\n" +
			"    \x1b[2mWar › Aid\x1b[m\n" +
			"    Before it. \x1b[1mIt buys\x1b[m\n    \x1b[1mshells.\x1b[m After it.\n" +
			"    (the article has changed since)\n"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var b strings.Builder
			if err := (page{Writer: &b, styled: tt.styled}).cards(answer, cards, 4); err != nil {
				t.Fatal(err)
			}
			if b.String() != tt.want {
				t.Errorf("got\n%q\nwant\n%q", &b, tt.want)
			}
		})
	}
}
