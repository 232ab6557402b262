package discord

import (
	"encoding/json"
	"math"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// What a 429 may ask for; less or more is taken for a mistake.
const (
	leastWait = 500 * time.Millisecond
	mostWait  = 15 * time.Minute
	// bannedWait is how long nothing is sent after a page of Cloudflare's.
	bannedWait = time.Minute
)

// A throttle is what a 429 says.
type throttle struct {
	wait     time.Duration
	all      bool // it is about everything but interactions
	everyone bool // it is not Discord's own but Cloudflare's, and about everything
	shared   bool // others used up the limit: it is not counted against the bot
}

// readThrottle understands a 429 in all the forms that it is known to have.
func readThrottle(h http.Header, body []byte, t Timing) throttle {
	var said struct {
		RetryAfter json.RawMessage `json:"retry_after"`
		Global     bool            `json:"global"`
	}
	isJSON := json.Unmarshal(body, &said) == nil
	scope := h.Get("X-RateLimit-Scope")
	l := throttle{
		all:    said.Global || scope == "global" || h.Get("X-RateLimit-Global") == "true",
		shared: scope == "shared",
	}
	l.everyone = !isJSON && !l.all && scope == "" && h.Get("X-RateLimit-Bucket") == ""
	least := t.of(leastWait)
	if l.everyone {
		least = t.of(bannedWait)
	}
	asked, ok := seconds(strings.Trim(string(said.RetryAfter), `"`))
	if !ok {
		asked, _ = seconds(h.Get("Retry-After")) // the same, rounded up
	}
	l.wait = min(max(asked, least), t.of(mostWait))
	return l
}

// seconds is a time in seconds, with or without a fraction, up to a day.
func seconds(text string) (time.Duration, bool) {
	const day = 24 * 60 * 60
	s, err := strconv.ParseFloat(text, 64)
	if err != nil && !math.IsInf(s, 0) || math.IsNaN(s) || s < 0 {
		return 0, false
	}
	return time.Duration(math.Ceil(min(s, day) * float64(time.Second))), true
}
