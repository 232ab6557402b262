// Package bot is who asks: what people do in a chat comes in as a Request, what
// they see goes out as a Reply, and between them stand rights, limits, the
// queue, the conversation and the answer. It is free of Discord's types, which
// package discord turns into these.
package bot

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"sync"
	"time"

	"footnote/corpus"
	"footnote/prompts"
	"footnote/retrieval"
)

// A Corpus is what a place may see: the common articles, and the server's own.
type Corpus struct {
	Answerer prompts.Answerer
	Quotes   prompts.Answerer // answers without a model: for what nobody waits for
	Checker  *prompts.Checker
	Scope    *retrieval.Scope
}

// A Library holds articles with their texts. An error of Article wraps
// retrieval.ErrNotFound if there is none.
type Library interface {
	Article(ctx context.Context, id corpus.ArticleID) (retrieval.Record, error)
}

// Options are what a Bot works with. All that is not said to be optional is
// needed.
type Options struct {
	// Corpus is what a server may see; "" is what everybody may.
	Corpus func(guild string) Corpus
	// Store keeps answers and the articles of servers.
	Store *retrieval.Store
	// Library is where the cited articles are: the store, or the samples.
	Library Library
	// Samples says whether the library is the sample articles, as nothing is
	// ingested yet.
	Samples func() bool
	State   *State
	// Ingested is told when articles came in or went, and returns once questions
	// are asked of what there is now; may be nil.
	Ingested func(ctx context.Context) error
	Model    string // the language model's name; "" if there is none
	Version  string
	Mentions bool // messages that mention the bot reach it

	Channels, Roles, Admins []string // ids, see the settings of [discord]; none is all
	UserPerMinute           int
	GuildPerMinute          int
	Workers                 int  // questions that are answered at once
	Queue                   int  // questions that wait; 0 is none
	Unlimited               bool // for a person at a terminal

	Now    func() time.Time
	Log    *slog.Logger
	Record func(Record) // told of every request, once; may be nil
	// Status are lines about the connection, for /status; may be nil.
	Status func() []string
}

// check says which number cannot be worked with.
func (o Options) check() error {
	switch {
	case o.Workers < 1:
		return errors.New("limits.workers must be 1 or more")
	case o.Queue < 0:
		return errors.New("limits.queue must be 0 or more")
	case !o.Unlimited && (o.UserPerMinute < 1 || o.GuildPerMinute < 1):
		return errors.New("limits.user_per_minute and limits.guild_per_minute must be 1 or more")
	}
	return nil
}

// What the bot remembers of requests and conversations, in memory.
const (
	seenFor             = 15 * time.Minute // Discord replays no event that is older
	seenAtMost          = 20_000
	conversationsAtMost = 10_000
)

// A Bot answers requests. It is safe for use by several goroutines.
type Bot struct {
	options       Options
	started       time.Time
	commands      map[string]task // by name
	answerings    map[string]task
	seen          *recency // ids of requests
	conversations *recency // threads in which messages are for the bot
	questions     *limits
	requests      *limits // of any kind but typing
	typing        *limits
	line          *line
	shelves       *shelves
	tally         tally
	behind        *behind
	forgotten     forgotten

	mu      sync.RWMutex
	servers map[string]Settings
	plain   map[string]bool // people who want plain text
}

// New is a bot that goes on from what o.State keeps. From then on it admits
// requests from memory alone, so that a disk that hangs delays no
// acknowledgement. Close it once no Serve runs any more.
func New(ctx context.Context, o Options) (*Bot, error) {
	if err := o.check(); err != nil {
		return nil, err
	}
	now := o.Now()
	takings, takingsErr := o.State.Takings(ctx, now.Add(-limitWindow))
	servers, serversErr := o.State.Servers(ctx)
	plain, plainErr := o.State.PlainFor(ctx)
	threads, threadsErr := o.State.conversations(ctx, conversationsAtMost)
	if err := errors.Join(takingsErr, serversErr, plainErr, threadsErr); err != nil {
		return nil, fmt.Errorf("starting the bot: %w", err)
	}
	b := &Bot{
		options: o, started: now,
		commands: commandTasks(), answerings: answeringTasks(),
		seen: newRecency(seenFor, seenAtMost), conversations: newRecency(keepsAsked, conversationsAtMost),
		questions: newLimits(takings, now), requests: newLimits(nil, now), typing: newLimits(nil, now), line: newLine(o.Workers, o.Queue),
		behind: newBehind(), shelves: newShelves(), servers: servers, plain: plain,
	}
	for _, thread := range slices.Backward(threads) {
		b.conversations.add(thread, now)
	}
	return b, nil
}

// Close waits until what is written behind the requests is written, for some
// seconds at most.
func (b *Bot) Close() { b.behind.wait() }

// settings are those of a server; zero in direct messages.
func (b *Bot) settings(guild string) Settings {
	b.mu.RLock()
	defer b.mu.RUnlock()
	return b.servers[guild]
}

// setSettings keeps a server's settings. They hold at once, and after a
// restart if the error is nil.
func (b *Bot) setSettings(ctx context.Context, guild string, set Settings) error {
	b.mu.Lock()
	b.servers[guild] = set
	b.mu.Unlock()
	return b.options.State.SetServer(ctx, guild, set)
}

// wantsPlain says whether a person wants plain text everywhere.
func (b *Bot) wantsPlain(person string) bool {
	b.mu.RLock()
	defer b.mu.RUnlock()
	return b.plain[person]
}

// setPlain keeps whether a person wants plain text everywhere, as setSettings
// does settings.
func (b *Bot) setPlain(ctx context.Context, person string, plain bool) error {
	b.mu.Lock()
	if plain {
		b.plain[person] = true
	} else {
		delete(b.plain, person)
	}
	b.mu.Unlock()
	return b.options.State.SetPlain(ctx, person, plain)
}
