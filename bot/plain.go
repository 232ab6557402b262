package bot

import (
	"context"
	"fmt"
)

func plainCommand() command {
	spec := newSpec("plain", func(p phrases) naming { return p.around.plain.command })
	return command{CommandSpec: spec, private: always, run: togglePlain}
}

// togglePlain turns plain text on or off for a person, everywhere.
func togglePlain(ctx context.Context, b *Bot, c *call) (Reply, error) {
	w := c.words.around.plain
	plain := !b.wantsPlain(c.Person.ID)
	if err := b.setPlain(ctx, c.Person.ID, plain); err != nil {
		return Reply{}, fmt.Errorf("keeping a person's choice of plain text: %w", err)
	}
	said := w.off
	switch {
	case plain:
		said = w.on
	case c.settings.Plain:
		said = w.offHere
	}
	return Reply{Blocks: saying(said).Blocks, Plain: plain}, nil
}
