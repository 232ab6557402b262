package retrieval

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"math"
	"time"
)

// ErrBudget says that the tokens which a model may take in a day are used up.
var ErrBudget = errors.New("the tokens of the day are used up")

// Tokens are what a model took on a day.
type Tokens struct {
	Prompt, Completion int
	Reserved           int // set aside for requests that are not settled
}

// mostCounted is where each count of tokens stays, so that no sum of them
// overflows, whatever an endpoint says it used.
const mostCounted = math.MaxInt / 8

// plus is a sum of counts, of which a negative one counts as none.
func plus(a, b int) int { return min(a+min(max(b, 0), mostCounted), mostCounted) }

// all is how many tokens are gone from the day's budget.
func (t Tokens) all() int { return t.Prompt + t.Completion + t.Reserved }

// usage is the row of a day.
type usage struct {
	day string // 2006-01-02
	Tokens
}

func (u usage) seal() []byte {
	return seal("usage", u.day, decimal(int64(u.Prompt)), decimal(int64(u.Completion)), decimal(int64(u.Reserved)))
}

func usageDay(day time.Time) string { return day.UTC().Format(time.DateOnly) }

// ReserveTokens sets tokens aside on a day, in UTC, whichever process asks
// first. It is a *BudgetError if the day would come to more than limit; a limit
// of 0 is none. Tokens whose process ends before it settles them stay
// reserved: the model may have been paid for them. A day whose count was
// damaged counts as used up where there is a limit, and begins anew where
// there is none.
func (s *Store) ReserveTokens(ctx context.Context, day time.Time, tokens, limit int) error {
	return s.write(ctx, "setting tokens aside", func(tx *sql.Tx) error {
		u, err := readUsage(ctx, tx, usageDay(day))
		if damage, ok := errors.AsType[*DamageError](err); ok {
			if limit > 0 {
				return fmt.Errorf("%w, as far as can be known: %w", ErrBudget, damage)
			}
			err = nil
		}
		if err != nil {
			return err
		}
		before := u.all()
		u.Reserved = plus(u.Reserved, tokens)
		if limit > 0 && u.all() > limit {
			return &BudgetError{u.day, before, limit}
		}
		return writeUsage(ctx, tx, u)
	})
}

// A BudgetError says that a request may take more tokens than are left of the
// day's. It wraps ErrBudget.
type BudgetError struct {
	Day          string // 2006-01-02, UTC
	Taken, Limit int
}

func (e *BudgetError) Error() string {
	return fmt.Sprintf("the tokens of %s (UTC) are used up: %d of %d are taken, and the next answer may need more than the rest; "+
		"raise model.daily_tokens, or wait for the next day", e.Day, e.Taken, e.Limit)
}

func (e *BudgetError) Unwrap() error { return ErrBudget }

// SettleTokens puts what a model took in place of what was set aside for it on
// that day; used.Reserved does not matter. It is a *DamageError if the count of
// the day is not what was saved, which stays as it is.
func (s *Store) SettleTokens(ctx context.Context, day time.Time, reserved int, used Tokens) error {
	return s.write(ctx, "settling tokens", func(tx *sql.Tx) error {
		u, err := readUsage(ctx, tx, usageDay(day))
		if err != nil {
			return err
		}
		u.Reserved = max(u.Reserved-max(reserved, 0), 0)
		u.Prompt, u.Completion = plus(u.Prompt, used.Prompt), plus(u.Completion, used.Completion)
		return writeUsage(ctx, tx, u)
	})
}

// TokensOn are the tokens of a day in UTC, or a *DamageError if their count is
// not what was saved.
func (s *Store) TokensOn(ctx context.Context, day time.Time) (Tokens, error) {
	var u usage
	err := s.read(ctx, "reading the tokens of a day", func(tx *sql.Tx) (err error) {
		u, err = readUsage(ctx, tx, usageDay(day))
		return err
	})
	return u.Tokens, err
}

// readUsage is the row of a day, empty if there is none, or if it is not what
// was saved: then beside a *DamageError.
func readUsage(ctx context.Context, q querier, day string) (usage, error) {
	u, empty := usage{day: day}, usage{day: day}
	var sum []byte
	row := q.QueryRowContext(ctx, `SELECT prompt, completion, reserved, sum FROM usage WHERE day = ?`, day)
	err := scan(ctx, row, &u.Prompt, &u.Completion, &u.Reserved, &sum)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return empty, nil
	case err != nil && !errors.Is(err, errMalformed):
		return empty, err
	case err != nil || !bytes.Equal(sum, u.seal()):
		return empty, &DamageError{What: "the count of tokens of " + day + " is not what was saved"}
	}
	return u, nil
}

func writeUsage(ctx context.Context, tx *sql.Tx, u usage) error {
	_, err := tx.ExecContext(ctx, `INSERT OR REPLACE INTO usage (day, prompt, completion, reserved, sum) VALUES (?, ?, ?, ?, ?)`,
		u.day, u.Prompt, u.Completion, u.Reserved, u.seal())
	return err
}
