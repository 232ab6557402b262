package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"footnote/prompts"
	"footnote/retrieval"

	"github.com/spf13/cobra"
)

// What a question may be: bytes read from a pipe, characters in all.
const (
	maxPiped    = 16 << 10
	maxQuestion = 4000
)

// askCommand is "footnote ask".
func (a *app) askCommand() *cobra.Command {
	var f filters
	var follow string
	cmd := &cobra.Command{
		Use:   "ask [QUESTION|-]",
		Short: "A verified answer with its sources",
		Long: `Answers a question from the articles. Every sentence carries the numbers of the
sources that bear it out; "footnote sources" shows their exact words. With a
language model (model.provider), sentences appear as they are verified; where it
is away or over its limit, the sources' own sentences serve, and that is said.
With --follow a question may lean on what was asked before; filters are not
taken over. Ends with exit code 3 if the articles do not answer.`,
		Example: `  footnote ask "Is South Korea sending lethal aid?"
  footnote ask --as-of 2022-11-30 --outlet AP who buys the shells
  footnote ask --follow "and the North?"
  echo "Who won the World Cup?" | footnote ask`,
		RunE: func(cmd *cobra.Command, args []string) error {
			s, err := f.scope(cmd, a.now())
			if err != nil {
				return err
			}
			if err := checkFollow(cmd, follow, args); err != nil {
				return err
			}
			question, err := a.question(cmd, args)
			if err != nil {
				return err
			}
			return a.ask(cmd.Context(), question, follow, s)
		},
	}
	f.add(a, cmd)
	f.addLimit(cmd, "sources")
	a.addFollow(cmd, &follow)
	return cmd
}

// question is what was asked: the words of the command line, or standard
// input for "-" and for a pipe.
func (a *app) question(cmd *cobra.Command, args []string) (string, error) {
	text := strings.Join(args, " ")
	if text == "-" || len(args) == 0 {
		if len(args) == 0 && a.terminal(a.stdin) {
			return "", a.nothingAsked(cmd)
		}
		piped, err := io.ReadAll(io.LimitReader(a.input, maxPiped+1))
		if err != nil {
			return "", fmt.Errorf("reading the question: %w", err)
		}
		if len(piped) > maxPiped {
			return "", usage("", "the question is longer than %s characters; shorten it", grouped(maxQuestion))
		}
		text = string(piped)
	}
	return checkWords(text, "ask", "question")
}

// nothingAsked answers somebody at a terminal who gave no question: with help,
// as waiting in silence would look like a hang.
func (a *app) nothingAsked(cmd *cobra.Command) error {
	if a.flags.json {
		return usage("see: footnote ask --help", "no question was given")
	}
	writeHelp(a.stderr, cmd)
	return outcome(exitUsage)
}

// checkWords is text cleaned for asking and for showing; what is what command
// calls it.
func checkWords(text, command, what string) (string, error) {
	if !utf8.ValidString(text) {
		return "", usage("", "the %s is not UTF-8; convert it first, for example with iconv -t utf-8", what)
	}
	text = oneLine(text)
	switch n := utf8.RuneCountInString(text); {
	case n == 0:
		return "", usage("see: footnote "+command+" --help", "the %s is empty", what)
	case n > maxQuestion:
		return "", usage("", "the %s has %s characters; %s are the most", what, grouped(n), grouped(maxQuestion))
	}
	return text, nil
}

// ask answers a question; follow names the answer that it goes on from, if any.
func (a *app) ask(ctx context.Context, question, follow string, s scope) (err error) {
	lib, err := a.openLibrary(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, lib.close()) }()
	turns, followed, err := conversation(ctx, lib.store, follow)
	if err != nil {
		return err
	}
	searcher, err := a.searcher(ctx, lib)
	if err != nil {
		return err
	}
	in := searcher.In(s.collection)
	answerer, err := a.answerer(ctx, lib, in)
	if err != nil {
		return err
	}
	t := &telling{page: a.page(), question: question, known: s.asOf}
	show := t.show
	if a.flags.json {
		show = nil
	}
	answer, err := answerer.Answer(ctx, s.question(question, turns), show)
	if err != nil {
		t.breakOff()
		return err
	}
	answer.Follows = followed
	coverage := in.Coverage()
	a.logAnswer(answer, coverage)
	a.noteUndated(s, coverage)
	if err := a.showAnswer(t, answer, coverage); err != nil {
		return err
	}
	if err := a.remember(ctx, lib, answer); err != nil {
		a.warn("this answer is not remembered, so \"footnote sources\" will not find it: %s", printable(err.Error()))
	}
	if answer.Verdict == prompts.NotFound {
		return outcome(exitNothing)
	}
	return nil
}

func (a *app) logAnswer(answer prompts.Answer, c retrieval.Coverage) {
	a.log.Debug("question answered", "answer", answer.ID, "verdict", answer.Verdict, "confidence", answer.Confidence,
		"answerer", answer.Answerer, "fallback", answer.Fallback, "rewritten_by", answer.Trace.RewrittenBy,
		"sources", answer.Trace.Sources, "left_out", answer.Trace.LeftOut, "removed", answer.Removed, "cut", answer.Cut,
		"prompt_tokens", answer.Usage.PromptTokens, "completion_tokens", answer.Usage.CompletionTokens,
		"citations", len(answer.Citations), "articles", c.Articles, "model", answer.Trace.Model, "elapsed", answer.Elapsed)
}

// noteUndated says how many articles a date filter could not place.
func (a *app) noteUndated(s scope, c retrieval.Coverage) {
	if s.dated() && c.Undated > 0 {
		a.note("left out: %s without a date", count(c.Undated, "article"))
	}
}

// showAnswer shows what t has not told yet.
func (a *app) showAnswer(t *telling, answer prompts.Answer, c retrieval.Coverage) error {
	if a.flags.json {
		return a.printJSON(answer)
	}
	return t.finish(answer, c)
}
