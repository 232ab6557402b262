package discord

import (
	"context"
	"encoding/json"
	"math/rand/v2"
	"net"
	"sync"
	"time"
)

// An event is a dispatch of the gateway: its name, such as
// "INTERACTION_CREATE", and its data, undecoded.
type event struct {
	Name  string
	Shard int
	Data  json.RawMessage
}

// gatewayInfo is the answer of GET /gateway/bot.
type gatewayInfo struct {
	URL    string `json:"url"`
	Shards int    `json:"shards"`
	Limit  struct {
		Total          int   `json:"total"`
		Remaining      int   `json:"remaining"`
		ResetAfter     int64 `json:"reset_after"` // milliseconds
		MaxConcurrency int   `json:"max_concurrency"`
	} `json:"session_start_limit"`
}

// A ShardState is what a connection to the gateway is doing.
type ShardState string

// What a connection can be doing.
const (
	Waiting    ShardState = "waiting" // for its turn to identify
	Connecting ShardState = "connecting"
	Ready      ShardState = "ready"
	Lost       ShardState = "lost" // until the next attempt
)

// maxShards bounds what /gateway/bot can make of us; a bot of so many is in
// more than two million servers.
const maxShards = 1000

// A gateway keeps all shards connected.
type gateway struct {
	Options
	intents int
	ask     func(context.Context) (gatewayInfo, error)
	handle  func(event)
	network func(ctx context.Context, network, address string) (net.Conn, error)
	random  func() float64 // in [0, 1)
}

// connect keeps as many shards connected as ask says until ctx ends, which is
// no error, or Discord refuses the bot for good, which is a *FatalError. It
// returns within 5 s of the end of ctx and leaves no goroutine.
//
// ask is GET /gateway/bot; it is asked again before every new session. A
// *FatalError of it ends connect, any other is tried again.
//
// handle gets every event but RESUMED: those of a shard in order, those of
// several shards at once, and some twice after a connection was lost. It must
// hand them on and return, for nothing is read meanwhile: a handle that takes
// long looks like a dead connection.
func connect(ctx context.Context, o Options, intents int, ask func(context.Context) (gatewayInfo, error), handle func(event)) error {
	g := &gateway{o, intents, ask, handle, new(net.Dialer).DialContext, rand.Float64}
	return g.run(ctx)
}

func (g *gateway) run(ctx context.Context) error {
	turns, count, err := g.begin(ctx)
	if err != nil {
		return orNil(fatalIn(err))
	}
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	var shards sync.WaitGroup
	for number := range count {
		s := &shard{gateway: g, turns: turns, number: number, count: count}
		shards.Go(func() {
			if fatal := s.run(ctx); fatal != nil {
				stop(fatal)
			}
		})
	}
	shards.Wait()
	return orNil(fatalIn(context.Cause(ctx)))
}

// orNil keeps a nil *FatalError from becoming an error that is not nil.
func orNil(fatal *FatalError) error {
	if fatal == nil {
		return nil
	}
	return fatal
}

// begin finds out how many shards there are and when they may identify. Its
// error is a *FatalError or that of ctx.
func (g *gateway) begin(ctx context.Context) (turns *turns, shards int, err error) {
	for failures := 0; ; failures++ {
		info, err := g.ask(ctx)
		if err == nil {
			shards = min(max(info.Shards, 1), maxShards)
			turns, err = g.newTurns(ctx, min(max(info.Limit.MaxConcurrency, 1), shards))
		}
		if err == nil || fatalIn(err) != nil {
			return turns, shards, err
		}
		wait := g.backoff(failures)
		if ctx.Err() == nil {
			g.Log.Warn("discord's gateway is not known yet", "error", err, "retry", wait)
		}
		if err := g.sleep(ctx, wait); err != nil {
			return nil, 0, err
		}
	}
}

// backoff is how long to wait after so many failures in a row, not counting
// the last: at most 1 s, 2 s, 4 s … 600 s, and at least half of it.
func (g *gateway) backoff(failures int) time.Duration {
	most := min(time.Second<<min(failures, 10), 600*time.Second)
	return g.Timing.of(g.between(most/2, most))
}

// between is a random time.
func (g *gateway) between(least, most time.Duration) time.Duration {
	return least + time.Duration(g.random()*float64(most-least))
}

// sleep waits for d of the monotonic clock, which no setting of the time moves.
func (g *gateway) sleep(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (g *gateway) observe(event string) {
	if g.Observe != nil {
		g.Observe(event)
	}
}
