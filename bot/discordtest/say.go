package discordtest

import (
	"maps"
	"time"
)

// A Saying says how a message is written; the zero value is a plain one.
type Saying struct {
	Mention bool   // it mentions the bot, first
	ReplyTo string // the message it replies to, whose author it pings; "" if none
	Silent  bool   // the reply pings nobody
	Bot     bool   // its author is another bot
	Webhook bool   // it comes from a webhook
	System  bool   // it is one of Discord's own, such as somebody joining
}

// Say has a person write a message to a channel. The bot is told its text only
// where it has a right to it: in a direct message, and where it is mentioned.
func (s *Server) Say(channel, person, text string, how Saying) *Exchange {
	s.mu.Lock()
	if how.Mention {
		text = "<@" + s.BotID + "> " + text
	}
	m := &Message{ID: s.world.newID(), Channel: channel, Author: person, Content: text, ReplyTo: how.ReplyTo, components: []byte("[]")}
	s.world.messages[m.ID] = m
	s.world.said = append(s.world.said, m.ID)
	payload := s.saying(m, how)
	x := &Exchange{ID: m.ID, s: s, channel: channel, person: person, began: time.Now()}
	s.change()
	s.mu.Unlock()
	s.gateway.Dispatch("MESSAGE_CREATE", payload)
	return x
}

// saying is the data of a person's MESSAGE_CREATE.
func (s *Server) saying(m *Message, how Saying) map[string]any {
	p := s.wire(m)
	author := *s.world.users[m.Author]
	author.Bot = how.Bot
	p["author"] = author
	c := s.world.channels[m.Channel]
	if c.GuildID != "" {
		maps.Copy(p, map[string]any{"guild_id": c.GuildID, "member": s.member(c.GuildID, m.Author)})
	}
	to := s.world.messages[m.ReplyTo]
	pinged := how.Mention || to != nil && to.Author == s.BotID && !how.Silent
	if pinged {
		p["mentions"] = []any{s.world.users[s.BotID]}
	}
	if !pinged && c.Type != directChat {
		p["content"] = ""
	}
	if how.Webhook {
		p["webhook_id"] = s.world.newID()
	}
	if how.System {
		p["type"] = 7
	}
	return p
}
