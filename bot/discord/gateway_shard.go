package discord

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"sync/atomic"
	"time"

	"github.com/gorilla/websocket"
)

const (
	handshakeLimit = 10 * time.Second
	helloLimit     = 15 * time.Second // from dialling to Hello
	livedLimit     = 10 * time.Second // a connection that was ready for so long did not fail
	maxResumes     = 5                // failures in a row before a session is given up
)

// A shard is one of the bot's connections, over and over.
type shard struct {
	gateway *gateway
	turns   *turns
	number  int
	count   int

	url       string       // of the gateway, as it was last told
	session   string       // its id; "" if there is none to resume
	resumeURL string       // of the session
	seq       atomic.Int64 // of the session's last event; 0 before the first
	failed    int          // attempts to dial, in a row
}

// run connects until ctx ends, or returns what no further attempt can cure.
func (s *shard) run(ctx context.Context) error {
	for failures := 0; ; failures++ {
		lived, err := s.connect(ctx)
		if ctx.Err() != nil {
			return nil
		}
		if fatal := fatalIn(err); fatal != nil {
			return fatal
		}
		if lived {
			failures = 0
		}
		if endsSession(err) || failures >= maxResumes && s.failed == 0 {
			s.forget()
		}
		wait := s.wait(err, failures)
		s.tell(Lost)
		s.gateway.observe("reconnect")
		s.gateway.Log.Info("connection to discord lost", "shard", s.number, "reason", err, "retry", wait)
		if s.gateway.sleep(ctx, wait) != nil {
			return nil
		}
	}
}

// wait is how long to stay away; Discord asks for 1 to 5 s after it has refused
// a session.
func (s *shard) wait(err error, failures int) time.Duration {
	wait := s.gateway.backoff(failures)
	if errors.As(err, new(invalidSession)) {
		wait = max(wait, s.gateway.Timing.of(s.gateway.between(time.Second, 5*time.Second)))
	}
	return wait
}

// connect makes one connection and serves it until it is lost. It says whether
// that was a connection worth the name.
func (s *shard) connect(ctx context.Context) (lived bool, err error) {
	var turn *turn
	if s.session == "" {
		s.tell(Waiting)
		if turn, s.url, err = s.turns.take(ctx, s); err != nil {
			return false, err
		}
		defer turn.end()
	}
	s.tell(Connecting)
	opened := time.Now()
	conn, raw, err := s.dial(ctx)
	if err != nil {
		s.failed++
		return false, err
	}
	s.failed = 0
	k := newSocket(s, conn, raw, turn, opened)
	err = k.run(ctx)
	return k.lived(), err
}

// dial opens a websocket, and gives up with ctx in every state of it. raw is
// what lies beneath.
func (s *shard) dial(ctx context.Context) (conn *websocket.Conn, raw net.Conn, err error) {
	address, err := s.address()
	if err != nil {
		return nil, nil, err
	}
	done := func() bool { return false }
	dialer := websocket.Dialer{
		Proxy:            http.ProxyFromEnvironment,
		HandshakeTimeout: s.gateway.Timing.of(handshakeLimit),
		NetDialContext: func(dialling context.Context, network, address string) (net.Conn, error) {
			raw, err = s.gateway.network(dialling, network, address)
			if err == nil {
				done = context.AfterFunc(ctx, func() { _ = raw.Close() })
			}
			return raw, err
		},
	}
	conn, response, err := dialer.DialContext(ctx, address, nil)
	done()
	if err != nil && response != nil {
		return nil, nil, fmt.Errorf("connecting to discord's gateway: it answered %s: %w", response.Status, err)
	}
	if err != nil {
		return nil, nil, fmt.Errorf("connecting to discord's gateway: %w", err)
	}
	return conn, raw, nil
}

// address is where to connect: for a resume where Discord said, but every
// second time that fails, at the front door, which knows all sessions.
func (s *shard) address() (string, error) {
	front, err := url.Parse(s.url)
	if err != nil {
		return "", fmt.Errorf("reading the gateway's address: %w", err)
	}
	if side, err := url.Parse(s.resumeURL); err == nil && s.session != "" && s.failed%2 == 0 && side.Scheme == front.Scheme {
		front = side
	}
	front.RawQuery = "v=10&encoding=json"
	return front.String(), nil
}

// begin keeps what a READY says of the new session.
func (s *shard) begin(ready json.RawMessage) {
	var session struct {
		ID        string `json:"session_id"`
		ResumeURL string `json:"resume_gateway_url"`
	}
	if _ = json.Unmarshal(ready, &session); session.ID == "" {
		s.gateway.Log.Warn("discord began a session that cannot be resumed", "shard", s.number)
	}
	s.session, s.resumeURL = session.ID, session.ResumeURL
}

// forget ends the session: the next connection identifies.
func (s *shard) forget() {
	s.session, s.resumeURL = "", ""
	s.seq.Store(0)
}

func (s *shard) tell(state ShardState) {
	if s.gateway.State != nil {
		s.gateway.State(s.number, s.count, state)
	}
}
