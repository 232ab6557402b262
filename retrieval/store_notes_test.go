package retrieval

import (
	"testing"
	"time"
)

func TestNotesRoundTrip(t *testing.T) {
	dir := t.TempDir()
	s := openTestStore(t, dir)
	local := time.FixedZone("east", 3600)
	for _, n := range []struct {
		key, value string
		at         time.Time
	}{
		{"a", "one", noon(1)},
		{"b", "", noon(2)},
		{"", "of no key", noon(3)},
		{"a", "two\nlines", noon(4).In(local)},
	} {
		if err := s.SetNote(t.Context(), n.key, n.value, n.at); err != nil {
			t.Fatal(err)
		}
		value, at, err := openTestStore(t, dir).Note(t.Context(), n.key)
		if value != n.value || !at.Equal(n.at) || at.Location() != time.UTC || err != nil {
			t.Errorf("note %q = %q, %v, %v", n.key, value, at, err)
		}
	}
	checkClean(t, s)
}

func TestNoteThatIsNotThere(t *testing.T) {
	value, at, err := openTestStore(t, t.TempDir()).Note(t.Context(), "a")
	if value != "" || !at.IsZero() || err != nil {
		t.Errorf("got %q, %v, %v", value, at, err)
	}
}

func TestDamagedNoteCountsForNothing(t *testing.T) {
	for _, statement := range []string{
		`UPDATE notes SET value = 'X'`, `UPDATE notes SET at = replace(at, '2024', '2025')`, `UPDATE notes SET key = 'b'`, `UPDATE notes SET sum = x''`,
	} {
		t.Run(statement, func(t *testing.T) {
			s := openTestStore(t, t.TempDir())
			if err := s.SetNote(t.Context(), "a", "one", noon(1)); err != nil {
				t.Fatal(err)
			}
			corrupt(t, s, statement)
			for _, key := range []string{"a", "b"} {
				if value, at, err := s.Note(t.Context(), key); value != "" || !at.IsZero() || err != nil {
					t.Errorf("got %q, %v, %v", value, at, err)
				}
			}
			if err := s.SetNote(t.Context(), "a", "two", noon(2)); err != nil {
				t.Fatal(err)
			}
			if value, _, err := s.Note(t.Context(), "a"); value != "two" || err != nil {
				t.Errorf("noted again, it is %q, %v", value, err)
			}
		})
	}
}
