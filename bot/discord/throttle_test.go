package discord

import (
	"testing"
	"time"
)

func TestThrottleIsUnderstoodInAllForms(t *testing.T) {
	for _, test := range []struct {
		body   string
		header []string
		want   throttle
	}{
		{`{"retry_after":1.25,"global":false}`, nil, throttle{wait: 1250 * time.Millisecond}},
		{`{"retry_after":2,"global":true}`, nil, throttle{wait: 2 * time.Second, all: true}},
		{``, []string{"Retry-After", "3", "X-RateLimit-Global", "true"}, throttle{wait: 3 * time.Second, all: true}},
		{`{"retry_after":4}`, []string{"X-RateLimit-Scope", "shared"}, throttle{wait: 4 * time.Second, shared: true}},
		{`<html>`, nil, throttle{wait: time.Minute, everyone: true}},
		{`<html>`, []string{"Retry-After", "90"}, throttle{wait: 90 * time.Second, everyone: true}},
		{`<html>`, []string{"Retry-After", "90", "X-RateLimit-Scope", "user"}, throttle{wait: 90 * time.Second}},
		{`{}`, nil, throttle{wait: leastWait}},
		{`{}`, []string{"Retry-After", "7"}, throttle{wait: 7 * time.Second}},
		{`{"retry_after":0}`, nil, throttle{wait: leastWait}},
		{`{"retry_after":-5}`, nil, throttle{wait: leastWait}},
		{`{"retry_after":"NaN"}`, nil, throttle{wait: leastWait}},
		{`{"retry_after":1e9}`, nil, throttle{wait: mostWait}},
		{`{"retry_after":1e999}`, nil, throttle{wait: mostWait}},
	} {
		h := reply(0, "", test.header...).Header
		if got := readThrottle(h, []byte(test.body), Timing{}); got != test.want {
			t.Errorf("%s %v: got %+v", test.body, test.header, got)
		}
	}
}

func FuzzThrottleIsWithinBounds(f *testing.F) {
	f.Add(`{"retry_after":1}`, "1", "user")
	f.Fuzz(func(t *testing.T, body, after, scope string) {
		h := reply(0, "", "Retry-After", after, "X-RateLimit-Scope", scope).Header
		if got := readThrottle(h, []byte(body), Timing{}); got.wait < leastWait || got.wait > mostWait {
			t.Errorf("the wait is %v", got.wait)
		}
	})
}
