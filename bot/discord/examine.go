package discord

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strconv"

	"github.com/bwmarrin/discordgo"
)

// An Examination is what Discord says of a bot that has not connected.
type Examination struct {
	Name             string
	Invite           string // the link by which somebody adds the bot to a server
	Shards           int
	Remaining, Total int // sessions that may be started in the day, and in all
}

// needed are the permissions that the invitation asks for: to see channels,
// send messages there and in threads, open threads, and read what it answers.
const needed = 1<<10 | 1<<11 | 1<<16 | 1<<35 | 1<<38

// Examine asks Discord who the bot is and how it may connect. It starts no
// session. The error is a *FatalError if the token is refused.
func Examine(ctx context.Context, o Options) (Examination, error) {
	c := newClient(o)
	defer c.Close()
	user, err := c.me(ctx)
	if err != nil {
		return Examination{}, fmt.Errorf("asking who the bot is: %w", err)
	}
	info, err := c.gatewayBot(ctx)
	if err != nil {
		return Examination{}, fmt.Errorf("asking for the gateway: %w", err)
	}
	return Examination{
		Name: user.Username, Invite: invitation(c.application(ctx, user.ID)),
		Shards: info.Shards, Remaining: info.Limit.Remaining, Total: info.Limit.Total,
	}, nil
}

// application is the id of the bot's application: all but the oldest share it
// with the bot, which is whom it falls back on.
func (c *client) application(ctx context.Context, bot string) string {
	var a discordgo.Application
	if err := c.call(ctx, http.MethodGet, "/applications/@me", nil, &a, again()); err != nil || a.ID == "" {
		return bot
	}
	return a.ID
}

// invitation is the link that adds an application's bot to a server.
func invitation(application string) string {
	query := url.Values{
		"client_id": {application}, "scope": {"bot applications.commands"}, "permissions": {strconv.Itoa(needed)},
	}
	return "https://discord.com/oauth2/authorize?" + query.Encode()
}
