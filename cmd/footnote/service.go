package main

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"footnote/bot"
	"footnote/corpus"
	"footnote/prompts"
	"footnote/retrieval"
	"footnote/retrieval/bert/mini"
)

// How often a service looks for what has changed, and for passages without a
// vector that nobody announced.
const (
	lookEvery  = time.Second
	embedEvery = time.Minute
)

// A service is what the bot and the chat answer from: the articles, the index
// over them and what the bot remembers. It follows what other processes change.
type service struct {
	app     *app
	store   *retrieval.Store
	state   *bot.State
	now     atomic.Pointer[stock]
	changed chan struct{} // has room for one: the articles are others than before
	hungry  chan struct{} // has room for one: passages came in without vectors
	turning sync.Mutex    // held by whoever makes the index equal to the store
}

// A stock is the articles of a moment, indexed. The samples are one that the
// first ingested article replaces.
type stock struct {
	library   *library
	searcher  *retrieval.Searcher
	quotes    *prompts.Extractive
	checker   *prompts.Checker
	model     *prompts.Generative // nil without a model
	completer prompts.Completer

	mu      sync.Mutex
	corpora map[string]bot.Corpus // by server
}

// openService opens all that questions are answered from; close closes it.
func (a *app) openService(ctx context.Context) (s *service, err error) {
	lib, err := a.quietLibrary(ctx)
	if err != nil {
		return nil, err
	}
	store, err := lib.makeStore(ctx, a.loaded.Data.Dir)
	if err != nil {
		return nil, errors.Join(err, lib.close())
	}
	state, err := bot.OpenState(ctx, a.loaded.Data.Dir)
	if err != nil {
		return nil, errors.Join(err, store.Close())
	}
	s = &service{app: a, store: store, state: state, changed: make(chan struct{}, 1), hungry: make(chan struct{}, 1)}
	first, err := s.stockOf(ctx, lib, nil)
	if err != nil {
		return nil, errors.Join(err, s.close())
	}
	s.now.Store(first)
	return s, nil
}

func (s *service) close() error { return errors.Join(s.state.Close(), s.store.Close()) }

// stockOf indexes lib. The model behind the endpoint is the same as before, if
// there was one.
func (s *service) stockOf(ctx context.Context, lib *library, before *stock) (*stock, error) {
	a := s.app
	searcher, err := a.searcher(ctx, lib)
	if err != nil {
		return nil, err
	}
	next := &stock{library: lib, searcher: searcher, quotes: prompts.NewExtractive(searcher),
		checker: prompts.NewChecker(searcher, mini.Knows()), corpora: make(map[string]bot.Corpus)}
	switch {
	case a.loaded.Model.Provider == "none":
		return next, nil
	case before != nil:
		next.completer = before.completer
	default:
		if next.completer, err = a.completer(ctx, lib); err != nil {
			return nil, err
		}
	}
	options := a.loaded.modelOptions()
	options.Degraded = func(err error) { a.log.Warn("quotes serve instead of the language model", "error", operatorsWord(err)) }
	next.model = prompts.NewGenerative(next.quotes, next.completer, options)
	return next, nil
}

// corpus is what a server may see; "" is what everybody may.
func (s *service) corpus(server string) bot.Corpus { return s.now.Load().corpus(server) }

func (k *stock) corpus(server string) bot.Corpus {
	k.mu.Lock()
	defer k.mu.Unlock()
	if c, ok := k.corpora[server]; ok {
		return c
	}
	scope := k.searcher.In(server)
	c := bot.Corpus{Quotes: k.quotes.Over(scope), Checker: k.checker.Over(scope), Scope: scope}
	c.Answerer = c.Quotes
	if k.model != nil {
		c.Answerer = k.model.Over(scope)
	}
	k.corpora[server] = c
	return c
}

// Article implements bot.Library.
func (s *service) Article(ctx context.Context, id corpus.ArticleID) (retrieval.Record, error) {
	return s.now.Load().library.Article(ctx, id)
}

// samples says whether it is the sample articles that are asked.
func (s *service) samples() bool { return s.now.Load().library.samples > 0 }

// follow keeps the articles up to date until ctx ends, and says in changed that
// they are others. What goes wrong is logged, and tried again.
func (s *service) follow(ctx context.Context) {
	s.store.Watch(ctx, lookEvery, s.catchUp, func(err error) {
		s.app.log.Warn("the index does not follow the store", "error", err)
	})
}

// catchUp makes the index equal to the store; as long as nothing was ever
// ingested, there is nothing to do.
func (s *service) catchUp(ctx context.Context) error {
	s.turning.Lock()
	defer s.turning.Unlock()
	k := s.now.Load()
	if k.library.samples == 0 {
		changed, err := k.searcher.Refresh(ctx)
		if changed {
			nudge(s.changed)
		}
		return err
	}
	begun, err := s.store.Begun(ctx)
	if err != nil || !begun {
		return err
	}
	next, err := s.stockOf(ctx, &library{Library: s.store, store: s.store}, k)
	if err != nil {
		return fmt.Errorf("going over from the samples to the store: %w", err)
	}
	s.now.Store(next)
	nudge(s.changed)
	return nil
}

// embed makes the vectors that are due until ctx ends: at once when articles
// came in, else now and then.
func (s *service) embed(ctx context.Context) {
	tick := time.NewTicker(embedEvery)
	defer tick.Stop()
	for {
		if err := s.embedDue(ctx); err != nil && ctx.Err() == nil {
			s.app.log.Warn("passages wait for their vectors; words find them", "error", operatorsWord(err))
		}
		select {
		case <-ctx.Done():
			return
		case <-s.hungry:
		case <-tick.C:
		}
	}
}

func (s *service) embedDue(ctx context.Context) error {
	e, err := s.app.embedder()
	if e == nil || err != nil {
		return err
	}
	due, err := s.store.CountWithoutVector(ctx, e.Model())
	if err != nil || due == 0 {
		return err
	}
	report, err := retrieval.Embed(ctx, s.store, e, nil)
	if report.Embedded > 0 {
		s.app.log.Info("embedded", "passages", report.Embedded, "pending", report.Pending)
	}
	return err
}

// ingested has what just came in found by its words at once, and soon by its
// meaning.
func (s *service) ingested(ctx context.Context) error {
	nudge(s.hungry)
	return s.catchUp(ctx)
}

// nudge leaves word in c, unless word is there already.
func nudge(c chan<- struct{}) {
	select {
	case c <- struct{}{}:
	default:
	}
}

// options are those of a bot that answers from the service.
func (s *service) options() bot.Options {
	l := s.app.loaded
	return bot.Options{
		Corpus: s.corpus, Store: s.store, Library: s, Samples: s.samples, State: s.state,
		Ingested: s.ingested,
		Model:    l.modelLabel(), Version: moduleVersion(),
		Channels: l.Discord.Channels, Roles: l.Discord.Roles, Admins: l.Discord.Admins,
		UserPerMinute: l.Limits.UserPerMinute, GuildPerMinute: l.Limits.GuildPerMinute,
		Workers: l.Limits.Workers, Queue: l.Limits.Queue, Mentions: l.Discord.Mentions,
		Now: s.app.now, Log: s.app.log,
	}
}

// modelLabel is the name of the language model, "" if there is none.
func (s *settings) modelLabel() string {
	if s.Model.Provider == "none" {
		return ""
	}
	return s.Model.Name
}
