package retrieval

import (
	"bufio"
	"errors"
	"math"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"time"
)

// noon is noon of a day in UTC.
func noon(d int) time.Time { return time.Date(2024, 5, d, 12, 0, 0, 0, time.UTC) }

func tokensOn(t *testing.T, s *Store, day time.Time) Tokens {
	t.Helper()
	got, err := s.TokensOn(t.Context(), day)
	if err != nil {
		t.Fatal(err)
	}
	return got
}

func mustReserve(t *testing.T, s *Store, day time.Time, tokens, limit int) {
	t.Helper()
	if err := s.ReserveTokens(t.Context(), day, tokens, limit); err != nil {
		t.Fatal(err)
	}
}

func mustSettle(t *testing.T, s *Store, day time.Time, reserved int, used Tokens) {
	t.Helper()
	if err := s.SettleTokens(t.Context(), day, reserved, used); err != nil {
		t.Fatal(err)
	}
}

func TestTokensAreReservedThenSettled(t *testing.T) {
	dir := t.TempDir()
	s := openTestStore(t, dir)
	mustReserve(t, s, noon(1), 300, 0)
	mustReserve(t, s, noon(1), 200, 0)
	if got, want := tokensOn(t, s, noon(1)), (Tokens{Reserved: 500}); got != want {
		t.Errorf("got %+v, want %+v", got, want)
	}
	mustSettle(t, s, noon(1), 300, Tokens{Prompt: 120, Completion: 30, Reserved: 7})
	other := openTestStore(t, dir)
	if got, want := tokensOn(t, other, noon(1)), (Tokens{120, 30, 200}); got != want {
		t.Errorf("got %+v, want %+v", got, want)
	}
	if got := tokensOn(t, s, noon(2)); got != (Tokens{}) {
		t.Errorf("the day after has %+v", got)
	}
	checkClean(t, s)
}

func TestDaysOfTokensAreThoseOfUTC(t *testing.T) {
	s := openTestStore(t, t.TempDir())
	west := time.FixedZone("west", -10*60*60)
	mustReserve(t, s, time.Date(2024, 4, 30, 20, 0, 0, 0, west), 10, 0) // 6 o'clock the next day
	if got := tokensOn(t, s, noon(1)).Reserved; got != 10 {
		t.Errorf("%d tokens are reserved, want 10", got)
	}
}

func TestTokensBeyondTheBudgetAreRefused(t *testing.T) {
	s := openTestStore(t, t.TempDir())
	mustReserve(t, s, noon(1), 400, 1000)
	mustSettle(t, s, noon(1), 400, Tokens{Prompt: 250, Completion: 50})
	mustReserve(t, s, noon(1), 600, 1000)
	for _, tt := range []struct {
		day           time.Time
		tokens, limit int
		ok            bool
	}{
		{noon(1), 101, 1000, false},
		{noon(1), math.MaxInt, 1000, false},
		{noon(1), 1, 500, false},
		{noon(1), 100, 1000, true},
		{noon(1), 0, 1000, true},
		{noon(1), -5, 1000, true},
		{noon(1), 5000, 0, true},
		{noon(2), 1000, 1000, true},
		{noon(3), 1001, 1000, false},
	} {
		before := tokensOn(t, s, tt.day)
		err := s.ReserveTokens(t.Context(), tt.day, tt.tokens, tt.limit)
		if tt.ok != (err == nil) || !tt.ok && !errors.Is(err, ErrBudget) {
			t.Errorf("%d of %d: %v", tt.tokens, tt.limit, err)
		}
		if !tt.ok && (tokensOn(t, s, tt.day) != before || !strings.Contains(err.Error(), "model.daily_tokens")) {
			t.Errorf("%d of %d: %v, and the day has %+v", tt.tokens, tt.limit, err, tokensOn(t, s, tt.day))
		}
	}
}

func TestAbsurdTokensNeverFreeTheBudget(t *testing.T) {
	s := openTestStore(t, t.TempDir())
	mustSettle(t, s, noon(1), 0, Tokens{Prompt: 900})
	for _, absurd := range []int{math.MinInt, -1, math.MaxInt, math.MaxInt - 1, math.MaxInt} {
		mustSettle(t, s, noon(1), absurd, Tokens{Prompt: absurd, Completion: absurd})
		got := tokensOn(t, s, noon(1))
		if got.Prompt < 900 || got.Completion < 0 || got.Reserved < 0 {
			t.Errorf("after %d the day has %+v", absurd, got)
		}
	}
	if err := s.ReserveTokens(t.Context(), noon(1), 200, 1000); !errors.Is(err, ErrBudget) {
		t.Errorf("got %v", err)
	}
}

func TestManyHandlesKeepOneBudget(t *testing.T) {
	dir := t.TempDir()
	var wg sync.WaitGroup
	granted := make(chan int, 40)
	for range 4 {
		s := openTestStore(t, dir)
		wg.Go(func() {
			for range 10 {
				err := s.ReserveTokens(t.Context(), noon(1), 7, 100)
				if err == nil {
					granted <- 7
				} else if !errors.Is(err, ErrBudget) {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
	if got := tokensOn(t, openTestStore(t, dir), noon(1)); len(granted) != 14 || got.Reserved != 98 {
		t.Errorf("%d of 40 were granted, and %+v counted", len(granted), got)
	}
}

func TestDamagedCountOfTokensIsTakenForUsedUp(t *testing.T) {
	var damage *DamageError
	for _, statement := range []string{
		`UPDATE usage SET prompt = 0`, `UPDATE usage SET completion = 0`, `UPDATE usage SET reserved = 0`, `UPDATE usage SET sum = x'00'`,
	} {
		t.Run(statement, func(t *testing.T) {
			s := openTestStore(t, t.TempDir())
			mustReserve(t, s, noon(1), 20, 0)
			mustSettle(t, s, noon(1), 10, Tokens{Prompt: 5, Completion: 5})
			corrupt(t, s, statement)
			if got, err := s.TokensOn(t.Context(), noon(1)); got != (Tokens{}) || !errors.As(err, &damage) {
				t.Errorf("TokensOn = %+v, %v", got, err)
			}
			if err := s.ReserveTokens(t.Context(), noon(1), 1, 1000); !errors.Is(err, ErrBudget) || !errors.As(err, &damage) {
				t.Errorf("ReserveTokens = %v", err)
			}
			if err := s.SettleTokens(t.Context(), noon(1), 10, Tokens{}); !errors.As(err, &damage) {
				t.Errorf("SettleTokens = %v", err)
			}
			mustReserve(t, s, noon(2), 1, 1000)
			mustReserve(t, s, noon(1), 3, 0)
			if got := tokensOn(t, s, noon(1)); got != (Tokens{Reserved: 3}) {
				t.Errorf("without a limit the day has %+v", got)
			}
		})
	}
}

// reserveDirVar tells a child process to reserve tokens in a folder and wait.
const reserveDirVar = "FOOTNOTE_TEST_RESERVE_DIR"

// TestReserveChild is no test: it is what TestReservationOutlivesItsProcess
// runs in a process of its own.
func TestReserveChild(t *testing.T) {
	dir := os.Getenv(reserveDirVar)
	if dir == "" {
		t.Skip("runs as a child of TestReservationOutlivesItsProcess only")
	}
	mustReserve(t, openTestStore(t, dir), noon(1), 60, 100)
	_, _ = os.Stdout.WriteString("\nreserved\n")
	time.Sleep(time.Hour) // until it is killed
}

func TestReservationOutlivesItsProcess(t *testing.T) {
	dir := t.TempDir()
	child := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestReserveChild$")
	child.Env = append(os.Environ(), reserveDirVar+"="+dir)
	out, err := child.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := child.Start(); err != nil {
		t.Fatal(err)
	}
	for lines := bufio.NewScanner(out); lines.Scan() && lines.Text() != "reserved"; {
	}
	if err := child.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	if err := child.Wait(); err == nil || child.ProcessState.Exited() {
		t.Fatalf("the child ended by itself: %v", err)
	}
	s := openTestStore(t, dir)
	if err := s.ReserveTokens(t.Context(), noon(1), 60, 100); !errors.Is(err, ErrBudget) {
		t.Errorf("got %v, and the day has %+v", err, tokensOn(t, s, noon(1)))
	}
}
