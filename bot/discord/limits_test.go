package discord

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// A peer answers calls in place of the network, on a fake clock; nil is no
// answer at all.
type peer func(r *http.Request) *http.Response

func (p peer) RoundTrip(r *http.Request) (*http.Response, error) {
	if answer := p(r); answer != nil {
		return answer, nil
	}
	<-r.Context().Done()
	return nil, r.Context().Err()
}

// clientOf is a client whose calls p answers.
func clientOf(p peer, observe func(string)) *client {
	c := newClient(Options{Token: "token", APIURL: "https://discord.test/api/v10", Observe: observe})
	c.transport.base = p
	return c
}

func reply(status int, body string, header ...string) *http.Response {
	h := make(http.Header)
	for i := 0; i < len(header); i += 2 {
		h.Set(header[i], header[i+1])
	}
	return &http.Response{StatusCode: status, Header: h, Body: io.NopCloser(strings.NewReader(body))}
}

// get makes a call that may take its time.
func get(c *client, path string) error {
	ctx, cancel := context.WithTimeout(context.Background(), time.Hour)
	defer cancel()
	return c.call(ctx, http.MethodGet, path, nil, nil, callOptions{Repeatable: true})
}

// A seeded Discord answers some calls with 429s of all kinds. It counts those
// that leave before they may, once it has told so.
type seeded struct {
	mu       sync.Mutex
	random   *rand.Rand
	all      time.Time            // until when only interactions may leave
	everyone time.Time            // until when nothing may
	routes   map[string]time.Time // until when a path may not leave
	given    int
	early    int
}

const seededThrottles = 500

func (s *seeded) answer(r *http.Request) *http.Response {
	s.arrive(r.URL.Path)
	s.travel()
	answer, tell := s.decide(r.URL.Path, time.Now())
	s.travel()
	s.mu.Lock()
	defer s.mu.Unlock()
	tell()
	return answer
}

func (s *seeded) arrive(path string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := time.Now()
	if now.Before(s.everyone) || now.Before(s.routes[path]) || now.Before(s.all) && !strings.Contains(path, "/webhooks/") {
		s.early++
	}
}

func (s *seeded) travel() {
	s.mu.Lock()
	d := time.Duration(s.random.IntN(int(50 * time.Millisecond)))
	s.mu.Unlock()
	time.Sleep(d)
}

// decide is the answer to a call, and what holds once it is told.
func (s *seeded) decide(path string, now time.Time) (answer *http.Response, tell func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.given == seededThrottles || s.random.IntN(3) == 0 {
		return reply(http.StatusOK, "{}", "X-RateLimit-Bucket", "b", "X-RateLimit-Limit", "5", "X-RateLimit-Remaining", "4", "X-RateLimit-Reset-After", "1"), func() {}
	}
	s.given++
	wait := 0.5 + 10*s.random.Float64()
	until := now.Add(time.Duration(wait * float64(time.Second)))
	text := fmt.Sprintf("%.9f", wait)
	switch s.random.IntN(8) {
	case 0:
		return reply(http.StatusTooManyRequests, "", "Retry-After", text, "X-RateLimit-Global", "true"), func() { s.all = later(s.all, until) }
	case 1:
		return reply(http.StatusTooManyRequests, "<html>error 1015</html>"), func() { s.everyone = later(s.everyone, now.Add(time.Minute)) }
	case 2, 3:
		bad := []string{`{"retry_after":0}`, `{"retry_after":-1}`, `{"retry_after":null}`, `{}`, `{"retry_after":"NaN"}`}
		return reply(http.StatusTooManyRequests, bad[s.random.IntN(len(bad))]), func() { s.routes[path] = later(s.routes[path], now.Add(leastWait)) }
	}
	// These are not counted against the bot, so that the breaker stays closed.
	return reply(http.StatusTooManyRequests, `{"retry_after":`+text+`,"global":false}`, "X-RateLimit-Scope", "shared"),
		func() { s.routes[path] = later(s.routes[path], until) }
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

// Goal G4.
func TestNothingIsEarlyUnder500SeededThrottles(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &seeded{random: rand.New(rand.NewPCG(1, 2)), routes: make(map[string]time.Time)}
		c := clientOf(s.answer, nil)
		var callers sync.WaitGroup
		for i := range 8 {
			callers.Go(func() {
				for j := range 150 {
					path := fmt.Sprintf("/channels/%d/messages", (i+j)%5)
					if i%2 == 0 {
						path = fmt.Sprintf("/webhooks/1/token%d/messages/@original", (i+j)%5)
					}
					_ = get(c, path) // that it was throttled five times is no matter here
				}
			})
		}
		callers.Wait()
		if s.given < seededThrottles || s.early > 0 {
			t.Errorf("of %d throttles %d were followed too early", s.given, s.early)
		}
	})
}

// Row 22.
// Row 22: what ctx will not see the end of is not waited for.
func TestWaitBeyondTheDeadlineFailsAtOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := clientOf(func(*http.Request) *http.Response {
			return reply(http.StatusTooManyRequests, `{"retry_after":60}`)
		}, nil)
		began := time.Now()
		err := c.call(context.Background(), http.MethodGet, "/users/@me", nil, nil, callOptions{})
		if !errors.Is(err, context.DeadlineExceeded) || time.Since(began) > 0 {
			t.Errorf("after %v the error is %v", time.Since(began), err)
		}
	})
}

// Row 20.
func TestInteractionsLeaveDuringAnOverallThrottle(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := clientOf(func(r *http.Request) *http.Response {
			if strings.HasSuffix(r.URL.Path, "/users/@me") {
				return reply(http.StatusTooManyRequests, "", "Retry-After", "60", "X-RateLimit-Global", "true")
			}
			return reply(http.StatusNoContent, "")
		}, nil)
		_ = c.call(context.Background(), http.MethodGet, "/users/@me", nil, nil, callOptions{})
		began := time.Now()
		if err := get(c, "/channels/1"); err != nil || time.Since(began) != time.Minute {
			t.Errorf("a call took %v: %v", time.Since(began), err)
		}
		_ = c.call(context.Background(), http.MethodGet, "/users/@me", nil, nil, callOptions{})
		began = time.Now()
		if err := c.callback(context.Background(), "1", "t", nil); err != nil || time.Since(began) > 0 {
			t.Errorf("a callback took %v: %v", time.Since(began), err)
		}
	})
}

// Row 21.
func TestPageOfCloudflareStopsEverything(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var events []string
		first := true
		c := clientOf(func(*http.Request) *http.Response {
			if first {
				first = false
				return reply(http.StatusTooManyRequests, "<html>", "Content-Type", "text/html")
			}
			return reply(http.StatusNoContent, "")
		}, func(e string) { events = append(events, e) })
		_ = c.call(context.Background(), http.MethodGet, "/users/@me", nil, nil, callOptions{})
		began := time.Now()
		ctx, cancel := context.WithTimeout(context.Background(), time.Hour)
		defer cancel()
		if err := c.callback(ctx, "1", "t", nil); err != nil || time.Since(began) != time.Minute {
			t.Errorf("a callback took %v: %v", time.Since(began), err)
		}
		if got := strings.Join(events, ", "); got != "rest call, rest 429, rest stopped, rest call" {
			t.Errorf("the events are %s", got)
		}
	})
}

// Row 31.
func TestBreakerOpensAt500InvalidCalls(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		calls, opened := 0, 0
		c := clientOf(func(*http.Request) *http.Response {
			calls++
			return reply(http.StatusForbidden, `{"code":50005}`)
		}, func(e string) {
			if e == "breaker open" {
				opened++
			}
		})
		var err error
		for range 600 {
			err = get(c, "/channels/1/messages/2")
		}
		if calls != maxInvalid || opened != 1 || !errors.Is(err, errBreakerOpen) {
			t.Errorf("%d calls were made, the breaker opened %d times; the error is %v", calls, opened, err)
		}
		time.Sleep(invalidWindow)
		if _ = get(c, "/channels/1"); calls != maxInvalid+1 {
			t.Errorf("10 minutes later %d calls were made", calls)
		}
	})
}

func TestSharedThrottlesDoNotCountAgainstTheBot(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := clientOf(func(*http.Request) *http.Response {
			return reply(http.StatusTooManyRequests, `{"retry_after":0.1}`, "X-RateLimit-Scope", "shared")
		}, nil)
		for range maxInvalid {
			if err := get(c, "/channels/1"); errors.Is(err, errBreakerOpen) {
				t.Fatal(err)
			}
		}
	})
}

// arrivals notes when calls come, and answers with the headers of a bucket.
type arrivals struct {
	mu     sync.Mutex
	at     []time.Time
	limit  int
	window time.Duration
	ends   time.Time
	left   int
	over   int // calls beyond the limit
}

func (a *arrivals) answer(*http.Request) *http.Response {
	a.mu.Lock()
	defer a.mu.Unlock()
	now := time.Now()
	a.at = append(a.at, now)
	if !now.Before(a.ends) {
		a.ends, a.left = now.Add(a.window), a.limit
	}
	if a.left--; a.left < 0 {
		a.over++
	}
	return reply(http.StatusOK, "{}", "X-RateLimit-Bucket", "b", "X-RateLimit-Limit", fmt.Sprint(a.limit),
		"X-RateLimit-Remaining", fmt.Sprint(max(a.left, 0)), "X-RateLimit-Reset-After", fmt.Sprint(a.ends.Sub(now).Seconds()))
}

func callAll(c *client, n int, path func(i int) string) {
	var callers sync.WaitGroup
	for i := range n {
		callers.Go(func() { _ = get(c, path(i)) })
	}
	callers.Wait()
}

func TestBucketIsNeverOverdrawn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a := &arrivals{limit: 5, window: 2 * time.Second}
		callAll(clientOf(a.answer, nil), 50, func(int) string { return "/channels/1/messages" })
		if took := a.at[len(a.at)-1].Sub(a.at[0]); a.over > 0 || took > 20*time.Second {
			t.Errorf("%d of 50 calls were beyond the limit; they took %v", a.over, took)
		}
	})
}

func TestNoSecondSeesMoreThan50Calls(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a := &arrivals{limit: 1000, window: time.Minute}
		callAll(clientOf(a.answer, nil), 200, func(i int) string { return fmt.Sprintf("/channels/%d/messages", i) })
		for i := 50; i < len(a.at); i++ {
			if gap := a.at[i].Sub(a.at[i-50]); gap < time.Second {
				t.Fatalf("51 calls came within %v", gap)
			}
		}
	})
}

func TestInteractionsDoNotWaitForTheOverallLimit(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a := &arrivals{limit: 1000, window: time.Minute}
		callAll(clientOf(a.answer, nil), 200, func(i int) string { return fmt.Sprintf("/webhooks/1/token%d", i) })
		if took := a.at[len(a.at)-1].Sub(a.at[0]); took > 0 {
			t.Errorf("200 calls took %v", took)
		}
	})
}

// Row 27.
func TestCallWithoutADeadlineEndsAfter10Seconds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := clientOf(func(*http.Request) *http.Response { return nil }, nil)
		began := time.Now()
		err := c.call(context.Background(), http.MethodGet, "/users/@me", nil, nil, callOptions{Repeatable: true})
		if took := time.Since(began); !errors.Is(err, context.DeadlineExceeded) || took != callTime {
			t.Errorf("after %v the error is %v", took, err)
		}
	})
}

func TestSizesAreBounded(t *testing.T) {
	calls := 0
	c := clientOf(func(*http.Request) *http.Response {
		calls++
		return reply(http.StatusOK, strings.Repeat(" ", maxAnswer)+"{}")
	}, nil)
	if err := get(c, "/users/@me"); err == nil || calls != 1 {
		t.Errorf("a long answer: %d calls were made; the error is %v", calls, err)
	}
	if err := c.callback(context.Background(), "1", "t", strings.Repeat("x", maxCallBody)); err == nil || calls != 1 {
		t.Errorf("a long body: %d calls were made; the error is %v", calls, err)
	}
}

func TestWhatIsRememberedIsBounded(t *testing.T) {
	l := newLimits(Timing{}, func(string) {})
	refused := &answer{status: http.StatusForbidden, code: codeMissingAccess, header: make(http.Header)}
	refused.header.Set("X-RateLimit-Limit", "5")
	refused.header.Set("X-RateLimit-Remaining", "4")
	refused.header.Set("X-RateLimit-Reset-After", "60")
	for i := range maxBuckets + 50 {
		r := routeOf(http.MethodGet, fmt.Sprintf("/channels/%d/messages", i))
		l.leave(r, &bucket{changed: make(chan struct{})}, refused)
	}
	if len(l.buckets.byKey) > maxBuckets+1 || len(l.unusable) > maxFading {
		t.Errorf("%d buckets and %d channels are remembered", len(l.buckets.byKey), len(l.unusable))
	}
}

func TestRouteLeavesOutWhatStandsForOneThing(t *testing.T) {
	for _, test := range []struct {
		path string
		want route
	}{
		{"/channels/12/messages/34", route{"GET /channels/*/messages/*", "channels/12", "12", false}},
		{"/channels/12/messages/34/reactions/%F0%9F%91%8D/@me", route{"GET /channels/*/messages/*/reactions/*/@me", "channels/12", "12", false}},
		{"/webhooks/1/secret/messages/@original", route{"GET /webhooks/*/*/messages/@original", "webhooks/1/secret", "", true}},
		{"/interactions/1/secret/callback", route{"GET /interactions/*/*/callback", "interactions/1/secret", "", true}},
		{"/applications/1/guilds/2/commands", route{"GET /applications/*/guilds/*/commands", "", "", false}},
		{"/users/@me", route{"GET /users/@me", "", "", false}},
	} {
		if got := routeOf(http.MethodGet, test.path); got != test.want {
			t.Errorf("%s: got %+v", test.path, got)
		}
	}
}
