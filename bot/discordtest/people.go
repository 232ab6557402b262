package discordtest

import (
	"maps"
	"net/http"
	"strconv"
	"time"
)

// Types of options.
const (
	subcommandOption = 1
	textOption       = 3
	flagOption       = 5
	channelOption    = 7
	roleOption       = 8
	fileOption       = 11
)

// An Option is what a person gives a command.
type Option struct {
	Name    string   `json:"name"`
	Type    int      `json:"type"`
	Value   any      `json:"value,omitempty"`
	Focused bool     `json:"focused,omitempty"`
	Options []Option `json:"options,omitempty"` // of a subcommand

	file *file
}

type file struct {
	name, kind string
	data       []byte
	size       int
}

// Text is an option that holds text.
func Text(name, value string) Option { return Option{Name: name, Type: textOption, Value: value} }

// Flag is an option that is on or off.
func Flag(name string, on bool) Option { return Option{Name: name, Type: flagOption, Value: on} }

// InChannel is an option that names a channel by its id.
func InChannel(name, id string) Option { return Option{Name: name, Type: channelOption, Value: id} }

// OfRole is an option that names a role by its id.
func OfRole(name, id string) Option { return Option{Name: name, Type: roleOption, Value: id} }

// Attached is an option that holds a file. Discord says that it is size bytes
// long; its data may say otherwise.
func Attached(name, filename, kind string, size int, data []byte) Option {
	return Option{Name: name, Type: fileOption, file: &file{filename, kind, data, size}}
}

// Sub is the subcommand that was used.
func Sub(name string, options ...Option) Option {
	return Option{Name: name, Type: subcommandOption, Options: options}
}

// Typed is a text option that a person is typing.
func Typed(name, sofar string) Option {
	return Option{Name: name, Type: textOption, Value: sofar, Focused: true}
}

// Slash has a person use a slash command in a channel.
func (s *Server) Slash(channel, person, name string, options ...Option) *Exchange {
	return s.interact(usedCommand, channel, person, nil, func() map[string]any { return s.commandData(channel, name, options) })
}

// Autocomplete has a person type an option of a slash command, see Typed.
func (s *Server) Autocomplete(channel, person, name string, options ...Option) *Exchange {
	return s.interact(typesOption, channel, person, nil, func() map[string]any { return s.commandData(channel, name, options) })
}

// Menu has a person use a command of a message's menu.
func (s *Server) Menu(channel, person, name, message string) *Exchange {
	return s.interact(usedCommand, channel, person, nil, func() map[string]any {
		data := s.commandData(channel, name, nil)
		data["type"], data["target_id"] = 3, message
		data["resolved"] = map[string]any{"messages": map[string]any{message: s.wire(s.world.messages[message])}}
		return data
	})
}

// Press has a person press a button under a message, whether it is there or
// not.
func (s *Server) Press(message, customID, person string) *Exchange {
	s.mu.Lock()
	source := s.world.messages[message]
	s.mu.Unlock()
	return s.interact(usedButton, source.Channel, person, source, func() map[string]any {
		return map[string]any{"custom_id": customID, "component_type": buttonType}
	})
}

// Submit has a person send the form that the bot opened in an exchange, with
// values by the custom ids of its fields; the others keep theirs.
func (x *Exchange) Submit(values map[string]string) *Exchange {
	form := x.Form()
	return x.s.interact(submittedAll, x.channel, x.person, x.source, func() map[string]any {
		rows := []any{}
		for _, f := range form.Fields {
			value, given := values[f.CustomID]
			if !given {
				value = f.Value
			}
			input := map[string]any{"type": 4, "custom_id": f.CustomID, "value": value}
			rows = append(rows, map[string]any{"type": 1, "components": []any{input}})
		}
		return map[string]any{"custom_id": form.CustomID, "components": rows}
	})
}

// interact builds an interaction and tells the bot. data is called with s.mu
// held.
func (s *Server) interact(kind int, channel, person string, source *Message, data func() map[string]any) *Exchange {
	s.mu.Lock()
	x := &Exchange{s: s, kind: kind, channel: channel, person: person, source: source, ID: s.world.newID(), began: time.Now()}
	x.Token = "interaction-token-" + s.world.newID()
	s.world.interactions[x.Token] = x
	payload := s.interaction(x)
	payload["data"] = data()
	if source != nil {
		payload["message"] = s.wire(source)
	}
	s.mu.Unlock()
	s.gateway.Dispatch("INTERACTION_CREATE", payload)
	return x
}

// interaction is what all kinds of interactions have.
func (s *Server) interaction(x *Exchange) map[string]any {
	c := s.world.channels[x.channel]
	p := map[string]any{
		"id": x.ID, "application_id": s.AppID, "type": x.kind, "token": x.Token, "version": 1, "channel_id": c.ID, "channel": c,
		"locale": s.world.users[x.person].locale, "app_permissions": strconv.Itoa(basic), "entitlements": []any{},
		"authorizing_integration_owners": map[string]any{},
	}
	maps.Copy(p, s.asker(c, x.person))
	return p
}

// asker is who did something, and in which server.
func (s *Server) asker(c *channel, person string) map[string]any {
	if c.GuildID == "" {
		return map[string]any{"user": s.world.users[person], "context": 1}
	}
	member := s.member(c.GuildID, person)
	member["user"] = s.world.users[person]
	return map[string]any{"guild_id": c.GuildID, "member": member, "context": 0, "guild_locale": "en-US"}
}

func (s *Server) member(guild, person string) map[string]any {
	g := s.world.guild(guild)
	return map[string]any{
		"roles": append([]string{}, g.given[person]...), "permissions": g.permissions(person),
		"joined_at": "2024-01-01T00:00:00Z", "deaf": false, "mute": false, "flags": 0,
	}
}

func (s *Server) commandData(channel, name string, options []Option) map[string]any {
	resolved := make(map[string]any)
	options = s.resolve(options, resolved)
	data := map[string]any{"id": s.commandID(s.world.channels[channel].GuildID, name), "name": name, "type": 1}
	if len(options) > 0 {
		data["options"] = options
	}
	if len(resolved) > 0 {
		data["resolved"] = resolved
	}
	return data
}

// resolve puts what options name by id into resolved, and returns them with
// the ids of their files.
func (s *Server) resolve(options []Option, resolved map[string]any) []Option {
	put := func(kind, id string, what any) {
		if resolved[kind] == nil {
			resolved[kind] = make(map[string]any)
		}
		resolved[kind].(map[string]any)[id] = what
	}
	done := append([]Option(nil), options...)
	for i, o := range done {
		switch o.Type {
		case subcommandOption:
			done[i].Options = s.resolve(o.Options, resolved)
		case channelOption:
			put("channels", o.Value.(string), s.world.channels[o.Value.(string)])
		case roleOption:
			put("roles", o.Value.(string), map[string]any{"id": o.Value, "name": "role", "permissions": "0"})
		case fileOption:
			id := s.world.newID()
			s.world.files[id] = o.file.data
			done[i].Value = id
			put("attachments", id, map[string]any{
				"id": id, "filename": o.file.name, "content_type": o.file.kind, "size": o.file.size,
				"url": s.http.URL + "/attachments/" + id, "proxy_url": s.http.URL + "/attachments/" + id,
			})
		}
	}
	return done
}

// serveAttachment serves a file, as Discord's own servers for files do.
func (s *Server) serveAttachment(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	data, ok := s.world.files[r.PathValue("id")]
	s.mu.Unlock()
	if !ok {
		http.NotFound(w, r)
		return
	}
	w.Header().Set("Content-Type", "application/octet-stream")
	w.Write(data)
}
