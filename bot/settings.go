package bot

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// How long the lists of a server's settings may be.
const (
	mostPlaces  = 50 // channels, or roles
	mostOutlets = 20
)

func settingsCommand() command {
	spec := newSpec("settings", func(p phrases) naming { return p.admin.settings.command })
	spec.Admin, spec.GuildOnly = true, true
	spec.Options = []OptionSpec{
		newOption("channel", Channel, func(p phrases) naming { return p.admin.settings.channel }),
		newOption("role", Role, func(p phrases) naming { return p.admin.settings.role }),
		newOption("outlets", Text, func(p phrases) naming { return p.admin.settings.outlets }),
		newOption("plain", Flag, func(p phrases) naming { return p.admin.settings.plain }),
		newOption("reset", Flag, func(p phrases) naming { return p.admin.settings.reset }),
	}
	return command{CommandSpec: spec, private: always, run: kindly(changeSettings)}
}

// changeSettings sets what the options say and shows the server's settings,
// which hold from then on.
func changeSettings(ctx context.Context, b *Bot, c *call) (Reply, error) {
	w := c.words.admin.settings
	set, err := b.newSettings(c)
	if err != nil {
		return Reply{}, err
	}
	said := w.now
	if len(c.Options) > 0 {
		if err := b.setSettings(ctx, c.Place.Guild, set); err != nil {
			return Reply{}, fmt.Errorf("changing a server's settings: %w", err)
		}
		said = w.changed
	}
	blocks := []Block{textBlock(Heading, said)}
	blocks = append(blocks, b.placeBlocks(c.words, set)...)
	blocks = append(blocks, preferenceBlocks(c.words, set)...)
	known := c.corpus.Scope.Outlets()
	for _, o := range set.Outlets {
		if !isOutlet(known, o) {
			blocks = append(blocks, textBlock(Note, fmt.Sprintf(w.unknownOutlet, o)))
		}
	}
	return Reply{Blocks: blocks}, nil
}

// newSettings are the server's settings after what the options say.
func (b *Bot) newSettings(c *call) (Settings, error) {
	set, w := c.settings, c.words.admin.settings
	if c.Options["reset"] == "true" {
		set = Settings{}
	}
	if id := c.Options["channel"]; id != "" {
		if len(b.options.Channels) > 0 && !slices.Contains(b.options.Channels, id) {
			return set, refusal(w.channelClosed)
		}
		set.Channels = toggled(set.Channels, id)
	}
	if id := c.Options["role"]; id != "" {
		set.Roles = toggled(set.Roles, id)
	}
	switch outlets := strings.TrimSpace(c.Options["outlets"]); outlets {
	case "":
	case "-":
		set.Outlets = nil
	default:
		set.Outlets = commaList(outlets)
	}
	if plain, err := strconv.ParseBool(c.Options["plain"]); err == nil {
		set.Plain = plain
	}
	if max(len(set.Channels), len(set.Roles)) > mostPlaces || len(set.Outlets) > mostOutlets {
		return set, refusal(fmt.Sprintf(w.tooMany, mostPlaces, mostPlaces, mostOutlets))
	}
	return set, nil
}

// toggled is a list with id, or without it if it was there. The list itself
// stays as it is.
func toggled(ids []string, id string) []string {
	if slices.Contains(ids, id) {
		return slices.DeleteFunc(slices.Clone(ids), func(s string) bool { return s == id })
	}
	return append(slices.Clip(ids), id)
}

// placeBlocks say in which channels the bot answers, and whom. The operator's
// own lists are of all servers and are not shown.
func (b *Bot) placeBlocks(p phrases, set Settings) []Block {
	w := p.admin.settings
	otherwise := func(all string, operator []string) string {
		if len(operator) > 0 {
			return w.chosen
		}
		return all
	}
	return []Block{
		idsBlock(w.channels+p.around.colon, set.Channels, ChannelName, otherwise(w.anywhere, b.options.Channels)),
		idsBlock(w.roles+p.around.colon, set.Roles, RoleName, otherwise(w.anybody, b.options.Roles)),
	}
}

// idsBlock lists ids behind a label, or says what holds where there are none.
func idsBlock(label string, ids []string, style Style, none string) Block {
	if len(ids) == 0 {
		return labelled(label, none)
	}
	spans := []Span{{Text: label, Style: Strong}}
	for i, id := range ids {
		if i > 0 {
			spans = append(spans, Span{Text: ", "})
		}
		spans = append(spans, Span{Text: id, Style: style})
	}
	return Block{Line, spans}
}

// labelled is a line of a list of what holds.
func labelled(label, text string) Block {
	return Block{Line, []Span{{Text: label, Style: Strong}, {Text: text}}}
}

// preferenceBlocks say what a server has chosen of how the bot answers.
func preferenceBlocks(p phrases, set Settings) []Block {
	w := p.admin.settings
	plain := w.off
	if set.Plain {
		plain = w.on
	}
	return []Block{outletsBlock(p, set), labelled(w.plainText+p.around.colon, plain)}
}

// outletsBlock says which outlets are asked where a question names none.
func outletsBlock(p phrases, set Settings) Block {
	outlets := p.admin.settings.allOutlets
	if len(set.Outlets) > 0 {
		outlets = strings.Join(set.Outlets, ", ")
	}
	return labelled(p.admin.settings.fromOutlet+p.around.colon, outlets)
}
