package bot

import (
	"context"
	"errors"
	"testing"

	"footnote/retrieval"
)

func TestForgetMeErasesWhatIsKept(t *testing.T) {
	s := newStage(t, nil)
	ctx := t.Context()
	for _, id := range []string{"aaaa", "bbbb"} {
		who := map[string]string{"aaaa": "reader", "bbbb": "other"}[id]
		err := errors.Join(
			s.options.Store.Remember(ctx, retrieval.Remembered{ID: id, Question: "Who?", Asked: s.now, Body: []byte("{}")}, nil),
			s.options.State.KeepAsked(ctx, Asked{Answer: id, Guild: "town", Channel: "square", Person: who, At: s.now}))
		if err != nil {
			t.Fatal(err)
		}
	}
	list := s.slash(reader, "search", "query", manyWords)
	s.slash(reader, "plain")

	expect(t, s.slash(reader, "forget"), "/forget me erases")
	expect(t, s.slash(reader, "forget", "me", "true"), "Erased: 1 answer,")
	if _, err := s.options.Store.Answer(context.Background(), "aaaa"); !errors.Is(err, retrieval.ErrNotFound) {
		t.Errorf("the answer: %v", err)
	}
	if _, err := s.options.Store.Answer(ctx, "bbbb"); err != nil {
		t.Errorf("another one's answer: %v", err)
	}
	if s.wantsPlain("reader") {
		t.Error("the choice of plain text is kept")
	}
	expect(t, s.press(reader, list, "Next"), "older than 15 minutes")
}
