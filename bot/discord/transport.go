package discord

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"time"
)

const (
	maxTries     = 3                      // of a call that Discord failed at
	maxThrottled = 5                      // tries of a call that is asked to wait
	firstBackoff = 500 * time.Millisecond // before the second try, at most; then twice that
	attemptTime  = 10 * time.Second       // of one try
	maxAnswer    = 8 << 20                // bytes
)

// A transport makes calls within Discord's limits, and again where that can
// help. It answers only what was done; all else is an error.
type transport struct {
	base    http.RoundTripper
	prefix  string // of paths, such as "/api/v10"
	timing  Timing
	limits  *limits
	observe func(event string)
	random  func() float64 // at least 0, less than 1
}

// An answer is what Discord said to one try.
type answer struct {
	status   int
	code     int // Discord's own; 0 if there is none
	header   http.Header
	body     []byte
	throttle throttle // of status 429
}

func (a *answer) ok() bool { return a.status >= 200 && a.status < 300 }

func (a *answer) err() *apiError {
	return &apiError{Status: a.status, Code: a.code, Header: a.header}
}

// A caller is a transport for one call.
type caller struct {
	*transport
	repeatable bool
}

// RoundTrip implements http.RoundTripper, but that a status other than 2xx is
// an *apiError, or a *FatalError.
func (c caller) RoundTrip(r *http.Request) (*http.Response, error) {
	route := routeOf(r.Method, strings.TrimPrefix(r.URL.Path, c.prefix))
	for try := 1; ; try++ {
		a, err := c.try(r, route, try)
		if err == nil && a.ok() {
			return a.response(r), nil
		}
		if err == nil {
			err = c.refusal(a, route, try)
		}
		if !c.mayHelp(a, err, try) || c.backOff(r.Context(), a, try) != nil {
			return nil, err
		}
	}
}

// refusal is what an answer means that is not what was asked for.
func (c caller) refusal(a *answer, r route, try int) error {
	if fatal := c.limits.end(); fatal != nil && a.status == http.StatusUnauthorized && !r.exempt {
		return fatal
	}
	err := a.err()
	err.try = try
	return err
}

// mayHelp says whether another try may succeed, and does no harm.
func (c caller) mayHelp(a *answer, err error, try int) bool {
	if a != nil && a.status == http.StatusTooManyRequests {
		return try < maxThrottled
	}
	if try >= maxTries {
		return false
	}
	if a != nil {
		return c.repeatable && a.status >= http.StatusInternalServerError
	}
	lost, ok := errors.AsType[*lostError](err)
	return ok && (c.repeatable || lost.unsent)
}

// backOff waits before another try, the longer the more there were. What is
// throttled the limits hold back.
func (c caller) backOff(ctx context.Context, a *answer, try int) error {
	if a != nil && a.status == http.StatusTooManyRequests {
		return nil
	}
	half := float64(c.timing.of(firstBackoff) << (try - 1) / 2)
	return pause{length: time.Duration(half + half*c.random())}.sleep(ctx)
}

// try makes a call once, for the nth time, as soon as the limits let it.
func (c caller) try(r *http.Request, route route, n int) (*answer, error) {
	bucket, err := c.limits.enter(r.Context(), route)
	if err != nil {
		return nil, err
	}
	a, err := c.send(r, c.time(r.Context(), n))
	c.limits.leave(route, bucket, a)
	return a, err
}

// time is how long the nth try may take: where another one can help, no more
// than half of what is left, so that one that hangs does not use up the call.
func (c caller) time(ctx context.Context, n int) time.Duration {
	most := c.timing.patient(attemptTime)
	if deadline, ok := ctx.Deadline(); ok && c.repeatable && n < maxTries {
		most = min(most, time.Until(deadline)/2)
	}
	return most
}

// send makes a call now, for no longer than limit. The answer is nil if there
// is an error.
func (c caller) send(r *http.Request, limit time.Duration) (*answer, error) {
	c.observe("rest call")
	ctx, cancel := context.WithTimeout(r.Context(), limit)
	defer cancel()
	again := r.Clone(ctx)
	if r.GetBody != nil {
		body, err := r.GetBody()
		if err != nil {
			return nil, fmt.Errorf("repeating the body of a call: %w", err)
		}
		again.Body = body
	}
	response, err := c.base.RoundTrip(again)
	if err != nil {
		return nil, c.lost(r.Context(), err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(io.LimitReader(response.Body, maxAnswer+1))
	if err != nil {
		return nil, c.lost(r.Context(), err)
	}
	if len(body) > maxAnswer {
		return nil, fmt.Errorf("reading Discord's answer: it is longer than %d bytes", maxAnswer)
	}
	return c.read(response, body), nil
}

// read understands an answer.
func (c caller) read(response *http.Response, body []byte) *answer {
	a := &answer{status: response.StatusCode, header: response.Header, body: body}
	if a.ok() {
		return a
	}
	var stated struct {
		Code int `json:"code"`
	}
	if json.Unmarshal(body, &stated) == nil {
		a.code = stated.Code
	}
	switch {
	case a.status == http.StatusTooManyRequests:
		a.throttle = readThrottle(a.header, body, c.timing)
	case a.status >= http.StatusInternalServerError:
		c.observe("rest 5xx")
	}
	return a
}

// response is an answer as discordgo reads it, which takes some of 2xx for
// failures, and stumbles over headers of limits that it does not understand.
func (a *answer) response(r *http.Request) *http.Response {
	return &http.Response{
		StatusCode: http.StatusOK,
		Header:     make(http.Header),
		Body:       io.NopCloser(bytes.NewReader(a.body)),
		Request:    r,
	}
}

// A lostError is a call whose answer did not come.
type lostError struct {
	unsent bool // it cannot have had an effect
	err    error
}

func (e *lostError) Error() string { return "asking Discord: " + e.err.Error() }
func (e *lostError) Unwrap() error { return e.err }

// lost is the error of a call that broke off: that of ctx if it ended.
func (c caller) lost(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return &lostError{false, ctx.Err()}
	}
	c.observe("rest lost")
	dial, ok := errors.AsType[*net.OpError](err)
	return &lostError{ok && dial.Op == "dial", err}
}

// patient is d, but no less than a loaded machine needs for a call.
func (t Timing) patient(d time.Duration) time.Duration {
	return max(t.of(d), 2*time.Second)
}
