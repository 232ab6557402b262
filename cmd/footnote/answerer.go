package main

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"sync"
	"time"

	"footnote/prompts"
	"footnote/retrieval"
	"footnote/retrieval/bert/mini"
)

// schemaMemory is how long an endpoint that does not take schemas is not asked
// with one again.
const schemaMemory = 7 * 24 * time.Hour

// answerer is the one that the settings name, over what r finds in lib. That a
// model is not used is said on stderr, once.
func (a *app) answerer(ctx context.Context, lib *library, r prompts.Retriever) (prompts.Answerer, error) {
	quotes := prompts.NewExtractive(r)
	if a.loaded.Model.Provider == "none" {
		return quotes, nil
	}
	completer, err := a.completer(ctx, lib)
	if err != nil {
		return nil, err
	}
	options := a.loaded.modelOptions()
	var once sync.Once
	options.Degraded = func(err error) {
		once.Do(func() { a.warn("language model: %s", operatorsWord(err)) })
	}
	return prompts.NewGenerative(quotes, completer, options), nil
}

func (s *settings) modelOptions() prompts.ModelOptions {
	return prompts.ModelOptions{Context: s.Model.Context, MaxTokens: s.Model.MaxTokens, Knows: mini.Knows()}
}

// operatorsWord is err as a sentence that names the setting to look at.
func operatorsWord(err error) string {
	if e, ok := errors.AsType[*retrieval.BudgetError](err); ok {
		return e.Error()
	}
	if errors.Is(err, retrieval.ErrBudget) {
		return printable(err.Error()) + "; " + moreTokens
	}
	if e, ok := errors.AsType[*retrieval.EndpointError](err); ok {
		return e.Error()
	}
	if f, ok := errors.AsType[*failure](err); ok {
		err = f
	}
	return printable(err.Error())
}

// moreTokens is what to do once the tokens of a day are used up.
const moreTokens = "wait for the next day (UTC), or raise model.daily_tokens"

// completer is the model behind the endpoint of the settings. What it takes is
// counted in the store of lib, which is made if there is none yet.
func (a *app) completer(ctx context.Context, lib *library) (prompts.Completer, error) {
	store, storeErr := lib.makeStore(ctx, a.loaded.Data.Dir)
	memory := schemaNote{store, noteKey(a.loaded.Model)}
	completer, err := prompts.NewOpenAICompleter(prompts.OpenAIOptions{
		BaseURL:         a.loaded.Model.BaseURL,
		Model:           a.loaded.Model.Name,
		Key:             a.loaded.Model.APIKey.reveal(),
		Temperature:     a.loaded.Model.Temperature,
		Timeout:         a.loaded.Model.Timeout.Duration,
		SchemaRefused:   memory.fresh(ctx, a.now()),
		OnSchemaRefused: func() { a.keepNote(ctx, memory) },
	})
	if err != nil {
		return nil, err
	}
	return prompts.Metered(completer, a.newTally(store, storeErr)), nil
}

// A schemaNote is where a store remembers that an endpoint takes no schemas.
type schemaNote struct {
	store *retrieval.Store // nil remembers nothing
	key   string
}

// noteKey names an endpoint and its model without saying where it is.
func noteKey(m modelConfig) string {
	sum := sha256.Sum256([]byte(m.BaseURL + "\n" + m.Name))
	return "schema refused: " + hex.EncodeToString(sum[:])
}

// fresh says whether the note was set, and not too long ago. A note that cannot
// be read is none: the endpoint then says again what it does not take.
func (n schemaNote) fresh(ctx context.Context, now time.Time) bool {
	if n.store == nil {
		return false
	}
	value, at, err := n.store.Note(ctx, n.key)
	return err == nil && value != "" && now.Sub(at) < schemaMemory
}

// keepNote sets the note; where that does not work, each run asks anew.
func (a *app) keepNote(ctx context.Context, n schemaNote) {
	if n.store == nil {
		return
	}
	if err := n.store.SetNote(ctx, n.key, "yes", a.now()); err != nil {
		a.log.Debug("not remembered that the endpoint takes no schemas", "error", err)
	}
}
