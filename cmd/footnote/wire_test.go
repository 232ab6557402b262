package main

import (
	"io"
	"testing"
)

func TestSearcherSeesWhatAnotherProcessIngests(t *testing.T) {
	s := newSession(t)
	write(t, "one.txt", "It rained for the first time in three hundred days.")
	write(t, "two.txt", "Snow fell on the coast, where nobody had seen it before.")
	if code := s.do(t.Context(), "ingest", "one.txt"); code != exitDone {
		t.Fatalf("exit code %d: %s", code, &s.stderr)
	}
	a := &app{env: s.env}
	a.stderr = io.Discard
	lib, err := a.quietLibrary(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer lib.close()
	searcher, err := a.searcher(t.Context(), lib)
	if err != nil {
		t.Fatal(err)
	}
	s.do(t.Context(), "ingest", "two.txt")
	if _, err := searcher.Refresh(t.Context()); err != nil {
		t.Fatal(err)
	}
	if n := searcher.Coverage().Articles; n != 2 {
		t.Errorf("%d articles after a refresh, want 2", n)
	}
}
