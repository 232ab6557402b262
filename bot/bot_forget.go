package bot

import (
	"context"
	"errors"
	"slices"
	"time"

	"footnote/retrieval"
)

// keepsAsked is for how long the bot knows who asked what.
const keepsAsked = 180 * 24 * time.Hour

// forgetPerson erases what is kept of a person, and the answers that the person
// was shown. The state knows of them until the store has forgotten them, so
// that an attempt which fails can be repeated. The error wraps
// retrieval.ErrTraces if all is removed but not yet erased from the disk.
func (b *Bot) forgetPerson(ctx context.Context, person string) (answers []string, err error) {
	b.mu.Lock()
	delete(b.plain, person)
	b.mu.Unlock()
	b.shelves.forget(person)
	b.forgotten.add(person, b.options.Now())
	if err := b.behind.forget(ctx, "user:"+person); err != nil {
		return nil, err
	}
	answers, err = b.options.State.askedOf(ctx, "person", person)
	if err != nil {
		return nil, err
	}
	traces, err := tracesOf(b.options.Store.ForgetAnswers(ctx, answers...))
	if err != nil {
		return nil, err
	}
	answers, err = b.options.State.ForgetPerson(ctx, person)
	return answers, errors.Join(err, traces)
}

// Joined keeps that the bot is in servers. If all is not nil, these are all for
// which it is true: what is kept of others that the bot was in is erased, for it
// was removed from them while it was away.
func (b *Bot) Joined(ctx context.Context, guilds []string, all func(guild string) bool) {
	before, err := b.options.State.join(ctx, guilds)
	if err != nil {
		b.options.Log.WarnContext(ctx, "in which servers the bot is is not kept", "error", err)
		return
	}
	for _, guild := range before {
		if all != nil && !slices.Contains(guilds, guild) && all(guild) {
			b.Removed(ctx, guild)
		}
	}
}

// Removed erases what is kept of a server that the bot was removed from: its
// settings, articles and answers.
func (b *Bot) Removed(ctx context.Context, guild string) {
	if guild == "" {
		return // that is no server, but what everybody shares
	}
	b.mu.Lock()
	delete(b.servers, guild)
	b.mu.Unlock()
	b.shelves.forgetServer(guild)
	articles, answers, err := b.forgetServer(ctx, guild)
	if err != nil {
		b.options.Log.ErrorContext(ctx, "a server that is gone is not erased", "guild", guild, "error", err)
		return
	}
	b.options.Log.InfoContext(ctx, "a server that is gone is erased", "guild", guild, "answers", answers, "articles", articles)
}

// forgetServer erases a server's articles and answers, and then what the state
// knows of it.
func (b *Bot) forgetServer(ctx context.Context, guild string) (articles, answers int, err error) {
	if err := b.behind.forget(ctx, "guild:"+guild); err != nil {
		return 0, 0, err
	}
	ids, err := b.options.State.askedOf(ctx, "guild", guild)
	if err != nil {
		return 0, 0, err
	}
	left, err := tracesOf(b.options.Store.ForgetAnswers(ctx, ids...))
	if err != nil {
		return 0, 0, err
	}
	articles, err = b.options.Store.DropCollection(ctx, guild)
	also, err := tracesOf(err)
	if err != nil {
		return 0, 0, err
	}
	_, err = b.options.State.ForgetServer(ctx, guild)
	return articles, len(ids), errors.Join(err, left, also)
}

// tracesOf parts the error that something is removed but not yet erased from
// the disk from all others.
func tracesOf(err error) (traces, other error) {
	if errors.Is(err, retrieval.ErrTraces) {
		return err, nil
	}
	return nil, err
}

// Tidy erases the questions that are older than half a year, with their
// answers. Whoever runs the bot calls it at the start and once a day.
func (b *Bot) Tidy(ctx context.Context) error {
	before := b.options.Now().Add(-keepsAsked)
	answers, err := b.options.State.askedBefore(ctx, before)
	if err != nil || len(answers) == 0 {
		return err
	}
	traces, err := tracesOf(b.options.Store.ForgetAnswers(ctx, answers...))
	if err != nil {
		return err
	}
	return errors.Join(b.options.State.dropOld(ctx, before), traces)
}
