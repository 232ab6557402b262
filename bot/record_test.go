package bot

import (
	"context"
	"reflect"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"footnote/prompts"
)

func TestARecordSaysWhatBecameOfAQuestion(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := startBot(t, t.TempDir(), nil)
		answer := prompts.Answer{
			ID: "a1", Verdict: prompts.Answered, Answerer: "m", Confidence: .5, Citations: make([]prompts.Citation, 2), Removed: 1,
			Usage: prompts.Usage{PromptTokens: 7, CompletionTokens: 3}, Trace: prompts.Trace{Model: time.Second},
		}
		b.asking(func(_ context.Context, _ *Bot, c *call) (Reply, error) {
			time.Sleep(2 * time.Second)
			c.answered = answer
			return saying("done"), nil
		})
		b.serve(t, slashAsk("q1", "p1"))
		want := []Record{{
			Request: Slash, Name: "ask", Guild: "g1", Answer: "a1", Outcome: Done, Verdict: prompts.Answered, Answerer: "m", Confidence: .5,
			Citations: 2, Removed: 1, Usage: answer.Usage, Model: time.Second, Elapsed: 2 * time.Second,
		}}
		if !reflect.DeepEqual(b.records, want) {
			t.Errorf("records %+v\nwant %+v", b.records, want)
		}
	})
}

func TestTheLogHoldsNoWords(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := startBot(t, t.TempDir(), nil)
		b.asking(atOnce)
		said := Request{Kind: Said, ID: "m1", Text: "Who won the shell prize?", Person: Person{ID: "p2"}, Place: Place{Channel: "d", Direct: true}}
		forged := Request{Kind: Pressed, ID: "i1", Action: "shell prize", Person: Person{ID: "p3"}, Place: Place{Guild: "g1"}}
		unknown := Request{Kind: Slash, ID: "i2", Name: "who-won-the-shell-prize", Person: Person{ID: "p4"}, Place: Place{Guild: "g1"}}
		for _, r := range []Request{slashAsk("q1", "p1"), said, forged, unknown} {
			b.serve(t, r)
		}
		log := b.log.String()
		if strings.Contains(log, "shell") || strings.Count(log, "\n") != 4 {
			t.Errorf("the log is\n%s", log)
		}
		if name := b.records[3].Name; name != "" {
			t.Errorf("a command that there is not is recorded as %q", name)
		}
	})
}
