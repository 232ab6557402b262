package discordtest

import (
	"encoding/json"
	"strconv"
)

// A gatewaySession outlives its connections. The sequence of an event is its place
// in events, from 1.
type gatewaySession struct {
	id     string
	shard  [2]int
	events []gatewayEvent
	conn   *Conn // the newest; it may have gone
}

// A gatewayEvent is a dispatch, its data encoded.
type gatewayEvent struct {
	name string
	data json.RawMessage
}

// tell keeps an event for a session and sends it, if somebody is there.
func (g *Gateway) tell(s *gatewaySession, name string, data any) {
	encoded, err := json.Marshal(data)
	if err != nil {
		g.t.Errorf("discordtest: encoding %s: %v", name, err)
		return
	}
	s.events = append(s.events, gatewayEvent{name, encoded})
	s.send(len(s.events))
}

func (s *gatewaySession) send(seq int) {
	e := s.events[seq-1]
	s.conn.sendFrame(OpDispatch, e.data, &seq, &e.name)
}

// noteIdentify says whether one of the same bucket came too short a time ago.
func (g *Gateway) noteIdentify(asked Identify) (early bool) {
	g.mu.Lock()
	defer g.mu.Unlock()
	for _, other := range g.identifies {
		gap := asked.At.Sub(other.At)
		if asked.Shard[0]%g.concurrency == other.Shard[0]%g.concurrency && gap < g.pause {
			g.t.Errorf("discordtest: shard %d identified %v after shard %d; %v must be between them",
				asked.Shard[0], gap, other.Shard[0], g.pause)
			early = true
		}
	}
	g.identifies = append(g.identifies, asked)
	return early
}

// begin starts a session for the identify of c: READY, and then its servers.
func (g *Gateway) begin(c *Conn) {
	g.mu.Lock()
	greet := g.greet
	g.mu.Unlock()
	greeting := greet(c.identify.Shard[0])
	g.mu.Lock()
	defer g.mu.Unlock()
	s := &gatewaySession{id: "session-" + strconv.Itoa(len(g.sessions)+1), shard: c.identify.Shard, conn: c}
	g.sessions = append(g.sessions, s)
	g.tell(s, "READY", g.ready(greeting, s))
	for _, guild := range greeting.Guilds {
		g.tell(s, "GUILD_CREATE", guild)
	}
	if len(g.sessions) == 1 {
		close(g.begun)
	}
}

// ready is the data of a READY.
func (g *Gateway) ready(greeting Greeting, s *gatewaySession) map[string]any {
	guilds := []any{}
	for _, guild := range greeting.Guilds {
		guilds = append(guilds, map[string]any{"id": guild["id"], "unavailable": true})
	}
	resumeURL := g.resumeURL
	if resumeURL == "" {
		resumeURL = "ws://" + s.conn.host + s.conn.path
	}
	return map[string]any{
		"v": 10, "session_id": s.id, "resume_gateway_url": resumeURL, "shard": s.shard,
		"user": greeting.User, "guilds": guilds,
		"application": map[string]any{"id": greeting.Application, "flags": 0},
	}
}

// replay sends what the session of the resume of c has missed, and RESUMED. It
// is false if there is no such session or it has not come so far.
func (g *Gateway) replay(c *Conn) bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	for _, s := range g.sessions {
		if s.id != c.resume.Session || c.resume.Seq > len(s.events) {
			continue
		}
		s.conn = c
		for seq := max(1, c.resume.Seq-g.overlap+1); seq <= len(s.events); seq++ {
			s.send(seq)
		}
		last, name := len(s.events), "RESUMED"
		c.sendFrame(OpDispatch, map[string]any{}, &last, &name)
		return true
	}
	return false
}
