// Package retrieval says which passages bear on a question: it keeps articles
// in one file, ranks their passages by words and by meaning, and says why each
// was found. It knows nothing of answers, models that write, or Discord.
package retrieval

import (
	"time"

	"footnote/corpus"
)

// A Query is what to search for, and where.
type Query struct {
	Text         string
	Limit        int       // how many hits at most; 0 is DefaultLimit
	Since, Until time.Time // by day of publication, both included; zero is open
	Outlets      []string  // any of these, compared without case; none is all
}

// DefaultLimit is how many hits a query gets that names no limit.
const DefaultLimit = 8

// A Hit is a passage that bears on a query.
type Hit struct {
	Passage corpus.Passage
	Article corpus.Article // without its text
	Score   float64        // comparable within one result only
	Why     Why
}

// Why says how a hit was found. A rank counts from 1; 0 means that the list
// did not hold the passage.
type Why struct {
	WordRank   int
	VectorRank int
	// Coverage is the word score as a share of the best score that the
	// query's words could reach: 0 to about 1, comparable between queries.
	Coverage float64
	// Cosine is the similarity of passage and query; 0 without an embedder.
	Cosine float64
}

// A Record is an article as it is kept: with its passages and where it came
// from.
type Record struct {
	corpus.Article
	Collection string // whose article it is; "" is the common one
	Passages   []corpus.Passage
	Source     string // an absolute path, a URL, "-" for standard input
	Added      time.Time
}
