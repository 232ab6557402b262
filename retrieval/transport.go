package retrieval

import (
	"context"
	"crypto/tls"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"

	"github.com/cenkalti/backoff/v5"
	"github.com/sony/gobreaker/v2"
)

// ErrUnavailable is why an endpoint did not help this time, though its
// settings may be right: it is down, slow, overloaded or out of quota.
var ErrUnavailable = errors.New("the endpoint is not available for now")

// errTooSlow tells the end of our own deadline from the end of the asker's.
var errTooSlow = errors.New("the endpoint did not answer in time")

// An EndpointError says what is wrong with an OpenAI-compatible endpoint in a
// sentence that is fit for its operator. It holds nothing of the key, of the
// request or of the reply's body.
type EndpointError struct {
	Setting    string        // the setting to look at, such as "embeddings.base_url"
	Status     int           // the HTTP status that is the fault; 0 if none is
	What       string        // what is wrong
	Do         string        // what to do about it; names Setting
	RetryAfter time.Duration // how long the endpoint asks to be left alone; 0 if it does not say
	Err        error         // ErrUnavailable, or nil

	passing bool // the same request may well succeed in a moment
}

func (e *EndpointError) Error() string {
	if e.Status == 0 {
		return e.What + "; " + e.Do
	}
	return fmt.Sprintf("%s (status %d); %s", e.What, e.Status, e.Do)
}

func (e *EndpointError) Unwrap() error { return e.Err }

// CheckBaseURL returns the address of an OpenAI-compatible endpoint without
// its last slash, or an *EndpointError: an address is a web address without a
// name, a password or a query, and ends in /v1.
func CheckBaseURL(setting, address string) (string, error) {
	wrong := func(what string) (string, error) {
		return "", &EndpointError{
			Setting: setting,
			What:    setting + " " + what,
			Do:      "set " + setting + " to an address such as http://localhost:11434/v1",
		}
	}
	address = strings.TrimRight(address, "/")
	u, err := url.Parse(address)
	switch {
	case err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Hostname() == "":
		return wrong("is not a web address")
	case u.User != nil:
		return wrong("holds a name or a password, which belong into the key")
	case u.RawQuery != "" || u.ForceQuery || u.Fragment != "":
		return wrong("holds a query or a fragment")
	case !strings.HasSuffix(u.Path, "/v1"):
		return wrong("does not end in /v1")
	}
	return address, nil
}

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
// three times, but never once a reply was handed out, and leaves an endpoint
// that failed five times in half a minute alone for as long. The body of a
// reply fails with the same errors, and must be closed.
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
	breakerFails = 5
	breakerTime  = 30 * time.Second // in which so many fail, and of the pause then
	maxComplaint = 64 << 10         // bytes of an error's body
)

// An endpointTransport is the http.RoundTripper of NewEndpointClient.
type endpointTransport struct {
	Endpoint

	base    http.RoundTripper
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
			return errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded)
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

// try sends r once, if the breaker lets it. The body of its reply calls cancel
// at its end.
func (t *endpointTransport) try(ctx context.Context, cancel context.CancelFunc, r *http.Request) (*http.Response, error) {
	settle, err := t.breaker.Allow()
	if err != nil {
		e := t.fault(t.setting("base_url"), "failed several times and is left alone for half a minute", "try again later, or check %s")
		return nil, backoff.Permanent(lasting(e))
	}
	reply, err := t.send(ctx, r)
	if err != nil {
		settle(err)
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
		return nil, t.fault(t.setting("base_url"), "answered with something other than "+strings.Join(t.MediaTypes, " or "), "check %s")
	}
	return reply, nil
}

func (t *endpointTransport) setting(key string) string { return t.Section + "." + key }

// fault is an error of the endpoint; do says what to do about setting, %s.
func (t *endpointTransport) fault(setting, what, do string) *EndpointError {
	return &EndpointError{
		Setting: setting,
		What:    "the " + t.Section + " endpoint " + what,
		Do:      fmt.Sprintf(do, setting),
	}
}

// refusal is what a reply of another status than 200 means.
func (t *endpointTransport) refusal(reply *http.Response) *EndpointError {
	e := t.classify(reply)
	e.Status = reply.StatusCode
	if e.Err != nil {
		e.RetryAfter = retryAfter(reply.Header)
	}
	return e
}

func (t *endpointTransport) classify(reply *http.Response) *EndpointError {
	address, key := t.setting("base_url"), t.setting("api_key")
	switch status := reply.StatusCode; status {
	case http.StatusMovedPermanently, http.StatusFound, http.StatusSeeOther,
		http.StatusTemporaryRedirect, http.StatusPermanentRedirect:
		return t.fault(address, "redirects to another address, which is not followed", "set %s to the final address")
	case http.StatusBadRequest, http.StatusRequestEntityTooLarge, http.StatusUnprocessableEntity:
		return t.fault(t.ModelSetting, "refused the request", "check that %s can take what it is sent")
	case http.StatusUnauthorized, http.StatusForbidden:
		return t.fault(key, "refused the key", "check %s")
	case http.StatusNotFound:
		if complaintOf(reply.Body).stated {
			return t.fault(t.ModelSetting, "does not know the model", "check %s")
		}
		return t.fault(address, "is not at this address", "check %s")
	case http.StatusTooManyRequests:
		if complaintOf(reply.Body).quota {
			return lasting(t.fault(key, "has no quota left for the key", "top up the account of %s, or use another key"))
		}
		return passing(t.fault(key, "asks for fewer requests", "try again later, or raise the limits of the account of %s"))
	default:
		if status >= 500 || status == http.StatusRequestTimeout {
			return passing(t.fault(address, "has a fault of its own", "try again later, or check %s"))
		}
		return t.fault(address, "gave an answer that is not understood", "check %s")
	}
}

// passing marks e as unavailability that a second try may find gone.
func passing(e *EndpointError) *EndpointError {
	e.Err, e.passing = ErrUnavailable, true
	return e
}

// lasting marks e as unavailability that outlasts a second try.
func lasting(e *EndpointError) *EndpointError {
	e.Err = ErrUnavailable
	return e
}

// A complaint is what can be relied on in an error's body.
type complaint struct {
	stated bool // it is an error in OpenAI's form, so an endpoint of that kind wrote it
	quota  bool // the account is used up
}

func complaintOf(body io.Reader) complaint {
	var reply struct {
		Error *struct{ Code, Type any }
	}
	err := json.NewDecoder(io.LimitReader(body, maxComplaint)).Decode(&reply)
	if err != nil || reply.Error == nil {
		return complaint{}
	}
	const used = "insufficient_quota"
	return complaint{stated: true, quota: reply.Error.Code == used || reply.Error.Type == used}
}

// retryAfter is how long h asks to wait, up to longestWait; 0 if it does not
// say, or not in a form that is understood.
func retryAfter(h http.Header) time.Duration {
	value := h.Get("Retry-After")
	if seconds, err := strconv.Atoi(value); err == nil {
		limit := int(longestWait / time.Second)
		return time.Duration(min(max(seconds, 0), limit)) * time.Second
	}
	at, err := http.ParseTime(value)
	if err != nil {
		return 0
	}
	return min(max(time.Until(at), 0), longestWait)
}

// broken is what it means that a connection failed with err: the asker gave
// up, which ctx tells, or the endpoint is at fault.
func (t *endpointTransport) broken(ctx context.Context, err error) error {
	if ctx.Err() != nil && !errors.Is(context.Cause(ctx), errTooSlow) {
		return ctx.Err()
	}
	address := t.setting("base_url")
	timeout, _ := errors.AsType[net.Error](err)
	_, unknown := errors.AsType[*net.DNSError](err)
	_, untrusted := errors.AsType[*tls.CertificateVerificationError](err)
	switch {
	case ctx.Err() != nil || timeout != nil && timeout.Timeout():
		return lasting(t.fault(t.setting("timeout"), "did not answer in time", "try again later, or raise %s"))
	case untrusted:
		return t.fault(address, "has a certificate that is not trusted", "check %s")
	case unknown:
		return lasting(t.fault(address, "has a host name that cannot be resolved", "check %s and the network"))
	case errors.Is(err, syscall.ECONNREFUSED):
		return lasting(t.fault(address, "cannot be reached: nothing listens there", "start it, or check %s"))
	case errors.Is(err, syscall.ECONNRESET), errors.Is(err, syscall.EPIPE),
		errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return passing(t.fault(address, "broke the connection off", "try again later, or check %s"))
	default:
		return lasting(t.fault(address, "cannot be reached", "check %s and the network"))
	}
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
