package main

import (
	"context"
	"errors"
	"fmt"
	"sync"

	"footnote/prompts"
	"footnote/retrieval"
)

// A tally counts the tokens of a model in the store. Where they cannot be
// counted, it refuses them if the settings cap them, and else lets them pass
// and says so, once.
type tally struct {
	ledger  *retrieval.Ledger
	missing error // why there is no ledger; nil if there is one
	capped  bool
	warn    func(error)
}

func (a *app) newTally(store *retrieval.Store, missing error) tally {
	limit := a.loaded.Model.DailyTokens
	t := tally{missing: missing, capped: limit > 0}
	if missing == nil {
		t.ledger = retrieval.NewLedger(store, limit, a.now)
	}
	var once sync.Once
	t.warn = func(err error) {
		once.Do(func() { a.warn("the tokens that the language model takes are not counted: %s", printable(err.Error())) })
	}
	return t
}

// Reserve implements prompts.Ledger.
func (t tally) Reserve(ctx context.Context, tokens int) (prompts.Reservation, error) {
	r, err := t.reserve(ctx, tokens)
	switch {
	case err == nil:
		return r, nil
	case errors.Is(err, retrieval.ErrBudget) || ctx.Err() != nil:
		return nil, err
	case t.capped:
		return nil, &failure{
			exit: exitFailure, code: "uncounted",
			err: fmt.Errorf("model.daily_tokens caps what it takes, and that cannot be counted: %w", err),
		}
	}
	t.warn(err)
	return uncounted{}, nil
}

func (t tally) reserve(ctx context.Context, tokens int) (retrieval.Reservation, error) {
	if t.missing != nil {
		return retrieval.Reservation{}, t.missing
	}
	return t.ledger.Reserve(ctx, tokens)
}

// uncounted is a reservation of tokens that nobody counts.
type uncounted struct{}

// Settle implements prompts.Reservation.
func (uncounted) Settle(context.Context, int, int) error { return nil }
