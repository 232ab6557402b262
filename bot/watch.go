package bot

import (
	"context"
	"errors"
	"fmt"
	"time"

	"footnote/prompts"
	"footnote/retrieval"
)

const (
	// maxWaiting is how many answers a person may wait for.
	maxWaiting = 20
	// waitingLife is how long a question waits.
	waitingLife = 90 * 24 * time.Hour
	// settling is how long articles may go on changing before questions are
	// asked again.
	settling = 10 * time.Second
	// waitingTimeout bounds one question and the message about it.
	waitingTimeout = time.Minute
)

// wait keeps that the person wants to be told when an article answers the
// question of a refusal.
func wait(ctx context.Context, b *Bot, c *call) (Reply, error) {
	w := c.words.answer
	all, err := b.options.State.Waiting(ctx)
	if err != nil {
		return Reply{}, err
	}
	others := 0
	for _, waiting := range all {
		if waiting.Person != c.Person.ID {
			continue
		}
		if waiting.Answer == c.asked.Answer {
			return c.willTell(w.alreadyTells), nil
		}
		others++
	}
	if others >= maxWaiting {
		return saying(fmt.Sprintf(w.tooMany, maxWaiting)), nil
	}
	waiting := Waiting{Answer: c.asked.Answer, Guild: c.asked.Guild, Person: c.Person.ID, Ask: c.asked.Ask, At: b.options.Now()}
	waiting.Ask.Language = c.words.language
	said := w.willTell
	if !c.asked.Private && !c.Place.Direct {
		waiting.Channel, said = c.Place.Channel, w.willTellHere
	}
	if err := b.options.State.Wait(ctx, waiting); err != nil {
		return Reply{}, err
	}
	return c.willTell(said), nil
}

// willTell says something with the button that ends the waiting.
func (c *call) willTell(text string) Reply {
	r := saying(text)
	r.Rows = [][]Action{{{Label: c.words.answer.stopTelling, ID: action{"unwait", "", c.asked.Answer}.id()}}}
	return r
}

// stopWaiting ends the person's waiting for an answer, whether or not the
// refusal is still there.
func stopWaiting(ctx context.Context, b *Bot, c *call) (Reply, error) {
	all, err := b.options.State.Waiting(ctx)
	if err != nil {
		return Reply{}, err
	}
	for _, waiting := range all {
		if waiting.Person == c.Person.ID && waiting.Answer == c.action.arg {
			err = b.options.State.StopWaiting(ctx, waiting.ID)
		}
	}
	return saying(c.words.answer.tellsNoMore), err
}

// Watch asks the questions that wait again, at first and whenever changed says
// that the articles are others, until ctx ends. A question that is answered now
// is told once, to the person who waits; one that nothing answers in 90 days
// ends. changed should hold one signal, so that its sender need not wait.
func (b *Bot) Watch(ctx context.Context, changed <-chan struct{}, to Poster) {
	for {
		if err := b.askWaiting(ctx, to); err != nil && ctx.Err() == nil {
			b.options.Log.WarnContext(ctx, "the questions that wait could not be asked", "error", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-changed:
		}
		select {
		case <-ctx.Done():
			return
		case <-time.After(settling):
		}
		select {
		case <-changed: // while they settled
		default:
		}
	}
}

// askWaiting asks all questions that wait, one after the other so that people
// who ask now are not kept waiting.
func (b *Bot) askWaiting(ctx context.Context, to Poster) error {
	all, err := b.options.State.Waiting(ctx)
	if err != nil {
		return err
	}
	for _, w := range all {
		if ctx.Err() != nil {
			return nil
		}
		// A question that makes the code panic must not end the bot at each start.
		_, err := handled(func() (Reply, error) { return Reply{}, b.askAgain(ctx, w, to) })
		if err != nil && ctx.Err() == nil {
			b.options.Log.WarnContext(ctx, "a question that waits goes on waiting", "answer", w.Answer, "error", err)
		}
	}
	return nil
}

// askAgain asks one question that waits, and tells the person if there is an
// answer.
func (b *Bot) askAgain(ctx context.Context, w Waiting, to Poster) error {
	ctx, cancel := context.WithTimeout(ctx, waitingTimeout)
	defer cancel()
	if b.options.Now().Sub(w.At) > waitingLife {
		return b.options.State.StopWaiting(ctx, w.ID)
	}
	begun := b.options.Now()
	turns, follows := b.turns(ctx, b.before(ctx, w.Answer))
	answer, err := b.options.Corpus(w.Guild).Quotes.Answer(ctx, w.Ask.question(turns), nil)
	if err != nil || answer.Verdict != prompts.Answered {
		return err
	}
	answer.Follows = follows
	return b.tell(ctx, w, answer, begun, to)
}

// tell tells the person who waits an answer that was begun at a time. It is kept
// before it is shown, and waits no longer after: if the process ends between, the
// same key makes the second message none.
func (b *Bot) tell(ctx context.Context, w Waiting, answer prompts.Answer, begun time.Time, to Poster) error {
	err := b.keep(ctx, answer, Asked{
		Answer: answer.ID, Guild: w.Guild, Channel: w.Channel, Person: w.Person, Private: w.Channel == "", Ask: w.Ask, At: b.options.Now(),
	}, begun)
	if err != nil {
		return err
	}
	p := phrasesIn(w.Ask.Language)
	blocks := []Block{textBlock(Paragraph, fmt.Sprintf(p.answer.nowAnswered, oneLine(w.Ask.Text)))}
	blocks = append(blocks, p.answerBlocks(answer, retrieval.Coverage{})...)
	reply := Reply{
		Blocks: blocks, Rows: p.answerRows(answer), Ping: w.Person, Answer: answer.ID,
		Plain: b.settings(w.Guild).Plain || b.wantsPlain(w.Person),
	}
	posted, err := to.Post(ctx, w.Channel, fmt.Sprintf("waiting-%d", w.ID), reply)
	if err != nil && ctx.Err() == nil { // it was surely not sent, so that nobody needs it
		return errors.Join(err, b.drop(ctx, answer.ID))
	}
	if err != nil {
		return err
	}
	posted.Thread = b.conversations.has(posted.Channel, b.options.Now())
	b.shown(ctx, Place{Guild: w.Guild, Channel: w.Channel}, answer.ID, begun, posted)
	return b.options.State.StopWaiting(ctx, w.ID)
}
