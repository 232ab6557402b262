package bot

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"runtime"
	"sync"
	"time"

	"footnote/prompts"
)

// A Record is what is kept of a request for whoever runs the bot: none of its
// words.
type Record struct {
	Request    Kind
	Name       string // the command or the action; "" for one that there is not
	Guild      string
	Answer     string // its id; "" if there is none
	Outcome    Outcome
	Verdict    prompts.Verdict
	Answerer   string
	Fallback   prompts.Fallback
	Confidence float64
	Citations  int
	Removed    int
	Usage      prompts.Usage
	Ack        time.Duration // until it was acknowledged
	Waited     time.Duration // in the queue
	Model      time.Duration
	Elapsed    time.Duration // in all
	Err        error         // what went wrong, for the log; nil if nothing did
}

// An Outcome is what became of a request.
type Outcome string

// What can become of a request.
const (
	Done     Outcome = "done"
	Refused  Outcome = "refused"  // not allowed here, or bad input
	Limited  Outcome = "limited"  // too many questions
	Busy     Outcome = "busy"     // the queue is full
	Repeated Outcome = "repeated" // seen before: nothing was done
	Failed   Outcome = "failed"   // an apology was shown
	Unsent   Outcome = "unsent"   // there is a reply, and it could not be shown
	Stopping Outcome = "stopping" // the bot is shutting down
)

// Stats are what a bot is doing, and has done since it was made.
type Stats struct {
	Started  time.Time
	Running  int             // questions that are being answered
	Queued   int             // questions that wait
	Outcomes map[Outcome]int // of all requests that have ended
}

// Stats are the figures of this moment.
func (b *Bot) Stats() Stats {
	running, queued := b.line.counts()
	return Stats{Started: b.started, Running: running, Queued: queued, Outcomes: b.tally.counts()}
}

// A tally counts outcomes. It is safe for use by several goroutines.
type tally struct {
	mu       sync.Mutex
	outcomes map[Outcome]int
}

func (t *tally) add(o Outcome) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.outcomes == nil {
		t.outcomes = make(map[Outcome]int)
	}
	t.outcomes[o]++
}

func (t *tally) counts() map[Outcome]int {
	t.mu.Lock()
	defer t.mu.Unlock()
	return maps.Clone(t.outcomes)
}

// String is the kind in a word, for logs and metrics.
func (k Kind) String() string {
	switch k {
	case Slash:
		return "slash"
	case Typing:
		return "typing"
	case Menu:
		return "menu"
	case Pressed:
		return "pressed"
	case Filled:
		return "filled"
	case Said:
		return "said"
	}
	return fmt.Sprintf("Kind(%d)", int(k))
}

// tell takes into the record what a question was answered.
func (r *Record) tell(a prompts.Answer) {
	r.Answer, r.Verdict, r.Answerer, r.Fallback, r.Confidence = a.ID, a.Verdict, a.Answerer, a.Fallback, a.Confidence
	r.Citations, r.Removed, r.Usage, r.Model = len(a.Citations), a.Removed, a.Usage, a.Trace.Model
}

// record tells whoever runs the bot what became of a request.
func (b *Bot) record(ctx context.Context, r Record) {
	b.tally.add(r.Outcome)
	if b.options.Record != nil {
		b.options.Record(r)
	}
	attrs := []slog.Attr{
		slog.String("request", r.Request.String()), slog.String("name", r.Name), slog.String("guild", r.Guild),
		slog.String("outcome", string(r.Outcome)), slog.Duration("ack", r.Ack), slog.Duration("elapsed", r.Elapsed),
	}
	if r.Answer != "" {
		attrs = append(attrs, slog.String("answer", r.Answer), slog.String("verdict", r.Verdict.String()),
			slog.String("answerer", r.Answerer), slog.String("fallback", string(r.Fallback)), slog.Int("citations", r.Citations),
			slog.Int("removed", r.Removed), slog.Int("prompt_tokens", r.Usage.PromptTokens),
			slog.Int("completion_tokens", r.Usage.CompletionTokens), slog.Duration("waited", r.Waited), slog.Duration("model", r.Model))
	}
	level := slog.LevelInfo
	if r.Err != nil {
		level = slog.LevelWarn
		attrs = append(attrs, slog.Any("error", r.Err))
	}
	var p *panicError
	if errors.As(r.Err, &p) {
		level = slog.LevelError
		attrs = append(attrs, slog.String("stack", string(p.stack)))
	}
	b.options.Log.LogAttrs(ctx, level, "request", attrs...)
}

// A panicError is what a handler panicked with.
type panicError struct {
	what  string
	stack []byte
}

func (e *panicError) Error() string { return "a handler panicked: " + e.what }

// newPanicError names what a handler panicked with by its type alone, unless
// it is the language's own: anything else may hold the words of a person.
func newPanicError(p any, stack []byte) *panicError {
	if fault, ok := p.(runtime.Error); ok {
		return &panicError{fault.Error(), stack}
	}
	return &panicError{fmt.Sprintf("%T", p), stack}
}
