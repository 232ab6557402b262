package bot

import (
	"context"
	"slices"
	"sync"
	"time"
)

const (
	behindAtMost  = 4096 // takings that wait to be written; more are not kept over a restart
	behindTimeout = 5 * time.Second
)

// behind writes takings behind the requests that they count: a disk that hangs
// holds nobody up. It is safe for use by several goroutines.
type behind struct {
	mu      sync.Mutex
	pending []taking
	running bool
	done    sync.WaitGroup

	writing chan struct{} // holds one while a batch is written
}

func newBehind() *behind { return &behind{writing: make(chan struct{}, 1)} }

// add has a taking written soon by write, with all that wait then. At most one
// batch is written at a time.
func (w *behind) add(ctx context.Context, t taking, write func(context.Context, []taking)) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if len(w.pending) < behindAtMost {
		w.pending = append(w.pending, t)
	}
	if w.running {
		return
	}
	w.running = true
	w.done.Go(func() {
		for w.writeBatch(context.WithoutCancel(ctx), write) {
		}
	})
}

// writeBatch writes what waits. It reports false if that is nothing.
func (w *behind) writeBatch(ctx context.Context, write func(context.Context, []taking)) bool {
	w.writing <- struct{}{}
	defer func() { <-w.writing }()
	batch := w.next()
	if len(batch) == 0 {
		return false
	}
	ctx, cancel := context.WithTimeout(ctx, behindTimeout)
	defer cancel()
	write(ctx, batch)
	return true
}

func (w *behind) next() []taking {
	w.mu.Lock()
	defer w.mu.Unlock()
	batch := w.pending
	w.pending = nil
	w.running = len(batch) > 0
	return batch
}

// forget drops what waits to be written for a key. Nothing is being written
// when it returns, unless ctx has ended.
func (w *behind) forget(ctx context.Context, key string) error {
	select {
	case w.writing <- struct{}{}:
		defer func() { <-w.writing }()
	case <-ctx.Done():
		return ctx.Err()
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	for i := range w.pending {
		w.pending[i].keys = slices.DeleteFunc(w.pending[i].keys, func(k string) bool { return k == key })
	}
	return nil
}

// wait waits until all is written. Nothing may be added meanwhile.
func (w *behind) wait() { w.done.Wait() }
