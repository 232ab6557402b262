package retrieval

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"syscall"
	"time"
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
	Status     int           // the HTTP status that is the fault, or that an error with status 200 stands for; 0 if none is
	What       string        // what is wrong
	Do         string        // what to do about it; names Setting
	RetryAfter time.Duration // how long the endpoint is left alone, as it asks or for want of quota; 0 if it is not
	Err        error         // ErrUnavailable, or nil

	TooLong       bool // the request is longer than the context of the model
	ContextTokens int  // that this context has; 0 if the endpoint does not say

	passing bool // the same request may well succeed in a moment
	quota   bool // the key's account is used up
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
	c := readComplaint(reply.Body)
	if reply.StatusCode == http.StatusBadRequest && reply.Request.URL.Scheme == "http" && c.wantsHTTPS() {
		e := t.fault(t.setting("base_url"), "speaks https, not http", "let %s begin with https://")
		e.Status = reply.StatusCode
		return e
	}
	return t.stated(reply.StatusCode, c, reply.Header)
}

// misplaced is what a reply of status 200 means whose media type is not one
// that was asked for.
func (t *endpointTransport) misplaced(reply *http.Response, media string) *EndpointError {
	address := t.setting("base_url")
	switch media {
	case "text/html":
		return t.fault(address, "answered with a web page", "check %s: it is the address of an interface for programs, and ends in /v1")
	case "application/json":
		c := readComplaint(reply.Body)
		if status := c.status(); status != 0 {
			return t.stated(status, c, reply.Header)
		}
	}
	return t.fault(address, "answered with something other than "+strings.Join(t.MediaTypes, " or "), "check %s")
}

// stated is the error that a status, a body and the headers state.
func (t *endpointTransport) stated(status int, c complaint, h http.Header) *EndpointError {
	e := t.classify(status, c)
	e.Status = status
	if e.Err != nil {
		e.RetryAfter = retryAfter(h)
	}
	if e.quota && e.RetryAfter == 0 {
		e.RetryAfter = quotaWait
	}
	return e
}

func (t *endpointTransport) classify(status int, c complaint) *EndpointError {
	address, key := t.setting("base_url"), t.setting("api_key")
	switch {
	case c.tooLong(status):
		return t.tooLong(c.context)
	case c.is("insufficient_quota"), status == http.StatusPaymentRequired:
		e := lasting(t.fault(key, "has no quota left for the key", "top up the account of %s, or use another key"))
		e.quota = true
		return e
	case refusesText(status):
		return t.fault(t.ModelSetting, "refused the request", "check that %s can take what it is sent")
	}
	switch status {
	case http.StatusMovedPermanently, http.StatusFound, http.StatusSeeOther,
		http.StatusTemporaryRedirect, http.StatusPermanentRedirect:
		return t.fault(address, "redirects to another address, which is not followed", "set %s to the final address")
	case http.StatusUnauthorized, http.StatusForbidden:
		return t.fault(key, "refused the key", "check %s")
	case http.StatusNotFound:
		if c.stated {
			return t.fault(t.ModelSetting, "does not know the model", "check %s")
		}
		return t.fault(address, "is not at this address", "check %s")
	case http.StatusTooManyRequests:
		return passing(t.fault(key, "asks for fewer requests", "try again later, or raise the limits of the account of %s"))
	}
	if status == http.StatusNotImplemented {
		return t.fault(address, "does not offer what is asked of it", "check %s, and how the server was started")
	}
	if status >= 500 || status == http.StatusRequestTimeout {
		return passing(t.fault(address, "has a fault of its own", "try again later, or check %s"))
	}
	return t.fault(address, "gave an answer that is not understood", "check %s")
}

// tooLong is the error of a request that is longer than the model's context,
// which has that many tokens if they are known. What is embedded has a length
// of its own, so that another model is the only remedy.
func (t *endpointTransport) tooLong(tokens int) *EndpointError {
	var e *EndpointError
	switch {
	case t.Section == embeddingsSection:
		e = t.fault(t.ModelSetting, "takes no text that long", "set %s to a model that takes longer texts")
	case tokens > 0:
		e = t.fault(t.setting("context"), "takes no prompt that long", "set %s to "+strconv.Itoa(tokens)+" or less")
	default:
		e = t.fault(t.setting("context"), "takes no prompt that long", "set %s to the tokens that the model's context has")
	}
	e.TooLong, e.ContextTokens = true, tokens
	return e
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
	if fault, ok := errors.AsType[*EndpointError](context.Cause(ctx)); ok {
		return fault // which the asker found
	}
	if ctx.Err() != nil && !errors.Is(context.Cause(ctx), errTooSlow) {
		return ctx.Err()
	}
	address := t.setting("base_url")
	timeout, _ := errors.AsType[net.Error](err)
	_, unknown := errors.AsType[*net.DNSError](err)
	_, untrusted := errors.AsType[*tls.CertificateVerificationError](err)
	_, plain := errors.AsType[tls.RecordHeaderError](err)
	switch {
	case ctx.Err() != nil || timeout != nil && timeout.Timeout():
		return lasting(t.fault(t.setting("timeout"), "did not answer in time", "try again later, or raise %s"))
	case untrusted:
		return t.fault(address, "has a certificate that is not trusted", "check %s")
	case plain:
		return t.fault(address, "does not speak https", "let %s begin with http://, or check its port")
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
