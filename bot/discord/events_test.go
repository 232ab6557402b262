package discord

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"reflect"
	"strings"
	"testing"
	"time"

	"footnote/bot"
)

var noon = time.Date(2026, 1, 2, 12, 0, 0, 0, time.UTC)

// fileNamed is a file that only has a name.
func fileNamed(a attachment) *bot.File { return &bot.File{Name: a.Filename} }

func TestInteractionsAreRequests(t *testing.T) {
	const inServer = `"id":"1","token":"t","application_id":"2","locale":"de","guild_id":"3","channel_id":"4","channel":{"id":"4","type":0},
		"member":{"user":{"id":"5"},"roles":["6"],"permissions":"1024"},`
	server := bot.Request{ID: "1", Locale: "de", At: noon, Person: bot.Person{ID: "5", Roles: []string{"6"}}, Place: bot.Place{Guild: "3", Channel: "4"}}
	with := func(change func(*bot.Request)) bot.Request {
		r := server
		change(&r)
		return r
	}
	for name, c := range map[string]struct {
		event string
		want  bot.Request
	}{
		"slash command": {
			inServer + `"type":2,"data":{"type":1,"name":"ask","options":[{"name":"question","type":3,"value":"Why?"},{"name":"private","type":5,"value":true}]}`,
			with(func(r *bot.Request) {
				r.Name, r.Options = "ask", map[string]string{"question": "Why?", "private": "true"}
			}),
		},
		"ids and a file": {
			inServer + `"type":2,"data":{"type":1,"name":"ingest","options":[{"name":"channel","type":7,"value":"8"},{"name":"role","type":8,"value":"9"},
				{"name":"file","type":11,"value":"10"}],"resolved":{"attachments":{"10":{"filename":"a.txt"}},"channels":{"8":{"id":"8"}}}}`,
			with(func(r *bot.Request) {
				r.Name, r.Options = "ingest", map[string]string{"channel": "8", "role": "9", "file": "10"}
				r.File = &bot.File{Name: "a.txt"}
			}),
		},
		"subcommand": {
			inServer + `"type":2,"data":{"type":1,"name":"forget","options":[{"name":"me","type":1,"options":[{"name":"sure","type":5,"value":false}]}]}`,
			with(func(r *bot.Request) { r.Name, r.Options = "forget", map[string]string{"me": "true", "sure": "false"} }),
		},
		"typing": {
			inServer + `"type":4,"data":{"type":1,"name":"ask","options":[{"name":"question","type":3,"value":"Why?"},{"name":"outlet","type":3,"value":"A","focused":true}]}`,
			with(func(r *bot.Request) {
				r.Kind, r.Name, r.Focused, r.Options = bot.Typing, "ask", "outlet", map[string]string{"question": "Why?", "outlet": "A"}
			}),
		},
		"menu, on a message with what discordgo does not know": {
			inServer + `"type":2,"data":{"type":3,"name":"Check this message","target_id":"20","resolved":{"messages":{"20":{"id":"20","content":"It is so.","components":[{"type":99}]}}}}`,
			with(func(r *bot.Request) {
				r.Kind, r.Name, r.Message, r.Text = bot.Menu, "Check this message", "20", "It is so."
			}),
		},
		"button": {
			inServer + `"type":3,"message":{"id":"21"},"data":{"component_type":2,"custom_id":"f1:sources:x:"}`,
			with(func(r *bot.Request) { r.Kind, r.Action, r.Message = bot.Pressed, "f1:sources:x:", "21" }),
		},
		"form, old and new": {
			inServer + `"type":5,"data":{"custom_id":"f1:follow:x:","components":[{"type":1,"components":[{"type":4,"custom_id":"a","value":"one"}]},
				{"type":18,"component":{"type":4,"custom_id":"b","value":"two"}},{"type":18,"component":{"type":3,"custom_id":"c","value":7}}]}`,
			with(func(r *bot.Request) {
				r.Kind, r.Action, r.Options = bot.Filled, "f1:follow:x:", map[string]string{"a": "one", "b": "two", "c": ""}
			}),
		},
		"in a thread, by one who manages the server": {
			`"id":"1","token":"t","guild_id":"3","channel_id":"4","channel":{"id":"4","type":11,"parent_id":"7"},"member":{"user":{"id":"5"},"permissions":"32"},
				"type":2,"data":{"type":1,"name":"help"}`,
			bot.Request{ID: "1", At: noon, Name: "help", Options: map[string]string{}, Person: bot.Person{ID: "5", Admin: true}, Place: bot.Place{Guild: "3", Channel: "4", Parent: "7"}},
		},
		"in a category, by an administrator": {
			`"id":"1","token":"t","guild_id":"3","channel_id":"4","channel":{"id":"4","type":0,"parent_id":"7"},"member":{"user":{"id":"5"},"permissions":"8"},
				"type":2,"data":{"type":1,"name":"help"}`,
			bot.Request{ID: "1", At: noon, Name: "help", Options: map[string]string{}, Person: bot.Person{ID: "5", Admin: true}, Place: bot.Place{Guild: "3", Channel: "4"}},
		},
		"direct message": {
			`"id":"1","token":"t","channel_id":"4","channel":{"id":"4","type":1},"user":{"id":"5"},"type":2,"data":{"type":1,"name":"help"}`,
			bot.Request{ID: "1", At: noon, Name: "help", Options: map[string]string{}, Person: bot.Person{ID: "5"}, Place: bot.Place{Channel: "4", Direct: true}},
		},
	} {
		var in interaction
		if err := json.Unmarshal([]byte("{"+c.event+"}"), &in); err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if got, ok := in.request(noon, fileNamed); !ok || !reflect.DeepEqual(got, c.want) {
			t.Errorf("%s: got %+v, want %+v", name, got, c.want)
		}
	}
}

func TestRightsAreOnlyThoseOfTheEvent(t *testing.T) {
	for _, person := range []string{
		`"member":{"user":{"id":"5"},"permissions":"-1"},"guild_id":"3"`,
		`"member":{"user":{"id":"5"},"permissions":"1e9"},"guild_id":"3"`,
		`"member":{"user":{"id":"5"},"permissions":null},"guild_id":"3"`,
		`"member":{"user":{"id":"5"},"permissions":"40"}`,
		`"user":{"id":"5"}`,
	} {
		var in interaction
		if err := json.Unmarshal([]byte(`{"id":"1","token":"t","type":3,`+person+`}`), &in); err != nil {
			t.Fatal(err)
		}
		if r, ok := in.request(noon, fileNamed); !ok || r.Person.Admin {
			t.Errorf("%s gives %+v", person, r.Person)
		}
	}
}

func TestInteractionsOfNobodyAreNone(t *testing.T) {
	for _, event := range []string{
		`null`, `{}`, `{"id":"1","token":"t","type":1}`, `{"id":"1","token":"t","type":2,"data":null}`, `{"id":"1","token":"t","type":2,"member":{"roles":[]}}`,
		`{"id":"1","token":"t","type":2,"guild_id":"3","user":{"id":"5"}}`, `{"token":"t","type":3,"user":{"id":"5"}}`, `{"id":"1","token":"t","type":9,"user":{"id":"5"}}`,
	} {
		var in interaction
		if err := json.Unmarshal([]byte(event), &in); err != nil {
			t.Fatal(err)
		}
		if r, ok := in.request(noon, fileNamed); ok {
			t.Errorf("%s is %+v", event, r)
		}
	}
}

func TestMessagesThatAsk(t *testing.T) {
	for _, c := range []struct {
		message        string
		byPerson, asks bool
	}{
		{`"guild_id":"3","author":{"id":"5"},"mentions":[{"id":"2"}]`, true, true},
		{`"guild_id":"3","author":{"id":"5"},"type":19,"referenced_message":{"id":"7","author":{"id":"2"}}`, true, true},
		{`"author":{"id":"5"}`, true, true},
		{`"guild_id":"3","author":{"id":"5"}`, true, false},
		{`"guild_id":"3","author":{"id":"5"},"mentions":[{"id":"6"}],"mention_everyone":true`, true, false},
		{`"guild_id":"3","author":{"id":"5"},"type":19,"referenced_message":null`, true, false},
		{`"guild_id":"3","author":{"id":"5","bot":true},"mentions":[{"id":"2"}]`, false, false},
		{`"guild_id":"3","author":{"id":"5"},"webhook_id":"5","mentions":[{"id":"2"}]`, false, false},
		{`"guild_id":"3","author":{"id":"5","system":true},"mentions":[{"id":"2"}]`, false, false},
		{`"guild_id":"3","author":{"id":"5"},"type":7,"mentions":[{"id":"2"}]`, false, false},
		{`"author":{"id":"2","bot":true}`, false, false},
		{`"author":null`, false, false},
	} {
		var m message
		if err := json.Unmarshal([]byte(`{"id":"1","channel_id":"4",`+c.message+`}`), &m); err != nil {
			t.Fatal(err)
		}
		if byPerson, asks := m.said("2"); byPerson != c.byPerson || asks != c.asks {
			t.Errorf("%s: by a person: %v, asks: %v", c.message, byPerson, asks)
		}
	}
}

func TestMessageIsARequest(t *testing.T) {
	var m message
	event := `{"id":"1","channel_id":"4","guild_id":"3","type":19,"content":"<@2> Why <@!2>, <@9>?","author":{"id":"5"},"member":{"roles":["6"],"permissions":"8"},
		"mentions":[{"id":"2"}],"referenced_message":{"id":"7","author":{"id":"2"},"components":[{"type":99}]}}`
	if err := json.Unmarshal([]byte(event), &m); err != nil {
		t.Fatal(err)
	}
	want := bot.Request{
		Kind: bot.Said, ID: "1", Message: "1", ReplyTo: "7", Called: true, Text: "Why , <@9>?", Locale: "ja", At: noon,
		Person: bot.Person{ID: "5", Roles: []string{"6"}}, Place: bot.Place{Guild: "3", Channel: "4", Parent: "8"},
	}
	got := m.request("2", channel{ID: "4", Type: 11, ParentID: "8"}, "ja", noon)
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got %+v, want %+v", got, want)
	}
}

func TestPlacesAreLearnt(t *testing.T) {
	p := newPlaces()
	for _, e := range []struct{ name, data, gone string }{
		{"GUILD_CREATE", `{"id":"3","preferred_locale":"fr","channels":[{"id":"4","type":0}],"threads":[{"id":"5","type":12,"parent_id":"4"}]}`, ""},
		{"THREAD_CREATE", `{"id":"6","type":10,"parent_id":"4"}`, ""},
		{"THREAD_DELETE", `{"id":"5"}`, ""},
		{"GUILD_DELETE", `{"id":"3","unavailable":true}`, ""},
		{"GUILD_DELETE", `{"id":"9"}`, "9"},
		{"GUILD_DELETE", `null`, ""},
		{"CHANNEL_UPDATE", `[]`, ""},
	} {
		if _, gone := p.learn(event{Name: e.name, Data: []byte(e.data)}); gone != e.gone {
			t.Errorf("%s %s: %q is gone", e.name, e.data, gone)
		}
	}
	if c, locale, known := p.find("3", "6"); !known || !c.isThread() || locale != "fr" {
		t.Errorf("the thread is %+v, known: %v, in %q", c, known, locale)
	}
	if c, _, known := p.find("3", "4"); !known || c.isThread() {
		t.Errorf("the channel is %+v, known: %v", c, known)
	}
	if _, _, known := p.find("3", "5"); known {
		t.Error("the thread that was deleted is still known")
	}
}

func TestPlacesAreBounded(t *testing.T) {
	m := map[string]int{}
	for i := range maxPlaces + 10 {
		makeRoom(m)
		m[time.Duration(i).String()] = i
	}
	if len(m) > maxPlaces {
		t.Errorf("%d places are remembered", len(m))
	}
}

func TestAttachmentsAreFetchedFromDiscordAlone(t *testing.T) {
	elsewhere := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, "secret") }))
	defer elsewhere.Close()
	discord := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/file":
			io.WriteString(w, "text")
		case "/leads":
			http.Redirect(w, r, elsewhere.URL, http.StatusFound)
		default:
			http.NotFound(w, r)
		}
	}))
	defer discord.Close()
	f := newFiles(discord.URL + "/api/v10")
	opened, err := f.file(attachment{URL: discord.URL + "/file"}).Open(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer opened.Close()
	if text, err := io.ReadAll(opened); string(text) != "text" || err != nil {
		t.Errorf("got %q, %v", text, err)
	}
	for _, address := range []string{
		elsewhere.URL + "/file", discord.URL + "/leads", discord.URL + "/none", "http://cdn.discordapp.com/x", "https://cdn.discordapp.com.evil.example/x",
		"https://cdn.discordapp.com@evil.example/x", "file:///etc/passwd", "%",
	} {
		if _, err := f.file(attachment{URL: address}).Open(t.Context()); err == nil || strings.Contains(err.Error(), "://") {
			t.Errorf("%s: %v", address, err)
		}
	}
}

func FuzzEvents(f *testing.F) {
	f.Add([]byte(`{"id":"1","token":"t","type":2,"user":{"id":"5"},"data":{"type":1,"options":[null,{"type":1,"options":[null]}]}}`))
	f.Add([]byte(`{"id":"1","author":{"id":"5"},"content":"x"}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		var in interaction
		if json.Unmarshal(data, &in) == nil {
			in.request(noon, fileNamed)
		}
		var m message
		if json.Unmarshal(data, &m) == nil {
			if byPerson, _ := m.said("2"); byPerson {
				m.request("2", channel{}, "", noon)
			}
		}
		for _, name := range []string{"GUILD_CREATE", "GUILD_DELETE", "THREAD_CREATE", "THREAD_LIST_SYNC", "CHANNEL_DELETE"} {
			newPlaces().learn(event{Name: name, Data: data})
		}
	})
}
