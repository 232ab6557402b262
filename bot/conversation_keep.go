package bot

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"footnote/corpus"
	"footnote/prompts"
	"footnote/retrieval"
)

// keepTimeout bounds what keeping an answer may delay its being shown.
const keepTimeout = 10 * time.Second

// Remember keeps an answer with the versions of the articles that it cites,
// so that its sources can be shown for as long as the answer is. What was said
// before it stands in the answers it follows and is not kept twice: it may be
// another person's, who wants it forgotten.
func Remember(ctx context.Context, store *retrieval.Store, library Library, answer prompts.Answer, asked time.Time) error {
	answer.Question.Turns = nil
	body, err := json.Marshal(answer)
	if err != nil {
		return fmt.Errorf("encoding answer %s: %w", answer.ID, err)
	}
	cited, err := citedArticles(ctx, library, answer)
	if err != nil {
		return err
	}
	return store.Remember(ctx, retrieval.Remembered{ID: answer.ID, Question: answer.Question.Text, Asked: asked, Body: body}, cited)
}

// citedArticles are the articles that answer cites, each once, with their text.
func citedArticles(ctx context.Context, library Library, answer prompts.Answer) ([]corpus.Article, error) {
	var cited []corpus.Article
	seen := make(map[corpus.ArticleID]bool)
	for _, c := range answer.Citations {
		id := c.Hit.Article.ID
		if seen[id] {
			continue
		}
		seen[id] = true
		record, err := library.Article(ctx, id)
		if err != nil {
			return nil, err
		}
		cited = append(cited, record.Article)
	}
	return cited, nil
}

// Recall is what Remember kept under an id, or under the one id that begins so;
// "" is the last answer. The error wraps retrieval.ErrNotFound if there is none.
func Recall(ctx context.Context, store *retrieval.Store, id string) (prompts.Answer, error) {
	kept, err := retrieval.Remembered{}, error(nil)
	if id == "" {
		kept, err = store.LastAnswer(ctx)
	} else {
		kept, err = store.Answer(ctx, id)
	}
	if err != nil {
		return prompts.Answer{}, err
	}
	var answer prompts.Answer
	if err := json.Unmarshal(kept.Body, &answer); err != nil {
		return prompts.Answer{}, fmt.Errorf("reading answer %s: %w", kept.ID, err)
	}
	return answer, nil
}

// keep remembers an answer, and to whom and where it is shown, before it is:
// its buttons work from the first moment on. The state knows of it first, so
// that nothing is remembered of a person which /forget does not find. begun is
// when the bot began to answer: nothing is kept if the person was forgotten since.
func (b *Bot) keep(ctx context.Context, answer prompts.Answer, a Asked, begun time.Time) error {
	ctx, cancel := context.WithTimeout(ctx, keepTimeout)
	defer cancel()
	return b.forgotten.keeping(a.Person, begun, func() error {
		if err := b.options.State.KeepAsked(ctx, a); err != nil {
			return err
		}
		return Remember(ctx, b.options.Store, b.options.Library, answer, a.At)
	})
}

// drop forgets an answer, the state last. That it is forgotten already is no
// error; one that wraps retrieval.ErrTraces is of the disk alone.
func (b *Bot) drop(ctx context.Context, answer string) error {
	traces, err := tracesOf(b.options.Store.ForgetAnswers(ctx, answer))
	if err != nil {
		return err
	}
	also, err := tracesOf(b.options.State.DropAsked(ctx, answer))
	if err != nil {
		return err
	}
	return errors.Join(traces, also)
}

// shown keeps where an answer went, so that replies to it go on from it and
// Delete takes all of it away. Nothing of a private one can be replied to; what
// was asked in a server and is told directly is for that person alone. begun is
// when the answer was.
func (b *Bot) shown(ctx context.Context, in Place, answer string, begun time.Time, p Posted) {
	if len(p.Messages) == 0 {
		return
	}
	asked, err := b.options.State.Asked(ctx, answer)
	if errors.Is(err, retrieval.ErrNotFound) {
		return // it could not be kept, or was forgotten meanwhile
	}
	if err == nil {
		if p.Channel != in.Channel && !p.Thread {
			in = Place{Channel: p.Channel, Direct: true}
		}
		asked.Messages, asked.Channel = p.Messages, p.Channel
		asked.Private = asked.Private || in.Direct && asked.Guild != ""
		asked.Conversation = conversationIn(in, asked.Private)
		if p.Thread {
			asked.Conversation = p.Channel
		}
		err = b.forgotten.keeping(asked.Person, begun, func() error { return b.options.State.KeepAsked(ctx, asked) })
	}
	if err != nil {
		b.options.Log.WarnContext(ctx, "where an answer was shown is not kept", "answer", answer, "error", err)
	}
}
