package main

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"time"

	"footnote/bot"
	"footnote/bot/discord"

	"github.com/spf13/cobra"
)

// botCommand is "footnote bot".
func (a *app) botCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "bot",
		Short: "The Discord bot, until a signal",
		Long: `Answers in Discord: slash commands, mentions, replies, direct messages. It needs
discord.token; "footnote doctor" says what else is missing and prints the link
that invites the bot. SIGINT or SIGTERM ends it within five seconds: what is
being answered is finished or says so. Ends with exit code 78 if Discord refuses
the settings, which no second attempt can cure.`,
		Args: atMost(0),
		RunE: func(cmd *cobra.Command, _ []string) error { return unlessStopped(cmd.Context(), a.bot(cmd.Context())) },
	}
}

// unlessStopped is err, but nil if a signal ended the bot before it was up: that
// is how it is to end.
func unlessStopped(ctx context.Context, err error) error {
	if err != nil && diagnose(ctx, err).exit == exitInterrupted {
		return nil
	}
	return err
}

func (a *app) bot(ctx context.Context) (err error) {
	s, err := a.settings()
	if err != nil {
		return err
	}
	if err := s.checkDiscord(); err != nil {
		return err
	}
	service, err := a.openService(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, service.close()) }()
	release, err := bot.LockFolder(ctx, s.Data.Dir)
	if err != nil {
		return err
	}
	defer release()
	meter := newMeter(service)
	options := service.options()
	options.Record, options.Status = meter.record, meter.lines
	b, err := bot.New(ctx, options)
	if err != nil {
		return err
	}
	defer b.Close()
	meter.bot = b
	return explainDiscord(a.connect(ctx, b, service, meter))
}

// connect runs the connection to Discord and all that goes on beside it, and
// returns when all have ended.
func (a *app) connect(ctx context.Context, b *bot.Bot, s *service, m *meter) error {
	metrics, err := a.listenForMetrics()
	if err != nil {
		return err
	}
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	var beside sync.WaitGroup
	if metrics != nil {
		beside.Go(func() { a.serveMetrics(ctx, metrics, m) })
	}
	beside.Go(func() { s.follow(ctx) })
	beside.Go(func() { s.embed(ctx) })
	beside.Go(func() { a.tidy(ctx, b) })
	a.log.Info("starting", "articles", s.corpus("").Scope.Coverage().Articles, "samples", s.samples(), "model", a.loaded.modelLabel())
	o := a.discordOptions(s, m)
	o.Beside = func(ctx context.Context, to bot.Poster) { b.Watch(ctx, s.changed, to) }
	err = discord.Run(ctx, b, o)
	stop()
	beside.Wait()
	a.log.Info("stopped")
	return err
}

// tidyEvery is how often what is too old to keep is erased.
const tidyEvery = 24 * time.Hour

func (a *app) tidy(ctx context.Context, b *bot.Bot) {
	tick := time.NewTicker(tidyEvery)
	defer tick.Stop()
	for ctx.Err() == nil {
		if err := b.Tidy(ctx); err != nil && ctx.Err() == nil {
			a.log.Warn("what is too old to keep is not erased", "error", err)
		}
		select {
		case <-ctx.Done():
		case <-tick.C:
		}
	}
}

func (a *app) discordOptions(s *service, m *meter) discord.Options {
	d := a.loaded.Discord
	return discord.Options{
		Token: d.Token.reveal(), APIURL: d.apiURL(), Guild: d.Guild,
		Mentions: d.Mentions, Threads: d.Threads, Version: moduleVersion(),
		Log: a.log, Now: a.now, Budget: s.state, Observe: m.observe, State: m.shard,
	}
}

// makeToken is what to do without a token.
const makeToken = "make an application at https://discord.com/developers/applications and put its bot token into DISCORD_TOKEN"

// checkDiscord is what is wrong with the settings of [discord] for a bot, which
// uses them all.
func (s *settings) checkDiscord() error {
	for _, err := range s.passedOver {
		if isOfDiscord(err) {
			return err
		}
	}
	if s.Discord.Token.reveal() == "" {
		return &configError{key: "discord.token", place: unset,
			must: "be set for the bot: " + makeToken}
	}
	return nil
}

// isOfDiscord says whether err is about a setting of [discord].
func isOfDiscord(err error) bool {
	e, ok := errors.AsType[*configError](err)
	return ok && strings.HasPrefix(e.key, "discord.")
}

// explainDiscord says which setting it is that Discord refuses.
func explainDiscord(err error) error {
	if fatal, ok := errors.AsType[*discord.FatalError](err); ok {
		return &failure{
			exit: exitConfig, code: "config",
			err:  fmt.Errorf("the bot is refused: %w", fatal),
			hint: "correct " + fatal.Setting + ", then run: footnote doctor",
		}
	}
	return err
}
