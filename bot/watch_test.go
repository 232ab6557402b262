package bot

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"footnote/prompts"
)

// A mailbox is a Poster that shows what came in, the same key once, unless it
// is closed.
type mailbox struct {
	mu      sync.Mutex
	shut    bool
	direct  bool // no channel can be written to
	keys    map[string]bool
	letters []letter
}

type letter struct {
	channel string
	reply   Reply
}

var errShut = errors.New("the mailbox is shut")

func (m *mailbox) Post(_ context.Context, channel, key string, r Reply) (Posted, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.shut {
		return Posted{}, errShut
	}
	if !m.keys[key] {
		m.letters = append(m.letters, letter{channel, r})
	}
	if m.keys == nil {
		m.keys = make(map[string]bool)
	}
	m.keys[key] = true
	if channel == "" || m.direct {
		channel = "direct"
	}
	return Posted{Channel: channel, Messages: []string{"letter"}}, nil
}

// shellBot answers from the sample articles without those about shells, until
// publish is called.
func shellBot(t *testing.T) (b *Bot, publish func()) {
	t.Helper()
	b = answerBot(t)
	all := b.options.Corpus("")
	few := corpusOf(t, samplesBut(t, "south-korea"))
	var mu sync.Mutex
	known := few
	b.options.Corpus = func(string) Corpus {
		mu.Lock()
		defer mu.Unlock()
		return known
	}
	return b, func() {
		mu.Lock()
		defer mu.Unlock()
		known = all
	}
}

// waits is the id of a refusal to a question, and the person waits for an
// answer.
func waits(t *testing.T, b *Bot, who Person, where Place, private string) string {
	t.Helper()
	r := asked(t, b, who, where, map[string]string{"question": shellsQuestion, "private": private})
	said := drawn(pressed(t, b, who, where, "wait", r.Answer, ""))
	if !strings.HasPrefix(said, "I will ") || !strings.HasSuffix(said, "[Do not tell me]") {
		t.Fatal(said)
	}
	return r.Answer
}

func waiting(t *testing.T, b *Bot) []Waiting {
	t.Helper()
	all, err := b.options.State.Waiting(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func TestWaitingIsSaidOnceAndCanBeStopped(t *testing.T) {
	b, _ := shellBot(t)
	answer := waits(t, b, ann, town, "")
	if r := pressed(t, b, ann, town, "wait", answer, ""); !strings.HasPrefix(drawn(r), "You are already waiting") || len(waiting(t, b)) != 1 {
		t.Error(drawn(r))
	}
	if r := pressed(t, b, bob, town, "unwait", "", answer); len(waiting(t, b)) != 1 {
		t.Errorf("another stopped it: %s", drawn(r))
	}
	if r := pressed(t, b, ann, town, "unwait", "", answer); drawn(r) != "I will not tell you about this." || len(waiting(t, b)) != 0 {
		t.Error(drawn(r))
	}
}

func TestAPersonWaitsForSoManyAnswers(t *testing.T) {
	b, _ := shellBot(t)
	for i := range maxWaiting {
		if err := b.options.State.Wait(t.Context(), Waiting{Answer: fmt.Sprint(i), Person: "ann", At: b.options.Now()}); err != nil {
			t.Fatal(err)
		}
	}
	r := asked(t, b, ann, town, map[string]string{"question": shellsQuestion})
	if got := drawn(pressed(t, b, ann, town, "wait", r.Answer, "")); !strings.HasPrefix(got, "You are waiting for 20 answers") {
		t.Error(got)
	}
	if got := drawn(pressed(t, b, bob, town, "wait", r.Answer, "")); !strings.HasPrefix(got, "I will tell you here") {
		t.Error(got)
	}
}

func TestWhoWaitsIsToldOnceWhereItWasAsked(t *testing.T) {
	for _, tt := range []struct {
		name, private, channel string
		place                  Place
	}{
		{"in the channel", "", "square", town},
		{"directly if it was private", "true", "", town},
		{"directly if it was a direct message", "", "", home},
	} {
		t.Run(tt.name, func(t *testing.T) {
			b, publish := shellBot(t)
			waits(t, b, ann, tt.place, tt.private)
			publish()
			var m mailbox
			for range 2 {
				if err := b.askWaiting(t.Context(), &m); err != nil {
					t.Fatal(err)
				}
			}
			if len(m.letters) != 1 || len(waiting(t, b)) != 0 {
				t.Fatalf("told %d times, and %d wait", len(m.letters), len(waiting(t, b)))
			}
			got := m.letters[0]
			if got.channel != tt.channel || got.reply.Ping != "ann" ||
				!strings.HasPrefix(drawn(got.reply), "You wanted to know when an article answers this: "+shellsQuestion+"\nThe United States will buy") {
				t.Errorf("in %q to %q: %s", got.channel, got.reply.Ping, drawn(got.reply))
			}
			where := tt.place
			if tt.private != "" {
				where = home
			}
			if card := drawn(pressed(t, b, ann, where, "sources", got.reply.Answer, "")); !strings.HasPrefix(card, "# 1/3") {
				t.Error(card)
			}
		})
	}
}

func TestWhatIsToldLaterIsInThePersonsLanguage(t *testing.T) {
	b, publish := shellBot(t)
	r := asked(t, b, ann, town, map[string]string{"question": shellsQuestion})
	done(t, b, Request{Kind: Pressed, Action: action{"wait", r.Answer, ""}.id(), Person: ann, Place: town, Locale: "fr"})
	publish()
	var m mailbox
	if err := b.askWaiting(t.Context(), &m); err != nil || len(m.letters) != 1 {
		t.Fatalf("%d letters: %v", len(m.letters), err)
	}
	if got := drawn(m.letters[0].reply); !strings.HasPrefix(got, "Vous vouliez savoir") {
		t.Error(got)
	}
}

func TestWhatCannotBeToldWaitsOnAndIsNotKept(t *testing.T) {
	b, publish := shellBot(t)
	refusal := waits(t, b, ann, town, "")
	publish()
	m := mailbox{shut: true}
	if err := b.askAgain(t.Context(), waiting(t, b)[0], &m); !errors.Is(err, errShut) {
		t.Error(err)
	}
	if n := len(waiting(t, b)); n != 1 {
		t.Errorf("%d wait", n)
	}
	if last, err := Recall(t.Context(), b.options.Store, ""); err != nil || last.ID != refusal {
		t.Errorf("kept %s: %v", last.ID, err)
	}
}

func TestAfterAKillTheSameMessageIsSentAtMost(t *testing.T) {
	b, publish := shellBot(t)
	waits(t, b, ann, town, "")
	publish()
	var m mailbox
	w := waiting(t, b)[0]
	for range 2 { // the second time as if its end had not reached the disk
		if err := b.askAgain(t.Context(), w, &m); err != nil {
			t.Fatal(err)
		}
	}
	if len(m.letters) != 1 {
		t.Errorf("%d messages", len(m.letters))
	}
}

func TestWaitingEndsAfter90Days(t *testing.T) {
	b, publish := shellBot(t)
	waits(t, b, ann, town, "")
	publish()
	late := b.options.Now().Add(waitingLife + time.Hour)
	b.options.Now = func() time.Time { return late }
	var m mailbox
	if err := b.askWaiting(t.Context(), &m); err != nil || len(m.letters) != 0 || len(waiting(t, b)) != 0 {
		t.Errorf("%d letters, %d wait: %v", len(m.letters), len(waiting(t, b)), err)
	}
}

// A stumbler is an answerer that panics at one question.
type stumbler struct {
	prompts.Answerer
	at string
}

func (s stumbler) Answer(ctx context.Context, q prompts.Question, show func(prompts.Part)) (prompts.Answer, error) {
	if q.Text == s.at {
		panic(s.at)
	}
	return s.Answerer.Answer(ctx, q, show)
}

func TestAQuestionThatPanicsKeepsNobodyWaiting(t *testing.T) {
	b, publish := shellBot(t)
	if err := b.options.State.Wait(t.Context(), Waiting{Answer: "3f9a", Person: "bob", Ask: Ask{Text: "stone"}, At: b.options.Now()}); err != nil {
		t.Fatal(err)
	}
	waits(t, b, ann, town, "")
	publish()
	known := b.options.Corpus("")
	known.Quotes = stumbler{known.Quotes, "stone"}
	b.options.Corpus = func(string) Corpus { return known }
	var m mailbox
	if err := b.askWaiting(t.Context(), &m); err != nil || len(m.letters) != 1 || len(waiting(t, b)) != 1 {
		t.Errorf("%d letters, %d wait: %v", len(m.letters), len(waiting(t, b)), err)
	}
}

// A counter is an answerer that finds nothing and counts how often.
type counter struct {
	mu sync.Mutex
	n  int
}

func (c *counter) Answer(_ context.Context, q prompts.Question, _ func(prompts.Part)) (prompts.Answer, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.n++
	return prompts.Answer{Question: q}, nil
}

func (c *counter) count() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.n
}

func TestWatchAsksAtFirstAndOnceForManyChanges(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := answerBot(t)
		var asks counter
		b.options.Corpus = func(string) Corpus { return Corpus{Quotes: &asks} }
		if err := b.options.State.Wait(t.Context(), Waiting{Answer: "3f9a", Person: "ann", Ask: Ask{Text: "x"}, At: b.options.Now()}); err != nil {
			t.Fatal(err)
		}
		ctx, stop := context.WithCancel(t.Context())
		changed := make(chan struct{}, 1)
		var watch sync.WaitGroup
		watch.Go(func() { b.Watch(ctx, changed, &mailbox{}) })
		synctest.Wait()
		if n := asks.count(); n != 1 {
			t.Errorf("asked %d times at first", n)
		}
		for range 5 {
			select {
			case changed <- struct{}{}:
			default:
			}
			time.Sleep(settling / 8)
		}
		time.Sleep(settling)
		synctest.Wait()
		if n := asks.count(); n != 2 {
			t.Errorf("asked %d times after five changes", n)
		}
		stop()
		watch.Wait()
	})
}

func TestNobodyWaitsWithTheWordsOfWhoIsForgotten(t *testing.T) {
	for name, forget := range map[string]func(*Bot, string) error{
		"the answer is deleted": func(b *Bot, answer string) error { return b.drop(t.Context(), answer) },
		"the asker is forgotten": func(b *Bot, _ string) error {
			_, err := b.forgetPerson(t.Context(), "ann")
			return err
		},
	} {
		b, _ := shellBot(t)
		answer := waits(t, b, ann, town, "")
		pressed(t, b, bob, town, "wait", answer, "")
		if err := forget(b, answer); err != nil {
			t.Fatal(err)
		}
		for _, w := range waiting(t, b) {
			if w.Person != "ann" || name == "the asker is forgotten" {
				t.Errorf("%s: %s waits with %q", name, w.Person, w.Ask.Text)
			}
		}
	}
}

func TestWhatIsToldCanBeRepliedTo(t *testing.T) {
	for _, tt := range []struct {
		name   string
		shut   bool   // no channel can be written to
		asked  string // in the town, or privately
		place  Place
		thread string
	}{
		{"in the channel", false, "", town, ""},
		{"in a thread", false, "", Place{Guild: "town", Channel: "square", Parent: "market"}, "square"},
		{"directly", false, "true", home, "direct"},
		{"directly, as the channel is gone", true, "", home, "direct"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			b, publish := shellBot(t)
			waits(t, b, ann, town, tt.asked)
			if tt.place.Thread() {
				b.conversations.add("square", b.options.Now())
			}
			publish()
			m := mailbox{direct: tt.shut}
			if err := b.askWaiting(t.Context(), &m); err != nil {
				t.Fatal(err)
			}
			told := m.letters[0].reply.Answer
			got, err := b.followed(t.Context(), b.callOf(Request{Kind: Said, Person: ann, Place: tt.place, ReplyTo: "letter"}))
			if err != nil || got != told {
				t.Errorf("it follows %q, %v, not %q", got, err, told)
			}
			if a, err := b.options.State.Asked(t.Context(), told); err != nil || a.Conversation != tt.thread {
				t.Errorf("it belongs to the conversation %q, %v", a.Conversation, err)
			}
			if card := drawn(pressed(t, b, ann, tt.place, "sources", told, "")); !strings.HasPrefix(card, "# 1/3") {
				t.Error(card)
			}
		})
	}
}
