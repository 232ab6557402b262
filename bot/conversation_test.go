package bot

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"footnote/prompts"
	"footnote/retrieval"
)

// keepChain keeps answers 0000, 0001 and so on, each of which follows the one
// before.
func keepChain(t *testing.T, b *Bot, n int) {
	t.Helper()
	for i := range n {
		a := prompts.Answer{
			ID: fmt.Sprintf("%04d", i), Question: prompts.Question{Text: "and then?"},
			Sentences: []prompts.Sentence{{Text: fmt.Sprintf("Part %d.", i)}, {Text: "So it was."}},
			Trace:     prompts.Trace{Question: fmt.Sprintf("What came after part %d?", i)},
		}
		if i > 0 {
			a.Follows = fmt.Sprintf("%04d", i-1)
		}
		if err := Remember(t.Context(), b.options.Store, b.options.Library, a, b.options.Now().Add(time.Duration(i)*time.Second)); err != nil {
			t.Fatal(err)
		}
	}
}

func TestConversation(t *testing.T) {
	tests := []struct {
		name, last, forgotten, first string
		turns                        int
	}{
		{"six turns of the last answer", "", "", "What came after part 2?", 6},
		{"of another answer", "0001", "", "What came after part 0?", 2},
		{"an answer that is forgotten ends it", "0007", "0005", "What came after part 6?", 2},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			b := answerBot(t)
			keepChain(t, b, 8)
			if tt.forgotten != "" {
				if err := b.options.Store.Forget(t.Context(), tt.forgotten); err != nil {
					t.Fatal(err)
				}
			}
			last, err := Recall(t.Context(), b.options.Store, tt.last)
			if err != nil {
				t.Fatal(err)
			}
			turns := Conversation(t.Context(), b.options.Store, last)
			if len(turns) != tt.turns || turns[0].Question != tt.first {
				t.Errorf("%d turns, the first %q", len(turns), turns[0].Question)
			}
		})
	}
}

func TestATurnHoldsWhatWasShown(t *testing.T) {
	b := answerBot(t)
	keepChain(t, b, 1)
	last, err := Recall(t.Context(), b.options.Store, "0000")
	if err != nil {
		t.Fatal(err)
	}
	got := Conversation(t.Context(), b.options.Store, last)
	if want := (prompts.Turn{Question: "What came after part 0?", Answer: "Part 0. So it was."}); len(got) != 1 || got[0] != want {
		t.Errorf("got %+v, want %+v", got, want)
	}
}

func TestWhatWasSaidBeforeIsNotKeptTwice(t *testing.T) {
	b := answerBot(t)
	a := prompts.Answer{ID: "0001", Question: prompts.Question{Text: "And then?", Turns: []prompts.Turn{{Question: "Who?"}}}}
	if err := Remember(t.Context(), b.options.Store, b.options.Library, a, b.options.Now()); err != nil {
		t.Fatal(err)
	}
	if kept, err := Recall(t.Context(), b.options.Store, a.ID); err != nil || len(kept.Question.Turns) != 0 {
		t.Errorf("%+v, %v", kept.Question, err)
	}
}

func TestAnAnswerThatHadToGoToThePersonIsThePersonsAlone(t *testing.T) {
	b := answerBot(t)
	r := Request{Kind: Said, Text: shellsQuestion, Person: ann, Place: town}
	reply := done(t, b, r)
	b.shown(t.Context(), r.Place, reply.Answer, time.Now(), Posted{Channel: home.Channel, Messages: []string{"m1"}})
	for _, tt := range []struct {
		who   Person
		where Place
		may   bool
	}{{ann, home, true}, {ann, town, true}, {bob, town, false}} {
		card := drawn(pressed(t, b, tt.who, tt.where, "sources", reply.Answer, ""))
		if strings.HasPrefix(card, "I know no such answer here.") == tt.may {
			t.Errorf("%s in %+v: %s", tt.who.ID, tt.where, card)
		}
	}
}

func TestNoAnswerIsRecalledWhereThereIsNone(t *testing.T) {
	for _, id := range []string{"", "3f9a"} {
		if _, err := Recall(t.Context(), answerBot(t).options.Store, id); !errors.Is(err, retrieval.ErrNotFound) {
			t.Errorf("%q: %v", id, err)
		}
	}
}

func TestWhichAnswerAQuestionFollows(t *testing.T) {
	b := answerBot(t)
	ago := func(hours int) time.Time { return b.options.Now().Add(-time.Duration(hours) * time.Hour) }
	for _, a := range []Asked{
		{Answer: "square", Guild: "town", Channel: "square", Person: "ann", At: ago(1), Messages: []string{"m1", "m2"}},
		{Answer: "first", Guild: "town", Channel: "alley", Person: "ann", Conversation: "alley", At: ago(99), Messages: []string{"m3"}},
		{Answer: "second", Guild: "town", Channel: "alley", Person: "bob", Conversation: "alley", At: ago(98)},
		{Answer: "secret", Guild: "town", Channel: "alley", Person: "bob", Private: true, At: ago(1)},
		{Answer: "direct", Channel: "ann-and-bot", Person: "ann", Conversation: "ann-and-bot", At: ago(23)},
		{Answer: "old", Channel: "bob-and-bot", Person: "bob", Conversation: "bob-and-bot", At: ago(25)},
	} {
		if err := b.options.State.KeepAsked(t.Context(), a); err != nil {
			t.Fatal(err)
		}
	}
	tests := []struct {
		name    string
		place   Place
		person  Person
		replyTo string
		want    string
	}{
		{"none in a channel", town, ann, "", ""},
		{"a reply, the answer of that message", town, bob, "m2", "square"},
		{"a reply in a thread, the same", alley, bob, "m3", "first"},
		{"a reply to another message in a thread, the latest there", alley, bob, "m9", "second"},
		{"a thread, the latest that is not private", alley, bob, "", "second"},
		{"direct messages, the latest", home, ann, "", "direct"},
		{"direct messages, none of the day before", Place{Channel: "bob-and-bot", Direct: true}, bob, "", ""},
		{"a reply to another server's, none", Place{Guild: "village", Channel: "green"}, ann, "m1", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, err := b.followed(t.Context(), b.callOf(Request{Kind: Said, Person: tt.person, Place: tt.place, ReplyTo: tt.replyTo}))
			if err != nil || got != tt.want {
				t.Errorf("%q, %v; want %q", got, err, tt.want)
			}
		})
	}
}

func TestWhoMaySeeAnAnswer(t *testing.T) {
	elsewhere := Place{Guild: "village", Channel: "green"}
	tests := []struct {
		name   string
		asked  Asked
		person Person
		place  Place
		want   bool
	}{
		{"all of the server", Asked{Guild: "town", Person: "ann"}, bob, town, true},
		{"no other server", Asked{Guild: "town", Person: "ann"}, ann, elsewhere, false},
		{"not in direct messages", Asked{Guild: "town", Person: "ann"}, ann, home, false},
		{"a private one, the asker", Asked{Guild: "town", Person: "ann", Private: true}, ann, town, true},
		{"a private one, also in direct messages", Asked{Guild: "town", Person: "ann", Private: true}, ann, home, true},
		{"a private one, nobody else", Asked{Guild: "town", Person: "ann", Private: true}, bob, town, false},
		{"a private one, not even an admin", Asked{Guild: "town", Person: "ann", Private: true}, Person{ID: "cyd", Admin: true}, town, false},
		{"a direct one, the asker", Asked{Person: "ann"}, ann, home, true},
		{"a direct one, nobody else", Asked{Person: "ann"}, bob, home, false},
		{"a direct one, in no server", Asked{Person: "ann"}, ann, town, false},
	}
	for _, tt := range tests {
		c := &call{Request: Request{Person: tt.person, Place: tt.place}}
		if got := c.maySee(tt.asked); got != tt.want {
			t.Errorf("%s: %v, want %v", tt.name, got, tt.want)
		}
	}
}

func TestAFollowUpGoesOnFromItsThread(t *testing.T) {
	b := answerBot(t)
	first := asked(t, b, ann, alley, map[string]string{"question": winnerQuestion})
	second := asked(t, b, bob, alley, map[string]string{"question": "Who scored in it?"})
	answer, err := Recall(t.Context(), b.options.Store, second.Answer)
	if err != nil || answer.Follows != first.Answer {
		t.Errorf("follows %q: %v", answer.Follows, err)
	}
	if !strings.HasPrefix(drawn(second), "(Question: Who scored in it?)\n(Asked as: ") {
		t.Error(drawn(second))
	}
}

func TestAnAnswerIsFoundWhereItWasShown(t *testing.T) {
	b := answerBot(t)
	r := Request{Kind: Said, Text: winnerQuestion, Person: ann, Place: town}
	reply := done(t, b, r)
	b.shown(t.Context(), r.Place, reply.Answer, time.Now(), Posted{Channel: "new-thread", Thread: true, Messages: []string{"m1", "m2"}})
	for name, find := range map[string]func(context.Context) (Asked, error){
		"by its last message": func(ctx context.Context) (Asked, error) { return b.options.State.AskedIn(ctx, "m2") },
		"in the thread":       func(ctx context.Context) (Asked, error) { return b.options.State.LastIn(ctx, "new-thread") },
		"in the channel": func(ctx context.Context) (Asked, error) {
			return b.options.State.LastOf(ctx, "town", "new-thread", "bob")
		},
	} {
		if got, err := find(t.Context()); err != nil || got.Answer != reply.Answer || got.Ask.Text != winnerQuestion {
			t.Errorf("%s: %+v, %v", name, got, err)
		}
	}
}

func TestWhatIsForgottenWhileItIsShownStaysForgotten(t *testing.T) {
	b := answerBot(t)
	r := Request{Kind: Said, Text: winnerQuestion, Person: ann, Place: town}
	reply := done(t, b, r)
	if err := b.drop(t.Context(), reply.Answer); err != nil {
		t.Fatal(err)
	}
	b.shown(t.Context(), r.Place, reply.Answer, time.Now(), Posted{Channel: "square", Messages: []string{"m1"}})
	if got, err := b.options.State.Asked(t.Context(), reply.Answer); !errors.Is(err, retrieval.ErrNotFound) {
		t.Errorf("%+v, %v", got, err)
	}
}
