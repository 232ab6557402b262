package discord

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/bwmarrin/discordgo"
)

// callTime is how long a call may take in all whose context has no deadline.
const callTime = 10 * time.Second

const maxCallBody = 1 << 20

// Codes of Discord's own that say what to do.
const (
	codeUnknownChannel     = 10003
	codeUnknownMessage     = 10008
	codeUnknownWebhook     = 10015
	codeUnknownInteraction = 10062
	codeAcknowledged       = 40060
	codeMissingAccess      = 50001
	codeClosedDirect       = 50007
	codeMissingPermissions = 50013
	codeWebhookExpired     = 50027
	codeInvalidBody        = 50035
	codeNoHistory          = 160002
	codeThreadExists       = 160004
	codeNoReference        = 160009
)

// A client makes REST calls. discordgo writes the requests and reads the
// answers; what leaves and when is the transport's to decide. It is safe for
// use by several goroutines.
type client struct {
	address   string
	session   *discordgo.Session
	transport *transport
}

// newClient makes calls with o.Token to o.APIURL.
func newClient(o Options) *client {
	observe := o.Observe
	if observe == nil {
		observe = func(string) {}
	}
	address := strings.TrimRight(o.APIURL, "/")
	return &client{
		address: address,
		session: &discordgo.Session{Token: "Bot " + o.Token, UserAgent: "DiscordBot (footnote, " + o.Version + ")"},
		transport: &transport{
			base:    newConnections(),
			prefix:  pathOf(address),
			timing:  o.Timing,
			limits:  newLimits(o.Timing, observe),
			observe: observe,
			random:  rand.Float64,
		},
	}
}

func newConnections() *http.Transport {
	dialer := &net.Dialer{Timeout: 5 * time.Second}
	return &http.Transport{
		Proxy:               http.ProxyFromEnvironment,
		DialContext:         dialer.DialContext,
		TLSHandshakeTimeout: 5 * time.Second,
		ForceAttemptHTTP2:   true,
		MaxIdleConnsPerHost: 32,
		IdleConnTimeout:     90 * time.Second,
	}
}

func pathOf(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return "" // every call will say so
	}
	return u.Path
}

// Close drops the idle connections.
func (c *client) Close() {
	(&http.Client{Transport: c.transport.base}).CloseIdleConnections()
}

// stopped is closed when the bot's token was refused: nothing more leaves.
func (c *client) stopped() <-chan struct{} { return c.transport.limits.stopped }

// callOptions say how a call may be made.
type callOptions struct {
	// Repeatable: made twice it does no more than once, or the second time is
	// refused. That is so for all but a POST without an enforced nonce.
	Repeatable bool
}

// call makes one call: method, path below the API's address (already escaped),
// body as JSON (nil: none), the answer decoded into out (nil: dropped). It
// waits where Discord's limits ask for it, but not if ctx will not see the end
// of that; without a deadline in ctx it takes 10 s at most. Its errors are or
// wrap an *apiError, a *FatalError, errBreakerOpen, a *lostError, or, if nothing
// was sent, ctx's. They hold no token and no path.
func (c *client) call(ctx context.Context, method, path string, body, out any, o callOptions) error {
	encoded, err := encodeBody(body)
	if err != nil {
		return err
	}
	if _, ok := ctx.Deadline(); !ok {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, c.transport.timing.patient(callTime))
		defer cancel()
	}
	answered, err := c.session.RequestWithLockedBucket(method, c.address+path, "application/json", encoded,
		discordgo.NewRatelimiter().LockBucket(""), 0, discordgo.WithContext(ctx), discordgo.WithRestRetries(0),
		discordgo.WithRetryOnRatelimit(false), discordgo.WithClient(&http.Client{Transport: caller{c.transport, o.Repeatable}}))
	if err != nil {
		return bare(err)
	}
	if out == nil || len(answered) == 0 {
		return nil
	}
	if err := json.Unmarshal(answered, out); err != nil {
		return fmt.Errorf("reading Discord's answer: %w", err)
	}
	return nil
}

// encodeBody is a body as JSON; nil for none.
func encodeBody(body any) ([]byte, error) {
	if body == nil {
		return nil, nil
	}
	encoded, err := json.Marshal(body)
	if err != nil {
		return nil, fmt.Errorf("writing a call to Discord: %w", err)
	}
	if len(encoded) > maxCallBody {
		return nil, fmt.Errorf("writing a call to Discord: it is longer than %d bytes", maxCallBody)
	}
	return encoded, nil
}

// bare is err without the URL that net/http adds, which may hold the token
// of an interaction.
func bare(err error) error {
	if outer, ok := errors.AsType[*url.Error](err); ok {
		return outer.Err
	}
	return err
}

// An apiError is what Discord answered in place of what was asked for. Its text
// holds no token and no path.
type apiError struct {
	Status int
	Code   int // Discord's own, such as 10062; 0 if there is none
	Header http.Header

	try int // which one it was that was answered so, from 1
}

func (e *apiError) Error() string {
	if e.Code == 0 {
		return fmt.Sprintf("Discord answered %d %s", e.Status, http.StatusText(e.Status))
	}
	return fmt.Sprintf("Discord answered %d %s (code %d)", e.Status, http.StatusText(e.Status), e.Code)
}

// isCode says whether err is Discord's answer with one of these codes.
func isCode(err error, codes ...int) bool {
	answered, ok := errors.AsType[*apiError](err)
	return ok && slices.Contains(codes, answered.Code)
}
