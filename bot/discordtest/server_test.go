package discordtest

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"testing"
	"time"
)

// A place is a channel of a server, and a person who is there.
type place struct {
	*Server
	guild, channel, person string
}

func newPlace(t *testing.T) place {
	t.Helper()
	s := New(t)
	guild := s.AddGuild("Newsroom")
	return place{s, guild, s.AddChannel(guild, "news"), s.AddPerson("ada")}
}

// do makes a call as the bot, and returns the status and Discord's own code or
// the id of what was made.
func (p place) do(t *testing.T, method, path string, body any) (status, code int, id string) {
	t.Helper()
	var encoded []byte
	if body != nil {
		text, err := json.Marshal(body)
		if err != nil {
			t.Fatal(err)
		}
		encoded = text
	}
	r, err := http.NewRequestWithContext(t.Context(), method, p.URL()+path, bytes.NewReader(encoded))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Authorization", "Bot "+p.Token)
	response, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	var said struct {
		Code int    `json:"code"`
		ID   string `json:"id"`
	}
	_ = json.Unmarshal(text, &said) // an empty body says nothing
	return response.StatusCode, said.Code, said.ID
}

func (p place) ask() *Exchange { return p.Slash(p.channel, p.person, "ask", Text("question", "why?")) }

func (p place) callback(t *testing.T, x *Exchange, body any) (status, code int) {
	t.Helper()
	status, code, _ = p.do(t, http.MethodPost, "/interactions/"+x.ID+"/"+x.Token+"/callback", body)
	return status, code
}

func (p place) original(x *Exchange) string {
	return "/webhooks/" + p.AppID + "/" + x.Token + "/messages/@original"
}

func TestInteractionIsAnsweredOnce(t *testing.T) {
	p := newPlace(t)
	x := p.ask()
	if status, _ := p.callback(t, x, goodCallback()); status != http.StatusNoContent {
		t.Fatalf("the first answer got %d", status)
	}
	if status, code := p.callback(t, x, goodCallback()); status != http.StatusBadRequest || code != alreadyAnswered {
		t.Errorf("the second answer got %d, code %d", status, code)
	}
}

func TestLateAnswerIsUnknown(t *testing.T) {
	p := newPlace(t)
	p.SetScale(1e9)
	x := p.ask()
	time.Sleep(time.Millisecond)
	if status, code := p.callback(t, x, goodCallback()); status != http.StatusNotFound || code != unknownInteraction {
		t.Errorf("got %d, code %d", status, code)
	}
}

func TestCallbackMustFitTheInteraction(t *testing.T) {
	p := newPlace(t)
	if status, _ := p.callback(t, p.ask(), object{"type": 6}); status != http.StatusBadRequest {
		t.Errorf("an update without a message got %d", status)
	}
	typing := p.Autocomplete(p.channel, p.person, "ask", Typed("outlet", "A"))
	if status, _ := p.callback(t, typing, object{"type": 5}); status != http.StatusBadRequest {
		t.Errorf("a deferral of choices got %d", status)
	}
}

func TestOriginalLivesFromCallbackToDeletion(t *testing.T) {
	p := newPlace(t)
	x := p.ask()
	edit := func() (int, int) {
		status, code, _ := p.do(t, http.MethodPatch, p.original(x), goodMessage())
		return status, code
	}
	if status, code := edit(); status != http.StatusNotFound || code != unknownWebhook {
		t.Errorf("before the callback: %d, code %d", status, code)
	}
	p.callback(t, x, object{"type": 5})
	if m := x.Messages(); len(m) != 1 || !m[0].Thinking {
		t.Errorf("after the callback the person sees %+v", m)
	}
	if status, _ := edit(); status != http.StatusOK || x.Messages()[0].Thinking {
		t.Errorf("the edit got %d, and the person sees %+v", status, x.Messages())
	}
	p.do(t, http.MethodDelete, p.original(x), nil)
	if status, code := edit(); status != http.StatusNotFound || code != unknownMessage {
		t.Errorf("after the deletion: %d, code %d", status, code)
	}
}

func TestTokenExpires(t *testing.T) {
	p := newPlace(t)
	x := p.ask()
	p.callback(t, x, goodCallback())
	x.Expire()
	if status, code, _ := p.do(t, http.MethodPatch, p.original(x), goodMessage()); status != http.StatusUnauthorized || code != webhookExpired {
		t.Errorf("got %d, code %d", status, code)
	}
}

func TestPrivateStaysOutOfTheChannel(t *testing.T) {
	p := newPlace(t)
	x := p.ask()
	p.callback(t, x, object{"type": 5, "data": object{"flags": 64}})
	p.do(t, http.MethodPatch, p.original(x), goodMessage())
	p.do(t, http.MethodPost, "/webhooks/"+p.AppID+"/"+x.Token, with(goodMessage(), "flags", 68))
	if !x.Private() || len(x.Messages()) != 2 || len(p.Messages(p.channel)) != 0 {
		t.Errorf("the person sees %+v, the channel %+v", x.Messages(), p.Messages(p.channel))
	}
}

func TestNoncePostsOnce(t *testing.T) {
	p := newPlace(t)
	_, _, first := p.do(t, http.MethodPost, "/channels/"+p.channel+"/messages", goodPost())
	_, _, second := p.do(t, http.MethodPost, "/channels/"+p.channel+"/messages", goodPost())
	if first == "" || first != second || len(p.Messages(p.channel)) != 1 {
		t.Errorf("the messages are %q and %q, the channel holds %d", first, second, len(p.Messages(p.channel)))
	}
}

func TestReplyToWhatIsGone(t *testing.T) {
	p := newPlace(t)
	for reference, want := range map[string]int{`{"message_id":"5"}`: 400, `{"message_id":"5","fail_if_not_exists":false}`: 200} {
		body := with(goodPost(), "message_reference", json.RawMessage(reference))
		if status, _, _ := p.do(t, "POST", "/channels/"+p.channel+"/messages", body); status != want {
			t.Errorf("a reply with %s is answered %d, want %d", reference, status, want)
		}
	}
}

func TestPressAndSubmitCarryTheMessage(t *testing.T) {
	p := newPlace(t)
	_, _, id := p.do(t, http.MethodPost, "/channels/"+p.channel+"/messages", goodPost())
	x := p.Press(id, p.Messages(p.channel)[0].Button("Sources").CustomID, p.person)
	p.callback(t, x, goodForm())
	sent := x.Submit(map[string]string{"text": "words"})
	if status, _ := p.callback(t, sent, object{"type": 7, "data": with(goodMessage(), "content", "changed")}); status != http.StatusNoContent {
		t.Fatalf("the update got %d", status)
	}
	if m := p.Messages(p.channel)[0]; m.Content != "changed" || m.Edits != 1 {
		t.Errorf("the message is %+v", m)
	}
}

func TestThreadIsOpenedOnce(t *testing.T) {
	p := newPlace(t)
	said := p.Say(p.channel, p.person, "why?", Saying{Mention: true})
	path := "/channels/" + p.channel + "/messages/" + said.ID + "/threads"
	if status, _, id := p.do(t, http.MethodPost, path, object{"name": "why?"}); status != http.StatusCreated || id != said.ID {
		t.Errorf("got %d, id %q", status, id)
	}
	if _, code, _ := p.do(t, http.MethodPost, path, object{"name": "why?"}); code != threadExists {
		t.Errorf("the second got code %d", code)
	}
}

func TestTextIsHiddenFromTheBotUnlessItIsMeant(t *testing.T) {
	p := newPlace(t)
	_, _, own := p.do(t, http.MethodPost, "/channels/"+p.channel+"/messages", goodPost())
	for _, test := range []struct {
		what    string
		channel string
		how     Saying
		shown   bool
	}{
		{"plain", p.channel, Saying{}, false},
		{"a mention", p.channel, Saying{Mention: true}, true},
		{"a reply to the bot", p.channel, Saying{ReplyTo: own}, true},
		{"a silent reply", p.channel, Saying{ReplyTo: own, Silent: true}, false},
		{"a direct message", p.Direct(p.person), Saying{}, true},
	} {
		m := &Message{ID: "9", Channel: test.channel, Author: p.person, Content: "why?", ReplyTo: test.how.ReplyTo}
		p.mu.Lock()
		payload := p.saying(m, test.how)
		p.mu.Unlock()
		if shown := payload["content"] == "why?"; shown != test.shown {
			t.Errorf("%s: the bot is shown the text: %v", test.what, shown)
		}
	}
}

func TestWrongTokenIsUnauthorised(t *testing.T) {
	p := newPlace(t)
	r, _ := http.NewRequestWithContext(t.Context(), http.MethodGet, p.URL()+"/users/@me", nil)
	r.Header.Set("Authorization", "Bot wrong")
	response, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	response.Body.Close()
	if response.StatusCode != http.StatusUnauthorized {
		t.Errorf("got %d", response.StatusCode)
	}
}

// A judge is a test that notes its failures.
type judge struct {
	testing.TB
	failed bool
}

func (j *judge) Errorf(string, ...any) { j.failed = true }

func TestCallBeforeA429AllowsItIsABreach(t *testing.T) {
	for _, scope := range []Scope{OfRoute, OfAll, OfEveryone} {
		var f faults
		f.hooks = append(f.hooks, func(*http.Request) *Response { return Limited(scope, time.Hour) })
		r, _ := http.NewRequestWithContext(t.Context(), http.MethodGet, "http://x/users/@me", nil)
		j := &judge{TB: t}
		f.next(j, r)
		if j.failed {
			t.Errorf("%s: the first call is a breach", scope)
		}
		if f.next(j, r); !j.failed {
			t.Errorf("%s: the second call is none", scope)
		}
	}
}
