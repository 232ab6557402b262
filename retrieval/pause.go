package retrieval

import (
	"context"
	"errors"
	"sync"
	"time"
)

// A pause keeps requests from an endpoint for as long as it asked to be left
// alone.
type pause struct {
	mu   sync.Mutex
	ends time.Time
	why  *EndpointError
}

// heed begins a pause as long as err asks for, unless one lasts longer.
func (p *pause) heed(err error) {
	e, ok := errors.AsType[*EndpointError](err)
	if !ok || e.RetryAfter == 0 {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if ends := time.Now().Add(e.RetryAfter); ends.After(p.ends) {
		p.ends, p.why = ends, e
	}
}

// reason is why there is a pause, with what is left of it as its RetryAfter;
// nil if there is none.
func (p *pause) reason() *EndpointError {
	p.mu.Lock()
	defer p.mu.Unlock()
	left := time.Until(p.ends)
	if left <= 0 {
		return nil
	}
	e := *p.why
	e.RetryAfter = left
	return &e
}

// wait returns once the pause is over. It returns the reason at once if ctx's
// deadline comes first, or if waiting is no remedy.
func (p *pause) wait(ctx context.Context) error {
	for {
		e := p.reason()
		if e == nil {
			return nil
		}
		deadline, bounded := ctx.Deadline()
		if !e.passing || bounded && time.Until(deadline) < e.RetryAfter {
			return e
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(e.RetryAfter):
		}
	}
}
