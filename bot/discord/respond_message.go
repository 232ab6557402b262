package discord

import (
	"context"
	"fmt"
	"sync"

	"footnote/bot"
)

// A messageResponder shows what comes of a message: as a reply to it, or in a
// thread of its own.
type messageResponder struct {
	sender
	request bot.Request
	drafts  *drafts
	greets  sync.WaitGroup // shows that somebody is typing
	silence func()         // ends that

	channel string // where the reply is; "" as long as it is nowhere
	thread  bool   // channel is a thread that was opened for it
	apart   bool   // it cannot be a reply to the message, and names who asked instead
	unsure  bool   // a first message was sent, and may have arrived
	late    bool   // a draft was given up that may yet arrive
	final   *body  // the reply's first message, once it was shown
	shown   string // the id of the first message; "" if it is not known
}

func (r *messageResponder) Answer(ctx context.Context, reply bot.Reply) error {
	r.channel = r.request.Place.Channel
	_, err := r.Finish(ctx, reply)
	return err
}

// Acknowledge shows that the bot is at work. Nothing depends on it.
func (r *messageResponder) Acknowledge(ctx context.Context, _ bot.Acknowledgement) error {
	ctx, r.silence = r.within(ctx, ackTimeout)
	r.greets.Go(func() {
		r.rest.typing(ctx, r.request.Place.Channel) // a reply follows in any case
	})
	return nil
}

func (r *messageResponder) Show(ctx context.Context, reply bot.Reply) {
	if r.drafts == nil {
		r.drafts = startDrafts(ctx, r.timing.of(firstDraft), r.timing.of(draftGap), r.sendDraft)
	}
	r.drafts.show(reply)
}

// sendDraft sees a draft through though ctx ends, as that of an interaction.
func (r *messageResponder) sendDraft(ctx context.Context, reply bot.Reply) bool {
	ctx, cancel := r.draftTime(ctx)
	defer cancel()
	if r.settle(ctx) != nil {
		return true
	}
	err := r.first(ctx, r.render(reply)[0])
	r.late = r.late || isLost(err)
	return !isUnusable(err) && !isCode(err, codeUnknownMessage)
}

// render is reply as it is shown where it belongs.
func (r *messageResponder) render(reply bot.Reply) []body {
	reply.Ping = ""
	if r.thread || r.apart {
		reply.Ping = r.request.Person.ID // else it might not be seen
	}
	bodies := render(reply)
	if reply.Ping == "" {
		bodies[0] = inReply(bodies[0], r.request.Message)
	}
	return bodies
}

// settle opens a thread for the reply, where there is to be one and it can be.
// Its error says that this is not known yet.
func (r *messageResponder) settle(ctx context.Context) error {
	place, name := r.request.Place, threadName(r.request.Text)
	if r.channel != "" {
		return nil
	}
	if !r.threads || place.Direct || place.Thread() || name == "" {
		r.channel = place.Channel
		return nil
	}
	ctx, cancel := r.within(ctx, openTimeout)
	defer cancel()
	thread, err := r.rest.startThread(ctx, place.Channel, r.request.Message, name)
	switch {
	case err == nil:
		r.channel, r.thread = thread, true
	case isRefused(err):
		r.channel = place.Channel
	default:
		return err
	}
	return nil
}

// first shows the first message of the reply, in place of what it showed.
func (r *messageResponder) first(ctx context.Context, b body) error {
	if r.shown == "" {
		id, err := r.rest.createMessage(ctx, r.channel, withNonce(b, r.request.ID, 0))
		if err != nil {
			r.unsure = r.unsure || !isRefused(err)
			r.apart = r.apart || isCode(err, codeNoHistory, codeNoReference)
			return err
		}
		if r.shown = id; !r.unsure {
			return nil
		}
	} // a draft may be there
	return r.edit(ctx, b)
}

// edit changes the first message of the reply.
func (r *messageResponder) edit(ctx context.Context, b body) error {
	b.Reference = nil // no edit takes it
	return r.rest.editMessage(ctx, r.channel, r.shown, b)
}

// confirm shows the reply once more if a draft may have arrived after it.
func (r *messageResponder) confirm(ctx context.Context) {
	if r.final == nil || !r.late {
		return
	}
	r.outlast(ctx, func(ctx context.Context) error { return r.edit(ctx, *r.final) })
}

func (r *messageResponder) Finish(ctx context.Context, reply bot.Reply) (bot.Posted, error) {
	r.close()
	ctx, cancel := r.bind(ctx)
	defer cancel()
	if reply.Gone {
		return bot.Posted{}, r.takeAway(ctx, reply)
	}
	if r.settle(ctx) != nil {
		r.channel = r.request.Place.Channel
	}
	ids, err := r.show(ctx, r.render(reply))
	if isCode(err, codeNoHistory, codeNoReference) {
		ids, err = r.show(ctx, r.render(reply))
	}
	if isCode(err, codeInvalidBody) && len(ids) == 0 {
		r.observe("body refused")
		ids, err = r.show(ctx, r.render(modest(reply)))
	}
	if isUnusable(err) && len(ids) == 0 && !r.request.Place.Direct {
		r.observe("channel unusable")
		reply.Ping, r.thread = "", false
		r.channel, ids, err = r.createDirect(ctx, r.request.Person.ID, r.request.ID, render(reply))
	}
	if err != nil {
		err = fmt.Errorf("replying to a message: %w", err)
	}
	return bot.Posted{Channel: r.channel, Thread: r.thread, Messages: ids}, err
}

// show shows the reply, the first message in place of the draft.
func (r *messageResponder) show(ctx context.Context, bodies []body) (ids []string, err error) {
	if err := r.first(ctx, bodies[0]); err != nil {
		return nil, err
	}
	r.final, ids = &bodies[0], []string{r.shown}
	for i, b := range bodies[1:] {
		id, err := r.rest.createMessage(ctx, r.channel, withNonce(b, r.request.ID, i+1))
		if err != nil {
			return ids, err
		}
		ids = append(ids, id)
	}
	return ids, nil
}

func (r *messageResponder) takeAway(ctx context.Context, reply bot.Reply) error {
	messages := reply.Remove
	if r.shown != "" {
		messages = append([]string{r.shown}, messages...)
	}
	if err := r.remove(ctx, r.request.Place.Channel, messages); err != nil {
		return fmt.Errorf("taking a reply away: %w", err)
	}
	return nil
}

// close waits until nothing is on its way any more.
func (r *messageResponder) close() {
	r.drafts.stop()
	if r.silence != nil {
		r.silence()
	}
	r.greets.Wait()
}
