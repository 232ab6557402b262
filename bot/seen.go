package bot

import (
	"sync"
	"time"
)

// A recency remembers ids for a while, and at most so many of them: then the
// oldest goes. It is safe for use by several goroutines.
type recency struct {
	life time.Duration
	most int

	mu    sync.Mutex
	since map[string]time.Time
	order []string // the ids, the oldest first
}

func newRecency(life time.Duration, most int) *recency {
	return &recency{life: life, most: most, since: make(map[string]time.Time)}
}

// add remembers an id and says whether it is a new one. What is known already
// does not live longer for it.
func (r *recency) add(id string, now time.Time) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.expire(now)
	if _, known := r.since[id]; known {
		return false
	}
	r.since[id] = now
	r.order = append(r.order, id)
	if len(r.order) > r.most {
		r.dropOldest()
	}
	return true
}

// has says whether an id is known.
func (r *recency) has(id string, now time.Time) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.expire(now)
	_, known := r.since[id]
	return known
}

func (r *recency) expire(now time.Time) {
	for len(r.order) > 0 && now.Sub(r.since[r.order[0]]) >= r.life {
		r.dropOldest()
	}
}

func (r *recency) dropOldest() {
	delete(r.since, r.order[0])
	r.order = r.order[1:]
}
