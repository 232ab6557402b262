package main

import (
	"fmt"
	"testing"
	"time"

	"footnote/prompts"
	"footnote/retrieval"
)

// chain is a store with answers 0000, 0001 and so on, each of which follows the
// one before.
func chain(t *testing.T, n int) *retrieval.Store {
	t.Helper()
	store, err := retrieval.OpenStore(t.Context(), t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { store.Close() })
	for i := range n {
		a := prompts.Answer{
			ID: fmt.Sprintf("%04d", i), Question: prompts.Question{Text: "and then?"},
			Sentences: []prompts.Sentence{{Text: fmt.Sprintf("Part %d.", i)}, {Text: "So it was."}},
			Trace:     prompts.Trace{Question: fmt.Sprintf("What came after part %d?", i)},
		}
		if i > 0 {
			a.Follows = fmt.Sprintf("%04d", i-1)
		}
		body, err := a.MarshalJSON()
		if err != nil {
			t.Fatal(err)
		}
		asked := time.Date(2023, 11, 11, 12, i, 0, 0, time.UTC)
		if err := store.Remember(t.Context(), retrieval.Remembered{ID: a.ID, Question: "and then?", Asked: asked, Body: body}, nil); err != nil {
			t.Fatal(err)
		}
	}
	return store
}

func TestConversation(t *testing.T) {
	tests := []struct {
		name, follow string
		forgotten    string
		first, id    string
		turns        int
	}{
		{"six turns of the last answer", latest, "", "What came after part 2?", "0007", 6},
		{"of another answer", "0001", "", "What came after part 0?", "0001", 2},
		{"an answer that is forgotten ends it", latest, "0005", "What came after part 6?", "0007", 2},
		{"nothing is followed", "", "", "", "", 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			store := chain(t, 8)
			if tt.forgotten != "" {
				if err := store.Forget(t.Context(), tt.forgotten); err != nil {
					t.Fatal(err)
				}
			}
			turns, id, err := conversation(t.Context(), store, tt.follow)
			if err != nil || id != tt.id || len(turns) != tt.turns {
				t.Fatalf("%d turns up to %q: %v", len(turns), id, err)
			}
			if len(turns) > 0 && turns[0].Question != tt.first {
				t.Errorf("begins with %q, want %q", turns[0].Question, tt.first)
			}
		})
	}
}

func TestOnlyTheWholeWordIsTheLastAnswer(t *testing.T) {
	if _, id, err := conversation(t.Context(), chain(t, 2), latest+"0000"); err == nil {
		t.Errorf("went on from %s", id)
	}
}

func TestATurnHoldsWhatWasShown(t *testing.T) {
	turns, _, err := conversation(t.Context(), chain(t, 1), latest)
	if err != nil {
		t.Fatal(err)
	}
	if want := (prompts.Turn{Question: "What came after part 0?", Answer: "Part 0. So it was."}); turns[0] != want {
		t.Errorf("got %+v, want %+v", turns[0], want)
	}
}
