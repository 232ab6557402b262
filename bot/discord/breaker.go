package discord

import "time"

// Discord bans an address that makes 10,000 invalid requests in 10 minutes. We
// stop far earlier: only a fault of ours makes so many.
const (
	maxInvalid    = 500
	invalidWindow = 10 * time.Minute
)

// A breaker is open while the last maxInvalid invalid requests fell within the
// window.
type breaker struct {
	window time.Duration
	times  []time.Time // the last ones, a ring
	next   int         // the place of the oldest, once the ring is full
}

// count counts an invalid request, and says whether the breaker is open now.
func (b *breaker) count(now time.Time) bool {
	if len(b.times) < maxInvalid {
		b.times = append(b.times, now)
	} else {
		b.times[b.next] = now
		b.next = (b.next + 1) % maxInvalid
	}
	return b.open(now)
}

func (b *breaker) open(now time.Time) bool {
	return len(b.times) == maxInvalid && now.Sub(b.times[b.next]) < b.window
}
