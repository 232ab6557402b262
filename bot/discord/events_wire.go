package discord

import (
	"encoding/json"
	"strconv"

	"github.com/bwmarrin/discordgo"
)

// What footnote reads of Discord's events. discordgo's own structs refuse a
// whole event for one component or field that is newer than they are, and know
// no channel of an interaction.

type interaction struct {
	ID            string                    `json:"id"`
	Token         string                    `json:"token"`
	ApplicationID string                    `json:"application_id"`
	Type          discordgo.InteractionType `json:"type"`
	GuildID       string                    `json:"guild_id"`
	ChannelID     string                    `json:"channel_id"`
	Channel       channel                   `json:"channel"`
	Member        *member                   `json:"member"` // in a server
	User          *user                     `json:"user"`   // elsewhere
	Locale        string                    `json:"locale"`
	Message       *message                  `json:"message"` // that the button is under
	Data          interactionData           `json:"data"`
}

// interactionData is that of all types of interactions together.
type interactionData struct {
	Name       string                                               `json:"name"`
	Type       discordgo.ApplicationCommandType                     `json:"type"`
	TargetID   string                                               `json:"target_id"`
	Options    []*discordgo.ApplicationCommandInteractionDataOption `json:"options"`
	CustomID   string                                               `json:"custom_id"`
	Components []component                                          `json:"components"`
	Resolved   struct {
		Messages    map[string]message    `json:"messages"`
		Attachments map[string]attachment `json:"attachments"`
	} `json:"resolved"`
}

// A component is a field of a form, or what holds some.
type component struct {
	CustomID   string      `json:"custom_id"`
	Value      string      `json:"value"`
	Component  *component  `json:"component"`
	Components []component `json:"components"`
}

// UnmarshalJSON drops a value that is no text: only fields of text are ours.
func (c *component) UnmarshalJSON(data []byte) error {
	type plain component
	var v struct {
		plain
		Value any `json:"value"`
	}
	if err := json.Unmarshal(data, &v); err != nil {
		return err
	}
	*c = component(v.plain)
	c.Value, _ = v.Value.(string)
	return nil
}

type message struct {
	ID         string                 `json:"id"`
	ChannelID  string                 `json:"channel_id"`
	GuildID    string                 `json:"guild_id"`
	Type       discordgo.MessageType  `json:"type"`
	Flags      discordgo.MessageFlags `json:"flags"`
	Content    string                 `json:"content"`
	Author     *user                  `json:"author"`
	Member     *member                `json:"member"`
	WebhookID  string                 `json:"webhook_id"`
	Mentions   []user                 `json:"mentions"`
	Referenced *message               `json:"referenced_message"` // that it replies to
}

type user struct {
	ID     string `json:"id"`
	Bot    bool   `json:"bot"`
	System bool   `json:"system"`
}

type member struct {
	User        *user       `json:"user"`
	Roles       []string    `json:"roles"`
	Permissions permissions `json:"permissions"` // 0 if Discord does not tell
}

// permissions are bits, which Discord writes as a decimal text.
type permissions uint64

func (p *permissions) UnmarshalJSON(data []byte) error {
	n, err := strconv.ParseUint(string(trimQuotes(data)), 10, 64)
	if err != nil {
		n = 0 // no right comes of what cannot be read
	}
	*p = permissions(n)
	return nil
}

func trimQuotes(data []byte) []byte {
	if n := len(data); n >= 2 && data[0] == '"' && data[n-1] == '"' {
		return data[1 : n-1]
	}
	return data
}

type channel struct {
	ID       string                `json:"id"`
	GuildID  string                `json:"guild_id"`
	Type     discordgo.ChannelType `json:"type"`
	ParentID string                `json:"parent_id"`
}

// isThread says whether the channel is a thread of its parent.
func (c channel) isThread() bool {
	switch c.Type {
	case discordgo.ChannelTypeGuildNewsThread, discordgo.ChannelTypeGuildPublicThread, discordgo.ChannelTypeGuildPrivateThread:
		return c.ParentID != ""
	}
	return false
}

// A guild is a server, or as much of it as Discord tells.
type guild struct {
	ID          string    `json:"id"`
	Unavailable bool      `json:"unavailable"`
	Locale      string    `json:"preferred_locale"`
	Channels    []channel `json:"channels"`
	Threads     []channel `json:"threads"`
}

type attachment struct {
	Filename    string `json:"filename"`
	ContentType string `json:"content_type"`
	Size        int64  `json:"size"`
	URL         string `json:"url"`
}

type ready struct {
	User        user      `json:"user"`
	Guilds      []guild   `json:"guilds"`
	Shard       [2]uint64 `json:"shard"` // the connection's number, and how many there are
	Application struct {
		ID string `json:"id"`
	} `json:"application"`
}

// isSnowflake says whether s can be an id of Discord.
func isSnowflake(s string) bool {
	_, err := strconv.ParseUint(s, 10, 64)
	return err == nil
}
