package discord

import (
	"context"
	"errors"
	"time"

	"footnote/bot"

	"github.com/bwmarrin/discordgo"
)

// Times between attempts at what has no deadline, see Timing.
const (
	firstRetry = 5 * time.Second
	lastRetry  = 10 * time.Minute
)

// registerWhenReady registers the commands once Discord has told for which
// application.
func (h *handler) registerWhenReady(ctx context.Context) {
	select {
	case app := <-h.apps:
		h.register(ctx, app)
	case <-ctx.Done():
	}
}

// register makes the bot's commands those that Discord offers, all at once, as
// often as it takes. Doing it again changes nothing.
func (h *handler) register(ctx context.Context, app string) {
	commands := commandsOf(h.bot.Commands())
	if h.persist(ctx, "registering commands", func() error { return h.overwrite(ctx, app, commands) }) {
		h.observe("registered")
		h.log.InfoContext(ctx, "commands are registered", "commands", len(commands))
	}
}

// overwrite makes these the commands of Options.Guild and takes away those of
// everywhere, which would be there twice; or makes them those of everywhere.
func (h *handler) overwrite(ctx context.Context, app string, commands []*discordgo.ApplicationCommand) error {
	err := h.rest.registerCommands(ctx, app, h.guild, commands)
	if err == nil && h.guild != "" {
		err = h.rest.registerCommands(ctx, app, "", []*discordgo.ApplicationCommand{})
	}
	return err
}

// persist does something until it is done, which it reports, or ctx ends or no
// call can be made any more.
func (h *handler) persist(ctx context.Context, doing string, do func() error) bool {
	for wait := firstRetry; ; wait = min(2*wait, lastRetry) {
		err := do()
		if err == nil {
			return true
		}
		if fatal := (*FatalError)(nil); errors.As(err, &fatal) || ctx.Err() != nil {
			return false
		}
		h.log.WarnContext(ctx, "discord did not take a call: it is made again", "doing", doing, "error", err)
		select {
		case <-time.After(h.timing.of(wait)):
		case <-ctx.Done():
			return false
		}
	}
}

func commandsOf(specs []bot.CommandSpec) []*discordgo.ApplicationCommand {
	commands := []*discordgo.ApplicationCommand{}
	for _, spec := range specs {
		commands = append(commands, commandOf(spec))
	}
	return commands
}

func commandOf(spec bot.CommandSpec) *discordgo.ApplicationCommand {
	names := localised(spec.Names)
	c := &discordgo.ApplicationCommand{
		Type: discordgo.MessageApplicationCommand, Name: spec.Name, NameLocalizations: &names,
		Contexts:         &[]discordgo.InteractionContextType{discordgo.InteractionContextGuild},
		IntegrationTypes: &[]discordgo.ApplicationIntegrationType{discordgo.ApplicationIntegrationGuildInstall},
	}
	if !spec.GuildOnly {
		*c.Contexts = append(*c.Contexts, discordgo.InteractionContextBotDM)
	}
	if spec.Admin {
		manages := int64(discordgo.PermissionManageGuild)
		c.DefaultMemberPermissions = &manages
	}
	if spec.Menu {
		return c // which has neither description nor options
	}
	descriptions := localised(spec.Description)
	c.Type, c.Options = discordgo.ChatApplicationCommand, optionsOf(spec.Options)
	c.Description, c.DescriptionLocalizations = spec.Description[bot.English], &descriptions
	return c
}

func optionsOf(specs []bot.OptionSpec) []*discordgo.ApplicationCommandOption {
	options := []*discordgo.ApplicationCommandOption{}
	for _, spec := range specs {
		options = append(options, &discordgo.ApplicationCommandOption{
			Type: optionType(spec.Type), Name: spec.Name, NameLocalizations: localised(spec.Names),
			Description: spec.Description[bot.English], DescriptionLocalizations: localised(spec.Description),
			Required: spec.Required, Autocomplete: spec.Completes, MaxLength: spec.Max,
		})
	}
	return options
}

func optionType(t bot.OptionType) discordgo.ApplicationCommandOptionType {
	switch t {
	case bot.Flag:
		return discordgo.ApplicationCommandOptionBoolean
	case bot.Channel:
		return discordgo.ApplicationCommandOptionChannel
	case bot.Role:
		return discordgo.ApplicationCommandOptionRole
	case bot.Attachment:
		return discordgo.ApplicationCommandOptionAttachment
	case bot.Subcommand:
		return discordgo.ApplicationCommandOptionSubCommand
	}
	return discordgo.ApplicationCommandOptionString
}

// localised are the texts by Discord's locales. English is what all others see.
func localised(texts map[bot.Language]string) map[discordgo.Locale]string {
	locales := map[discordgo.Locale]string{}
	for _, l := range []struct {
		language bot.Language
		locales  []discordgo.Locale
	}{
		{bot.German, []discordgo.Locale{discordgo.German}},
		{bot.French, []discordgo.Locale{discordgo.French}},
		{bot.Spanish, []discordgo.Locale{discordgo.SpanishES, discordgo.SpanishLATAM}},
		{bot.Japanese, []discordgo.Locale{discordgo.Japanese}},
	} {
		for _, locale := range l.locales {
			if text := texts[l.language]; text != "" {
				locales[locale] = text
			}
		}
	}
	return locales
}
