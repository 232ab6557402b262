package prompts

import (
	"cmp"
	"context"
	"encoding/json"
	"flag"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"footnote/retrieval/bert/mini"
)

var (
	realURL  = flag.String("model", "", "the base URL of a chat endpoint to answer the questions of others with, such as http://127.0.0.1:18080/v1")
	realName = flag.String("model-name", "any", "the model's name there")
	realAsks = flag.Int("model-questions", 20, "how many questions of each set to ask it")
	realSize = flag.Int("model-context", 4096, "how many tokens its context has")
	realTape = flag.String("model-tape", "", "a file of what it wrote before, which is not asked again and to which is added")
)

// A score is what came of a set of questions.
type score struct {
	answerable, answered    int // questions the articles answer, and those whose answering words were shown
	unanswerable, refused   int
	shown, removed, citing  int // sentences, and citations
	byModel, cut, fallbacks int // answers
	flaws                   map[Flaw]int
	tokens                  int
	first                   []time.Duration
}

// TestRealModel is no part of CI: it says how a real model fares, and holds
// what must be true of whatever it writes.
func TestRealModel(t *testing.T) {
	if *realURL == "" {
		t.Skip("no -model")
	}
	completer, err := NewOpenAICompleter(OpenAIOptions{BaseURL: *realURL, Model: *realName, Timeout: 10 * time.Minute})
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"seeds-plain", "seeds-free", "samples"} {
		t.Run(name, func(t *testing.T) {
			articles := seedArticles(t)
			if name == "samples" {
				articles = sampleArticles(t)
			}
			e, texts := answering(t, articles...), textsOf(articles)
			g := NewGenerative(e, taped(t, completer), ModelOptions{Context: *realSize, MaxTokens: 600, Knows: mini.Knows(), Degraded: func(err error) { t.Log(err) }})
			sum := score{flaws: map[Flaw]int{}}
			for _, q := range spread(questions(t, name), *realAsks) {
				begun, first := time.Now(), time.Duration(0)
				a, err := g.Answer(t.Context(), Question{Text: q.text}, func(Part) {
					first = cmp.Or(first, time.Since(begun))
				})
				if err != nil {
					t.Fatal(err)
				}
				checkQuotes(t, a, texts)
				sum.add(t, q, a, first)
			}
			sum.log(t)
		})
	}
}

// A tape is a Completer that remembers in a file what another one wrote, so
// that a change of the gate can be measured without the model.
type tape struct {
	Completer
	file *os.File
	said map[string]Completion // by the prompt
}

type taping struct {
	Prompt     string
	Completion Completion
}

func taped(t *testing.T, c Completer) Completer {
	if *realTape == "" {
		return c
	}
	file, err := os.OpenFile(*realTape, os.O_RDWR|os.O_CREATE|os.O_APPEND, 0o600)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { file.Close() })
	said := map[string]Completion{}
	for lines := json.NewDecoder(file); ; {
		var line taping
		if lines.Decode(&line) != nil {
			return tape{c, file, said}
		}
		said[line.Prompt] = line.Completion
	}
}

func (t tape) Complete(ctx context.Context, r Request, emit func(string)) (Completion, error) {
	key := r.System + r.User
	if c, ok := t.said[key]; ok {
		emit(c.Text)
		return c, nil
	}
	c, err := t.Completer.Complete(ctx, r, emit)
	if err == nil {
		err = json.NewEncoder(t.file).Encode(taping{key, c})
	}
	return c, err
}

// spread is n questions of a list, from all over it.
func spread(list []labelled, n int) []labelled {
	if n >= len(list) {
		return list
	}
	out := make([]labelled, n)
	for i := range out {
		out[i] = list[i*len(list)/n]
	}
	return out
}

func (s *score) add(t *testing.T, q labelled, a Answer, first time.Duration) {
	right := slices.ContainsFunc(q.words, func(w string) bool { return strings.Contains(shown(a), w) || hasQuoted(a, w) })
	switch {
	case q.answerable:
		s.answerable++
		if right {
			s.answered++
		}
	default:
		s.unanswerable++
		right = a.Verdict == NotFound
		if right {
			s.refused++
		}
	}
	s.citing += len(a.Citations)
	s.removed += a.Removed
	s.tokens += a.Usage.PromptTokens + a.Usage.CompletionTokens
	if a.Answerer != extractive {
		s.byModel++
		s.shown += len(a.Sentences)
		s.first = append(s.first, first)
	}
	if a.Cut {
		s.cut++
	}
	if a.Fallback != "" {
		s.fallbacks++
	}
	t.Logf("%v %s (%.2f, %s %s)\n  %s", right, q.text, a.Confidence, a.Answerer, a.Fallback, shown(a))
	for _, r := range a.Trace.Removals {
		s.flaws[r.Why]++
		t.Logf("  removed (%s): %s", r.Why, r.Sentence)
	}
}

func (s *score) log(t *testing.T) {
	t.Logf("answered %d of %d, refused %d of %d; %d answers by the model, %d fallbacks, %d cut; its sentences: %d shown, %d removed, %d citations; %d tokens",
		s.answered, s.answerable, s.refused, s.unanswerable, s.byModel, s.fallbacks, s.cut, s.shown, s.removed, s.citing, s.tokens)
	for _, f := range slices.Sorted(maps.Keys(s.flaws)) {
		t.Logf("  %s: %d", f, s.flaws[f])
	}
}

func hasQuoted(a Answer, words string) bool {
	return slices.ContainsFunc(a.Citations, func(c Citation) bool { return strings.Contains(c.Quote, words) })
}
