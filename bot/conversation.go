package bot

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"footnote/prompts"
	"footnote/retrieval"
)

// maxTurns is how far back a conversation is remembered.
const maxTurns = 6

// directLife is how long a direct message goes on from the answer before it.
const directLife = 24 * time.Hour

// Conversation are the turns up to an answer, the oldest first, six at most: what
// a question goes on from that follows it. An earlier answer that is gone or
// damaged ends the conversation there: what was said since stands without it.
func Conversation(ctx context.Context, store *retrieval.Store, last prompts.Answer) []prompts.Turn {
	turns := []prompts.Turn{turnOf(last)}
	for last.Follows != "" && len(turns) < maxTurns {
		var err error
		if last, err = Recall(ctx, store, last.Follows); err != nil {
			break
		}
		turns = append(turns, turnOf(last))
	}
	slices.Reverse(turns)
	return turns
}

// turnOf is an answer as a later question looks back on it.
func turnOf(a prompts.Answer) prompts.Turn {
	var said []string
	for _, s := range a.Sentences {
		said = append(said, s.Text)
	}
	turn := prompts.Turn{Question: a.Trace.Question, Answer: strings.Join(said, " ")}
	if turn.Question == "" { // it was given before answers had a trace
		turn.Question = a.Question.Text
	}
	return turn
}

// followed is the answer that a request goes on from where it stands: the one
// it replies to, or the latest in its thread or direct messages. "" is none.
func (b *Bot) followed(ctx context.Context, c *call) (string, error) {
	if c.ReplyTo != "" {
		asked, err := b.options.State.AskedIn(ctx, c.ReplyTo)
		if err == nil && c.maySee(asked) {
			return asked.Answer, nil
		}
		if err != nil && !errors.Is(err, retrieval.ErrNotFound) {
			return "", err
		}
	}
	conversation := conversationIn(c.Place, false)
	if conversation == "" {
		return "", nil
	}
	asked, err := b.options.State.LastIn(ctx, conversation)
	switch {
	case errors.Is(err, retrieval.ErrNotFound):
		return "", nil
	case err != nil:
		return "", err
	case !c.maySee(asked) || c.Place.Direct && b.options.Now().Sub(asked.At) > directLife:
		return "", nil
	}
	return asked.Answer, nil
}

// conversationIn is the conversation that an answer in a place belongs to. A
// private one in a thread starts none, so that nobody else's question goes on
// from it.
func conversationIn(p Place, private bool) string {
	if p.Direct || p.Thread() && !private {
		return p.Channel
	}
	return ""
}

// maySee says whether whoever calls may see an answer in that place: in a
// server its own answers that are not private to another, in direct messages
// what the same person was told there or in private.
func (c *call) maySee(a Asked) bool {
	own := a.Person == c.Person.ID
	if c.Place.Guild == "" {
		return own && (a.Guild == "" || a.Private)
	}
	return a.Guild == c.Place.Guild && (own || !a.Private)
}

// turns are what a question goes on from that follows an answer, and that
// answer's id.
func (b *Bot) turns(ctx context.Context, follows string) ([]prompts.Turn, string) {
	last, ok := b.recall(ctx, follows)
	if !ok {
		return nil, ""
	}
	return Conversation(ctx, b.options.Store, last), last.ID
}

// before is the answer that another follows; "" is none.
func (b *Bot) before(ctx context.Context, answer string) string {
	a, _ := b.recall(ctx, answer)
	return a.Follows
}

// recall is the answer of that id for the conversation's sake: one that cannot
// be read is none, as the question can be asked without it.
func (b *Bot) recall(ctx context.Context, id string) (prompts.Answer, bool) {
	if id == "" {
		return prompts.Answer{}, false
	}
	answer, err := Recall(ctx, b.options.Store, id)
	if err != nil && !errors.Is(err, retrieval.ErrNotFound) {
		b.options.Log.WarnContext(ctx, "a question is asked without its conversation", "answer", id, "error", err)
	}
	return answer, err == nil
}
