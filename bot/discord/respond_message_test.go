package discord

import (
	"context"
	"io"
	"net/http"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"footnote/bot"
	"footnote/bot/discordtest"
)

func TestAQuickAnswerToAMessageIsOneMessage(t *testing.T) {
	w := connected(t, nil, func(ctx context.Context, r bot.Request, to bot.Responder) {
		to.Acknowledge(ctx, bot.Acknowledgement{})
		to.Show(ctx, words("a draft"))
		to.Finish(ctx, words("to "+r.Text))
	})
	said := w.Say(w.channel, w.ada, "Why?", discordtest.Saying{Mention: true})
	all := says(said, "to Why?")
	if len(all) != 1 || all[0].Edits != 0 || all[0].ReplyTo != said.ID || !slices.Equal(all[0].Pings, []string{w.ada}) {
		t.Errorf("the person sees %+v", all)
	}
}

func TestALongerOneShowsDrafts(t *testing.T) {
	finish := make(chan struct{})
	w := connected(t, nil, func(ctx context.Context, r bot.Request, to bot.Responder) {
		to.Acknowledge(ctx, bot.Acknowledgement{})
		to.Show(ctx, words("a draft"))
		<-finish
		to.Finish(ctx, long())
	})
	said := w.Say(w.channel, w.ada, "Why?", discordtest.Saying{Mention: true})
	draft := says(said, "a draft")
	if w.Typing(w.channel) != 1 {
		t.Error("nothing showed that the bot was typing")
	}
	close(finish)
	if all := says(said, "two"); len(all) != 2 || all[0].ID != draft[0].ID || len(all[1].Buttons) != 1 {
		t.Errorf("the person sees %+v", all)
	}
}

func TestAQuestionCanHaveAThread(t *testing.T) {
	serve, posted, _ := replying(words("the answer"), bot.Acknowledgement{})
	w := connected(t, func(o *Options) { o.Threads = true }, serve)
	w.Say(w.channel, w.ada, "Why is it so?", discordtest.Saying{Mention: true})
	p := <-posted
	in := w.Messages(p.Channel)
	if !p.Thread || p.Channel == w.channel || len(in) != 1 || !slices.Equal(in[0].Pings, []string{w.ada}) || !slices.Equal(p.Messages, idsOf(in)) {
		t.Fatalf("it says it posted %+v; the thread holds %+v", p, in)
	}
	w.Say(p.Channel, w.ada, "And why that?", discordtest.Saying{Mention: true})
	if again := <-posted; again.Thread || again.Channel != p.Channel {
		t.Errorf("the follow-up was posted to %+v", again)
	}
}

func TestWhereNoThreadCanBeOpenedTheReplyIsInTheChannel(t *testing.T) {
	serve, posted, _ := replying(words("the answer"), bot.Acknowledgement{})
	w := connected(t, func(o *Options) { o.Threads = true }, serve)
	w.Fault(onPath(http.MethodPost, "/threads", discordtest.Refused(http.StatusForbidden, codeMissingPermissions)))
	w.Say(w.channel, w.ada, "Why?", discordtest.Saying{Mention: true})
	if p := <-posted; p.Thread || p.Channel != w.channel || len(p.Messages) != 1 {
		t.Errorf("it was posted to %+v", p)
	}
}

func TestWhereNothingCanBeWrittenTheReplyIsDirect(t *testing.T) {
	serve, posted, _ := replying(words("the answer"), bot.Acknowledgement{})
	w := connected(t, nil, serve)
	w.Fault(onPath(http.MethodPost, "/channels/"+w.channel+"/messages", discordtest.Refused(http.StatusForbidden, codeMissingPermissions)))
	w.Say(w.channel, w.ada, "Why?", discordtest.Saying{Mention: true})
	direct := w.Direct(w.ada)
	if p := <-posted; p.Channel != direct || len(w.Messages(direct)) != 1 {
		t.Errorf("it was posted to %+v", p)
	}
}

func TestWhereNoMessageCanBeRepliedToTheAskerIsNamed(t *testing.T) {
	serve, posted, _ := replying(long(), bot.Acknowledgement{})
	w := connected(t, nil, serve)
	w.Fault(func(r *http.Request) *discordtest.Response {
		if body, err := io.ReadAll(r.Body); err != nil || !strings.Contains(string(body), "message_reference") {
			return nil
		}
		return discordtest.Refused(http.StatusForbidden, codeNoHistory)
	})
	w.Say(w.channel, w.ada, "Why?", discordtest.Saying{Mention: true})
	p := <-posted
	all := w.Messages(w.channel)[1:]
	if p.Channel != w.channel || len(all) != 2 || all[0].ReplyTo != "" || !slices.Equal(all[0].Pings, []string{w.ada}) {
		t.Errorf("it was posted to %+v: %+v", p, all)
	}
}

func TestADraftThatArrivedUnnoticedBecomesTheAnswer(t *testing.T) {
	sent := make(chan struct{})
	w := connected(t, nil, func(ctx context.Context, r bot.Request, to bot.Responder) {
		to.Acknowledge(ctx, bot.Acknowledgement{})
		to.Show(ctx, words("a draft"))
		<-sent
		to.Finish(ctx, words("the answer"))
	})
	var calls atomic.Int32
	w.Fault(func(r *http.Request) *discordtest.Response {
		if r.Method != http.MethodPost || !strings.HasSuffix(r.URL.Path, "/messages") {
			return nil
		}
		switch n := calls.Add(1); {
		case n == 1:
			close(sent)
			fallthrough
		case n <= 3: // as often as it is tried
			return &discordtest.Response{Reset: true, After: true}
		}
		return nil
	})
	said := w.Say(w.channel, w.ada, "Why?", discordtest.Saying{Mention: true})
	if all := says(said, "the answer"); len(all) != 1 {
		t.Errorf("the person sees %+v", all)
	}
}

func TestPosts(t *testing.T) {
	posts := make(chan func(bot.Poster) error)
	done, where := make(chan error), make(chan bot.Posted, 10)
	w := connected(t, func(o *Options) {
		o.Beside = func(ctx context.Context, to bot.Poster) {
			for {
				select {
				case post := <-posts:
					done <- post(to)
				case <-ctx.Done():
					return
				}
			}
		}
	}, nil)
	post := func(channel string) error {
		posts <- func(to bot.Poster) error {
			r := long()
			r.Ping = w.ada
			p, err := to.Post(t.Context(), channel, "watch:7", r)
			where <- p
			return err
		}
		return <-done
	}
	for range 2 { // the same key
		err := post(w.channel)
		if p := <-where; err != nil || p.Channel != w.channel || !slices.Equal(p.Messages, idsOf(w.Messages(w.channel))) {
			t.Errorf("%v; it says it posted %+v", err, p)
		}
	}
	if all := w.Messages(w.channel); len(all) != 2 || !slices.Equal(all[0].Pings, []string{w.ada}) {
		t.Errorf("the channel holds %+v", all)
	}
	w.DeleteChannel(w.channel)
	if err := post(w.channel); err != nil || len(w.Messages(w.Direct(w.ada))) != 2 {
		t.Errorf("%v; the person has %+v", err, w.Messages(w.Direct(w.ada)))
	}
	if p := <-where; p.Channel != w.Direct(w.ada) || len(p.Messages) != 2 {
		t.Errorf("it says it posted %+v", p)
	}
}

func TestThreadNames(t *testing.T) {
	for question, want := range map[string]string{
		"  Why\nis it\u202e so? ":        "Why is it so?",
		strings.Repeat("word ", 40):      strings.TrimSpace(strings.Repeat("word ", 16)) + "…",
		strings.Repeat("語", 300):         strings.Repeat("語", 79) + "…",
		"\u200b":                         "",
		strings.Repeat("🇳🇴", 100) + " x": strings.Repeat("🇳🇴", 19) + "…",
	} {
		if got := threadName(question); got != want {
			t.Errorf("%q names its thread %q, want %q", question, got, want)
		}
	}
}
