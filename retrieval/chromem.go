package retrieval

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"sync"

	"github.com/philippgille/chromem-go"
)

// vectors holds the vectors of one model in memory, by key, and finds those
// nearest to a query. The store is what lasts; vectors is filled from it. It
// is safe for concurrent use.
type vectors struct {
	model string

	// mu is ours because chromem's own lock leaves gaps: Delete reads the
	// number of documents before it takes it, and a query must not see the
	// collection shrink between counting it and searching it.
	mu         sync.RWMutex
	collection *chromem.Collection // nil until the first vector
	dimension  int                 // that of the first vector
}

// A near is a key whose vector is near to a query's.
type near struct {
	key    string
	cosine float64
}

// compareNear puts the nearer first, and equals in the order of their keys.
func compareNear(a, b near) int {
	return cmp.Or(cmp.Compare(b.cosine, a.cosine), cmp.Compare(a.key, b.key))
}

// newVectors holds no vectors yet; all that are added must come from model.
func newVectors(model string) *vectors {
	return &vectors{model: model}
}

// add puts vec under key, in place of the one that is there. It keeps a copy
// of length 1. A vector that is not finite, is zero, or has another dimension
// than the first one is refused, and what is there stays.
func (v *vectors) add(ctx context.Context, key string, vec Vector) error {
	if key == "" {
		return errors.New("adding a vector: its key is empty")
	}
	// A copy, because chromem keeps the slice of a vector of length 1.
	unit, err := unitVector(vec)
	if err != nil {
		return fmt.Errorf("adding the vector of %s: %w", key, err)
	}
	v.mu.Lock()
	defer v.mu.Unlock()
	// Before the call, because AddDocument pays no heed to ctx if it has
	// nothing to embed. AddDocuments does, but drops vectors without a word.
	if err := ctx.Err(); err != nil {
		return fmt.Errorf("adding the vector of %s: %w", key, err)
	}
	if err := v.begin(len(unit)); err != nil {
		return fmt.Errorf("adding the vector of %s: %w", key, err)
	}
	if err := v.collection.AddDocument(ctx, chromem.Document{ID: key, Embedding: unit}); err != nil {
		return fmt.Errorf("adding the vector of %s: %w", key, err)
	}
	return nil
}

// begin makes the collection for vectors of a dimension, or checks that they
// fit the one there is: chromem takes vectors of any dimension, and fails
// every later query for it.
func (v *vectors) begin(dimension int) error {
	if v.collection != nil {
		return v.fits(dimension)
	}
	// Once, because CreateCollection empties one of the same name; and with
	// an embedder, because its default one sends the text to OpenAI.
	collection, err := chromem.NewDB().CreateCollection("passages", nil, refuseToEmbed)
	if err != nil {
		return fmt.Errorf("making the collection: %w", err)
	}
	v.collection, v.dimension = collection, dimension
	return nil
}

func refuseToEmbed(context.Context, string) ([]float32, error) {
	return nil, errors.New("vectors are made before they are added")
}

func (v *vectors) fits(dimension int) error {
	if dimension != v.dimension {
		return fmt.Errorf("the vector has %d dimensions, those of model %s have %d", dimension, v.model, v.dimension)
	}
	return nil
}

// comparable is what keeps a query of that dimension from being compared, for
// the operator; nil if nothing does.
func (v *vectors) comparable(dimension int) error {
	v.mu.RLock()
	defer v.mu.RUnlock()
	if v.collection == nil || v.fits(dimension) == nil {
		return nil
	}
	return fmt.Errorf("embeddings.model now makes vectors of %d dimensions, and those of %s in the store have %d; "+
		"make them anew with: footnote reindex", dimension, v.model, v.dimension)
}

// remove drops the vectors of keys; a key that has none is no error.
func (v *vectors) remove(ctx context.Context, keys ...string) error {
	v.mu.Lock()
	defer v.mu.Unlock()
	if err := ctx.Err(); err != nil {
		return fmt.Errorf("removing vectors: %w", err)
	}
	if v.collection == nil || len(keys) == 0 {
		return nil
	}
	// Both maps nil: a filter that is empty but not nil deletes everything.
	if err := v.collection.Delete(ctx, nil, nil, keys...); err != nil {
		return fmt.Errorf("removing vectors: %w", err)
	}
	return nil
}

// len is how many keys have a vector.
func (v *vectors) len() int {
	v.mu.RLock()
	defer v.mu.RUnlock()
	return v.count()
}

func (v *vectors) count() int {
	if v.collection == nil {
		return 0
	}
	return v.collection.Count()
}

// has says whether a key has a vector.
func (v *vectors) has(key string) bool {
	v.mu.RLock()
	defer v.mu.RUnlock()
	if v.collection == nil {
		return false
	}
	_, err := v.collection.GetByID(context.Background(), key)
	return err == nil
}

// firstLook is how many times n nearest asks for before it asks for all: it
// leaves room for ties and for a filter that drops few.
const firstLook = 4

// nearest returns the n keys with the highest cosine to query among those
// that keep accepts, the highest first and equals by key; nil keeps all.
// There are fewer if keep accepts fewer. keep may be asked about a key twice
// and must not call v.
func (v *vectors) nearest(ctx context.Context, query Vector, n int, keep func(key string) bool) ([]near, error) {
	v.mu.RLock()
	defer v.mu.RUnlock()
	all := v.count()
	if n = min(n, all); n <= 0 {
		return nil, nil // chromem: an error
	}
	unit, err := v.query(query)
	if err != nil {
		return nil, fmt.Errorf("searching the vectors: %w", err)
	}
	for look := min(firstLook*n, all); ; look = all {
		ranked, err := v.ranked(ctx, unit, look)
		if err != nil {
			return nil, fmt.Errorf("searching the vectors: %w", err)
		}
		floor := ranked[len(ranked)-1].cosine
		kept := slices.DeleteFunc(ranked, func(r near) bool { return keep != nil && !keep(r.key) })
		// Which of the keys at the floor were found is chance, and so is
		// what lies below it. Above it nothing is missing.
		if look == all || len(kept) >= n && kept[n-1].cosine > floor {
			return kept[:min(n, len(kept))], nil
		}
	}
}

// ranked returns the n keys nearest to unit, n from 1 to v.count(), in the
// order that nearest promises. Of equals at its end it holds any. It copies:
// nothing of chromem's own memory leaves.
func (v *vectors) ranked(ctx context.Context, unit Vector, n int) ([]near, error) {
	results, err := v.collection.QueryEmbedding(ctx, unit, n, nil, nil)
	// After the call too: a context that ends makes chromem return what it
	// has so far, without an error.
	if err := cmp.Or(err, ctx.Err()); err != nil {
		return nil, err
	}
	ranked := make([]near, len(results))
	for i, r := range results {
		ranked[i] = near{key: r.ID, cosine: float64(r.Similarity)}
	}
	// Chromem leaves equals in the order of a map.
	slices.SortFunc(ranked, compareNear)
	return ranked, nil
}

// query returns query at length 1, or why it cannot be searched for: chromem
// would find anything at all by a query of zeros.
func (v *vectors) query(query Vector) (Vector, error) {
	if err := v.fits(len(query)); err != nil {
		return nil, err
	}
	return unitVector(query)
}

// cosine returns the similarity of key's vector to query, as nearest does. It
// reports false if key has no vector or query cannot be compared with it.
func (v *vectors) cosine(key string, query Vector) (float64, bool) {
	v.mu.RLock()
	defer v.mu.RUnlock()
	if v.collection == nil {
		return 0, false
	}
	unit, err := v.query(query)
	if err != nil {
		return 0, false
	}
	doc, err := v.collection.GetByID(context.Background(), key)
	if err != nil {
		return 0, false
	}
	var dot float32 // as chromem sums it, so that both say the same
	for i := range unit {
		dot += unit[i] * doc.Embedding[i]
	}
	return float64(dot), true
}

// unitVector returns a copy of values at Euclidean length 1, or why there is
// none: they are not all finite, or all zero, or there are none.
func unitVector(values []float32) (Vector, error) {
	var sum float64 // of squares; float64 holds that of any float32
	for _, x := range values {
		sum += float64(x) * float64(x)
	}
	if math.IsNaN(sum) || math.IsInf(sum, 0) {
		return nil, errors.New("the vector is not finite")
	}
	if sum == 0 {
		return nil, errors.New("the vector is zero")
	}
	length := math.Sqrt(sum)
	unit := make(Vector, len(values))
	for i, x := range values {
		unit[i] = float32(float64(x) / length)
	}
	return unit, nil
}
