package hub

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"mime"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"syscall"
	"time"
)

// An Error says what is wrong with a hub, or with the way to it, in a sentence
// fit for whoever wanted the model. It holds nothing of an address that the
// hub redirected to, which may be signed.
type Error struct {
	Status int    // the HTTP status that is the fault; 0 if none is
	What   string // what is wrong
	Do     string // what to do about it

	passing bool          // the same request may well succeed in a moment
	wait    time.Duration // that the hub asks for before that; 0 if it does not say
}

func (e *Error) Error() string {
	if e.Status == 0 {
		return e.What + "; " + e.Do
	}
	return fmt.Sprintf("%s (status %d); %s", e.What, e.Status, e.Do)
}

const later = "try again later: the same command goes on from here"

func fault(what, do string) *Error { return &Error{What: what, Do: do} }

// passing is a fault that a second try may find gone.
func passing(what, do string) *Error { return &Error{What: what, Do: do, passing: true} }

// refusal is what a reply means that brings no file.
func (f *fetcher) refusal(w wanted, reply *http.Response) *Error {
	e := f.classify(w, reply.StatusCode)
	e.Status = reply.StatusCode
	if e.passing {
		e.wait = retryAfter(reply.Header)
	}
	if e.wait > f.limits.longest {
		e.passing = false
		e.Do = "try again in " + e.wait.Round(time.Second).String() + ": the same command goes on from here"
	}
	return e
}

func (f *fetcher) classify(w wanted, status int) *Error {
	switch {
	case status == http.StatusUnauthorized:
		return fault("the hub has no "+f.model+", or wants a login for it",
			"check the name; or fetch the model with a browser, then run: footnote model add FOLDER")
	case status == http.StatusForbidden:
		return fault("the hub, or a proxy before it, refuses to hand out "+f.model,
			"check the proxy; or fetch the model with a browser, then run: footnote model add FOLDER")
	case status == http.StatusNotFound:
		return fault("the hub has no "+w.name+" of "+f.model+" at that revision", "check the name, the revision and the hub")
	case status == http.StatusProxyAuthRequired:
		return fault("the proxy wants a login", "put it into HTTPS_PROXY")
	case status == http.StatusTooManyRequests:
		return passing("the hub asks for fewer requests", later)
	case status == http.StatusRequestTimeout, status >= 500:
		return passing("the hub has a fault of its own", later)
	}
	return fault("the hub gave an answer that is not understood", "check the hub's address")
}

// isPage reports whether a reply is a page for people where a file was due.
func isPage(h http.Header) bool {
	media, _, _ := mime.ParseMediaType(h.Get("Content-Type"))
	return media == "text/html" || media == "application/xhtml+xml"
}

// retryAfter is how long h asks to wait; 0 if it does not say, or not in a
// form that is understood.
func retryAfter(h http.Header) time.Duration {
	value := h.Get("Retry-After")
	if seconds, err := strconv.ParseUint(value, 10, 31); err == nil {
		return time.Duration(seconds) * time.Second
	}
	at, err := http.ParseTime(value)
	if err != nil {
		return 0
	}
	return max(time.Until(at), 0)
}

// broken is what it means that a connection failed with err: whoever asked
// gave up, which ctx tells, or the hub or the way to it is at fault.
func broken(ctx context.Context, err error) error {
	cause := context.Cause(ctx)
	if cause != nil && !errors.Is(cause, errIdle) && !errors.Is(cause, errTooLong) {
		return ctx.Err()
	}
	if e, ok := errors.AsType[*url.Error](err); ok {
		err = e.Err // without the address, which may be signed
	}
	timeout, _ := errors.AsType[net.Error](err)
	dial, _ := errors.AsType[*net.OpError](err)
	_, unknown := errors.AsType[*net.DNSError](err)
	_, untrusted := errors.AsType[*tls.CertificateVerificationError](err)
	switch {
	case errors.Is(cause, errTooLong):
		return fault("the hub took too long", later)
	case errors.Is(cause, errIdle), timeout != nil && timeout.Timeout():
		return passing("the hub fell silent", later)
	case errors.Is(err, errRedirects):
		return fault("the hub redirects without an end", "check the hub's address")
	case errors.Is(err, errUnprotected):
		return fault("the hub redirects to an address that is not https, which is not followed", "check the hub's address")
	case dial != nil && dial.Op == "proxyconnect":
		return fault("the proxy cannot be reached", "check HTTPS_PROXY and HTTP_PROXY")
	case untrusted:
		return fault("the hub has a certificate that is not trusted", "check the hub's address and the proxy")
	case unknown:
		return fault("the hub's host name cannot be resolved", "check the hub's address and the network")
	case errors.Is(err, syscall.ECONNREFUSED):
		return fault("the hub cannot be reached: nothing listens there", "check the hub's address")
	case errors.Is(err, syscall.ECONNRESET), errors.Is(err, syscall.EPIPE),
		errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return passing("the hub broke the connection off", later)
	}
	return fault("the hub cannot be reached ("+err.Error()+")", "check the hub's address, the proxy and the network")
}
