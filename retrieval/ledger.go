package retrieval

import (
	"context"
	"time"
)

// settleTime bounds what must be written down after the question has ended.
const settleTime = 10 * time.Second

// A Ledger holds the model to its tokens of a day, in UTC, together with all
// other processes on the same store. It is safe for concurrent use.
type Ledger struct {
	store *Store
	limit int
	now   func() time.Time
}

// NewLedger keeps the count in s; a limit of 0 counts only.
func NewLedger(s *Store, limit int, now func() time.Time) *Ledger {
	return &Ledger{s, limit, now}
}

// A Reservation is tokens that were set aside for a request to a model. It is
// to be settled once, however the request ends.
type Reservation struct {
	Day    time.Time
	Tokens int

	store *Store
}

// Reserve sets aside what a request may take at most, with the errors of
// Store.ReserveTokens.
func (l *Ledger) Reserve(ctx context.Context, tokens int) (Reservation, error) {
	day := l.now().UTC()
	if err := l.store.ReserveTokens(ctx, day, tokens, l.limit); err != nil {
		return Reservation{}, err
	}
	return Reservation{day, tokens, l.store}, nil
}

// Settle puts what the request took in place of r, on the day of r, even if ctx
// has ended.
func (r Reservation) Settle(ctx context.Context, prompt, completion int) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), settleTime)
	defer cancel()
	return r.store.SettleTokens(ctx, r.Day, r.Tokens, Tokens{Prompt: prompt, Completion: completion})
}
