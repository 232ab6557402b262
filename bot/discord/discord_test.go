package discord

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"footnote/bot"
	"footnote/bot/discordtest"

	"go.uber.org/goleak"
)

// scale is by how much the bot's own times are shorter in tests.
const scale = 20

// A fakeBot serves as a test says.
type fakeBot struct {
	serve   func(ctx context.Context, r bot.Request, to bot.Responder)
	joined  func(guilds []string, all func(string) bool)
	removed func(guild string)
}

func (b fakeBot) Serve(ctx context.Context, r bot.Request, to bot.Responder) { b.serve(ctx, r, to) }
func (b fakeBot) Joined(_ context.Context, guilds []string, all func(string) bool) {
	if b.joined != nil {
		b.joined(guilds, all)
	}
}
func (b fakeBot) Removed(_ context.Context, guild string) { b.removed(guild) }

func (b fakeBot) TurnAway(string) bot.Reply { r := words("too much"); r.Private = true; return r }

func (b fakeBot) Commands() []bot.CommandSpec {
	return []bot.CommandSpec{{
		Name: "ask", Names: map[bot.Language]string{bot.German: "frage"}, Description: map[bot.Language]string{bot.English: "Ask", bot.Spanish: "Pregunta"},
		Options: []bot.OptionSpec{{Name: "question", Description: map[bot.Language]string{bot.English: "What"}, Required: true, Max: 4000}},
	}, {
		Name: "status", Description: map[bot.Language]string{bot.English: "Status"}, Admin: true, GuildOnly: true,
	}, {
		Name: "Check this message", Menu: true,
	}}
}

// A world is a fake Discord with a server, a channel and a person in it.
type world struct {
	*discordtest.Server
	guild, channel, ada string
	events              chan string // that were observed, as many as there is room for
	stop                func() error
	ended               func() error // waits until the bot ends by itself
}

// connected runs a bot on a fake Discord until the test ends.
func connected(t *testing.T, change func(*Options), serve func(ctx context.Context, r bot.Request, to bot.Responder)) *world {
	t.Helper()
	return connectedAs(t, change, fakeBot{serve: serve})
}

func connectedAs(t *testing.T, change func(*Options), b fakeBot) *world {
	t.Helper()
	s := discordtest.New(t)
	guild := s.AddGuild("Newsroom")
	w := &world{Server: s, guild: guild, channel: s.AddChannel(guild, "news"), ada: s.AddPerson("ada"), events: make(chan string, 1000)}
	o := Options{
		Token: s.Token, APIURL: s.URL(), Mentions: true, Version: "test", Log: slog.New(slog.DiscardHandler), Now: time.Now,
		Timing: Timing{Scale: scale}, Budget: noBudget{},
		Observe: func(e string) {
			select {
			case w.events <- e:
			default:
			}
		},
	}
	if change != nil {
		change(&o)
	}
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- run(ctx, b, o) }()
	w.ended = func() error { err := <-done; done <- err; return err }
	w.stop = func() error { cancel(); return w.ended() }
	t.Cleanup(func() { w.stop() })
	select {
	case <-s.Gateway().Begun():
	case err := <-done:
		t.Fatalf("the bot ended: %v", err)
	}
	return w
}

type noBudget struct{}

func (noBudget) Identifies(context.Context, time.Time) ([]time.Time, error) { return nil, nil }
func (noBudget) Identified(context.Context, time.Time) error                { return nil }

// observed waits for an event on the connection.
func (w *world) observed(t *testing.T, event string) {
	t.Helper()
	timeout := time.After(10 * time.Second)
	for {
		select {
		case e := <-w.events:
			if e == event {
				return
			}
		case <-timeout:
			t.Errorf("%q was not observed", event)
			return
		}
	}
}

// onPath is a fault in the calls whose method and path match.
func onPath(method, part string, fault *discordtest.Response) func(*http.Request) *discordtest.Response {
	return func(r *http.Request) *discordtest.Response {
		if r.Method == method && strings.Contains(r.URL.Path, part) {
			return fault
		}
		return nil
	}
}

// says waits until the last message of an answer holds a text.
func says(x *discordtest.Exchange, text string) []discordtest.Message {
	return x.Await(func(all []discordtest.Message) bool {
		return len(all) > 0 && strings.Contains(all[len(all)-1].Content, text)
	})
}

func words(text string) bot.Reply { return bot.Reply{Blocks: []bot.Block{block(bot.Sentence, text)}} }

func TestCommandsAreRegistered(t *testing.T) {
	w := connected(t, nil, nil)
	w.observed(t, "registered")
	commands := w.Commands("")
	if len(commands) != 3 {
		t.Fatalf("there are %d commands", len(commands))
	}
	names, _ := commands[0]["name_localizations"].(map[string]any)
	texts, _ := commands[0]["description_localizations"].(map[string]any)
	if len(names) != 1 || names["de"] != "frage" || texts["es-ES"] != "Pregunta" || texts["es-419"] != "Pregunta" {
		t.Errorf("the texts are %v and %v", names, texts)
	}
	if commands[1]["default_member_permissions"] != "32" || len(commands[1]["contexts"].([]any)) != 1 {
		t.Errorf("the command of admins is %v", commands[1])
	}
}

func TestCommandsOfATestServerAreItsOwn(t *testing.T) {
	const guild = "1"
	w := connected(t, func(o *Options) {
		o.Guild = guild
		c := newClient(*o) // as it was before the setting
		if err := c.registerCommands(t.Context(), c.application(t.Context(), ""), "", commandsOf(fakeBot{}.Commands())); err != nil {
			t.Fatal(err)
		}
		c.Close()
	}, nil)
	w.observed(t, "registered")
	if len(w.Commands(guild)) != 3 || len(w.Commands("")) != 0 {
		t.Errorf("%d commands there, %d everywhere", len(w.Commands(guild)), len(w.Commands("")))
	}
}

func TestAPanicEndsNothingElse(t *testing.T) {
	w := connected(t, nil, func(ctx context.Context, r bot.Request, to bot.Responder) {
		if r.Name == "ask" {
			panic("a question")
		}
		to.Answer(ctx, words("here"))
	})
	w.Slash(w.channel, w.ada, "ask")
	w.observed(t, "panic")
	says(w.Slash(w.channel, w.ada, "help"), "here")
}

func TestWhatIsNotForTheBotStartsNothing(t *testing.T) {
	var served atomic.Int32
	w := connected(t, nil, func(ctx context.Context, r bot.Request, to bot.Responder) {
		if r.Kind == bot.Said {
			served.Add(1)
		}
		to.Answer(ctx, words("here"))
	})
	for _, how := range []discordtest.Saying{{}, {Mention: true, Bot: true}, {Mention: true, Webhook: true}, {Mention: true, System: true}} {
		w.Say(w.channel, w.ada, "hello", how)
	}
	for _, name := range []string{"INTERACTION_CREATE", "MESSAGE_CREATE", "GUILD_CREATE", "READY", "SOMETHING_NEW"} {
		for _, data := range []any{nil, "x", []any{}, map[string]any{"id": 7}, map[string]any{"type": "x"}} {
			w.Gateway().Dispatch(name, data)
		}
	}
	says(w.Slash(w.channel, w.ada, "help"), "here") // all that came before was handled
	if n := served.Load(); n != 0 {
		t.Errorf("%d messages were served", n)
	}
}

func TestMentionsAreLeftAloneIfTheyAreOff(t *testing.T) {
	w := connected(t, func(o *Options) { o.Mentions = false }, func(ctx context.Context, r bot.Request, to bot.Responder) {
		if r.Kind == bot.Said && !r.Place.Direct {
			t.Errorf("a message was served: %+v", r.Place)
		}
		to.Answer(ctx, words("here"))
	})
	w.Say(w.channel, w.ada, "hello", discordtest.Saying{Mention: true})
	says(w.Say(w.Direct(w.ada), w.ada, "hello", discordtest.Saying{}), "here")
}

func TestABotThatIsRemovedFromServersIsToldOfEach(t *testing.T) {
	gone, resume := make(chan string, 100), make(chan struct{})
	w := connectedAs(t, nil, fakeBot{removed: func(guild string) { <-resume; gone <- guild }})
	all := []string{w.guild}
	for range 50 {
		all = append(all, w.AddGuild("another"))
	}
	for _, guild := range all {
		w.RemoveGuild(guild)
	}
	close(resume)
	for _, guild := range all {
		if got := <-gone; got != guild {
			t.Errorf("%q is gone, want %q", got, guild)
		}
	}
}

func TestABotIsToldInWhichServersItIs(t *testing.T) {
	type news struct {
		guilds []string
		all    func(string) bool
	}
	told := make(chan news, 10)
	w := connectedAs(t, nil, fakeBot{joined: func(guilds []string, all func(string) bool) { told <- news{guilds, all} }})
	if first := <-told; !slices.Equal(first.guilds, []string{w.guild}) || first.all == nil || !first.all("1") || first.all(w.guild) {
		t.Errorf("at first: %+v", first)
	}
	<-told // of the same server again
	later := w.AddGuild("later")
	if n := <-told; !slices.Equal(n.guilds, []string{later}) || n.all != nil {
		t.Errorf("later: %+v", n)
	}
	second := ready{Shard: [2]uint64{1, 2}}
	if second.tells("4194303") || !second.tells("4194304") || second.tells("town") {
		t.Error("a connection knows not of which servers it tells")
	}
}

func TestAServerThatTheBotIsInIsNotErased(t *testing.T) {
	gone := make(chan string, 2)
	w := connectedAs(t, nil, fakeBot{removed: func(guild string) { gone <- guild }})
	w.Gateway().Dispatch("GUILD_DELETE", map[string]any{"id": w.guild})
	asked := func(c discordtest.Call) bool { return c.Path == "/guilds/"+w.guild }
	for !slices.ContainsFunc(w.Calls(), asked) {
		time.Sleep(time.Millisecond)
	}
	other := w.AddGuild("Archive")
	w.RemoveGuild(other)
	if guild := <-gone; guild != other || len(gone) > 0 {
		t.Errorf("%q is gone, %q is not", guild, other)
	}
}

func TestMoreThanCanBeWorkedOnIsRefused(t *testing.T) {
	observed := make(chan string, 1)
	h := newHandler(fakeBot{}, Options{Observe: func(e string) { observed <- e }}, nil, nil)
	release := make(chan struct{})
	for range cap(h.messages) {
		h.start(t.Context(), h.messages, "", func() { <-release })
	}
	h.start(t.Context(), h.messages, "", func() { t.Error("it was worked on") })
	if e := <-observed; e != "event refused" {
		t.Errorf("observed %q", e)
	}
	close(release)
	h.running.Wait()
}

func TestAllAreAcknowledgedWhileEverythingElseHangs(t *testing.T) {
	w := connected(t, nil, func(ctx context.Context, _ bot.Request, to bot.Responder) {
		to.Acknowledge(ctx, bot.Acknowledgement{})
		to.Show(ctx, words("a draft"))
		<-ctx.Done()
	})
	w.Fault(onPath(http.MethodPatch, "/webhooks/", &discordtest.Response{Hang: true}))
	var all []*discordtest.Exchange
	for range 200 {
		all = append(all, w.Slash(w.channel, w.ada, "ask"))
	}
	for _, x := range all {
		x.Acked()
	}
}

// The last word of a stopping bot is sent; a call that hangs is cut off.
func TestStop(t *testing.T) {
	leaks := goleak.IgnoreCurrent()
	t.Run("says so", func(t *testing.T) {
		serving := make(chan struct{})
		w := connected(t, nil, func(ctx context.Context, _ bot.Request, to bot.Responder) {
			to.Acknowledge(ctx, bot.Acknowledgement{})
			close(serving)
			<-ctx.Done()
			to.Finish(context.WithoutCancel(ctx), words("restarting"))
		})
		x := w.Slash(w.channel, w.ada, "ask")
		<-serving
		if err := w.stop(); err != nil {
			t.Error(err)
		}
		if m := x.Messages(); len(m) != 1 || m[0].Content != "restarting" {
			t.Errorf("the person sees %+v", m)
		}
	})
	t.Run("does not wait for what hangs", func(t *testing.T) {
		serving := make(chan struct{}, 2)
		w := connected(t, nil, func(ctx context.Context, r bot.Request, to bot.Responder) {
			to.Acknowledge(ctx, bot.Acknowledgement{})
			serving <- struct{}{}
			_, err := to.Finish(context.WithoutCancel(ctx), words("an answer"))
			if !errors.Is(err, context.Canceled) {
				t.Errorf("the error is %v", err)
			}
		})
		w.Fault(onPath(http.MethodPatch, "", &discordtest.Response{Hang: true}))
		w.Fault(onPath(http.MethodPost, "/messages", &discordtest.Response{Hang: true}))
		w.Slash(w.channel, w.ada, "ask")
		w.Say(w.channel, w.ada, "hello", discordtest.Saying{Mention: true})
		<-serving
		<-serving
		began := time.Now()
		if err := w.stop(); err != nil || time.Since(began) > 5*time.Second {
			t.Errorf("it took %v; the error is %v", time.Since(began), err)
		}
	})
	goleak.VerifyNone(t, leaks)
}

func TestTheLogSaysThatNoCallIsMade(t *testing.T) {
	var log bytes.Buffer
	w := connected(t, func(o *Options) { o.Log = slog.New(slog.NewTextHandler(&log, nil)) }, func(ctx context.Context, _ bot.Request, to bot.Responder) {
		to.Acknowledge(ctx, bot.Acknowledgement{})
	})
	w.observed(t, "registered") // no other call is on its way
	w.Fault(onPath(http.MethodPost, "/callback", discordtest.Limited(discordtest.OfEveryone, time.Second)))
	w.Slash(w.channel, w.ada, "ask")
	w.observed(t, "rest stopped")
	w.stop()
	if !strings.Contains(log.String(), "none is made for a minute or more") {
		t.Errorf("the log: %s", &log)
	}
}

func TestARefusedTokenEndsTheBot(t *testing.T) {
	w := connected(t, nil, func(ctx context.Context, _ bot.Request, to bot.Responder) {
		to.Acknowledge(ctx, bot.Acknowledgement{})
		<-ctx.Done()
	})
	w.Fault(onPath(http.MethodPost, "/typing", discordtest.Refused(http.StatusUnauthorized, 0)))
	w.Say(w.channel, w.ada, "hello", discordtest.Saying{Mention: true})
	if fatal, ok := errors.AsType[*FatalError](w.ended()); !ok || fatal.Setting != "discord.token" {
		t.Error("the bot did not say why it ended")
	}
}

func TestWhatIsOverheard(t *testing.T) {
	heard := make(chan string, 10)
	w := connected(t, nil, func(_ context.Context, r bot.Request, _ bot.Responder) { heard <- r.Text + " in " + r.Place.Parent })
	thread, forgotten := w.AddThread(w.channel, "shells"), w.AddThread(w.channel, "more shells")
	w.Gateway().Dispatch("THREAD_DELETE", map[string]any{"id": forgotten})
	say := func(channel, text, more string) {
		w.Gateway().Dispatch("MESSAGE_CREATE", json.RawMessage(
			`{"id":"`+text+`","channel_id":"`+channel+`","guild_id":"`+w.guild+`","content":"`+text+`","author":{"id":"`+w.ada+`"}`+more+`}`))
	}
	say(w.channel, "1", "")
	say(thread, "2", "")
	say(thread, "3", `,"mentions":[{"id":"5"}]`)
	say(thread, "4", `,"type":19,"referenced_message":{"id":"6","author":{"id":"5"}}`)
	say(forgotten, "5", "")
	got := []string{<-heard, <-heard}
	w.stop()
	slices.Sort(got)
	if want := []string{"2 in " + w.channel, "5 in " + w.channel}; !slices.Equal(got, want) || len(heard) > 0 {
		t.Errorf("heard %q and %d more", got, len(heard))
	}
}
