package discord

import (
	"encoding/json"
	"sync"
)

// maxPlaces bounds what is remembered of channels and of servers.
const maxPlaces = 50_000

// places remembers which channels are threads, and what servers speak, as the
// gateway tells. It is safe for use by several goroutines.
type places struct {
	mu       sync.Mutex
	channels map[string]channel
	locales  map[string]string // by server
}

func newPlaces() *places {
	return &places{channels: map[string]channel{}, locales: map[string]string{}}
}

// learn takes in an event. joined is the server that the bot is in, gone the
// one that it was removed from; "" if the event tells of none.
func (p *places) learn(e event) (joined, gone string) {
	switch e.Name {
	case "GUILD_CREATE", "GUILD_UPDATE", "GUILD_DELETE":
		var g guild
		if json.Unmarshal(e.Data, &g) != nil || g.ID == "" {
			return "", ""
		}
		if e.Name != "GUILD_DELETE" {
			p.keepGuild(g)
			return g.ID, ""
		} else if !g.Unavailable {
			p.dropGuild(g.ID)
			return "", g.ID
		}
	case "CHANNEL_CREATE", "CHANNEL_UPDATE", "THREAD_CREATE", "THREAD_UPDATE":
		var c channel
		if json.Unmarshal(e.Data, &c) == nil {
			p.keep(c)
		}
	case "CHANNEL_DELETE", "THREAD_DELETE":
		var c channel
		if json.Unmarshal(e.Data, &c) == nil {
			p.drop(c.ID)
		}
	case "THREAD_LIST_SYNC":
		var g guild
		if json.Unmarshal(e.Data, &g) == nil {
			p.keep(g.Threads...)
		}
	}
	return "", ""
}

func (p *places) keepGuild(g guild) {
	if g.Locale != "" {
		p.mu.Lock()
		makeRoom(p.locales)
		p.locales[g.ID] = g.Locale
		p.mu.Unlock()
	}
	p.keep(g.Channels...)
	p.keep(g.Threads...)
}

func (p *places) keep(channels ...channel) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, c := range channels {
		if c.ID != "" {
			makeRoom(p.channels)
			p.channels[c.ID] = c
		}
	}
}

func (p *places) drop(channel string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	delete(p.channels, channel)
}

func (p *places) dropGuild(id string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	delete(p.locales, id)
}

// find is what is known of a channel, and of what its server speaks.
func (p *places) find(guild, id string) (c channel, locale string, known bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	c, known = p.channels[id]
	return c, p.locales[guild], known
}

// makeRoom drops any one entry of a full map: what is asked for again is
// fetched again.
func makeRoom[V any](m map[string]V) {
	if len(m) < maxPlaces {
		return
	}
	for key := range m {
		delete(m, key)
		return
	}
}
