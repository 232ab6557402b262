package discord

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"footnote/bot"
	"footnote/bot/discordtest"
)

// long is a reply of two messages, with a button.
func long() bot.Reply {
	return bot.Reply{
		Blocks: []bot.Block{block(bot.Line, strings.Repeat("one ", 400)), block(bot.Line, strings.Repeat("two ", 400))},
		Rows:   [][]bot.Action{{{Label: "Sources", ID: "f1:sources:x:"}}},
	}
}

// replying acknowledges a request and finishes it with r; what was posted
// comes out.
func replying(r bot.Reply, a bot.Acknowledgement) (serve func(context.Context, bot.Request, bot.Responder), posted <-chan bot.Posted, failed <-chan error) {
	where, errs := make(chan bot.Posted, 10), make(chan error, 10)
	return func(ctx context.Context, _ bot.Request, to bot.Responder) {
		if err := to.Acknowledge(ctx, a); err != nil {
			errs <- err
			return
		}
		p, err := to.Finish(ctx, r)
		where <- p
		errs <- err
	}, where, errs
}

func idsOf(messages []discordtest.Message) []string {
	var ids []string
	for _, m := range messages {
		ids = append(ids, m.ID)
	}
	return ids
}

func TestAReplyAtOnceCanBePrivate(t *testing.T) {
	w := connected(t, nil, func(ctx context.Context, _ bot.Request, to bot.Responder) {
		r := long()
		r.Private = true
		to.Answer(ctx, r)
	})
	x := w.Slash(w.channel, w.ada, "ask")
	says(x, "two")
	if len(x.Messages()) != 2 || !x.Private() || len(w.Messages(w.channel)) != 0 {
		t.Errorf("the person sees %+v", x.Messages())
	}
}

func TestALongReplyFollowsItsAcknowledgement(t *testing.T) {
	serve, posted, _ := replying(long(), bot.Acknowledgement{})
	w := connected(t, nil, serve)
	x := w.Slash(w.channel, w.ada, "ask")
	p := <-posted
	all := x.Messages()
	if len(all) != 2 || len(all[0].Buttons) != 0 || all[1].Button("Sources").CustomID != "f1:sources:x:" {
		t.Fatalf("the person sees %+v", all)
	}
	if !slices.Equal(p.Messages, idsOf(all)) || p.Channel != w.channel || p.Thread {
		t.Errorf("it says it posted %+v", p)
	}
}

func TestAPrivateReplyStaysPrivate(t *testing.T) {
	serve, posted, _ := replying(long(), bot.Acknowledgement{Private: true})
	w := connected(t, nil, serve)
	x := w.Slash(w.channel, w.ada, "ask")
	if p := <-posted; len(p.Messages) != 0 || !x.Private() {
		t.Errorf("it says it posted %+v; the person sees %+v", p, x.Messages())
	}
}

func TestDraftsArePassedOverForTheLatest(t *testing.T) {
	took := make(chan time.Duration, 1)
	w := connected(t, nil, func(ctx context.Context, _ bot.Request, to bot.Responder) {
		to.Acknowledge(ctx, bot.Acknowledgement{})
		began := time.Now()
		for i := range 100 {
			to.Show(ctx, words(fmt.Sprint("draft ", i)))
			time.Sleep(time.Millisecond)
		}
		to.Finish(ctx, words("the answer"))
		took <- time.Since(began)
	})
	x := w.Slash(w.channel, w.ada, "ask")
	most := int(<-took/Timing{Scale: scale}.of(draftGap)) + 2 // the first, and the answer
	if all := says(x, "the answer"); len(all) != 1 || all[0].Edits > most {
		t.Errorf("there are %d messages, the first edited %d times, not %d", len(all), all[0].Edits, most)
	}
}

func TestNoDraftComesAfterTheAnswer(t *testing.T) {
	var slow atomic.Bool
	w := connected(t, nil, func(ctx context.Context, _ bot.Request, to bot.Responder) {
		to.Acknowledge(ctx, bot.Acknowledgement{})
		to.Show(ctx, words("a draft"))
		for !slow.Load() {
			time.Sleep(time.Millisecond)
		}
		to.Finish(ctx, words("the answer"))
	})
	w.Fault(func(r *http.Request) *discordtest.Response {
		if r.Method == http.MethodPatch && slow.CompareAndSwap(false, true) {
			return &discordtest.Response{Late: 100 * time.Millisecond}
		}
		return nil
	})
	if all := w.Slash(w.channel, w.ada, "ask").Final(); all[0].Content != "the answer" {
		t.Errorf("the person sees %q", all[0].Content)
	}
}

func TestADraftThatWasGivenUpHasNotTheLastWord(t *testing.T) {
	for name, ask := range map[string]func(*world) *discordtest.Exchange{
		"command": func(w *world) *discordtest.Exchange { return w.Slash(w.channel, w.ada, "ask") },
		"message": func(w *world) *discordtest.Exchange {
			return w.Say(w.channel, w.ada, "Why?", discordtest.Saying{Mention: true})
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			sent := make(chan struct{})
			w := connected(t, nil, func(ctx context.Context, _ bot.Request, to bot.Responder) {
				to.Acknowledge(ctx, bot.Acknowledgement{})
				to.Show(ctx, words("a draft"))
				<-sent
				to.Finish(ctx, words("the answer"))
			})
			w.Fault(func(r *http.Request) *discordtest.Response {
				if body, err := io.ReadAll(r.Body); err != nil || !strings.Contains(string(body), "a draft") {
					return nil
				}
				close(sent)
				return &discordtest.Response{Late: Timing{scale}.patient(draftTimeout) + time.Second}
			})
			ask(w).Await(func(all []discordtest.Message) bool {
				return len(all) == 1 && all[0].Content == "the answer" && all[0].Edits > 1
			})
		})
	}
}

func TestAfterTheTokensEndAReplyIsAMessage(t *testing.T) {
	for _, private := range []bool{false, true} {
		acked, expired := make(chan struct{}), make(chan struct{})
		done := make(chan error, 1)
		w := connected(t, nil, func(ctx context.Context, _ bot.Request, to bot.Responder) {
			to.Acknowledge(ctx, bot.Acknowledgement{Private: private})
			close(acked)
			<-expired
			_, err := to.Finish(ctx, long())
			done <- err
		})
		x := w.Slash(w.channel, w.ada, "ask")
		<-acked
		x.Expire()
		close(expired)
		err := <-done
		all := w.Messages(w.channel)
		switch {
		case private && (err == nil || len(all) != 0):
			t.Errorf("a private reply: %v, the channel holds %+v", err, all)
		case !private && (err != nil || len(all) < 2 || !slices.Equal(all[len(all)-2].Pings, []string{w.ada})):
			t.Errorf("a reply: %v, the channel holds %+v", err, all)
		}
	}
}

func TestAnInteractionThatIsLostIsDropped(t *testing.T) {
	for _, code := range []int{codeUnknownInteraction, codeAcknowledged} {
		serve, _, failed := replying(long(), bot.Acknowledgement{})
		w := connected(t, nil, serve)
		w.Fault(onPath(http.MethodPost, "/callback", discordtest.Refused(http.StatusBadRequest, code)))
		w.Slash(w.channel, w.ada, "ask")
		if err := <-failed; !isCode(err, code) {
			t.Errorf("the error is %v", err)
		}
		w.observed(t, "interaction lost")
		n := 0
		for _, c := range w.Calls() {
			if strings.Contains(c.Path, "/interactions/") || strings.Contains(c.Path, "/webhooks/") {
				n++
			}
		}
		if n != 1 {
			t.Errorf("%d calls were made", n)
		}
	}
}

func TestABodyThatIsRefusedIsShownAsTextAlone(t *testing.T) {
	serve, posted, _ := replying(long(), bot.Acknowledgement{})
	w := connected(t, nil, serve)
	var once atomic.Bool
	w.Fault(func(r *http.Request) *discordtest.Response {
		if (r.Method == http.MethodPatch || strings.HasSuffix(r.URL.Path, "/messages")) && once.CompareAndSwap(false, true) {
			return discordtest.Refused(http.StatusBadRequest, codeInvalidBody)
		}
		return nil
	})
	for _, ask := range []func() *discordtest.Exchange{
		func() *discordtest.Exchange { return w.Slash(w.channel, w.ada, "ask") },
		func() *discordtest.Exchange {
			return w.Say(w.channel, w.ada, "Why?", discordtest.Saying{Mention: true})
		},
	} {
		once.Store(false)
		x := ask()
		<-posted
		w.observed(t, "body refused")
		if all := x.Messages(); len(all) != 2 || len(all[1].Buttons) != 0 {
			t.Errorf("the person sees %+v", all)
		}
	}
}

func TestFormsAndChoices(t *testing.T) {
	w := connected(t, nil, func(ctx context.Context, r bot.Request, to bot.Responder) {
		switch r.Kind {
		case bot.Typing:
			to.Answer(ctx, bot.Reply{Choices: []bot.Choice{{Label: "Associated Press", Value: "AP"}}})
		case bot.Slash:
			to.Answer(ctx, bot.Reply{Form: &bot.Form{ID: "f1:form::", Title: "Title", Fields: []bot.Field{{Name: "text", Label: "Text", Long: true, Required: true, Max: 4000}}}})
		case bot.Filled:
			to.Answer(ctx, words("got "+r.Options["text"]))
		}
	})
	if c := w.Autocomplete(w.channel, w.ada, "ask", discordtest.Typed("outlet", "a")).Choices(); len(c) != 1 || c[0].Value != "AP" {
		t.Errorf("the choices are %+v", c)
	}
	says(w.Slash(w.channel, w.ada, "ask").Submit(map[string]string{"text": "it"}), "got it")
}

func TestAButtonCanChangeItsMessageOrTakeItAway(t *testing.T) {
	posted := make(chan []string, 1)
	w := connected(t, nil, func(ctx context.Context, r bot.Request, to bot.Responder) {
		switch r.Action {
		case "":
			to.Acknowledge(ctx, bot.Acknowledgement{})
			p, _ := to.Finish(ctx, long())
			posted <- p.Messages
		case "f1:page::":
			to.Acknowledge(ctx, bot.Acknowledgement{Update: true})
			to.Finish(ctx, words("page 2"))
		case "f1:delete::":
			to.Answer(ctx, bot.Reply{Gone: true, Remove: <-posted})
		case "f1:remove::":
			to.Acknowledge(ctx, bot.Acknowledgement{Private: true})
			to.Finish(ctx, bot.Reply{Gone: true, Remove: <-posted})
		}
	})
	ask := func() (x *discordtest.Exchange, last string) {
		x = w.Slash(w.channel, w.ada, "ask")
		return x, says(x, "two")[1].ID
	}
	x, last := ask()
	w.Press(last, "f1:page::", w.ada)
	if all := says(x, "page 2"); len(all) != 2 || len(all[1].Buttons) != 0 {
		t.Errorf("the person sees %+v", all)
	}
	w.Press(last, "f1:delete::", w.ada)
	x.Await(func(all []discordtest.Message) bool { return len(all) == 0 })
	x, last = ask()
	w.Press(last, "f1:remove::", w.ada)
	x.Await(func(all []discordtest.Message) bool { return len(all) == 0 })
	w.AwaitMessages(w.channel, func(all []discordtest.Message) bool { return len(all) == 0 })
}

func TestAForgedButtonChangesNothingThatAllSee(t *testing.T) {
	w := connected(t, nil, func(ctx context.Context, r bot.Request, to bot.Responder) {
		to.Acknowledge(ctx, bot.Acknowledgement{Private: r.Action != "", Update: r.Action != ""})
		to.Finish(ctx, words("page "+r.Action))
	})
	x := w.Slash(w.channel, w.ada, "ask")
	message := says(x, "page")[0]
	card := w.Press(message.ID, "f1:page::", w.AddPerson("eve"))
	if says(card, "f1"); !card.Private() {
		t.Error("all see what came of it")
	}
	if now := x.Messages(); len(now) != 1 || now[0].Content != message.Content {
		t.Errorf("the message is now %+v", now)
	}
}

func TestAnApologyReplacesNoMessage(t *testing.T) {
	w := connected(t, nil, func(ctx context.Context, r bot.Request, to bot.Responder) {
		reply := words("the answer")
		if r.Action != "" {
			reply = words("sorry")
			reply.Private = true
		}
		to.Acknowledge(ctx, bot.Acknowledgement{Update: r.Action != ""})
		to.Finish(ctx, reply)
	})
	answer := says(w.Slash(w.channel, w.ada, "ask"), "the answer")[0].ID
	seen := says(w.Press(answer, "f1:delete::", w.ada), "sorry")
	if len(seen) != 2 || !seen[1].Private {
		t.Errorf("the person sees %+v", seen)
	}
	if all := w.Messages(w.channel); len(all) != 1 || all[0].Content != "the answer" {
		t.Errorf("everybody sees %+v", all)
	}
}

func TestWhatComesOfAPrivateMessageIsPrivate(t *testing.T) {
	posted := make(chan bot.Posted, 1)
	w := connected(t, nil, func(ctx context.Context, r bot.Request, to bot.Responder) {
		switch r.Action {
		case "":
			to.Acknowledge(ctx, bot.Acknowledgement{Private: true})
		case "f1:retry::":
			to.Acknowledge(ctx, bot.Acknowledgement{})
		case "f1:page::":
			to.Acknowledge(ctx, bot.Acknowledgement{Update: true})
		}
		p, _ := to.Finish(ctx, long())
		posted <- p
	})
	message := says(w.Slash(w.channel, w.ada, "ask"), "two")[0].ID
	<-posted
	for _, id := range []string{"f1:retry::", "f1:page::"} {
		x := w.Press(message, id, w.ada)
		if p := <-posted; len(p.Messages) != 0 || !x.Private() {
			t.Errorf("%s: it says it posted %+v; the person sees %+v", id, p, x.Messages())
		}
	}
	if all := w.Messages(w.channel); len(all) != 0 {
		t.Errorf("everybody sees %+v", all)
	}
}

func TestAReplyWaitsForTheDraftOnItsWay(t *testing.T) {
	sent := make(chan context.CancelFunc, 1)
	w := connected(t, nil, func(ctx context.Context, _ bot.Request, to bot.Responder) {
		to.Acknowledge(ctx, bot.Acknowledgement{})
		working, done := context.WithCancel(ctx)
		sent <- done
		to.Show(working, bot.Reply{Blocks: []bot.Block{{Spans: []bot.Span{{Text: "draft"}}}}})
		<-working.Done()
		to.Finish(ctx, bot.Reply{Blocks: []bot.Block{{Spans: []bot.Span{{Text: "reply"}}}}})
	})
	var once sync.Once
	w.Fault(func(r *http.Request) (fault *discordtest.Response) {
		if r.Method == http.MethodPatch {
			once.Do(func() {
				(<-sent)()
				time.Sleep(50 * time.Millisecond)
				fault = discordtest.Limited(discordtest.OfRoute, 500*time.Millisecond) // a call before its end fails the test
			})
		}
		return fault
	})
	last := w.Slash(w.channel, w.ada, "ask", discordtest.Text("question", "What?")).Final()
	if len(last) != 1 || last[0].Content != "reply" {
		t.Errorf("the person sees %v", last)
	}
}

func TestAReplyWhoseEndIsLostKeepsItsButtons(t *testing.T) {
	serve, _, _ := replying(long(), bot.Acknowledgement{})
	w := connected(t, nil, serve)
	w.Fault(onPath(http.MethodPost, "/webhooks/", discordtest.Refused(http.StatusInternalServerError, 0)))
	last := w.Slash(w.channel, w.ada, "ask", discordtest.Text("question", "What?")).Final()
	if len(last) != 1 || last[0].Button("Sources").CustomID == "" {
		t.Errorf("the person sees %v", last)
	}
}
