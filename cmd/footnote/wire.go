package main

import (
	"context"
	"errors"
	"fmt"

	"footnote/bot"
	"footnote/corpus"
	"footnote/corpus/sample"
	"footnote/prompts"
	"footnote/retrieval"
	"footnote/retrieval/bert/mini"
)

// A library is what questions are asked of: the store, or the sample articles
// as long as nothing was ever ingested.
type library struct {
	retrieval.Library
	store   *retrieval.Store // nil if there is none yet
	samples int              // how many sample articles there are; 0 if the store counts
}

func (l *library) close() error {
	if l.store == nil {
		return nil
	}
	return l.store.Close()
}

// makeStore is the store, in dir if there is none yet.
func (l *library) makeStore(ctx context.Context, dir string) (*retrieval.Store, error) {
	if l.store != nil {
		return l.store, nil
	}
	store, err := retrieval.OpenStore(ctx, dir)
	if err != nil {
		return nil, err
	}
	l.store = store
	return store, nil
}

// vectors are those of the articles: the samples' lie in the binary.
func (l *library) vectors() retrieval.VectorSource {
	if l.samples > 0 {
		return mini.Samples{}
	}
	return l.store
}

// openLibrary opens the store if there is one, and says on stderr if it is the
// samples that will be asked.
func (a *app) openLibrary(ctx context.Context) (*library, error) {
	lib, err := a.quietLibrary(ctx)
	if err == nil && lib.samples > 0 {
		a.note("No articles yet: answering from the %d sample articles. Add your own with: footnote ingest FOLDER", lib.samples)
	}
	return lib, err
}

// quietLibrary is openLibrary without a word.
func (a *app) quietLibrary(ctx context.Context) (*library, error) {
	store, err := a.existingStore(ctx)
	if err != nil {
		return nil, err
	}
	begun := false
	if store != nil {
		if begun, err = store.Begun(ctx); err != nil {
			return nil, errors.Join(err, store.Close())
		}
	}
	if begun {
		return &library{Library: store, store: store}, nil
	}
	articles, err := sample.Articles()
	if err != nil {
		return nil, fmt.Errorf("reading the sample articles: %w", err)
	}
	return &library{
		Library: retrieval.NewMemory(articles, corpus.Chunker{}),
		store:   store,
		samples: len(articles),
	}, nil
}

// existingStore opens the store, or is nil if there is none.
func (a *app) existingStore(ctx context.Context) (*retrieval.Store, error) {
	s, err := a.settings()
	if err != nil {
		return nil, err
	}
	found, err := retrieval.FindStore(s.Data.Dir)
	if err != nil || !found {
		return nil, err
	}
	return retrieval.OpenStore(ctx, s.Data.Dir)
}

// begunStore opens the store for a command that has nothing to do without
// articles of one's own.
func (a *app) begunStore(ctx context.Context) (*retrieval.Store, error) {
	lib, err := a.quietLibrary(ctx)
	if err != nil {
		return nil, err
	}
	if lib.samples == 0 {
		return lib.store, nil
	}
	err = &failure{
		exit: exitFailure, code: "no_articles",
		err:  errors.New("no articles yet; the sample articles cannot be changed"),
		hint: "add your own with: footnote ingest FOLDER",
	}
	return nil, errors.Join(err, lib.close())
}

// searcher indexes lib. What is left out or does not work is said on stderr.
func (a *app) searcher(ctx context.Context, lib *library) (*retrieval.Searcher, error) {
	options := retrieval.SearcherOptions{
		Damaged:  func(err error) { a.warn("%s", printable(err.Error())) },
		Degraded: func(err error) { a.warn("searching by words alone: %s", printable(err.Error())) },
	}
	embedder, why, err := a.searchEmbedder(ctx, lib)
	if err != nil {
		return nil, err
	}
	if why != "" {
		a.note("%s", why)
	}
	if embedder != nil {
		options.Embedder, options.Vectors = embedder, lib.vectors()
	}
	// Not lib, which would hide that a store knows its revisions.
	return retrieval.NewSearcher(ctx, lib.Library, options)
}

// remember keeps an answer, so that its sources can be shown later.
func (a *app) remember(ctx context.Context, lib *library, answer prompts.Answer) error {
	store, err := lib.makeStore(ctx, a.loaded.Data.Dir)
	if err != nil {
		return err
	}
	return bot.Remember(ctx, store, lib, answer, a.now())
}
