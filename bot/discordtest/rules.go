package discordtest

import (
	"fmt"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// Types of components.
const (
	rowType    = 1
	buttonType = 2
)

// Styles of buttons that have no custom id.
const (
	linkStyle    = 5
	premiumStyle = 6
)

// What Discord takes.
const (
	maxContent  = 2000
	maxEmbedded = 6000
	maxRows     = 5
	maxNonce    = 25
	maxCommands = 100
)

// broken says what is wrong with a body by the rules that Discord's file does
// not state, and by those of the house: nobody is pinged by accident, links
// have no previews, a repeated message is one message.
func broken(template, method string, body []byte) []string {
	if !writes(method) || len(body) == 0 {
		return nil
	}
	var b breaches
	b.when(!utf8.Valid(body), "the body is not valid UTF-8")
	value := decode(body)
	switch {
	case template == "/channels/{channel_id}/messages":
		b.message(value, true)
		b.nonce(value)
	case strings.HasPrefix(template, "/channels/{channel_id}/messages/") && method == "PATCH":
		b.message(value, false)
	case strings.HasPrefix(template, "/webhooks/"):
		b.message(value, method == "POST")
	case strings.HasSuffix(template, "/callback"):
		b.callback(value)
	case strings.HasSuffix(template, "/commands"):
		b.commands(value)
	}
	return b
}

// breaches are what is wrong with a body.
type breaches []string

func (b *breaches) when(wrong bool, format string, args ...any) {
	if wrong {
		*b = append(*b, fmt.Sprintf(format, args...))
	}
}

// message holds the body of a message to the rules; a new one may not be empty.
func (b *breaches) message(value any, isNew bool) {
	content, _ := at(value, "content").(string)
	components := list(at(value, "components"))
	embeds := list(at(value, "embeds"))
	flags := number(at(value, "flags"))
	length := len(utf16.Encode([]rune(content)))
	b.when(length > maxContent, "the content has %d characters, more than %d", length, maxContent)
	b.when(isNew && strings.TrimSpace(content) == "" && len(components) == 0 && len(embeds) == 0, "the message is empty")
	if content != "" || isNew {
		parse, ok := at(value, "allowed_mentions", "parse").([]any)
		b.when(!ok || len(parse) > 0, "allowed_mentions.parse is not []")
		b.when(flags&suppressEmbeds == 0, "SUPPRESS_EMBEDS is not set")
	}
	b.embeds(embeds)
	b.components(components, flags, content)
}

func (b *breaches) embeds(embeds []any) {
	total := 0
	for _, e := range embeds {
		for _, place := range [][]string{{"title"}, {"description"}, {"footer", "text"}, {"author", "name"}} {
			text, _ := at(e, place...).(string)
			total += utf8.RuneCountInString(text)
		}
		for _, field := range list(at(e, "fields")) {
			name, _ := at(field, "name").(string)
			text, _ := at(field, "value").(string)
			b.when(text == "", "a field of an embed is empty")
			total += utf8.RuneCountInString(name) + utf8.RuneCountInString(text)
		}
	}
	b.when(total > maxEmbedded, "the embeds have %d characters, more than %d", total, maxEmbedded)
}

func (b *breaches) components(rows []any, flags int, content string) {
	isV2 := flags&componentsV2 != 0
	b.when(isV2 && content != "", "content stands beside components V2")
	b.when(len(rows) > maxRows && !isV2, "there are %d rows, more than %d", len(rows), maxRows)
	seen := make(map[any]bool)
	for _, row := range rows {
		b.when(number(at(row, "type")) != rowType && !isV2, "a component of V2 stands without its flag")
		for _, c := range list(at(row, "components")) {
			b.component(c, seen)
		}
	}
}

func (b *breaches) component(c any, seen map[any]bool) {
	id, _ := at(c, "custom_id").(string)
	style := number(at(c, "style"))
	isButton := number(at(c, "type")) == buttonType
	b.when(isButton && style != linkStyle && style != premiumStyle && id == "", "a button has no custom_id")
	b.when(id != "" && seen[id], "a custom_id is there twice")
	seen[id] = true
}

func (b *breaches) nonce(value any) {
	nonce, ok := at(value, "nonce").(string)
	b.when(!ok || nonce == "" || len(nonce) > maxNonce, "the nonce does not have 1 to %d characters", maxNonce)
	b.when(at(value, "enforce_nonce") != true, "enforce_nonce is not set")
}

func (b *breaches) callback(value any) {
	switch data := at(value, "data"); number(at(value, "type")) {
	case showMessage:
		b.message(data, true)
	case updateIt:
		b.message(data, false)
	case openForm:
		rows := list(at(data, "components"))
		b.when(len(rows) == 0 || len(rows) > maxRows, "a form has %d rows, not 1 to %d", len(rows), maxRows)
		b.components(rows, 0, "")
	}
}

func list(value any) []any {
	l, _ := value.([]any)
	return l
}

func number(value any) int {
	n, _ := value.(float64)
	return int(n)
}
