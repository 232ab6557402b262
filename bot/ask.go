package bot

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode"

	"footnote/corpus"
)

// How long what is typed may be, in characters.
const (
	maxDay     = 40
	maxOutlets = 200
	maxChoice  = 100
	maxChoices = 25

	shownQuestion = 300 // above its answer
)

// askCommands are the commands that ask, and that show what was said.
func askCommands() []command {
	return []command{askCommand(), sourcesCommand()}
}

func askCommand() command {
	option := func(name string, o OptionSpec, words func(answerWords) naming) OptionSpec {
		spec := newOption(name, o.Type, func(p phrases) naming { return words(p.answer) })
		spec.Required, spec.Max, spec.Completes = o.Required, o.Max, o.Completes
		return spec
	}
	spec := newSpec("ask", func(p phrases) naming { return p.answer.ask })
	spec.Options = []OptionSpec{
		option("question", OptionSpec{Required: true, Max: maxText}, func(w answerWords) naming { return w.question }),
		option("since", OptionSpec{Max: maxDay}, func(w answerWords) naming { return w.since }),
		option("until", OptionSpec{Max: maxDay}, func(w answerWords) naming { return w.until }),
		option("as_of", OptionSpec{Max: maxDay}, func(w answerWords) naming { return w.asOf }),
		option("outlet", OptionSpec{Max: maxOutlets, Completes: true}, func(w answerWords) naming { return w.outlet }),
		option("private", OptionSpec{Type: Flag}, func(w answerWords) naming { return w.private }),
	}
	return command{
		CommandSpec: spec,
		private:     func(r Request) bool { return r.Options["private"] == "true" },
		limited:     true,
		instant:     askInstantly,
		run:         kindly(runAsk),
	}
}

// askInstantly completes the outlet, and refuses what cannot be asked before it
// counts.
func askInstantly(b *Bot, c *call) (Reply, bool) {
	if c.Kind == Typing {
		return Reply{Choices: outletChoices(c.corpus.Scope.Outlets(), c.Options["outlet"])}, true
	}
	if _, err := c.ask(b.options.Now()); err != nil {
		return notice(err.Error()), true
	}
	return Reply{}, false
}

// runAsk answers a question of the command or of a message.
func runAsk(ctx context.Context, b *Bot, c *call) (Reply, error) {
	ask, err := c.ask(b.options.Now())
	if err != nil {
		return Reply{}, err
	}
	follows, err := b.followed(ctx, c)
	if err != nil {
		b.options.Log.WarnContext(ctx, "a question is asked without its conversation", "error", err)
	}
	return b.answer(ctx, c, ask, follows)
}

// ask is what a request asks. The error is a refusal.
func (c *call) ask(now time.Time) (Ask, error) {
	text := c.Text
	if c.Kind != Said {
		text = c.Options["question"]
	}
	if text = question(text); !isVisible(text) {
		return Ask{}, refusal(c.words.gate.noText)
	}
	ask, err := c.filters(now)
	ask.Text, ask.Private, ask.Language = text, c.Options["private"] == "true", c.words.language
	return ask, err
}

// filters are the days and outlets that a request asks of. The error is a
// refusal.
func (c *call) filters(now time.Time) (Ask, error) {
	w := c.words.answer
	var ask Ask
	for _, d := range []struct {
		text string
		end  bool
		day  *time.Time
	}{
		{c.Options["since"], false, &ask.Since},
		{c.Options["until"], true, &ask.Until},
		{c.Options["as_of"], true, &ask.AsOf},
	} {
		if strings.TrimSpace(d.text) == "" {
			continue
		}
		var err error
		if *d.day, err = corpus.ParseRange(d.text, now, d.end); err != nil {
			return Ask{}, refusal(fmt.Sprintf(w.noDate, clip(oneLine(d.text), maxDay)))
		}
	}
	if last := ask.last(); !last.IsZero() && last.Before(ask.Since) {
		return Ask{}, refusal(w.noDays)
	}
	var err error
	ask.Outlets, err = c.outlets()
	return ask, err
}

// outlets are those that a request names, or else the server's own choice. The
// error is a refusal.
func (c *call) outlets() ([]string, error) {
	typed := strings.TrimSpace(c.Options["outlet"])
	if typed == "" {
		return c.settings.Outlets, nil
	}
	known := c.corpus.Scope.Outlets()
	if isOutlet(known, typed) { // its name may hold a comma
		return []string{typed}, nil
	}
	named := commaList(typed)
	for _, outlet := range named {
		if !isOutlet(known, outlet) {
			return nil, refusal(fmt.Sprintf(c.words.answer.noOutlet, clip(outlet, maxDay)))
		}
	}
	return named, nil
}

func isOutlet(known []string, name string) bool {
	return slices.ContainsFunc(known, func(k string) bool { return strings.EqualFold(k, name) })
}

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

// outletChoices complete the last of several outlets, which commas part.
func outletChoices(known []string, typed string) []Choice {
	before, part := "", typed
	if i := strings.LastIndexByte(typed, ','); i >= 0 {
		before, part = strings.TrimSpace(typed[:i+1])+" ", typed[i+1:]
	}
	part = strings.ToLower(strings.TrimSpace(part))
	var choices []Choice
	for _, outlet := range known {
		all := before + outlet
		if !strings.Contains(strings.ToLower(outlet), part) || len([]rune(all)) > maxChoice {
			continue
		}
		if choices = append(choices, Choice{Label: all, Value: all}); len(choices) == maxChoices {
			break
		}
	}
	return choices
}

// question is text as it is asked: on one line, and without the characters that
// nobody sees, but those that join letters and emoji or keep them apart.
func question(text string) string {
	const nonJoiner, joiner = '\u200c', '\u200d'
	return oneLine(strings.Map(func(r rune) rune {
		switch {
		case r == nonJoiner, r == joiner, unicode.IsSpace(r):
			return r
		case unicode.IsControl(r) || unicode.Is(unicode.Cf, r):
			return -1
		}
		return r
	}, strings.ToValidUTF8(text, "")))
}

// last is the last day that is asked of; zero is open.
func (a Ask) last() time.Time {
	if a.Until.IsZero() || !a.AsOf.IsZero() && a.AsOf.Before(a.Until) {
		return a.AsOf
	}
	return a.Until
}
