package hub

import (
	"errors"
	"io"
	"net"
	"net/http"
	"net/url"
	"time"
)

// limits bound what a hub can cost in time.
type limits struct {
	connect   time.Duration
	firstByte time.Duration // from a request to the headers of its reply
	idle      time.Duration // without a byte of a file
	total     time.Duration // of a model
	pause     time.Duration // before the second try; doubles
	longest   time.Duration // that a hub may have us wait
}

func usualLimits() limits {
	return limits{
		connect:   10 * time.Second,
		firstByte: 30 * time.Second,
		idle:      30 * time.Second,
		total:     6 * time.Hour,
		pause:     time.Second,
		longest:   time.Minute,
	}
}

// maxRedirects is how often a hub may send us on for one file.
const maxRedirects = 5

var (
	errIdle        = errors.New("no byte came for too long")
	errTooLong     = errors.New("it took too long")
	errRedirects   = errors.New("too many redirects")
	errUnprotected = errors.New("a redirect to an address without encryption")
)

// newClient returns a client for a hub. It bounds each step to the headers of
// a reply, and follows few redirects, none of them out of encryption.
func newClient(proxy func(*http.Request) (*url.URL, error), l limits) *http.Client {
	return &http.Client{
		CheckRedirect: checkRedirect,
		Transport: &http.Transport{
			Proxy:                  proxy,
			DialContext:            (&net.Dialer{Timeout: l.connect}).DialContext,
			TLSHandshakeTimeout:    l.connect,
			ResponseHeaderTimeout:  l.firstByte,
			MaxResponseHeaderBytes: 64 << 10,
			IdleConnTimeout:        30 * time.Second,
			ForceAttemptHTTP2:      true, // which DialContext would turn off
			DisableCompression:     true, // a range is one of the file's own bytes
		},
	}
}

// checkRedirect lets a hub send us to the host that keeps its files: from
// https to https, or on this machine.
func checkRedirect(r *http.Request, via []*http.Request) error {
	from := via[len(via)-1].URL
	switch {
	case len(via) > maxRedirects:
		return errRedirects
	case from.Scheme == "https" && r.URL.Scheme == "https":
		return nil
	case isLocal(from) && isLocal(r.URL):
		return nil
	}
	return errUnprotected
}

func isLocal(u *url.URL) bool { return u.Scheme == "http" && isLoopback(u.Hostname()) }

// A watched reader calls late once it gave no byte for a while.
type watched struct {
	io.Reader
	idle  time.Duration
	timer *time.Timer
}

func watch(r io.Reader, idle time.Duration, late func()) *watched {
	return &watched{r, idle, time.AfterFunc(idle, late)}
}

func (w *watched) Read(p []byte) (int, error) {
	n, err := w.Reader.Read(p)
	if n > 0 {
		w.timer.Reset(w.idle)
	}
	return n, err
}

// stop ends the watch.
func (w *watched) stop() { w.timer.Stop() }
