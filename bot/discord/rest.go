package discord

import (
	"context"
	"errors"
	"net/http"
	"net/url"

	"github.com/bwmarrin/discordgo"
)

// A created is what was made, as far as it matters here.
type created struct {
	ID string `json:"id"`
}

func again() callOptions { return callOptions{Repeatable: true} }

// callback answers an interaction for the first time. A second try that comes
// too late, as the first one got through unnoticed, is no error.
func (c *client) callback(ctx context.Context, interaction, token string, response any) error {
	path := "/interactions/" + interaction + "/" + url.PathEscape(token) + "/callback"
	err := c.call(ctx, http.MethodPost, path, response, nil, again())
	if answered, ok := errors.AsType[*apiError](err); ok && answered.Code == codeAcknowledged && answered.try > 1 {
		return nil
	}
	return err
}

func originalPath(application, token string) string {
	return "/webhooks/" + application + "/" + url.PathEscape(token) + "/messages/@original"
}

// editOriginal changes the answer to an interaction, and returns its id.
func (c *client) editOriginal(ctx context.Context, application, token string, message any) (id string, err error) {
	var m created
	err = c.call(ctx, http.MethodPatch, originalPath(application, token), message, &m, again())
	return m.ID, err
}

// deleteOriginal takes the answer to an interaction away.
func (c *client) deleteOriginal(ctx context.Context, application, token string) error {
	return c.call(ctx, http.MethodDelete, originalPath(application, token), nil, nil, again())
}

// followup adds a message to the answer of an interaction, and returns its id.
// It is not repeated when its answer is lost: Discord knows no nonce there.
func (c *client) followup(ctx context.Context, application, token string, message any) (id string, err error) {
	var m created
	err = c.call(ctx, http.MethodPost, "/webhooks/"+application+"/"+url.PathEscape(token), message, &m, callOptions{})
	return m.ID, err
}

// createMessage posts to a channel, and returns the message's id. The message
// must carry a nonce that is enforced, as it may be sent more than once.
func (c *client) createMessage(ctx context.Context, channel string, message any) (id string, err error) {
	var m created
	err = c.call(ctx, http.MethodPost, "/channels/"+channel+"/messages", message, &m, again())
	return m.ID, err
}

// editMessage changes a message of the bot.
func (c *client) editMessage(ctx context.Context, channel, id string, message any) error {
	return c.call(ctx, http.MethodPatch, "/channels/"+channel+"/messages/"+id, message, nil, again())
}

// deleteMessage takes a message of the bot away.
func (c *client) deleteMessage(ctx context.Context, channel, id string) error {
	return c.call(ctx, http.MethodDelete, "/channels/"+channel+"/messages/"+id, nil, nil, again())
}

// typing shows for some seconds that the bot is writing.
func (c *client) typing(ctx context.Context, channel string) error {
	return c.call(ctx, http.MethodPost, "/channels/"+channel+"/typing", nil, nil, again())
}

// startThread opens a thread from a message, archived after a day of silence,
// and returns its id. If the message has a thread already, it is that one. The
// name has 1 to 100 characters.
func (c *client) startThread(ctx context.Context, channel, message, name string) (id string, err error) {
	const day = 24 * 60
	asked := struct {
		Name    string `json:"name"`
		Archive int    `json:"auto_archive_duration"` // minutes
	}{name, day}
	err = c.call(ctx, http.MethodPost, "/channels/"+channel+"/messages/"+message+"/threads", asked, nil, again())
	if err != nil && !isCode(err, codeThreadExists) {
		return "", err
	}
	return message, nil // a thread has the id of its message
}

// openDirect is the channel for direct messages to a person.
func (c *client) openDirect(ctx context.Context, person string) (channel string, err error) {
	asked := struct {
		Recipient string `json:"recipient_id"`
	}{person}
	var opened created
	err = c.call(ctx, http.MethodPost, "/users/@me/channels", asked, &opened, again())
	return opened.ID, err
}

// registerCommands makes these all the commands of a server, or of everywhere
// if guild is "".
func (c *client) registerCommands(ctx context.Context, application, guild string, commands []*discordgo.ApplicationCommand) error {
	path := "/applications/" + application + "/commands"
	if guild != "" {
		path = "/applications/" + application + "/guilds/" + guild + "/commands"
	}
	return c.call(ctx, http.MethodPut, path, commands, nil, again())
}

// inGuild says whether the bot is in a server.
func (c *client) inGuild(ctx context.Context, guild string) (bool, error) {
	err := c.call(ctx, http.MethodGet, "/guilds/"+guild, nil, nil, again())
	if e, ok := errors.AsType[*apiError](err); ok && e.Status == http.StatusNotFound || isCode(err, codeMissingAccess) {
		return false, nil
	}
	return err == nil, err
}

// me is the bot's own account.
func (c *client) me(ctx context.Context) (*discordgo.User, error) {
	var user discordgo.User
	err := c.call(ctx, http.MethodGet, "/users/@me", nil, &user, again())
	return &user, err
}

// gatewayBot says where the gateway is and how it may be used.
func (c *client) gatewayBot(ctx context.Context) (gatewayInfo, error) {
	var info gatewayInfo
	err := c.call(ctx, http.MethodGet, "/gateway/bot", nil, &info, again())
	return info, err
}

// getChannel is a channel, or a thread.
func (c *client) getChannel(ctx context.Context, id string) (*discordgo.Channel, error) {
	var channel discordgo.Channel
	err := c.call(ctx, http.MethodGet, "/channels/"+id, nil, &channel, again())
	return &channel, err
}
