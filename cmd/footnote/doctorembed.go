package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"footnote/retrieval"
	"footnote/retrieval/bert"
	"footnote/retrieval/bert/hub"
)

// endpointPatience is how long doctor waits for an endpoint.
const endpointPatience = 10 * time.Second

// examineEmbedding looks at the embedder, at the vectors it made and at what a
// better one would bring; refused says that its settings or its key were.
func (a *app) examineEmbedding(ctx context.Context, s *settings) (findings []finding, refused bool) {
	embedder, err := a.embedder()
	switch {
	case err != nil:
		f := diagnose(ctx, err)
		return []finding{{"embedder", statusBroken, err.Error(), f.hint}}, f.exit == exitConfig
	case embedder == nil:
		return []finding{wordsAlone()}, false
	}
	tried, dimension, refused := a.tryEmbedder(ctx, embedder)
	findings = append(findings, tried)
	if f, ok := a.examineVectors(ctx, embedder.Model(), dimension); ok {
		findings = append(findings, f)
	}
	if f, ok := better(s, embedder); ok {
		findings = append(findings, f)
	}
	return findings, refused
}

// wordsAlone says what an embedder would bring to who has none: the figures of
// the built-in model's card.
func wordsAlone() finding {
	return finding{
		"embedder", statusNote,
		"none: search goes by words alone; with the built-in model beside them nDCG@10 rises from .694 to .737 on scifact, and from .381 to .429 on cranfield",
		`set embeddings.provider to "builtin" to search by meaning too`,
	}
}

// tryEmbedder embeds two words, as an endpoint may fail only where it is to say
// which vector is whose. The dimension is 0 if that failed; refused says that
// the key was.
func (a *app) tryEmbedder(ctx context.Context, e retrieval.Embedder) (f finding, dimension int, refused bool) {
	ctx, cancel := context.WithTimeout(ctx, endpointPatience)
	defer cancel()
	// Not a query: that there is no vector of one would not be a fault.
	vectors, err := e.EmbedPassages(ctx, []string{"news", "weather"})
	if err != nil {
		return finding{"embedder", statusBroken, err.Error(), ""}, 0, diagnose(ctx, err).exit == exitConfig
	}
	dimension = len(vectors[0])
	return finding{"embedder", statusOK, fmt.Sprintf("%s, %d dimensions", e.Model(), dimension), ""}, dimension, false
}

// examineVectors says how many passages wait for a vector of a model, and of
// which other models there are vectors; dimension is what the model makes now, 0
// if that is not known. Where there is no store, or none that
// can be read, there is nothing to say here.
func (a *app) examineVectors(ctx context.Context, model string, dimension int) (finding, bool) {
	store, err := a.existingStore(ctx)
	if err != nil || store == nil {
		return finding{}, false
	}
	defer store.Close()
	waiting, err := store.CountWithoutVector(ctx, model)
	models, listErr := store.VectorModels(ctx)
	known, knownErr := store.VectorDimension(ctx, model)
	if err := errors.Join(err, listErr, knownErr); err != nil {
		return finding{"vectors", statusBroken, err.Error(), "footnote check"}, true
	}
	if known != dimension && known > 0 && dimension > 0 {
		return finding{
			"vectors", statusBroken,
			fmt.Sprintf("those of %s have %d dimensions, and it now makes %d: words alone rank", model, known, dimension),
			"footnote reindex",
		}, true
	}
	had := models[model]
	delete(models, model)
	f := finding{"vectors", statusOK, fmt.Sprintf("%s of %s", count(had, "vector"), model), ""}
	if waiting > 0 {
		f.Status, f.Fix = statusNote, "footnote reindex"
		f.Detail += "; " + waits(count(waiting, "passage"), waiting) + " for one; words find what waits"
	}
	if len(models) > 0 {
		f.Status, f.Fix = statusNote, "footnote reindex"
		f.Detail += "; there are vectors of " + list(slices.Sorted(maps.Keys(models))) + " too, which go once all are made"
	}
	return f, true
}

// better is what the best known model would bring, unless that is the one in
// force.
func better(s *settings, e retrieval.Embedder) (finding, bool) {
	sum := ""
	if m, ok := e.(*bert.Model); ok {
		sum = m.WeightsSum()
	}
	best := slices.MaxFunc(hub.Known(), func(a, b hub.Model) int { return cmp.Compare(a.Retrieval, b.Retrieval) })
	if s.Embeddings.Provider == "openai" || sum == best.Pin.Weights {
		return finding{}, false
	}
	detail := fmt.Sprintf("%s (%s, slower) finds more by meaning: by vectors alone MTEB's retrieval sets give it %.1f", best.Name, megabytes(best.Bytes), best.Retrieval)
	if known, ok := knownAs(sum); ok {
		detail += fmt.Sprintf(", and this one %.1f", known.Retrieval)
	} else if s.Embeddings.Provider == "builtin" {
		teacher, _ := hub.Find("minilm")
		detail += fmt.Sprintf(", and %s, the built-in one's teacher, %.1f", teacher.Name, teacher.Retrieval)
	}
	return finding{"better", statusNote, detail, "footnote model get " + best.Name}, true
}
