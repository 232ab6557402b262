package mini

import (
	"context"
	_ "embed"
	"encoding/binary"
	"fmt"
	"iter"
	"math"

	"footnote/corpus"
	"footnote/corpus/sample"
	"footnote/retrieval"
)

//go:generate go test -run TestSampleVectorsAreCurrent -update

// sampleVectors are those of the sample articles' passages by this model, one
// after the other, float32, little endian.
//
//go:embed samples.f32
var sampleVectors []byte

// Samples is a retrieval.VectorSource: the vectors of the sample articles'
// passages, which come ready-made so that the first question costs no
// embedding of what it searches.
type Samples struct{}

// Vectors yields them by article and passage; none for another model.
func (Samples) Vectors(_ context.Context, model string) iter.Seq2[retrieval.PassageVector, error] {
	return func(yield func(retrieval.PassageVector, error) bool) {
		if model != Name {
			return
		}
		passages, err := samplePassages()
		if err != nil {
			yield(retrieval.PassageVector{}, err)
			return
		}
		size := len(sampleVectors) / max(1, len(passages))
		for i, p := range passages {
			if !yield(retrieval.PassageVector{Article: p.article, N: p.n, Vector: decode(sampleVectors[i*size : (i+1)*size])}, nil) {
				return
			}
		}
	}
}

// A samplePassage is a passage of a sample article, and what of it is embedded.
type samplePassage struct {
	article corpus.ArticleID
	n       int
	text    string
}

// samplePassages are those of all sample articles, in the order of both.
func samplePassages() ([]samplePassage, error) {
	articles, err := sample.Articles()
	if err != nil {
		return nil, fmt.Errorf("reading the sample articles: %w", err)
	}
	var out []samplePassage
	for r := range retrieval.NewMemory(articles, corpus.Chunker{}).All(context.Background()) {
		for n, p := range r.Passages {
			out = append(out, samplePassage{r.ID, n, retrieval.EmbeddedText(r.Article, p)})
		}
	}
	return out, nil
}

func decode(data []byte) retrieval.Vector {
	v := make(retrieval.Vector, len(data)/4)
	for i := range v {
		v[i] = math.Float32frombits(binary.LittleEndian.Uint32(data[4*i:]))
	}
	return v
}
