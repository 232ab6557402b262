package discord

import (
	"strings"

	"footnote/bot"

	"github.com/bwmarrin/discordgo"
)

// Discord's bounds, in UTF-16 units.
const (
	maxButtonLabel = 80
	maxChoice      = 100
	maxChoices     = 25
	maxFormTitle   = 45
	maxFieldLabel  = 45
	maxFieldValue  = 4000
	maxRow         = 5
	maxRows        = 5
)

// buttons are the rows under a message.
func buttons(rows [][]bot.Action) []discordgo.MessageComponent {
	components := []discordgo.MessageComponent{}
	for _, row := range rows[:min(len(rows), maxRows)] {
		var r discordgo.ActionsRow
		for _, a := range row[:min(len(row), maxRow)] {
			r.Components = append(r.Components, button(a))
		}
		if len(r.Components) > 0 {
			components = append(components, r)
		}
	}
	return components
}

func button(a bot.Action) discordgo.Button {
	b := discordgo.Button{Label: clip(a.Label, maxButtonLabel), Style: discordgo.SecondaryButton, Disabled: a.Disabled, CustomID: a.ID}
	if a.Danger {
		b.Style = discordgo.DangerButton
	}
	return b
}

// A modal is a form as an interaction is answered with it.
type modal struct {
	CustomID   string                       `json:"custom_id"`
	Title      string                       `json:"title"`
	Components []discordgo.MessageComponent `json:"components"`
}

func modalOf(f bot.Form) modal {
	m := modal{CustomID: f.ID, Title: clip(f.Title, maxFormTitle)}
	for _, field := range f.Fields[:min(len(f.Fields), maxRows)] {
		m.Components = append(m.Components, discordgo.ActionsRow{Components: []discordgo.MessageComponent{input(field)}})
	}
	return m
}

func input(f bot.Field) discordgo.TextInput {
	t := discordgo.TextInput{CustomID: f.Name, Label: clip(f.Label, maxFieldLabel), Style: discordgo.TextInputShort, Required: f.Required, MaxLength: maxFieldValue}
	if f.Long {
		t.Style = discordgo.TextInputParagraph
	}
	if f.Max > 0 {
		t.MaxLength = min(f.Max, maxFieldValue)
	}
	t.Value = clip(f.Value, t.MaxLength)
	return t
}

// completions are what a person may choose while typing.
type completions struct {
	Choices []choice `json:"choices"`
}

type choice struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

// completionsOf leaves out what cannot be chosen: a value is never cut.
func completionsOf(choices []bot.Choice) completions {
	c := completions{Choices: []choice{}}
	for _, o := range choices {
		label := clip(strings.Join(strings.Fields(clean(o.Label)), " "), maxChoice)
		if label != "" && o.Value != "" && units(o.Value) <= maxChoice && len(c.Choices) < maxChoices {
			c.Choices = append(c.Choices, choice{label, o.Value})
		}
	}
	return c
}
