package bot

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"footnote/corpus"
	"footnote/corpus/sample"
	"footnote/retrieval"
)

// A fakeFront is where replies go: it keeps what a person would see.
type fakeFront struct {
	mu       sync.Mutex
	answered []Reply
	acks     []Acknowledgement
	ackedAt  time.Time
	drafts   []Reply
	draftAt  time.Time // the first
	finished []Reply
	endedAt  time.Time
	posted   Posted
	err      error // of everything that shows
}

func (f *fakeFront) Answer(_ context.Context, r Reply) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.answered = append(f.answered, r)
	return f.err
}

func (f *fakeFront) Acknowledge(_ context.Context, a Acknowledgement) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.acks, f.ackedAt = append(f.acks, a), time.Now()
	return f.err
}

func (f *fakeFront) Show(_ context.Context, r Reply) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.drafts = append(f.drafts, r); len(f.drafts) == 1 {
		f.draftAt = time.Now()
	}
}

func (f *fakeFront) Finish(_ context.Context, r Reply) (Posted, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.finished, f.endedAt = append(f.finished, r), time.Now()
	return f.posted, f.err
}

// last is what the person is left with.
func (f *fakeFront) last() string {
	f.mu.Lock()
	defer f.mu.Unlock()
	all := append(f.answered[:len(f.answered):len(f.answered)], f.finished...)
	if len(all) != 1 {
		return fmt.Sprintf("%d replies", len(all))
	}
	return textOf(all[0])
}

func textOf(r Reply) string {
	var text strings.Builder
	for _, b := range r.Blocks {
		for _, s := range b.Spans {
			text.WriteString(s.Text)
		}
	}
	return text.String()
}

// A testBot is a bot on the samples, with what it tells whoever runs it.
type testBot struct {
	*Bot
	dir     string
	log     *bytes.Buffer
	mu      sync.Mutex
	records []Record
}

// startBot starts a bot in dir; change may change what it works with.
func startBot(t *testing.T, dir string, change func(*Options)) *testBot {
	t.Helper()
	articles, err := sample.Articles()
	must(t, err)
	library := retrieval.NewMemory(articles, corpus.Chunker{})
	searcher, err := retrieval.NewSearcher(t.Context(), library, retrieval.SearcherOptions{})
	must(t, err)
	store, err := retrieval.OpenStore(t.Context(), dir)
	must(t, err)
	b := &testBot{dir: dir, log: new(bytes.Buffer)}
	o := Options{
		Corpus: func(guild string) Corpus { return Corpus{Scope: searcher.In(guild)} },
		Store:  store, Library: library, Samples: func() bool { return true }, State: openTestState(t, dir),
		UserPerMinute: 5, GuildPerMinute: 1000, Workers: 4, Queue: 200,
		Now: time.Now, Log: slog.New(slog.NewTextHandler(b.log, nil)),
		Record: func(r Record) {
			b.mu.Lock()
			defer b.mu.Unlock()
			b.records = append(b.records, r)
		},
	}
	if change != nil {
		change(&o)
	}
	b.Bot, err = New(t.Context(), o)
	must(t, err)
	t.Cleanup(func() {
		b.Close()
		must(t, store.Close())
	})
	return b
}

// asking has /ask do f.
func (b *testBot) asking(f func(ctx context.Context, b *Bot, c *call) (Reply, error)) {
	t := b.commands["ask"]
	t.instant, t.run = nil, f
	b.commands["ask"] = t
}

// outcomes counts the records by what became of the request.
func (b *testBot) outcomes() map[Outcome]int {
	b.mu.Lock()
	defer b.mu.Unlock()
	n := make(map[Outcome]int)
	for _, r := range b.records {
		n[r.Outcome]++
	}
	return n
}

func (b *testBot) serve(t *testing.T, r Request) *fakeFront {
	t.Helper()
	f := new(fakeFront)
	b.Serve(t.Context(), r, f)
	return f
}

func slashAsk(id, person string) Request {
	return Request{
		Kind: Slash, ID: id, Name: "ask", Options: map[string]string{"question": "Who won the shell prize?"},
		Person: Person{ID: person}, Place: Place{Guild: "g1", Channel: "c1"}, Locale: "en-GB",
	}
}

func atOnce(context.Context, *Bot, *call) (Reply, error) { return saying("done"), nil }

// untilStopped is a handler that waits for the end of its context.
func untilStopped(ctx context.Context, _ *Bot, _ *call) (Reply, error) {
	<-ctx.Done()
	return Reply{}, fmt.Errorf("asking a model: %w", ctx.Err())
}

func TestARepeatIsPassedOver(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := startBot(t, t.TempDir(), func(o *Options) { o.Queue = 1000 })
		b.asking(atOnce)
		var fronts [1000]fakeFront
		var all sync.WaitGroup
		for i := range fronts {
			for range 2 {
				all.Go(func() { b.Serve(t.Context(), slashAsk(fmt.Sprint("q", i), fmt.Sprint("p", i)), &fronts[i]) })
			}
		}
		all.Wait()
		for i := range fronts {
			if got := fronts[i].last(); got != "done" {
				t.Fatalf("question %d: %s; want one reply", i, got)
			}
		}
		if got := b.outcomes(); got[Repeated] != 1000 || got[Done] != 1000 {
			t.Errorf("outcomes %v", got)
		}
	})
}

func TestAllAreAcknowledgedWhileEverythingHangs(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := startBot(t, t.TempDir(), nil)
		b.asking(untilStopped)
		ctx, stop := context.WithCancel(t.Context())
		began := time.Now()
		var fronts [200]fakeFront
		var all sync.WaitGroup
		for i := range fronts {
			all.Go(func() { b.Serve(ctx, slashAsk(fmt.Sprint("q", i), fmt.Sprint("p", i)), &fronts[i]) })
		}
		time.Sleep(3 * time.Second)
		for i := range fronts {
			f := &fronts[i]
			f.mu.Lock()
			if len(f.acks) != 1 || f.ackedAt.Sub(began) > time.Second || len(f.drafts) == 0 || f.draftAt.Sub(began) > 3*time.Second {
				t.Errorf("question %d: %d acknowledgements, %d drafts", i, len(f.acks), len(f.drafts))
			}
			f.mu.Unlock()
		}
		if s := b.Stats(); s.Running != 4 || s.Queued != 196 {
			t.Errorf("%d running, %d queued; want 4 and 196", s.Running, s.Queued)
		}
		stop()
		stopped := time.Now()
		all.Wait()
		if took := time.Since(stopped); took > 4*time.Second {
			t.Errorf("stopping took %v", took)
		}
		for i := range fronts {
			if got := fronts[i].last(); !strings.Contains(got, "restarted") {
				t.Errorf("question %d ended with %q", i, got)
			}
		}
	})
}

func TestProgressIsSaid(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := startBot(t, t.TempDir(), nil)
		b.asking(func(context.Context, *Bot, *call) (Reply, error) {
			time.Sleep(10 * time.Second)
			return saying("done"), nil
		})
		f := b.serve(t, slashAsk("q1", "p1"))
		if len(f.drafts) != 1 || textOf(f.drafts[0]) != "Looking through 10 articles…" {
			t.Errorf("drafts %v", f.drafts)
		}
	})
}

func TestDraftsComeBeforeTheReply(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := startBot(t, t.TempDir(), nil)
		b.asking(func(_ context.Context, _ *Bot, c *call) (Reply, error) {
			for _, text := range []string{"one", "two"} {
				c.show(saying(text))
				time.Sleep(2 * time.Second)
			}
			return saying("done"), nil
		})
		f := b.serve(t, slashAsk("q1", "p1"))
		if len(f.drafts) != 2 || textOf(f.drafts[1]) != "two" || f.last() != "done" {
			t.Errorf("drafts %v, reply %q", f.drafts, f.last())
		}
	})
}

func TestWhoWaitsIsToldThePlace(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := startBot(t, t.TempDir(), func(o *Options) { o.Workers = 1 })
		b.asking(func(context.Context, *Bot, *call) (Reply, error) {
			time.Sleep(5 * time.Second)
			return saying("done"), nil
		})
		var fronts [3]fakeFront
		var all sync.WaitGroup
		for i := range fronts {
			all.Go(func() { b.Serve(t.Context(), slashAsk(fmt.Sprint("q", i), fmt.Sprint("p", i)), &fronts[i]) })
			synctest.Wait()
		}
		all.Wait()
		var got []string
		for _, r := range fronts[2].drafts {
			got = append(got, textOf(r))
		}
		want := []string{"You are number 2 in line.", "You are number 1 in line.", "Looking through 10 articles…"}
		if strings.Join(got, "|") != strings.Join(want, "|") {
			t.Errorf("drafts %q, want %q", got, want)
		}
	})
}

func TestAPanicIsOneApology(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := startBot(t, t.TempDir(), nil)
		b.asking(func(context.Context, *Bot, *call) (Reply, error) { panic("a secret of the question") })
		f := b.serve(t, slashAsk("q1", "p1"))
		if got := f.last(); !strings.Contains(got, "something went wrong") {
			t.Errorf("the reply is %q", got)
		}
		if log := b.log.String(); !strings.Contains(log, "stack=") || strings.Contains(log, "secret") {
			t.Errorf("the log is %s", log)
		}
		b.asking(atOnce)
		if got := b.serve(t, slashAsk("q2", "p1")).last(); got != "done" {
			t.Errorf("the next reply is %q", got)
		}
	})
}

func TestHowARequestEnds(t *testing.T) {
	failing := func(context.Context, *Bot, *call) (Reply, error) { return Reply{}, errors.New("no model") }
	deaf := func(context.Context, *Bot, *call) (Reply, error) {
		time.Sleep(time.Hour)
		return saying("done"), nil
	}
	unsent := errors.New("10062")
	for _, test := range []struct {
		name  string
		run   func(context.Context, *Bot, *call) (Reply, error)
		err   error // of the front
		want  string
		out   Outcome
		after time.Duration // at most, until the reply
	}{
		{"done", atOnce, nil, "done", Done, 0},
		{"failed", failing, nil, "something went wrong", Failed, 0},
		{"too slow", untilStopped, nil, "took too long", Failed, requestLife},
		{"deaf", deaf, nil, "took too long", Failed, requestLife + 2*time.Second},
		{"unsent", atOnce, unsent, "0 replies", Unsent, 0},
	} {
		synctest.Test(t, func(t *testing.T) {
			b := startBot(t, t.TempDir(), nil)
			b.asking(test.run)
			began, f := time.Now(), &fakeFront{err: test.err}
			b.Serve(t.Context(), slashAsk("q1", "p1"), f)
			if got := f.last(); !strings.Contains(got, test.want) || b.outcomes()[test.out] != 1 {
				t.Errorf("%s: %q and %v; want %q and %s", test.name, got, b.outcomes(), test.want, test.out)
			}
			if took := f.endedAt.Sub(began); took > test.after {
				t.Errorf("%s: the reply came after %v", test.name, took)
			}
		})
	}
}

func TestStoppedAnswersAreSaid(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := startBot(t, t.TempDir(), nil)
		ctx, stop := context.WithCancel(t.Context())
		b.asking(func(ctx context.Context, _ *Bot, _ *call) (Reply, error) {
			<-ctx.Done()
			return saying("just in time"), nil
		})
		var running, late fakeFront
		var all sync.WaitGroup
		all.Go(func() { b.Serve(ctx, slashAsk("q1", "p1"), &running) })
		synctest.Wait()
		stop()
		all.Wait()
		b.Serve(ctx, slashAsk("q2", "p2"), &late)
		if got := running.last(); got != "just in time" {
			t.Errorf("the running one ended with %q", got)
		}
		if got := late.last(); !strings.Contains(got, "restarted") || !late.answered[0].Private {
			t.Errorf("the late one ended with %q", got)
		}
	})
}

func TestAFrontThatHangsAtTheEndStopsNobody(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, stop := context.WithCancel(t.Context())
		last, cancel := lasting(ctx)
		defer cancel()
		stop()
		began := time.Now()
		<-last.Done()
		if took := time.Since(began); took != stopTimeout {
			t.Errorf("the last word had %v, want %v", took, stopTimeout)
		}
	})
}
