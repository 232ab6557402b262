package discordtest

import (
	"net/http"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/gorilla/websocket"
)

// The operations of the gateway that scripts name.
const (
	OpDispatch       = 0
	OpHeartbeat      = 1
	OpIdentify       = 2
	OpResume         = 6
	OpReconnect      = 7
	OpInvalidSession = 9
	OpHello          = 10
	OpAck            = 11
)

// An Identify is what a connection asked for with op 2.
type Identify struct {
	At      time.Time
	Token   string
	Intents int
	Shard   [2]int // its number, and how many there are
}

// A Resume is what a connection asked for with op 6.
type Resume struct {
	At      time.Time
	Token   string
	Session string
	Seq     int
	Host    string // where the connection was dialled
}

// A Greeting is what a bot that has identified is told: who it is, and the
// servers that it is a member of.
type Greeting struct {
	Application string           // its id
	User        any              // the bot's own
	Guilds      []map[string]any // each as its GUILD_CREATE has it
}

// A StartLimit is what GET /gateway/bot says of new sessions.
type StartLimit struct {
	Total      int
	Remaining  int
	ResetAfter time.Duration
}

// A Gateway is the websocket half of a Discord. It says Hello, answers
// identifies and resumes, acknowledges heartbeats, and replays to a session
// what it missed. A Script makes it behave otherwise.
type Gateway struct {
	t        testing.TB
	end      chan struct{} // closed with the test
	begun    chan struct{} // closed with the first session
	handlers sync.WaitGroup

	mu          sync.Mutex
	ended       bool
	interval    time.Duration
	pause       time.Duration
	concurrency int
	overlap     int
	resumeURL   string
	shards      int
	limit       StartLimit
	greet       func(shard int) Greeting
	scripts     []func(*Conn)
	always      func(*Conn)
	conns       []*Conn
	sessions    []*gatewaySession
	identifies  []Identify
	resumes     []Resume
	dialled     []time.Time
}

func greetNobody(int) Greeting {
	return Greeting{"100000000000000001", map[string]any{"id": "100000000000000002", "username": "footnote", "bot": true}, nil}
}

// NewGateway is a gateway that ends with the test. It is an http.Handler at
// any path.
func NewGateway(t testing.TB) *Gateway {
	g := &Gateway{
		t: t, end: make(chan struct{}), begun: make(chan struct{}),
		interval: 41250 * time.Millisecond, pause: 5 * time.Second, concurrency: 1,
		shards: 1, limit: StartLimit{1000, 1000, 24 * time.Hour},
		greet: greetNobody, always: (*Conn).Serve,
	}
	t.Cleanup(g.close)
	return g
}

// Interval is the heartbeat interval that later Hellos name.
func (g *Gateway) Interval(d time.Duration) { g.set(func() { g.interval = d }) }

// Pace says how far apart identifies of one bucket must be, and how many
// buckets there are. An earlier one is refused and fails the test.
func (g *Gateway) Pace(pause time.Duration, concurrency int) {
	g.set(func() { g.pause, g.concurrency = pause, concurrency })
}

// Overlap makes resumes replay n events that had already been sent.
func (g *Gateway) Overlap(n int) { g.set(func() { g.overlap = n }) }

// ResumeAt is the resume_gateway_url of later READYs; "" is where the
// connection came.
func (g *Gateway) ResumeAt(url string) { g.set(func() { g.resumeURL = url }) }

// Greet says what later READYs and the GUILD_CREATEs after them hold.
func (g *Gateway) Greet(greeting func(shard int) Greeting) { g.set(func() { g.greet = greeting }) }

// Shards is how many shards GET /gateway/bot asks for.
func (g *Gateway) Shards(n int) { g.set(func() { g.shards = n }) }

// Limit is what GET /gateway/bot says of new sessions.
func (g *Gateway) Limit(l StartLimit) { g.set(func() { g.limit = l }) }

// Info is the answer of GET /gateway/bot; url is where the gateway is mounted.
func (g *Gateway) Info(url string) any {
	g.mu.Lock()
	defer g.mu.Unlock()
	return map[string]any{"url": url, "shards": g.shards, "session_start_limit": map[string]any{
		"total": g.limit.Total, "remaining": g.limit.Remaining,
		"reset_after": g.limit.ResetAfter.Milliseconds(), "max_concurrency": g.concurrency,
	}}
}

// Script gives the next connections parts of their own, one each. When a part
// returns, its connection is read and no longer answered.
func (g *Gateway) Script(parts ...func(*Conn)) {
	g.set(func() { g.scripts = append(g.scripts, parts...) })
}

// Always gives every connection without a script a part.
func (g *Gateway) Always(part func(*Conn)) { g.set(func() { g.always = part }) }

// Identifies are those received, in order.
func (g *Gateway) Identifies() []Identify {
	g.mu.Lock()
	defer g.mu.Unlock()
	return slices.Clone(g.identifies)
}

// Resumes are those received, in order.
func (g *Gateway) Resumes() []Resume {
	g.mu.Lock()
	defer g.mu.Unlock()
	return slices.Clone(g.resumes)
}

// Dialled is when connections came, in order.
func (g *Gateway) Dialled() []time.Time {
	g.mu.Lock()
	defer g.mu.Unlock()
	return slices.Clone(g.dialled)
}

// Begun is closed once a bot has identified.
func (g *Gateway) Begun() <-chan struct{} { return g.begun }

// Dispatch sends an event to shard 0, see DispatchTo.
func (g *Gateway) Dispatch(name string, data any) { g.DispatchTo(0, name, data) }

// DispatchTo sends an event to a shard's newest session, if there is one. If
// its connection is lost, a resume replays the event.
func (g *Gateway) DispatchTo(shard int, name string, data any) {
	g.mu.Lock()
	defer g.mu.Unlock()
	for _, s := range slices.Backward(g.sessions) {
		if s.shard[0] == shard {
			g.tell(s, name, data)
			return
		}
	}
}

// Send sends an operation to every connection.
func (g *Gateway) Send(op int, data any) { g.each(func(c *Conn) { c.Send(op, data) }) }

// Raw sends a text as it is to every connection.
func (g *Gateway) Raw(text string) { g.each(func(c *Conn) { c.Raw(text) }) }

// Close closes every connection with a code.
func (g *Gateway) Close(code int) { g.each(func(c *Conn) { c.Close(code) }) }

// Drop cuts every connection without a word.
func (g *Gateway) Drop() { g.each((*Conn).Drop) }

// Freeze leaves every connection open and dead: nothing is read or sent.
func (g *Gateway) Freeze() { g.each((*Conn).Freeze) }

func (g *Gateway) set(change func()) {
	g.mu.Lock()
	defer g.mu.Unlock()
	change()
}

func (g *Gateway) each(do func(*Conn)) {
	g.mu.Lock()
	conns := slices.Clone(g.conns)
	g.mu.Unlock()
	for _, c := range conns {
		do(c)
	}
}

// ServeHTTP takes a connection and plays its part.
func (g *Gateway) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if query := r.URL.Query(); query.Get("v") != "10" || query.Get("encoding") != "json" {
		g.t.Errorf("discordtest: the gateway was dialled with %q, which is not v=10&encoding=json", r.URL.RawQuery)
	}
	socket, err := new(websocket.Upgrader).Upgrade(w, r, nil)
	if err != nil {
		g.t.Logf("discordtest: a connection that is no websocket: %v", err)
		return
	}
	c := newConn(g, socket, r)
	part, ok := g.enter(c)
	if !ok {
		_ = socket.Close()
		return
	}
	defer g.leave(c)
	var writer sync.WaitGroup
	writer.Go(c.write)
	part(c)
	for _, ok := c.read(); ok; {
		_, ok = c.read()
	}
	c.Drop()
	writer.Wait()
}

// enter counts a connection and finds its part, unless the test has ended.
func (g *Gateway) enter(c *Conn) (part func(*Conn), ok bool) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.ended {
		return nil, false
	}
	g.handlers.Add(1)
	g.conns = append(g.conns, c)
	g.dialled = append(g.dialled, time.Now())
	if len(g.scripts) == 0 {
		return g.always, true
	}
	part = g.scripts[0]
	g.scripts = g.scripts[1:]
	return part, true
}

func (g *Gateway) leave(c *Conn) {
	g.mu.Lock()
	g.conns = slices.DeleteFunc(g.conns, func(other *Conn) bool { return other == c })
	g.mu.Unlock()
	g.handlers.Done()
}

func (g *Gateway) close() {
	g.set(func() { g.ended = true })
	close(g.end)
	g.Drop()
	g.handlers.Wait()
}
