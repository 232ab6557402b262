package main

import (
	"context"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"footnote/prompts/promptstest"
)

// withModel is a session whose settings name the model at an address.
func withModel(t *testing.T, address string) *session {
	s := newSession(t)
	s.env.environ = append(s.env.environ, "FOOTNOTE_MODEL_PROVIDER=openai", "FOOTNOTE_MODEL_NAME="+promptstest.Name,
		"FOOTNOTE_MODEL_TIMEOUT=10s", "FOOTNOTE_MODEL_BASE_URL="+address)
	return s
}

// A watch is a stream that tells when word has been written to it.
type watch struct {
	io.Writer
	word string
	seen chan struct{}
	once sync.Once
}

func (w *watch) Write(p []byte) (int, error) {
	n, err := w.Writer.Write(p)
	if strings.Contains(string(p), w.word) {
		w.once.Do(func() { close(w.seen) })
	}
	return n, err
}

// askWatched asks a question with shown over standard output.
func (s *session) askWatched(ctx context.Context, shown *watch) int {
	shown.Writer = &s.stdout
	e := s.env
	e.args, e.stdout, e.stderr = []string{"ask", "Is South Korea sending lethal aid?"}, shown, &s.stderr
	return run(ctx, e)
}

func TestASentenceIsShownBeforeTheModelHasEnded(t *testing.T) {
	shown := &watch{word: principle, seen: make(chan struct{})}
	first, rest, _ := strings.Cut(claims(principle, helmets), "},")
	model := promptstest.NewModel(t, promptstest.Then(
		promptstest.Bytes(promptstest.Delta(first+"},")),
		func(_ http.ResponseWriter, r *http.Request) {
			select {
			case <-shown.seen:
			case <-r.Context().Done():
			}
		},
		promptstest.Bytes(promptstest.Delta(rest)+promptstest.Finish("stop")+promptstest.Done),
	))
	s := withModel(t, model.URL())
	if code := s.askWatched(t.Context(), shown); code != exitDone {
		t.Errorf("exit code %d: %s", code, &s.stderr)
	}
	if !strings.Contains(s.stdout.String(), promptstest.Name+": 2 of 2 sentences verified") {
		t.Errorf("stdout: %s", &s.stdout)
	}
}

func TestAnInterruptedAnswerKeepsItsSources(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	shown := &watch{word: principle, seen: make(chan struct{})}
	model := promptstest.NewModel(t, promptstest.Then(
		promptstest.Bytes(promptstest.Delta(strings.TrimSuffix(claims(principle), "]}"))),
		func(_ http.ResponseWriter, r *http.Request) {
			select {
			case <-shown.seen:
				cancel()
			case <-r.Context().Done():
			}
		},
		promptstest.Stalls,
	))
	s := withModel(t, model.URL())
	if code := s.askWatched(ctx, shown); code != exitInterrupted {
		t.Errorf("exit code %d: %s", code, &s.stderr)
	}
	if !strings.Contains(s.stdout.String(), "\n[1] AP, 2022-11-11 · ") {
		t.Errorf("stdout: %s", &s.stdout)
	}
}

func TestAnEndpointThatTakesNoSchemaIsRememberedForAWeek(t *testing.T) {
	model := promptstest.NewModel(t, promptstest.RefusesSchema(promptstest.Says(claims(principle))))
	s := withModel(t, model.URL())
	begun := s.env.now()
	for _, tt := range []struct {
		name string
		days int
		want int // requests with a schema
	}{{"at first", 0, 1}, {"remembered", 6, 0}, {"asked anew", 8, 1}} {
		before := len(model.Requests())
		s.env.now = func() time.Time { return begun.AddDate(0, 0, tt.days) }
		if code := s.do(t.Context(), "ask", "Is South Korea sending lethal aid?"); code != exitDone || !strings.Contains(s.stdout.String(), promptstest.Name) {
			t.Errorf("%s: exit code %d: %s%s", tt.name, code, &s.stdout, &s.stderr)
		}
		refused := 0
		for _, r := range model.Requests()[before:] {
			if r.ResponseFormat != nil {
				refused++
			}
		}
		if refused != tt.want {
			t.Errorf("%s: %d requests with a schema, want %d", tt.name, refused, tt.want)
		}
	}
}
