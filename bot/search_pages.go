package bot

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"footnote/retrieval"
)

// shelfLife is how long what a person began can be gone on with.
const shelfLife = 15 * time.Minute

// shelves are what the bot keeps of people for a quarter of an hour, in memory
// alone: the lists they turn the pages of, and what waits for their yes.
type shelves struct {
	lists shelf[listing]
	plans shelf[plan]
}

func newShelves() *shelves {
	return &shelves{lists: shelf[listing]{most: 1000, each: 5}, plans: shelf[plan]{most: 32, each: 1}}
}

// forget drops what is kept of a person.
func (s *shelves) forget(person string) {
	s.lists.drop(func(o owner) bool { return o.person == person })
	s.plans.drop(func(o owner) bool { return o.person == person })
}

// forgetServer drops what is kept of a server.
func (s *shelves) forgetServer(guild string) {
	s.lists.drop(func(o owner) bool { return o.guild == guild })
	s.plans.drop(func(o owner) bool { return o.guild == guild })
}

// An owner is who may have something back, and where.
type owner struct{ person, guild string }

func ownerOf(r Request) owner { return owner{r.Person.ID, r.Place.Guild} }

// A shelf holds things for their owners until they are too old or too many. It
// is safe for use by several goroutines.
type shelf[T any] struct {
	most, each int // how many in all, and of one owner
	mu         sync.Mutex
	things     []thing[T] // the oldest first
}

type thing[T any] struct {
	key   string
	owner owner
	at    time.Time
	value T
}

// put keeps a value. Where there is no room for it the oldest one goes, of the
// same owner if he has enough.
func (s *shelf[T]) put(key string, o owner, now time.Time, value T) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.things = slices.DeleteFunc(s.things, func(t thing[T]) bool {
		return now.Sub(t.at) >= shelfLife || t.key == key && t.owner == o
	})
	own := func(t thing[T]) bool { return t.owner == o }
	if count := countOf(s.things, own); count >= s.each {
		i := slices.IndexFunc(s.things, own)
		s.things = slices.Delete(s.things, i, i+1)
	} else if len(s.things) >= s.most {
		s.things = slices.Delete(s.things, 0, 1)
	}
	s.things = append(s.things, thing[T]{key, o, now, value})
}

// get is what put kept for that owner; ok is false if it is gone.
func (s *shelf[T]) get(key string, o owner, now time.Time) (value T, ok bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, t := range s.things {
		if t.key == key && t.owner == o && now.Sub(t.at) < shelfLife {
			return t.value, true
		}
	}
	return value, false
}

// drop drops what is kept for some owners.
func (s *shelf[T]) drop(of func(owner) bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.things = slices.DeleteFunc(s.things, func(t thing[T]) bool { return of(t.owner) })
}

// numbered puts the number of an item before its words.
func numbered(n int, spans []Span) []Span {
	return append([]Span{{Text: strconv.Itoa(n) + ". "}}, spans...)
}

func countOf[T any](things []T, which func(T) bool) int {
	n := 0
	for _, t := range things {
		if which(t) {
			n++
		}
	}
	return n
}

// A listing is what a person turns the pages of. Each page is made anew, so that
// none shows what is no longer there.
type listing struct {
	query  retrieval.Query // of /search
	filter string          // of /articles
}

// A page is one page of a list.
type page struct {
	action   string // that turns it
	key      string // of the list on its shelf
	n, of    int    // counts from 1
	from, to int    // its items: items[from:to]
}

// pageOf is the n-th page, or the one nearest to it that there is.
func pageOf(action, key string, n, items, each int) page {
	p := page{action: action, key: key, of: max(1, (items+each-1)/each)}
	p.n = min(max(1, n), p.of)
	p.from = (p.n - 1) * each
	p.to = min(p.from+each, items)
	return p
}

// under is a reply of blocks, with what turns the page below them if there is
// more than one.
func (p page) under(blocks []Block, words phrases) Reply {
	if p.of == 1 {
		return Reply{Blocks: blocks}
	}
	w := words.around
	turn := func(label string, n int, possible bool) Action {
		return Action{Label: label, ID: action{name: p.action, arg: pageArg(p.key, n)}.id(), Disabled: !possible}
	}
	return Reply{
		Blocks: append(blocks, textBlock(Note, fmt.Sprintf(w.page, p.n, p.of))),
		Rows:   [][]Action{{turn(words.answer.previous, p.n-1, p.n > 1), turn(words.answer.next, p.n+1, p.n < p.of)}},
	}
}

func pageArg(key string, n int) string { return key + "-" + strconv.Itoa(n) }

// turned is the list that a pressed button turns a page of, its key and the
// page. A forged or an old one is a refusal.
func (b *Bot) turned(c *call) (wanted listing, key string, n int, err error) {
	at := strings.LastIndexByte(c.action.arg, '-')
	if at >= 0 {
		key = c.action.arg[:at]
		n, err = strconv.Atoi(c.action.arg[at+1:])
	}
	wanted, ok := b.shelves.lists.get(key, ownerOf(c.Request), b.options.Now())
	if err != nil || !ok {
		return listing{}, "", 0, refusal(c.words.around.tooOld)
	}
	return wanted, key, n, nil
}
