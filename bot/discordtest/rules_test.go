package discordtest

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
)

const (
	postPath    = "POST /channels/1/messages"
	editPath    = "PATCH /channels/1/messages/2"
	answerPath  = "POST /interactions/1/t/callback"
	replyPath   = "PATCH /webhooks/1/t/messages/@original"
	followPath  = "POST /webhooks/1/t"
	commandPath = "PUT /applications/1/commands"
	threadPath  = "POST /channels/1/messages/2/threads"
)

// object is a JSON object that a test changes.
type object = map[string]any

func goodMessage() object {
	return object{
		"content": "An answer [1].", "flags": 4, "allowed_mentions": object{"parse": []any{}},
		"components": []any{goodRow("Sources")},
	}
}

func goodPost() object {
	m := goodMessage()
	m["nonce"], m["enforce_nonce"] = "n1", true
	return m
}

func goodRow(labels ...string) object {
	buttons := []any{}
	for _, label := range labels {
		buttons = append(buttons, object{"type": 2, "style": 2, "label": label, "custom_id": "f1:" + label})
	}
	return object{"type": 1, "components": buttons}
}

func goodCallback() object { return object{"type": 4, "data": goodMessage()} }

func goodForm() object {
	input := object{"type": 4, "custom_id": "text", "label": "Text", "style": 2}
	row := object{"type": 1, "components": []any{input}}
	return object{"type": 9, "data": object{"custom_id": "form", "title": "Add", "components": []any{row}}}
}

func goodOption(name string) object {
	return object{"type": 3, "name": name, "description": "What to ask", "required": true}
}

func goodCommand(name string) object {
	return object{
		"name": name, "description": "Ask a question", "type": 1, "default_member_permissions": "32",
		"name_localizations": object{"de": "frage"}, "options": []any{goodOption("question")},
	}
}

// with is o with a value at a place.
func with(o object, place string, value any) object {
	keys := strings.Split(place, ".")
	inner := o
	for _, key := range keys[:len(keys)-1] {
		inner = inner[key].(object)
	}
	inner[keys[len(keys)-1]] = value
	return o
}

func without(o object, key string) object {
	delete(o, key)
	return o
}

func many(n int, one func(i int) any) []any {
	all := []any{}
	for i := range n {
		all = append(all, one(i))
	}
	return all
}

func breachesOf(t *testing.T, s *Server, call string, body any) []string {
	t.Helper()
	encoded, ok := body.(string)
	if !ok {
		text, err := json.Marshal(body)
		if err != nil {
			t.Fatal(err)
		}
		encoded = string(text)
	}
	method, path, _ := strings.Cut(call, " ")
	return s.inspect(method, path, []byte(encoded))
}

func TestGoodBodiesPass(t *testing.T) {
	s := New(t)
	for _, test := range []struct {
		call string
		body any
	}{
		{postPath, goodPost()},
		{postPath, with(goodPost(), "message_reference", object{"message_id": "5", "fail_if_not_exists": false})},
		{postPath, with(goodPost(), "content", strings.Repeat("ä", 2000))},
		{editPath, goodMessage()},
		{editPath, object{"components": []any{}}},
		{answerPath, goodCallback()},
		{answerPath, object{"type": 5, "data": object{"flags": 64}}},
		{answerPath, object{"type": 6}},
		{answerPath, object{"type": 7, "data": goodMessage()}},
		{answerPath, object{"type": 8, "data": object{"choices": []any{object{"name": "AP", "value": "AP"}}}}},
		{answerPath, goodForm()},
		{replyPath, goodMessage()},
		{followPath, with(goodMessage(), "flags", 68)},
		{commandPath, []any{goodCommand("ask"), object{"name": "Check this message", "type": 3}}},
		{threadPath, object{"name": "A question", "auto_archive_duration": 1440}},
	} {
		for _, breach := range breachesOf(t, s, test.call, test.body) {
			t.Errorf("%s: %s", test.call, breach)
		}
	}
}

func TestBadBodiesAreRefused(t *testing.T) {
	s := New(t)
	if s.spec == nil {
		t.Skip("Discord's file is not at hand")
	}
	for _, test := range []struct {
		what, call string
		body       any
	}{
		{"no body", postPath, ""},
		{"no JSON", postPath, "{"},
		{"a body where none belongs", "POST /channels/1/typing", object{}},
		{"a call that is unknown", "POST /channels/1/pins", object{}},
		{"an empty message", postPath, with(without(goodPost(), "components"), "content", "")},
		{"a blank message", followPath, with(without(goodMessage(), "components"), "content", " \n")},
		{"2,001 characters", postPath, with(goodPost(), "content", strings.Repeat("a", 2001))},
		{"2,001 characters in an edit", editPath, with(goodMessage(), "content", strings.Repeat("a", 2001))},
		{"2,001 characters in a reply", replyPath, with(goodMessage(), "content", strings.Repeat("a", 2001))},
		{"2,001 UTF-16 units", postPath, with(goodPost(), "content", strings.Repeat("😀", 1001))},
		{"mentions of everybody", postPath, with(goodPost(), "allowed_mentions.parse", []any{"everyone"})},
		{"mentions not closed", postPath, without(goodPost(), "allowed_mentions")},
		{"mentions not closed in an edit", editPath, without(goodMessage(), "allowed_mentions")},
		{"null mentions", answerPath, with(goodCallback(), "data.allowed_mentions.parse", nil)},
		{"previews of links", postPath, with(goodPost(), "flags", 0)},
		{"previews of links in a callback", answerPath, with(goodCallback(), "data.flags", 64)},
		{"no nonce", postPath, without(goodPost(), "nonce")},
		{"a long nonce", postPath, with(goodPost(), "nonce", strings.Repeat("n", 26))},
		{"a nonce that is not enforced", postPath, without(goodPost(), "enforce_nonce")},
		{"invalid UTF-8", postPath, "{\"content\":\"\xff\",\"flags\":4,\"allowed_mentions\":{\"parse\":[]},\"nonce\":\"n\",\"enforce_nonce\":true}"},
		{"a misspelt key", postPath, with(goodPost(), "contents", "x")},
		{"a misspelt key within", postPath, with(goodPost(), "allowed_mentions.user", []any{})},
		{"six rows", postPath, with(goodPost(), "components", many(6, func(i int) any { return goodRow(fmt.Sprint(i)) }))},
		{"six buttons in a row", postPath, with(goodPost(), "components", []any{goodRow("a", "b", "c", "d", "e", "f")})},
		{"an empty row", postPath, with(goodPost(), "components", []any{goodRow()})},
		{"a custom_id twice", postPath, with(goodPost(), "components", []any{goodRow("a"), goodRow("a")})},
		{"a long custom_id", postPath, with(goodPost(), "components", []any{goodRow(strings.Repeat("x", 98))})},
		{"a button without custom_id", postPath, with(goodPost(), "components", []any{object{"type": 1, "components": []any{object{"type": 2, "style": 2, "label": "x"}}}})},
		{"V2 without its flag", postPath, with(goodPost(), "components", []any{object{"type": 10, "content": "x"}})},
		{"V2 beside content", postPath, with(goodPost(), "flags", 4|1<<15)},
		{"6,001 characters in embeds", postPath, with(goodPost(), "embeds", many(2, func(int) any { return object{"description": strings.Repeat("a", 3001)} }))},
		{"an unknown type of callback", answerPath, object{"type": 99}},
		{"26 choices", answerPath, object{"type": 8, "data": object{"choices": many(26, func(i int) any { return object{"name": fmt.Sprint(i), "value": "v"} })}}},
		{"a form without rows", answerPath, with(goodForm(), "data.components", []any{})},
		{"a form with six rows", answerPath, with(goodForm(), "data.components", many(6, func(i int) any {
			return object{"type": 1, "components": []any{object{"type": 4, "custom_id": fmt.Sprint(i), "label": "x", "style": 1}}}
		}))},
		{"a form's long title", answerPath, with(goodForm(), "data.title", strings.Repeat("t", 46))},
		{"a thread without a name", threadPath, object{"name": ""}},
		{"a thread's long name", threadPath, object{"name": strings.Repeat("n", 101)}},
		{"a name in capitals", commandPath, []any{goodCommand("Ask")}},
		{"a name with a space", commandPath, []any{goodCommand("ask me")}},
		{"a localised name in capitals", commandPath, []any{with(goodCommand("ask"), "name_localizations.de", "Frage")}},
		{"no description", commandPath, []any{without(goodCommand("ask"), "description")}},
		{"an option's name in capitals", commandPath, []any{with(goodCommand("ask"), "options", []any{goodOption("Q")})}},
		{"a needed option behind one that is not", commandPath, []any{with(goodCommand("ask"), "options", []any{with(goodOption("a"), "required", false), goodOption("b")})}},
		{"choices and autocomplete", commandPath, []any{with(goodCommand("ask"), "options", []any{
			with(with(goodOption("a"), "autocomplete", true), "choices", []any{object{"name": "x", "value": "x"}}),
		})}},
		{"two commands of one name", commandPath, []any{goodCommand("ask"), goodCommand("ask")}},
		{"101 commands", commandPath, many(101, func(i int) any { return goodCommand(fmt.Sprint("ask", i)) })},
		{"permissions in words", commandPath, []any{with(goodCommand("ask"), "default_member_permissions", "admin")}},
	} {
		if len(breachesOf(t, s, test.call, test.body)) == 0 {
			t.Errorf("%s passes", test.what)
		}
	}
}
