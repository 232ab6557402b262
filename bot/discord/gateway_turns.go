package discord

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"
)

// Discord resets the token of a bot that identifies 1,000 times in 24 hours.
// We stay far below it, whatever goes wrong and however often we are restarted.
const (
	identifyPause  = 5 * time.Second // between two of a bucket
	identifyDelay  = time.Second     // from noting an identify until it has left, at most
	identifyWindow = 24 * time.Hour
	maxIdentifies  = 200 // in identifyWindow
)

// errNoTurn is an identify that may not be sent now.
var errNoTurn = errors.New("it is not the turn of this shard to identify")

// turns are the right to identify. Shards share buckets; a bucket is one
// shard's at a time, and then rests.
type turns struct {
	gateway *gateway
	buckets []chan time.Time // each holds when its next turn may begin, unless it is taken

	mu sync.Mutex // held while the budget is counted and spent
}

// newTurns begins where the identifies of earlier runs end.
func (g *gateway) newTurns(ctx context.Context, buckets int) (*turns, error) {
	t := &turns{gateway: g, buckets: make([]chan time.Time, buckets)}
	spent, err := t.spent(ctx)
	if err != nil {
		return nil, err
	}
	next := time.Now()
	if len(spent) > 0 {
		pause := g.Timing.of(identifyPause + identifyDelay)
		since := max(g.Now().Sub(spent[len(spent)-1]), 0)
		next = next.Add(pause - since)
	}
	for i := range t.buckets {
		t.buckets[i] = make(chan time.Time, 1)
		t.buckets[i] <- next
	}
	return t, nil
}

// spent are the identifies that count, the oldest first. Those of a clock that
// was more than a day fast would count for ever, so they do not.
func (t *turns) spent(ctx context.Context) ([]time.Time, error) {
	now, window := t.gateway.Now(), t.gateway.Timing.of(identifyWindow)
	spent, err := t.gateway.Budget.Identifies(ctx, now.Add(-window))
	if err != nil {
		return nil, fmt.Errorf("counting identifies: %w", err)
	}
	spent = slices.DeleteFunc(spent, func(at time.Time) bool {
		return at.Sub(now) > window || now.Sub(at) >= window
	})
	slices.SortFunc(spent, time.Time.Compare)
	return spent, nil
}

// A turn is the right to identify once.
type turn struct {
	turns  *turns
	bucket chan time.Time
	next   time.Time // when the bucket's next turn may begin, if nothing is sent
	sent   bool
	ended  bool
}

// take waits until the shard may connect and identify, and says where. The
// turn is to be ended.
func (t *turns) take(ctx context.Context, s *shard) (*turn, string, error) {
	taken := &turn{turns: t, bucket: t.buckets[s.number%len(t.buckets)]}
	select {
	case taken.next = <-taken.bucket:
	case <-ctx.Done():
		return nil, "", ctx.Err()
	}
	url, err := t.await(ctx, s, taken.next)
	if err != nil {
		taken.end()
		return nil, "", err
	}
	return taken, url, nil
}

// await waits for a bucket to have rested, and for the budgets.
func (t *turns) await(ctx context.Context, s *shard, next time.Time) (url string, err error) {
	if err := t.gateway.sleep(ctx, time.Until(next)); err != nil {
		return "", err
	}
	for {
		url, wait, err := t.due(ctx)
		if err != nil || wait == 0 {
			return url, err
		}
		t.gateway.observe("budget wait")
		t.gateway.Log.Warn("too many connections to discord today: waiting", "shard", s.number, "wait", wait)
		if err := t.gateway.sleep(ctx, wait); err != nil {
			return "", err
		}
	}
}

// due says where to connect, and how long not to: while our own budget is used
// up, or all but a hundredth of Discord's.
func (t *turns) due(ctx context.Context) (url string, wait time.Duration, err error) {
	wait, err = t.overspent(ctx)
	if err != nil || wait > 0 {
		return "", wait, err
	}
	info, err := t.gateway.ask(ctx)
	if err != nil {
		return "", 0, fmt.Errorf("asking for the gateway: %w", err)
	}
	if limit := info.Limit; limit.Total > 0 && limit.Remaining <= limit.Total/100 {
		reset := time.Duration(min(max(limit.ResetAfter, 0), identifyWindow.Milliseconds())) * time.Millisecond
		return "", max(reset, t.gateway.Timing.of(identifyPause)), nil
	}
	return info.URL, 0, nil
}

// overspent is how long our own budget is used up.
func (t *turns) overspent(ctx context.Context) (time.Duration, error) {
	spent, err := t.spent(ctx)
	if err != nil || len(spent) < maxIdentifies {
		return 0, err
	}
	window := t.gateway.Timing.of(identifyWindow)
	free := spent[len(spent)-maxIdentifies].Add(window).Sub(t.gateway.Now())
	return min(max(free, 1), window), nil
}

// spend takes one identify out of the budget, before it is sent: what is not
// on the disk does not count after a crash.
func (t *turn) spend(ctx context.Context) error {
	t.turns.mu.Lock()
	defer t.turns.mu.Unlock()
	wait, err := t.turns.overspent(ctx)
	if err != nil {
		return err
	}
	if t.ended || wait > 0 {
		return errNoTurn
	}
	t.sent = true
	if err := t.turns.gateway.Budget.Identified(ctx, t.turns.gateway.Now()); err != nil {
		return fmt.Errorf("noting an identify: %w", err)
	}
	return nil
}

// end gives the bucket back, to rest if an identify was sent. The rest begins
// now, as this is called when Discord has answered: what the network held up
// cannot shorten it. It may be called again, and of a nil turn.
func (t *turn) end() {
	if t == nil {
		return
	}
	t.turns.mu.Lock()
	defer t.turns.mu.Unlock()
	if t.ended {
		return
	}
	t.ended = true
	if t.sent {
		t.next = time.Now().Add(t.turns.gateway.Timing.of(identifyPause))
	}
	t.bucket <- t.next
}
