package main

import (
	"bufio"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"strconv"
	"strings"

	"footnote/bot"

	"github.com/spf13/cobra"
)

// chatCommand is "footnote chat".
func (a *app) chatCommand() *cobra.Command {
	var server, locale string
	cmd := &cobra.Command{
		Use:   "chat",
		Short: "A conversation in the terminal, with the bot's own commands",
		Long: `Asks and answers line by line, as the bot does in a direct message: a line is a
question, and a later one may lean on it. Lines that begin with a slash are the
bot's commands (/help lists them), ".1" presses the first button under the last
reply, and /quit or the end of the input ends it. With --server it is as in that
server, whose own articles are asked too, by somebody who may manage it.`,
		Example: `  footnote chat
  printf 'Is South Korea sending lethal aid?\nand the North?\n/sources\n' | footnote chat`,
		Args: atMost(0),
		RunE: func(cmd *cobra.Command, _ []string) error { return a.chat(cmd.Context(), server, locale) },
	}
	cmd.Flags().StringVar(&server, "server", "", "as in the server of this `ID`")
	cmd.Flags().StringVar(&locale, "locale", "en", "the `LANGUAGE` of the fixed words: en, de, fr, es, ja")
	return cmd
}

// terminal is who asks in the terminal, and where.
const terminal = "terminal"

// maxLine bounds a line that is typed or piped, in bytes.
const maxLine = 64 << 10

func (a *app) chat(ctx context.Context, server, locale string) (err error) {
	if _, err := a.settings(); err != nil {
		return err
	}
	service, err := a.openService(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, service.close()) }()
	if service.samples() {
		a.note("No articles yet: answering from the %d sample articles.", service.now.Load().library.samples)
	}
	options := service.options()
	options.Unlimited, options.Channels, options.Roles, options.Admins = true, nil, nil, []string{terminal}
	if !a.flags.verbose {
		options.Log = slog.New(slog.DiscardHandler)
	}
	b, err := bot.New(ctx, options)
	if err != nil {
		return err
	}
	defer b.Close()
	t := &talk{app: a, bot: b, page: a.page(), place: bot.Place{Guild: server, Channel: terminal, Direct: server == ""}, locale: locale}
	return t.run(ctx, service)
}

// A talk is a conversation in the terminal. It is the Responder of its own
// requests, which come one after the other.
type talk struct {
	app     *app
	bot     *bot.Bot
	page    page
	place   bot.Place
	locale  string
	lines   *bufio.Scanner
	asked   int          // requests so far
	told    int          // blocks of the running reply that are on the page
	buttons []bot.Action // under the last reply
	form    *bot.Form    // that the last reply opened
}

// run answers line after line until there is none left.
func (t *talk) run(ctx context.Context, s *service) error {
	t.lines = bufio.NewScanner(t.app.input)
	t.lines.Buffer(make([]byte, 0, 4096), maxLine)
	for {
		t.prompt("> ")
		if !t.lines.Scan() {
			return t.ended(ctx)
		}
		line := strings.TrimSpace(t.lines.Text())
		if line == "/quit" || line == "/exit" {
			return nil
		}
		if line == "" {
			continue
		}
		if err := s.catchUp(ctx); err != nil {
			t.app.warn("the index does not follow the store: %s", printable(err.Error()))
		}
		t.take(ctx, line)
	}
}

// ended is why there is no further line.
func (t *talk) ended(ctx context.Context) error {
	err := t.lines.Err()
	switch {
	case errors.Is(err, bufio.ErrTooLong):
		return usage("", "a line is longer than %s bytes; shorten it", grouped(maxLine))
	case ctx.Err() != nil:
		return ctx.Err()
	case err != nil:
		return fmt.Errorf("reading a line: %w", err)
	}
	return nil
}

// prompt asks for a line, where somebody sees it.
func (t *talk) prompt(with string) {
	if t.app.terminal(t.app.stdin) && !t.app.flags.json {
		fmt.Fprint(t.app.stderr, with)
	}
}

// take does what a line asks for. A line that cannot be understood is answered
// like any other.
func (t *talk) take(ctx context.Context, line string) {
	r, err := t.request(line)
	if err != nil {
		t.app.warn("%s", err)
		return
	}
	t.serve(ctx, r)
	for t.form != nil {
		form := t.form
		t.form = nil
		if filled, ok := t.fill(*form); ok {
			t.serve(ctx, bot.Request{Kind: bot.Filled, Action: form.ID, Options: filled})
		}
	}
}

func (t *talk) serve(ctx context.Context, r bot.Request) {
	t.asked++
	now := t.app.now()
	r.ID = fmt.Sprintf("terminal-%d-%d", now.UnixNano(), t.asked)
	r.Place, r.Locale, r.At = t.place, t.locale, now
	r.Person = bot.Person{ID: terminal, Admin: true}
	t.told = 0
	t.bot.Serve(ctx, r, t)
}

// request is what a line asks for.
func (t *talk) request(line string) (bot.Request, error) {
	if n, ok := strings.CutPrefix(line, "."); ok {
		number, err := strconv.Atoi(n)
		if err != nil || number < 1 || number > len(t.buttons) {
			return bot.Request{}, fmt.Errorf("there is no button %s", oneLine(line))
		}
		return bot.Request{Kind: bot.Pressed, Action: t.buttons[number-1].ID}, nil
	}
	command, isCommand := strings.CutPrefix(line, "/")
	if !isCommand {
		return bot.Request{Kind: bot.Said, Text: line}, nil
	}
	name, rest, _ := strings.Cut(command, " ")
	for _, c := range t.bot.Commands() {
		switch {
		case c.Menu && typed(c) == name:
			return bot.Request{Kind: bot.Menu, Name: c.Name, Text: rest}, nil
		case !c.Menu && (c.Name == name || c.Names[t.language()] == name):
			return commandRequest(c, t.language(), rest)
		}
	}
	return bot.Request{}, fmt.Errorf("there is no command /%s; /help lists those there are", oneLine(name))
}

func (t *talk) language() bot.Language { return bot.LanguageOf(t.locale) }

// typed is what a message's menu is called in the terminal: its first word.
func typed(c bot.CommandSpec) string {
	word, _, _ := strings.Cut(strings.ToLower(c.Name), " ")
	return word
}

// commandRequest reads the options of a command: words such as
// since:2022-11 or outlet:"Al Jazeera", and all others for its first option.
// Options go by their English names too.
func commandRequest(c bot.CommandSpec, l bot.Language, rest string) (bot.Request, error) {
	r := bot.Request{Kind: bot.Slash, Name: c.Name, Options: make(map[string]string)}
	var loose []string
	for _, word := range words(rest) {
		name, value, named := strings.Cut(word, ":")
		option := optionNamed(c, l, name)
		switch {
		case option == nil || !named && option.Type != bot.Subcommand:
			loose = append(loose, word)
		case option.Type == bot.Attachment:
			file, err := openFile(value)
			if err != nil {
				return r, err
			}
			r.File = file
		case option.Type == bot.Subcommand:
			r.Options[option.Name] = "true"
		default:
			r.Options[option.Name] = value
		}
	}
	if len(loose) == 0 {
		return r, nil
	}
	if len(c.Options) == 0 || c.Options[0].Type == bot.Attachment {
		return r, fmt.Errorf("/%s does not know what to do with %q", c.Name, oneLine(loose[0]))
	}
	r.Options[c.Options[0].Name] = strings.Join(loose, " ")
	return r, nil
}

func optionNamed(c bot.CommandSpec, l bot.Language, name string) *bot.OptionSpec {
	for i, o := range c.Options {
		if o.Name == name || o.Names[l] == name {
			return &c.Options[i]
		}
	}
	return nil
}

// words are the words of s, those in double quotes together.
func words(s string) []string {
	quoted := false
	out := strings.FieldsFunc(s, func(r rune) bool {
		if r == '"' {
			quoted = !quoted
		}
		return !quoted && (r == ' ' || r == '\t')
	})
	for i, w := range out {
		if strings.Contains(w, `:"`) {
			out[i] = strings.ReplaceAll(w, `"`, "")
		}
	}
	return out
}

// openFile is a file as something that is attached.
func openFile(path string) (*bot.File, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, fmt.Errorf("%s: %s", oneLine(path), readingFault(err))
	}
	if !info.Mode().IsRegular() {
		return nil, fmt.Errorf("%s is not a regular file", oneLine(path))
	}
	open := func(context.Context) (io.ReadCloser, error) { return os.Open(path) }
	return &bot.File{Name: info.Name(), Size: info.Size(), Open: open}, nil
}

// fill asks for the fields of a form, a line each; ok is false if the input
// ends before.
func (t *talk) fill(f bot.Form) (filled map[string]string, ok bool) {
	filled = make(map[string]string)
	for _, field := range f.Fields {
		t.prompt(oneLine(field.Label) + ": ")
		if !t.lines.Scan() {
			return nil, false
		}
		filled[field.Name] = cmp.Or(strings.TrimSpace(t.lines.Text()), field.Value)
	}
	return filled, true
}

// Answer implements bot.Responder.
func (t *talk) Answer(ctx context.Context, r bot.Reply) error {
	_, err := t.Finish(ctx, r)
	return err
}

// Acknowledge implements bot.Responder: somebody at a terminal sees that it
// works.
func (t *talk) Acknowledge(context.Context, bot.Acknowledgement) error { return nil }

// Show implements bot.Responder: sentences are told as they are verified.
func (t *talk) Show(_ context.Context, r bot.Reply) {
	if t.app.flags.json {
		return
	}
	for _, b := range r.Blocks[min(t.told, len(r.Blocks)):] {
		if b.Kind != bot.Sentence {
			return
		}
		t.page.block(b)
		t.told++
	}
}

// Finish implements bot.Responder.
func (t *talk) Finish(_ context.Context, r bot.Reply) (bot.Posted, error) {
	t.form = r.Form
	if r.Form != nil {
		return bot.Posted{}, nil
	}
	t.buttons = nil
	for _, row := range r.Rows {
		t.buttons = append(t.buttons, row...)
	}
	if t.app.flags.json {
		return t.posted(), t.app.printJSON(newReplyJSON(r))
	}
	if r.Gone {
		fmt.Fprintln(t.page, t.page.dim("(deleted)"))
		return bot.Posted{}, nil
	}
	if r.Answer == "" {
		t.told = 0 // what was told begins no apology
	}
	return t.posted(), t.page.reply(r, t.told)
}

// posted is where the reply stands: on a page that has no ids, so that a later
// question finds it by the conversation.
func (t *talk) posted() bot.Posted { return bot.Posted{Channel: t.place.Channel} }
