package bot

import (
	"context"
	"errors"
	"fmt"
	"time"

	"footnote/prompts"
)

const (
	progressAfter = time.Second     // until a person is told that something goes on
	positionEvery = 2 * time.Second // between two looks at the line
	lastMoment    = time.Second     // for a handler to end after its context
)

// A result is what a handler returned.
type result struct {
	reply    Reply
	answered prompts.Answer
	err      error
}

// work waits for the question's turn and has its handler do what it does.
func (s *serving) work(ctx context.Context, p *place) (Reply, error) {
	ctx, cancel := context.WithTimeout(ctx, requestLife)
	defer cancel()
	if err := s.waitForTurn(ctx, p); err != nil {
		return Reply{}, err
	}
	return s.run(ctx)
}

// waitForTurn says how the line moves until it is the question's turn.
func (s *serving) waitForTurn(ctx context.Context, p *place) error {
	if p == nil {
		return nil
	}
	defer func() { s.rec.Waited = s.elapsed() - s.rec.Ack }()
	tick := time.NewTicker(positionEvery)
	defer tick.Stop()
	for last := 0; ; {
		if n := s.bot.line.position(p); n != last && n > 0 {
			s.say(ctx, fmt.Sprintf(s.call.words.gate.inLine, n))
			last = n
		}
		select {
		case <-p.turn:
			return nil
		case <-ctx.Done():
			return ctx.Err()
		case <-tick.C:
		}
	}
}

// run has the handler at work, shows its drafts, and returns when it does, or
// a moment after ctx has ended. Only this goroutine speaks to the responder.
func (s *serving) run(ctx context.Context) (Reply, error) {
	drafts := make(chan Reply, 1)
	s.call.show = func(r Reply) { replace(drafts, r) }
	results := make(chan result, 1)
	s.handler.Go(func() {
		r, err := handled(func() (Reply, error) { return s.task.run(ctx, s.bot, s.call) })
		s.leave() // a reply that Discord does not take holds up no other question
		results <- result{r, s.call.answered, err}
	})
	o := s.follow(ctx, drafts, results)
	s.rec.tell(o.answered)
	return o.reply, o.err
}

// follow shows drafts until there is a result.
func (s *serving) follow(ctx context.Context, drafts <-chan Reply, results <-chan result) result {
	progress := time.NewTimer(progressAfter)
	defer progress.Stop()
	for {
		select {
		case r := <-drafts:
			progress.Stop()
			r.Plain = r.Plain || s.call.plain
			s.to.Show(ctx, r)
		case <-progress.C:
			s.showProgress(ctx)
		case o := <-results:
			return o
		case <-ctx.Done():
			return lastOf(results, ctx.Err())
		}
	}
}

// lastOf is a result that comes within a moment, else err.
func lastOf(results <-chan result, err error) result {
	select {
	case o := <-results:
		return o
	case <-time.After(lastMoment):
		return result{err: err}
	}
}

// replace puts r in a box for one, in place of what nobody has taken out.
func replace(box chan Reply, r Reply) {
	select {
	case <-box:
	default:
	}
	select {
	case box <- r:
	default: // another one was faster
	}
}

// showProgress says what goes on, of a question.
func (s *serving) showProgress(ctx context.Context) {
	if s.task.limited {
		s.say(ctx, s.call.words.counted(s.call.corpus.Scope.Coverage().Articles, s.call.words.gate.looking))
	}
}

func (s *serving) say(ctx context.Context, text string) {
	s.to.Show(ctx, Reply{Blocks: []Block{textBlock(Note, text)}, Plain: s.call.plain})
}

// apology is the reply to what came to nothing. ctx is the bot's: once it has
// ended, that is why.
func (s *serving) apology(ctx context.Context, err error) Reply {
	w := s.call.words.gate
	if ctx.Err() != nil {
		s.rec.Outcome = Stopping
		return saying(w.restarting)
	}
	s.rec.Outcome, s.rec.Err = Failed, err
	if errors.Is(err, context.DeadlineExceeded) {
		return saying(w.tooSlow)
	}
	return saying(w.trouble)
}
