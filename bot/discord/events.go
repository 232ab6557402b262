package discord

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"footnote/bot"

	"github.com/bwmarrin/discordgo"
)

// request is what somebody did, and ok is false if nobody did anything that
// the bot answers. open makes the way to a file of a URL.
func (i interaction) request(now time.Time, open func(attachment) *bot.File) (r bot.Request, ok bool) {
	r = bot.Request{ID: i.ID, Locale: i.Locale, At: now, Place: i.place()}
	if r.Person, ok = i.person(); !ok || i.ID == "" || i.Token == "" {
		return r, false
	}
	switch i.Type {
	case discordgo.InteractionApplicationCommand:
		i.command(&r, open)
	case discordgo.InteractionApplicationCommandAutocomplete:
		i.command(&r, open)
		r.Kind = bot.Typing
	case discordgo.InteractionMessageComponent:
		r.Kind, r.Action = bot.Pressed, i.Data.CustomID
		if i.Message != nil {
			r.Message = i.Message.ID
		}
	case discordgo.InteractionModalSubmit:
		r.Kind, r.Action, r.Options = bot.Filled, i.Data.CustomID, fields(i.Data.Components)
		if i.Message != nil {
			r.Message = i.Message.ID
		}
	default:
		return r, false
	}
	return r, true
}

// command fills in what was given to a command.
func (i interaction) command(r *bot.Request, open func(attachment) *bot.File) {
	r.Name = i.Data.Name
	if i.Data.Type != discordgo.ChatApplicationCommand {
		m := i.Data.Resolved.Messages[i.Data.TargetID]
		r.Kind, r.Message, r.Text = bot.Menu, i.Data.TargetID, m.Content
		return
	}
	r.Kind, r.Options = bot.Slash, map[string]string{}
	i.options(r, i.Data.Options, open)
}

// options fills in options, those of a subcommand beside it.
func (i interaction) options(r *bot.Request, options []*discordgo.ApplicationCommandInteractionDataOption, open func(attachment) *bot.File) {
	for _, o := range options {
		if o == nil {
			continue
		}
		if o.Focused {
			r.Focused = o.Name
		}
		r.Options[o.Name] = optionText(*o)
		switch o.Type {
		case discordgo.ApplicationCommandOptionSubCommand:
			i.options(r, o.Options, open)
		case discordgo.ApplicationCommandOptionAttachment:
			if a, ok := i.Data.Resolved.Attachments[r.Options[o.Name]]; ok {
				r.File = open(a)
			}
		}
	}
}

// optionText is an option's value as bot.OptionType says.
func optionText(o discordgo.ApplicationCommandInteractionDataOption) string {
	switch v := o.Value.(type) {
	case string:
		return v
	case bool:
		return strconv.FormatBool(v)
	case float64:
		return strconv.FormatFloat(v, 'f', -1, 64)
	}
	return strconv.FormatBool(o.Type == discordgo.ApplicationCommandOptionSubCommand)
}

// fields are the values of a form, wherever they stand in it.
func fields(components []component) map[string]string {
	values := map[string]string{}
	var add func(component)
	add = func(c component) {
		if c.CustomID != "" {
			values[c.CustomID] = c.Value
		}
		if c.Component != nil {
			add(*c.Component)
		}
		for _, inner := range c.Components {
			add(inner)
		}
	}
	for _, c := range components {
		add(c)
	}
	return values
}

// person is who did it, with the rights that the event itself tells of.
func (i interaction) person() (p bot.Person, ok bool) {
	switch {
	case i.Member != nil && i.Member.User != nil:
		const manages = discordgo.PermissionAdministrator | discordgo.PermissionManageGuild
		p = bot.Person{ID: i.Member.User.ID, Roles: i.Member.Roles, Admin: i.GuildID != "" && i.Member.Permissions&manages != 0}
	case i.User != nil && i.GuildID == "":
		p = bot.Person{ID: i.User.ID}
	}
	return p, p.ID != ""
}

func (i interaction) place() bot.Place {
	c := i.Channel
	if c.ID = i.ChannelID; c.ID == "" {
		c.ID = i.Channel.ID
	}
	return placeOf(i.GuildID, c)
}

func placeOf(guild string, c channel) bot.Place {
	p := bot.Place{Guild: guild, Channel: c.ID, Direct: guild == ""}
	if c.isThread() {
		p.Parent = c.ParentID
	}
	return p
}

// said says how a message stands to the bot: whether a person wrote it, and
// whether it asks the bot by a mention, by a reply, or as nobody else reads it.
func (m message) said(self string) (byPerson, asks bool) {
	if m.Author == nil || m.Author.Bot || m.Author.System || m.Author.ID == "" || m.Author.ID == self ||
		m.WebhookID != "" || m.ID == "" || m.ChannelID == "" {
		return false, false
	}
	if m.Type != discordgo.MessageTypeDefault && m.Type != discordgo.MessageTypeReply {
		return false, false
	}
	mentioned := slices.ContainsFunc(m.Mentions, func(u user) bool { return u.ID == self })
	return true, self != "" && (mentioned || m.repliesTo(self)) || m.GuildID == ""
}

// toOthers says whether a message that does not ask the bot speaks to somebody
// else.
func (m message) toOthers() bool {
	return len(m.Mentions) > 0 || m.Type == discordgo.MessageTypeReply
}

func (m message) repliesTo(self string) bool {
	return m.Referenced != nil && m.Referenced.Author != nil && m.Referenced.Author.ID == self
}

// request is a message to the bot, or in a thread. locale is what the server
// speaks.
func (m message) request(self string, in channel, locale string, now time.Time) bot.Request {
	_, called := m.said(self)
	r := bot.Request{
		Kind: bot.Said, ID: m.ID, Message: m.ID, Called: called, Text: withoutMention(m.Content, self), Locale: locale, At: now,
		Person: bot.Person{ID: m.Author.ID}, Place: placeOf(m.GuildID, in),
	}
	if m.Member != nil {
		r.Person.Roles = m.Member.Roles
	}
	if m.Referenced != nil {
		r.ReplyTo = m.Referenced.ID
	}
	return r
}

// withoutMention is a text without the mentions of the bot.
func withoutMention(text, self string) string {
	for _, mention := range [...]string{"<@%s>", "<@!%s>"} {
		text = strings.ReplaceAll(text, fmt.Sprintf(mention, self), "")
	}
	return strings.TrimSpace(text)
}
