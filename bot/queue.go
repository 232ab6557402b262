package bot

import (
	"errors"
	"slices"
	"sync"
)

// waitsPerPerson is how many questions of one person wait at once.
const waitsPerPerson = 2

var (
	errLineFull = errors.New("the queue is full")
	errWaits    = errors.New("this person has enough in the queue")
)

// A line lets a number of questions be answered at once and the others wait.
// People take turns, whoever has asked more. It is safe for use by several
// goroutines.
type line struct {
	workers int // answered at once
	most    int // that wait

	mu      sync.Mutex
	free    int                 // of the workers
	length  int                 // that wait
	turns   []string            // the people who wait, in the order of their turns
	waiting map[string][]*place // of each of them, the earliest first
}

// A place is a question's in the line. It must be left, once.
type place struct {
	person string
	turn   chan struct{} // closed when it is the question's turn
}

func newLine(workers, most int) *line {
	return &line{workers: workers, most: most, free: workers, waiting: make(map[string][]*place)}
}

// join takes a place at once. The error is errLineFull or errWaits.
func (l *line) join(person string) (*place, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	p := &place{person, make(chan struct{})}
	if l.free > 0 {
		l.free--
		close(p.turn)
		return p, nil
	}
	switch own := len(l.waiting[person]); {
	case l.length >= l.most:
		return nil, errLineFull
	case own >= waitsPerPerson:
		return nil, errWaits
	case own == 0:
		l.turns = append(l.turns, person)
	}
	l.waiting[person] = append(l.waiting[person], p)
	l.length++
	return p, nil
}

// leave gives the place up, whether its turn has come or not.
func (l *line) leave(p *place) {
	l.mu.Lock()
	defer l.mu.Unlock()
	select {
	case <-p.turn:
		l.free++
		l.callNext()
	default:
		l.remove(p)
	}
}

// callNext gives a free slot to the next person's earliest question. Who has
// another one in the line stands behind all others with it.
func (l *line) callNext() {
	if len(l.turns) == 0 {
		return
	}
	person := l.turns[0]
	next := l.waiting[person][0]
	l.remove(next)
	if len(l.waiting[person]) > 0 {
		l.turns = append(l.turns[1:], person)
	}
	l.free--
	close(next.turn)
}

// remove takes a place out of the line, and its person if it was the last.
func (l *line) remove(p *place) {
	rest := slices.DeleteFunc(l.waiting[p.person], func(other *place) bool { return other == p })
	l.waiting[p.person] = rest
	l.length--
	if len(rest) == 0 {
		delete(l.waiting, p.person)
		l.turns = slices.DeleteFunc(l.turns, func(person string) bool { return person == p.person })
	}
}

// position is a place's in the order in which their turns come, from 1; 0 if
// its turn has come.
func (l *line) position(p *place) int {
	l.mu.Lock()
	defer l.mu.Unlock()
	n := 0
	for round := range waitsPerPerson {
		for _, person := range l.turns {
			own := l.waiting[person]
			if len(own) <= round {
				continue
			}
			n++
			if own[round] == p {
				return n
			}
		}
	}
	return 0
}

// counts are how many questions are being answered and how many wait.
func (l *line) counts() (running, waiting int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.workers - l.free, l.length
}
