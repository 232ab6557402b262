package bot

import (
	"context"
	"errors"
	"math"
	"strings"
	"time"
)

// enter takes a place in the line for a question, and counts it. Only one that
// has a place counts.
func (b *Bot) enter(ctx context.Context, c *call) (*place, *denial) {
	now := b.options.Now()
	quotas := b.quotas(c)
	if full, wait := b.questions.take(now, quotas...); full != "" {
		return nil, tooMany(c, full, wait)
	}
	keys := make([]string, len(quotas))
	for i, q := range quotas {
		keys[i] = q.key
	}
	p, err := b.line.join(c.Person.ID)
	switch {
	case errors.Is(err, errWaits):
		b.questions.giveBack(keys)
		return nil, &denial{outcome: Busy, text: c.words.gate.waitsAlready}
	case err != nil:
		b.questions.giveBack(keys)
		return nil, &denial{outcome: Busy, text: c.words.gate.lineFull}
	}
	if len(keys) > 0 {
		b.behind.add(ctx, taking{keys, now}, b.writeTakings)
	}
	return p, nil
}

// TurnAway is what to say, without a look at anything, to whom a front end has no
// room for.
func (b *Bot) TurnAway(locale string) Reply {
	return notice(phrasesIn(LanguageOf(locale)).gate.lineFull)
}

// quotas are what a question counts against.
func (b *Bot) quotas(c *call) []quota {
	if b.options.Unlimited {
		return nil
	}
	quotas := []quota{{"user:" + c.Person.ID, b.options.UserPerMinute}}
	if c.Place.Guild != "" {
		quotas = append(quotas, quota{"guild:" + c.Place.Guild, b.options.GuildPerMinute})
	}
	return quotas
}

// tooMany says which quota is used up and for how long, in whole seconds.
func tooMany(c *call, full string, wait time.Duration) *denial {
	form := c.words.gate.youTooOften
	if strings.HasPrefix(full, "guild:") {
		form = c.words.gate.serverTooOften
	}
	return &denial{outcome: Limited, text: c.words.counted(int(math.Ceil(wait.Seconds())), form)}
}

func (b *Bot) writeTakings(ctx context.Context, takings []taking) {
	if err := b.options.State.took(ctx, takings...); err != nil {
		b.options.Log.WarnContext(ctx, "a restart will forget who asked how often", "error", err)
	}
}
