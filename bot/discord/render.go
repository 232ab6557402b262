package discord

import (
	"unicode/utf16"
	"unicode/utf8"

	"footnote/bot"

	"github.com/bwmarrin/discordgo"
)

// maxContent is what a message holds, in UTF-16 units: at least as many as
// Discord counts.
const maxContent = 2000

// A body is a message as REST takes it.
type body struct {
	Content         string                           `json:"content"`
	Components      []discordgo.MessageComponent     `json:"components"` // empty takes away what was there
	Flags           discordgo.MessageFlags           `json:"flags"`
	AllowedMentions discordgo.MessageAllowedMentions `json:"allowed_mentions"`
	Reference       *discordgo.MessageReference      `json:"message_reference,omitempty"`
	Nonce           string                           `json:"nonce,omitempty"`
	EnforceNonce    bool                             `json:"enforce_nonce,omitempty"`
}

// render is r as one or more messages. The buttons are under the last one, the
// mention of whom r pings is in the first. Whatever the texts of r hold, they
// are shown as text: nobody else is mentioned, nothing else is a link.
func render(r bot.Reply) []body {
	var bodies []body
	for _, content := range pages(r) {
		bodies = append(bodies, body{
			Content:         content,
			Components:      []discordgo.MessageComponent{},
			Flags:           discordgo.MessageFlagsSuppressEmbeds,
			AllowedMentions: discordgo.MessageAllowedMentions{Parse: []discordgo.AllowedMentionType{}},
		})
	}
	if isSnowflake(r.Ping) {
		bodies[0].AllowedMentions.Users = []string{r.Ping}
	}
	bodies[len(bodies)-1].Components = buttons(r.Rows)
	return bodies
}

// pages are the contents of r's messages, one at least: none is empty, none
// longer than maxContent.
func pages(r bot.Reply) []string {
	var l layout
	if isSnowflake(r.Ping) {
		l.page, l.gap = "<@"+r.Ping+">", "\n"
	}
	kind := bot.BlockKind(-1)
	for _, b := range r.Blocks {
		t := paint(b, r.Plain)
		if len(t.atoms) == 0 {
			continue
		}
		if kind >= 0 {
			l.gap = between(kind, b.Kind)
			if l.gap == " " && endsWithoutBlank(l.page) {
				l.gap = ""
			}
		}
		kind = b.Kind
		l.add(t)
	}
	if l.page == "" {
		l.page = "…" // Discord takes no empty message
	}
	return append(l.done, l.page)
}

// A layout puts texts on pages.
type layout struct {
	done   []string
	page   string
	gap    string // parts the next text from the page so far
	filled bool   // the page has a text
}

// add puts a text on the page, on a new one if it does not fit, and on several
// if it is longer than a page.
func (l *layout) add(t *text) {
	for {
		whole := t.draw(len(t.atoms))
		if units(l.page+l.gap+whole) <= maxContent {
			l.page, l.filled = l.page+l.gap+whole, true
			return
		}
		if !l.filled {
			n := t.cut(maxContent - units(l.page+l.gap))
			l.page += l.gap + t.draw(n)
			t.drop(n)
		}
		l.done = append(l.done, l.page)
		l.page, l.gap, l.filled = "", "", false
	}
}

// between is what parts a block from the one before it.
func between(before, block bot.BlockKind) string {
	switch {
	case before == bot.Sentence && block == bot.Sentence:
		return " "
	case before == bot.Heading, block == bot.Note:
		return "\n"
	case block == bot.Line && before != bot.Sentence, block == bot.Quotation && before != bot.Quotation:
		return "\n"
	}
	return "\n\n"
}

// endsWithoutBlank says whether a page ends with a sentence of a script that
// has no blanks.
func endsWithoutBlank(page string) bool {
	r, _ := utf8.DecodeLastRuneInString(page)
	return isFullStop(r)
}

// units are the UTF-16 units of s.
func units(s string) int {
	n := 0
	for _, r := range s {
		n += utf16.RuneLen(r)
	}
	return n
}
