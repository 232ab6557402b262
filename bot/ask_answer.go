package bot

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"footnote/prompts"
)

// question is what is asked after what was said before.
func (a Ask) question(turns []prompts.Turn) prompts.Question {
	return prompts.Question{Text: a.Text, Since: a.Since, Until: a.Until, AsOf: a.AsOf, Outlets: a.Outlets, Turns: turns}
}

// answer answers ask as the next turn after the answer follows, shows its
// sentences as they come, and keeps it. An answer that cannot be kept is shown
// all the same, without buttons.
func (b *Bot) answer(ctx context.Context, c *call, ask Ask, follows string) (Reply, error) {
	turns, follows := b.turns(ctx, follows)
	q, opening := ask.question(turns), c.opening(ask)
	var parts []prompts.Part
	answer, err := c.corpus.Answerer.Answer(ctx, q, func(p prompts.Part) {
		parts = append(parts, p)
		c.show(Reply{Blocks: slices.Concat(opening, c.words.draftBlocks(q, parts))})
	})
	if err != nil {
		return Reply{}, err
	}
	answer.Follows = follows
	c.answered = answer
	blocks := slices.Concat(opening, c.words.answerBlocks(answer, c.corpus.Scope.Coverage()), b.remarks(c, ask))
	reply := Reply{Blocks: blocks, Answer: answer.ID}
	err = b.keep(ctx, answer, Asked{
		Answer: answer.ID, Guild: c.Place.Guild, Channel: c.Place.Channel, Person: c.Person.ID,
		Conversation: conversationIn(c.Place, ask.Private), Private: ask.Private, Ask: ask, At: b.options.Now(),
	}, c.began)
	if err != nil {
		if !errors.Is(err, errForgotten) {
			b.options.Log.ErrorContext(ctx, "an answer is not kept", "answer", answer.ID, "error", err)
		}
		reply.Blocks = append(reply.Blocks, textBlock(Note, c.words.answer.notKept))
		return reply, nil
	}
	reply.Rows = c.words.answerRows(answer)
	return reply, nil
}

// opening repeats the question where Discord does not show it: all but a message.
func (c *call) opening(ask Ask) []Block {
	if c.Kind == Said {
		return nil
	}
	return []Block{textBlock(Note, fmt.Sprintf(c.words.answer.toQuestion, clip(oneLine(ask.Text), shownQuestion)))}
}

// remarks say what an answer to ask left out, and what it is of.
func (b *Bot) remarks(c *call, ask Ask) []Block {
	var blocks []Block
	dated := !ask.Since.IsZero() || !ask.last().IsZero()
	if undated := c.corpus.Scope.Coverage().Undated; dated && undated > 0 {
		blocks = append(blocks, textBlock(Note, c.words.counted(undated, c.words.answer.undatedLeft)))
	}
	if b.options.Samples() {
		blocks = append(blocks, textBlock(Note, c.words.answer.fromSamples))
	}
	return blocks
}
