package bot

import (
	"fmt"
	"strings"
)

func helpCommand() command {
	spec := newSpec("help", func(p phrases) naming { return p.around.help.command })
	return command{CommandSpec: spec, private: always, instant: help}
}

// help says what can be done here, by whom and how often, and what becomes of
// what people write. It fits the settings.
func help(b *Bot, c *call) (Reply, bool) {
	w := c.words.around.help
	blocks := []Block{textBlock(Heading, "footnote"), textBlock(Paragraph, w.promise), textBlock(Heading, w.asking)}
	blocks = append(blocks, b.askingBlocks(c)...)
	blocks = append(blocks, textBlock(Heading, w.commands))
	blocks = append(blocks, b.commandBlocks(c)...)
	blocks = append(blocks, textBlock(Heading, w.here))
	blocks = append(blocks, b.hereBlocks(c)...)
	blocks = append(blocks, textBlock(Heading, w.privacy), textBlock(Paragraph, w.kept))
	if b.options.Model != "" {
		blocks = append(blocks, textBlock(Line, fmt.Sprintf(w.sent, b.options.Model)))
	}
	before, after, _ := strings.Cut(w.forget, "%s")
	forget := Span{Text: b.forgetName(c.words), Style: Code}
	blocks = append(blocks, Block{Line, []Span{{Text: before}, forget, {Text: after}}})
	return Reply{Blocks: blocks, Private: true}, true
}

// askingBlocks are the ways to ask.
func (b *Bot) askingBlocks(c *call) []Block {
	w := c.words.around.help
	blocks := []Block{
		{Line, []Span{{Text: "/" + b.commandName("ask", c.words.language), Style: Code}, {Text: " – " + w.ask}}},
	}
	if b.options.Mentions {
		blocks = append(blocks, textBlock(Line, w.mention))
	}
	return append(blocks, textBlock(Line, w.direct), textBlock(Line, w.exact))
}

// commandBlocks are the other commands, as they are called in the person's
// language: those of admins only where they can be used.
func (b *Bot) commandBlocks(c *call) []Block {
	var blocks []Block
	for _, spec := range b.Commands() {
		if spec.Name == "ask" || spec.Name == "help" || spec.GuildOnly && c.Place.Guild == "" || spec.Admin && !c.Person.Admin {
			continue
		}
		name, about := spec.Names[c.words.language], spec.Description[c.words.language]
		if spec.Menu {
			about = c.words.around.check.command.About
		} else {
			name = "/" + name
		}
		blocks = append(blocks, Block{Line, []Span{{Text: name, Style: Code}, {Text: " – " + about}}})
	}
	return blocks
}

// hereBlocks are what holds in this place: where and whom the bot answers, from
// what, and how often.
func (b *Bot) hereBlocks(c *call) []Block {
	w, scope := c.words.around.help, c.corpus.Scope
	var blocks []Block
	if c.Place.Guild != "" {
		blocks = append(b.placeBlocks(c.words, c.settings), outletsBlock(c.words, c.settings))
	}
	blocks = append(blocks, textBlock(Line, c.words.covers(scope.Coverage())+ownNote(c.words, countOwn(scope, scope.Articles()))))
	if b.options.Samples() {
		blocks = append(blocks, textBlock(Line, w.samples))
	}
	if b.options.Model == "" {
		blocks = append(blocks, textBlock(Line, w.quotes))
	} else {
		blocks = append(blocks, textBlock(Line, fmt.Sprintf(w.model, b.options.Model)))
	}
	if !b.options.Unlimited {
		blocks = append(blocks, textBlock(Line, fmt.Sprintf(w.limits, b.options.UserPerMinute, b.options.GuildPerMinute)))
	}
	return blocks
}

// commandName is what a command is called in a language.
func (b *Bot) commandName(name string, l Language) string {
	for _, spec := range b.Commands() {
		if spec.Name == name && spec.Names[l] != "" {
			return spec.Names[l]
		}
	}
	return name
}
