package retrieval

import (
	"context"
	"errors"
)

// A Vector is an embedding: finite, not zero, of Euclidean length 1.
type Vector []float32

// An Embedder turns texts into vectors whose dot product says how near two
// texts are in meaning.
type Embedder interface {
	// Model names the vector space. Vectors of two models never meet.
	Model() string
	// EmbedPassages returns one vector a text, in the order of texts, all of
	// one dimension. It returns either all of them or an error.
	EmbedPassages(ctx context.Context, texts []string) ([]Vector, error)
	// EmbedQuery embeds what a person is looking for. The error wraps
	// ErrNoVector if the model can read nothing of it.
	EmbedQuery(ctx context.Context, text string) (Vector, error)
}

// A Scaled embedder says which cosine it gives two texts that have nothing to
// do with one another; others give about 0.
type Scaled interface {
	Unrelated() float64
}

// ErrNoVector says that a model can read nothing of a query, which may be a
// row of emoji or of a script that it never saw: words alone rank.
var ErrNoVector = errors.New("the model can read nothing of it")
