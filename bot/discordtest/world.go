package discordtest

import (
	"slices"
	"strconv"
	"time"
)

// Kinds of channels.
const (
	textChannel  = 0
	directChat   = 1
	publicThread = 11
)

// Permissions that a role may give.
const (
	Administrator = 1 << 3
	ManageGuild   = 1 << 5
)

// basic are the permissions of everybody: to see, to write, in threads too.
const basic = 1<<10 | 1<<11 | 1<<16 | 1<<38

// A User is an account as Discord shows it.
type User struct {
	ID         string `json:"id"`
	Username   string `json:"username"`
	GlobalName string `json:"global_name,omitempty"`
	Bot        bool   `json:"bot,omitempty"`

	locale string
}

type role struct {
	ID          string `json:"id"`
	Name        string `json:"name"`
	Permissions string `json:"permissions"`

	bits uint64
}

type channel struct {
	ID         string `json:"id"`
	Type       int    `json:"type"`
	GuildID    string `json:"guild_id,omitempty"`
	Name       string `json:"name,omitempty"`
	ParentID   string `json:"parent_id,omitempty"`
	OwnerID    string `json:"owner_id,omitempty"`
	Recipients []User `json:"recipients,omitempty"`
}

type guild struct {
	id, name string
	roles    []role
	given    map[string][]string // roles by person
}

// A world is who and what there is.
type world struct {
	last         uint64 // the id that was given last
	users        map[string]*User
	guilds       []*guild
	channels     map[string]*channel
	messages     map[string]*Message
	said         []string // ids of messages, in order
	interactions map[string]*Exchange
	nonces       map[string]string // message ids by channel and nonce
	commands     map[string][]map[string]any
	files        map[string][]byte
	typing       map[string]int
	reactions    map[string][]string // emoji by message
}

func newWorld() world {
	const discordEpoch = 1420070400000
	return world{
		last:         uint64(time.Now().UnixMilli()-discordEpoch) << 22,
		users:        make(map[string]*User),
		channels:     make(map[string]*channel),
		messages:     make(map[string]*Message),
		interactions: make(map[string]*Exchange),
		nonces:       make(map[string]string),
		commands:     make(map[string][]map[string]any),
		files:        make(map[string][]byte),
		typing:       make(map[string]int),
		reactions:    make(map[string][]string),
	}
}

// newID is greater than all before it, and of their length.
func (w *world) newID() string {
	w.last++
	return strconv.FormatUint(w.last, 10)
}

func (w *world) addUser(name string, bot bool) string {
	id := w.newID()
	w.users[id] = &User{ID: id, Username: name, GlobalName: name, Bot: bot, locale: "en-US"}
	return id
}

func (w *world) addChannel(c channel) *channel {
	c.ID = w.newID()
	w.channels[c.ID] = &c
	return &c
}

// direct is the channel between the bot and a person.
func (w *world) direct(person string) *channel {
	for _, c := range w.channels {
		if c.Type == directChat && c.Recipients[0].ID == person {
			return c
		}
	}
	return w.addChannel(channel{Type: directChat, Recipients: []User{*w.users[person]}})
}

func (w *world) guild(id string) *guild {
	i := slices.IndexFunc(w.guilds, func(g *guild) bool { return g.id == id })
	if i < 0 {
		return nil
	}
	return w.guilds[i]
}

// permissions are what a person's roles give.
func (g *guild) permissions(person string) string {
	bits := uint64(basic)
	for _, r := range g.roles {
		if slices.Contains(g.given[person], r.ID) {
			bits |= r.bits
		}
	}
	return strconv.FormatUint(bits, 10)
}

func (w *world) guildCreates() []map[string]any {
	var all []map[string]any
	for _, g := range w.guilds {
		all = append(all, w.guildCreate(g))
	}
	return all
}

func (w *world) guildCreate(g *guild) map[string]any {
	channels, threads := []*channel{}, []*channel{}
	for _, c := range w.channels {
		switch {
		case c.GuildID != g.id:
		case c.Type == publicThread:
			threads = append(threads, c)
		default:
			channels = append(channels, c)
		}
	}
	return map[string]any{
		"id": g.id, "name": g.name, "roles": g.roles, "channels": channels, "threads": threads,
		"members": []any{}, "member_count": 2, "unavailable": false, "large": false, "preferred_locale": "en-US",
	}
}

// AddGuild makes a server that the bot is a member of, and returns its id. A
// bot that is connected is told.
func (s *Server) AddGuild(name string) string {
	s.mu.Lock()
	id := s.world.newID()
	everyone := role{ID: id, Name: "@everyone", Permissions: strconv.Itoa(basic), bits: basic}
	s.world.guilds = append(s.world.guilds, &guild{id, name, []role{everyone}, make(map[string][]string)})
	data := s.world.guildCreate(s.world.guild(id))
	s.mu.Unlock()
	s.gateway.Dispatch("GUILD_CREATE", data)
	return id
}

// RemoveGuild takes the bot out of a server.
func (s *Server) RemoveGuild(id string) {
	s.mu.Lock()
	s.world.guilds = slices.DeleteFunc(s.world.guilds, func(g *guild) bool { return g.id == id })
	s.mu.Unlock()
	s.gateway.Dispatch("GUILD_DELETE", map[string]any{"id": id})
}

// AddChannel makes a text channel, and returns its id.
func (s *Server) AddChannel(guild, name string) string {
	s.mu.Lock()
	c := s.world.addChannel(channel{Type: textChannel, GuildID: guild, Name: name})
	s.mu.Unlock()
	s.gateway.Dispatch("CHANNEL_CREATE", c)
	return c.ID
}

// AddThread makes a thread in a channel that the bot has not opened, and
// returns its id.
func (s *Server) AddThread(parent, name string) string {
	s.mu.Lock()
	c := s.world.addChannel(channel{Type: publicThread, GuildID: s.world.channels[parent].GuildID, Name: name, ParentID: parent})
	s.mu.Unlock()
	s.gateway.Dispatch("THREAD_CREATE", c)
	return c.ID
}

// AddRole makes a role that gives permissions, and returns its id.
func (s *Server) AddRole(guild, name string, permissions uint64) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	g := s.world.guild(guild)
	r := role{s.world.newID(), name, strconv.FormatUint(permissions, 10), permissions}
	g.roles = append(g.roles, r)
	return r.ID
}

// AddPerson makes a person, who is a member of every server, and returns the
// id.
func (s *Server) AddPerson(name string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.world.addUser(name, false)
}

// GiveRole gives a person a role of a server.
func (s *Server) GiveRole(guild, person, role string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	g := s.world.guild(guild)
	g.given[person] = append(g.given[person], role)
}

// SetLocale sets the language of a person's Discord, such as "es-ES".
func (s *Server) SetLocale(person, locale string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.world.users[person].locale = locale
}

// Direct is the id of the channel for direct messages of a person.
func (s *Server) Direct(person string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.world.direct(person).ID
}
