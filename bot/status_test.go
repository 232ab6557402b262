package bot

import (
	"testing"
	"time"

	"footnote/retrieval"
)

func TestStatusShowsOwnersMore(t *testing.T) {
	s := newStage(t, func(o *Options) {
		o.Admins = []string{"owner"}
		o.Status = func() []string { return []string{"shard 0: ready"} }
	})
	s.now = s.now.Add(26*time.Hour + 5*time.Minute)
	r := s.slash(manager, "status")
	expect(t, r, "Articles: 10 articles, 2022-", "Language model: none", "Version: 1.2", "Running for: 1 d 02:05 h", "Questions: 0 being answered, 0 waiting")
	expectNot(t, r, "shard", "Tokens")
	expect(t, s.slash(Person{ID: "owner"}, "status"), "Connection: shard 0: ready", "Tokens today (UTC): 0")
}

func TestStatusCountsTheTokensOfTheDay(t *testing.T) {
	s := newStage(t, func(o *Options) { o.Admins = []string{"owner"} })
	if err := s.options.Store.SettleTokens(t.Context(), s.now, 0, retrieval.Tokens{Prompt: 1000, Completion: 234}); err != nil {
		t.Fatal(err)
	}
	expect(t, s.slash(Person{ID: "owner"}, "status"), "Tokens today (UTC): 1,234")
}
