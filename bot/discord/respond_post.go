package discord

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"fmt"

	"footnote/bot"
)

// A poster sends what nobody waits for.
type poster struct{ sender }

func (p poster) Post(ctx context.Context, channel, key string, r bot.Reply) (bot.Posted, error) {
	ctx, cancel := p.bind(ctx)
	defer cancel()
	bodies, nonce := render(r), nonceOf(key)
	posted, err := bot.Posted{Channel: channel}, error(nil)
	if channel != "" {
		posted.Messages, err = p.create(ctx, channel, nonce, bodies)
	}
	if channel == "" || isUnusable(err) && r.Ping != "" {
		posted.Channel, posted.Messages, err = p.createDirect(ctx, r.Ping, nonce, bodies)
	}
	if err != nil {
		err = fmt.Errorf("posting a message: %w", err)
	}
	return posted, err
}

// nonceOf makes 20 characters of a key of any length.
func nonceOf(key string) string {
	sum := sha256.Sum256([]byte(key))
	return base64.RawURLEncoding.EncodeToString(sum[:15])
}
