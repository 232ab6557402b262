package discord

import (
	"context"
	"testing"

	"footnote/bot"
)

func TestWhoeverComesWhenAllHandsAreFullIsToldSo(t *testing.T) {
	release := make(chan struct{})
	w := connected(t, nil, func(context.Context, bot.Request, bot.Responder) { <-release })
	defer close(release)
	for range maxInteractions {
		w.Slash(w.channel, w.ada, "ask")
	}
	late := w.Slash(w.channel, w.ada, "ask")
	says(late, "too much")
	if !late.Private() {
		t.Error("all can read it")
	}
}
