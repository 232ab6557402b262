package discord

import (
	"context"
	"errors"
	"fmt"
	"time"

	"footnote/bot"

	"github.com/bwmarrin/discordgo"
)

// An interactionResponder shows what comes of a command, a button or a form.
type interactionResponder struct {
	sender
	in     interaction
	person string
	at     time.Time // when it came in
	ack    bot.Acknowledgement
	lost   error // why there is nothing to show a reply in
	drafts *drafts
	late   bool  // a draft was given up that may yet arrive
	final  *body // the reply's first message, once it was shown
}

// A callback is the first answer to an interaction.
type callback struct {
	Type discordgo.InteractionResponseType `json:"type"`
	Data any                               `json:"data,omitempty"`
}

func (r *interactionResponder) Answer(ctx context.Context, reply bot.Reply) error {
	switch {
	case r.in.Type == discordgo.InteractionApplicationCommandAutocomplete:
		return r.callback(ctx, discordgo.InteractionApplicationCommandAutocompleteResult, completionsOf(reply.Choices))
	case reply.Form != nil:
		return r.callback(ctx, discordgo.InteractionResponseModal, modalOf(*reply.Form))
	case reply.Gone:
		if err := r.Acknowledge(ctx, bot.Acknowledgement{Update: true}); err != nil {
			return err
		}
		return r.takeAway(ctx, reply)
	}
	r.ack.Private = reply.Private || r.underPrivate()
	bodies := r.render(reply)
	err := r.callback(ctx, discordgo.InteractionResponseChannelMessageWithSource, bodies[0])
	if isCode(err, codeInvalidBody) {
		r.observe("body refused")
		bodies = r.render(modest(reply))
		err = r.callback(ctx, discordgo.InteractionResponseChannelMessageWithSource, bodies[0])
	}
	if err != nil {
		return err
	}
	_, err = r.followUp(ctx, bodies[1:])
	return err
}

// Acknowledge updates a message for one person alone only if that person alone
// sees it: a forged button under another one changes nothing there.
func (r *interactionResponder) Acknowledge(ctx context.Context, a bot.Acknowledgement) error {
	mayUpdate := r.in.Message != nil && (r.underPrivate() || !a.Private)
	r.ack = bot.Acknowledgement{Private: a.Private || r.underPrivate(), Update: a.Update && mayUpdate}
	if r.ack.Update {
		r.lost = r.callback(ctx, discordgo.InteractionResponseDeferredMessageUpdate, nil)
		return r.lost
	}
	r.lost = r.callback(ctx, discordgo.InteractionResponseDeferredChannelMessageWithSource, flags{r.flags()})
	return r.lost
}

// underPrivate says whether the button is under a message that only one person
// sees: then nobody else sees what comes of it.
func (r *interactionResponder) underPrivate() bool {
	return r.in.Message != nil && r.in.Message.Flags&discordgo.MessageFlagsEphemeral != 0
}

// flags is all that is known of a reply that is still to come.
type flags struct {
	Flags discordgo.MessageFlags `json:"flags"`
}

func (r *interactionResponder) flags() discordgo.MessageFlags {
	if r.ack.Private {
		return discordgo.MessageFlagsSuppressEmbeds | discordgo.MessageFlagsEphemeral
	}
	return discordgo.MessageFlagsSuppressEmbeds
}

// render is reply as it is sent first: only then it is settled for whom it is.
func (r *interactionResponder) render(reply bot.Reply) []body {
	reply.Ping = "" // who asked waits for it
	bodies := render(reply)
	for i := range bodies {
		bodies[i].Flags = r.flags()
	}
	return bodies
}

// callback is the one answer that Discord waits for. One that comes too late,
// or second, is dropped.
func (r *interactionResponder) callback(ctx context.Context, kind discordgo.InteractionResponseType, data any) error {
	ctx, cancel := r.within(ctx, ackTimeout-r.now().Sub(r.at))
	defer cancel()
	err := r.rest.callback(ctx, r.in.ID, r.in.Token, callback{kind, data})
	if isCode(err, codeUnknownInteraction, codeAcknowledged) {
		r.observe("interaction lost")
	}
	if err != nil {
		return fmt.Errorf("answering an interaction: %w", err)
	}
	return nil
}

func (r *interactionResponder) Show(ctx context.Context, reply bot.Reply) {
	if r.lost != nil {
		return
	}
	if r.drafts == nil {
		r.drafts = startDrafts(ctx, 0, r.timing.of(draftGap), r.sendDraft)
	}
	r.drafts.show(reply)
}

// sendDraft sees a draft through though ctx ends: one that is cut off may still
// arrive, and after the reply that counts.
func (r *interactionResponder) sendDraft(ctx context.Context, reply bot.Reply) bool {
	ctx, cancel := r.draftTime(ctx)
	defer cancel()
	_, err := r.edit(ctx, r.render(reply)[0])
	r.late = r.late || isLost(err)
	return !isExpired(err) && !isCode(err, codeUnknownMessage)
}

// isExpired says whether an interaction's token holds no longer.
func isExpired(err error) bool { return isCode(err, codeWebhookExpired, codeUnknownWebhook) }

func (r *interactionResponder) edit(ctx context.Context, b body) (id string, err error) {
	b.Flags &^= discordgo.MessageFlagsEphemeral // no edit takes it
	return r.rest.editOriginal(ctx, r.in.ApplicationID, r.in.Token, b)
}

// close waits until no draft is on its way any more.
func (r *interactionResponder) close() { r.drafts.stop() }

func (r *interactionResponder) Finish(ctx context.Context, reply bot.Reply) (bot.Posted, error) {
	r.close()
	if r.lost != nil {
		return bot.Posted{}, r.lost
	}
	ctx, cancel := r.bind(ctx)
	defer cancel()
	if reply.Gone {
		return bot.Posted{}, r.takeAway(ctx, reply)
	}
	if r.ack.Update && reply.Private {
		r.ack.Private = true
		_, err := r.followUp(ctx, r.render(reply))
		return bot.Posted{}, err
	}
	ids, err := r.show(ctx, r.render(reply))
	if isCode(err, codeInvalidBody) && len(ids) == 0 {
		r.observe("body refused")
		ids, err = r.show(ctx, r.render(modest(reply)))
	}
	if isExpired(err) && len(ids) == 0 && !r.ack.Private && !r.ack.Update {
		r.observe("token expired")
		reply.Ping = r.person // who asked waits no longer
		ids, err = r.create(ctx, r.in.ChannelID, r.in.ID, render(reply))
	}
	if err != nil {
		err = fmt.Errorf("showing a reply: %w", err)
	}
	if r.ack.Private {
		ids = nil
	}
	return bot.Posted{Channel: r.in.ChannelID, Messages: ids}, err
}

// show puts bodies in place of the acknowledgement, and behind it.
func (r *interactionResponder) show(ctx context.Context, bodies []body) ([]string, error) {
	first, err := r.edit(ctx, bodies[0])
	if err != nil {
		return nil, err
	}
	r.final = &bodies[0]
	more, err := r.followUp(ctx, bodies[1:])
	if err != nil { // the buttons, under the last one, lead to the sources all the same
		bodies[0].Components = bodies[len(bodies)-1].Components
		_, again := r.edit(ctx, bodies[0])
		err = errors.Join(err, again)
	}
	return append([]string{first}, more...), err
}

func (r *interactionResponder) followUp(ctx context.Context, bodies []body) (ids []string, err error) {
	for _, b := range bodies {
		id, err := r.further(ctx, b)
		if err != nil {
			return ids, err
		}
		ids = append(ids, id)
	}
	return ids, nil
}

func (r *interactionResponder) further(ctx context.Context, b body) (id string, err error) {
	ctx, cancel := r.within(ctx, moreTimeout)
	defer cancel()
	return r.rest.followup(ctx, r.in.ApplicationID, r.in.Token, b)
}

// confirm shows the reply once more if a draft may have arrived after it.
func (r *interactionResponder) confirm(ctx context.Context) {
	if r.final == nil || !r.late {
		return
	}
	r.outlast(ctx, func(ctx context.Context) error {
		_, err := r.edit(ctx, *r.final)
		return err
	})
}

// takeAway deletes what a reply says is gone: the message that the button is
// under, by the interaction, which needs no right in the channel, and others.
func (r *interactionResponder) takeAway(ctx context.Context, reply bot.Reply) error {
	var others []string
	for _, id := range reply.Remove {
		if r.in.Message == nil || id != r.in.Message.ID {
			others = append(others, id)
		}
	}
	if !r.ack.Update && r.in.Message != nil {
		others = append(others, r.in.Message.ID)
	}
	err := r.rest.deleteOriginal(ctx, r.in.ApplicationID, r.in.Token)
	if isCode(err, codeUnknownMessage) {
		err = nil
	}
	if err = errors.Join(err, r.remove(ctx, r.in.ChannelID, others)); err != nil {
		return fmt.Errorf("taking a reply away: %w", err)
	}
	return nil
}
