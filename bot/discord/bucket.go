package discord

import (
	"maps"
	"net/http"
	"strconv"
	"time"
)

// maxBuckets is how many buckets are kept. Those in use are far fewer.
const maxBuckets = 4096

// A bucket counts calls that Discord counts together.
type bucket struct {
	known     bool          // an answer has told the limit
	limit     int           // calls in a window; 0 if there is none
	remaining int           // calls that may still leave in this window
	reset     time.Time     // when the window ends; zero if it has not begun
	flying    int           // calls that have left and are not answered
	changed   chan struct{} // closed, and made anew, when a call is answered
}

// wait is how long a call must wait, 0 if it may leave. With onAnswer only the
// answer to one that flies can tell.
func (b *bucket) wait(now time.Time) (d time.Duration, onAnswer bool) {
	if !b.known {
		return 0, b.flying > 0 // one goes ahead, to learn the limit
	}
	b.refill(now)
	if b.limit == 0 || b.remaining > 0 {
		return 0, false
	}
	if b.reset.IsZero() {
		return 0, true
	}
	return b.reset.Sub(now), false
}

// refill begins a new window when the last one is over, or its end will not be
// told. What flies may fall into the new one.
func (b *bucket) refill(now time.Time) {
	if b.reset.IsZero() && b.flying > 0 || now.Before(b.reset) {
		return
	}
	b.remaining, b.reset = b.limit-b.flying, time.Time{}
}

func (b *bucket) take() {
	b.flying++
	b.remaining--
}

// put takes note that a call was answered, or came to nothing.
func (b *bucket) put() {
	b.flying--
	close(b.changed)
	b.changed = make(chan struct{})
}

// learn takes over what an answer says of the window. Answers may overtake one
// another: of one window the least that remains counts, in a new one what
// still flies may not have been counted yet.
func (b *bucket) learn(h http.Header, now time.Time) {
	limit, noLimit := strconv.Atoi(h.Get("X-RateLimit-Limit"))
	remaining, noRemaining := strconv.Atoi(h.Get("X-RateLimit-Remaining"))
	after, timed := seconds(h.Get("X-RateLimit-Reset-After"))
	if noLimit != nil || noRemaining != nil || !timed || limit < 1 {
		b.known = true
		return
	}
	b.refill(now)
	if !b.known || b.reset.IsZero() {
		b.remaining = remaining - b.flying
	}
	b.known, b.limit, b.remaining = true, limit, min(remaining, b.remaining)
	if reset := now.Add(min(after, mostWait)); reset.After(b.reset) {
		b.reset = reset
	}
}

func (b *bucket) idle(now time.Time) bool {
	return b.flying == 0 && !now.Before(b.reset)
}

// buckets finds the bucket of a route: by the name that Discord's answers give
// it, until then by the route itself.
type buckets struct {
	names map[string]string // by template; there are as many as kinds of calls
	byKey map[string]*bucket
}

func newBuckets() buckets {
	return buckets{make(map[string]string), make(map[string]*bucket)}
}

// name takes over the name that an answer gives to the bucket of a route.
func (s *buckets) name(r route, name string) {
	if name != "" {
		s.names[r.template] = name
	}
}

func (s *buckets) key(r route) string {
	if name, ok := s.names[r.template]; ok {
		return name + " " + r.major
	}
	return r.key()
}

// of is the bucket of a route. When there are too many that cannot be
// forgotten, what is new shares one.
func (s *buckets) of(r route, now time.Time) *bucket {
	key := s.key(r)
	if b, ok := s.byKey[key]; ok {
		return b
	}
	if len(s.byKey) >= maxBuckets {
		maps.DeleteFunc(s.byKey, func(_ string, b *bucket) bool { return b.idle(now) })
	}
	if len(s.byKey) >= maxBuckets {
		key = ""
	}
	if s.byKey[key] == nil {
		s.byKey[key] = &bucket{changed: make(chan struct{})}
	}
	return s.byKey[key]
}
