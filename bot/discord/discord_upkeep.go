package discord

import (
	"context"
	"slices"
	"strconv"
	"sync"
)

// An upkeep is work that follows from where the bot is, and is no longer. It is
// done one after the other, and none of it is refused: what is not erased now
// would stay. It is safe for use by several goroutines.
type upkeep struct {
	mu      sync.Mutex
	waiting []func()
	busy    bool
}

// add puts work behind what waits. idle says that nobody is at work on that.
func (u *upkeep) add(work func()) (idle bool) {
	u.mu.Lock()
	defer u.mu.Unlock()
	u.waiting = append(u.waiting, work)
	idle, u.busy = !u.busy, true
	return idle
}

// next is what has waited longest; nil is nothing.
func (u *upkeep) next() (work func()) {
	u.mu.Lock()
	defer u.mu.Unlock()
	if len(u.waiting) == 0 {
		u.busy = false
		return nil
	}
	work = u.waiting[0]
	u.waiting = slices.Delete(u.waiting, 0, 1)
	return work
}

// keepUp has work done once that before it is.
func (h *handler) keepUp(ctx context.Context, work func()) {
	if !h.upkeep.add(work) {
		return
	}
	h.running.Go(func() {
		for work := h.upkeep.next(); work != nil; work = h.upkeep.next() {
			h.upkeepOnce(ctx, work)
		}
	})
}

// upkeepOnce does work, unless the bot is stopping: it learns at its next start
// where it is.
func (h *handler) upkeepOnce(ctx context.Context, work func()) {
	defer h.survive(ctx, "upkeep")
	if ctx.Err() == nil {
		work()
	}
}

// members are the servers that the bot is in, of those that its connection
// tells of.
func (r ready) members() []string {
	var ids []string
	for _, g := range r.Guilds {
		ids = append(ids, g.ID)
	}
	return ids
}

// tells says whether the connection would tell of a server.
func (r ready) tells(guild string) bool {
	id, err := strconv.ParseUint(guild, 10, 64)
	return err == nil && (r.Shard[1] < 1 || id>>22%r.Shard[1] == r.Shard[0])
}

// left says whether the bot is in a server no longer. It asks, as Discord tells
// so of others, too (discord-api-docs#2850), and what is erased does not come
// back.
func (h *handler) left(ctx context.Context, guild string) bool {
	var isThere bool
	asked := h.persist(ctx, "asking for a server", func() (err error) {
		isThere, err = h.rest.inGuild(ctx, guild)
		return err
	})
	return asked && !isThere
}

// removed has the bot forget a server that it has left.
func (h *handler) removed(ctx context.Context, guild string) {
	if h.left(ctx, guild) {
		h.bot.Removed(ctx, guild)
	}
}

// joined has the bot forget the servers that it has left, of those that a
// connection tells of, and remember the others.
func (h *handler) joined(ctx context.Context, r ready) {
	h.bot.Joined(ctx, r.members(), func(guild string) bool { return r.tells(guild) && h.left(ctx, guild) })
}
