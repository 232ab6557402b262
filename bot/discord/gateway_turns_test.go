package discord

import (
	"math/rand/v2"
	"testing"
	"time"

	"footnote/bot/discordtest"
)

// short is a connection that lives a while and takes its session along.
func short(c *discordtest.Conn) {
	time.AfterFunc(livedLimit+time.Second, func() { c.Close(closeSessionTimedOut) })
	c.Serve()
}

// The fake fails a test in which two identifies are closer than 5 s.
func TestIdentifiesStayWithinTheBudget(t *testing.T) {
	for name, part := range map[string]func(*discordtest.Conn){
		"op 9 to each": func(c *discordtest.Conn) {
			c.Hello()
			c.Await(discordtest.OpIdentify)
			c.Send(discordtest.OpInvalidSession, false)
		},
		"sessions that do not last": short,
	} {
		t.Run(name, func(t *testing.T) {
			onBench(t, func(t *testing.T, b *bench) {
				b.Always(part)
				stop := b.connect()
				b.pass(48 * time.Hour)
				_ = stop()
				atMost200ADay(t, b)
				if n := len(b.Identifies()); n < 250 {
					t.Errorf("gave up: %d identifies in two days", n)
				}
			})
		})
	}
}

func atMost200ADay(t *testing.T, b *bench) {
	t.Helper()
	identifies := b.Identifies()
	for i, asked := range identifies {
		if i >= maxIdentifies && asked.At.Sub(identifies[i-maxIdentifies].At) < identifyWindow {
			t.Fatalf("more than %d identifies in the 24 h before %v", maxIdentifies, asked.At)
		}
	}
}

func TestBudgetOutlivesRestarts(t *testing.T) {
	onBench(t, func(t *testing.T, b *bench) {
		for range 1000 {
			stop := b.connect()
			b.pass(2 * time.Second)
			_ = stop()
		}
		if n := len(b.Identifies()); n != maxIdentifies {
			t.Errorf("%d identifies in 1000 restarts, want %d", n, maxIdentifies)
		}
		if b.saw("budget wait") == 0 || b.state() != Waiting {
			t.Errorf("%d budget waits seen, %s", b.saw("budget wait"), b.state())
		}
	})
}

// What is noted has not left yet. The fake fails the test if it is too early.
func TestARestartWaitsForWhatTheDiskHeldUp(t *testing.T) {
	onBench(t, func(t *testing.T, b *bench) {
		b.budget.slow = identifyDelay
		for range 2 {
			stop := b.connect()
			b.pass(2 * time.Second)
			_ = stop()
		}
		stop := b.connect()
		b.pass(time.Minute)
		_ = stop()
		b.expect(2, 0, 2)
	})
}

func TestDiscordsOwnLimitIsWaitedFor(t *testing.T) {
	for name, remaining := range map[string]int{"used up": 0, "low": 10} {
		t.Run(name, func(t *testing.T) {
			onBench(t, func(t *testing.T, b *bench) {
				b.info.Limit.Remaining = remaining
				b.info.Limit.ResetAfter = time.Hour.Milliseconds()
				stop := b.connect()
				b.pass(time.Hour - time.Second)
				b.expect(0, 0, 0)
				b.note(func() { b.info.Limit.Remaining = 1000 })
				b.pass(2 * time.Second)
				_ = stop()
				b.expect(1, 0, 1)
			})
		})
	}
}

func TestUnreadableBudgetKeepsTheBotAway(t *testing.T) {
	onBench(t, func(t *testing.T, b *bench) {
		b.budget.broken.Store(true)
		stop := b.connect()
		b.pass(time.Hour)
		b.expect(0, 0, 0)
		b.budget.broken.Store(false)
		b.pass(time.Hour)
		_ = stop()
		b.expect(1, 0, 1)
	})
}

// A clock that jumps is no reason to hurry or to stay away for ever.
func TestJumpsOfTheClock(t *testing.T) {
	onBench(t, func(t *testing.T, b *bench) {
		b.Always(short)
		b.options.Now = func() time.Time { return time.Now().Add([]time.Duration{-time.Hour, 0, time.Hour}[rand.IntN(3)]) }
		stop := b.connect()
		b.pass(time.Hour)
		_ = stop()
		if n := len(b.Identifies()); n < 100 || n > maxIdentifies {
			t.Errorf("%d identifies in an hour", n)
		}
	})
}

func TestIdentifiesOfAFastClockDoNotCountForEver(t *testing.T) {
	onBench(t, func(t *testing.T, b *bench) {
		for range maxIdentifies {
			b.budget.times = append(b.budget.times, time.Now().AddDate(1, 0, 0))
		}
		stop := b.connect()
		b.pass(time.Minute)
		_ = stop()
		b.expect(1, 0, 1)
	})
}
