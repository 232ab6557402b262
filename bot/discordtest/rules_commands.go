package discordtest

import (
	"strings"
	"unicode"
)

// commands holds the commands of an overwrite to the rules that Discord's file
// does not state.
func (b *breaches) commands(value any) {
	const menuOfMessage, menuOfUser = 3, 2
	seen := make(map[[2]any]bool)
	slash := 0
	for _, c := range list(value) {
		name, _ := at(c, "name").(string)
		kind := number(at(c, "type"))
		key := [2]any{max(kind, 1), name}
		b.when(seen[key], "two commands have one name")
		seen[key] = true
		if kind == menuOfMessage || kind == menuOfUser {
			continue
		}
		slash++
		b.slash(c, name)
	}
	b.when(slash > maxCommands, "there are %d slash commands, more than %d", slash, maxCommands)
}

func (b *breaches) slash(command any, name string) {
	description, _ := at(command, "description").(string)
	b.when(!isCommandName(name), "a slash command's name is not in small letters without spaces")
	b.when(description == "", "a slash command has no description")
	localized, _ := at(command, "name_localizations").(map[string]any)
	for _, local := range localized {
		text, _ := local.(string)
		b.when(!isCommandName(text), "a slash command's localised name is not in small letters without spaces")
	}
	b.options(list(at(command, "options")))
}

func (b *breaches) options(options []any) {
	optional := false
	seen := make(map[string]bool)
	for _, o := range options {
		name, _ := at(o, "name").(string)
		b.when(!isCommandName(name), "an option's name is not in small letters without spaces")
		b.when(seen[name], "two options have one name")
		seen[name] = true
		required := at(o, "required") == true
		b.when(required && optional, "an option that is needed stands behind one that is not")
		optional = optional || !required
		b.when(at(o, "autocomplete") == true && len(list(at(o, "choices"))) > 0, "an option has choices and autocomplete")
		b.options(list(at(o, "options")))
	}
}

// isCommandName says whether Discord takes a name of a slash command or option.
func isCommandName(name string) bool {
	allowed := func(r rune) bool {
		return unicode.In(r, unicode.L, unicode.N, unicode.M) || r == '-' || r == '_' || r == '\''
	}
	return name != "" && name == strings.ToLower(name) && strings.IndexFunc(name, func(r rune) bool { return !allowed(r) }) < 0
}
