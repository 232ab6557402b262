package bot

import (
	"context"
	"errors"
	"runtime/debug"
	"sync"
	"time"
)

// How long things may take.
const (
	acknowledgeTimeout = 2500 * time.Millisecond // Discord waits for 3 seconds
	requestLife        = 14 * time.Minute        // its tokens live for 15
	finishTimeout      = 10 * time.Second
	stopTimeout        = 3 * time.Second // for the last word, when the bot is stopped
)

// Serve does what a request asks for and shows what comes of it, by one Answer
// or by an Acknowledge and one Finish. It returns when that is shown, or cannot
// be; when ctx ends, that is within seconds, for handlers that heed it. A
// request that it has seen before, and a message that is not for the bot, it
// passes over.
func (b *Bot) Serve(ctx context.Context, r Request, to Responder) {
	if b.overheard(r) {
		return
	}
	if r.Kind == Typing {
		keys := quota{"user:" + r.Person.ID, keysPerMinute}
		if full, _ := b.typing.take(b.options.Now(), keys); full == "" || b.options.Unlimited {
			b.complete(ctx, r, to)
		}
		return
	}
	s := &serving{bot: b, to: to, began: b.options.Now(), leave: func() {}}
	s.rec = Record{Request: r.Kind, Guild: r.Place.Guild, Outcome: Done}
	defer s.end(ctx)
	if r.ID != "" && !b.seen.add(r.ID, s.began) {
		s.rec.Outcome = Repeated
		return
	}
	s.call = b.callOf(r)
	s.serve(ctx)
}

// complete offers what an option that is being typed could be.
func (b *Bot) complete(ctx context.Context, r Request, to Responder) {
	reply, err := handled(func() (Reply, error) { return b.choices(r), nil })
	if err != nil {
		b.options.Log.ErrorContext(ctx, "completing an option", "name", r.Name, "error", err)
	}
	ctx, cancel := context.WithTimeout(ctx, acknowledgeTimeout)
	defer cancel()
	if err := to.Answer(ctx, reply); err != nil {
		b.options.Log.DebugContext(ctx, "completing an option", "error", err)
	}
}

// choices are none where the person may not use the command.
func (b *Bot) choices(r Request) Reply {
	c := b.callOf(r)
	t, known := b.taskOf(c)
	if !known || t.instant == nil || b.notAllowed(c, t) != "" || badText(r, t, c.words.gate) != "" {
		return Reply{}
	}
	reply, _ := t.instant(b, c)
	return reply
}

// A serving is a request on its way.
type serving struct {
	bot     *Bot
	call    *call
	task    task
	to      Responder
	began   time.Time
	rec     Record
	leave   func()         // gives the place in the line up
	handler sync.WaitGroup // it may be at work after its time is over
}

// serve is the way: rights, limits, the line, the acknowledgement, the work,
// the reply.
func (s *serving) serve(ctx context.Context) {
	if ctx.Err() != nil {
		s.deny(ctx, denial{outcome: Stopping, text: s.call.words.gate.restarting})
		return
	}
	t, no := s.bot.admit(ctx, s.call)
	if t.name != "" {
		s.task, s.rec.Name = t, t.name
	}
	if no != nil {
		s.deny(ctx, *no)
		return
	}
	if s.answeredAtOnce(ctx) {
		return
	}
	var p *place
	if t.limited {
		if p, no = s.bot.enter(ctx, s.call); no != nil {
			s.deny(ctx, *no)
			return
		}
		s.leave = sync.OnceFunc(func() { s.bot.line.leave(p) })
		defer s.leave()
	}
	if !s.acknowledge(ctx) {
		return
	}
	reply, err := s.work(ctx, p)
	if err != nil {
		reply = s.apology(ctx, err)
		reply.Private = true // what was to be updated stays as it is
	}
	s.finish(ctx, reply)
	s.handler.Wait()
}

// answeredAtOnce shows what can be said before anything is acknowledged.
func (s *serving) answeredAtOnce(ctx context.Context) bool {
	if s.task.instant == nil {
		return false
	}
	var ok bool
	reply, err := handled(func() (r Reply, err error) {
		r, ok = s.task.instant(s.bot, s.call)
		return r, nil
	})
	if err != nil {
		s.deny(ctx, denial{Failed, s.call.words.gate.trouble, err})
		return true
	}
	if ok {
		s.answer(ctx, reply)
	}
	return ok
}

// deny says at once, to that person alone, why a request goes no further.
func (s *serving) deny(ctx context.Context, no denial) {
	s.rec.Outcome, s.rec.Err = no.outcome, no.err
	if no.text == "" {
		return
	}
	s.answer(ctx, notice(no.text))
}

// answer replies at once. That nobody could be told changes nothing of what
// became of the request, unless it was done.
func (s *serving) answer(ctx context.Context, r Reply) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), acknowledgeTimeout)
	defer cancel()
	r.Plain = r.Plain || s.call.plain
	err := s.to.Answer(ctx, r)
	s.rec.Ack = s.elapsed()
	if err == nil {
		return
	}
	s.rec.Err = errors.Join(s.rec.Err, err)
	if s.rec.Outcome == Done {
		s.rec.Outcome = Unsent
	}
}

// acknowledge reports whether there is a reply to fill in.
func (s *serving) acknowledge(ctx context.Context) bool {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), acknowledgeTimeout)
	defer cancel()
	err := s.to.Acknowledge(ctx, Acknowledgement{
		Private: s.task.private(s.call.Request) || s.call.asked.Private, Update: s.task.update,
	})
	s.rec.Ack = s.elapsed()
	if err != nil {
		s.rec.Outcome, s.rec.Err = Unsent, err
	}
	return err == nil
}

// finish shows the reply that counts and has an answer remembered.
func (s *serving) finish(ctx context.Context, r Reply) {
	ctx, cancel := lasting(ctx)
	defer cancel()
	r.Plain = r.Plain || s.call.plain
	posted, err := s.to.Finish(ctx, r)
	if err != nil {
		s.rec.Outcome, s.rec.Err = Unsent, errors.Join(s.rec.Err, err)
		return
	}
	if r.Answer == "" {
		return
	}
	if thread := threadOf(s.call.Place, posted); thread != "" {
		s.bot.conversations.add(thread, s.bot.options.Now())
	}
	s.bot.shown(ctx, s.call.Place, r.Answer, s.call.began, posted)
}

// threadOf is the thread in which an answer stands for all to see; "" if there
// is none.
func threadOf(asked Place, posted Posted) string {
	switch {
	case len(posted.Messages) == 0: // it is private
		return ""
	case posted.Thread:
		return posted.Channel
	case asked.Thread():
		return asked.Channel
	}
	return ""
}

// lasting is a context for the last word of a request: it outlives the end of
// ctx, but not for long.
func lasting(ctx context.Context) (context.Context, context.CancelFunc) {
	last, cancel := context.WithTimeout(context.WithoutCancel(ctx), finishTimeout)
	stop := context.AfterFunc(ctx, func() {
		select {
		case <-last.Done():
		case <-time.After(stopTimeout):
			cancel()
		}
	})
	return last, func() { stop(); cancel() }
}

func (s *serving) elapsed() time.Duration { return s.bot.options.Now().Sub(s.began) }

// end tells what became of the request.
func (s *serving) end(ctx context.Context) {
	s.rec.Elapsed = s.elapsed()
	s.bot.record(ctx, s.rec)
}

// handled is what a handler replies; a panic of it is a *panicError.
func handled(f func() (Reply, error)) (r Reply, err error) {
	defer func() {
		if p := recover(); p != nil {
			r, err = Reply{}, newPanicError(p, debug.Stack())
		}
	}()
	return f()
}
