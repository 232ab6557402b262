package retrieval

import (
	"context"
	"errors"
	"sync"
	"time"
)

// A gate keeps requests from an endpoint for as long as it asked to be left
// alone.
type gate struct {
	mu    sync.Mutex
	opens time.Time
	why   *EndpointError
}

// heed shuts the gate for as long as err asks, unless it is shut for longer.
func (g *gate) heed(err error) {
	e, ok := errors.AsType[*EndpointError](err)
	if !ok || e.RetryAfter == 0 {
		return
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	if opens := time.Now().Add(e.RetryAfter); opens.After(g.opens) {
		g.opens, g.why = opens, e
	}
}

// shut is why the gate is shut, with what is left of the time as its
// RetryAfter; nil if it is open.
func (g *gate) shut() *EndpointError {
	g.mu.Lock()
	defer g.mu.Unlock()
	left := time.Until(g.opens)
	if left <= 0 {
		return nil
	}
	e := *g.why
	e.RetryAfter = left
	return &e
}

// pass returns once the gate is open. It returns at once why it is shut if
// ctx's deadline comes first, or if waiting is no remedy.
func (g *gate) pass(ctx context.Context) error {
	for {
		e := g.shut()
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
