package prompts

import (
	"context"
	"errors"
	"fmt"
)

// A Ledger keeps account of tokens, and says when there are no more to spend.
type Ledger interface {
	// Reserve sets tokens aside, or returns an error if they are not to be had.
	Reserve(ctx context.Context, tokens int) (Reservation, error)
}

// A Reservation is tokens that a Ledger set aside.
type Reservation interface {
	// Settle puts the tokens that were used in the place of those set aside.
	// It must not fail because ctx has ended.
	Settle(ctx context.Context, prompt, completion int) error
}

// Metered is c with its tokens on a ledger: those that a request may take are
// reserved before it, and settled to its usage after it, whether it failed or
// not. What cannot be reserved is not asked. What cannot be settled stays
// reserved, which is the safe side; the error for it comes beside the
// completion as c made it, so that its Finish tells whether it is to be used.
func Metered(c Completer, l Ledger) Completer {
	return metered{c, l}
}

type metered struct {
	Completer
	ledger Ledger
}

func (m metered) Complete(ctx context.Context, r Request, emit func(delta string)) (Completion, error) {
	most := r.tokens() + r.MaxTokens
	reserved, err := m.ledger.Reserve(ctx, most)
	if err != nil {
		return Completion{}, fmt.Errorf("reserving %d tokens: %w", most, err)
	}
	c, err := m.Completer.Complete(ctx, r, emit)
	if unsettled := reserved.Settle(ctx, c.Usage.PromptTokens, c.Usage.CompletionTokens); unsettled != nil {
		err = errors.Join(err, fmt.Errorf("recording the tokens of a completion: %w", unsettled))
	}
	return c, err
}
