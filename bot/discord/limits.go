package discord

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"sync"
	"time"

	"golang.org/x/time/rate"
)

// Discord allows 50 calls a second. A burst and what follows it in a second
// are no more than that together.
const (
	gateBurst    = 10
	gateInterval = 25 * time.Millisecond
)

// errBreakerOpen is why no call is made: too many were refused.
var errBreakerOpen = errors.New("too many calls were refused lately, so none is made for now")

// limits decide when a call may leave. They read the monotonic clock, so that
// no jump of the wall clock lets one leave early.
type limits struct {
	timing  Timing
	observe func(event string)

	mu       sync.Mutex
	gate     *rate.Limiter
	all      time.Time // until when only interactions may leave
	everyone time.Time // until when nothing may
	buckets  buckets
	breaker  breaker
	blocked  fading[struct{}]  // by route or bucket: what a 429 forbids
	unusable fading[*apiError] // see unusableKey
	fatal    *FatalError
	stopped  chan struct{} // closed with fatal
}

func newLimits(t Timing, observe func(string)) *limits {
	return &limits{
		timing:   t,
		observe:  observe,
		gate:     rate.NewLimiter(rate.Every(t.of(gateInterval)), gateBurst),
		buckets:  newBuckets(),
		breaker:  breaker{window: t.of(invalidWindow)},
		blocked:  make(fading[struct{}]),
		unusable: make(fading[*apiError]),
		stopped:  make(chan struct{}),
	}
}

// enter waits until a call may leave, and counts it in a bucket. Each enter
// without an error is followed by one leave.
func (l *limits) enter(ctx context.Context, r route) (*bucket, error) {
	for {
		b, wait, err := l.try(r, time.Now())
		if b != nil || err != nil {
			return b, err
		}
		if err := wait.sleep(ctx); err != nil {
			return nil, fmt.Errorf("waiting for Discord's limits: %w", err)
		}
	}
}

// try lets a call leave if nothing is against it. Otherwise it says what to
// wait for before the next try.
func (l *limits) try(r route, now time.Time) (*bucket, pause, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if err := l.refusal(r, now); err != nil {
		return nil, pause{}, err
	}
	b := l.buckets.of(r, now)
	wait, onAnswer := b.wait(now)
	if wait = max(wait, l.forbidden(r, now)); wait > 0 {
		return nil, pause{length: wait}, nil
	}
	if onAnswer {
		return nil, pause{end: b.changed}, nil
	}
	if !r.exempt {
		if wait := l.pass(now); wait > 0 {
			return nil, pause{length: wait}, nil
		}
	}
	b.take()
	return b, pause{}, nil
}

// forbidden is for how long 429s forbid a call.
func (l *limits) forbidden(r route, now time.Time) time.Duration {
	_, byRoute := l.blocked.get(r.key(), now)
	_, byBucket := l.blocked.get(l.buckets.key(r), now)
	wait := max(byRoute, byBucket, l.everyone.Sub(now))
	if !r.exempt {
		wait = max(wait, l.all.Sub(now))
	}
	return wait
}

// refusal is why a call may not leave at all.
func (l *limits) refusal(r route, now time.Time) error {
	switch {
	case l.fatal != nil:
		return l.fatal
	case l.breaker.open(now):
		return errBreakerOpen
	}
	return l.unusableBy(r, now)
}

// pass takes one of the calls of this second, or says how long to wait for it.
func (l *limits) pass(now time.Time) time.Duration {
	turn := l.gate.ReserveN(now, 1)
	wait := turn.DelayFrom(now)
	if wait > 0 {
		turn.CancelAt(now)
	}
	return wait
}

// leave takes note of the answer to a call that entered by b; nil if none came.
func (l *limits) leave(r route, b *bucket, a *answer) {
	now := time.Now()
	l.mu.Lock()
	defer l.mu.Unlock()
	b.put()
	if a == nil {
		return
	}
	l.buckets.name(r, a.header.Get("X-RateLimit-Bucket"))
	switch a.status {
	case http.StatusTooManyRequests:
		l.throttle(r, a.throttle, now)
	case http.StatusUnauthorized:
		l.invalid(now)
		if !r.exempt && a.code != codeWebhookExpired {
			l.stop()
		}
	case http.StatusForbidden:
		l.invalid(now)
		l.noteUnusable(r, a, now)
	case http.StatusNotFound:
		l.noteUnusable(r, a, now)
	}
	if a.status != http.StatusTooManyRequests {
		l.buckets.of(r, now).learn(a.header, now)
	}
}

// throttle does as a 429 asks.
func (l *limits) throttle(r route, t throttle, now time.Time) {
	l.observe("rest 429")
	until := now.Add(t.wait)
	l.blocked.put(r.key(), struct{}{}, until, now)
	l.blocked.put(l.buckets.key(r), struct{}{}, until, now)
	if t.all && until.After(l.all) {
		l.all = until
	}
	if t.everyone && until.After(l.everyone) {
		l.everyone = until
		l.observe("rest stopped")
	}
	if !t.shared {
		l.invalid(now)
	}
}

func (l *limits) invalid(now time.Time) {
	if wasOpen := l.breaker.open(now); l.breaker.count(now) && !wasOpen {
		l.observe("breaker open")
	}
}

// stop ends all calls for good.
func (l *limits) stop() {
	if l.fatal != nil {
		return
	}
	l.observe("rest unauthorised")
	l.fatal = &FatalError{
		Setting: "discord.token",
		Reason:  "Discord refused the bot's token; copy it anew from the developer portal",
	}
	close(l.stopped)
}

// end is why nothing more leaves; nil if calls are made.
func (l *limits) end() *FatalError {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.fatal
}

// A pause is what a call waits for: a time, or the end of another call.
type pause struct {
	length time.Duration
	end    <-chan struct{} // nil if length counts
}

// sleep waits until the pause is over. It does not begin one that outlasts ctx.
func (p pause) sleep(ctx context.Context) error {
	if p.end != nil {
		select {
		case <-p.end:
			return nil
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	if deadline, ok := ctx.Deadline(); ok && time.Until(deadline) < p.length {
		return context.DeadlineExceeded
	}
	timer := time.NewTimer(p.length)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
