package discordtest

import (
	"encoding/json"
	"slices"
	"strings"
	"time"
)

// Flags of messages.
const (
	suppressEmbeds = 1 << 2
	ephemeral      = 1 << 6
	thinkingFlag   = 1 << 7
	componentsV2   = 1 << 15
)

// A Message is one as people see it.
type Message struct {
	ID       string
	Channel  string
	Author   string // a person, or Server.BotID
	Content  string
	Buttons  []Button
	Private  bool     // only the person whose interaction it answers sees it
	Thinking bool     // "footnote is thinking…"
	Edits    int      // how often it was changed
	ReplyTo  string   // the message it replies to; "" if none
	Pings    []string // the people it pings, when it was written

	components json.RawMessage
	flags      int
	deleted    bool
	written    time.Time // last
}

// A Button is one under a message.
type Button struct {
	Label    string `json:"label"`
	CustomID string `json:"custom_id"`
	URL      string `json:"url"`
	Disabled bool   `json:"disabled"`
}

// Button is the first button whose label holds a text; zero if there is none.
func (m Message) Button(label string) Button {
	i := slices.IndexFunc(m.Buttons, func(b Button) bool { return strings.Contains(b.Label, label) })
	if i < 0 {
		return Button{}
	}
	return m.Buttons[i]
}

// A messageBody is what a call says of a message; nil leaves it as it is.
type messageBody struct {
	Content    *string          `json:"content"`
	Components *json.RawMessage `json:"components"`
	Flags      int              `json:"flags"`
	Nonce      string           `json:"nonce"`
	Mentions   struct {
		Users       []string `json:"users"`
		RepliedUser bool     `json:"replied_user"`
	} `json:"allowed_mentions"`
	Reference struct {
		MessageID string `json:"message_id"`
		Fails     *bool  `json:"fail_if_not_exists"` // nil is true
	} `json:"message_reference"`
}

// write makes m say what b does.
func (m *Message) write(b messageBody) {
	if b.Content != nil {
		m.Content = *b.Content
	}
	if b.Components != nil {
		m.components = *b.Components
		m.Buttons = buttonsIn(*b.Components)
	}
	m.flags = m.flags&ephemeral | b.Flags&^ephemeral
	m.Thinking = false
	m.written = time.Now()
}

// buttonsIn are the buttons of rows, in order.
func buttonsIn(rows json.RawMessage) []Button {
	var parsed []struct {
		Components []struct {
			Type int `json:"type"`
			Button
		} `json:"components"`
	}
	if json.Unmarshal(rows, &parsed) != nil {
		return nil // the rules have told
	}
	var buttons []Button
	for _, row := range parsed {
		for _, c := range row.Components {
			if c.Type == buttonType {
				buttons = append(buttons, c.Button)
			}
		}
	}
	return buttons
}

// post adds a message of the bot; s.mu is held.
func (s *Server) post(channel string, b messageBody) *Message {
	m := &Message{ID: s.world.newID(), Channel: channel, Author: s.BotID, flags: b.Flags, components: json.RawMessage("[]")}
	m.Private = b.Flags&ephemeral != 0
	m.ReplyTo = b.Reference.MessageID
	m.write(b)
	m.Pings = s.pings(m, b)
	s.world.messages[m.ID] = m
	s.world.said = append(s.world.said, m.ID)
	return m
}

// pings are the people whom a message may ping and does.
func (s *Server) pings(m *Message, b messageBody) []string {
	var all []string
	for _, person := range b.Mentions.Users {
		if strings.Contains(m.Content, "<@"+person+">") {
			all = append(all, person)
		}
	}
	if to := s.world.messages[m.ReplyTo]; to != nil && b.Mentions.RepliedUser && !slices.Contains(all, to.Author) {
		all = append(all, to.Author)
	}
	return all
}

// Messages are those of a channel that anybody there sees, in order.
func (s *Server) Messages(channel string) []Message {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.seen(func(m *Message) bool { return m.Channel == channel && !m.Private })
}

// AwaitMessages waits until ok holds of a channel's messages, and returns them.
// It fails the test if that does not come about.
func (s *Server) AwaitMessages(channel string, ok func([]Message) bool) []Message {
	s.t.Helper()
	public := func(m *Message) bool { return m.Channel == channel && !m.Private }
	var last []Message
	if !s.await(patience, func() (bool, time.Duration) { last = s.seen(public); return ok(last), 0 }) {
		s.t.Errorf("discordtest: the channel holds %d messages, and not what was waited for", len(last))
	}
	return last
}

// seen are the messages that are there and that match; s.mu is held.
func (s *Server) seen(match func(*Message) bool) []Message {
	var all []Message
	for _, id := range s.world.said {
		if m := s.world.messages[id]; !m.deleted && match(m) {
			all = append(all, *m)
		}
	}
	return all
}

// Typing is how often the bot was seen typing in a channel.
func (s *Server) Typing(channel string) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.world.typing[channel]
}

// Reactions are the bot's reactions to a message, in order.
func (s *Server) Reactions(message string) []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.world.reactions[message])
}

// DeleteMessage takes a message away, as its author or a moderator may.
func (s *Server) DeleteMessage(id string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.world.messages[id].deleted = true
	s.change()
}

// DeleteChannel takes a channel away, with what was said in it.
func (s *Server) DeleteChannel(id string) {
	s.mu.Lock()
	c := s.world.channels[id]
	delete(s.world.channels, id)
	s.mu.Unlock()
	s.gateway.Dispatch("CHANNEL_DELETE", c)
}

// wire is a message as Discord sends it; s.mu is held.
func (s *Server) wire(m *Message) map[string]any {
	flags := m.flags
	if m.Thinking {
		flags |= thinkingFlag
	}
	w := map[string]any{
		"id": m.ID, "channel_id": m.Channel, "author": s.world.users[m.Author], "content": m.Content, "flags": flags,
		"type": 0, "timestamp": time.Now().UTC().Format(time.RFC3339), "components": m.components, "pinned": false,
		"tts": false, "mention_everyone": false, "mentions": []any{}, "mention_roles": []any{}, "attachments": []any{}, "embeds": []any{},
	}
	if to := s.world.messages[m.ReplyTo]; to != nil {
		reference := map[string]any{"type": 0, "message_id": to.ID, "channel_id": to.Channel}
		answered := s.wire(&Message{ID: to.ID, Channel: to.Channel, Author: to.Author, Content: to.Content, components: to.components, flags: to.flags})
		w["type"], w["message_reference"], w["referenced_message"] = 19, reference, answered
	}
	return w
}
