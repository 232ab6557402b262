package discord

import (
	"context"
	"errors"
	"strconv"
	"strings"
	"time"

	"footnote/bot"

	"github.com/bwmarrin/discordgo"
)

// Times on the way of a reply; see Timing.
const (
	ackTimeout   = 2500 * time.Millisecond // from the event on: Discord waits for 3 s
	draftGap     = 1200 * time.Millisecond // between drafts
	draftTimeout = 2 * time.Second         // for one draft, as the reply that counts waits for it
	firstDraft   = 1500 * time.Millisecond // a message's: an answer that is quicker is one message
	openTimeout  = 3 * time.Second         // for a thread
	moreTimeout  = 4 * time.Second         // for a further message: it is sent once, and the first one needs time yet
)

// isRefused says whether Discord answered, and so did nothing of what was asked.
func isRefused(err error) bool {
	_, answered := errors.AsType[*apiError](err)
	return answered
}

// isLost says whether Discord may do, or have done, what was asked for without
// an answer.
func isLost(err error) bool {
	lost, ok := errors.AsType[*lostError](err)
	return ok && !lost.unsent
}

// isUnusable says whether nothing can be written where it was to be written.
func isUnusable(err error) bool {
	return isCode(err, codeUnknownChannel, codeMissingAccess, codeMissingPermissions)
}

// A sender sends messages. It is what all responders share.
type sender struct {
	rest    *client
	timing  Timing
	now     func() time.Time
	observe func(event string)
	threads bool // see Options
	// bind is ctx, ended early when there is no more time to stop.
	bind func(ctx context.Context) (context.Context, context.CancelFunc)
}

// within is ctx with a deadline.
func (s sender) within(ctx context.Context, d time.Duration) (context.Context, context.CancelFunc) {
	ctx, unbind := s.bind(ctx)
	ctx, cancel := context.WithTimeout(ctx, s.timing.patient(d))
	return ctx, func() { cancel(); unbind() }
}

// draftTime is for one draft. It outlives the work that the draft tells of: one
// that is broken off might arrive after the reply that counts.
func (s sender) draftTime(ctx context.Context) (context.Context, context.CancelFunc) {
	return s.within(context.WithoutCancel(ctx), draftTimeout)
}

// outlast waits until no draft that was given up can be on its way, and shows
// the reply that counts again. It was shown already, so that its failure is none.
func (s sender) outlast(ctx context.Context, show func(context.Context) error) {
	// Without an end to the wait, drafts may still be sent.
	if err := (pause{length: s.timing.patient(draftTimeout)}).sleep(ctx); err != nil {
		return
	}
	ctx, cancel := s.within(ctx, draftTimeout)
	defer cancel()
	_ = show(ctx)
}

// create sends messages to a channel, in order. nonce, of 20 characters at
// most, is theirs: a second attempt sends none of them twice. It returns the
// ids of those that were sent.
func (s sender) create(ctx context.Context, channel, nonce string, bodies []body) (ids []string, err error) {
	for i, b := range bodies {
		id, err := s.rest.createMessage(ctx, channel, withNonce(b, nonce, i))
		if err != nil {
			return ids, err
		}
		ids = append(ids, id)
	}
	return ids, nil
}

// createDirect sends messages to a person alone.
func (s sender) createDirect(ctx context.Context, person, nonce string, bodies []body) (channel string, ids []string, err error) {
	if channel, err = s.rest.openDirect(ctx, person); err != nil {
		return "", nil, err
	}
	ids, err = s.create(ctx, channel, nonce, bodies)
	return channel, ids, err
}

// remove deletes messages of the bot's own. One that is gone is no error.
func (s sender) remove(ctx context.Context, channel string, messages []string) error {
	var all error
	for _, id := range messages {
		if err := s.rest.deleteMessage(ctx, channel, id); err != nil && !isCode(err, codeUnknownMessage) {
			all = errors.Join(all, err)
		}
	}
	return all
}

// withNonce makes a body the part-th message of those of a nonce.
func withNonce(b body, nonce string, part int) body {
	b.Nonce, b.EnforceNonce = nonce+"-"+strconv.Itoa(part), true
	return b
}

// inReply makes a body a reply to somebody's message, which pings its author.
func inReply(b body, message string) body {
	exists := false
	b.Reference = &discordgo.MessageReference{MessageID: message, FailIfNotExists: &exists}
	b.AllowedMentions.RepliedUser = true
	return b
}

// modest is a reply with nothing in it that Discord could refuse: text alone.
func modest(r bot.Reply) bot.Reply {
	r.Rows, r.Plain = nil, true
	blocks := r.Blocks
	r.Blocks = nil
	for _, b := range blocks {
		b.Spans = append([]bot.Span(nil), b.Spans...)
		for i := range b.Spans {
			b.Spans[i].Style = bot.Normal
		}
		r.Blocks = append(r.Blocks, b)
	}
	return r
}

// maxThreadName leaves room for the dots in the 100 that Discord takes.
const maxThreadName = 80

// threadName is how a question names its thread: its first words.
func threadName(question string) string {
	name := ""
	for word := range strings.FieldsSeq(clean(question)) {
		longer := strings.TrimSpace(name + " " + word)
		if units(longer) > maxThreadName && name == "" {
			return clip(word, maxThreadName)
		}
		if units(longer) > maxThreadName {
			return name + "…"
		}
		name = longer
	}
	return name
}
