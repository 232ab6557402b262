package bot

import (
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"footnote/prompts"
	"footnote/retrieval"
)

// keepAnswer has a bot keep an answer of a person in a server, as if it had
// been shown.
func keepAnswer(t *testing.T, b *testBot, id, guild, person string) {
	t.Helper()
	a := testAsked(id, time.Now())
	a.Guild, a.Person, a.Ask.Text = guild, person, "word-of-"+person
	must(t, b.options.State.KeepAsked(t.Context(), a))
	must(t, b.options.Store.Remember(t.Context(), retrieval.Remembered{ID: id, Question: a.Ask.Text, Asked: a.At, Body: []byte(a.Ask.Text)}, nil))
}

func TestForgettingErasesStateAndStore(t *testing.T) {
	forgets := map[string]func(*testing.T, *testBot) error{
		"person": func(t *testing.T, b *testBot) error {
			_, err := b.forgetPerson(t.Context(), "p1")
			return err
		},
		"server": func(t *testing.T, b *testBot) error { b.Removed(t.Context(), "g1"); return nil },
	}
	for name, forget := range forgets {
		synctest.Test(t, func(t *testing.T) {
			b := startBot(t, t.TempDir(), nil)
			b.asking(atOnce)
			keepAnswer(t, b, "a1", "g1", "p1")
			keepAnswer(t, b, "a2", "g2", "p2")
			must(t, b.setPlain(t.Context(), "p1", true))
			must(t, b.setSettings(t.Context(), "g1", Settings{Plain: true}))
			b.serve(t, slashAsk("q1", "p1"))
			must(t, forget(t, b))
			b.Close()
			if n := traces(t, b.dir, "word-of-p1"); n != 0 {
				t.Errorf("%s: %d traces of the words are left", name, n)
			}
			if n := traces(t, b.dir, "word-of-p2"); n == 0 {
				t.Errorf("%s: another's words are gone", name)
			}
			if name == "person" && (traces(t, b.dir, "user:p1") > 0 || b.wantsPlain("p1")) {
				t.Errorf("the person is still known")
			}
			if name == "server" && (traces(t, b.dir, "guild:g1") > 0 || b.settings("g1").Plain) {
				t.Errorf("the server is still known")
			}
		})
	}
}

func TestTidyErasesWhatIsHalfAYearOld(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := startBot(t, t.TempDir(), nil)
		keepAnswer(t, b, "a1", "g1", "p1")
		time.Sleep(keepsAsked / 2)
		keepAnswer(t, b, "a2", "g1", "p2")
		time.Sleep(keepsAsked/2 + time.Second)
		must(t, b.Tidy(t.Context()))
		if old, recent := traces(t, b.dir, "word-of-p1"), traces(t, b.dir, "word-of-p2"); old > 0 || recent == 0 {
			t.Errorf("%d traces of the old one, %d of the recent one", old, recent)
		}
	})
}

func TestAServerThatWasLeftUnseenIsErased(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := startBot(t, t.TempDir(), nil)
		for _, guild := range []string{"here", "left", "elsewhere", "never"} {
			keepAnswer(t, b, "of-"+guild, guild, guild)
		}
		b.Joined(t.Context(), []string{"here", "left", "elsewhere"}, nil)
		for range 2 { // the second time, nothing is left to do
			b.Joined(t.Context(), []string{"here"}, func(guild string) bool { return guild != "elsewhere" })
		}
		for guild, kept := range map[string]bool{"here": true, "left": false, "elsewhere": true, "never": true} {
			if n := traces(t, b.dir, "word-of-"+guild); n > 0 != kept {
				t.Errorf("%s: %d traces", guild, n)
			}
		}
	})
}

func TestWhatIsBeingAnsweredWhileAPersonIsForgottenIsNotKept(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := startBot(t, t.TempDir(), nil)
		begun := time.Now()
		time.Sleep(time.Second)
		if _, err := b.forgetPerson(t.Context(), "p1"); err != nil {
			t.Fatal(err)
		}
		if err := b.keep(t.Context(), prompts.Answer{ID: "a1"}, testAsked("a1", time.Now()), begun); !errors.Is(err, errForgotten) {
			t.Errorf("keep: %v", err)
		}
		if _, err := b.options.State.Asked(t.Context(), "a1"); !errors.Is(err, retrieval.ErrNotFound) {
			t.Errorf("Asked: %v", err)
		}
		time.Sleep(time.Second)
		must(t, b.keep(t.Context(), prompts.Answer{ID: "a2"}, testAsked("a2", time.Now()), time.Now()))
	})
}
