// Package discordtest is a Discord on loopback, for tests: a gateway and the
// REST calls that footnote makes, each held to Discord's own OpenAPI file and
// to what that file does not say. A breach fails the test.
//
//	s := discordtest.New(t) // s.URL() is discord.api_url, s.Token the token
//	channel, ann := s.AddChannel(s.AddGuild("news"), "general"), s.AddPerson("ann")
//	// … start the bot, then:
//	<-s.Gateway().Begun()
//	asked := s.Slash(channel, ann, "ask", discordtest.Text("question", "Who won?"))
//	asked.Await(func(m []discordtest.Message) bool { return len(m) == 1 && len(m[0].Buttons) > 0 })
//
// Server.Fault has calls refused, delayed, lost or left hanging; Gateway has
// connections dropped, closed, frozen and fed with what no gateway should send.
package discordtest

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"
)

// Discord's own times.
const (
	timeToAnswer      = 3 * time.Second  // an interaction
	tokenLife         = 15 * time.Minute // of an interaction
	betweenIdentifies = 5 * time.Second
)

// patience is how long a test waits for the bot before it fails.
const patience = 20 * time.Second

// A Server is a Discord that behaves, unless a test tells it not to. It is
// safe for use by several goroutines.
type Server struct {
	Token string // of the bot, without "Bot "
	AppID string // of the application
	BotID string // of the bot's user

	t       testing.TB
	http    *httptest.Server
	gateway *Gateway
	spec    *spec         // nil if Discord's file is not at hand
	done    chan struct{} // closed when the test ends
	faults  faults

	mu      sync.Mutex
	scale   float64
	changed chan struct{} // closed, and made anew, whenever something changes
	world   world
	calls   []Call
}

// A Call is a REST call that came in.
type Call struct {
	Method string
	Path   string // below the API's address: "/channels/1/messages"
	At     time.Time
	Body   []byte
}

// New starts a server that ends with the test. What reaches it is held to the
// rules; a breach fails the test.
func New(t testing.TB) *Server {
	s := &Server{
		Token:   "MTA0.footnote.test-token",
		t:       t,
		gateway: NewGateway(t),
		spec:    openSpec(t),
		done:    make(chan struct{}),
		scale:   1,
		changed: make(chan struct{}),
		world:   newWorld(),
	}
	s.AppID = s.world.newID()
	s.BotID = s.world.addUser("footnote", true)
	s.gateway.Greet(s.greeting)
	mux := http.NewServeMux()
	mux.Handle("/api/v10/", http.StripPrefix("/api/v10", http.HandlerFunc(s.serveREST)))
	mux.Handle("/gateway", s.gateway)
	mux.HandleFunc("GET /attachments/{id}", s.serveAttachment)
	s.http = httptest.NewServer(mux)
	t.Cleanup(func() {
		close(s.done)
		s.http.CloseClientConnections()
		s.http.Close()
	})
	return s
}

// URL is what discord.api_url is to be.
func (s *Server) URL() string { return s.http.URL + "/api/v10" }

// Gateway is the other half of the server.
func (s *Server) Gateway() *Gateway { return s.gateway }

// SetScale divides Discord's own times by scale: the 3 s for an answer, the 15
// minutes of a token, the 5 s between identifies.
func (s *Server) SetScale(scale float64) {
	s.mu.Lock()
	s.scale = scale
	s.mu.Unlock()
	s.gateway.Pace(time.Duration(float64(betweenIdentifies)/scale), 1)
}

func (s *Server) scaled(d time.Duration) time.Duration {
	return time.Duration(float64(d) / s.scale)
}

// Calls are the REST calls that came in, in order.
func (s *Server) Calls() []Call {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]Call(nil), s.calls...)
}

// greeting tells shard 0 of all servers.
func (s *Server) greeting(shard int) Greeting {
	s.mu.Lock()
	defer s.mu.Unlock()
	g := Greeting{Application: s.AppID, User: s.world.users[s.BotID]}
	if shard == 0 {
		g.Guilds = s.world.guildCreates()
	}
	return g
}

// change tells those who wait that something changed; s.mu is held.
func (s *Server) change() {
	close(s.changed)
	s.changed = make(chan struct{})
}

// await waits until ok holds, at most limit, and says whether it does. ok runs
// with s.mu held; it says how long it wants to wait before it is asked again
// though nothing changed, 0 if it does not.
func (s *Server) await(limit time.Duration, ok func() (bool, time.Duration)) bool {
	deadline := time.After(limit)
	for {
		s.mu.Lock()
		held, again := ok()
		changed := s.changed
		s.mu.Unlock()
		if held {
			return true
		}
		var later <-chan time.Time
		if again > 0 {
			later = time.After(again)
		}
		select {
		case <-changed:
		case <-later:
		case <-deadline:
			return false
		case <-s.done:
			return false
		}
	}
}

// serveREST notes a call, holds it to the rules, and then does what it asks
// for, unless a fault is injected.
func (s *Server) serveREST(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return // the caller went away
	}
	s.mu.Lock()
	s.calls = append(s.calls, Call{r.Method, r.URL.Path, time.Now(), body})
	s.mu.Unlock()
	for _, breach := range s.inspect(r.Method, r.URL.Path, body) {
		s.t.Errorf("discordtest: %s %s: %s", r.Method, r.URL.Path, breach)
	}
	r.Body = io.NopCloser(bytes.NewReader(body))
	if fault := s.faults.next(s.t, r); fault != nil {
		s.fail(w, r, body, fault)
		return
	}
	answer(w, s.perform(r, body))
}

// inspect is what is wrong with a call.
func (s *Server) inspect(method, path string, body []byte) []string {
	template, breaches := s.spec.check(method, path, body)
	return append(breaches, broken(template, method, body)...)
}

// perform does what a call asks for, and tells the gateway what came of it.
func (s *Server) perform(r *http.Request, body []byte) result {
	if !openToAll(r.URL.Path) && r.Header.Get("Authorization") != "Bot "+s.Token {
		return refusal(http.StatusUnauthorized, 0, "401: Unauthorized")
	}
	s.mu.Lock()
	reply := s.route(r, body)
	s.change()
	s.mu.Unlock()
	for _, e := range reply.events {
		s.gateway.Dispatch(e.name, e.data)
	}
	return reply
}

// openToAll says whether a path carries its own token.
func openToAll(path string) bool {
	return strings.HasPrefix(path, "/interactions/") || strings.HasPrefix(path, "/webhooks/")
}

// A result is what a call is answered, and what the gateway tells of it.
type result struct {
	status int
	body   any
	events []dispatch
}

type dispatch struct {
	name string
	data any
}

// refusal is an error as Discord states it; code is its own.
func refusal(status, code int, message string) result {
	return result{status: status, body: map[string]any{"code": code, "message": message}}
}

func answer(w http.ResponseWriter, r result) {
	if r.body == nil {
		w.WriteHeader(r.status)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(r.status)
	json.NewEncoder(w).Encode(r.body) // who went away needs no answer
}
