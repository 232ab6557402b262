package bot

import (
	"context"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

func TestNoMinuteHoldsMoreThanTheQuota(t *testing.T) {
	l := newLimits(nil, noon())
	random := rand.New(rand.NewPCG(1, 2))
	var taken []time.Time
	for now := noon(); len(taken) < 100; now = now.Add(time.Duration(random.Int64N(int64(10 * time.Second)))) {
		full, wait := l.take(now, quota{"user:1", 5})
		if full == "" {
			taken = append(taken, now)
			continue
		}
		if room := taken[len(taken)-5].Add(limitWindow); !now.Add(wait).Equal(room) {
			t.Fatalf("it says %v, and there is room in %v", wait, room.Sub(now))
		}
	}
	for i := range taken[5:] {
		if within := taken[i+5].Sub(taken[i]); within < limitWindow {
			t.Errorf("6 questions within %v", within)
		}
	}
}

func TestAQuestionCountsForAllItsKeysOrNone(t *testing.T) {
	l := newLimits(nil, noon())
	one := func(person string) string {
		full, _ := l.take(noon(), quota{person, 2}, quota{"guild:1", 3})
		return full
	}
	got := []string{one("user:1"), one("user:1"), one("user:1"), one("user:2"), one("user:2")}
	if want := []string{"", "", "user:1", "", "guild:1"}; !slices.Equal(got, want) {
		t.Errorf("full: %q, want %q", got, want)
	}
	l.giveBack([]string{"user:2", "guild:1"})
	if full := one("user:2"); full != "" {
		t.Errorf("after one was given back %s is full", full)
	}
}

func TestAClockThatWasSetBackLocksNobodyOut(t *testing.T) {
	l := newLimits(map[string][]time.Time{"user:1": {noon().Add(time.Hour)}}, noon())
	if _, wait := l.take(noon(), quota{"user:1", 1}); wait > limitWindow {
		t.Errorf("one has to wait for %v", wait)
	}
}

func TestLimitsForgetWhoAskedLongAgo(t *testing.T) {
	l := newLimits(map[string][]time.Time{"user:1": {noon()}}, noon())
	l.take(noon().Add(2*limitWindow), quota{"user:2", 1})
	if _, there := l.taken["user:1"]; there || len(l.taken) != 1 {
		t.Errorf("they hold %v", l.taken)
	}
}

func TestTakingsAreWrittenBehindInBatches(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newBehind()
		var mu sync.Mutex
		var batches [][]taking
		slow := func(_ context.Context, batch []taking) {
			time.Sleep(time.Second)
			mu.Lock()
			defer mu.Unlock()
			batches = append(batches, batch)
		}
		add := func(key string) { w.add(t.Context(), taking{[]string{key, "guild:1"}, noon()}, slow) }
		add("user:1")
		synctest.Wait()
		add("user:2")
		add("user:3")
		must(t, w.forget(t.Context(), "user:2"))
		w.wait()
		if len(batches) != 2 || len(batches[1]) != 2 {
			t.Fatalf("batches %v", batches)
		}
		if got := batches[1][0].keys; !slices.Equal(got, []string{"guild:1"}) {
			t.Errorf("of the forgotten one %v was written", got)
		}
	})
}

func TestADiskThatHangsHoldsBoundedMuch(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w, most := newBehind(), 0
		hangs := func(ctx context.Context, batch []taking) {
			<-ctx.Done()
			most = max(most, len(batch))
		}
		for range 3 * behindAtMost {
			w.add(t.Context(), taking{at: noon()}, hangs)
		}
		w.wait()
		if most == 0 || most > behindAtMost {
			t.Errorf("%d takings waited at once", most)
		}
	})
}
