package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"

	"footnote/retrieval"
	"footnote/retrieval/bert"
	"footnote/retrieval/bert/hub"
	"footnote/retrieval/bert/mini"
)

// embedder is the one that the settings name, or nil if search goes by words
// alone. A local one is read in full, so only what embeds asks for it.
func (a *app) embedder() (retrieval.Embedder, error) {
	s, err := a.settings()
	if err != nil {
		return nil, err
	}
	return s.embedder(s.Embeddings.Provider, s.Embeddings.Path)
}

// searchEmbedder is the one to search lib with: that of the settings, but as
// long as another one that is at hand has made more vectors, that one, so that
// a change of embedders shows once it is done. The samples come with vectors of
// the built-in one. Why it is another, or none that has vectors, is returned as
// a sentence.
func (a *app) searchEmbedder(ctx context.Context, lib *library) (e retrieval.Embedder, why string, err error) {
	e, err = a.embedder()
	switch {
	case e == nil || err != nil:
		return e, "", err
	case lib.samples > 0 && e.Model() == mini.Name:
		return e, "", nil
	case lib.samples > 0:
		e, err = builtinEmbedder()
		return e, "", err
	}
	made, err := lib.store.VectorModels(ctx)
	if err != nil {
		return e, "", err
	}
	other := a.mostVectors(made, e.Model())
	switch {
	case other != nil:
		return other, fmt.Sprintf("Searching by %s until %s has as many vectors; make them with: footnote reindex", oneLine(other.Model()), oneLine(e.Model())), nil
	case made[e.Model()] == 0:
		return e, fmt.Sprintf("Searching by words alone until %s has vectors; make them with: footnote reindex", oneLine(e.Model())), nil
	}
	return e, "", nil
}

// mostVectors is the embedder at hand that has made the most vectors, if they
// are more than those of a model; made are how many each has made.
func (a *app) mostVectors(made map[string]int, model string) retrieval.Embedder {
	ranked := slices.SortedFunc(maps.Keys(made), func(x, y string) int {
		return cmp.Or(cmp.Compare(made[y], made[x]), cmp.Compare(x, y))
	})
	for _, name := range ranked {
		if made[name] <= made[model] {
			return nil
		}
		if e := a.loaded.atHand(name); e != nil {
			return e
		}
	}
	return nil
}

// atHand is the built-in or installed embedder of a vector space, or nil.
func (s *settings) atHand(space string) retrieval.Embedder {
	if space == mini.Name {
		e, _ := builtinEmbedder() // nil if it cannot be read
		return e
	}
	names, _ := s.installed() // none if they cannot be listed
	for _, name := range names {
		if m, err := bert.Open(s.modelPath(name)); err == nil && m.Model() == space {
			return m
		}
	}
	return nil
}

// embedder is the one of a provider; path is for the local one.
func (s *settings) embedder(provider, path string) (retrieval.Embedder, error) {
	switch provider {
	case "builtin":
		return builtinEmbedder()
	case "local":
		return s.localEmbedder(path)
	case "openai":
		return s.openAIEmbedder()
	}
	return nil, nil
}

func builtinEmbedder() (retrieval.Embedder, error) {
	m, err := mini.Open()
	if err != nil {
		return nil, fmt.Errorf("reading the built-in model: %w", err)
	}
	return m, nil
}

func (s *settings) localEmbedder(path string) (retrieval.Embedder, error) {
	m, err := bert.Open(s.modelPath(path))
	if err == nil {
		return m, nil
	}
	hint := "see: footnote model list"
	if known, ok := hub.Find(path); ok {
		hint = "get it with: footnote model get " + known.Name
	}
	return nil, &failure{exit: exitConfig, code: "config", err: err, hint: hint}
}

// rememberedVectors is how many vectors of an endpoint are kept for texts that
// come again: twelve megabytes of the longest usual ones.
const rememberedVectors = 1024

func (s *settings) openAIEmbedder() (retrieval.Embedder, error) {
	e, err := retrieval.NewOpenAIEmbedder(retrieval.OpenAIOptions{
		BaseURL:    s.Embeddings.BaseURL,
		Model:      s.Embeddings.Model,
		Key:        s.Embeddings.APIKey.reveal(),
		Dimensions: s.Embeddings.Dimensions,
		Timeout:    s.Embeddings.Timeout.Duration,
	})
	if err != nil {
		return nil, &failure{exit: exitConfig, code: "config", err: err}
	}
	return retrieval.NewCached(e, rememberedVectors), nil
}

// namedEmbedder is the one of a provider's name, or that of an installed model
// or of a path; "" is what the settings say. Its own name is "none" if there
// is none.
func (a *app) namedEmbedder(name string) (e retrieval.Embedder, model string, err error) {
	s, err := a.settings()
	if err != nil {
		return nil, "", err
	}
	switch name {
	case "":
		e, err = a.embedder()
	case "builtin", "none", "openai":
		e, err = s.embedder(name, "")
	default:
		e, err = s.embedder("local", name)
	}
	if e == nil || err != nil {
		return nil, "none", err
	}
	return e, e.Model(), nil
}

// embed makes the vectors that the store lacks, with progress on stderr. If it
// is interrupted, it says how many are left.
func (a *app) embed(ctx context.Context, store *retrieval.Store, e retrieval.Embedder) (retrieval.EmbedReport, error) {
	step, finish := a.bar("passages embedded")
	report, err := retrieval.Embed(ctx, store, e, step)
	finish()
	a.log.Debug("embedded", "model", e.Model(), "passages", report.Embedded, "refused", len(report.Refused), "pending", report.Pending)
	if err == nil || ctx.Err() == nil {
		return report, err
	}
	left, countErr := store.CountWithoutVector(context.WithoutCancel(ctx), e.Model())
	if countErr != nil {
		return report, err
	}
	return report, &failure{
		exit: exitInterrupted, code: "interrupted",
		err:  fmt.Errorf("interrupted; %s for their vector, what was made so far is kept", waits(count(left, "passage"), left)),
		hint: "go on with: footnote reindex",
	}
}

// waits is "1 passage waits" or "2 passages wait".
func waits(passages string, n int) string {
	if n == 1 {
		return passages + " waits"
	}
	return passages + " wait"
}

// waitingNote says that n passages have no vector yet, and what to do about
// it.
func waitingNote(passages string, n int) string {
	return waits(passages, n) + " for their vector; words find them already. They are embedded by: footnote reindex"
}

// warnOfPending says that the embedder was not there for n passages.
func (a *app) warnOfPending(n int) {
	a.warn("the embedder is not available for now: %s", waitingNote(count(n, "passage"), n))
}

// warnOfRefused tells which passages the embedder would not take.
func (a *app) warnOfRefused(refused []retrieval.Skip) {
	for i, skip := range refused {
		if i == maxSkipsShown {
			a.warn("and %s more", grouped(len(refused)-i))
			return
		}
		a.warn("%s: %s", printable(skip.Source), printable(skip.Reason))
	}
}

// errNoEmbedder is the failure of what cannot be done by words alone.
func errNoEmbedder() error {
	return &failure{
		exit: exitConfig, code: "config",
		err:  errors.New(`embeddings.provider is "none", so there is nothing to embed with`),
		hint: `set it to "builtin", "local" or "openai"; see: footnote help model`,
	}
}
