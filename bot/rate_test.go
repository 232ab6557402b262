package bot

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"strings"
	"testing"

	"footnote/retrieval"
)

func TestTheLastRatingOfAPersonIsKept(t *testing.T) {
	b := answerBot(t)
	answer := asked(t, b, ann, town, map[string]string{"question": shellsQuestion}).Answer
	for arg, want := range map[string]int{"up": 1, "down": 0} {
		if r := pressed(t, b, bob, town, "rate", answer, arg); drawn(r) != "Thank you. Your rating is kept." {
			t.Errorf("%s: %s", arg, drawn(r))
		}
		var ratings, up int
		row := b.options.State.db.QueryRowContext(t.Context(), `SELECT count(*), sum(up) FROM ratings WHERE answer = ? AND person = 'bob'`, answer)
		if err := row.Scan(&ratings, &up); err != nil || ratings != 1 || up != want {
			t.Errorf("%s: %d ratings, %d up: %v", arg, ratings, up, err)
		}
	}
}

func TestButtonsOfAnAnswerThatIsNotThePersonsToSee(t *testing.T) {
	b := answerBot(t)
	answer := asked(t, b, ann, town, map[string]string{"question": shellsQuestion}).Answer
	for _, a := range askAnswerings() {
		if a.name == "unwait" { // is about the person
			continue
		}
		r := pressed(t, b, ann, Place{Guild: "village", Channel: "green"}, a.name, answer, "1")
		if !r.Private || !strings.HasPrefix(drawn(r), "I know no such answer here.") {
			t.Errorf("%s: %s", a.name, drawn(r))
		}
	}
}

func TestDelete(t *testing.T) {
	tests := []struct {
		name   string
		person Person
		under  string // the message that the button is under; "" is the answer's own
		gone   bool
	}{
		{"by the asker", ann, "", true},
		{"by an admin", Person{ID: "cyd", Admin: true}, "", true},
		{"by another", bob, "", false},
		{"by a forged button under another message", ann, "m9", false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			b := answerBot(t)
			answer := asked(t, b, ann, town, map[string]string{"question": shellsQuestion}).Answer
			id := action{name: "delete", answer: answer}.id()
			r := done(t, b, Request{Kind: Pressed, Action: id, Message: cmp.Or(tt.under, answer), Person: tt.person, Place: town})
			if r.Gone != tt.gone || r.Private == tt.gone || tt.gone && !slices.Equal(r.Remove, []string{answer}) {
				t.Errorf("%+v", r)
			}
			_, err := b.options.Store.Answer(t.Context(), answer)
			_, err2 := b.options.State.Asked(t.Context(), answer)
			if errors.Is(err, retrieval.ErrNotFound) != tt.gone || errors.Is(err2, retrieval.ErrNotFound) != tt.gone {
				t.Errorf("%v; %v", err, err2)
			}
		})
	}
}

func TestRetryAsksTheSameAgain(t *testing.T) {
	b := answerBot(t)
	first := asked(t, b, ann, alley, map[string]string{"question": winnerQuestion}).Answer
	second := asked(t, b, ann, alley, map[string]string{"question": "Who scored in it?", "outlet": "The Straits Times"})
	again := pressed(t, b, ann, alley, "retry", second.Answer, "")
	kept, err := Recall(t.Context(), b.options.Store, again.Answer)
	if err != nil || again.Answer == second.Answer || kept.Follows != first {
		t.Errorf("%s follows %q: %v", again.Answer, kept.Follows, err)
	}
	if a, err := b.options.State.Asked(t.Context(), again.Answer); err != nil || len(a.Ask.Outlets) != 1 {
		t.Errorf("asked of %v: %v", a.Ask.Outlets, err)
	}
	if want := strings.ReplaceAll(drawn(second), second.Answer, again.Answer); drawn(again) != want {
		t.Errorf("got\n%s\nwant\n%s", drawn(again), want)
	}
}

func TestAFollowUpIsAskedByAForm(t *testing.T) {
	b := answerBot(t)
	for _, private := range []string{"", "true"} {
		first := asked(t, b, ann, town, map[string]string{"question": winnerQuestion, "private": private}).Answer
		form := pressed(t, b, ann, town, "follow", first, "").Form
		if form == nil || form.Title != "Ask a follow-up" || len(form.Fields) != 1 {
			t.Fatalf("%+v", form)
		}
		filled := Request{Kind: Filled, Action: form.ID, Person: ann, Place: town, Options: map[string]string{form.Fields[0].Name: "Who scored in it?"}}
		r := done(t, b, filled)
		kept, err := Recall(t.Context(), b.options.Store, r.Answer)
		if err != nil || kept.Follows != first {
			t.Errorf("follows %q: %v", kept.Follows, err)
		}
		if a, err := b.options.State.Asked(t.Context(), r.Answer); err != nil || a.Private != (private == "true") {
			t.Errorf("private %v, after one of %q: %v", a.Private, private, err)
		}
		filled.Options = map[string]string{form.Fields[0].Name: " "}
		if r := done(t, b, filled); !r.Private || !strings.HasPrefix(drawn(r), "There is nothing to read in that.") {
			t.Error(drawn(r))
		}
	}
}

func TestWhatFollowsAPrivateAnswerIsPrivate(t *testing.T) {
	b := startBot(t, t.TempDir(), nil)
	where := Place{Guild: "g", Channel: "c"}
	must(t, b.options.State.KeepAsked(t.Context(), Asked{Answer: "abcdef", Guild: "g", Channel: "c", Person: "ann", Private: true, At: b.options.Now()}))
	retries := b.answerings["retry"]
	retries.run = atOnce
	b.answerings["retry"] = retries
	front := b.serve(t, Request{ID: "1", Kind: Pressed, Action: action{"retry", "abcdef", ""}.id(), Person: Person{ID: "ann"}, Place: where})
	if len(front.acks) != 1 || !front.acks[0].Private {
		t.Errorf("retrying a private answer is acknowledged by %+v", front.acks)
	}
}

func TestAnApologyIsPrivateSoThatWhatWasToChangeStays(t *testing.T) {
	b := startBot(t, t.TempDir(), nil)
	must(t, b.options.State.KeepAsked(t.Context(), Asked{Answer: "abcdef", Guild: "g", Channel: "c", Person: "ann", At: b.options.Now()}))
	deletes := b.answerings["delete"]
	deletes.run = func(context.Context, *Bot, *call) (Reply, error) { panic("at the disk") }
	b.answerings["delete"] = deletes
	front := b.serve(t, Request{Kind: Pressed, Action: action{"delete", "abcdef", ""}.id(), Person: ann, Place: Place{Guild: "g", Channel: "c"}})
	if len(front.finished) != 1 || !front.finished[0].Private || !front.acks[0].Update {
		t.Errorf("acknowledged by %+v, finished with %+v", front.acks, front.finished)
	}
}
