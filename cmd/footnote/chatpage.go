package main

import (
	"fmt"
	"strings"

	"footnote/bot"
)

// replyJSON is a reply as scripts see it, a line each.
type replyJSON struct {
	Answer  string       `json:"answer"` // the id of the answer that is shown; "" if it is none
	Text    string       `json:"text"`
	Private bool         `json:"private"`
	Buttons []buttonJSON `json:"buttons"`
}

type buttonJSON struct {
	Label string `json:"label"`
	ID    string `json:"id"`
}

func newReplyJSON(r bot.Reply) replyJSON {
	var text strings.Builder
	_ = page{Writer: &text}.blocks(r.Blocks) // a builder takes all
	out := replyJSON{Answer: r.Answer, Text: strings.TrimSpace(text.String()), Private: r.Private, Buttons: []buttonJSON{}}
	for _, row := range r.Rows {
		for _, b := range row {
			out.Buttons = append(out.Buttons, buttonJSON{b.Label, b.ID})
		}
	}
	return out
}

// reply writes a reply but for its first told blocks, and its buttons.
func (p page) reply(r bot.Reply, told int) error {
	if err := p.blocks(r.Blocks[min(told, len(r.Blocks)):]); err != nil {
		return err
	}
	var buttons []string
	for _, row := range r.Rows {
		for _, b := range row {
			buttons = append(buttons, fmt.Sprintf(".%d %s", len(buttons)+1, oneLine(b.Label)))
		}
	}
	if len(buttons) > 0 {
		fmt.Fprintln(p, p.dim(p.wrap(strings.Join(buttons, "   "), 0)))
	}
	_, err := fmt.Fprintln(p)
	return err
}

func (p page) blocks(blocks []bot.Block) error {
	for _, b := range blocks {
		if err := p.block(b); err != nil {
			return err
		}
	}
	return nil
}

// block writes a block on lines of its own.
func (p page) block(b bot.Block) error {
	text := p.spans(b)
	switch b.Kind {
	case bot.Heading:
		text = p.bold(p.wrap(text, 0))
	case bot.Quotation:
		text = p.wrap(text, 4)
	case bot.Note:
		text = p.dim(p.wrap(text, 0))
	case bot.Paragraph:
		text = "\n" + p.wrap(text, 0)
	default:
		text = p.wrap(text, 0)
	}
	_, err := fmt.Fprintln(p, text)
	return err
}

// spans is the text of a block. Where bold does not show, the quote of a
// quotation stands between marks.
func (p page) spans(b bot.Block) string {
	var out strings.Builder
	for _, s := range b.Spans {
		text := printable(s.Text)
		switch {
		case s.Style == bot.Strong && p.styled:
			text = p.bold(text)
		case s.Style == bot.Strong && b.Kind == bot.Quotation:
			text = "»" + text + "«"
		case s.Style == bot.Link && s.URL != "" && s.URL != s.Text:
			text += " · " + oneLine(s.URL)
		}
		out.WriteString(text)
	}
	return strings.TrimSpace(out.String())
}
