package bot

import (
	"sync"
	"time"
)

// limitWindow is the time in which requests are counted.
const limitWindow = time.Minute

// A quota is how many requests may count for a key within the window.
type quota struct {
	key  string // "user:1", "guild:2"
	most int
}

// limits count requests in a window that slides: however it is laid over them,
// no more than a quota's are within it. They are safe for use by several
// goroutines.
type limits struct {
	mu    sync.Mutex
	taken map[string][]time.Time // within the window, the oldest first
	swept time.Time
}

// newLimits goes on from the takings of an earlier run. A time that is yet to
// come, after a clock was set back, counts as now.
func newLimits(takings map[string][]time.Time, now time.Time) *limits {
	l := &limits{taken: make(map[string][]time.Time), swept: now}
	for key, times := range takings {
		for _, at := range times {
			if at.After(now) {
				at = now
			}
			l.taken[key] = append(l.taken[key], at)
		}
	}
	return l
}

// take counts a request for each quota, or for none of them if one is used up:
// then full is its key, and wait is how long until it has room.
func (l *limits) take(now time.Time, quotas ...quota) (full string, wait time.Duration) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.sweep(now)
	for _, q := range quotas {
		times := l.within(q.key, now)
		if len(times) < q.most {
			continue
		}
		return q.key, limitWindow - now.Sub(times[len(times)-q.most])
	}
	for _, q := range quotas {
		l.taken[q.key] = append(l.taken[q.key], now)
	}
	return "", 0
}

// giveBack takes back the latest request that counted for each of the keys.
func (l *limits) giveBack(keys []string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, key := range keys {
		if times := l.taken[key]; len(times) > 0 {
			l.taken[key] = times[:len(times)-1]
		}
	}
}

// within are the times of a key that are still in the window.
func (l *limits) within(key string, now time.Time) []time.Time {
	times := l.taken[key]
	for len(times) > 0 && now.Sub(times[0]) >= limitWindow {
		times = times[1:]
	}
	return times
}

// sweep drops once a window what is no longer in it, so that the map holds no
// more than who asked lately.
func (l *limits) sweep(now time.Time) {
	if now.Sub(l.swept) < limitWindow {
		return
	}
	l.swept = now
	for key := range l.taken {
		if l.taken[key] = l.within(key, now); len(l.taken[key]) == 0 {
			delete(l.taken, key)
		}
	}
}
