package bot

import (
	"context"
	"errors"
	"slices"
	"time"

	"footnote/prompts"
)

// A CommandSpec is a command as a front end offers it.
type CommandSpec struct {
	Name        string // in English; lower case, or the title of a message's menu
	Names       map[Language]string
	Description map[Language]string // none for a menu
	Options     []OptionSpec
	Menu        bool // of a message, not a slash command
	Admin       bool // for those who manage the server
	GuildOnly   bool
}

// An OptionSpec is what a command takes.
type OptionSpec struct {
	Name        string
	Names       map[Language]string
	Description map[Language]string
	Type        OptionType
	Required    bool
	Completes   bool // asks the bot what it could be, see Typing
	Max         int  // characters of a Text; 0 is Discord's own
}

// An OptionType is what an option holds; as a string in Request.Options.
type OptionType int

// What options hold.
const (
	Text       OptionType = iota
	Flag                  // "true" or "false"
	Channel               // its id
	Role                  // its id
	Attachment            // in Request.File
	Subcommand            // "true" if it is the one that was used; first and alone
)

// Commands are all that the bot offers.
func (b *Bot) Commands() []CommandSpec {
	var specs []CommandSpec
	for _, c := range commands() {
		specs = append(specs, c.CommandSpec)
	}
	return specs
}

// A command is a CommandSpec and what it does.
type command struct {
	CommandSpec
	// private says whether the reply is for that person alone.
	private func(Request) bool
	// limited: it counts among the person's questions and waits for a free slot.
	limited bool
	// instant answers from memory, before the request is acknowledged: a form,
	// choices; ok is false if run is to do it. May be nil.
	instant func(b *Bot, c *call) (r Reply, ok bool)
	run     run
}

// A run does the work of a command or a button. Its error is for operators: the
// person gets an apology.
type run func(ctx context.Context, b *Bot, c *call) (Reply, error)

// commands is the one table: Discord and the terminal both work by it.
func commands() []command {
	return slices.Concat(askCommands(), aroundCommands(), adminCommands())
}

// An answering says what a button or a form does.
type answering struct {
	name    string // of the action, see action
	private bool   // replies for that person alone; else as the message is
	update  bool   // changes the message that it is under
	asker   bool   // only for the one who asked
	limited bool   // counts among the person's questions
	instant func(b *Bot, c *call) (r Reply, ok bool)
	run     run
}

// answerings is the table of buttons and forms.
func answerings() []answering {
	return slices.Concat(askAnswerings(), aroundAnswerings(), adminAnswerings())
}

// A call is a request on its way through a handler.
type call struct {
	Request
	began    time.Time
	action   action   // of a button or form
	words    phrases  // in the person's language
	settings Settings // of the server
	plain    bool     // the server or the person wants plain text
	corpus   Corpus   // what the place may see
	asked    Asked    // of a button or form about an answer: whose it is; zero if there is none
	show     func(Reply)
	answered prompts.Answer // by the handler, for the record; zero if it gave none
}

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
