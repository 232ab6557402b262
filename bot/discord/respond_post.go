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

func (p poster) Post(ctx context.Context, channel, key string, r bot.Reply) error {
	ctx, cancel := p.bind(ctx)
	defer cancel()
	bodies, nonce, err := render(r), nonceOf(key), error(nil)
	if channel != "" {
		_, err = p.create(ctx, channel, nonce, bodies)
	}
	if channel == "" || isUnusable(err) && r.Ping != "" {
		_, _, err = p.createDirect(ctx, r.Ping, nonce, bodies)
	}
	if err != nil {
		return fmt.Errorf("posting a message: %w", err)
	}
	return nil
}

// nonceOf makes 20 characters of a key of any length.
func nonceOf(key string) string {
	sum := sha256.Sum256([]byte(key))
	return base64.RawURLEncoding.EncodeToString(sum[:15])
}
