package retrieval

import (
	"context"
	"errors"
	"fmt"
	"io"
	"mime"
	"net"
	"net/http"
	"slices"
	"sync"
	"time"

	"github.com/cenkalti/backoff/v5"
	"github.com/sony/gobreaker/v2"
)

// An Endpoint is what the client that guards the way to an OpenAI-compatible
// endpoint knows of it. All of it must be set.
type Endpoint struct {
	Section      string        // of its settings, such as "embeddings"; names it in errors
	ModelSetting string        // such as "embeddings.model"
	MediaTypes   []string      // that a reply may have, such as "application/json"
	MaxReply     int64         // bytes of a reply's body
	FirstByte    time.Duration // of a try, until the headers are there
	Timeout      time.Duration // of a request with its retries, to the end of the body
}

// NewEndpointClient returns a client for an OpenAI-compatible endpoint. It
// returns a reply only if its status is 200 and its media type is allowed; all
// else is an *EndpointError within the *url.Error of net/http, or the error of
// the request's context. It follows no redirect. It tries a request up to
// three times, but never once a reply was handed out. It leaves an endpoint
// alone for as long as it asks, for ten minutes if the account is used up, and
// for half a minute if it failed five times in as long; a request that cannot
// wait, or that no wait helps, then fails at once. The body of a reply fails
// with the same errors, and must be closed.
func NewEndpointClient(e Endpoint) *http.Client {
	return &http.Client{Transport: newEndpointTransport(e, &http.Transport{
		DialContext:            (&net.Dialer{Timeout: 5 * time.Second}).DialContext,
		TLSHandshakeTimeout:    10 * time.Second,
		ResponseHeaderTimeout:  e.FirstByte,
		MaxResponseHeaderBytes: 64 << 10,
		MaxIdleConnsPerHost:    4,
		IdleConnTimeout:        30 * time.Second,
		ForceAttemptHTTP2:      true, // which DialContext would turn off
	})}
}

const (
	tries        = 3
	firstWait    = 500 * time.Millisecond // between tries; doubles
	longestWait  = 24 * time.Hour         // that an endpoint may ask for
	quotaWait    = 10 * time.Minute       // if the account is used up and the endpoint does not say until when
	breakerFails = 5
	breakerTime  = 30 * time.Second // in which so many fail, and of the pause then
)

// An endpointTransport is the http.RoundTripper of NewEndpointClient.
type endpointTransport struct {
	Endpoint

	base    http.RoundTripper
	pause   pause
	breaker *gobreaker.TwoStepCircuitBreaker[any]
}

func newEndpointTransport(e Endpoint, base http.RoundTripper) *endpointTransport {
	return &endpointTransport{Endpoint: e, base: base, breaker: gobreaker.NewTwoStepCircuitBreaker[any](gobreaker.Settings{
		Interval:     breakerTime,
		BucketPeriod: breakerTime / 6,
		Timeout:      breakerTime,
		ReadyToTrip:  func(c gobreaker.Counts) bool { return c.TotalFailures >= breakerFails },
		IsSuccessful: func(err error) bool { return !errors.Is(err, ErrUnavailable) },
		IsExcluded: func(err error) bool {
			e, ok := errors.AsType[*EndpointError](err)
			return ok && e.quota || errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded)
		},
	})}
}

// CloseIdleConnections is what http.Client.CloseIdleConnections calls.
func (t *endpointTransport) CloseIdleConnections() {
	if base, ok := t.base.(interface{ CloseIdleConnections() }); ok {
		base.CloseIdleConnections()
	}
}

// RoundTrip sends r, again if that may help, and returns a reply of status 200
// whose body is guarded, or an error that names the setting to look at.
func (t *endpointTransport) RoundTrip(r *http.Request) (*http.Response, error) {
	if r.Body != nil {
		defer r.Body.Close() // each try sends a copy
	}
	ctx, cancel := context.WithTimeoutCause(r.Context(), t.Timeout, errTooSlow)
	deadline, _ := ctx.Deadline()
	reply, err := backoff.Retry(ctx,
		func() (*http.Response, error) { return t.try(ctx, cancel, r) },
		backoff.WithMaxTries(triesOf(r)),
		backoff.WithMaxElapsedTime(time.Until(deadline)), // no wait that ends beyond it is begun
		backoff.WithBackOff(&backoff.ExponentialBackOff{
			InitialInterval: firstWait, RandomizationFactor: .5, Multiplier: 2, MaxInterval: breakerTime,
		}))
	if err == nil {
		return reply, nil
	}
	defer cancel()
	if e, ok := errors.AsType[*EndpointError](err); ok {
		return nil, e
	}
	return nil, t.broken(ctx, err)
}

// triesOf is how often r may be sent: once, unless its body can be had again.
func triesOf(r *http.Request) uint {
	if r.GetBody == nil {
		return 1
	}
	return tries
}

// try sends r once, if the pause and the breaker let it. The body of its reply
// calls cancel at its end.
func (t *endpointTransport) try(ctx context.Context, cancel context.CancelFunc, r *http.Request) (*http.Response, error) {
	if err := t.pause.wait(ctx); err != nil {
		return nil, backoff.Permanent(err)
	}
	settle, err := t.breaker.Allow()
	if err != nil {
		e := t.fault(t.setting("base_url"), "failed several times and is left alone for half a minute", "try again later, or check %s")
		return nil, backoff.Permanent(lasting(e))
	}
	reply, err := t.send(ctx, r)
	if err != nil {
		settle(err)
		t.pause.heed(err)
		return nil, retriable(err)
	}
	reply.Body = &replyBody{
		body:  reply.Body,
		left:  t.replyLimit(ctx),
		fault: func(err error) error { return t.broken(ctx, err) },
		large: t.fault(t.setting("base_url"), "sent a reply that is too large", "check %s"),
		end:   func(err error) { settle(err); cancel() },
	}
	return reply, nil
}

// retriable tells backoff whether to send a request again that failed with err,
// and when.
func retriable(err error) error {
	e, ok := errors.AsType[*EndpointError](err)
	if !ok || !e.passing {
		return backoff.Permanent(err)
	}
	if e.RetryAfter > 0 {
		return errors.Join(e, &backoff.RetryAfterError{Duration: e.RetryAfter})
	}
	return e
}

// send sends a copy of r and returns its reply if that is one to read.
func (t *endpointTransport) send(ctx context.Context, r *http.Request) (*http.Response, error) {
	r = r.Clone(ctx)
	if r.GetBody != nil {
		body, err := r.GetBody()
		if err != nil {
			return nil, fmt.Errorf("copying the request: %w", err)
		}
		r.Body = body
	}
	reply, err := t.base.RoundTrip(r)
	if err != nil {
		return nil, t.broken(ctx, err)
	}
	if reply.StatusCode != http.StatusOK {
		defer reply.Body.Close()
		return nil, t.refusal(reply)
	}
	media, _, _ := mime.ParseMediaType(reply.Header.Get("Content-Type"))
	if !slices.Contains(t.MediaTypes, media) {
		defer reply.Body.Close()
		return nil, t.misplaced(reply, media)
	}
	return reply, nil
}

// A replyBody is a reply's body that fails with errors of the endpoint, and
// ends at its limit.
type replyBody struct {
	body  io.ReadCloser
	left  int64             // bytes that may still come
	fault func(error) error // what an error of body means
	large error             // the reply exceeds its limit
	once  sync.Once
	end   func(error) // told once how the reply ended
}

func (b *replyBody) Read(p []byte) (int, error) {
	n, err := b.body.Read(p)
	b.left -= int64(n)
	switch {
	case b.left < 0:
		n, err = 0, b.large
	case err == nil:
		return n, nil
	case err == io.EOF:
		b.finish(nil)
		return n, io.EOF
	default:
		err = b.fault(err)
	}
	b.finish(err)
	return n, err
}

// Close ends the reply where it is, which is no fault of the endpoint.
func (b *replyBody) Close() error {
	err := b.body.Close()
	b.finish(nil)
	return err
}

func (b *replyBody) finish(err error) {
	b.once.Do(func() { b.end(err) })
}

type replyLimitKey struct{}

// withReplyLimit bounds the body of a reply to a request of ctx to n bytes,
// where that is less than MaxReply.
func withReplyLimit(ctx context.Context, n int64) context.Context {
	return context.WithValue(ctx, replyLimitKey{}, n)
}

func (t *endpointTransport) replyLimit(ctx context.Context) int64 {
	if n, ok := ctx.Value(replyLimitKey{}).(int64); ok {
		return min(n, t.MaxReply)
	}
	return t.MaxReply
}
