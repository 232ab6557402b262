package bot

import (
	"context"
	"errors"
	"fmt"

	"footnote/retrieval"
)

func forgetCommand() command {
	spec := newSpec("forget", func(p phrases) naming { return p.around.forget.command })
	spec.Options = []OptionSpec{newOption("me", Subcommand, func(p phrases) naming { return p.around.forget.me })}
	return command{CommandSpec: spec, private: always, run: kindly(forgetMe)}
}

// forgetName is how the command is typed, in the person's language.
func (b *Bot) forgetName(p phrases) string {
	return "/" + b.commandName("forget", p.language) + " " + p.around.forget.me.Name
}

// forgetMe erases all that is kept of a person, from memory and from the disk.
func forgetMe(ctx context.Context, b *Bot, c *call) (Reply, error) {
	w := c.words.around.forget
	if c.Options["me"] != "true" {
		return Reply{}, refusal(fmt.Sprintf(c.words.around.help.forget, b.forgetName(c.words)))
	}
	answers, err := b.forgetPerson(ctx, c.Person.ID)
	traces := errors.Is(err, retrieval.ErrTraces)
	if err != nil && !traces {
		return Reply{}, fmt.Errorf("forgetting a person: %w", err)
	}
	blocks := []Block{
		textBlock(Paragraph, c.words.counted(len(answers), w.done)),
		textBlock(Paragraph, w.messages),
	}
	if traces {
		blocks = append(blocks, textBlock(Note, w.traces))
	}
	return Reply{Blocks: blocks}, nil
}
