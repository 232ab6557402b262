package main

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"io"
	"strings"
	"testing"
	"time"
)

// A session is a person with a home of their own, and what they last saw.
type session struct {
	env            env
	stdout, stderr strings.Builder
}

// newSession goes to an empty folder. Nothing is a terminal, and it is noon of
// 11 November 2023.
func newSession(t *testing.T) *session {
	t.Helper()
	home := t.TempDir()
	t.Chdir(home)
	return &session{env: env{
		stdin:    strings.NewReader(""),
		environ:  []string{"HOME=" + home},
		now:      func() time.Time { return time.Date(2023, 11, 11, 12, 0, 0, 0, time.UTC) },
		terminal: func(any) bool { return false },
	}}
}

// do runs footnote and is its exit code.
func (s *session) do(ctx context.Context, args ...string) int {
	s.stdout.Reset()
	s.stderr.Reset()
	e := s.env
	e.args, e.stdout, e.stderr = args, &s.stdout, &s.stderr
	return run(ctx, e)
}

// A fullDisk takes nothing.
type fullDisk struct{}

func (fullDisk) Write([]byte) (int, error) { return 0, errors.New("no space left") }

func TestLostOutputIsAFailure(t *testing.T) {
	s := newSession(t)
	write(t, "rain.txt", "It rained.")
	s.do(t.Context(), "ask", "is South Korea sending lethal aid")
	for _, args := range [][]string{
		{"ask", "is South Korea sending lethal aid"}, {"search", "shells"}, {"sources"}, {"articles"}, {"articles", "export"},
		{"ingest", "--dry-run", "rain.txt"}, {"check"}, {"doctor"}, {"model"}, {"config"}, {"version"}, {"help"}, {"--version"}, {"completion", "bash"},
	} {
		for _, args := range [][]string{args, append(args, "--json")} {
			s.stderr.Reset()
			e := s.env
			e.args, e.stdout, e.stderr = args, fullDisk{}, &s.stderr
			if code := run(t.Context(), e); code != exitFailure {
				t.Errorf("%v: exit code %d", args, code)
			}
			if want := "footnote: standard output cannot be written: no space left;"; strings.Count(s.stderr.String(), want) != 1 {
				t.Errorf("%v: stderr: %s", args, &s.stderr)
			}
		}
	}
}

func TestPanicIsAFailureThatSaysSo(t *testing.T) {
	s := newSession(t)
	s.env.now = func() time.Time { panic("the clock is broken") }
	if code := s.do(t.Context(), "ask", "who won"); code != exitFailure {
		t.Errorf("exit code %d", code)
	}
	if !strings.Contains(s.stderr.String(), "footnote has a fault of its own: the clock is broken") {
		t.Errorf("stderr: %s", &s.stderr)
	}
}

func TestInterruptHasItsExitCode(t *testing.T) {
	s := newSession(t)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if code := s.do(ctx, "search", "shells"); code != exitInterrupted {
		t.Errorf("exit code %d: %s", code, &s.stderr)
	}
}

func TestInterruptEndsWaitingForInput(t *testing.T) {
	for _, args := range [][]string{{"ask", "-"}, {"ingest", "-"}} {
		s := newSession(t)
		silent, writer := io.Pipe()
		defer writer.Close()
		ctx, cancel := context.WithCancel(t.Context())
		s.env.stdin = readerFunc(func(p []byte) (int, error) {
			cancel()
			return silent.Read(p)
		})
		if code := s.do(ctx, args...); code != exitInterrupted {
			t.Errorf("%v: exit code %d: %s", args, code, &s.stderr)
		}
	}
}

func TestAskWithNothingOnATerminalShowsHelp(t *testing.T) {
	s := newSession(t)
	s.env.terminal = func(any) bool { return true }
	if code := s.do(t.Context(), "ask"); code != exitUsage {
		t.Errorf("exit code %d", code)
	}
	if s.stdout.Len() > 0 || !strings.Contains(s.stderr.String(), "footnote ask [QUESTION|-]") {
		t.Errorf("stdout: %s\nstderr: %s", &s.stdout, &s.stderr)
	}
}

func TestRemoveAsksOnATerminal(t *testing.T) {
	tests := []struct {
		name, reply string
		args        []string
		code        int
		removed     bool
	}{
		{"yes", "y\n", nil, exitDone, true},
		{"no", "n\n", nil, exitDone, false},
		{"the default is no", "\n", nil, exitDone, false},
		{"the end is no", "", nil, exitDone, false},
		{"--force does not ask", "", []string{"--force"}, exitDone, true},
		{"--no-input leaves nobody to ask", "", []string{"--no-input"}, exitUsage, false},
		{"--no-input with --force does not ask", "", []string{"--no-input", "--force"}, exitDone, true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := newSession(t)
			write(t, "rain.jsonl", `{"id":"rain","text":"It rained."}`)
			if code := s.do(t.Context(), "ingest", "rain.jsonl"); code != exitDone {
				t.Fatalf("ingest: %s", &s.stderr)
			}
			s.env.terminal = func(any) bool { return true }
			s.env.stdin = strings.NewReader(tt.reply)
			if code := s.do(t.Context(), append([]string{"articles", "remove", "rain"}, tt.args...)...); code != tt.code {
				t.Errorf("exit code %d: %s", code, &s.stderr)
			}
			s.do(t.Context(), "articles", "list", "--no-color")
			if gone := !strings.Contains(s.stdout.String(), "rain"); gone != tt.removed {
				t.Errorf("removed is %v; stdout: %s", gone, &s.stdout)
			}
		})
	}
}

func TestRemovedWithTracesIsAWarning(t *testing.T) {
	s := newSession(t)
	write(t, "rain.jsonl", `{"id":"rain","text":"It rained."}`)
	if code := s.do(t.Context(), "ingest", "rain.jsonl", "--data", "data"); code != exitDone {
		t.Fatalf("ingest: %s", &s.stderr)
	}
	db, err := sql.Open("sqlite", "data/footnote.db")
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	reader, err := db.BeginTx(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer reader.Rollback() // it only reads
	var n int
	if err := reader.QueryRowContext(t.Context(), `SELECT count(*) FROM articles`).Scan(&n); err != nil {
		t.Fatal(err)
	}
	if code := s.do(t.Context(), "articles", "remove", "rain", "--data", "data"); code != exitDone {
		t.Errorf("exit code %d", code)
	}
	if s.stdout.String() != "1 article removed\n" || !strings.HasPrefix(s.stderr.String(), "warning: removed, but traces stay in ") {
		t.Errorf("stdout: %s\nstderr: %s", &s.stdout, &s.stderr)
	}
}

func TestInterruptAtAPromptRemovesNothing(t *testing.T) {
	s := newSession(t)
	write(t, "rain.jsonl", `{"id":"rain","text":"It rained."}`)
	if code := s.do(t.Context(), "ingest", "rain.jsonl"); code != exitDone {
		t.Fatalf("ingest: %s", &s.stderr)
	}
	silent, writer := io.Pipe()
	defer writer.Close()
	ctx, cancel := context.WithCancel(t.Context())
	s.env.terminal = func(any) bool { return true }
	s.env.stdin = readerFunc(func(p []byte) (int, error) {
		cancel()
		return silent.Read(p)
	})
	if code := s.do(ctx, "articles", "remove", "rain"); code != exitInterrupted {
		t.Errorf("exit code %d: %s", code, &s.stderr)
	}
	if s.do(t.Context(), "articles", "list", "--no-color"); !strings.Contains(s.stdout.String(), "rain") {
		t.Errorf("stdout: %s", &s.stdout)
	}
}

func TestColour(t *testing.T) {
	tests := []struct {
		name     string
		terminal bool
		environ  []string
		args     []string
		want     bool
	}{
		{"terminal", true, nil, nil, true},
		{"pipe", false, nil, nil, false},
		{"NO_COLOR", true, []string{"NO_COLOR=1"}, nil, false},
		{"TERM=dumb", true, []string{"TERM=dumb"}, nil, false},
		{"--no-color", true, nil, []string{"--no-color"}, false},
		{"CLICOLOR_FORCE", false, []string{"CLICOLOR_FORCE=1"}, nil, true},
		{"CLICOLOR_FORCE=0", false, []string{"CLICOLOR_FORCE=0"}, nil, false},
		{"NO_COLOR over CLICOLOR_FORCE", false, []string{"CLICOLOR_FORCE=1", "NO_COLOR=1"}, nil, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := newSession(t)
			s.env.terminal = func(any) bool { return tt.terminal }
			s.env.environ = append(s.env.environ, tt.environ...)
			s.do(t.Context(), append([]string{"search", "shells"}, tt.args...)...)
			if got := strings.Contains(s.stdout.String(), "\x1b["); got != tt.want {
				t.Errorf("styled is %v: %q", got, &s.stdout)
			}
		})
	}
}

func TestGlobalFlagsStandAnywhere(t *testing.T) {
	for _, args := range [][]string{{"--json", "version"}, {"version", "--json"}} {
		s := newSession(t)
		if s.do(t.Context(), args...); !json.Valid([]byte(s.stdout.String())) {
			t.Errorf("%v: %s", args, &s.stdout)
		}
	}
}

func TestAFailingReaderIsAFailure(t *testing.T) {
	s := newSession(t)
	s.env.stdin = readerFunc(func([]byte) (int, error) { return 0, errors.New("the line is dead") })
	if code := s.do(t.Context(), "ask", "-"); code != exitFailure {
		t.Errorf("exit code %d", code)
	}
	if want := "footnote: reading the question: the line is dead\n"; s.stderr.String() != want {
		t.Errorf("stderr: %s", &s.stderr)
	}
}

func TestControlCharactersOfAQuestionAreNotShown(t *testing.T) {
	s := newSession(t)
	s.do(t.Context(), "ask", "--json", "who\x1b[2J won\u202e")
	if shown := s.stdout.String(); !strings.Contains(shown, `"question":"who[2J won"`) {
		t.Errorf("stdout: %s", shown)
	}
}

func TestLogsHoldNoQuestion(t *testing.T) {
	for _, format := range []string{"text", "json"} {
		s := newSession(t)
		s.env.environ = append(s.env.environ, "FOOTNOTE_LOG_FORMAT="+format)
		s.do(t.Context(), "ask", "-v", "shells", "quokka")
		if log := s.stderr.String(); !strings.Contains(log, "question answered") || strings.Contains(log, "quokka") {
			t.Errorf("%s log: %s", format, log)
		}
	}
}
