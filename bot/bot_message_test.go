package bot

import (
	"context"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

func TestPlainTextIsForWhoWantsIt(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := startBot(t, t.TempDir(), nil)
		b.asking(atOnce)
		must(t, b.setPlain(t.Context(), "p1", true))
		must(t, b.setSettings(t.Context(), "g2", Settings{Plain: true}))
		elsewhere := slashAsk("q3", "p2")
		elsewhere.Place.Guild = "g2"
		for _, test := range []struct {
			r    Request
			want bool
		}{{slashAsk("q1", "p1"), true}, {slashAsk("q2", "p2"), false}, {elsewhere, true}} {
			if f := b.serve(t, test.r); f.finished[0].Plain != test.want {
				t.Errorf("%s of %s in %s: plain is %v", test.r.ID, test.r.Person.ID, test.r.Place.Guild, !test.want)
			}
		}
	})
}

func TestMessagesInThreads(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		dir := t.TempDir()
		b := startBot(t, dir, nil)
		answer := func(context.Context, *Bot, *call) (Reply, error) {
			r := saying("done")
			r.Answer = "a1"
			return r, nil
		}
		b.asking(answer)
		kept := testAsked("a9", time.Now())
		kept.Conversation = "kept"
		must(t, b.options.State.KeepAsked(t.Context(), kept))
		said := func(thread string, called bool) Request {
			return Request{
				Kind: Said, Text: "And then?", Called: called, Person: Person{ID: "p1"},
				Place: Place{Guild: "g1", Channel: thread, Parent: "c1"},
			}
		}
		thanks := said("opened", false)
		thanks.Text = "OK, thanks 👍"
		unread := said("opened", false)
		unread.Text = "" // Discord keeps the words of messages that are not for the bot
		b.Serve(t.Context(), slashAsk("q0", "p1"), &fakeFront{posted: Posted{Channel: "opened", Thread: true, Messages: []string{"m1"}}})
		again := startBot(t, dir, nil)
		again.asking(answer)
		for _, test := range []struct {
			name string
			b    *testBot
			r    Request
			want string
		}{
			{"an unknown thread", b, said("other", false), "0 replies"},
			{"a mention there", b, said("other", true), "done"},
			{"what follows it", b, said("other", false), "done"},
			{"a thread that was opened", b, said("opened", false), "done"},
			{"words that may not be read", b, unread, "0 replies"},
			{"thanks", b, thanks, "0 replies"},
			{"a thread of an earlier run", again, said("kept", false), "done"},
		} {
			f := &fakeFront{posted: Posted{Channel: test.r.Place.Channel, Messages: []string{"m2"}}}
			if test.b.Serve(t.Context(), test.r, f); f.last() != test.want {
				t.Errorf("%s: %q, want %q", test.name, f.last(), test.want)
			}
		}
	})
}

func TestTypingIsAnsweredAtOnceAndNeverRecorded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := startBot(t, t.TempDir(), func(o *Options) { o.Channels = []string{"c1"} })
		ask := b.commands["ask"]
		ask.instant = func(_ *Bot, c *call) (Reply, bool) {
			return Reply{Choices: []Choice{{Label: c.Focused, Value: "v"}}}, true
		}
		b.commands["ask"] = ask
		r := Request{Kind: Typing, Name: "ask", Focused: "outlet", Person: Person{ID: "p1"}, Place: Place{Guild: "g1", Channel: "c1"}}
		for range keysPerMinute - 1 {
			if f := b.serve(t, r); len(f.answered) != 1 || len(f.answered[0].Choices) != 1 {
				t.Fatalf("answered %v", f.answered)
			}
		}
		r.Place.Channel = "c2"
		if f := b.serve(t, r); len(f.answered) != 1 || len(f.answered[0].Choices) != 0 {
			t.Errorf("elsewhere it answered %v", f.answered)
		}
		if f := b.serve(t, r); len(f.answered) != 0 {
			t.Errorf("what nobody types is answered: %v", f.answered)
		}
		if len(b.records) != 0 || b.log.Len() != 0 {
			t.Errorf("records %v, log %s", b.records, b.log)
		}
	})
}

func TestNewRefusesWhatCannotBeWorkedWith(t *testing.T) {
	for name, o := range map[string]Options{
		"limits.workers":         {Queue: 1, UserPerMinute: 1, GuildPerMinute: 1},
		"limits.queue":           {Workers: 1, Queue: -1, UserPerMinute: 1, GuildPerMinute: 1},
		"limits.user_per_minute": {Workers: 1, GuildPerMinute: 1},
	} {
		if _, err := New(t.Context(), o); err == nil || !strings.Contains(err.Error(), name) {
			t.Errorf("%v does not name %s", err, name)
		}
	}
}
