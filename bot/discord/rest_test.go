package discord

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/bwmarrin/discordgo"

	"footnote/bot/discordtest"
)

// newTestClient is a client of a fake Discord with a server and a channel.
func newTestClient(t *testing.T) (c *client, s *discordtest.Server, channel string) {
	t.Helper()
	s = discordtest.New(t)
	c = newClient(Options{Token: s.Token, APIURL: s.URL(), Version: "test", Timing: Timing{Scale: 50}})
	t.Cleanup(c.Close)
	return c, s, s.AddChannel(s.AddGuild("Newsroom"), "news")
}

type testMessage struct {
	Content  string              `json:"content"`
	Flags    int                 `json:"flags"`
	Mentions map[string][]string `json:"allowed_mentions"`
	Nonce    string              `json:"nonce,omitempty"`
	Enforce  bool                `json:"enforce_nonce,omitempty"`
}

func say(text string) testMessage {
	return testMessage{Content: text, Flags: 4, Mentions: map[string][]string{"parse": {}}}
}

func sayOnce(text string) testMessage {
	m := say(text)
	m.Nonce, m.Enforce = "nonce of "+text, true
	return m
}

// firstCalls answers the first n calls with a fault.
func firstCalls(n int, fault *discordtest.Response) func(*http.Request) *discordtest.Response {
	return func(*http.Request) *discordtest.Response {
		if n == 0 {
			return nil
		}
		n--
		return fault
	}
}

func contents(messages []discordtest.Message) []string {
	var all []string
	for _, m := range messages {
		all = append(all, m.Content)
	}
	return all
}

func TestMessageIsPostedEditedAndDeleted(t *testing.T) {
	c, s, channel := newTestClient(t)
	id, err := c.createMessage(t.Context(), channel, sayOnce("first"))
	if err := errors.Join(err, c.editMessage(t.Context(), channel, id, say("second"))); err != nil {
		t.Fatal(err)
	}
	if all := contents(s.Messages(channel)); !slices.Equal(all, []string{"second"}) {
		t.Errorf("the channel holds %q", all)
	}
	if err := c.deleteMessage(t.Context(), channel, id); err != nil || len(s.Messages(channel)) != 0 {
		t.Errorf("deleting: %v; the channel holds %d messages", err, len(s.Messages(channel)))
	}
}

func TestInteractionIsDeferredEditedAndFollowedUp(t *testing.T) {
	c, s, channel := newTestClient(t)
	x := s.Slash(channel, s.AddPerson("ada"), "ask", discordtest.Text("question", "why?"))
	err := c.callback(t.Context(), x.ID, x.Token, map[string]any{"type": 5})
	_, edited := c.editOriginal(t.Context(), s.AppID, x.Token, say("an answer"))
	_, followed := c.followup(t.Context(), s.AppID, x.Token, say("its rest"))
	if err := errors.Join(err, edited, followed); err != nil {
		t.Fatal(err)
	}
	if all := contents(x.Messages()); !slices.Equal(all, []string{"an answer", "its rest"}) {
		t.Errorf("the person sees %q", all)
	}
	if err := c.deleteOriginal(t.Context(), s.AppID, x.Token); err != nil || len(x.Messages()) != 1 {
		t.Errorf("deleting: %v; the person sees %q", err, contents(x.Messages()))
	}
}

func TestWhatIsAroundMessages(t *testing.T) {
	c, s, channel := newTestClient(t)
	ada := s.AddPerson("ada")
	said := s.Say(channel, ada, "why?", discordtest.Saying{Mention: true})
	for range 2 { // a thread that is there is no error
		if id, err := c.startThread(t.Context(), channel, said.ID, "why?"); err != nil || id != said.ID {
			t.Errorf("the thread: %q, %v", id, err)
		}
	}
	if id, err := c.openDirect(t.Context(), ada); err != nil || id != s.Direct(ada) {
		t.Errorf("the direct channel: %q, %v", id, err)
	}
	if found, err := c.getChannel(t.Context(), said.ID); err != nil || found.ParentID != channel || !found.IsThread() {
		t.Errorf("the channel: %+v, %v", found, err)
	}
	if user, err := c.me(t.Context()); err != nil || user.ID != s.BotID {
		t.Errorf("the bot: %+v, %v", user, err)
	}
	if info, err := c.gatewayBot(t.Context()); err != nil || info.Shards != 1 || info.URL == "" {
		t.Errorf("the gateway: %+v, %v", info, err)
	}
	if err := c.typing(t.Context(), channel); err != nil || s.Typing(channel) != 1 {
		t.Errorf("typing: %v, seen %d times", err, s.Typing(channel))
	}
}

func TestCommandsAreRegisteredAgainUnderTheirIDs(t *testing.T) {
	c, s, _ := newTestClient(t)
	commands := []*discordgo.ApplicationCommand{{Name: "help", Description: "How to ask", Type: discordgo.ChatApplicationCommand}}
	var ids []any
	for range 2 {
		if err := c.registerCommands(t.Context(), s.AppID, "", commands); err != nil {
			t.Fatal(err)
		}
		ids = append(ids, s.Commands("")[0]["id"])
	}
	if ids[0] != ids[1] {
		t.Errorf("the command's id was %v, and then %v", ids[0], ids[1])
	}
}

// Rows 19 and 20: the server fails the test if a call comes too early.
func TestThrottledCallWaitsAsLongAsItIsAsked(t *testing.T) {
	for _, scope := range []discordtest.Scope{discordtest.OfRoute, discordtest.OfShared, discordtest.OfAll} {
		c, s, channel := newTestClient(t)
		s.Fault(firstCalls(1, discordtest.Limited(scope, 30*time.Millisecond)))
		if _, err := c.createMessage(t.Context(), channel, sayOnce("hello")); err != nil {
			t.Errorf("%s: %v", scope, err)
		}
		if n := len(s.Calls()); n != 2 {
			t.Errorf("%s: %d calls were made", scope, n)
		}
	}
}

// Row 23.
func TestRefusedTokenEndsEverything(t *testing.T) {
	c, s, channel := newTestClient(t)
	s.Fault(firstCalls(1, discordtest.Refused(http.StatusUnauthorized, 0)))
	for range 2 {
		_, err := c.createMessage(t.Context(), channel, sayOnce("hello"))
		if fatal, ok := errors.AsType[*FatalError](err); !ok || fatal.Setting != "discord.token" {
			t.Errorf("the error is %v", err)
		}
	}
	select {
	case <-c.stopped():
	default:
		t.Error("the client is not stopped")
	}
	if n := len(s.Calls()); n != 1 {
		t.Errorf("%d calls were made", n)
	}
}

// Row 23, the other kind.
func TestExpiredInteractionEndsNothingElse(t *testing.T) {
	c, s, channel := newTestClient(t)
	x := s.Slash(channel, s.AddPerson("ada"), "ask")
	if err := c.callback(t.Context(), x.ID, x.Token, map[string]any{"type": 5}); err != nil {
		t.Fatal(err)
	}
	x.Expire()
	if _, err := c.editOriginal(t.Context(), s.AppID, x.Token, say("late")); !isCode(err, codeWebhookExpired) {
		t.Errorf("the error is %v", err)
	}
	if _, err := c.createMessage(t.Context(), channel, sayOnce("late")); err != nil {
		t.Error(err)
	}
}

// Row 24.
func TestUnusableChannelIsLeftAlone(t *testing.T) {
	for _, test := range []struct {
		status, code int
		calls        int // of two posts and a note of typing
	}{
		{http.StatusForbidden, codeMissingAccess, 1},
		{http.StatusNotFound, codeUnknownChannel, 1},
		{http.StatusForbidden, codeMissingPermissions, 2}, // to write, which typing may not need
		{http.StatusNotFound, codeUnknownMessage, 3},
	} {
		c, s, channel := newTestClient(t)
		s.Fault(firstCalls(1, discordtest.Refused(test.status, test.code)))
		_, err := c.createMessage(t.Context(), channel, sayOnce("hello"))
		_, _ = c.createMessage(t.Context(), channel, sayOnce("again"))
		_ = c.typing(t.Context(), channel)
		if n := len(s.Calls()); n != test.calls || !isCode(err, test.code) {
			t.Errorf("code %d: %d calls were made, not %d; the error is %v", test.code, n, test.calls, err)
		}
	}
}

// Row 25 and 30: what is refused for itself is not tried again.
func TestRefusalIsNotRepeated(t *testing.T) {
	for _, code := range []int{codeUnknownInteraction, codeAcknowledged, codeInvalidBody} {
		c, s, _ := newTestClient(t)
		s.Fault(firstCalls(1, discordtest.Refused(http.StatusBadRequest, code)))
		err := c.callback(t.Context(), "1", "t", map[string]any{"type": 6})
		if n := len(s.Calls()); n != 1 || !isCode(err, code) {
			t.Errorf("code %d: %d calls were made; the error is %v", code, n, err)
		}
	}
}

// Row 26.
func TestPostIsRepeatedButPostsOnce(t *testing.T) {
	for _, fault := range []*discordtest.Response{
		{Status: 500}, {Status: 502}, {Status: 503}, {Status: 504},
		{Reset: true}, {Reset: true, After: true}, {Status: 502, After: true},
	} {
		c, s, channel := newTestClient(t)
		s.Fault(firstCalls(2, fault))
		if _, err := c.createMessage(t.Context(), channel, sayOnce("hello")); err != nil {
			t.Errorf("%+v: %v", fault, err)
		}
		if all := s.Messages(channel); len(all) != 1 || len(s.Calls()) != 3 {
			t.Errorf("%+v: %d messages by %d calls", fault, len(all), len(s.Calls()))
		}
	}
}

// Row 26.
func TestRepetitionHasAnEnd(t *testing.T) {
	c, s, channel := newTestClient(t)
	s.Fault(func(*http.Request) *discordtest.Response { return &discordtest.Response{Status: 503} })
	_, err := c.createMessage(t.Context(), channel, sayOnce("hello"))
	if answered, ok := errors.AsType[*apiError](err); !ok || answered.Status != 503 || len(s.Calls()) != 3 {
		t.Errorf("%d calls were made; the error is %v", len(s.Calls()), err)
	}
}

func TestFollowupWithoutNonceIsNotRepeated(t *testing.T) {
	c, s, _ := newTestClient(t)
	s.Fault(firstCalls(1, &discordtest.Response{Status: 502}))
	if _, err := c.followup(t.Context(), s.AppID, "t", say("hello")); err == nil || len(s.Calls()) != 1 {
		t.Errorf("%d calls were made; the error is %v", len(s.Calls()), err)
	}
}

func TestCallbackThatGotThroughUnnoticedIsNoError(t *testing.T) {
	c, s, channel := newTestClient(t)
	x := s.Slash(channel, s.AddPerson("ada"), "ask")
	s.Fault(firstCalls(1, &discordtest.Response{Reset: true, After: true}))
	if err := c.callback(t.Context(), x.ID, x.Token, map[string]any{"type": 5}); err != nil || !x.Answered() {
		t.Errorf("answered: %v; the error is %v", x.Answered(), err)
	}
}

// Row 27.
func TestHangingCallEndsWithItsContextAndHoldsUpNoOther(t *testing.T) {
	c, s, channel := newTestClient(t)
	slow := s.Slash(channel, s.AddPerson("ada"), "ask")
	quick := s.Slash(channel, s.AddPerson("bob"), "ask")
	s.Fault(func(r *http.Request) *discordtest.Response {
		if strings.Contains(r.URL.Path, slow.Token) {
			return &discordtest.Response{Hang: true}
		}
		return nil
	})
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error)
	go func() { done <- c.callback(ctx, slow.ID, slow.Token, map[string]any{"type": 5}) }()
	if err := c.callback(t.Context(), quick.ID, quick.Token, map[string]any{"type": 5}); err != nil {
		t.Error(err)
	}
	cancel()
	if err := <-done; !errors.Is(err, context.Canceled) {
		t.Errorf("the error is %v", err)
	}
}

func TestCallThatHangsIsMadeAgainInItsTime(t *testing.T) {
	c, s, channel := newTestClient(t)
	x := s.Slash(channel, s.AddPerson("ada"), "ask")
	s.Fault(firstCalls(1, &discordtest.Response{Hang: true}))
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Second)
	defer cancel()
	if err := c.callback(ctx, x.ID, x.Token, map[string]any{"type": 5}); err != nil || len(s.Calls()) != 2 {
		t.Errorf("%d calls were made; the error is %v", len(s.Calls()), err)
	}
}

func TestErrorsHoldNoTokenAndNoAddress(t *testing.T) {
	for _, fault := range []*discordtest.Response{
		{Status: 500, Body: "secret-of-ada"}, {Reset: true}, {Status: 404}, {Status: 200, Body: "no JSON"}, {Status: 302},
		discordtest.Limited(discordtest.OfRoute, time.Hour),
	} {
		c, s, _ := newTestClient(t)
		s.Fault(func(*http.Request) *discordtest.Response { return fault })
		_, err := c.editOriginal(t.Context(), s.AppID, "secret-of-ada", say("hello"))
		if err == nil {
			t.Errorf("%+v: there is no error", fault)
			continue
		}
		for _, secret := range []string{"secret-of-ada", s.Token, "http:", "webhooks"} {
			if strings.Contains(err.Error(), secret) {
				t.Errorf("%+v: the error holds %q: %v", fault, secret, err)
			}
		}
	}
}
