package bot

import (
	"fmt"
	"testing"
	"time"
)

func TestWhatIsRemembered(t *testing.T) {
	r := newRecency(time.Minute, 2)
	for _, test := range []struct {
		id    string
		after time.Duration
		isNew bool
	}{
		{"a", 0, true},
		{"a", 59 * time.Second, false},
		{"a", time.Minute, true},
		{"b", time.Minute, true},
		{"c", time.Minute, true},
		{"b", time.Minute, false},
		{"a", time.Minute, true}, // it had to go for c
	} {
		if got := r.add(test.id, noon().Add(test.after)); got != test.isNew {
			t.Errorf("%s after %v: new is %v", test.id, test.after, got)
		}
	}
}

func TestItRemembersNoMoreThanItMay(t *testing.T) {
	r := newRecency(time.Hour, 100)
	for i := range 10_000 {
		r.add(fmt.Sprint(i), noon().Add(time.Duration(i)*time.Second))
	}
	if len(r.since) > 100 || len(r.order) > 100 || cap(r.order) > 1000 {
		t.Errorf("it holds %d ids in room for %d", len(r.since), cap(r.order))
	}
}
