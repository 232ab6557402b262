package bot

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// who are the people of the tests of rights. The last manages another server,
// which the request of this one does not say.
func who() map[string]Person {
	return map[string]Person{
		"member":   {ID: "1", Roles: []string{"r1"}},
		"stranger": {ID: "2", Roles: []string{"r2"}},
		"admin":    {ID: "3", Roles: []string{"r2"}, Admin: true},
		"owner":    {ID: "9"},
	}
}

func where() map[string]Place {
	return map[string]Place{
		"home":   {Guild: "g1", Channel: "c1"},
		"thread": {Guild: "g1", Channel: "t1", Parent: "c1"},
		"other":  {Guild: "g1", Channel: "c2"},
		"abroad": {Guild: "g2", Channel: "c3"},
		"direct": {Channel: "d1", Direct: true},
	}
}

// TestRights holds every command, of everybody everywhere, against what is
// expressly allowed: all else is refused.
func TestRights(t *testing.T) {
	allowed := map[string]string{ // by class: "person@place", * is any
		"everywhere":        "*@*",
		"everybody":         "member@home member@thread owner@*",
		"everybody, server": "member@home member@thread owner@home owner@thread owner@other owner@abroad",
		"admin":             "admin@home admin@thread owner@*",
		"admin, server":     "admin@home admin@thread owner@home owner@thread owner@other owner@abroad",
	}
	classOf := func(c CommandSpec) string {
		class := "everybody"
		switch {
		case c.Name == "help", c.Name == "forget":
			return "everywhere"
		case c.Admin:
			class = "admin"
		}
		if c.GuildOnly {
			class += ", server"
		}
		return class
	}
	synctest.Test(t, func(t *testing.T) {
		b := startBot(t, t.TempDir(), func(o *Options) {
			o.Channels, o.Roles, o.Admins, o.UserPerMinute = []string{"c1"}, []string{"r1"}, []string{"9"}, 1000
		})
		specs := b.Commands()
		if len(specs) == 0 {
			t.Fatal("there are no commands")
		}
		for _, spec := range specs {
			task, ran := b.commands[spec.Name], false
			task.instant, task.needs = nil, nil
			task.run = func(context.Context, *Bot, *call) (Reply, error) { ran = true; return saying("done"), nil }
			b.commands[spec.Name] = task
			for person, p := range who() {
				for place, at := range where() {
					r := Request{Kind: Slash, Name: spec.Name, Person: p, Place: at}
					if spec.Menu {
						r.Kind, r.Text = Menu, "The shells were bought."
					}
					ran = false
					f := b.serve(t, r)
					can := strings.Fields(allowed[classOf(spec)])
					want := false
					for _, who := range []string{person, "*"} {
						for _, where := range []string{place, "*"} {
							for _, c := range can {
								want = want || c == who+"@"+where
							}
						}
					}
					if ran != want {
						t.Errorf("/%s of %s@%s: ran is %v, want %v; said %q", spec.Name, person, place, ran, want, f.last())
					}
					if !ran && (len(f.answered) != 1 || !f.answered[0].Private || len(f.acks) > 0) {
						t.Errorf("/%s of %s@%s is not refused at once and privately", spec.Name, person, place)
					}
				}
			}
			time.Sleep(2 * limitWindow)
		}
	})
}

func TestButtonsOfAdminsAreForAdmins(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := startBot(t, t.TempDir(), nil)
		for _, a := range adminAnswerings() {
			r := Request{Kind: Pressed, Action: action{name: a.name, arg: "1"}.id(), Person: who()["member"], Place: where()["home"]}
			if f := b.serve(t, r); !strings.Contains(f.last(), "manage this server") {
				t.Errorf("%s: %q", a.name, f.last())
			}
		}
	})
}

func TestAServersOwnChannelsAndRolesHoldAtOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := startBot(t, t.TempDir(), nil)
		b.asking(atOnce)
		must(t, b.setSettings(t.Context(), "g1", Settings{Channels: []string{"c1"}, Roles: []string{"r1"}}))
		for _, test := range []struct{ person, place, want string }{
			{"member", "home", "done"},
			{"member", "thread", "done"},
			{"member", "other", "do not answer in this place"},
			{"stranger", "home", "need a role"},
			{"stranger", "abroad", "done"},
		} {
			r := slashAsk("", "p1")
			r.Person, r.Place = who()[test.person], where()[test.place]
			if got := b.serve(t, r).last(); !strings.Contains(got, test.want) {
				t.Errorf("%s@%s: %q, want %q", test.person, test.place, got, test.want)
			}
		}
	})
}

func TestBadTextIsRefused(t *testing.T) {
	ask := func(text string) Request {
		return Request{Kind: Slash, Name: "ask", Options: map[string]string{"question": text}}
	}
	said := func(text string) Request { return Request{Kind: Said, Text: text} }
	check := func(text string) Request { return Request{Kind: Menu, Name: "Check this message", Text: text} }
	synctest.Test(t, func(t *testing.T) {
		b := startBot(t, t.TempDir(), nil)
		b.asking(atOnce)
		for _, test := range []struct {
			name string
			r    Request
			want string
		}{
			{"empty", ask(""), "nothing to read"},
			{"blank", said(" \n\t"), "Ask me a question"},
			{"blank letters", said("\u3164"), "Ask me a question"},
			{"a greeting", said("Hello!"), "Ask me a question"},
			{"invisible", ask("\u200b\u2060\ufeff\U000e0041\u202e\u3164"), "nothing to read"},
			{"no message", check(""), "no text in that message"},
			{"broken", said("a\xffb"), "damaged"},
			{"the most", ask(strings.Repeat("é", 4000)), "done"},
			{"too long", ask(strings.Repeat("é", 4001)), "too long"},
			{"too long beside", Request{Kind: Slash, Name: "ask", Options: map[string]string{"question": "Who?", "since": strings.Repeat("1", 4001)}}, "too long"},
			{"one sign", said("?"), "Ask me a question"},
			{"one word", said("Seoul?"), "done"},
			{"another command", Request{Kind: Slash, Name: "drop"}, "do not know"},
			{"a menu as a command", Request{Kind: Slash, Name: "Check this message"}, "do not know"},
		} {
			test.r.Person, test.r.Place = Person{ID: "p-" + test.name}, Place{Guild: "g1", Channel: "c1"}
			if got := b.serve(t, test.r).last(); !strings.Contains(got, test.want) {
				t.Errorf("%s: %q, want %q", test.name, got, test.want)
			}
		}
	})
}

func TestButtonsAreForThoseWhoMaySeeTheAnswer(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := startBot(t, t.TempDir(), nil)
		b.answerings["retry"] = task{name: "retry", asker: true, private: func(Request) bool { return false }, run: atOnce}
		b.answerings["sources"] = task{name: "sources", private: func(Request) bool { return true }, run: atOnce}
		must(t, b.options.State.KeepAsked(t.Context(), testAsked("open", time.Now())))
		private := testAsked("hidden", time.Now())
		private.Private = true
		must(t, b.options.State.KeepAsked(t.Context(), private))
		for _, test := range []struct{ action, person, guild, want string }{
			{"f1:retry:open:", "p1", "g1", "done"},
			{"f1:retry:open:", "p2", "g1", "Only the person who asked"},
			{"f1:retry::", "p1", "g1", "do not know"},
			{"f1:sources:open:", "p2", "g1", "done"},
			{"f1:sources:open:", "p2", "g2", "no such answer"},
			{"f1:sources:hidden:", "p2", "g1", "no such answer"},
			{"f1:sources:hidden:", "p1", "g1", "done"},
			{"f1:sources:none:", "p1", "g1", "no such answer"},
			{"f1:drop:open:", "p1", "g1", "do not know"},
			{"f1:sources:../etc:", "p1", "g1", "do not know"},
			{"", "p1", "g1", "do not know"},
		} {
			r := Request{Kind: Pressed, Action: test.action, Person: Person{ID: test.person}, Place: Place{Guild: test.guild, Channel: "c1"}}
			if got := b.serve(t, r).last(); !strings.Contains(got, test.want) {
				t.Errorf("%s of %s in %s: %q, want %q", test.action, test.person, test.guild, got, test.want)
			}
		}
	})
}

// flood has a person ask 10,000 times within a minute and counts the questions
// that reach the answerer.
func flood(t *testing.T, b *testBot, round string) int {
	t.Helper()
	reached := 0
	b.asking(func(context.Context, *Bot, *call) (Reply, error) { reached++; return saying("done"), nil })
	for i := range 10_000 {
		if i%200 == 0 {
			time.Sleep(time.Second)
		}
		b.serve(t, slashAsk(fmt.Sprint(round, i), "p1"))
	}
	return reached
}

func TestAFloodOfOnePersonReachesTheAnswererFiveTimesAMinute(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		dir := t.TempDir()
		b := startBot(t, dir, nil)
		if n := flood(t, b, "a"); n != 5 {
			t.Errorf("%d questions reached the answerer", n)
		}
		b.Close()
		restarted := startBot(t, dir, nil)
		if got := restarted.serve(t, slashAsk("again", "p1")).last(); !strings.Contains(got, "Please try again in 11 seconds") {
			t.Errorf("after a restart: %q", got)
		}
		time.Sleep(limitWindow)
		restarted.asking(atOnce)
		if got := restarted.serve(t, slashAsk("later", "p1")).last(); got != "done" {
			t.Errorf("a minute later: %q", got)
		}
	})
}

func TestAServersQuotaIsSharedByItsPeople(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := startBot(t, t.TempDir(), func(o *Options) { o.GuildPerMinute = 2 })
		b.asking(atOnce)
		var got []string
		for i := range 3 {
			got = append(got, b.serve(t, slashAsk(fmt.Sprint("q", i), fmt.Sprint("p", i))).last())
		}
		if got[1] != "done" || !strings.Contains(got[2], "This server has asked as much") {
			t.Errorf("replies %q", got)
		}
	})
}

func TestAFullQueueCostsNoQuota(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := startBot(t, t.TempDir(), func(o *Options) { o.Workers, o.Queue, o.UserPerMinute = 1, 0, 1 })
		b.asking(func(context.Context, *Bot, *call) (Reply, error) {
			time.Sleep(time.Second)
			return saying("done"), nil
		})
		go b.serve(t, slashAsk("q1", "p1"))
		synctest.Wait()
		if f := b.serve(t, slashAsk("q2", "p2")); !strings.Contains(f.last(), "Too many questions are waiting") || len(f.acks) > 0 {
			t.Errorf("while the queue is full: %q", f.last())
		}
		time.Sleep(2 * time.Second)
		if got := b.serve(t, slashAsk("q3", "p2")).last(); got != "done" {
			t.Errorf("afterwards: %q", got)
		}
	})
}
