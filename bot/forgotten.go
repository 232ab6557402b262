package bot

import (
	"errors"
	"maps"
	"sync"
	"time"
)

// errForgotten says that a person was forgotten while being answered.
var errForgotten = errors.New("who asked was forgotten meanwhile")

// forgotten knows who was forgotten lately, and when: what they had asked before
// that is not kept when it is answered. It is safe for use by several goroutines.
type forgotten struct {
	mu sync.RWMutex // held while something of a person is kept
	at map[string]time.Time
}

// add has nothing kept of a person that was begun until now. Nothing is being
// kept when it returns.
func (f *forgotten) add(person string, now time.Time) {
	f.mu.Lock()
	defer f.mu.Unlock()
	maps.DeleteFunc(f.at, func(_ string, at time.Time) bool { return now.Sub(at) > 2*requestLife })
	if f.at == nil {
		f.at = make(map[string]time.Time)
	}
	f.at[person] = now
}

// keeping keeps something of a person that was begun at a time, by keep, unless
// the person was forgotten since.
func (f *forgotten) keeping(person string, begun time.Time, keep func() error) error {
	f.mu.RLock()
	defer f.mu.RUnlock()
	if at, ok := f.at[person]; ok && !begun.After(at) {
		return errForgotten
	}
	return keep()
}
