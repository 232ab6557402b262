package retrieval

import (
	"context"
	"crypto/tls"
	"encoding/json"
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
