package retrieval

import (
	"context"
	"errors"
	"testing"
	"time"
)

func TestLedgerHoldsTheDayToItsLimit(t *testing.T) {
	s, now := openTestStore(t, t.TempDir()), noon(1)
	l := NewLedger(s, 1000, func() time.Time { return now })
	r, err := l.Reserve(t.Context(), 800)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := l.Reserve(t.Context(), 300); !errors.Is(err, ErrBudget) {
		t.Errorf("beyond the limit: %v", err)
	}
	if err := r.Settle(t.Context(), 500, 100); err != nil {
		t.Fatal(err)
	}
	if _, err := l.Reserve(t.Context(), 300); err != nil {
		t.Errorf("within the limit: %v", err)
	}
	now = noon(2)
	if _, err := l.Reserve(t.Context(), 900); err != nil {
		t.Errorf("the day after: %v", err)
	}
}

func TestReservationIsSettledOnItsDay(t *testing.T) {
	s, now := openTestStore(t, t.TempDir()), time.Date(2024, 5, 1, 23, 59, 59, 0, time.UTC)
	r, err := NewLedger(s, 0, func() time.Time { return now }).Reserve(t.Context(), 80)
	if err != nil {
		t.Fatal(err)
	}
	now = now.Add(time.Minute)
	if err := r.Settle(t.Context(), 50, 10); err != nil {
		t.Fatal(err)
	}
	if got, want := tokensOn(t, s, noon(1)), (Tokens{Prompt: 50, Completion: 10}); got != want {
		t.Errorf("got %+v, want %+v", got, want)
	}
	if got := tokensOn(t, s, now); got != (Tokens{}) {
		t.Errorf("the day after has %+v", got)
	}
}

func TestReservationIsSettledThoughTheQuestionEnded(t *testing.T) {
	s := openTestStore(t, t.TempDir())
	r, err := NewLedger(s, 0, time.Now).Reserve(t.Context(), 80)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := r.Settle(ctx, 50, 10); err != nil {
		t.Fatal(err)
	}
	if got, want := tokensOn(t, s, r.Day), (Tokens{Prompt: 50, Completion: 10}); got != want {
		t.Errorf("got %+v, want %+v", got, want)
	}
}
