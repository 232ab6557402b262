package discord

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"runtime"
	"runtime/debug"
	"sync"
	"sync/atomic"
	"time"

	"footnote/bot"
)

// How much is worked on at once. Commands above it are told so, as many as can
// be in time; messages are not, or there would be as many more.
const (
	maxInteractions = 1024
	maxMessages     = 256 // apart, so that no flood of them is in the way of commands
	maxTurnedAway   = 8192
	turnedAtOnce    = 64 // of those, calls under way
)

// lookupTimeout is for finding out what kind of channel a message is in.
const lookupTimeout = 3 * time.Second

// An answerer is a *bot.Bot.
type answerer interface {
	Serve(ctx context.Context, r bot.Request, to bot.Responder)
	Joined(ctx context.Context, guilds []string, all func(guild string) bool)
	Removed(ctx context.Context, guild string)
	Commands() []bot.CommandSpec
	TurnAway(locale string) bot.Reply
}

// A handler hands events on to a bot.
type handler struct {
	sender
	bot      answerer
	log      *slog.Logger
	guild    string // see Options
	mentions bool   // see Options
	files    files
	places   *places
	self     atomic.Pointer[string] // the bot's user; nil before READY
	apps     chan string            // the application's id, once
	running  sync.WaitGroup

	upkeep                 upkeep
	interactions, messages slots
	turnedAway, turning    slots
}

// slots bound how many goroutines do the same kind of work.
type slots chan struct{}

func newHandler(b answerer, o Options, rest *client, bind func(context.Context) (context.Context, context.CancelFunc)) *handler {
	observe := o.Observe
	if observe == nil {
		observe = func(string) {}
	}
	return &handler{
		sender: sender{rest: rest, timing: o.Timing, now: o.Now, observe: observe, threads: o.Threads, bind: bind},
		bot:    b, log: o.Log, guild: o.Guild, mentions: o.Mentions,
		files: newFiles(o.APIURL), places: newPlaces(), apps: make(chan string, 1),
		interactions: make(slots, maxInteractions), messages: make(slots, maxMessages),
		turnedAway: make(slots, maxTurnedAway), turning: make(slots, turnedAtOnce),
	}
}

// handle hands an event on and returns.
func (h *handler) handle(ctx context.Context, e event) {
	defer h.survive(ctx, e.Name)
	joined, gone := h.places.learn(e)
	switch {
	case joined != "":
		h.keepUp(ctx, func() { h.bot.Joined(ctx, []string{joined}, nil) })
	case gone != "":
		h.keepUp(ctx, func() { h.removed(ctx, gone) })
	}
	switch e.Name {
	case "READY":
		h.ready(ctx, e.Data)
	case "INTERACTION_CREATE":
		h.interaction(ctx, e)
	case "MESSAGE_CREATE":
		h.message(ctx, e)
	}
}

func (h *handler) ready(ctx context.Context, data []byte) {
	var r ready
	if json.Unmarshal(data, &r) != nil || r.User.ID == "" {
		return
	}
	h.self.Store(&r.User.ID)
	if r.Guilds != nil {
		h.keepUp(ctx, func() { h.joined(ctx, r) })
	}
	select {
	case h.apps <- r.Application.ID:
	default: // of an earlier session
	}
}

func (h *handler) interaction(ctx context.Context, e event) {
	var in interaction
	if err := json.Unmarshal(e.Data, &in); err != nil {
		h.observe("event malformed")
		return
	}
	request, ok := in.request(h.now(), h.files.file)
	if !ok {
		return
	}
	to := &interactionResponder{sender: h.sender, in: in, person: request.Person.ID, at: request.At}
	started := h.start(ctx, h.interactions, e.Name, func() {
		defer to.close()
		h.bot.Serve(ctx, request, to)
		to.confirm(ctx)
	})
	if !started && request.Kind != bot.Typing {
		h.start(ctx, h.turnedAway, e.Name, func() { h.turnAway(ctx, request.Locale, to) })
	}
}

// turnAway says that too much goes on, if that can still be said in time.
func (h *handler) turnAway(ctx context.Context, locale string, to *interactionResponder) {
	ctx, cancel := h.within(ctx, ackTimeout-h.now().Sub(to.at))
	defer cancel()
	select {
	case h.turning <- struct{}{}:
		defer func() { <-h.turning }()
	case <-ctx.Done():
		return
	}
	if err := to.Answer(ctx, h.bot.TurnAway(locale)); err == nil {
		h.observe("turned away")
	}
}

func (h *handler) message(ctx context.Context, e event) {
	var m message
	self := h.self.Load()
	if err := json.Unmarshal(e.Data, &m); err != nil || self == nil {
		h.observe("event malformed")
		return
	}
	byPerson, asks := m.said(*self)
	in, locale, known := h.places.find(m.GuildID, m.ChannelID)
	if m.GuildID != "" && !h.mentions || !byPerson || !asks && (known && !in.isThread() || m.Content == "" || m.toOthers()) {
		return
	}
	h.start(ctx, h.messages, e.Name, func() {
		if !known {
			in = h.lookUp(ctx, m)
		}
		if !asks && !in.isThread() {
			return
		}
		request := m.request(*self, in, locale, h.now())
		to := &messageResponder{sender: h.sender, request: request}
		defer to.close()
		h.bot.Serve(ctx, request, to)
		to.confirm(ctx)
	})
}

// lookUp asks what kind of channel a message is in. If that cannot be told in
// time, it is taken for one that is no thread.
func (h *handler) lookUp(ctx context.Context, m message) channel {
	if m.GuildID != "" {
		ctx, cancel := h.within(ctx, lookupTimeout)
		defer cancel()
		if found, err := h.rest.getChannel(ctx, m.ChannelID); err == nil {
			c := channel{ID: found.ID, GuildID: found.GuildID, Type: found.Type, ParentID: found.ParentID}
			h.places.keep(c)
			return c
		}
	}
	return channel{ID: m.ChannelID}
}

// start does work in a goroutine, and reports whether there was a slot for it.
func (h *handler) start(ctx context.Context, s slots, name string, work func()) bool {
	if ctx.Err() != nil {
		return false
	}
	select {
	case s <- struct{}{}:
	default:
		h.observe("event refused")
		return false
	}
	h.running.Go(func() {
		defer func() { <-s }()
		defer h.survive(ctx, name)
		work()
	})
	return true
}

// survive keeps a panic from ending the process. What was panicked with may
// hold somebody's words: it is told only if Go made it.
func (h *handler) survive(ctx context.Context, name string) {
	reason := recover()
	if reason == nil {
		return
	}
	said := fmt.Sprintf("%T", reason)
	if err, ok := reason.(runtime.Error); ok {
		said = err.Error()
	}
	h.observe("panic")
	h.log.ErrorContext(ctx, "panic while handling an event", "event", name, "panic", said, "stack", string(debug.Stack()))
}

// wait waits until nothing is worked on, and for no longer than grace once
// calls has ended.
func (h *handler) wait(calls context.Context, grace time.Duration) {
	done := make(chan struct{})
	go func() { h.running.Wait(); close(done) }() // ends with the last of them
	select {
	case <-done:
		return
	case <-calls.Done():
	}
	select {
	case <-done:
	case <-time.After(grace):
		h.log.Error("requests are still being worked on, and left alone")
	}
}
