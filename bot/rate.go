package bot

import (
	"context"
	"fmt"
	"slices"

	"footnote/prompts"
)

// askAnswerings are what the buttons under answers and sources do. All but the
// last are about an answer that the person may see: call.asked.
func askAnswerings() []answering {
	return []answering{
		{name: "sources", private: true, instant: refuseUnknown, run: pressSources},
		{name: "page", private: true, update: true, instant: refuseUnknown, run: pressSources},
		{name: "rate", private: true, instant: refuseUnknown, run: rate},
		{name: "retry", asker: true, limited: true, instant: refuseUnknown, run: retry},
		{name: "delete", update: true, instant: refuseDelete, run: remove},
		{name: "follow", instant: openFollow},
		{name: "ask", limited: true, instant: refuseFollow, run: kindly(follow)},
		{name: "wait", private: true, instant: refuseUnknown, run: wait},
		{name: "unwait", private: true, update: true, run: stopWaiting},
	}
}

// answerRows are the buttons under an answer, those that are wanted most first.
func (p phrases) answerRows(a prompts.Answer) [][]Action {
	button := func(label, name, arg string) Action { return Action{Label: label, ID: action{name, a.ID, arg}.id()} }
	var first []Action
	if n := len(a.Citations); n > 0 {
		first = append(first, button(fmt.Sprintf(p.answer.showSources, n), "sources", ""))
	}
	if a.Verdict == prompts.NotFound {
		first = append(first, button(p.answer.tellMe, "wait", ""))
	}
	first = append(first, button(p.answer.followUp, "follow", ""),
		button(p.answer.helpful, "rate", "up"), button(p.answer.unhelpful, "rate", "down"))
	remove := button(p.answer.remove, "delete", "")
	remove.Danger = true
	return [][]Action{first, {button(p.answer.retry, "retry", ""), remove}}
}

// refuseUnknown refuses a button about an answer that is gone, or not for the
// person to see.
func refuseUnknown(_ *Bot, c *call) (Reply, bool) {
	if c.asked.Answer == "" {
		return notice(c.words.gate.noAnswer), true
	}
	return Reply{}, false
}

// rate keeps what the person thinks of an answer.
func rate(ctx context.Context, b *Bot, c *call) (Reply, error) {
	err := b.options.State.Rate(ctx, c.asked.Answer, c.Person.ID, c.action.arg == "up", b.options.Now())
	return saying(c.words.answer.thanks), err
}

// retry asks again what an answer was asked, at the same place of its
// conversation.
func retry(ctx context.Context, b *Bot, c *call) (Reply, error) {
	ask := c.asked.Ask
	ask.Language = c.words.language
	return b.answer(ctx, c, ask, b.before(ctx, c.asked.Answer))
}

// refuseDelete refuses to delete what is not the person's, and by a button that
// is not the answer's own.
func refuseDelete(b *Bot, c *call) (Reply, bool) {
	if r, refused := refuseUnknown(b, c); refused {
		return r, true
	}
	if c.asked.Person != c.Person.ID && !c.Person.Admin {
		return notice(c.words.answer.notYours), true
	}
	if shown := c.asked.Messages; len(shown) > 0 && !slices.Contains(shown, c.Message) {
		return notice(c.words.gate.unknown), true
	}
	return Reply{}, false
}

// remove forgets an answer and takes its messages away.
func remove(ctx context.Context, b *Bot, c *call) (Reply, error) {
	traces, err := tracesOf(b.drop(ctx, c.asked.Answer))
	if err != nil {
		b.options.Log.ErrorContext(ctx, "an answer is not deleted", "answer", c.asked.Answer, "error", err)
		return Reply{Gone: true, Remove: c.asked.Messages}, nil // its messages go all the same; Tidy forgets the rest
	}
	if traces != nil {
		b.options.Log.WarnContext(ctx, "a deleted answer may still lie on the disk", "answer", c.asked.Answer, "error", traces)
	}
	return Reply{Gone: true, Remove: c.asked.Messages}, nil
}

// openFollow opens the form for a question that goes on from an answer. It
// needs no right to read messages, and no mention.
func openFollow(b *Bot, c *call) (Reply, bool) {
	if r, refused := refuseUnknown(b, c); refused {
		return r, true
	}
	w := c.words.answer
	return Reply{Form: &Form{
		ID:     action{"ask", c.asked.Answer, ""}.id(),
		Title:  w.followTitle,
		Fields: []Field{{Name: "question", Label: w.followLabel, Long: true, Required: true, Max: maxText}},
	}}, true
}

// refuseFollow refuses a form that asks nothing.
func refuseFollow(b *Bot, c *call) (Reply, bool) {
	if r, refused := refuseUnknown(b, c); refused {
		return r, true
	}
	return askInstantly(b, c)
}

// follow asks the question of the form. It is private if the answer was.
func follow(ctx context.Context, b *Bot, c *call) (Reply, error) {
	ask, err := c.ask(b.options.Now())
	if err != nil {
		return Reply{}, err
	}
	ask.Private = c.asked.Private
	return b.answer(ctx, c, ask, c.asked.Answer)
}
