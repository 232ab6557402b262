package retrieval

import (
	"context"
	"errors"
	"net/http"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// newClient is a client whose endpoint answers by turns.
func newClient(e Endpoint, turns ...turn) (*http.Client, *script) {
	s := newScript(turns...)
	return &http.Client{Transport: newEndpointTransport(e, s)}, s
}

func TestEndpointIsSentNothingBeforeTheTimeItAskedFor(t *testing.T) {
	for _, status := range []int{http.StatusTooManyRequests, http.StatusServiceUnavailable} {
		t.Run(http.StatusText(status), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				client, s := newClient(testEndpoint(), answers(status, "", "Retry-After", "20"), answers(200, "done"))
				var wg sync.WaitGroup
				for _, after := range []time.Duration{0, time.Second, 19 * time.Second} {
					wg.Go(func() {
						time.Sleep(after)
						if body, err := post(t.Context(), client, "http://endpoint.test/v1/x"); body != "done" || err != nil {
							t.Errorf("the request after %v: %q, %v", after, body, err)
						}
					})
				}
				wg.Wait()
				for _, at := range s.asked[1:] {
					if at != 20*time.Second {
						t.Errorf("asked after %v", at)
					}
				}
			})
		})
	}
}

func TestEndpointRequestThatCannotWaitFailsAtOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		client, s := newClient(testEndpoint(), answers(429, "", "Retry-After", "90"))
		_ = ask(t, client, 1)
		ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
		defer cancel()
		_, err := post(ctx, client, "http://endpoint.test/v1/x")
		e, ok := errors.AsType[*EndpointError](err)
		if !ok || e.Status != 429 || e.Setting != "test.api_key" || e.RetryAfter != 89*time.Second {
			t.Errorf("got %#v", err)
		}
		if took := time.Since(s.start); took != time.Second || len(s.asked) != 1 {
			t.Errorf("asked %d times within %v", len(s.asked), took)
		}
	})
}

func TestEndpointRequestThatWaitsCanBeGivenUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		client, s := newClient(testEndpoint(), answers(429, "", "Retry-After", "90"))
		_ = ask(t, client, 1)
		time.Sleep(60 * time.Second)
		ctx, cancel := context.WithCancel(t.Context())
		time.AfterFunc(time.Second, cancel)
		if _, err := post(ctx, client, "http://endpoint.test/v1/x"); !errors.Is(err, context.Canceled) || len(s.asked) != 1 {
			t.Errorf("asked %d times: %v", len(s.asked), err)
		}
	})
}

func TestEndpointWithoutQuotaIsLeftAlone(t *testing.T) {
	const used = `{"error":{"code":"insufficient_quota"}}`
	tests := []struct {
		name string
		turn turn
		wait time.Duration
	}{
		{"for ten minutes", answers(429, used), 10 * time.Minute},
		{"for ten minutes, if it must be paid", answers(402, `{"error":{"code":402}}`), 10 * time.Minute},
		{"for as long as it asks", answers(429, used, "Retry-After", "1800"), 30 * time.Minute},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				client, s := newClient(testEndpoint(), tt.turn)
				_, first := post(t.Context(), client, "http://endpoint.test/v1/x")
				for left := tt.wait; left > 0; left -= time.Minute {
					_, err := post(t.Context(), client, "http://endpoint.test/v1/x")
					e, ok := errors.AsType[*EndpointError](err)
					if !ok || err.Error() != first.Error() || e.RetryAfter != left || time.Since(s.start) != tt.wait-left {
						t.Fatalf("%v before the end: %#v", left, err)
					}
					time.Sleep(time.Minute)
				}
				if len(s.asked) != 1 {
					t.Errorf("asked %d times", len(s.asked))
				}
				if _ = ask(t, client, 1); len(s.asked) != 2 {
					t.Errorf("asked %d times after the end", len(s.asked))
				}
			})
		})
	}
}

func TestEndpointOutOfQuotaIsNeverSaidToHaveFailed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		client, s := newClient(testEndpoint(), answers(429, `{"error":{"type":"insufficient_quota"}}`, "Retry-After", "1"))
		err := ask(t, client, 10)
		if e, ok := errors.AsType[*EndpointError](err); !ok || e.Setting != "test.api_key" || len(s.asked) != 10 {
			t.Errorf("asked %d times: %v", len(s.asked), err)
		}
	})
}

func TestPauseLastsAsLongAsTheLongestWait(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var p pause
		for _, wait := range []time.Duration{time.Minute, time.Hour, time.Second, 0} {
			p.heed(&EndpointError{RetryAfter: wait})
		}
		if e := p.reason(); e == nil || e.RetryAfter != time.Hour {
			t.Errorf("left alone for %#v", e)
		}
	})
}
