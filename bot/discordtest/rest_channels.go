package discordtest

import (
	"encoding/json"
	"net/http"
	"strings"
)

// Discord's own codes of errors.
const (
	unknownChannel     = 10003
	unknownGuild       = 10004
	unknownMessage     = 10008
	unknownWebhook     = 10015
	unknownInteraction = 10062
	alreadyAnswered    = 40060
	webhookExpired     = 50027
	invalidForm        = 50035
	threadExists       = 160004
)

func noChannel() result { return refusal(http.StatusNotFound, unknownChannel, "Unknown Channel") }
func noMessage() result { return refusal(http.StatusNotFound, unknownMessage, "Unknown Message") }
func malformed() result {
	return refusal(http.StatusBadRequest, invalidForm, "Invalid Form Body")
}

func (s *Server) gatewayBot(call) result {
	address := "ws" + strings.TrimPrefix(s.http.URL, "http") + "/gateway"
	return result{status: http.StatusOK, body: s.gateway.Info(address)}
}

func (s *Server) me(call) result {
	return result{status: http.StatusOK, body: s.world.users[s.BotID]}
}

func (s *Server) application(call) result {
	return result{status: http.StatusOK, body: map[string]any{"id": s.AppID, "name": "footnote"}}
}

func (s *Server) openDirect(c call) result {
	var b struct {
		Recipient string `json:"recipient_id"`
	}
	if json.Unmarshal(c.body, &b) != nil || s.world.users[b.Recipient] == nil {
		return malformed()
	}
	return result{status: http.StatusOK, body: s.world.direct(b.Recipient)}
}

func (s *Server) getGuild(c call) result {
	found := s.world.guild(c.path["guild_id"])
	if found == nil {
		return refusal(http.StatusNotFound, unknownGuild, "Unknown Guild")
	}
	return result{status: http.StatusOK, body: s.world.guildCreate(found)}
}

func (s *Server) getChannel(c call) result {
	found, ok := s.world.channels[c.path["channel_id"]]
	if !ok {
		return noChannel()
	}
	return result{status: http.StatusOK, body: found}
}

func (s *Server) showTyping(c call) result {
	id := c.path["channel_id"]
	if s.world.channels[id] == nil {
		return noChannel()
	}
	s.world.typing[id]++
	return result{status: http.StatusNoContent}
}

func (s *Server) history(c call) result {
	id := c.path["channel_id"]
	if s.world.channels[id] == nil {
		return noChannel()
	}
	all := []any{}
	for _, m := range s.seen(func(m *Message) bool { return m.Channel == id && !m.Private }) {
		all = append([]any{s.wire(&m)}, all...)
	}
	return result{status: http.StatusOK, body: all}
}

// createMessage posts once for each nonce.
func (s *Server) createMessage(c call) result {
	channel := s.world.channels[c.path["channel_id"]]
	if channel == nil {
		return noChannel()
	}
	var b messageBody
	if json.Unmarshal(c.body, &b) != nil || b.Flags&ephemeral != 0 {
		return malformed()
	}
	if b.Reference.MessageID != "" && !s.there(channel.ID, b.Reference.MessageID) {
		if b.Reference.Fails == nil || *b.Reference.Fails {
			return malformed() // Discord: "Unknown message" within 50035
		}
		b.Reference.MessageID = ""
	}
	key := channel.ID + " " + b.Nonce
	if earlier, ok := s.world.nonces[key]; ok && b.Nonce != "" {
		return result{status: http.StatusOK, body: s.wire(s.world.messages[earlier])}
	}
	m := s.post(channel.ID, b)
	s.world.nonces[key] = m.ID
	return result{http.StatusOK, s.wire(m), []dispatch{s.created(m)}}
}

// created is what the gateway tells of a message of the bot.
func (s *Server) created(m *Message) dispatch {
	w := s.wire(m)
	if c := s.world.channels[m.Channel]; c != nil && c.GuildID != "" {
		w["guild_id"] = c.GuildID
	}
	return dispatch{"MESSAGE_CREATE", w}
}

// there says whether a channel holds a message that anybody there sees.
func (s *Server) there(channel, id string) bool {
	m := s.world.messages[id]
	return m != nil && !m.deleted && !m.Private && m.Channel == channel
}

// own is the bot's message that a path names, or why it cannot be touched.
func (s *Server) own(c call) (*Message, result, bool) {
	if s.world.channels[c.path["channel_id"]] == nil {
		return nil, noChannel(), false
	}
	if !s.there(c.path["channel_id"], c.path["message_id"]) {
		return nil, noMessage(), false
	}
	m := s.world.messages[c.path["message_id"]]
	if m.Author != s.BotID && c.request.Method != http.MethodGet {
		return nil, refusal(http.StatusForbidden, 50005, "Cannot edit a message authored by another user"), false
	}
	return m, result{}, true
}

// A finder is the message that a call is about, or why it is refused.
type finder func(*Server, call) (m *Message, why result, ok bool)

func reading(find finder) func(*Server, call) result {
	return func(s *Server, c call) result {
		m, why, ok := find(s, c)
		if !ok {
			return why
		}
		return result{status: http.StatusOK, body: s.wire(m)}
	}
}

func editing(find finder) func(*Server, call) result {
	return func(s *Server, c call) result {
		m, why, ok := find(s, c)
		if !ok {
			return why
		}
		var b messageBody
		if json.Unmarshal(c.body, &b) != nil {
			return malformed()
		}
		m.write(b)
		m.Edits++
		return result{status: http.StatusOK, body: s.wire(m)}
	}
}

func deleting(find finder) func(*Server, call) result {
	return func(s *Server, c call) result {
		m, why, ok := find(s, c)
		if !ok {
			return why
		}
		m.deleted = true
		return result{status: http.StatusNoContent}
	}
}

func (s *Server) react(c call) result {
	channel, id := c.path["channel_id"], c.path["message_id"]
	if s.world.channels[channel] == nil {
		return noChannel()
	}
	if !s.there(channel, id) {
		return noMessage()
	}
	s.world.reactions[id] = append(s.world.reactions[id], c.path["emoji_name"])
	return result{status: http.StatusNoContent}
}

// startThread opens a thread from a message, whose id it has.
func (s *Server) startThread(c call) result {
	parent, id := s.world.channels[c.path["channel_id"]], c.path["message_id"]
	switch {
	case parent == nil:
		return noChannel()
	case parent.Type != textChannel:
		return refusal(http.StatusBadRequest, 50024, "Cannot execute action on this channel type")
	case !s.there(parent.ID, id):
		return noMessage()
	case s.world.channels[id] != nil:
		return refusal(http.StatusBadRequest, threadExists, "A thread has already been created for this message")
	}
	var b struct {
		Name string `json:"name"`
	}
	if json.Unmarshal(c.body, &b) != nil {
		return malformed()
	}
	thread := &channel{ID: id, Type: publicThread, GuildID: parent.GuildID, Name: b.Name, ParentID: parent.ID, OwnerID: s.BotID}
	s.world.channels[id] = thread
	return result{http.StatusCreated, thread, []dispatch{{"THREAD_CREATE", thread}}}
}

func (s *Server) listCommands(c call) result {
	if c.path["application_id"] != s.AppID {
		return refusal(http.StatusNotFound, 10002, "Unknown Application")
	}
	return result{status: http.StatusOK, body: s.commandsOf(c.path["guild_id"])}
}

// setCommands overwrites all commands of a server, or those of everywhere. A
// command keeps its id.
func (s *Server) setCommands(c call) result {
	var commands []map[string]any
	if c.path["application_id"] != s.AppID || json.Unmarshal(c.body, &commands) != nil {
		return malformed()
	}
	guild := c.path["guild_id"]
	for _, command := range commands {
		command["application_id"] = s.AppID
		command["id"] = s.commandID(guild, command["name"])
	}
	s.world.commands[guild] = commands
	return result{status: http.StatusOK, body: s.commandsOf(guild)}
}

func (s *Server) commandsOf(guild string) []map[string]any {
	return append([]map[string]any{}, s.world.commands[guild]...)
}

// commandID is the id of a command that is there, else a new one.
func (s *Server) commandID(guild string, name any) string {
	for _, command := range s.world.commands[guild] {
		if command["name"] == name {
			return command["id"].(string)
		}
	}
	return s.world.newID()
}

// Commands are the commands that the bot registered in a server, "" for those
// of everywhere, as Discord was sent them.
func (s *Server) Commands(guild string) []map[string]any {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.commandsOf(guild)
}
