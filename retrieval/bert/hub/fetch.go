package hub

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"os"
	"strconv"
	"strings"

	"github.com/cenkalti/backoff/v5"
)

// tries is how often a file is asked for, each time from where the one before
// was cut off.
const tries = 5

// A fetcher fetches the files of one model.
type fetcher struct {
	client  *http.Client
	limits  limits
	options Options
	model   string // OWNER/NAME
	address string // of its files, up to their names
}

// fetch makes the file at path the one that is wanted, if it is not that
// already. One that is optional may be left out.
func (f *fetcher) fetch(ctx context.Context, w wanted, path string) error {
	if sum, err := sumOf(path); w.sum != "" && err == nil && sum == w.sum {
		return nil
	}
	_, err := backoff.Retry(ctx,
		func() (struct{}, error) { return struct{}{}, retriable(f.try(ctx, w, path)) },
		backoff.WithMaxTries(tries),
		backoff.WithMaxElapsedTime(f.limits.total),
		backoff.WithBackOff(&backoff.ExponentialBackOff{
			InitialInterval: f.limits.pause, RandomizationFactor: .5, Multiplier: 2, MaxInterval: f.limits.longest,
		}))
	if err == nil {
		return nil
	}
	if e, ok := errors.AsType[*Error](err); ok {
		return e
	}
	if ctx.Err() != nil {
		return broken(ctx, err)
	}
	return err
}

// retriable tells backoff whether to try again after err, and when.
func retriable(err error) error {
	if err == nil {
		return nil
	}
	e, ok := errors.AsType[*Error](err)
	switch {
	case !ok || !e.passing:
		return backoff.Permanent(err)
	case e.wait > 0:
		return errors.Join(e, &backoff.RetryAfterError{Duration: e.wait})
	}
	return e
}

// try asks for the file once, or for what is missing of it.
func (f *fetcher) try(ctx context.Context, w wanted, path string) (err error) {
	p, err := openPart(path, w)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, p.close()) }()
	if w.sum != "" && p.digest() == w.sum {
		return p.finish(f.model)
	}
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	reply, err := f.ask(ctx, w, p)
	if err != nil {
		return err
	}
	defer reply.Body.Close()
	switch {
	case reply.StatusCode == http.StatusNotFound && w.optional:
		return errors.Join(removeIfThere(path), p.discard()) // an earlier hub may have had one
	case reply.StatusCode == http.StatusRequestedRangeNotSatisfiable:
		return errors.Join(passing("the hub holds less of "+w.name+" than was fetched before", later), p.discard())
	case reply.StatusCode != http.StatusOK && reply.StatusCode != http.StatusPartialContent:
		return f.refusal(w, reply)
	case isPage(reply.Header):
		return fault("a page came where "+w.name+" was due, probably a proxy's or a login page",
			"open the hub's address in a browser, or check HTTPS_PROXY")
	}
	if err := f.receive(ctx, cancel, reply, p); err != nil {
		return err
	}
	return p.finish(f.model)
}

// ask sends the request for what p lacks.
func (f *fetcher) ask(ctx context.Context, w wanted, p *part) (*http.Response, error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, f.address+w.name, nil)
	if err != nil {
		return nil, fmt.Errorf("asking for %s: %w", w.name, err)
	}
	r.Header.Set("User-Agent", "footnote")
	r.Header.Set("Accept-Encoding", "identity")
	if p.size > 0 {
		r.Header.Set("Range", fmt.Sprintf("bytes=%d-", p.size))
		if p.etag != "" {
			r.Header.Set("If-Range", p.etag)
		}
	}
	reply, err := f.client.Do(r)
	if err != nil {
		return nil, broken(ctx, err)
	}
	return reply, nil
}

// receive adds the body of a reply to p, which begins anew if that is the
// whole file.
func (f *fetcher) receive(ctx context.Context, cancel context.CancelCauseFunc, reply *http.Response, p *part) error {
	if reply.StatusCode == http.StatusOK {
		if err := p.restart(reply.Header.Get("ETag")); err != nil {
			return err
		}
	} else if start, ok := rangeStart(reply.Header); !ok || start != p.size {
		return errors.Join(passing("the hub sent another part of "+p.name+" than it was asked for", later), p.discard())
	}
	total := int64(-1)
	if reply.ContentLength >= 0 {
		total = p.size + reply.ContentLength
	}
	if total > p.most {
		return errors.Join(tooLarge(p.wanted), p.discard())
	}
	body := watch(reply.Body, f.limits.idle, func() { cancel(errIdle) })
	defer body.stop()
	return p.copy(ctx, body, func() { f.options.Progress(p.name, p.size, total) })
}

func tooLarge(w wanted) *Error {
	return fault(fmt.Sprintf("%s is larger than %d MiB", w.name, w.most>>20), "choose a smaller model")
}

// rangeStart is the first byte that a partial reply brings.
func rangeStart(h http.Header) (int64, bool) {
	span, ok := strings.CutPrefix(h.Get("Content-Range"), "bytes ")
	if !ok {
		return 0, false
	}
	first, _, _ := strings.Cut(span, "-")
	start, err := strconv.ParseInt(first, 10, 64)
	return start, err == nil
}

// sumOf is the SHA-256 of the file at path.
func sumOf(path string) (string, error) {
	file, err := os.Open(path)
	if err != nil {
		return "", err
	}
	defer file.Close()
	hash := newHash()
	if _, err := io.Copy(hash, file); err != nil {
		return "", err
	}
	return hexOf(hash), nil
}

func removeIfThere(path string) error {
	if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}
