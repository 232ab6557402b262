// Package discord connects a bot to Discord: the gateway, REST, and the
// rendering of replies. It alone knows Discord's types.
package discord

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"time"

	"footnote/bot"

	"github.com/bwmarrin/discordgo"
)

// Options are the settings of [discord], and what a connection works with.
type Options struct {
	Token    string
	APIURL   string // where REST calls go, such as https://discord.com/api/v10
	Guild    string // commands are registered there alone, at once; "" is everywhere
	Mentions bool   // answer messages that mention the bot
	Threads  bool   // answer a mention in a thread of its own, and follow-ups there
	Version  string
	Log      *slog.Logger
	Now      func() time.Time
	Timing   Timing // zero: Discord's own times
	Budget   Budget // remembers identifies over restarts
	// Observe is told of what happens on the connection, for metrics: an event
	// such as "identify", "resume", "rest 429", "breaker open"; may be nil.
	Observe func(event string)
	// State is told what each connection to the gateway is doing, by the number
	// of its shard and how many there are; it is called by several goroutines.
	// May be nil.
	State func(shard, shards int, state ShardState)
	// Beside runs beside the connection and may post, such as Bot.Watch. Run
	// waits for it: it ends when its ctx does. May be nil.
	Beside func(ctx context.Context, to bot.Poster)
}

// A Budget remembers identifies, over restarts.
type Budget interface {
	Identifies(ctx context.Context, since time.Time) ([]time.Time, error)
	Identified(ctx context.Context, at time.Time) error
}

// Run answers what comes in from Discord with b, until ctx ends or Discord
// refuses the bot for good: then the error is a *FatalError. It returns within
// 5 s of the end of ctx.
func Run(ctx context.Context, b *bot.Bot, o Options) error { return run(ctx, b, o) }

// What there is time for when the bot stops.
const (
	stopReplies = 3500 * time.Millisecond // what is being answered says that it was not
	stopCalls   = 500 * time.Millisecond  // it ends, as no call can be made any more
)

func run(ctx context.Context, b answerer, o Options) error {
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	calls, cut := context.WithCancel(context.WithoutCancel(ctx))
	defer cut()
	o.Observe = alarming(o.Log, o.Observe)
	api := newClient(o)
	defer api.Close()
	h := newHandler(b, o, api, boundTo(calls))
	var beside sync.WaitGroup
	beside.Go(func() { h.registerWhenReady(ctx) })
	beside.Go(func() {
		select {
		case <-api.stopped():
			stop(&FatalError{"discord.token", "Discord does not accept this token any more. Make a new one in the developer portal."})
		case <-ctx.Done():
		}
		select {
		case <-time.After(o.Timing.of(stopReplies)):
			cut()
		case <-calls.Done():
		}
	})
	if o.Beside != nil {
		h.running.Go(func() {
			defer h.survive(ctx, "beside")
			o.Beside(ctx, poster{h.sender})
		})
	}
	stop(connect(ctx, o, intents(o), api.gatewayBot, func(e event) { h.handle(ctx, e) }))
	h.wait(calls, o.Timing.of(stopCalls))
	cut()
	beside.Wait()
	if fatal := (*FatalError)(nil); errors.As(context.Cause(ctx), &fatal) {
		return fatal
	}
	return nil
}

// alarm is what to say of an event that somebody should look after; "" of others.
func alarm(event string) string {
	switch event {
	case "rest stopped":
		return "discord refuses all calls from this address: none is made for a minute or more"
	case "breaker open":
		return "discord refused too many calls: none is made for some minutes"
	}
	return ""
}

// alarming is observe, which may be nil, and says in the log what is an alarm.
func alarming(log *slog.Logger, observe func(event string)) func(event string) {
	return func(event string) {
		if said := alarm(event); said != "" {
			log.Warn(said)
		}
		if observe != nil {
			observe(event)
		}
	}
}

// boundTo makes contexts end with calls, too.
func boundTo(calls context.Context) func(context.Context) (context.Context, context.CancelFunc) {
	return func(ctx context.Context) (context.Context, context.CancelFunc) {
		ctx, cancel := context.WithCancel(ctx)
		unbind := context.AfterFunc(calls, cancel)
		return ctx, func() { unbind(); cancel() }
	}
}

// intents are the events that the bot asks for: never the words of messages
// that are not for it.
func intents(o Options) int {
	asked := discordgo.IntentGuilds | discordgo.IntentDirectMessages
	if o.Mentions {
		asked |= discordgo.IntentGuildMessages
	}
	return int(asked)
}

// A FatalError is what no second attempt can cure.
type FatalError struct {
	Setting string // what to look at, such as "discord.token"
	Reason  string // a sentence
}

func (e *FatalError) Error() string { return e.Setting + ": " + e.Reason }

// Timing are the times that tests shorten, all at once: each is divided by Scale.
type Timing struct{ Scale float64 } // 0 is 1

// of is how long d takes.
func (t Timing) of(d time.Duration) time.Duration {
	if t.Scale <= 0 {
		return d
	}
	return time.Duration(float64(d) / t.Scale)
}
