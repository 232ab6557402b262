package discord

import (
	"maps"
	"time"
)

// maxFading is how many things are remembered at once. The breaker is open long
// before there are as many.
const maxFading = 4096

// A fading remembers things until a time each.
type fading[V any] map[string]remembered[V]

type remembered[V any] struct {
	value V
	until time.Time
}

// put remembers a value, unless one is known for longer or there are too many.
func (f fading[V]) put(key string, value V, until, now time.Time) {
	if f[key].until.After(until) {
		return
	}
	if len(f) >= maxFading {
		maps.DeleteFunc(f, func(_ string, r remembered[V]) bool { return !now.Before(r.until) })
	}
	if len(f) < maxFading {
		f[key] = remembered[V]{value, until}
	}
}

// get is what is remembered, and for how much longer; 0 if nothing is.
func (f fading[V]) get(key string, now time.Time) (value V, left time.Duration) {
	r, ok := f[key]
	if !ok || !now.Before(r.until) {
		return value, 0
	}
	return r.value, r.until.Sub(now)
}
