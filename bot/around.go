package bot

import (
	"context"
	"errors"
	"strings"
)

// aroundCommands are those for everybody that do not ask.
func aroundCommands() []command {
	return []command{
		searchCommand(), articlesCommand(), checkCommand(), plainCommand(), forgetCommand(), helpCommand(),
	}
}

func aroundAnswerings() []answering {
	return []answering{
		{name: "search", private: true, update: true, run: kindly(turnSearch)},
		{name: "articles", private: true, update: true, run: kindly(turnArticles)},
	}
}

// adminCommands are those for who manages a server or runs the bot.
func adminCommands() []command {
	return []command{ingestCommand(), removeCommand(), settingsCommand(), statusCommand()}
}

func adminAnswerings() []answering {
	return []answering{
		{name: "ingest", private: true, run: kindly(ingestPasted)},
		{name: "ingest-add", private: true, update: true, run: kindly(addPlanned)},
		{name: "remove", private: true, update: true, run: kindly(removePlanned)},
		{name: "cancel", private: true, update: true, run: kindly(cancelPlan)},
	}
}

// A run is what a command or a button does, see command.
type run func(ctx context.Context, b *Bot, c *call) (Reply, error)

// A refusal is an error for the person who asked: a sentence that says what is
// wrong and what to do.
type refusal string

func (r refusal) Error() string { return string(r) }

// kindly is f, which says its refusals instead of failing with them.
func kindly(f run) run {
	return func(ctx context.Context, b *Bot, c *call) (Reply, error) {
		r, err := f(ctx, b, c)
		if no, ok := errors.AsType[refusal](err); ok {
			return saying(string(no)), nil
		}
		return r, err
	}
}

func always(Request) bool { return true }

// saying is a reply of one paragraph.
func saying(text string) Reply { return Reply{Blocks: []Block{textBlock(Paragraph, text)}} }

// commaList are the parts of a list such as "AP, Reuters".
func commaList(s string) []string {
	var out []string
	for part := range strings.SplitSeq(s, ",") {
		if part = oneLine(part); part != "" {
			out = append(out, part)
		}
	}
	return out
}

// newSpec is a command that is called name in English and as its words say in
// other languages.
func newSpec(name string, words func(phrases) naming) CommandSpec {
	names, abouts := inAll(words)
	return CommandSpec{Name: name, Names: names, Description: abouts}
}

func newOption(name string, t OptionType, words func(phrases) naming) OptionSpec {
	names, abouts := inAll(words)
	return OptionSpec{Name: name, Names: names, Description: abouts, Type: t}
}

// inAll are the words for one thing in all languages.
func inAll(words func(phrases) naming) (names, abouts map[Language]string) {
	names, abouts = map[Language]string{}, map[Language]string{}
	for _, l := range Languages() {
		w := words(phrasesIn(l))
		names[l], abouts[l] = w.Name, w.About
	}
	return names, abouts
}
