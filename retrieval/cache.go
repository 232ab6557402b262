package retrieval

import (
	"container/list"
	"context"
	"crypto/sha256"
	"errors"
	"slices"
	"sync"
)

// A Cached is an Embedder that remembers the vectors another one made. It
// remembers no errors. It is safe for concurrent use if the other one is.
type Cached struct {
	inner Embedder
	size  int

	mu    sync.Mutex
	known map[textKey]*list.Element
	used  *list.List // of cachedVector, the last one used first
}

// A textKey is what a vector depends on.
type textKey struct {
	model string
	text  [sha256.Size]byte
	query bool
}

type cachedVector struct {
	key    textKey
	vector Vector
}

// NewCached remembers up to size vectors that e made, those last used.
func NewCached(e Embedder, size int) *Cached {
	return &Cached{inner: e, size: size, known: map[textKey]*list.Element{}, used: list.New()}
}

// Model is that of the embedder within.
func (c *Cached) Model() string { return c.inner.Model() }

// Unrelated is that of the embedder within, and 0 if it is not Scaled.
func (c *Cached) Unrelated() float64 {
	if scaled, ok := c.inner.(Scaled); ok {
		return scaled.Unrelated()
	}
	return 0
}

// EmbedPassages has the embedder within embed those of texts that are not
// remembered, each once and all in one call. The vectors are the caller's own.
func (c *Cached) EmbedPassages(ctx context.Context, texts []string) ([]Vector, error) {
	vecs := make([]Vector, len(texts))
	var missing []string
	places := map[string][]int{} // of each of missing among texts
	for i, text := range texts {
		if v, ok := c.recall(c.key(text, false)); ok {
			vecs[i] = v
			continue
		}
		if places[text] == nil {
			missing = append(missing, text)
		}
		places[text] = append(places[text], i)
	}
	if len(missing) == 0 {
		return vecs, nil
	}
	made, err := c.inner.EmbedPassages(ctx, missing)
	if refused, ok := errors.AsType[*TextError](err); ok {
		return nil, &TextError{Index: places[missing[refused.Index]][0], Err: refused.Err}
	}
	if err != nil {
		return nil, err
	}
	for n, v := range made {
		c.keep(c.key(missing[n], false), v)
		for _, i := range places[missing[n]] {
			vecs[i] = slices.Clone(v)
		}
	}
	return vecs, nil
}

// EmbedQuery embeds text unless it is remembered as a query. The vector is the
// caller's own.
func (c *Cached) EmbedQuery(ctx context.Context, text string) (Vector, error) {
	key := c.key(text, true)
	if v, ok := c.recall(key); ok {
		return v, nil
	}
	v, err := c.inner.EmbedQuery(ctx, text)
	if err != nil {
		return nil, err
	}
	c.keep(key, v)
	return v, nil
}

func (c *Cached) key(text string, query bool) textKey {
	return textKey{c.inner.Model(), sha256.Sum256([]byte(text)), query}
}

// recall is a copy of the vector of key, if it is remembered.
func (c *Cached) recall(key textKey) (Vector, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	e, ok := c.known[key]
	if !ok {
		return nil, false
	}
	c.used.MoveToFront(e)
	return slices.Clone(e.Value.(cachedVector).vector), true
}

// keep remembers a copy of v, in place of the vector used longest ago if there
// are too many.
func (c *Cached) keep(key textKey, v Vector) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if e, ok := c.known[key]; ok { // another goroutine was faster
		c.used.MoveToFront(e)
		return
	}
	c.known[key] = c.used.PushFront(cachedVector{key, slices.Clone(v)})
	if c.used.Len() > c.size {
		last := c.used.Remove(c.used.Back()).(cachedVector)
		delete(c.known, last.key)
	}
}
