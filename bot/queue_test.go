package bot

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
)

func isTurn(p *place) bool {
	select {
	case <-p.turn:
		return true
	default:
		return false
	}
}

func TestPeopleTakeTurns(t *testing.T) {
	l := newLine(1, 10)
	var order []string
	places := map[string]*place{}
	for _, name := range []string{"x1", "a1", "a2", "b1", "c1", "b2"} {
		p, err := l.join(name[:1])
		must(t, err)
		places[name] = p
	}
	if n := l.position(places["a2"]); n != 4 {
		t.Errorf("a's second question is number %d, want 4", n)
	}
	for len(places) > 0 {
		for name, p := range places {
			if isTurn(p) {
				order = append(order, name)
				delete(places, name)
				l.leave(p)
			}
		}
	}
	if got := strings.Join(order, " "); got != "x1 a1 b1 c1 a2 b2" {
		t.Errorf("the order is %s", got)
	}
	if running, waiting := l.counts(); running != 0 || waiting != 0 {
		t.Errorf("%d run and %d wait at the end", running, waiting)
	}
}

func TestTheLineIsBounded(t *testing.T) {
	l := newLine(1, 3)
	for _, test := range []struct {
		person string
		want   error
	}{{"x", nil}, {"a", nil}, {"a", nil}, {"a", errWaits}, {"b", nil}, {"c", errLineFull}} {
		if _, err := l.join(test.person); !errors.Is(err, test.want) {
			t.Errorf("%s: %v, want %v", test.person, err, test.want)
		}
	}
}

func TestWhoGivesUpMakesRoom(t *testing.T) {
	l := newLine(1, 2)
	first, _ := l.join("x")
	a, _ := l.join("a")
	b, _ := l.join("b")
	l.leave(a)
	if n := l.position(b); n != 1 {
		t.Errorf("b is number %d, want 1", n)
	}
	l.leave(first)
	if !isTurn(b) || l.position(b) != 0 {
		t.Error("it is not b's turn")
	}
}

// A deafFront takes no last word until it is told to.
type deafFront struct {
	fakeFront
	hears chan struct{}
}

func (f *deafFront) Finish(ctx context.Context, r Reply) (Posted, error) {
	<-f.hears
	return f.fakeFront.Finish(ctx, r)
}

func TestAReplyThatIsNotTakenHoldsUpNoOtherQuestion(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := startBot(t, t.TempDir(), func(o *Options) { o.Workers = 1 })
		b.asking(atOnce)
		deaf := &deafFront{hears: make(chan struct{})}
		var first sync.WaitGroup
		first.Go(func() { b.Serve(t.Context(), slashAsk("q1", "ann"), deaf) })
		synctest.Wait()
		if got := b.serve(t, slashAsk("q2", "bob")).last(); got != "done" || b.Stats().Running != 0 {
			t.Errorf("the second question is told %q, and %d run", got, b.Stats().Running)
		}
		close(deaf.hears)
		first.Wait()
	})
}
