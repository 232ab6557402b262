package bot

import (
	"context"
	"fmt"
	"time"
)

func statusCommand() command {
	spec := newSpec("status", func(p phrases) naming { return p.admin.status.command })
	spec.Admin = true
	return command{CommandSpec: spec, private: always, run: status}
}

// status says how the bot is: to the admins of a server what concerns it, to
// who runs the bot everything.
func status(ctx context.Context, b *Bot, c *call) (Reply, error) {
	w := c.words.admin.status
	scope := c.corpus.Scope
	model := b.options.Model
	if model == "" {
		model = w.noModel
	}
	stats := b.Stats()
	lines := [][2]string{
		{w.articles, c.words.covers(scope.Coverage()) + ownNote(c.words, countOwn(scope, scope.Articles()))},
		{w.model, model},
		{w.version, b.options.Version},
		{w.uptime, spell(b.options.Now().Sub(stats.Started))},
		{w.work, fmt.Sprintf(w.running, stats.Running, stats.Queued)},
	}
	if c.Person.Owner {
		lines = append(lines, [2]string{w.tokens, b.tokensToday(ctx, c.words)})
		if b.options.Status != nil {
			for _, line := range b.options.Status() {
				lines = append(lines, [2]string{w.connection, line})
			}
		}
	}
	blocks := []Block{textBlock(Heading, w.heading)}
	for _, line := range lines {
		blocks = append(blocks, labelled(line[0]+c.words.around.colon, line[1]))
	}
	return Reply{Blocks: blocks}, nil
}

// tokensToday are the tokens that the model took today. That they cannot be
// read is no reason to hide the rest.
func (b *Bot) tokensToday(ctx context.Context, p phrases) string {
	tokens, err := b.options.Store.TokensOn(ctx, b.options.Now())
	if err != nil {
		return p.admin.status.unknown
	}
	return p.grouped(tokens.Prompt + tokens.Completion)
}

// spell is a time that has passed, to the minute: "3 d 04:05 h".
func spell(d time.Duration) string {
	minutes := int(d / time.Minute)
	hours := fmt.Sprintf("%02d:%02d h", minutes/60%24, minutes%60)
	if days := minutes / (24 * 60); days > 0 {
		return fmt.Sprintf("%d d %s", days, hours)
	}
	return hours
}
