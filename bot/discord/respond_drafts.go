package discord

import (
	"context"
	"sync"
	"time"

	"footnote/bot"
)

// drafts shows drafts in the background: the latest one, and no two within a
// gap of each other.
type drafts struct {
	latest  chan bot.Reply // holds one
	ended   chan struct{}
	end     func()
	sending sync.WaitGroup
}

// startDrafts waits for first before it sends the first draft. send says
// whether another one may follow; ctx ends it too.
func startDrafts(ctx context.Context, first, gap time.Duration, send func(context.Context, bot.Reply) bool) *drafts {
	d := &drafts{latest: make(chan bot.Reply, 1), ended: make(chan struct{})}
	d.end = sync.OnceFunc(func() { close(d.ended) })
	d.sending.Go(func() {
		for wait := first; d.pause(ctx, wait); wait = gap {
			select {
			case r := <-d.latest:
				if !send(ctx, r) {
					return
				}
			case <-d.ended:
				return
			case <-ctx.Done():
				return
			}
		}
	})
	return d
}

// pause waits, and says whether to go on then.
func (d *drafts) pause(ctx context.Context, wait time.Duration) bool {
	timer := time.NewTimer(wait)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-d.ended:
		return false
	case <-ctx.Done():
		return false
	}
}

// show puts r in place of a draft that waits to be sent. Only one goroutine may
// call it.
func (d *drafts) show(r bot.Reply) {
	select {
	case <-d.latest:
	default:
	}
	d.latest <- r // there is room: nobody else puts anything there
}

// stop waits until no draft is on its way. Nil has none.
func (d *drafts) stop() {
	if d == nil {
		return
	}
	d.end()
	d.sending.Wait()
}
